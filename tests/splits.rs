//! Who learns from which rows, and in which order: against scikit-learn's and PyTorch's own.

use kindling::data::{EpochOrder, Split, train_test_split};
use kindling::random::Generator;
use kindling_protocol::ExperimentConfig;
use serde_json::{Value, json};

type Test = Result<(), Box<dyn std::error::Error>>;

/// Sum of row times place (from 1): tells any two orders of the same rows apart for all practical purposes.
fn fingerprint(rows: &[u32]) -> u64 {
    (1u64..)
        .zip(rows)
        .map(|(at, &row)| at * u64::from(row))
        .sum()
}

// The values of scikit-learn 1.9.1's train_test_split(range(n), test_size=0.2, random_state=42).
#[test]
fn splits_are_scikit_learn_s() -> Test {
    let small = train_test_split(10, 0.2, 42)?;
    assert_eq!(small.train_rows, [5, 0, 7, 2, 9, 4, 3, 6]);
    assert_eq!(small.test_rows, [8, 1]);
    let rounded_up = train_test_split(11, 0.2, 42)?;
    assert_eq!(rounded_up.train_rows, [10, 2, 1, 8, 4, 7, 3, 6]);
    assert_eq!(rounded_up.test_rows, [5, 0, 9]);

    let lab = Split::of(&ExperimentConfig::default())?;
    assert_eq!((lab.train_rows.len(), lab.test_rows.len()), (4_800, 1_200));
    assert_eq!(lab.train_rows[..4], [3_897, 5_628, 1_756, 2_346]);
    assert_eq!(lab.test_rows[..4], [1_782, 3_917, 221, 2_135]);
    assert_eq!(fingerprint(&lab.train_rows), 34_983_492_119);
    assert_eq!(fingerprint(&lab.test_rows), 2_144_394_121);

    let all = train_test_split(60_000, 0.2, 42)?;
    assert_eq!(fingerprint(&all.train_rows), 34_507_134_114_780);
    assert_eq!(fingerprint(&all.test_rows), 2_175_249_998_502);
    Ok(())
}

#[test]
fn the_split_s_sizes_are_the_configuration_s() -> Test {
    for rows in [10, 11, 12, 13, 14, 15, 100, 101, 5_999, 6_000, 59_999] {
        let config = ExperimentConfig {
            rows,
            ..ExperimentConfig::default()
        };
        let split = Split::of(&config)?;
        assert_eq!(split.train_rows.len(), config.train_rows());
        assert_eq!(split.test_rows.len(), config.test_rows());
    }
    Ok(())
}

#[test]
fn a_split_with_an_empty_part_is_refused() {
    for (rows, test_size) in [(0, 0.2), (1, 0.2), (10, 0.0), (10, 1.0), (10, f64::NAN)] {
        let refused = train_test_split(rows, test_size, 42);
        assert!(refused.is_err_and(|e| e.to_string().contains("will be empty")));
    }
}

#[test]
fn epochs_are_dealt_as_pytorch_s_loader_deals_them() -> Test {
    let facts: Value = serde_json::from_str(include_str!("golden/rng.json"))?;
    let seeds = facts["seeds"].as_object().ok_or("no seeds")?;
    assert_eq!(seeds.len(), 6);
    for (seed, recorded) in seeds {
        let mut g = Generator::new(seed.parse()?);
        let mut epoch = || {
            let order = EpochOrder::shuffled(&mut g, 10);
            let rebuilt = order.sampler_seed().map(|s| EpochOrder::from_seed(s, 10));
            assert_eq!(Some(&order), rebuilt.as_ref());
            json!(order.batches(3).collect::<Vec<_>>())
        };
        let epochs = json!([epoch(), epoch()]);
        let want = &recorded["DataLoader(range(10),3,shuffle) two epochs, then rand(1)"];
        assert_eq!(epochs, json!([want[0], want[1]]));
        assert_eq!(Some(g.rand(1)[0]), want[2].as_f64().map(|v| v as f32));

        let mut g = Generator::new(seed.parse()?);
        let order = EpochOrder::in_order(&mut g, 4);
        assert_eq!(order.rows(), [0, 1, 2, 3]);
        assert_eq!(order.sampler_seed(), None);
        let want = &recorded["DataLoader(range(4),2) one epoch unshuffled, then rand(1)"];
        assert_eq!(Some(g.rand(1)[0]), want.as_f64().map(|v| v as f32));
    }
    Ok(())
}
