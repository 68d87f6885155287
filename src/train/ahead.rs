//! Batches on their way to the device: one at a time on the CPU, several together on a GPU.

use super::TrainError;
use crate::data::Images;
use crate::data::idx::PIXELS;
use crate::device::Device;
use crate::tensor::Tensor;
use crate::tensor::upload::{Upload, upload};
use std::collections::VecDeque;

/// Bytes of pixels that are sent together at most.
const TOGETHER: usize = 1 << 21;
/// Batches that are sent together at most.
const MOST: usize = 8;

/// Batches that lie on the device and are yet to be asked for, with their rows.
#[derive(Default)]
pub(super) struct Ahead {
    ready: VecDeque<(Vec<u32>, Tensor, Tensor)>,
}

impl Ahead {
    /// The batch of these rows: pixels / 255, float32 `[rows, 784]`, and classes, int64 `[rows]`. On a GPU those `following`
    /// are sent with it.
    ///
    /// # Errors
    /// A row that is not there; the device is gone.
    pub(super) fn batch(
        &mut self,
        images: &Images,
        device: Device,
        rows: Vec<u32>,
        following: impl Iterator<Item = Vec<u32>>,
    ) -> Result<(Tensor, Tensor), TrainError> {
        if self.ready.front().is_none_or(|(there, ..)| *there != rows) {
            self.ready.clear();
            let others = if device.is_cpu() {
                0
            } else {
                let bytes = rows.len().max(1) * PIXELS * size_of::<f32>();
                (TOGETHER / bytes).clamp(1, MOST) - 1
            };
            self.send(
                images,
                device,
                std::iter::once(rows).chain(following.take(others)),
            )?;
        }
        match self.ready.pop_front() {
            Some((_, x, target)) => Ok((x, target)),
            None => Err(TrainError::TooFewRows {
                wanted: 1,
                there: 0,
            }),
        }
    }

    fn send(
        &mut self,
        images: &Images,
        device: Device,
        batches: impl Iterator<Item = Vec<u32>>,
    ) -> Result<(), TrainError> {
        let batches: Vec<Vec<u32>> = batches.collect();
        let mut parts = vec![];
        for rows in &batches {
            parts.push(Upload::Floats(
                images.normalise(rows)?,
                vec![rows.len(), PIXELS],
            ));
            parts.push(Upload::Integers(images.targets(rows)?, vec![rows.len()]));
        }
        let mut made = upload(parts, device)?.into_iter();
        for rows in batches {
            if let (Some(x), Some(target)) = (made.next(), made.next()) {
                self.ready.push_back((rows, x, target));
            }
        }
        Ok(())
    }
}
