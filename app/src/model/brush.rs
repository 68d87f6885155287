//! A picture being drawn by hand: 28 by 28 grey values, a soft round brush, and the way a file's pixels get in.

/// Pixels along a side, as in the data set.
pub const SIDE: usize = 28;

/// A picture of the data set's size: 0 black to 1 white.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    ink: Vec<f32>,
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            ink: vec![0.0; SIDE * SIDE],
        }
    }
}

impl Drawing {
    /// Takes over 784 grey bytes; anything else leaves a blank picture.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        if bytes.len() != SIDE * SIDE {
            return Self::default();
        }
        Self {
            ink: bytes.iter().map(|b| f32::from(*b) / 255.0).collect(),
        }
    }

    /// The data set's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.ink
            .iter()
            .map(|ink| (ink.clamp(0.0, 1.0) * 255.0).round() as u8)
            .collect()
    }

    /// True where nothing is drawn.
    pub fn is_blank(&self) -> bool {
        self.ink.iter().all(|ink| *ink <= 0.0)
    }

    /// Draws from one place to another, in pixels of the picture, with a brush of the given radius. Ink adds up to
    /// white and fades towards the brush's rim, as the data set's own edges do; `erase` takes it away instead.
    pub fn stroke(&mut self, from: (f32, f32), to: (f32, f32), radius: f32, erase: bool) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let dabs = (dx.hypot(dy) / (radius * 0.4)).ceil().max(1.0) as usize;
        for dab in 0..=dabs {
            let share = dab as f32 / dabs as f32;
            self.dab((from.0 + dx * share, from.1 + dy * share), radius, erase);
        }
    }

    fn dab(&mut self, centre: (f32, f32), radius: f32, erase: bool) {
        for (at, ink) in self.ink.iter_mut().enumerate() {
            let x = (at % SIDE) as f32 + 0.5 - centre.0;
            let y = (at / SIDE) as f32 + 0.5 - centre.1;
            let cover = (1.25 * (1.0 - x.hypot(y) / radius)).clamp(0.0, 1.0);
            *ink = if erase {
                ink.min(1.0 - cover)
            } else {
                ink.max(cover)
            };
        }
    }

    /// White for black and black for white: the data set has white on black.
    pub fn invert(&mut self) {
        for ink in &mut self.ink {
            *ink = 1.0 - *ink;
        }
    }
}

/// Grey values of RGBA pixels by the weights of ITU-R BT.601, over white where they are transparent.
pub fn grey(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4)
        .map(|p| {
            let light = 0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2]);
            let alpha = f32::from(p[3]) / 255.0;
            (light * alpha + 255.0 * (1.0 - alpha)).round() as u8
        })
        .collect()
}

/// True where a picture's rim is mostly bright: dark on light, which the data set is not.
pub fn looks_inverted(grey: &[u8]) -> bool {
    if grey.len() != SIDE * SIDE {
        return false;
    }
    let rim = (0..SIDE).flat_map(|i| [i, (SIDE - 1) * SIDE + i, i * SIDE, i * SIDE + SIDE - 1]);
    let bright = rim.filter(|at| grey[*at] > 127).count();
    bright > SIDE * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_is_white_in_the_middle_and_soft_at_the_rim() {
        let mut drawing = Drawing::default();
        assert!(drawing.is_blank());
        drawing.stroke((6.0, 14.0), (22.0, 14.0), 2.2, false);
        let bytes = drawing.bytes();
        assert_eq!(bytes.len(), 784);
        assert!(bytes[14 * SIDE + 14] > 240);
        let rim = bytes[12 * SIDE + 14];
        assert!(rim > 0 && rim < 200, "rim is {rim}");
        assert_eq!(bytes[0], 0);
    }

    #[test]
    fn erasing_and_inverting_undo() {
        let mut drawing = Drawing::default();
        drawing.stroke((14.0, 14.0), (14.0, 14.0), 3.0, false);
        drawing.stroke((14.0, 14.0), (14.0, 14.0), 30.0, true);
        assert!(drawing.bytes()[14 * SIDE + 14] < 30);
        drawing.invert();
        drawing.invert();
        assert_eq!(Drawing::from_bytes(&drawing.bytes()).bytes(), drawing.bytes());
    }

    #[test]
    fn uploaded_pixels_become_grey_and_bright_rims_are_noticed() {
        assert_eq!(grey(&[255, 0, 0, 255, 0, 0, 0, 0]), [76, 255]);
        assert!(looks_inverted(&[255; 784]));
        assert!(!looks_inverted(&[0; 784]));
    }
}
