//! From the runs to what the charts show, and to the lines of the table and the CSV file.

use super::runs::{Run, Runs};
use kindling_plot::{CurvesData, RunCurves};
use kindling_protocol::{DataSource, EpochMetrics, VerdictKind};
use std::fmt::Write as _;

/// What the charts show: the visible runs, the one in focus emphasised.
pub fn curves(runs: &Runs) -> CurvesData {
    let shown = runs.list.iter().filter(|run| run.visible);
    CurvesData {
        runs: shown
            .clone()
            .map(|run| run_curves(run, runs.label(run), runs.focus.as_ref() == Some(&run.id)))
            .collect(),
        epochs: axis_epochs(shown.clone()),
        stand_in: shown
            .clone()
            .any(|run| run.source == Some(DataSource::StandIn))
            .then(|| "stand-in data, not Fashion-MNIST".into()),
    }
}

/// The axis reaches a little beyond what is there, by round numbers, so that it does not move with every epoch; and never
/// beyond the last epoch of the longest run.
fn axis_epochs<'a>(runs: impl Iterator<Item = &'a Run> + Clone) -> usize {
    let longest = runs.clone().map(|run| run.history.len()).max();
    let longest = longest.unwrap_or_default();
    let planned = runs
        .map(|run| run.config.epochs)
        .max()
        .unwrap_or(usize::MAX);
    [5, 10, 20, 50, 100, 200, 500, 1_000]
        .into_iter()
        .find(|round| longest <= *round)
        .unwrap_or(longest)
        .min(planned.max(longest))
}

fn run_curves(run: &Run, label: String, emphasised: bool) -> RunCurves {
    let curve = |of: &dyn Fn(&EpochMetrics) -> f64| {
        run.history
            .iter()
            .map(|m| (m.epoch as f64, of(m)))
            .collect()
    };
    let steps = run.steps_per_epoch.max(1) as f64;
    RunCurves {
        label,
        train_loss: curve(&|m| m.train_loss),
        test_loss: curve(&|m| m.test_loss),
        train_acc: curve(&|m| m.train_acc),
        test_acc: curve(&|m| m.test_acc),
        step_loss: run
            .points
            .iter()
            .map(|p| (p.step as f64 / steps, f64::from(p.loss)))
            .collect(),
        emphasised,
        turned_up: run
            .verdict
            .as_ref()
            .filter(|verdict| verdict.kind != VerdictKind::TooEarly)
            .and_then(|verdict| verdict.turned_up),
        hue: run.hue,
    }
}

/// The epochs as a CSV file, with the field names of the headless program.
pub fn history_csv(history: &[EpochMetrics]) -> String {
    let mut text =
        String::from("epoch,step_loss,first_batch_loss,train_loss,test_loss,train_acc,test_acc\n");
    for m in history {
        // Writing into a String cannot fail.
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{}",
            m.epoch,
            m.step_loss,
            m.first_batch_loss,
            m.train_loss,
            m.test_loss,
            m.train_acc,
            m.test_acc
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use kindling_protocol::Preset;

    #[test]
    fn hidden_runs_are_left_out_and_steps_become_epochs() {
        let mut runs = Runs::default();
        let id = runs.ask(Preset::Baseline.config(), false);
        runs.ask(Preset::Improved.config(), false);
        if let Some(run) = runs.get_mut(&id) {
            run.points = vec![kindling_protocol::StepPoint {
                step: 75,
                loss: 2.0,
            }];
        }
        let both = curves(&runs);
        assert_eq!(both.runs.len(), 2);
        assert_eq!(both.runs[0].step_loss, [(0.5, 2.0)]);
        assert!(!both.runs[0].emphasised && both.runs[1].emphasised);
        runs.list[0].visible = false;
        assert_eq!(curves(&runs).runs[0].label, "Improved");
    }

    #[test]
    fn csv_has_a_line_an_epoch() {
        let metrics = EpochMetrics {
            epoch: 1,
            step_loss: 1.5,
            first_batch_loss: 2.25,
            train_loss: 0.5,
            test_loss: 0.75,
            train_acc: 0.875,
            test_acc: 0.5,
        };
        let text = history_csv(&[metrics]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "1,1.5,2.25,0.5,0.75,0.875,0.5");
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    }
}
