//! Where a chart's axes lie on the picture: from pixels to epochs and values, and back.

use crate::data::YScale;

/// One axis: a span of numbers laid over a span of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The number at the first pixel.
    pub from: f64,
    /// The number at the last pixel.
    pub to: f64,
    /// The pixel of `from`.
    pub first_pixel: f64,
    /// The pixel of `to`.
    pub last_pixel: f64,
    /// Evenly, or by powers.
    pub spread: YScale,
}

impl Scale {
    /// The pixel of a number; numbers outside the span give pixels outside the axis.
    pub fn pixel(&self, number: f64) -> f64 {
        let (from, to, at) = match self.spread {
            YScale::Linear => (self.from, self.to, number),
            YScale::Log => (self.from.ln(), self.to.ln(), number.ln()),
        };
        self.first_pixel + (at - from) / (to - from) * (self.last_pixel - self.first_pixel)
    }

    /// The number at a pixel, held within the axis.
    pub fn number(&self, pixel: f64) -> f64 {
        let share =
            ((pixel - self.first_pixel) / (self.last_pixel - self.first_pixel)).clamp(0.0, 1.0);
        match self.spread {
            YScale::Linear => self.from + share * (self.to - self.from),
            YScale::Log => (self.from.ln() + share * (self.to.ln() - self.from.ln())).exp(),
        }
    }
}

/// A drawn chart's axes, in CSS pixels (device pixels over the scale it was drawn at).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Epochs, from left to right.
    pub x: Scale,
    /// Values, from the bottom up: `first_pixel` is the lower edge.
    pub y: Scale,
}

impl Frame {
    /// The whole epoch nearest to a horizontal place, from 1.
    pub fn epoch_at(&self, pixel: f64) -> usize {
        self.x.number(pixel).round().max(1.0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_numbers_are_inverse() {
        for spread in [YScale::Linear, YScale::Log] {
            let scale = Scale {
                from: 0.01,
                to: 10.0,
                first_pixel: 200.0,
                last_pixel: 20.0,
                spread,
            };
            for number in [0.01, 0.5, 10.0] {
                assert!((scale.number(scale.pixel(number)) - number).abs() < 1e-9);
            }
            assert_eq!(scale.pixel(0.01), 200.0);
        }
    }

    #[test]
    fn hover_finds_the_nearest_epoch_and_stays_inside() {
        let x = Scale {
            from: 0.0,
            to: 20.0,
            first_pixel: 40.0,
            last_pixel: 440.0,
            spread: YScale::Linear,
        };
        let frame = Frame { x, y: x };
        assert_eq!(frame.epoch_at(x.pixel(12.0) + 8.0), 12);
        assert_eq!(frame.epoch_at(-500.0), 1);
        assert_eq!(frame.epoch_at(5_000.0), 20);
    }
}
