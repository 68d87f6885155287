//! The generator against PyTorch's own first draws, recorded in `golden/rng.json` for six seeds.

use kindling::data::permutation;
use kindling::random::{Generator, RandomError};
use serde_json::Value;

type Test = Result<(), Box<dyn std::error::Error>>;

fn facts() -> Result<Value, Box<dyn std::error::Error>> {
    Ok(serde_json::from_str(include_str!("golden/rng.json"))?)
}

/// Runs `check` with each recorded seed and its facts.
fn each_seed(check: impl Fn(u64, &Value) -> Test) -> Test {
    let facts = facts()?;
    let seeds = facts["seeds"].as_object().ok_or("no seeds")?;
    assert_eq!(seeds.len(), 6);
    for (seed, recorded) in seeds {
        check(seed.parse()?, recorded)?;
    }
    Ok(())
}

/// The recorded float32 bits under `name`.
fn bits(recorded: &Value, name: &str) -> Result<Vec<u32>, Box<dyn std::error::Error>> {
    let hex = recorded[name]["hex"].as_array().ok_or(name)?;
    hex.iter()
        .map(|h| Ok(u32::from_str_radix(h.as_str().ok_or(name)?, 16)?))
        .collect()
}

fn bits_f64(recorded: &Value, name: &str) -> Result<Vec<u64>, Box<dyn std::error::Error>> {
    let hex = recorded[name]["hex"].as_array().ok_or(name)?;
    hex.iter()
        .map(|h| Ok(u64::from_str_radix(h.as_str().ok_or(name)?, 16)?))
        .collect()
}

fn whole(recorded: &Value, name: &str) -> Result<Vec<i64>, Box<dyn std::error::Error>> {
    let numbers = recorded[name].as_array().ok_or(name)?;
    numbers
        .iter()
        // Masks of float tensors are recorded as 1.0 and 0.0.
        .map(|n| Ok(n.as_i64().or(n.as_f64().map(|v| v as i64)).ok_or(name)?))
        .collect()
}

#[track_caller]
fn same_bits(got: &[f32], recorded: &Value, name: &str) -> Test {
    let got: Vec<u32> = got.iter().map(|v| v.to_bits()).collect();
    assert_eq!(got, bits(recorded, name)?, "{name}");
    Ok(())
}

fn ones(mask: &[bool]) -> Vec<i64> {
    mask.iter().map(|&m| i64::from(m)).collect()
}

#[test]
fn uniform_draws_are_pytorch_s() -> Test {
    each_seed(|seed, recorded| {
        let fresh = || Generator::new(seed);
        same_bits(&fresh().rand(20), recorded, "rand(20)")?;
        same_bits(&fresh().rand(5), recorded, "rand(5)")?;
        same_bits(
            &fresh().uniform(20, -1.0, 1.0)?,
            recorded,
            "empty(20).uniform_(-1,1)",
        )?;
        let wide: Vec<u64> = fresh().rand_f64(20).iter().map(|v| v.to_bits()).collect();
        assert_eq!(wide, bits_f64(recorded, "rand(20,float64)")?);
        Ok(())
    })
}

#[test]
fn normal_draws_are_pytorch_s() -> Test {
    each_seed(|seed, recorded| {
        let fresh = || Generator::new(seed);
        for n in [1, 2, 3, 5, 15, 16, 17, 20, 24, 31, 32, 33] {
            same_bits(&fresh().randn(n), recorded, &format!("randn({n})"))?;
        }
        let many = fresh().randn(1_000);
        same_bits(&many[..20], recorded, "randn(1000)[:20]")?;
        same_bits(&many[980..], recorded, "randn(1000)[-20:]")?;
        let scaled = |n| fresh().normal(n, 2.0, 0.5);
        same_bits(&scaled(20)?, recorded, "empty(20).normal_(2,0.5)")?;
        same_bits(&scaled(5)?, recorded, "empty(5).normal_(2,0.5)")?;
        same_bits(&fresh().randn(12), recorded, "nn.Embedding(3,4).weight")?;
        let wide: Vec<u64> = fresh().randn_f64(5).iter().map(|v| v.to_bits()).collect();
        for (got, want) in wide.iter().zip(bits_f64(recorded, "randn(5,float64)")?) {
            // The last bit belongs to the C library's logarithm and cosine.
            assert!(got.abs_diff(want) <= 1, "{got:x} {want:x}");
        }
        let wide = fresh().randn_f64(20);
        for (got, want) in wide.iter().zip(bits_f64(recorded, "randn(20,float64)")?) {
            assert!(got.to_bits().abs_diff(want) <= 1, "{got} {want:x}");
        }
        Ok(())
    })
}

