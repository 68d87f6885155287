//! Whole numbers, permutations, coin tosses and choices.

use super::{Generator, RandomError, unit_f32, unit_f64};

impl Generator {
    /// `torch.randint(low, high, (n,))`: `[n]` in `low..high`.
    ///
    /// # Errors
    /// When the range is empty.
    pub fn randint(&mut self, low: i64, high: i64, n: usize) -> Result<Vec<i64>, RandomError> {
        if low >= high {
            return Err(RandomError::EmptyRange { low, high });
        }
        let range = high.wrapping_sub(low) as u64;
        let place = |draw: u64| low.wrapping_add((draw % range) as i64);
        // PyTorch takes 64 bits a value once the range is wide.
        Ok(if range >= 1 << 28 {
            self.mt.map_u64(n, place)
        } else {
            self.mt.map_u32(n, |draw| place(u64::from(draw)))
        })
    }

    /// `torch.randperm(n)`.
    pub fn randperm(&mut self, n: usize) -> Vec<i64> {
        let mut order: Vec<i64> = (0..n as i64).collect();
        self.shuffle(&mut order);
        order
    }

    /// `torch.randperm(n)` as row numbers.
    pub fn randperm_u32(&mut self, n: u32) -> Vec<u32> {
        let mut order: Vec<u32> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }

    /// The forward Fisher-Yates shuffle of `randperm`.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        let n = items.len();
        for at in 0..n.saturating_sub(1) {
            let step = u64::from(self.mt.next_u32()) % (n - at) as u64;
            items.swap(at, at + step as usize);
        }
    }

    /// `torch.empty(n).bernoulli_(p)`: `[n]`, true with probability `p` (a float64 uniform below `p`).
    ///
    /// # Errors
    /// When `p` is not in [0, 1].
    pub fn bernoulli(&mut self, p: f64, n: usize) -> Result<Vec<bool>, RandomError> {
        let limit = bernoulli_limit(p)?;
        Ok(self.mt.map_u64(n, |draw| draw & UNIT_BITS < limit))
    }

    /// The factors of `Dropout(p)`: `[n]`, 0 with probability `p` and otherwise `1 / (1 - p)`.
    /// With `p = 1` all are 0, as in PyTorch.
    ///
    /// # Errors
    /// When `p` is not in [0, 1].
    pub fn dropout_factors(&mut self, p: f64, n: usize) -> Result<Vec<f32>, RandomError> {
        if !(0.0..=1.0).contains(&p) {
            return Err(RandomError::Probability { found: p });
        }
        let keep = 1.0 - p;
        let factor = if keep > 0.0 { 1.0 / keep as f32 } else { 0.0 };
        let limit = bernoulli_limit(keep)?;
        Ok(self.mt.map_u64(n, |draw| {
            if draw & UNIT_BITS < limit {
                factor
            } else {
                0.0
            }
        }))
    }

    /// `torch.bernoulli(probabilities)`: true with each element's own probability (a float32 uniform below it).
    ///
    /// # Errors
    /// When one is not in [0, 1].
    pub fn bernoulli_of(&mut self, probabilities: &[f32]) -> Result<Vec<bool>, RandomError> {
        if let Some(&found) = probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err(RandomError::Probability {
                found: found.into(),
            });
        }
        let draws = self.mt.map_u32(probabilities.len(), unit_f32);
        Ok(draws
            .iter()
            .zip(probabilities)
            .map(|(u, p)| u < p)
            .collect())
    }

    /// `torch.empty(n).exponential_(rate)`: `[n]`.
    ///
    /// # Errors
    /// When `rate` is not above 0.
    pub fn exponential(&mut self, n: usize, rate: f64) -> Result<Vec<f32>, RandomError> {
        if rate > 0.0 {
            let scale = -1.0 / rate;
            let make = |draw| (scale * (-unit_f64(draw)).ln_1p()) as f32;
            Ok(self.mt.map_u64(n, make))
        } else {
            Err(RandomError::Rate { found: rate })
        }
    }

    /// `torch.multinomial(weights, n, replacement)`: `[n]` indices of `weights`, which need not sum to 1.
    ///
    /// # Errors
    /// When the weights are no distribution, or fewer than `n` are above 0 and none may come twice.
    pub fn multinomial(
        &mut self,
        weights: &[f32],
        n: usize,
        replacement: bool,
    ) -> Result<Vec<i64>, RandomError> {
        let sum: f32 = weights.iter().sum();
        if weights.iter().any(|&w| w.is_nan() || w < 0.0) || !sum.is_finite() || sum <= 0.0 {
            return Err(RandomError::Weights);
        }
        if replacement {
            return Ok(self.choose(weights, n));
        }
        let there = weights.iter().filter(|&&w| w > 0.0).count();
        if n > there {
            return Err(RandomError::TooFewCategories { wanted: n, there });
        }
        // The largest of weight / exponential come first: a race in which each runs at its own rate.
        let times = self.exponential(weights.len(), 1.0)?;
        let mut race: Vec<(f32, i64)> = (0..)
            .zip(weights.iter().zip(&times))
            .map(|(at, (weight, time))| (weight / time, at))
            .collect();
        race.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ok(race.into_iter().take(n).map(|(_, at)| at).collect())
    }

    /// Draws with replacement: each float64 uniform finds its place among the cumulative weights.
    fn choose(&mut self, weights: &[f32], n: usize) -> Vec<i64> {
        let mut sum = 0.0f32;
        let mut cumulative: Vec<f32> = weights
            .iter()
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        for place in &mut cumulative {
            *place /= sum;
        }
        let last = cumulative.len().saturating_sub(1);
        self.mt.map_u64(n, |draw| {
            let u = unit_f64(draw);
            cumulative.partition_point(|&c| f64::from(c) < u).min(last) as i64
        })
    }
}

/// The bits of a draw that make a float64 uniform.
const UNIT_BITS: u64 = (1 << 53) - 1;

/// `u < p` as a comparison of whole numbers: `u * 2^53 < ceil(p * 2^53)`. Scaling by a power of two is exact.
fn bernoulli_limit(p: f64) -> Result<u64, RandomError> {
    if (0.0..=1.0).contains(&p) {
        Ok((p * 9_007_199_254_740_992.0).ceil() as u64)
    } else {
        Err(RandomError::Probability { found: p })
    }
}
