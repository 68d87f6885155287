//! `cargo xtask verify`: what is too slow for the gate.

use crate::bench;
use crate::project::{self, Project};
use crate::steps::{Steps, Tally};
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use serde_json::Value;
use std::fs;

/// A part of the slow rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// 100 epochs of both presets on the CPU, held to the course's story.
    Long,
    /// The ratios to other libraries, measured anew.
    Bench,
    /// The recorded numbers made anew with real PyTorch, where Python has it.
    Torch,
}

/// Runs one part, or all.
///
/// # Errors
/// None of its own: what the parts find is counted in `steps`.
pub fn run(project: &Project, steps: &mut Steps, part: Option<Part>) -> Result<()> {
    let wanted = |one: Part| part.is_none_or(|part| part == one);
    if wanted(Part::Long) {
        let mut build = project.cargo(&["build", "--release", "--package", "kindling"]);
        steps.run("headless program", || project::run(&mut build))?;
        for preset in ["baseline", "improved"] {
            steps.attempt(&format!("100 epochs of {preset}"), |tally| {
                long(project, preset, tally)
            });
        }
    }
    if wanted(Part::Bench) {
        bench::prepare(project, steps)?;
        steps.attempt("ratios", |tally| bench::verify(project, tally));
    }
    if wanted(Part::Torch) {
        steps.attempt("presets in real PyTorch", |_| torch(project));
    }
    Ok(())
}

/// The numbers of a run, an entry an epoch.
struct Curves {
    train_acc: Vec<f64>,
    test_acc: Vec<f64>,
    test_loss: Vec<f64>,
}

fn long(project: &Project, preset: &str, tally: &mut Tally) -> Result<()> {
    let mut train = project.command(project.target.join("release/kindling"));
    train.args([
        "train", "--preset", preset, "--device", "cpu", "--seed", "42", "--epochs", "100", "--json",
    ]);
    let text = project::output(&mut train).context("`kindling train` failed")?;
    let curves = Curves::read(&text)?;
    for fact in curves.facts(preset == "baseline") {
        let word = if fact.holds { "holds" } else { "FAILS" };
        println!("   {word}: {}", fact.text);
        if fact.holds {
            tally.passed += 1;
        } else {
            tally.failed += 1;
        }
    }
    if tally.failed > 0 {
        bail!("{} of the bounds do not hold", tally.failed);
    }
    Ok(())
}

/// A statement about a run, with its number.
struct Fact {
    text: String,
    holds: bool,
}

impl Curves {
    fn read(text: &str) -> Result<Self> {
        let mut curves = Self {
            train_acc: vec![],
            test_acc: vec![],
            test_loss: vec![],
        };
        for line in text.lines().filter(|line| line.starts_with('{')) {
            let epoch: Value = serde_json::from_str(line).context("a line of --json is no JSON")?;
            if epoch.get("epoch").is_none() {
                continue;
            }
            let number = |name: &str| {
                epoch
                    .get(name)
                    .and_then(Value::as_f64)
                    .with_context(|| format!("an epoch has no {name}"))
            };
            curves.train_acc.push(number("train_acc")?);
            curves.test_acc.push(number("test_acc")?);
            curves.test_loss.push(number("test_loss")?);
        }
        if curves.test_loss.len() != 100 {
            bail!(
                "the run reported {} epochs, not 100",
                curves.test_loss.len()
            );
        }
        Ok(curves)
    }

    /// What PyTorch's own run of the presets shows, with room for rounding to grow.
    fn facts(&self, baseline: bool) -> Vec<Fact> {
        let train = median(&self.train_acc[80..]);
        let test = median(&self.test_acc[80..]);
        let least = if baseline { 0.98 } else { 0.96 };
        let mut facts = vec![
            Fact {
                text: format!(
                    "median train accuracy of epochs 81-100 is {train:.4}, at least {least}"
                ),
                holds: train >= least,
            },
            Fact {
                text: format!("median test accuracy of epochs 81-100 is {test:.4}, 0.83 to 0.88"),
                holds: (0.83..=0.88).contains(&test),
            },
        ];
        if baseline {
            let (turn, lowest) =
                (1..)
                    .zip(self.test_loss.iter().copied())
                    .fold((0, f64::INFINITY), |best, next| {
                        if next.1 < best.1 { next } else { best }
                    });
            let ratio = self.test_loss[99] / lowest;
            facts.push(Fact {
                text: format!("the lowest test loss is that of epoch {turn}, within 10 to 30"),
                holds: (10..=30).contains(&turn),
            });
            facts.push(Fact {
                text: format!("the last test loss is {ratio:.2} times the lowest, at least 1.3"),
                holds: ratio >= 1.3,
            });
        }
        facts
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    }
}

