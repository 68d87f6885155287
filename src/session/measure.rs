//! How fast a device trains at a batch size, measured, so that the faster one can be picked and shown.

use super::Session;
use super::self_check;
use crate::data::DataSet;
use crate::data::idx::PIXELS;
use crate::device::{self, Device};
use crate::platform::{self, Instant};
use crate::train::{TrainError, Trainer};
use kindling_protocol::{DataSource, DeviceInfo, ExperimentConfig, LIMITS};
use std::rc::Rc;
use std::time::Duration;

/// Time given to one measurement after the warm-up.
const BUDGET: Duration = Duration::from_millis(300);
const MOST_STEPS: usize = 60;

impl Session {
    /// The devices of this engine, measured at `batch_size` (once), those at hand first and the fastest of them first.
    pub(super) async fn devices(&mut self, batch_size: usize) -> Vec<DeviceInfo> {
        let mut devices = device::survey().await;
        for info in &mut devices {
            if info.missing.is_some() {
                continue;
            }
            let key = (info.kind, batch_size);
            if let Some(known) = self.measured.get(&key) {
                *info = known.clone();
                continue;
            }
            // A run under way would be slowed, and would slow the measurement.
            if self.active.is_some() {
                continue;
            }
            measure(info, batch_size).await;
            self.measured.insert(key, info.clone());
        }
        // A GPU whose kernels disagree with the CPU is never the default, however fast.
        let speed = |d: &DeviceInfo| match (&d.missing, &d.self_check) {
            (None, None) => d.steps_per_second.unwrap_or(0.0),
            (None, Some(_)) => -1.0,
            (Some(_), _) => -2.0,
        };
        devices.sort_by(|a, b| speed(b).total_cmp(&speed(a)));
        devices
    }
}

async fn measure(info: &mut DeviceInfo, batch_size: usize) {
    match self_checked(info.kind).await {
        Ok(None) => {}
        Ok(disagreement) => info.self_check = disagreement,
        Err(error) => {
            info.missing = Some(error.to_string());
            return;
        }
    }
    match Device::open(info.kind).await {
        Ok(device) => match steps_per_second(device, batch_size).await {
            Ok(speed) => info.steps_per_second = Some(speed),
            Err(error) => info.missing = Some(error.to_string()),
        },
        Err(error) => info.missing = Some(error.to_string()),
    }
}

/// Compares the kernels in use with the CPU's; a sentence on those that disagree. The CPU agrees with itself.
///
/// # Errors
/// The device cannot be opened, or does not answer.
pub async fn self_checked(
    kind: kindling_protocol::DeviceKind,
) -> Result<Option<String>, TrainError> {
    let device = Device::open(kind).await?;
    if device.is_cpu() {
        Ok(None)
    } else {
        Ok(self_check::disagreement(device).await?)
    }
}

/// Steps of the preset's network on noise, after one warm-up step that compiles the kernels.
async fn steps_per_second(device: Device, batch_size: usize) -> Result<f64, TrainError> {
    // What no configuration allows is not measured either: a batch is at most the training part of all rows.
    let (least, most) = LIMITS.rows;
    let rows = batch_size.saturating_mul(5).div_ceil(4).clamp(least, most);
    let config = ExperimentConfig {
        batch_size,
        rows,
        epochs: 1,
        ..ExperimentConfig::default()
    };
    let pixels = (0..rows * PIXELS)
        .map(|i| (i * 7_919 % 256) as u8)
        .collect();
    let labels = (0..rows).map(|i| (i % 10) as u8).collect();
    let images = crate::data::Images::new(pixels, labels)?;
    let data = Rc::new(DataSet {
        images,
        source: DataSource::StandIn,
        note: None,
    });
    let mut trainer = Trainer::new(config, device, data)?;
    let mut step = async || -> Result<(), TrainError> {
        trainer.train_step().await?;
        trainer.restart_epoch();
        trainer.read_losses().await.map(|_| ())
    };
    step().await?;
    platform::yield_now().await;
    let begun = Instant::now();
    let mut steps = 0;
    while steps < MOST_STEPS && (steps == 0 || begun.elapsed() < BUDGET) {
        step().await?;
        steps += 1;
    }
    Ok(steps as f64 / begun.elapsed().as_secs_f64().max(1e-6))
}
