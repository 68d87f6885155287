//! What a configuration accepts, refuses and is called.

use super::*;

fn base() -> ExperimentConfig {
    Preset::Baseline.config()
}

#[test]
fn presets_are_valid_and_named() {
    for preset in Preset::ALL {
        let config = preset.config();
        assert_eq!(config.validate(), Ok(()));
        assert_eq!(config.preset(), Some(preset));
    }
}

#[test]
fn the_split_of_six_thousand_rows_is_scikit_learns() {
    assert_eq!(
        (
            base().train_rows(),
            base().test_rows(),
            base().steps_per_epoch()
        ),
        (4_800, 1_200, 150)
    );
    let odd = ExperimentConfig { rows: 11, ..base() };
    assert_eq!((odd.train_rows(), odd.test_rows()), (8, 3)); // ceil(0.2 * 11) = 3
}

#[test]
fn the_network_of_the_article_has_109_386_parameters() {
    // 784*128+128 + 128*64+64 + 64*10+10, as sum(p.numel() for p in model.parameters()) says.
    assert_eq!(base().parameters(), 109_386);
}

#[test]
fn one_configuration_has_one_run_id_and_a_change_another() {
    let stored = base().to_json().unwrap();
    assert_eq!(
        ExperimentConfig::from_json(&stored).unwrap().run_id(),
        base().run_id()
    );
    assert_ne!(
        ExperimentConfig { seed: 7, ..base() }.run_id(),
        base().run_id()
    );
    assert_eq!(base().run_id().0.len(), 10);
}

#[test]
fn bad_fields_are_refused_with_a_sentence() {
    let cases: Vec<(ExperimentConfig, &str)> = vec![
        (ExperimentConfig { rows: 0, ..base() }, "0 rows of data"),
        (
            ExperimentConfig { rows: 20, ..base() },
            "larger than the 16 training rows",
        ),
        (
            ExperimentConfig {
                batch_size: 0,
                ..base()
            },
            "batch_size should be a positive integer",
        ),
        (
            ExperimentConfig {
                batch_norm: true,
                batch_size: 1,
                ..base()
            },
            "more than 1 value per channel",
        ),
        (
            ExperimentConfig {
                batch_norm: true,
                rows: 80,
                batch_size: 63,
                ..base()
            },
            "more than 1 value per channel",
        ),
        (
            ExperimentConfig {
                learning_rate: 0.0,
                ..base()
            },
            "Invalid learning rate: 0",
        ),
        (
            ExperimentConfig {
                learning_rate: f64::NAN,
                ..base()
            },
            "Invalid learning rate: NaN",
        ),
        (
            ExperimentConfig {
                dropout: 1.5,
                ..base()
            },
            "dropout probability has to be between 0 and 1",
        ),
        (
            ExperimentConfig {
                momentum: -0.1,
                ..base()
            },
            "Invalid momentum value",
        ),
        (
            ExperimentConfig {
                weight_decay: -1.0,
                ..base()
            },
            "Invalid weight_decay value",
        ),
        (
            ExperimentConfig {
                hidden: vec![0],
                ..base()
            },
            "Hidden layer 1 has 0 units",
        ),
        (
            ExperimentConfig {
                hidden: vec![8; 9],
                ..base()
            },
            "9 hidden layers are too many",
        ),
        (
            ExperimentConfig {
                epochs: 0,
                ..base()
            },
            "0 epochs",
        ),
        (
            ExperimentConfig {
                version: 0,
                ..base()
            },
            "version 0 of the schema",
        ),
    ];
    for (config, want) in cases {
        let got = config.validate().unwrap_err().to_string();
        assert!(got.contains(want), "{got:?} should say {want:?}");
    }
}

#[test]
fn a_stored_configuration_of_another_version_or_shape_is_refused() {
    let old = base()
        .to_json()
        .unwrap()
        .replace("\"version\":1", "\"version\":0");
    assert_eq!(
        ExperimentConfig::from_json(&old),
        Err(ConfigError::Version { found: 0 })
    );
    assert!(matches!(
        ExperimentConfig::from_json("{"),
        Err(ConfigError::Unreadable { .. })
    ));
    let extra = base().to_json().unwrap().replace("\"seed\"", "\"sead\"");
    assert!(matches!(
        ExperimentConfig::from_json(&extra),
        Err(ConfigError::Unreadable { .. })
    ));
}

#[test]
fn differences_name_what_changed() {
    let improved = Preset::Improved.config();
    assert_eq!(
        improved.differences(&base()),
        "batch norm, dropout 0.3, weight decay 0.0001"
    );
    assert_eq!(base().differences(&base()), "");
}
