//! Prints a run's events: lines an epoch on stdout, or JSON; a progress bar and notes on stderr.

use super::arguments::command_of;
use super::drive::Next;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use kindling_protocol::{
    Command, DataSource, DataState, DeviceInfo, EpochMetrics, ErrorReport, Event, ExperimentConfig,
    Outcome, Reply, RequestId, RunId, Verdict,
};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const EXPORT: RequestId = RequestId(1);

/// A run as it is told and, at its end, what is left of it.
pub(super) struct Report {
    json: bool,
    /// Whether the weights are wanted at the end.
    export: bool,
    out: Box<dyn Write>,
    notes: Box<dyn Write>,
    bar: ProgressBar,
    /// Set while there is a run that Ctrl-C can end in good order.
    under_way: Arc<AtomicBool>,
    steps_per_epoch: usize,
    epochs: usize,
    device: String,
    pub(super) source: Option<DataSource>,
    pub(super) history: Vec<EpochMetrics>,
    pub(super) end: Option<(Outcome, Verdict)>,
    pub(super) weights: Option<Vec<u8>>,
    pub(super) error: Option<ErrorReport>,
    /// The first failure to write to stdout.
    pub(super) write_error: Option<io::Error>,
}

/// A line of `--json`.
#[derive(Serialize)]
struct JsonLine<'a> {
    run: &'a RunId,
    device: &'a str,
    #[serde(flatten)]
    metrics: &'a EpochMetrics,
}

