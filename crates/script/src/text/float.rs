//! Floats as Python writes and reads them.

/// The shortest digits that stand for a positive finite float, and the power of ten of the first.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (
        digits.chars().filter(|digit| *digit != '.').collect(),
        exponent.parse().unwrap_or(0),
    )
}

/// `inf` and `nan`.
fn special(value: f64) -> Option<&'static str> {
    match value {
        value if value.is_nan() => Some("nan"),
        value if value == f64::INFINITY => Some("inf"),
        value if value == f64::NEG_INFINITY => Some("-inf"),
        _ => None,
    }
}

fn exponent_text(exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:02}", exponent.unsigned_abs())
}

/// Digits with a point after the first `whole` of them, zeros added where they are too few.
fn placed(digits: &str, exponent: i32) -> String {
    let whole = exponent + 1;
    if whole <= 0 {
        return format!("0.{}{digits}", "0".repeat(whole.unsigned_abs() as usize));
    }
    let whole = whole.unsigned_abs() as usize;
    if digits.len() <= whole {
        return format!("{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{}.{}", &digits[..whole], &digits[whole..])
}

fn with_point(digits: &str) -> String {
    match digits.split_at_checked(1) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}.{rest}"),
        _ => digits.to_owned(),
    }
}

/// `repr(value)`
#[must_use]
pub fn float_repr(value: f64) -> String {
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let value = value.abs();
    if value == 0.0 {
        return format!("{sign}0.0");
    }
    let (digits, exponent) = shortest(value);
    if (-4..16).contains(&exponent) {
        let text = placed(&digits, exponent);
        let point = if text.contains('.') { "" } else { ".0" };
        return format!("{sign}{text}{point}");
    }
    format!("{sign}{}{}", with_point(&digits), exponent_text(exponent))
}

/// `%e` of a finite float without its sign.
#[must_use]
pub fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{:.precision$e}", value.abs());
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{digits}{}", exponent_text(exponent.parse().unwrap_or(0)))
}

/// `%f` of a finite float without its sign.
#[must_use]
pub fn fixed(value: f64, precision: usize) -> String {
    format!("{:.precision$}", value.abs())
}

/// `%g` of a finite float without its sign; `alternate` keeps the zeros at the end.
#[must_use]
pub fn general(value: f64, precision: usize, alternate: bool) -> String {
    let precision = precision.max(1);
    let text = format!("{:.*e}", precision - 1, value.abs());
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = digits.chars().filter(|digit| *digit != '.').collect();
    let digits = if alternate {
        digits.as_str()
    } else {
        let cut = digits.trim_end_matches('0');
        if cut.is_empty() { "0" } else { cut }
    };
    let most = i32::try_from(precision).unwrap_or(i32::MAX);
    if exponent < -4 || exponent >= most {
        let point = if alternate && digits.len() == 1 {
            "."
        } else {
            ""
        };
        return format!("{}{point}{}", with_point(digits), exponent_text(exponent));
    }
    let text = placed(digits, exponent);
    if alternate && !text.contains('.') {
        return format!("{text}.");
    }
    text
}

/// The shortest text in the manner of `%g` that reads back the same: `format(value, "")` of a complex's part.
#[must_use]
pub fn short_general(value: f64) -> String {
    let text = float_repr(value);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// `float(text)`; `None` where it is no number.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{1f}');
    let mut digits = String::with_capacity(text.len());
    let mut before = '_';
    for letter in text.chars() {
        if letter == '_' {
            if !before.is_ascii_digit() {
                return None;
            }
        } else {
            if before == '_' && !digits.is_empty() && !letter.is_ascii_digit() {
                return None;
            }
            // Digits of other scripts count as well.
            match letter.to_digit(10) {
                _ if letter.is_ascii() => digits.push(letter),
                Some(digit) => digits.push(char::from_digit(digit, 10)?),
                None => return None,
            }
        }
        before = letter;
    }
    if before == '_' {
        return None;
    }
    let bare = digits.trim_start_matches(['+', '-']);
    if digits.len() - bare.len() > 1 {
        return None;
    }
    let lower = bare.to_ascii_lowercase();
    let magnitude = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            if !lower
                .bytes()
                .all(|byte| byte.is_ascii_digit() || b".e+-".contains(&byte))
                || !lower.bytes().any(|byte| byte.is_ascii_digit())
                || lower.starts_with('e')
            {
                return None;
            }
            lower.parse().ok()?
        }
    };
    Some(if digits.starts_with('-') {
        -magnitude
    } else {
        magnitude
    })
}

/// `value.hex()`
#[must_use]
pub fn hex(value: f64) -> String {
    if let Some(text) = special(value) {
        return text.to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let exponent = (bits >> 52) & 0x7ff;
    if exponent == 0 && fraction == 0 {
        return format!("{sign}0x0.0p+0");
    }
    let (first, power) = if exponent == 0 {
        (0, -1022)
    } else {
        (1, i64::try_from(exponent).unwrap_or(0) - 1023)
    };
    format!("{sign}0x{first}.{fraction:013x}p{power:+}")
}

/// `float.fromhex(text)`; `None` where it is no such number.
#[must_use]
pub fn from_hex(text: &str) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let magnitude = match rest {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            let rest = rest.strip_prefix("0x").unwrap_or(rest);
            let (digits, power) = match rest.split_once('p') {
                Some((digits, power)) => (digits, power.parse::<i32>().ok()?),
                None => (rest, 0),
            };
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            if whole.is_empty() && fraction.is_empty() {
                return None;
            }
            let mut value = 0.0_f64;
            for digit in whole.chars() {
                value = value.mul_add(16.0, f64::from(digit.to_digit(16)?));
            }
            let mut scale = 1.0 / 16.0;
            for digit in fraction.chars() {
                value = f64::from(digit.to_digit(16)?).mul_add(scale, value);
                scale /= 16.0;
            }
            // Two steps, so that a subnormal result is reached without the power itself vanishing.
            let half = power / 2;
            value * 2.0_f64.powi(half) * 2.0_f64.powi(power - half)
        }
    };
    Some(if negative { -magnitude } else { magnitude })
}
