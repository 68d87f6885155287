//! The experiment: one definition from which the form, the URL, the command line and the run id come.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Version of the configuration's schema. A stored configuration of another version is refused with
/// a sentence, never guessed at.
pub const CONFIG_VERSION: u32 = 1;

/// The identity of a configuration: equal configurations give equal ids in the page and in the
/// terminal. The device is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub String);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The non-linearity between two `Linear` layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `nn.ReLU`
    Relu,
    /// `nn.Tanh`
    Tanh,
    /// `nn.Sigmoid`
    Sigmoid,
}

impl Activation {
    /// Every choice, in the order a form shows them.
    pub const ALL: [Self; 3] = [Self::Relu, Self::Tanh, Self::Sigmoid];

    /// The name a URL and the command line use.
    pub fn key(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
        }
    }

    /// The name a learner knows it by.
    pub fn label(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::Tanh => "Tanh",
            Self::Sigmoid => "Sigmoid",
        }
    }

    /// The inverse of [`Self::key`].
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.key() == key)
    }
}

/// The two configurations of the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Notebook 05: 784-128-64-10, ReLU, plain SGD.
    Baseline,
    /// Notebook 06: with BatchNorm1d, Dropout 0.3 and weight decay 1e-4.
    Improved,
}

impl Preset {
    /// Both, in the order the page shows them.
    pub const ALL: [Self; 2] = [Self::Baseline, Self::Improved];

    /// The name a URL and the command line use.
    pub fn key(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Improved => "improved",
        }
    }

    /// The name the page shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Baseline => "Baseline",
            Self::Improved => "Improved",
        }
    }

    /// The preset's configuration.
    pub fn config(self) -> ExperimentConfig {
        let baseline = ExperimentConfig {
            version: CONFIG_VERSION,
            hidden: vec![128, 64],
            activation: Activation::Relu,
            batch_norm: false,
            dropout: 0.0,
            learning_rate: 0.1,
            momentum: 0.0,
            weight_decay: 0.0,
            batch_size: 32,
            rows: 6_000,
            epochs: 100,
            seed: 42,
        };
        match self {
            Self::Baseline => baseline,
            Self::Improved => ExperimentConfig {
                batch_norm: true,
                dropout: 0.3,
                weight_decay: 1e-4,
                ..baseline
            },
        }
    }
}

/// Everything that decides the numbers of a lab run, save the device.
///
/// Rows: the first `rows` of the training file, split 80/20 by scikit-learn's
/// `train_test_split(test_size=0.2, random_state=42)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExperimentConfig {
    /// [`CONFIG_VERSION`] of the writer.
    pub version: u32,
    /// Widths of the hidden `Linear` layers, from the input on. May be empty (a linear classifier).
    pub hidden: Vec<usize>,
    /// Non-linearity after every hidden layer.
    pub activation: Activation,
    /// `BatchNorm1d` between every hidden `Linear` and its activation.
    pub batch_norm: bool,
    /// Probability that `Dropout` zeroes a value, after every activation; 0 leaves the layer out.
    pub dropout: f64,
    /// `lr` of SGD.
    pub learning_rate: f64,
    /// `momentum` of SGD.
    pub momentum: f64,
    /// `weight_decay` of SGD.
    pub weight_decay: f64,
    /// Rows a batch.
    pub batch_size: usize,
    /// Rows of the training file in use, before the split.
    pub rows: usize,
    /// Passes over the training rows.
    pub epochs: usize,
    /// `torch.manual_seed`.
    pub seed: u64,
}

/// The bounds of every field; a form takes its `min`, `max` and `step` from here.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Hidden layers at most.
    pub hidden_layers: usize,
    /// Units in a hidden layer, at least and at most.
    pub width: (usize, usize),
    /// Learning rate, at most (it must be above 0).
    pub learning_rate: f64,
    /// Weight decay, at most.
    pub weight_decay: f64,
    /// Rows of the training file, at least and at most.
    pub rows: (usize, usize),
    /// Epochs, at least and at most.
    pub epochs: (usize, usize),
}

/// See [`Limits`].
pub const LIMITS: Limits = Limits {
    hidden_layers: 6,
    width: (1, 2_048),
    learning_rate: 100.0,
    weight_decay: 10.0,
    rows: (10, 60_000),
    epochs: (1, 1_000),
};

