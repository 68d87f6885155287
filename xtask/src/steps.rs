//! Named steps: each prints its time, and a summary closes the chore.

use crate::project;
use anyhow::{Result, bail};
use std::fmt;
use std::process::Command;
use std::time::{Duration, Instant};

/// Tests counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those that passed.
    pub passed: usize,
    /// Those that failed.
    pub failed: usize,
}

impl Tally {
    /// Adds what a line of a test runner's output tells, if it is one of the lines that tell:
    /// cargo's `test result:` and the `pass N` and `fail N` of node's reporter.
    pub fn read(&mut self, line: &str) {
        let line = line.trim_start();
        if let Some(result) = line.strip_prefix("test result:") {
            for part in result.split([';', '.']) {
                match part.trim().rsplit_once(' ') {
                    Some((count, "passed")) => self.passed += last_number(count),
                    Some((count, "failed")) => self.failed += last_number(count),
                    _ => {}
                }
            }
        } else if let Some(rest) = line.strip_prefix("ℹ ") {
            match rest.split_once(' ') {
                Some(("pass", count)) => self.passed += last_number(count),
                Some(("fail" | "cancelled", count)) => self.failed += last_number(count),
                _ => {}
            }
        }
    }
}

fn last_number(text: &str) -> usize {
    text.split_whitespace()
        .next_back()
        .and_then(|word| word.parse().ok())
        .unwrap_or(0)
}

/// The line a gate ends with.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

struct Done {
    name: String,
    time: Duration,
    passed: bool,
}

/// The steps of a chore so far.
pub struct Steps {
    started: Instant,
    done: Vec<Done>,
    tally: Tally,
}

impl Steps {
    /// No step yet.
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            done: vec![],
            tally: Tally::default(),
        }
    }

    /// Runs a step that the rest needs.
    ///
    /// # Errors
    /// The step's own, with its name.
    pub fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n== {name}");
        let started = Instant::now();
        let result = work();
        self.close(name, started, result.is_ok());
        result.map_err(|error| error.context(format!("the step \"{name}\" failed")))
    }

    /// Runs a step that the rest can do without: a failure is printed and counted, and the chore
    /// goes on. A step that counts no tests of its own counts as one.
    pub fn attempt(&mut self, name: &str, work: impl FnOnce(&mut Tally) -> Result<()>) {
        println!("\n== {name}");
        let started = Instant::now();
        let mut tally = Tally::default();
        let result = work(&mut tally);
        if let Err(error) = &result {
            println!("   failed: {error:#}");
            tally.failed = tally.failed.max(1);
        } else if tally == Tally::default() {
            tally.passed = 1;
        }
        self.tally.passed += tally.passed;
        self.tally.failed += tally.failed;
        self.close(name, started, tally.failed == 0);
    }

    /// Runs a test runner as a step that the rest can do without, counting its tests.
    pub fn attempt_tests(&mut self, name: &str, command: &mut Command) {
        self.attempt(name, |tally| run_tests(command, tally));
    }

    fn close(&mut self, name: &str, started: Instant, passed: bool) {
        let time = started.elapsed();
        let word = if passed { "done" } else { "FAILED" };
        println!("-- {name}: {word} in {}", shown(time));
        self.done.push(Done {
            name: name.to_owned(),
            time,
            passed,
        });
    }

    /// True when no step and no test failed.
    pub fn all_passed(&self) -> bool {
        self.tally.failed == 0 && self.done.iter().all(|step| step.passed)
    }

    /// Prints the steps with their times and, for a gate, the tests as the last line. `cut_short`
    /// says that a needed step failed, which counts as a failed test.
    pub fn summary(&self, gate: bool, cut_short: bool) {
        if !self.done.is_empty() {
            println!();
        }
        for step in &self.done {
            let mark = if step.passed { " " } else { "!" };
            println!("{mark} {:>9}  {}", shown(step.time), step.name);
        }
        if !self.done.is_empty() {
            println!("  {:>9}  in all", shown(self.started.elapsed()));
        }
        if gate {
            let failed = self.tally.failed + usize::from(cut_short);
            println!(
                "\n{}",
                Tally {
                    failed,
                    ..self.tally
                }
            );
        }
    }
}

/// Runs a test runner, adding its tests to `tally`.
///
/// # Errors
/// When tests failed, or the runner failed without running any (a build error), or it ran none.
pub fn run_tests(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let before = *tally;
    let success = project::run_watched(command, |line| tally.read(line))?;
    let failed = tally.failed - before.failed;
    match (success, failed) {
        (true, 0) if tally.passed == before.passed => bail!("no test ran"),
        (true, 0) => Ok(()),
        (_, 0) => bail!("the tests could not be built or run to their end"),
        (_, 1) => bail!("1 test failed"),
        (_, n) => bail!("{n} tests failed"),
    }
}

/// A time as people read it: `0.4 s`, `12.3 s`, `4 min 05 s`.
fn shown(time: Duration) -> String {
    if time.as_secs() >= 60 {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_cargo_prints() {
        let mut tally = Tally::default();
        tally.read("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s");
        tally.read("test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s");
        tally.read("test tests::a_name_with_failed ... ok");
        assert_eq!(
            tally,
            Tally {
                passed: 14,
                failed: 3
            }
        );
        assert_eq!(tally.to_string(), "14 passed, 3 failed");
    }

    #[test]
    fn counts_what_node_prints() {
        let mut tally = Tally::default();
        for line in [
            "ℹ tests 4",
            "ℹ pass 2",
            "ℹ fail 1",
            "ℹ cancelled 1",
            "ℹ skipped 0",
        ] {
            tally.read(line);
        }
        assert_eq!(
            tally,
            Tally {
                passed: 2,
                failed: 2
            }
        );
    }

    #[test]
    fn a_failed_step_is_a_failed_test_and_the_chore_goes_on() {
        let mut steps = Steps::new();
        steps.attempt("breaks", |_| bail!("broken"));
        steps.attempt("holds", |_| Ok(()));
        assert!(!steps.all_passed());
        assert_eq!(
            steps.tally,
            Tally {
                passed: 1,
                failed: 1
            }
        );
    }

    #[test]
    fn a_runner_that_runs_nothing_is_a_failure() {
        let mut tally = Tally::default();
        assert!(run_tests(&mut Command::new("true"), &mut tally).is_err());
    }
}
