//! The native half of the bench: ours on the CPU and on Vulkan, PyTorch on one thread and on all.

use crate::project::{self, Project};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Turns of each contestant.
const ROUNDS: usize = 5;
/// Turns on Vulkan: where the driver is software one takes a minute.
const VULKAN_ROUNDS: usize = 2;
/// Steps of a turn at every batch size, and the fewer ones on Vulkan.
const STEPS: usize = 400;
const VULKAN_STEPS: usize = 50;
/// Batches of 1,000 that are classified in a turn: what both programs do after their warm-up.
const REPETITIONS: usize = 40;

/// A contestant's turn: its name, what is called, and the steps that count (others are its warm-up).
struct Turn {
    name: String,
    command: Command,
    steps: usize,
}

/// Ours and PyTorch's steps natively, turn by turn: by contestant and figure, the speeds.
pub(super) fn measure(project: &Project, site: &Path, quick: bool) -> Result<Value> {
    let torch = project::output(
        project
            .command("python3")
            .args(["-c", "import torch, numpy; print(torch.__version__)"]),
    );
    match &torch {
        Some(version) => println!("   natively beside PyTorch {version}"),
        None => println!(
            "   Python has no PyTorch here (pip install torch numpy): natively Kindling is measured alone"
        ),
    }
    let mut found: BTreeMap<String, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    for round in 0..if quick { 1 } else { ROUNDS } {
        for turn in turns(project, site, torch.is_some(), round < VULKAN_ROUNDS) {
            let name = turn.name.clone();
            let figures = found.entry(name).or_default();
            take(turn, figures)?;
        }
    }
    Ok(json!(found))
}

/// Everybody's turn of one round.
fn turns(project: &Project, site: &Path, torch: bool, vulkan: bool) -> Vec<Turn> {
    let ours = |name: &str, device: &str, steps: usize| {
        let mut command = project.command(project.target.join("release/kindling"));
        command.args(["bench", "--device", device, "--steps", &steps.to_string()]);
        Turn {
            name: name.to_owned(),
            command,
            steps,
        }
    };
    let mut turns = vec![ours("kindling (CPU)", "cpu", STEPS)];
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in if torch { vec![1, cores] } else { vec![] } {
        let mut command = project.command("python3");
        command
            .arg("bench/peers/native_torch.py")
            .arg(project.data())
            .arg(site.join("weights.f32"))
            .args([threads.to_string(), STEPS.to_string()]);
        turns.push(Turn {
            name: format!("PyTorch (CPU), {threads} threads"),
            command,
            steps: STEPS,
        });
    }
    if vulkan {
        turns.push(ours("kindling (Vulkan)", "vulkan", VULKAN_STEPS));
    }
    turns
}

/// Runs a turn and keeps the speeds that are not its warm-up's.
fn take(mut turn: Turn, figures: &mut BTreeMap<String, Vec<f64>>) -> Result<()> {
    let name = &turn.name;
    let text = project::output(&mut turn.command).with_context(|| format!("{name} failed"))?;
    for line in text.lines() {
        let line: Value = serde_json::from_str(line)
            .with_context(|| format!("a line of {name} is no JSON: {line}"))?;
        let work = &line["work"];
        let counts =
            work["steps"] == json!(turn.steps) || work["repetitions"] == json!(REPETITIONS);
        if let (true, Some(speed)) = (counts, line["per_second"].as_f64()) {
            let task = work["task"].as_str().unwrap_or_default();
            figures
                .entry(format!("{task} {}", work["batch"]))
                .or_default()
                .push(speed);
        }
    }
    Ok(())
}
