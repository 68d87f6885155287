//! The experiment in a URL's query: only what differs from the preset is written.

use crate::{Activation, ConfigError, DeviceChoice, ExperimentConfig, Preset};
use std::str::FromStr;

/// The query (without `?`) that [`from_query`] reads back: `preset=improved&epochs=20`.
pub fn to_query(config: &ExperimentConfig, device: DeviceChoice) -> String {
    let preset = if config.batch_norm {
        Preset::Improved
    } else {
        Preset::Baseline
    };
    let base = preset.config();
    let mut pairs: Vec<(&str, String)> = vec![];
    if preset != Preset::Baseline {
        pairs.push(("preset", preset.key().into()));
    }
    if config.hidden != base.hidden {
        let widths: Vec<String> = config.hidden.iter().map(ToString::to_string).collect();
        pairs.push((
            "layers",
            if widths.is_empty() {
                "none".into()
            } else {
                widths.join("-")
            },
        ));
    }
    if config.activation != base.activation {
        pairs.push(("activation", config.activation.key().into()));
    }
    let mut differing = |key: &'static str, mine: String, theirs: String| {
        if mine != theirs {
            pairs.push((key, mine));
        }
    };
    differing(
        "dropout",
        config.dropout.to_string(),
        base.dropout.to_string(),
    );
    differing(
        "lr",
        config.learning_rate.to_string(),
        base.learning_rate.to_string(),
    );
    differing(
        "momentum",
        config.momentum.to_string(),
        base.momentum.to_string(),
    );
    differing(
        "weight_decay",
        config.weight_decay.to_string(),
        base.weight_decay.to_string(),
    );
    differing(
        "batch",
        config.batch_size.to_string(),
        base.batch_size.to_string(),
    );
    differing("rows", config.rows.to_string(), base.rows.to_string());
    differing("epochs", config.epochs.to_string(), base.epochs.to_string());
    differing("seed", config.seed.to_string(), base.seed.to_string());
    if device != DeviceChoice::Auto {
        pairs.push(("device", device.key().into()));
    }
    pairs
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// Reads a query. What cannot be read is reported and left at the preset's value; unknown keys are
/// reported too, so that a typing mistake does not pass in silence.
pub fn from_query(query: &str) -> (ExperimentConfig, DeviceChoice, Vec<ConfigError>) {
    let pairs: Vec<(&str, &str)> = query
        .trim_start_matches('?')
        .split('&')
        .filter(|p| !p.is_empty())
        .map(|p| p.split_once('=').unwrap_or((p, "")))
        .collect();
    let mut problems = vec![];
    let mut preset = Preset::Baseline;
    if let Some((_, value)) = pairs.iter().find(|(k, _)| *k == "preset") {
        match Preset::ALL.into_iter().find(|p| p.key() == *value) {
            Some(found) => preset = found,
            None => problems.push(unreadable("preset", value, "it is baseline or improved.")),
        }
    }
    let mut config = preset.config();
    let mut device = DeviceChoice::Auto;
    for (key, value) in pairs {
        let before = config.clone();
        let read = match key {
            "preset" => Ok(()),
            "layers" => layers(value).map(|v| config.hidden = v),
            "activation" => Activation::from_key(value)
                .map(|v| config.activation = v)
                .ok_or("it is relu, tanh or sigmoid."),
            "batch_norm" => match value {
                "1" | "true" => {
                    config.batch_norm = true;
                    Ok(())
                }
                "0" | "false" => {
                    config.batch_norm = false;
                    Ok(())
                }
                _ => Err("it is 1 or 0."),
            },
            "dropout" => number(value).map(|v| config.dropout = v),
            "lr" => number(value).map(|v| config.learning_rate = v),
            "momentum" => number(value).map(|v| config.momentum = v),
            "weight_decay" => number(value).map(|v| config.weight_decay = v),
            "batch" => number(value).map(|v| config.batch_size = v),
            "rows" => number(value).map(|v| config.rows = v),
            "epochs" => number(value).map(|v| config.epochs = v),
            "seed" => number(value).map(|v| config.seed = v),
            "device" => DeviceChoice::from_key(value)
                .map(|v| device = v)
                .ok_or("it is auto, cpu or webgpu."),
            _ => Err("there is no such setting."),
        };
        if let Err(reason) = read {
            problems.push(unreadable(key, value, reason));
            config = before;
        }
    }
    if let Err(problem) = config.validate() {
        problems.push(problem);
        config = preset.config();
    }
    (config, device, problems)
}

fn unreadable(key: &str, value: &str, reason: &str) -> ConfigError {
    // An address can hold anything: what is echoed is cut and cleaned.
    let clean = |text: &str| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(40)
            .collect::<String>()
    };
    ConfigError::Query {
        key: clean(key),
        value: clean(value),
        reason: reason.into(),
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, &'static str> {
    text.parse()
        .map_err(|_| "it is not a number this setting takes.")
}

fn layers(text: &str) -> Result<Vec<usize>, &'static str> {
    if text == "none" {
        return Ok(vec![]);
    }
    text.split('-')
        .map(|w| {
            w.parse()
                .map_err(|_| "layers are widths with dashes between, such as 128-64.")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_survives_its_query() {
        let config = ExperimentConfig {
            hidden: vec![32],
            activation: Activation::Tanh,
            learning_rate: 0.05,
            weight_decay: 1e-5,
            seed: 7,
            ..Preset::Improved.config()
        };
        let query = to_query(&config, DeviceChoice::Cpu);
        assert_eq!(from_query(&query), (config, DeviceChoice::Cpu, vec![]));
        assert_eq!(
            to_query(&ExperimentConfig::default(), DeviceChoice::Auto),
            ""
        );
        let linear = ExperimentConfig {
            hidden: vec![],
            ..ExperimentConfig::default()
        };
        assert_eq!(from_query(&to_query(&linear, DeviceChoice::Auto)).0, linear);
    }

    #[test]
    fn nonsense_in_the_address_is_reported_and_the_rest_kept() {
        let (config, device, problems) =
            from_query("?epochs=banana&rows=500&colour=red&device=toaster&layers=12--3");
        assert_eq!(config.rows, 500);
        assert_eq!(config.epochs, 100);
        assert_eq!(device, DeviceChoice::Auto);
        assert_eq!(problems.len(), 4);
        assert!(problems[0].to_string().contains("epochs=banana"));
        assert!(problems[1].to_string().contains("no such setting"));
    }

    #[test]
    fn a_query_out_of_bounds_falls_back_to_the_preset() {
        let (config, _, problems) = from_query("rows=0&epochs=5");
        assert_eq!(config, ExperimentConfig::default());
        assert!(problems[0].to_string().contains("0 rows of data"));
    }
}
