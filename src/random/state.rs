//! A generator's state as a checkpoint stores it.

use super::Generator;
use super::mt19937::{Mt19937, WORDS};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// What `Generator::get_state` gives and `Generator::set_state` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratorState {
    /// The seed the generator was made with.
    pub seed: u64,
    /// 624 words, eight hexadecimal digits each.
    pub words: String,
    /// Draws used up of the 624 that the words give.
    pub used: usize,
    /// Bits of the spare normal deviate: JSON numbers would not keep every bit.
    pub spare: Option<u64>,
}

/// A stored state that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "The stored random state is damaged ({reason}). Start the run again instead of taking it up."
)]
pub struct StateError {
    reason: String,
}

impl Generator {
    /// The state, to go on from later.
    pub fn get_state(&self) -> GeneratorState {
        let mut words = String::with_capacity(WORDS * 8);
        for word in self.mt.state() {
            // Writing to a String cannot fail.
            let _ = write!(words, "{word:08x}");
        }
        GeneratorState {
            seed: self.seed,
            words,
            used: self.mt.used(),
            spare: self.spare.map(f64::to_bits),
        }
    }

    /// A generator that goes on from a stored state.
    ///
    /// # Errors
    /// When the words are not 624 groups of eight hexadecimal digits, or `used` is above 624.
    pub fn from_state(state: &GeneratorState) -> Result<Self, StateError> {
        let damaged = |reason: String| StateError { reason };
        let digits = state.words.as_bytes();
        if digits.len() != WORDS * 8 {
            return Err(damaged(format!(
                "{} digits instead of {}",
                digits.len(),
                WORDS * 8
            )));
        }
        if state.used > WORDS {
            return Err(damaged(format!("{} draws used of {WORDS}", state.used)));
        }
        let mut words = [0; WORDS];
        for (word, group) in words.iter_mut().zip(digits.chunks_exact(8)) {
            *word = std::str::from_utf8(group)
                .ok()
                .and_then(|text| u32::from_str_radix(text, 16).ok())
                .ok_or_else(|| damaged("a digit is not hexadecimal".into()))?;
        }
        Ok(Self {
            mt: Mt19937::from_state(&words, state.used),
            spare: state.spare.map(f64::from_bits),
            seed: state.seed,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::random::{Generator, GeneratorState};

    #[test]
    fn a_stored_state_goes_on_with_the_same_numbers() -> Result<(), Box<dyn std::error::Error>> {
        for (before, spare) in [(0, 0), (5, 1), (624, 0), (700, 3)] {
            let mut first = Generator::new(42);
            first.rand(before);
            first.randn(spare);
            let text = serde_json::to_string(&first.get_state())?;
            let stored: GeneratorState = serde_json::from_str(&text)?;
            let mut second = Generator::from_state(&stored)?;
            assert_eq!(first.randn(3), second.randn(3));
            assert_eq!(first.rand(2_000), second.rand(2_000));
            assert_eq!(first.initial_seed(), second.initial_seed());
        }
        Ok(())
    }

    #[test]
    fn a_damaged_state_is_refused_with_a_sentence() {
        let good = Generator::new(1).get_state();
        let bad = [
            GeneratorState {
                words: good.words[1..].into(),
                ..good.clone()
            },
            GeneratorState {
                words: format!("g{}", &good.words[1..]),
                ..good.clone()
            },
            GeneratorState { used: 625, ..good },
        ];
        for state in bad {
            let sentence = Generator::from_state(&state)
                .map(|_| ())
                .map_err(|e| e.to_string());
            assert!(sentence.is_err_and(|s| s.contains("random state is damaged")));
        }
    }
}
