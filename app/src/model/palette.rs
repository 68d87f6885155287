//! Colours that carry numbers: diverging for values with a sign, heat for counts.

/// Which ground the colours stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ground {
    /// Paper.
    #[default]
    Light,
    /// The dark theme.
    Dark,
}

type Rgb = (f64, f64, f64);

const LIGHT: (Rgb, Rgb, Rgb) = ((37.0, 99.0, 235.0), (250.0, 247.0, 241.0), (234.0, 88.0, 12.0));
const DARK: (Rgb, Rgb, Rgb) = ((96.0, 165.0, 250.0), (36.0, 31.0, 25.0), (251.0, 146.0, 60.0));

/// The colour of a value on a scale from `-scale` (blue) over 0 (ground) to `scale` (orange), 0 to 255 each.
pub fn diverging(value: f64, scale: f64, ground: Ground) -> (u8, u8, u8) {
    let (negative, middle, positive) = match ground {
        Ground::Light => LIGHT,
        Ground::Dark => DARK,
    };
    if !value.is_finite() {
        return (128, 128, 128);
    }
    let share = if scale > 0.0 {
        (value / scale).clamp(-1.0, 1.0)
    } else {
        0.0
    };
    let end = if share < 0.0 { negative } else { positive };
    // The square root lets small values be told from 0.
    mix(middle, end, share.abs().sqrt())
}

/// The same as CSS, with whether light text reads better on it.
pub fn cell(value: f64, scale: f64, ground: Ground) -> (String, bool) {
    let (r, g, b) = diverging(value, scale, ground);
    let light = 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    (format!("rgb({r} {g} {b})"), light < 140.0)
}

fn mix(from: Rgb, to: Rgb, share: f64) -> (u8, u8, u8) {
    let between = |a: f64, b: f64| (a + (b - a) * share).round() as u8;
    (
        between(from.0, to.0),
        between(from.1, to.1),
        between(from.2, to.2),
    )
}

/// The largest magnitude among the finite values.
pub fn magnitude(values: &[f64]) -> f64 {
    values
        .iter()
        .filter(|v| v.is_finite())
        .fold(0.0, |largest, v| largest.max(v.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_their_colours_and_zero_the_ground() {
        assert_eq!(diverging(-2.0, 2.0, Ground::Light), (37, 99, 235));
        assert_eq!(diverging(2.0, 2.0, Ground::Light), (234, 88, 12));
        assert_eq!(diverging(0.0, 2.0, Ground::Light), (250, 247, 241));
        assert_eq!(diverging(0.0, 0.0, Ground::Dark), (36, 31, 25));
        assert_eq!(diverging(f64::NAN, 1.0, Ground::Dark), (128, 128, 128));
        assert!(cell(-1.0, 1.0, Ground::Light).1);
        assert!(!cell(0.0, 1.0, Ground::Light).1);
    }

    #[test]
    fn magnitude_ignores_what_is_no_number() {
        assert_eq!(magnitude(&[f64::NAN, -3.0, 2.0, f64::INFINITY]), 3.0);
    }
}
