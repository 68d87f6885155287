//! The bench's tasks: on the data the session has, loading more when a task needs more.

use super::{DataProgress, Session};
use crate::data::DataSet;
use crate::data::fashion_mnist::FIRST_ROWS;
use crate::train::TrainError;
use crate::train::bench::Bench;
use kindling_protocol::{BenchResult, BenchTask, DeviceChoice, ErrorReport, LIMITS};
use std::rc::Rc;

impl Session {
    /// Does a task of the bench; bytes come with [`BenchTask::Weights`].
    pub(super) async fn bench(
        &mut self,
        device: DeviceChoice,
        work: BenchTask,
    ) -> Result<(BenchResult, Option<Vec<u8>>), ErrorReport> {
        let wanted = match work {
            BenchTask::Train { batch, steps } => batch.saturating_mul(steps),
            BenchTask::Infer { batch, repetitions } => batch.saturating_mul(repetitions),
            _ => 0,
        };
        let there = self.benched.as_ref().map_or(0, Bench::rows_taken);
        // The first part is there at once; whoever needs more gets all of it, once.
        let rows = match there.saturating_add(wanted) {
            few if few <= FIRST_ROWS => FIRST_ROWS,
            _ => LIMITS.rows.1,
        };
        let data = self.rows_for_bench(rows).await?;
        let report = |error: TrainError| error.report();
        let opened = self.resolve(device, 1).await.map_err(report)?;
        let mut bench = match self.benched.take() {
            Some(bench) if bench.device() == opened && work != BenchTask::Reset => bench,
            _ => Bench::new(opened, data.clone()).map_err(report)?,
        };
        bench.set_data(data);
        let done = match work {
            BenchTask::Open | BenchTask::Reset => Ok((bench.described(), None)),
            BenchTask::Train { batch, steps } => bench.train(batch, steps).await.map(|r| (r, None)),
            BenchTask::Infer { batch, repetitions } => {
                bench.infer(batch, repetitions).await.map(|r| (r, None))
            }
            BenchTask::Accuracy => {
                let test = self.data_port.load_test().await.map_err(sentence)?;
                bench.accuracy(&test).await.map(|r| (r, None))
            }
            BenchTask::Weights => {
                let bytes = bench.weights().await;
                bytes.map(|bytes| (bench.described(), Some(bytes)))
            }
        };
        self.benched = Some(bench);
        done.map_err(report)
    }

    async fn rows_for_bench(&mut self, rows: usize) -> Result<Rc<DataSet>, ErrorReport> {
        if let Some(data) = self.data.clone().filter(|data| data.images.rows() >= rows) {
            return Ok(data);
        }
        let silent: DataProgress = Rc::new(|_| {});
        let data = self.data_port.load(rows, silent).await.map_err(sentence)?;
        self.data = Some(data.clone());
        Ok(data)
    }
}

fn sentence(message: String) -> ErrorReport {
    ErrorReport {
        message,
        hint: None,
        device_lost: false,
    }
}
