//! The colours of a chart, light and dark: the page's tokens, as numbers.

use plotters::style::RGBColor;

/// Red, green and blue, 0 to 255.
pub type Rgb = (u8, u8, u8);

/// A run's two colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunColours {
    /// Training curves.
    pub train: Rgb,
    /// Test curves.
    pub test: Rgb,
}

/// The colours of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Behind everything; `None` leaves the page's own ground.
    pub ground: Option<Rgb>,
    /// Axes and grid.
    pub line: Rgb,
    /// Numbers on the axes.
    pub faint: Rgb,
    /// Titles.
    pub ink: Rgb,
    /// The marker where test loss turned up.
    pub warn: Rgb,
    /// Runs' colours; a run takes `runs[hue % runs.len()]`.
    pub runs: [RunColours; 6],
}

const fn pair(train: Rgb, test: Rgb) -> RunColours {
    RunColours { train, test }
}

impl Theme {
    /// On paper.
    pub const LIGHT: Self = Self {
        ground: Some((255, 255, 255)),
        line: (229, 222, 210),
        faint: (122, 112, 99),
        ink: (31, 27, 22),
        warn: (161, 98, 7),
        runs: [
            pair((194, 65, 12), (29, 78, 216)),
            pair((190, 24, 93), (109, 40, 217)),
            pair((101, 122, 0), (4, 120, 87)),
            pair((161, 98, 7), (14, 116, 144)),
            pair((153, 27, 27), (67, 56, 202)),
            pair((120, 83, 60), (71, 85, 105)),
        ],
    };

    /// In the dark.
    pub const DARK: Self = Self {
        ground: Some((29, 25, 20)),
        line: (62, 54, 45),
        faint: (155, 144, 129),
        ink: (239, 232, 221),
        warn: (250, 204, 21),
        runs: [
            pair((251, 146, 60), (122, 162, 255)),
            pair((244, 114, 182), (192, 132, 252)),
            pair((190, 220, 80), (52, 211, 153)),
            pair((250, 204, 90), (34, 211, 238)),
            pair((248, 113, 113), (165, 160, 255)),
            pair((205, 165, 135), (160, 178, 200)),
        ],
    };

    /// The same without a ground of its own, for a canvas over the page's panel.
    pub const fn without_ground(mut self) -> Self {
        self.ground = None;
        self
    }

    /// The colours of a run.
    pub fn run(&self, hue: usize) -> RunColours {
        self.runs[hue % self.runs.len()]
    }
}

pub(crate) fn rgb((red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}