/// What is wrong with a configuration, in a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs)]
pub enum ConfigError {
    #[error(
        "This configuration was written by version {found} of the schema, and this build reads version {CONFIG_VERSION}. Start from a preset instead."
    )]
    Version { found: u32 },
    #[error("The stored configuration cannot be read ({reason}). Start from a preset instead.")]
    Unreadable { reason: String },
    #[error("{found} hidden layers are too many: use {max} at most.")]
    TooManyLayers { found: usize, max: usize },
    #[error("Hidden layer {layer} has {found} units: use {min} to {max}.")]
    Width {
        layer: usize,
        found: usize,
        min: usize,
        max: usize,
    },
    #[error("dropout probability has to be between 0 and 1, but got {found}: use 0 to 0.95.")]
    Dropout { found: f64 },
    #[error(
        "Invalid learning rate: {found}. Use a number above 0, at most {max}; 0.1 is the preset."
    )]
    LearningRate { found: f64, max: f64 },
    #[error("Invalid momentum value: {found}. Use 0 to below 1; 0 is the preset.")]
    Momentum { found: f64 },
    #[error("Invalid weight_decay value: {found}. Use 0 to {max}; 1e-4 is usual.")]
    WeightDecay { found: f64, max: f64 },
    #[error("A batch of {found} rows: batch_size should be a positive integer value.")]
    EmptyBatch { found: usize },
    #[error(
        "A batch of {batch} rows is larger than the {train} training rows ({rows} rows, of which a fifth is kept for testing): use a batch of {train} at most, or more rows."
    )]
    BatchTooLarge {
        batch: usize,
        train: usize,
        rows: usize,
    },
    #[error(
        "BatchNorm1d needs more than 1 value per channel when training: with {train} training rows and batches of {batch}, some batch has a single row. Use another batch size, or switch batch norm off."
    )]
    BatchNormOfOne { train: usize, batch: usize },
    #[error("{found} rows of data: use {min} to {max}.")]
    Rows {
        found: usize,
        min: usize,
        max: usize,
    },
    #[error("{found} epochs: use {min} to {max}.")]
    Epochs {
        found: usize,
        min: usize,
        max: usize,
    },
    #[error(
        "The address has {key}={value}, which cannot be read: {reason} The preset's value is used."
    )]
    Query {
        key: String,
        value: String,
        reason: String,
    },
}

impl Default for ExperimentConfig {
    fn default() -> Self {
        Preset::Baseline.config()
    }
}

impl ExperimentConfig {
    /// Rows of the split's training part: the rest after `ceil(0.2 * rows)` test rows, as in scikit-learn.
    pub fn train_rows(&self) -> usize {
        self.rows - self.test_rows()
    }

    /// Rows of the split's test part, `ceil(0.2 * rows)`.
    pub fn test_rows(&self) -> usize {
        self.rows.div_ceil(5)
    }

    /// Batches in an epoch; the last may be short.
    pub fn steps_per_epoch(&self) -> usize {
        self.train_rows().div_ceil(self.batch_size.max(1))
    }

    /// Trainable numbers in the network (inputs 784, classes 10).
    pub fn parameters(&self) -> usize {
        let mut inputs = 784;
        let mut total = 0;
        for &width in &self.hidden {
            total += inputs * width + width + if self.batch_norm { 2 * width } else { 0 };
            inputs = width;
        }
        total + inputs * 10 + 10
    }