#[test]
fn the_spare_deviate_outlives_other_draws() -> Test {
    each_seed(|seed, recorded| {
        let mut g = Generator::new(seed);
        g.randn(3);
        same_bits(&g.rand(3), recorded, "rand(3) after randn(3)")?;
        let mut g = Generator::new(seed);
        g.randn(1);
        same_bits(&g.randn(2), recorded, "randn(2) after randn(1)")?;
        let mut g = Generator::new(seed);
        g.randn(16);
        same_bits(&g.randn(1), recorded, "randn(1) after randn(16)")?;
        let mut g = Generator::new(seed);
        g.randn(1);
        g.randn(20);
        same_bits(&g.randn(1), recorded, "randn(1) after randn(1), randn(20)")
    })
}

#[test]
fn whole_numbers_and_permutations_are_pytorch_s() -> Test {
    each_seed(|seed, recorded| {
        let fresh = || Generator::new(seed);
        for (low, high, name) in [
            (0, 1 << 24, "raw_u32_low (torch.randint(0,2**24,(20,)))"),
            (0, 10, "randint(0,10,(20,))"),
            (-5, 1_000, "randint(-5,1000,(20,))"),
            (0, 1 << 31, "randint(0,2**31,(20,))"),
            (0, 1 << 40, "randint(0,2**40,(20,))"),
        ] {
            assert_eq!(
                fresh().randint(low, high, 20)?,
                whole(recorded, name)?,
                "{name}"
            );
        }
        assert_eq!(fresh().randperm(20), whole(recorded, "randperm(20)")?);
        let many = fresh().randperm(1_000);
        assert_eq!(many[..20], whole(recorded, "randperm(1000)[:20]")?);
        let rows: Vec<i64> = fresh()
            .randperm_u32(1_000)
            .into_iter()
            .map(i64::from)
            .collect();
        assert_eq!(rows, many);
        Ok(())
    })
}

#[test]
fn masks_and_choices_are_pytorch_s() -> Test {
    each_seed(|seed, recorded| {
        let fresh = || Generator::new(seed);
        for (p, name) in [
            (0.5, "empty(20).bernoulli_(0.5)"),
            (0.3, "empty(20).bernoulli_(0.3)"),
        ] {
            assert_eq!(
                ones(&fresh().bernoulli(p, 20)?),
                whole(recorded, name)?,
                "{name}"
            );
        }
        let ramp: Vec<f32> = (0..20).map(|k| k as f32 / 19.0).collect();
        for (probabilities, name) in [
            (vec![0.5; 20], "bernoulli(full((20,),0.5))"),
            (vec![0.3; 20], "bernoulli(full((20,),0.3))"),
            (ramp, "bernoulli(linspace(0,1,20))"),
        ] {
            let got = fresh().bernoulli_of(&probabilities)?;
            assert_eq!(ones(&got), whole(recorded, name)?, "{name}");
        }
        let dropout = |p, n| -> Result<Vec<i64>, RandomError> {
            let factors = fresh().dropout_factors(p, n)?;
            Ok(factors.iter().map(|&f| i64::from(f != 0.0)).collect())
        };
        for (p, n, name) in [
            (0.5, 20, "F.dropout(ones(20),0.5)!=0"),
            (0.3, 20, "F.dropout(ones(20),0.3)!=0"),
            (0.3, 8, "F.dropout(ones(8),0.3)!=0"),
        ] {
            assert_eq!(dropout(p, n)?, whole(recorded, name)?, "{name}");
        }
        let large = dropout(0.3, 64 * 128)?;
        let row = &large[63 * 128..63 * 128 + 20];
        assert_eq!(
            row,
            whole(
                recorded,
                "F.dropout(ones(64,128),0.3)!=0 [row 63, first 20]"
            )?
        );

        let weights = [0.1, 0.2, 0.3, 0.4];
        assert_eq!(
            fresh().multinomial(&weights, 10, true)?,
            whole(recorded, "multinomial([.1,.2,.3,.4],10,True)")?
        );
        assert_eq!(
            fresh().multinomial(&weights, 4, false)?,
            whole(recorded, "multinomial([.1,.2,.3,.4],4)")?
        );
        let want = bits(recorded, "empty(20).exponential_()")?;
        for (got, want) in fresh().exponential(20, 1.0)?.iter().zip(want) {
            assert!(got.to_bits().abs_diff(want) <= 1, "{got} {want:x}");
        }
        Ok(())
    })
}

