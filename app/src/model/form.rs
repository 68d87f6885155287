//! The form: every setting as the visitor typed it, and the configuration it makes.

use kindling_protocol::{
    Activation, CONFIG_VERSION, ConfigError, DeviceChoice, ExperimentConfig, LIMITS,
};
use std::str::FromStr;

/// A setting of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Widths of the hidden layers.
    Hidden,
    /// Non-linearity.
    Activation,
    /// BatchNorm1d.
    BatchNorm,
    /// Dropout probability.
    Dropout,
    /// Learning rate.
    LearningRate,
    /// Momentum.
    Momentum,
    /// L2 penalty.
    WeightDecay,
    /// Rows a batch.
    BatchSize,
    /// Rows of data.
    Rows,
    /// Passes over the data.
    Epochs,
    /// Seed of all random numbers.
    Seed,
}

/// What is wrong with the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub field: Option<Field>,
    /// What, and what to do.
    pub sentence: String,
}

/// The form's texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// A text for each hidden layer.
    pub hidden: Vec<String>,
    /// Non-linearity.
    pub activation: Activation,
    /// BatchNorm1d.
    pub batch_norm: bool,
    /// Dropout probability.
    pub dropout: String,
    /// Learning rate.
    pub learning_rate: String,
    /// Momentum.
    pub momentum: String,
    /// L2 penalty.
    pub weight_decay: String,
    /// Rows a batch.
    pub batch_size: String,
    /// Rows of data.
    pub rows: String,
    /// Passes over the data.
    pub epochs: String,
    /// Seed.
    pub seed: String,
    /// Where to train.
    pub device: DeviceChoice,
}

impl Form {
    /// The form that shows a configuration.
    pub fn of(config: &ExperimentConfig, device: DeviceChoice) -> Self {
        Self {
            hidden: config.hidden.iter().map(ToString::to_string).collect(),
            activation: config.activation,
            batch_norm: config.batch_norm,
            dropout: config.dropout.to_string(),
            learning_rate: config.learning_rate.to_string(),
            momentum: config.momentum.to_string(),
            weight_decay: config.weight_decay.to_string(),
            batch_size: config.batch_size.to_string(),
            rows: config.rows.to_string(),
            epochs: config.epochs.to_string(),
            seed: config.seed.to_string(),
            device,
        }
    }

    /// Another layer, as wide as half the last one, where there is room.
    pub fn add_layer(&mut self) {
        if self.hidden.len() < LIMITS.hidden_layers {
            let last = self.hidden.last().and_then(|w| w.trim().parse::<usize>().ok());
            self.hidden.push((last.unwrap_or(128) / 2).max(8).to_string());
        }
    }

    /// Reads the texts.
    ///
    /// # Errors
    /// The first setting that cannot be read or is out of bounds.
    pub fn config(&self) -> Result<ExperimentConfig, Problem> {
        let mut hidden = Vec::with_capacity(self.hidden.len());
        for (at, width) in self.hidden.iter().enumerate() {
            hidden.push(number(Field::Hidden, &format!("Hidden layer {}", at + 1), width, "128")?);
        }
        let config = ExperimentConfig {
            version: CONFIG_VERSION,
            hidden,
            activation: self.activation,
            batch_norm: self.batch_norm,
            dropout: number(Field::Dropout, "Dropout", &self.dropout, "0.3")?,
            learning_rate: number(Field::LearningRate, "The learning rate", &self.learning_rate, "0.1")?,
            momentum: number(Field::Momentum, "Momentum", &self.momentum, "0.9")?,
            weight_decay: number(Field::WeightDecay, "Weight decay", &self.weight_decay, "0.0001")?,
            batch_size: number(Field::BatchSize, "The batch size", &self.batch_size, "32")?,
            rows: number(Field::Rows, "The number of rows", &self.rows, "6000")?,
            epochs: number(Field::Epochs, "The number of epochs", &self.epochs, "100")?,
            seed: number(Field::Seed, "The seed", &self.seed, "42")?,
        };
        config.validate().map_err(|error| Problem {
            field: field_of(&error),
            sentence: error.to_string(),
        })?;
        Ok(config)
    }
}

fn number<T: FromStr>(field: Field, name: &str, text: &str, example: &str) -> Result<T, Problem> {
    text.trim().parse().map_err(|_| Problem {
        field: Some(field),
        sentence: if text.trim().is_empty() {
            format!("{name} is empty: type a number such as {example}.")
        } else {
            format!("{name} cannot be read from “{}”: type a number such as {example}.", text.trim())
        },
    })
}

fn field_of(error: &ConfigError) -> Option<Field> {
    Some(match error {
        ConfigError::TooManyLayers { .. } | ConfigError::Width { .. } => Field::Hidden,
        ConfigError::Dropout { .. } => Field::Dropout,
        ConfigError::LearningRate { .. } => Field::LearningRate,
        ConfigError::Momentum { .. } => Field::Momentum,
        ConfigError::WeightDecay { .. } => Field::WeightDecay,
        ConfigError::EmptyBatch { .. }
        | ConfigError::BatchTooLarge { .. }
        | ConfigError::BatchNormOfOne { .. } => Field::BatchSize,
        ConfigError::Rows { .. } => Field::Rows,
        ConfigError::Epochs { .. } => Field::Epochs,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kindling_protocol::Preset;

    #[test]
    fn a_configuration_survives_the_form() {
        for preset in Preset::ALL {
            let config = preset.config();
            assert_eq!(Form::of(&config, DeviceChoice::Auto).config(), Ok(config));
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_field() {
        let base = Form::of(&Preset::Improved.config(), DeviceChoice::Auto);
        let problem = |change: &dyn Fn(&mut Form)| {
            let mut form = base.clone();
            change(&mut form);
            form.config().unwrap_err()
        };
        let unread = problem(&|f| f.epochs = "banana".into());
        assert_eq!(unread.field, Some(Field::Epochs));
        assert!(unread.sentence.contains("banana"));
        assert!(problem(&|f| f.rows = " ".into()).sentence.contains("is empty"));
        assert_eq!(problem(&|f| f.rows = "0".into()).field, Some(Field::Rows));
        assert_eq!(problem(&|f| f.batch_size = "5000".into()).field, Some(Field::BatchSize));
        assert!(problem(&|f| f.batch_size = "1".into()).sentence.contains("BatchNorm1d"));
        assert_eq!(problem(&|f| f.hidden[1] = "-3".into()).field, Some(Field::Hidden));
    }

    #[test]
    fn layers_are_added_up_to_the_limit() {
        let mut form = Form::of(&Preset::Baseline.config(), DeviceChoice::Auto);
        for _ in 0..20 {
            form.add_layer();
        }
        assert_eq!(form.hidden.len(), LIMITS.hidden_layers);
        assert_eq!(form.hidden[2], "32");
        assert!(form.config().is_ok());
    }
}
