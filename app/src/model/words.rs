//! Numbers as a reader wants them: percent, durations, counts, values of a tensor.

/// A share as percent with one decimal: "98.7 %".
pub fn percent(share: f64) -> String {
    if share.is_finite() {
        format!("{:.1} %", share * 100.0)
    } else {
        "–".into()
    }
}

/// A whole number with commas between thousands: "24,000".
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A rate in short: "930", "4.1 k", "41 k".
pub fn rate(per_second: f64) -> String {
    if !per_second.is_finite() || per_second <= 0.0 {
        "–".into()
    } else if per_second < 1_000.0 {
        format!("{per_second:.0}")
    } else if per_second < 10_000.0 {
        format!("{:.1} k", per_second / 1_000.0)
    } else {
        format!("{:.0} k", per_second / 1_000.0)
    }
}

/// Seconds as a person says them: "9 s", "2 min 10 s", "1 h 5 min".
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "–".into();
    }
    let whole = seconds.round() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3_600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3_600, whole % 3_600 / 60),
    }
}

/// Bytes in megabytes: "3.1 MB".
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A loss with four decimals, or a dash where it is no number.
pub fn loss(value: f64) -> String {
    if value.is_finite() {
        format!("{value:.4}")
    } else {
        "–".into()
    }
}

/// A tensor's value in few characters: "0", "-1.25", "3.1e-5".
pub fn value(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.into();
    }
    let size = number.abs();
    if number == number.trunc() && size < 1e6 {
        format!("{number:.0}")
    } else if !(1e-3..1e5).contains(&size) {
        format!("{number:.1e}")
    } else if size < 10.0 {
        trimmed(format!("{number:.3}"))
    } else {
        trimmed(format!("{number:.2}"))
    }
}

/// Sizes as PyTorch writes them: "[32, 784]".
pub fn shape(sizes: &[usize]) -> String {
    let inner: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    format!("[{}]", inner.join(", "))
}

fn trimmed(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(percent(0.98671), "98.7 %");
        assert_eq!(percent(f64::NAN), "–");
        assert_eq!(count(60_000), "60,000");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(rate(41_234.0), "41 k");
        assert_eq!(rate(0.0), "–");
        assert_eq!(duration(8.6), "9 s");
        assert_eq!(duration(130.0), "2 min 10 s");
        assert_eq!(duration(3_900.0), "1 h 5 min");
        assert_eq!(value(-1.25), "-1.25");
        assert_eq!(value(0.0), "0");
        assert_eq!(value(0.000_031), "3.1e-5");
        assert_eq!(value(f64::NEG_INFINITY), "-inf");
        assert_eq!(shape(&[32, 784]), "[32, 784]");
    }
}
