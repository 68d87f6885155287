//! Round numbers for an axis, and how they are written.

/// Round values within `low..=high`, about `wanted` of them: steps of 1, 2 or 5 times a power of ten.
pub(crate) fn linear(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = high - low;
    if !span.is_finite() || span <= 0.0 || wanted == 0 {
        return vec![low];
    }
    let step = round_step(span / wanted as f64);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// Round values within `low..=high` on a scale of powers: powers of ten, with 2 and 5 between where there are few.
pub(crate) fn log(low: f64, high: f64) -> Vec<f64> {
    if !(low > 0.0 && high > low && high.is_finite()) {
        return vec![low];
    }
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let within = |factors: &[f64]| -> Vec<f64> {
        (first..=last)
            .flat_map(|p| factors.iter().map(move |f| f * 10f64.powi(p)))
            .filter(|v| *v >= low * 0.999 && *v <= high * 1.001)
            .collect()
    };
    [
        &[1.0][..],
        &[1.0, 3.0],
        &[1.0, 2.0, 5.0],
        &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0],
    ]
    .into_iter()
    .map(within)
    .find(|ticks| ticks.len() >= 3)
    .unwrap_or_else(|| linear(low, high, 3))
}

/// Whole epochs within `low..=high`, about `wanted` of them.
pub(crate) fn epochs(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let step = round_step(((high - low) / wanted.max(1) as f64).max(1.0));
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    let mut ticks: Vec<f64> = (first..=last).map(|i| i as f64 * step).collect();
    if low <= 1.0 && ticks.first() == Some(&0.0) && low > 0.0 {
        ticks.remove(0);
    }
    ticks
}

fn round_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let factor = rough / power;
    power
        * if factor <= 1.0 {
            1.0
        } else if factor <= 2.0 {
            2.0
        } else if factor <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// A value as an axis writes it: as many decimals as the step needs, no more.
pub(crate) fn written(value: f64, step: f64) -> String {
    let decimals = if step > 0.0 && step < 1.0 {
        (-(step.log10() + 1e-9).floor()).min(6.0) as usize
    } else {
        0
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let written_at = |ticks: Vec<f64>, step: f64| -> Vec<String> {
            ticks.into_iter().map(|t| written(t, step)).collect()
        };
        let fifths = written_at(linear(0.0, 1.0, 5), 0.2);
        assert_eq!(fifths, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let narrow = written_at(linear(0.83, 1.0, 4), 0.05);
        assert_eq!(narrow, ["0.85", "0.90", "0.95", "1.00"]);
        assert_eq!(epochs(0.0, 100.0, 6), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(epochs(1.0, 3.0, 8), [1.0, 2.0, 3.0]);
        // A narrow axis: the step is rounded up once, not twice.
        assert_eq!(epochs(1.0, 50.0, 3), [20.0, 40.0]);
    }

    #[test]
    fn log_ticks_cover_decades_and_narrow_spans() {
        assert_eq!(log(0.001, 10.0), [0.001, 0.01, 0.1, 1.0, 10.0]);
        assert!(log(0.4, 0.9).len() >= 3);
        assert_eq!(log(0.0, 1.0).len(), 1);
    }

    #[test]
    fn numbers_are_written_with_the_decimals_their_step_needs() {
        assert_eq!(written(0.6000000000000001, 0.2), "0.6");
        assert_eq!(written(0.85, 0.05), "0.85");
        assert_eq!(written(20.0, 20.0), "20");
    }
}
