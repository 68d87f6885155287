//! The experiment on the command line: a preset and what differs from it.

use clap::Args;
use kindling_protocol::{Activation, DeviceChoice, ExperimentConfig, LIMITS, Preset};
use std::path::PathBuf;

/// What `kindling train` takes. Every setting left out is the preset's.
#[derive(Debug, Clone, Args)]
pub(super) struct TrainArguments {
    /// The configuration to start from: baseline (784-128-64-10, plain SGD) or improved (with batch norm, dropout and weight decay).
    #[arg(long, default_value = "baseline", value_parser = preset)]
    preset: Preset,
    /// Where to train: auto (the faster one, measured), cpu, vulkan or cuda.
    #[arg(long, default_value = "auto", value_parser = device)]
    pub(super) device: DeviceChoice,
    /// Seed of all random numbers, as in torch.manual_seed.
    #[arg(long)]
    seed: Option<u64>,
    /// Passes over the training rows.
    #[arg(long)]
    epochs: Option<usize>,
    /// Rows of the training file in use; a fifth of them is kept for testing.
    #[arg(long)]
    rows: Option<usize>,
    /// Rows a batch.
    #[arg(long)]
    batch_size: Option<usize>,
    /// Learning rate of SGD.
    #[arg(long)]
    lr: Option<f64>,
    /// Momentum of SGD.
    #[arg(long)]
    momentum: Option<f64>,
    /// Weight decay of SGD (an L2 penalty).
    #[arg(long)]
    weight_decay: Option<f64>,
    /// Probability that dropout zeroes a hidden value; 0 leaves the layers out.
    #[arg(long)]
    dropout: Option<f64>,
    /// Puts BatchNorm1d before every activation.
    #[arg(long, overrides_with = "no_batch_norm")]
    batch_norm: bool,
    /// Leaves BatchNorm1d out.
    #[arg(long, overrides_with = "batch_norm")]
    no_batch_norm: bool,
    /// Widths of the hidden layers with dashes between, such as 128-64, or none.
    #[arg(long, value_parser = layers)]
    layers: Option<Layers>,
    /// Non-linearity after every hidden layer: relu, tanh or sigmoid.
    #[arg(long, value_parser = activation)]
    activation: Option<Activation>,
    /// Folder with the four Fashion-MNIST files, or "stand-in" for generated pictures. Searched for, and downloaded if need be, when left out.
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Writes history.csv, curves.svg, curves.png and model.safetensors (a PyTorch state dict) into this folder.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Prints one JSON object an epoch on stdout, and everything else on stderr.
    #[arg(long)]
    pub(super) json: bool,
}

/// Hidden widths as one argument: clap would take a plain list for an argument given many times.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layers(Vec<usize>);

impl TrainArguments {
    /// The configuration, not checked yet.
    pub(super) fn config(&self) -> ExperimentConfig {
        let base = self.preset.config();
        let batch_norm = (base.batch_norm || self.batch_norm) && !self.no_batch_norm;
        let layers = self.layers.clone().map(|l| l.0);
        ExperimentConfig {
            version: base.version,
            hidden: layers.unwrap_or(base.hidden),
            activation: self.activation.unwrap_or(base.activation),
            batch_norm,
            dropout: self.dropout.unwrap_or(base.dropout),
            learning_rate: self.lr.unwrap_or(base.learning_rate),
            momentum: self.momentum.unwrap_or(base.momentum),
            weight_decay: self.weight_decay.unwrap_or(base.weight_decay),
            batch_size: self.batch_size.unwrap_or(base.batch_size),
            rows: self.rows.unwrap_or(base.rows),
            epochs: self.epochs.unwrap_or(base.epochs),
            seed: self.seed.unwrap_or(base.seed),
        }
    }
}

/// The command that trains `config`, for copying: only what differs from the nearer preset is written.
pub(super) fn command_of(config: &ExperimentConfig) -> String {
    let preset = if config.batch_norm {
        Preset::Improved
    } else {
        Preset::Baseline
    };
    let base = preset.config();
    let mut parts = vec!["kindling train".to_string()];
    let mut flag = |differs: bool, name: &str, value: String| {
        if differs {
            parts.push(format!("--{name} {value}"));
        }
    };
    flag(
        preset != Preset::Baseline,
        "preset",
        preset.key().to_string(),
    );
    flag(
        config.hidden != base.hidden,
        "layers",
        layers_text(&config.hidden),
    );
    flag(
        config.activation != base.activation,
        "activation",
        config.activation.key().to_string(),
    );
    for (name, mine, theirs) in [
        ("dropout", config.dropout, base.dropout),
        ("lr", config.learning_rate, base.learning_rate),
        ("momentum", config.momentum, base.momentum),
        ("weight-decay", config.weight_decay, base.weight_decay),
    ] {
        flag(mine != theirs, name, mine.to_string());
    }
    for (name, mine, theirs) in [
        ("batch-size", config.batch_size, base.batch_size),
        ("rows", config.rows, base.rows),
        ("epochs", config.epochs, base.epochs),
    ] {
        flag(mine != theirs, name, mine.to_string());
    }
    flag(config.seed != base.seed, "seed", config.seed.to_string());
    parts.join(" ")
}

