//! What `--out` leaves: the history as CSV, the curves as SVG and PNG, the weights as a PyTorch state dict.

use super::{FAILED, Failure};
use kindling_plot::{CurvesData, FileOptions, RunCurves, curves_png, curves_svg};
use kindling_protocol::{DataSource, EpochMetrics, ExperimentConfig};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that can be written to.
#[derive(Debug)]
pub(super) struct Outputs {
    folder: PathBuf,
}

impl Outputs {
    /// Makes the folder, and tries whether it can be written to: after hours of training is too late to find out.
    pub(super) fn at(folder: &Path) -> Result<Self, Failure> {
        let refused = |e| {
            let folder = folder.display();
            Failure::new(
                FAILED,
                format!("{folder} cannot be written to ({e}). Choose another folder with --out."),
            )
        };
        let trial = folder.join(format!(".kindling-{}", std::process::id()));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&trial, ""))
            .and_then(|()| fs::remove_file(&trial))
            .map_err(refused)?;
        Ok(Self {
            folder: folder.into(),
        })
    }

    /// Writes the files and returns their names. Curves need an epoch, the state dict needs weights.
    pub(super) fn write(
        &self,
        config: &ExperimentConfig,
        source: DataSource,
        history: &[EpochMetrics],
        turned_up: Option<usize>,
        weights: Option<&[u8]>,
    ) -> Result<String, Failure> {
        let mut written = vec![self.file("history.csv", csv(history).as_bytes())?];
        if !history.is_empty() {
            let curves = curves(config, source, history, turned_up);
            let title = title(config);
            let options = FileOptions::default();
            let drawn = |e| Failure::new(FAILED, e);
            let svg = curves_svg(&curves, &title, &options).map_err(drawn)?;
            written.push(self.file("curves.svg", svg.as_bytes())?);
            let png = curves_png(&curves, &title, &options).map_err(drawn)?;
            written.push(self.file("curves.png", &png)?);
        }
        if let Some(weights) = weights {
            written.push(self.file("model.safetensors", weights)?);
        }
        Ok(written.join(", "))
    }

    /// Writes beside the place and moves into it, so that no file is ever half there.
    fn file(&self, name: &str, bytes: &[u8]) -> Result<String, Failure> {
        let place = self.folder.join(name);
        let part = self.folder.join(format!(".{name}.part"));
        fs::write(&part, bytes)
            .and_then(|()| fs::rename(&part, &place))
            .map_err(|e| {
                let place = place.display();
                Failure::new(
                    FAILED,
                    format!("{place} cannot be written ({e}). Check that the disk has room."),
                )
            })?;
        Ok(place.display().to_string())
    }
}

fn title(config: &ExperimentConfig) -> String {
    match config.preset() {
        Some(preset) => preset.label().to_string(),
        None => config.differences(&ExperimentConfig::default()),
    }
}

/// The history with the names of the protocol's fields as its head.
fn csv(history: &[EpochMetrics]) -> String {
    let mut text =
        String::from("epoch,step_loss,first_batch_loss,train_loss,test_loss,train_acc,test_acc\n");
    for m in history {
        text.push_str(&format!(
            "{},{},{},{},{},{},{}\n",
            m.epoch,
            m.step_loss,
            m.first_batch_loss,
            m.train_loss,
            m.test_loss,
            m.train_acc,
            m.test_acc
        ));
    }
    text
}

fn curves(
    config: &ExperimentConfig,
    source: DataSource,
    history: &[EpochMetrics],
    turned_up: Option<usize>,
) -> CurvesData {
    let curve =
        |of: fn(&EpochMetrics) -> f64| history.iter().map(|m| (m.epoch as f64, of(m))).collect();
    let stand_in = match source {
        DataSource::FashionMnist => None,
        DataSource::StandIn => Some("Generated stand-in, not Fashion-MNIST".to_string()),
    };
    CurvesData {
        runs: vec![RunCurves {
            label: title(config),
            train_loss: curve(|m| m.train_loss),
            test_loss: curve(|m| m.test_loss),
            train_acc: curve(|m| m.train_acc),
            test_acc: curve(|m| m.test_acc),
            step_loss: vec![],
            emphasised: true,
            turned_up,
            hue: 0,
        }],
        epochs: 0,
        stand_in,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_csv_s_head_names_the_fields_of_the_protocol() -> Result<(), serde_json::Error> {
        let metrics = EpochMetrics {
            epoch: 1,
            step_loss: 1.5,
            first_batch_loss: 2.25,
            train_loss: 0.5,
            test_loss: 0.1,
            train_acc: 0.75,
            test_acc: 1.0,
        };
        let text = csv(&[metrics]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "1,1.5,2.25,0.5,0.1,0.75,1");
        let fields = serde_json::to_value(metrics)?;
        let mut names: Vec<&str> = lines[0].split(',').collect();
        names.sort_unstable();
        let known: Vec<&str> = fields
            .as_object()
            .into_iter()
            .flatten()
            .map(|(k, _)| k.as_str())
            .collect();
        assert_eq!(names, known);
        Ok(())
    }
}
