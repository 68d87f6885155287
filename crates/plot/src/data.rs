//! What a chart shows, before anything is drawn.

/// A point of a curve: the epoch (fractions are steps within one) and the value.
pub type Point = (f64, f64);

/// Which of a run's numbers a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Mean cross entropy (nats) of the training and the test rows.
    Loss,
    /// Share of rows classified rightly, 0 to 1.
    Accuracy,
}

impl ChartKind {
    /// The chart's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Loss => "Loss",
            Self::Accuracy => "Accuracy",
        }
    }
}

/// How values are spread over the height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum YScale {
    /// Evenly.
    #[default]
    Linear,
    /// By powers of ten; values of 0 and below are left out.
    Log,
}

/// The curves of one run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunCurves {
    /// What the legend calls it: "Baseline", "dropout 0.3".
    pub label: String,
    /// Loss over the training rows, a point an epoch.
    pub train_loss: Vec<Point>,
    /// Loss over the test rows, a point an epoch.
    pub test_loss: Vec<Point>,
    /// Accuracy over the training rows, a point an epoch.
    pub train_acc: Vec<Point>,
    /// Accuracy over the test rows, a point an epoch.
    pub test_acc: Vec<Point>,
    /// Losses of single batches, drawn faintly beneath; may be long.
    pub step_loss: Vec<Point>,
    /// The run in hand: strong lines, the gap shaded, the marker drawn. The others are dashed and fainter.
    pub emphasised: bool,
    /// The epoch of the lowest test loss, once the test loss has turned up.
    pub turned_up: Option<usize>,
    /// Which of the theme's hues the run has; 0 is the first run's pair of colours.
    pub hue: usize,
}

impl RunCurves {
    /// The training curve of a chart.
    pub fn train(&self, kind: ChartKind) -> &[Point] {
        match kind {
            ChartKind::Loss => &self.train_loss,
            ChartKind::Accuracy => &self.train_acc,
        }
    }

    /// The test curve of a chart.
    pub fn test(&self, kind: ChartKind) -> &[Point] {
        match kind {
            ChartKind::Loss => &self.test_loss,
            ChartKind::Accuracy => &self.test_acc,
        }
    }
}

/// Everything a pair of charts shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurvesData {
    /// The runs, in the order they began.
    pub runs: Vec<RunCurves>,
    /// The last epoch the axis should reach at least (the epochs asked for); 0 leaves it to the data.
    pub epochs: usize,
    /// A line of text written on the picture where the data is not the real one.
    pub stand_in: Option<String>,
}

impl CurvesData {
    /// The span of epochs to draw: from 0 (step losses) or 1 to the last point or the epochs seen so far.
    pub(crate) fn epoch_span(&self, kind: ChartKind) -> (f64, f64) {
        let mut last: f64 = 1.0;
        let mut first: f64 = 1.0;
        for run in &self.runs {
            let steps: &[Point] = match kind {
                ChartKind::Loss => &run.step_loss,
                ChartKind::Accuracy => &[],
            };
            for (epoch, value) in run.train(kind).iter().chain(run.test(kind)).chain(steps) {
                if epoch.is_finite() && value.is_finite() {
                    last = last.max(*epoch);
                    first = first.min(*epoch);
                }
            }
        }
        last = last.max(self.epochs as f64);
        if last - first < 1.0 {
            last = first + 1.0;
        }
        (first.max(0.0), last)
    }

    /// The least and the largest finite value of a chart's epoch curves (of the steps', where there is no epoch yet).
    pub(crate) fn value_span(&self, kind: ChartKind, positive: bool) -> Option<(f64, f64)> {
        let usable = |value: f64| value.is_finite() && (!positive || value > 0.0);
        let span = |values: &mut dyn Iterator<Item = f64>| {
            values.filter(|v| usable(*v)).fold(None, |span, value| {
                Some(span.map_or((value, value), |(low, high): (f64, f64)| {
                    (low.min(value), high.max(value))
                }))
            })
        };
        let epochs = span(
            &mut self
                .runs
                .iter()
                .flat_map(|r| r.train(kind).iter().chain(r.test(kind)))
                .map(|(_, value)| *value),
        );
        let steps = || {
            span(
                &mut self
                    .runs
                    .iter()
                    .flat_map(|r| &r.step_loss)
                    .map(|(_, value)| *value),
            )
        };
        match kind {
            ChartKind::Loss => epochs.or_else(steps),
            ChartKind::Accuracy => epochs,
        }
    }
}