    /// Checks every field.
    ///
    /// # Errors
    /// The first field that is out of bounds, as a sentence.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.version != CONFIG_VERSION {
            return Err(ConfigError::Version {
                found: self.version,
            });
        }
        if self.hidden.len() > LIMITS.hidden_layers {
            return Err(ConfigError::TooManyLayers {
                found: self.hidden.len(),
                max: LIMITS.hidden_layers,
            });
        }
        let (min, max) = LIMITS.width;
        for (at, &width) in self.hidden.iter().enumerate() {
            if !(min..=max).contains(&width) {
                return Err(ConfigError::Width {
                    layer: at + 1,
                    found: width,
                    min,
                    max,
                });
            }
        }
        if !(0.0..=0.95).contains(&self.dropout) {
            return Err(ConfigError::Dropout {
                found: self.dropout,
            });
        }
        if !(self.learning_rate > 0.0 && self.learning_rate <= LIMITS.learning_rate) {
            return Err(ConfigError::LearningRate {
                found: self.learning_rate,
                max: LIMITS.learning_rate,
            });
        }
        if !(0.0..1.0).contains(&self.momentum) {
            return Err(ConfigError::Momentum {
                found: self.momentum,
            });
        }
        if !(0.0..=LIMITS.weight_decay).contains(&self.weight_decay) {
            return Err(ConfigError::WeightDecay {
                found: self.weight_decay,
                max: LIMITS.weight_decay,
            });
        }
        let (min, max) = LIMITS.rows;
        if !(min..=max).contains(&self.rows) {
            return Err(ConfigError::Rows {
                found: self.rows,
                min,
                max,
            });
        }
        let (min, max) = LIMITS.epochs;
        if !(min..=max).contains(&self.epochs) {
            return Err(ConfigError::Epochs {
                found: self.epochs,
                min,
                max,
            });
        }
        if self.batch_size == 0 {
            return Err(ConfigError::EmptyBatch { found: 0 });
        }
        let train = self.train_rows();
        if self.batch_size > train {
            return Err(ConfigError::BatchTooLarge {
                batch: self.batch_size,
                train,
                rows: self.rows,
            });
        }
        let single_row = self.batch_size == 1 || train % self.batch_size == 1;
        if self.batch_norm && !self.hidden.is_empty() && single_row {
            return Err(ConfigError::BatchNormOfOne {
                train,
                batch: self.batch_size,
            });
        }
        Ok(())
    }

    /// The canonical text of the configuration: JSON with the fields in their declared order.
    ///
    /// # Errors
    /// Never for a finite configuration; a NaN cannot be written.
    pub fn to_json(&self) -> Result<String, ConfigError> {
        serde_json::to_string(self).map_err(|e| ConfigError::Unreadable {
            reason: e.to_string(),
        })
    }

    /// Reads a stored configuration and checks it.
    ///
    /// # Errors
    /// Another version, unreadable text, or a field out of bounds.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let unreadable = |e: serde_json::Error| ConfigError::Unreadable {
            reason: e.to_string(),
        };
        let value: serde_json::Value = serde_json::from_str(text).map_err(unreadable)?;
        let version = value.get("version").and_then(serde_json::Value::as_u64);
        match version {
            Some(v) if v == u64::from(CONFIG_VERSION) => {}
            Some(v) => {
                return Err(ConfigError::Version {
                    found: v.try_into().unwrap_or(u32::MAX),
                });
            }
            None => return Err(ConfigError::Version { found: 0 }),
        }
        let config: Self = serde_json::from_value(value).map_err(unreadable)?;
        config.validate()?;
        Ok(config)
    }

    /// The run id: the first 10 hexadecimal digits of the SHA-256 of [`Self::to_json`].
    pub fn run_id(&self) -> RunId {
        let text = self.to_json().unwrap_or_default();
        let digest = Sha256::digest(text.as_bytes());
        RunId(digest.iter().take(5).map(|b| format!("{b:02x}")).collect())
    }

    /// The preset this configuration equals, if any.
    pub fn preset(&self) -> Option<Preset> {
        Preset::ALL.into_iter().find(|p| p.config() == *self)
    }

    /// A short name made of what differs from `base`: `"dropout 0.3, weight decay 1e-4"`.
    pub fn differences(&self, base: &Self) -> String {
        let mut parts = Vec::new();
        if self.hidden != base.hidden {
            let widths: Vec<String> = self.hidden.iter().map(ToString::to_string).collect();
            parts.push(match widths.len() {
                0 => "no hidden layer".to_string(),
                _ => format!("layers {}", widths.join("-")),
            });
        }
        if self.activation != base.activation {
            parts.push(self.activation.label().to_string());
        }
        if self.batch_norm != base.batch_norm {
            parts.push(
                if self.batch_norm {
                    "batch norm"
                } else {
                    "no batch norm"
                }
                .to_string(),
            );
        }
        let mut number = |name: &str, mine: f64, theirs: f64| {
            if mine != theirs {
                parts.push(format!("{name} {mine}"));
            }
        };
        number("dropout", self.dropout, base.dropout);
        number("lr", self.learning_rate, base.learning_rate);
        number("momentum", self.momentum, base.momentum);
        number("weight decay", self.weight_decay, base.weight_decay);
        let mut count = |name: &str, mine: usize, theirs: usize| {
            if mine != theirs {
                parts.push(format!("{name} {mine}"));
            }
        };
        count("batch", self.batch_size, base.batch_size);
        count("rows", self.rows, base.rows);
        count("epochs", self.epochs, base.epochs);
        if self.seed != base.seed {
            parts.push(format!("seed {}", self.seed));
        }
        parts.join(", ")
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