fn layers_text(hidden: &[usize]) -> String {
    if hidden.is_empty() {
        return "none".into();
    }
    let widths: Vec<String> = hidden.iter().map(ToString::to_string).collect();
    widths.join("-")
}

fn layers(text: &str) -> Result<Layers, String> {
    if text == "none" {
        return Ok(Layers(vec![]));
    }
    let widths: Result<Vec<usize>, _> = text.split('-').map(str::parse).collect();
    widths.map(Layers).map_err(|_| {
        format!(
            "layers are widths with dashes between, such as 128-64, at most {} of them, or none",
            LIMITS.hidden_layers
        )
    })
}

fn preset(text: &str) -> Result<Preset, String> {
    let found = Preset::ALL.into_iter().find(|p| p.key() == text);
    found.ok_or_else(|| "use baseline or improved".into())
}

pub(super) fn device(text: &str) -> Result<DeviceChoice, String> {
    DeviceChoice::from_key(text).ok_or_else(|| "use auto, cpu, vulkan or cuda".into())
}

fn activation(text: &str) -> Result<Activation, String> {
    Activation::from_key(text).ok_or_else(|| "use relu, tanh or sigmoid".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        arguments: TrainArguments,
    }

    fn parsed(line: &str) -> Result<ExperimentConfig, String> {
        let words = line.split(' ').filter(|w| *w != "train");
        let line = Line::try_parse_from(words).map_err(|e| e.to_string())?;
        Ok(line.arguments.config())
    }

    #[test]
    fn presets_and_what_differs_make_the_configuration() {
        assert_eq!(parsed("kindling train"), Ok(Preset::Baseline.config()));
        assert_eq!(
            parsed("kindling train --preset improved"),
            Ok(Preset::Improved.config())
        );
        let all = "kindling train --preset improved --no-batch-norm --layers 32-16-8 --activation tanh --dropout 0.1 --lr 0.05 \
            --momentum 0.9 --weight-decay 0.001 --batch-size 64 --rows 1000 --epochs 5 --seed 7";
        let config = ExperimentConfig {
            hidden: vec![32, 16, 8],
            activation: Activation::Tanh,
            batch_norm: false,
            dropout: 0.1,
            learning_rate: 0.05,
            momentum: 0.9,
            weight_decay: 0.001,
            batch_size: 64,
            rows: 1_000,
            epochs: 5,
            seed: 7,
            ..ExperimentConfig::default()
        };
        let line: Vec<&str> = all.split_whitespace().collect();
        assert_eq!(parsed(&line.join(" ")), Ok(config));
        // The last of two that contradict each other counts.
        let last = parsed("kindling train --no-batch-norm --batch-norm");
        assert!(last.is_ok_and(|c| c.batch_norm));
    }

    #[test]
    fn a_command_for_copying_gives_the_configuration_back() {
        let config = ExperimentConfig {
            hidden: vec![],
            weight_decay: 1e-5,
            rows: 24_000,
            seed: u64::MAX,
            ..Preset::Improved.config()
        };
        let command = command_of(&config);
        assert_eq!(
            command,
            "kindling train --preset improved --layers none --weight-decay 0.00001 --rows 24000 --seed 18446744073709551615"
        );
        assert_eq!(parsed(&command), Ok(config));
        assert_eq!(command_of(&ExperimentConfig::default()), "kindling train");
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_what_can() {
        for (line, cure) in [
            ("kindling train --layers 12--3", "such as 128-64"),
            ("kindling train --activation gelu", "relu, tanh or sigmoid"),
            (
                "kindling train --device toaster",
                "auto, cpu, vulkan or cuda",
            ),
            ("kindling train --preset best", "baseline or improved"),
        ] {
            let refused = parsed(line).err().unwrap_or_default();
            assert!(refused.contains(cure), "{refused}");
        }
    }
}