impl Report {
    /// Reports on this process's stdout and stderr.
    pub(super) fn to_terminal(json: bool, export: bool, under_way: Arc<AtomicBool>) -> Self {
        // indicatif draws nothing where stderr is no terminal.
        let target = if json {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        Self::new(
            json,
            export,
            under_way,
            bar,
            Box::new(io::stdout()),
            Box::new(io::stderr()),
        )
    }

    fn new(
        json: bool,
        export: bool,
        under_way: Arc<AtomicBool>,
        bar: ProgressBar,
        out: Box<dyn Write>,
        notes: Box<dyn Write>,
    ) -> Self {
        Self {
            json,
            export,
            out,
            notes,
            bar,
            under_way,
            steps_per_epoch: 0,
            epochs: 0,
            device: String::new(),
            source: None,
            history: vec![],
            end: None,
            weights: None,
            error: None,
            write_error: None,
        }
    }

    /// Takes an event of the session.
    pub(super) fn handle(&mut self, event: Event, bytes: Option<Vec<u8>>) -> Next {
        match event {
            Event::Data { state } => self.data(&state),
            Event::Started {
                run,
                config,
                device,
                source,
                steps_per_epoch,
                history,
                note,
            } => {
                self.under_way.store(true, Ordering::Relaxed);
                self.steps_per_epoch = steps_per_epoch;
                self.epochs = config.epochs;
                self.device = device.kind.key().into();
                self.source = Some(source);
                self.history = history;
                self.started(&run, &config, &device, source, note.as_deref());
            }
            Event::Progress {
                epoch,
                step,
                images_per_second,
                seconds_left,
                ..
            } => {
                let done = epoch.saturating_sub(1) * self.steps_per_epoch + step;
                self.bar.set_position(done as u64);
                self.bar.set_message(format!(
                    "epoch {epoch}/{}, {} images/s, {} left",
                    self.epochs,
                    HumanCount(images_per_second.max(0.0) as u64),
                    clock(seconds_left)
                ));
            }
            Event::Epoch { run, metrics, .. } => {
                self.history.push(metrics);
                self.epoch(&run, &metrics);
                if self.write_error.is_some() {
                    return Next::Ask(Box::new(Command::Stop { run }));
                }
            }
            Event::Finished {
                run,
                outcome,
                verdict,
            } => {
                self.under_way.store(false, Ordering::Relaxed);
                self.bar.finish_and_clear();
                let keep = self.export && !matches!(outcome, Outcome::Diverged { .. });
                self.end = Some((outcome, verdict));
                if !keep {
                    return Next::Done;
                }
                return Next::Ask(Box::new(Command::Export {
                    request: EXPORT,
                    run,
                }));
            }
            Event::Reply {
                reply: Reply::File { .. },
                ..
            } => {
                self.weights = bytes;
                return Next::Done;
            }
            Event::Failed { error, .. } => {
                self.bar.finish_and_clear();
                // The first is the cause, what follows its consequences.
                self.error.get_or_insert(error);
                return Next::Done;
            }
            Event::Ready { .. }
            | Event::Paused { .. }
            | Event::Resumed { .. }
            | Event::Checkpoint { .. }
            | Event::Forgotten { .. }
            | Event::Reply { .. } => {}
        }
        Next::Wait
    }

    fn data(&mut self, state: &DataState) {
        if state.received_bytes < state.total_bytes {
            self.bar
                .set_style(style("{bar:30} {bytes}/{total_bytes} of the data set"));
            self.bar.set_length(state.total_bytes);
            self.bar.set_position(state.received_bytes);
        }
        if let Some(note) = &state.note {
            self.note(note);
        }
    }

    fn started(
        &mut self,
        run: &RunId,
        config: &ExperimentConfig,
        device: &DeviceInfo,
        source: DataSource,
        note: Option<&str>,
    ) {
        let what = match config.preset() {
            Some(preset) => preset.label().to_string(),
            None => command_of(config),
        };
        let data = match source {
            DataSource::FashionMnist => "Fashion-MNIST",
            DataSource::StandIn => "the stand-in, not Fashion-MNIST",
        };
        let software = if device.software {
            ", a software adapter"
        } else {
            ""
        };
        let head = format!(
            "Run {run}: {what}\n{} rows of {data}, on {} ({}{software})",
            config.rows,
            device.kind.key(),
            device.name
        );
        if self.json {
            self.note(&head);
        } else {
            self.line(&head);
        }
        if let Some(note) = note {
            self.note(note);
        }
        self.bar.reset();
        self.bar.set_style(style("{bar:30} {msg}"));
        self.bar
            .set_length((config.epochs * self.steps_per_epoch) as u64);
        self.bar.enable_steady_tick(Duration::from_millis(250));
    }

    fn epoch(&mut self, run: &RunId, m: &EpochMetrics) {
        if self.json {
            let device = self.device.clone();
            let line = serde_json::to_string(&JsonLine {
                run,
                device: &device,
                metrics: m,
            });
            match line {
                Ok(line) => self.line(&line),
                Err(error) => self.note(&error.to_string()),
            }
            return;
        }
        let width = self.epochs.to_string().len();
        self.line(&format!(
            "epoch {:>width$}/{}  loss: train {:.4} test {:.4}  accuracy: train {:5.1} % test {:5.1} %",
            m.epoch,
            self.epochs,
            m.train_loss,
            m.test_loss,
            100.0 * m.train_acc,
            100.0 * m.test_acc
        ));
    }

    /// Prints what the curves say, with a command for each remedy.
    pub(super) fn tell(&mut self, verdict: &Verdict) {
        let mut text = format!("\n{}\n{}", verdict.title, verdict.text);
        for remedy in &verdict.remedies {
            text.push_str(&format!(
                "\n\n  {}. {}\n    {}",
                remedy.label,
                remedy.reason,
                command_of(&remedy.config)
            ));
        }
        if self.json {
            self.note(&text);
        } else {
            self.line(&text);
        }
    }

    /// Prints a line on stderr, above the bar.
    pub(super) fn note(&mut self, text: &str) {
        let notes = &mut self.notes;
        // When even stderr is closed there is nobody to tell.
        let _ = self.bar.suspend(|| writeln!(notes, "{text}"));
    }

    fn line(&mut self, text: &str) {
        let out = &mut self.out;
        let written = self
            .bar
            .suspend(|| writeln!(out, "{text}").and_then(|()| out.flush()));
        if let Err(error) = written {
            self.write_error.get_or_insert(error);
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Seconds as `1:02` or `1:02:03`.
fn clock(seconds: f64) -> String {
    // `as` turns what is no number into 0 and holds the rest in range.
    let seconds = seconds as u64;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn times_are_written_as_clocks_show_them() {
        assert_eq!(
            (clock(62.9), clock(3_723.0)),
            ("1:02".into(), "1:02:03".into())
        );
        assert_eq!(clock(f64::NAN), "0:00");
    }
}