/// Makes presets.json anew with the script beside it and compares the first epochs, which do not
/// depend on the machine beyond rounding.
fn torch(project: &Project) -> Result<()> {
    let golden = project.root.join("tests/golden");
    let mut probe = project.command("python3");
    probe.args(["-c", "import torch, sklearn, numpy"]);
    if project::output(&mut probe).is_none() {
        bail!("Python has no PyTorch here: pip install torch numpy scikit-learn");
    }
    let scratch = project.target.join("verify-torch");
    fs::create_dir_all(&scratch)?;
    fs::copy(
        golden.join("make_presets.py"),
        scratch.join("make_presets.py"),
    )
    .context("tests/golden/make_presets.py is missing")?;
    let mut make = project.command("python3");
    make.arg(scratch.join("make_presets.py")).env(
        "FASHION_MNIST_DIR",
        std::env::var_os("FASHION_MNIST_DIR")
            .unwrap_or_else(|| "/usr/share/datasets/fashion-mnist".into()),
    );
    project::run(&mut make)?;
    let [ours, theirs] = [golden.join("presets.json"), scratch.join("presets.json")]
        .map(|path| -> Result<Value> { Ok(serde_json::from_str(&fs::read_to_string(path)?)?) });
    compare(&ours?, &theirs?)
}

fn compare(recorded: &Value, made: &Value) -> Result<()> {
    let runs = |value: &Value| value["runs"].as_array().cloned().unwrap_or_default();
    let (recorded, made) = (runs(recorded), runs(made));
    if recorded.is_empty() || recorded.len() != made.len() {
        bail!(
            "{} runs are recorded, {} were made",
            recorded.len(),
            made.len()
        );
    }
    for (old, new) in recorded.iter().zip(&made) {
        for epoch in 0..3 {
            for name in ["first_batch_loss", "step_loss", "train_loss", "test_loss"] {
                let [a, b] =
                    [old, new].map(|run| run["history"][epoch][name].as_f64().unwrap_or(f64::NAN));
                let close = (a - b).abs() <= 1e-3 * a.abs();
                if !close {
                    bail!(
                        "{} of {} epoch {}: {a} recorded, {b} made",
                        name,
                        old["preset"],
                        epoch + 1
                    );
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_of(loss: impl Fn(usize) -> f64) -> Curves {
        let lines: Vec<String> = (1..=100)
            .map(|epoch| {
                format!(
                    "{{\"epoch\":{epoch},\"train_acc\":0.99,\"test_acc\":0.86,\"test_loss\":{}}}",
                    loss(epoch)
                )
            })
            .collect();
        Curves::read(&lines.join("\n")).unwrap()
    }

    #[test]
    fn the_overfitting_story_is_told_apart_from_a_flat_one() {
        let turning = run_of(|epoch| 0.5 + 0.01 * (epoch as f64 - 20.0).abs());
        assert!(turning.facts(true).iter().all(|fact| fact.holds));
        let flat = run_of(|epoch| 1.0 / epoch as f64);
        assert_eq!(
            flat.facts(true).iter().filter(|fact| !fact.holds).count(),
            2
        );
    }

    #[test]
    fn a_short_run_is_refused() {
        assert!(
            Curves::read("{\"epoch\":1,\"train_acc\":1,\"test_acc\":1,\"test_loss\":1}").is_err()
        );
    }

    #[test]
    fn different_numbers_and_missing_ones_are_differences() {
        let run = |loss: &str| -> Value {
            let epoch = format!(
                "{{\"first_batch_loss\":1,\"step_loss\":1,\"train_loss\":1,\"test_loss\":{loss}}}"
            );
            serde_json::from_str(&format!(
                "{{\"runs\":[{{\"preset\":\"x\",\"history\":[{epoch},{epoch},{epoch}]}}]}}"
            ))
            .unwrap()
        };
        assert!(compare(&run("1"), &run("1.0005")).is_ok());
        assert!(compare(&run("1"), &run("1.1")).is_err());
        assert!(compare(&run("1"), &run("null")).is_err());
    }
}