#[test]
fn linear_layers_start_from_pytorch_s_bits() -> Test {
    each_seed(|seed, recorded| {
        let big = Generator::new(seed).linear_init(784, 128);
        assert_eq!((big.weight.len(), big.bias.len()), (784 * 128, 128));
        let last = big.weight.len() - 10;
        same_bits(
            &big.weight[..10],
            recorded,
            "nn.Linear(784,128).weight[0,:10]",
        )?;
        same_bits(
            &big.weight[last..],
            recorded,
            "nn.Linear(784,128).weight[127,-10:]",
        )?;
        same_bits(&big.bias[..10], recorded, "nn.Linear(784,128).bias[:10]")?;
        let small = Generator::new(seed).linear_init(3, 2);
        same_bits(&small.weight, recorded, "nn.Linear(3,2).weight")?;
        same_bits(&small.bias, recorded, "nn.Linear(3,2).bias")
    })
}

#[test]
fn dropout_scales_what_it_keeps() -> Test {
    let mut g = Generator::new(3);
    let kept: Vec<f32> = g
        .dropout_factors(0.3, 100)?
        .into_iter()
        .filter(|&f| f != 0.0)
        .collect();
    assert!(kept.iter().all(|&f| f == 1.0 / 0.7));
    assert!(g.dropout_factors(1.0, 100)?.iter().all(|&f| f == 0.0));
    assert!(g.dropout_factors(0.0, 100)?.iter().all(|&f| f == 1.0));
    assert!(g.bernoulli(1.0, 100)?.iter().all(|&m| m));
    assert!(g.bernoulli(0.0, 100)?.iter().all(|&m| !m));
    Ok(())
}

#[test]
fn bad_requests_are_refused_in_pytorch_s_words() {
    let mut g = Generator::new(0);
    let sentence = |e: Result<(), RandomError>| e.err().map(|e| e.to_string()).unwrap_or_default();
    assert_eq!(
        sentence(g.randint(10, 10, 3).map(drop)),
        "random_ expects 'from' to be less than 'to', but got from=10 >= to=10"
    );
    assert!(sentence(g.bernoulli(1.5, 3).map(drop)).contains("p to be in [0, 1], but got p=1.5"));
    assert!(sentence(g.bernoulli(f64::NAN, 3).map(drop)).contains("p=NaN"));
    assert!(sentence(g.normal(3, 0.0, -1.0).map(drop)).contains("std >= 0.0, but found std -1"));
    assert!(sentence(g.uniform(3, 1.0, 0.0).map(drop)).contains("from=1 > to=0"));
    assert!(sentence(g.exponential(3, 0.0).map(drop)).contains("lambda > 0.0"));
    assert!(sentence(g.multinomial(&[0.5, -0.1], 1, true).map(drop)).contains("none below 0"));
    assert!(sentence(g.multinomial(&[1.0, 0.0], 2, false).map(drop)).contains("2 wanted of 1"));
}

#[test]
fn permutations_are_numpy_s() -> Test {
    let facts = facts()?;
    let numpy = facts["numpy"].as_object().ok_or("no numpy")?;
    assert_eq!(numpy.len(), 3);
    for (seed, recorded) in numpy {
        let got: Vec<i64> = permutation(20, seed.parse()?)
            .into_iter()
            .map(i64::from)
            .collect();
        assert_eq!(got, whole(recorded, "permutation(20)")?);
    }
    Ok(())
}
