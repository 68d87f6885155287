//! Looking into a network: what it says of pictures, where it errs, what its first layer looks for.

use super::{TrainError, Trainer};
use crate::data::idx::PIXELS;
use crate::nn::Module as _;
use crate::tensor::Tensor;
use kindling_protocol::{CLASS_NAMES, Inspection, Picture, Reply};

/// Units of the first layer that are shown at most.
const UNITS: usize = 64;

impl Trainer {
    /// Answers an inspection with the newest weights.
    ///
    /// # Errors
    /// The device is gone, or a picture is not 28x28.
    pub async fn inspect(&self, what: &Inspection) -> Result<Reply, TrainError> {
        match what {
            Inspection::Gallery {
                start,
                count,
                mistakes_only,
            } => self.gallery(*start, *count, *mistakes_only).await,
            Inspection::Confusion => self.confusion().await,
            Inspection::Weights => self.first_layer().await,
            Inspection::Predict { pixels } => self.predict(pixels).await,
        }
    }

    /// Probabilities, `[rows, 10]` as rows.
    async fn probabilities(&self, x: &Tensor) -> Result<Vec<Vec<f32>>, TrainError> {
        let logits = self.logits(x).await?;
        let all = logits.softmax(1)?.to_vec_f32().await?;
        Ok(all.chunks(CLASS_NAMES.len()).map(<[f32]>::to_vec).collect())
    }

    async fn gallery(
        &self,
        start: usize,
        count: usize,
        mistakes_only: bool,
    ) -> Result<Reply, TrainError> {
        let test = &self.split.test_rows;
        let candidates: Vec<usize> = if mistakes_only {
            self.mistakes().await?
        } else {
            (0..test.len()).collect()
        };
        let total = candidates.len();
        let chosen: Vec<usize> = candidates.into_iter().skip(start).take(count).collect();
        let rows: Vec<u32> = chosen.iter().map(|&at| test[at]).collect();
        if rows.is_empty() {
            return Ok(Reply::Gallery {
                pictures: vec![],
                total,
            });
        }
        let (x, _) = self.batch(&rows)?;
        let probabilities = self.probabilities(&x).await?;
        let images = &self.data.images;
        let mut pictures = vec![];
        for ((row, place), probabilities) in rows.iter().zip(chosen).zip(probabilities) {
            pictures.push(Picture {
                row: place,
                pixels: images.picture(*row as usize)?.to_vec(),
                label: images.labels()[*row as usize],
                probabilities,
            });
        }
        Ok(Reply::Gallery { pictures, total })
    }

    /// Predicted classes of all test rows.
    async fn predictions(&self) -> Result<Vec<usize>, TrainError> {
        let mut parts = vec![];
        for chunk in self.split.test_rows.chunks(1_000) {
            let (x, _) = self.batch(chunk)?;
            parts.push(self.logits(&x).await?.argmax(Some(1), false)?);
        }
        let read = Tensor::read_all(&parts).await?;
        Ok(read
            .into_iter()
            .flatten()
            .map(|class| class as usize)
            .collect())
    }

    async fn mistakes(&self) -> Result<Vec<usize>, TrainError> {
        let predicted = self.predictions().await?;
        let labels = self.data.images.labels();
        let wrong = |(at, &row): (usize, &u32)| {
            (usize::from(labels[row as usize]) != predicted[at]).then_some(at)
        };
        Ok(self
            .split
            .test_rows
            .iter()
            .enumerate()
            .filter_map(wrong)
            .collect())
    }

    async fn confusion(&self) -> Result<Reply, TrainError> {
        let predicted = self.predictions().await?;
        let mut counts = vec![vec![0; CLASS_NAMES.len()]; CLASS_NAMES.len()];
        for (&row, &class) in self.split.test_rows.iter().zip(&predicted) {
            let label = usize::from(self.data.images.labels()[row as usize]);
            if let Some(count) = counts.get_mut(label).and_then(|c| c.get_mut(class)) {
                *count += 1;
            }
        }
        Ok(Reply::Confusion { counts })
    }

    async fn first_layer(&self) -> Result<Reply, TrainError> {
        let weight = self
            .model
            .state("")
            .into_iter()
            .find(|n| n.name == "0.weight");
        let Some(weight) = weight else {
            return Ok(Reply::Weights {
                units: vec![],
                scale: 0.0,
            });
        };
        let values = weight.tensor.to_vec_f32().await?;
        let units: Vec<Vec<f32>> = values
            .chunks(PIXELS)
            .take(UNITS)
            .map(<[f32]>::to_vec)
            .collect();
        let scale = units.iter().flatten().fold(0.0_f32, |m, v| m.max(v.abs()));
        Ok(Reply::Weights { units, scale })
    }

    async fn predict(&self, pixels: &[u8]) -> Result<Reply, TrainError> {
        if pixels.len() != PIXELS {
            return Err(crate::Error::Value(format!(
                "A picture of {} pixels was given: the network takes 28x28, which is {PIXELS}.",
                pixels.len()
            ))
            .into());
        }
        let values = pixels.iter().map(|&p| f32::from(p) / 255.0).collect();
        let x = Tensor::from_f32(values, &[1, PIXELS], self.device)?;
        let probabilities = self
            .probabilities(&x)
            .await?
            .into_iter()
            .next()
            .unwrap_or_default();
        Ok(Reply::Prediction { probabilities })
    }
}
