//! PyTorch's CPU random numbers, bit for bit, on plain vectors.
//!
//! Whatever the device, random numbers are made here and uploaded, so that a seeded run starts from the same
//! bits everywhere. The facts were recorded from PyTorch 2.15 and stand in `tests/golden/rng.json`.

mod discrete;
mod mt19937;
mod normal;
mod state;

pub(crate) use mt19937::Mt19937;
pub use state::{GeneratorState, StateError};

/// `n` under which PyTorch draws normal deviates one at a time.
const SMALL: usize = 16;

/// What is wrong with a request for random numbers, worded as PyTorch words it where it has words.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs)]
pub enum RandomError {
    #[error("random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")]
    EmptyRange { low: i64, high: i64 },
    #[error("bernoulli_ expects p to be in [0, 1], but got p={found}")]
    Probability { found: f64 },
    #[error("uniform_ expects to return a [from, to) range, but found from={low} > to={high}")]
    Uniform { low: f32, high: f32 },
    #[error("normal expects std >= 0.0, but found std {found}")]
    Deviation { found: f64 },
    #[error("exponential_ expects lambda > 0.0, but found lambda={found}")]
    Rate { found: f64 },
    #[error(
        "invalid multinomial distribution: the weights must be finite, none below 0 and some above 0"
    )]
    Weights,
    #[error(
        "invalid multinomial distribution (with replacement=False, not enough non-negative category to sample): {wanted} wanted of {there}"
    )]
    TooFewCategories { wanted: usize, there: usize },
}

/// The weights and the bias of a fresh `nn.Linear`, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearInit {
    /// `[out_features, in_features]`
    pub weight: Vec<f32>,
    /// `[out_features]`
    pub bias: Vec<f32>,
}

/// `torch.Generator` for the CPU.
#[derive(Clone)]
pub struct Generator {
    mt: Mt19937,
    /// The second float64 deviate of a pair, kept for the next small normal draw.
    spare: Option<f64>,
    seed: u64,
}

impl std::fmt::Debug for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generator")
            .field("seed", &self.seed)
            .field("used", &self.mt.used())
            .field("spare", &self.spare)
            .finish_non_exhaustive()
    }
}

impl Generator {
    /// `torch.manual_seed(seed)`: the low 32 bits seed the twister.
    pub fn new(seed: u64) -> Self {
        Self {
            mt: Mt19937::new(seed as u32),
            spare: None,
            seed,
        }
    }

    /// The seed it was made with.
    pub fn initial_seed(&self) -> u64 {
        self.seed
    }

    /// The next 32 bits.
    pub fn random(&mut self) -> u32 {
        self.mt.next_u32()
    }

    /// The next 64 bits, the high word first.
    pub fn random64(&mut self) -> u64 {
        self.mt.next_u64()
    }

    /// `torch.rand(n)`: `[n]` uniform in [0, 1), multiples of 2⁻²⁴.
    pub fn rand(&mut self, n: usize) -> Vec<f32> {
        self.mt.map_u32(n, unit_f32)
    }

    /// `torch.rand(n, dtype=torch.float64)`: `[n]` uniform in [0, 1), multiples of 2⁻⁵³.
    pub fn rand_f64(&mut self, n: usize) -> Vec<f64> {
        self.mt.map_u64(n, unit_f64)
    }

    /// `torch.empty(n).uniform_(low, high)`: `[n]`, each `u * (high - low) + low` rounded once.
    ///
    /// # Errors
    /// When `low > high` or either is not a number.
    pub fn uniform(&mut self, n: usize, low: f32, high: f32) -> Result<Vec<f32>, RandomError> {
        if low <= high {
            Ok(self.uniform_between(n, low, high))
        } else {
            Err(RandomError::Uniform { low, high })
        }
    }

    fn uniform_between(&mut self, n: usize, low: f32, high: f32) -> Vec<f32> {
        let width = high - low;
        self.mt
            .map_u32(n, |draw| normal::fused(unit_f32(draw), width, low))
    }

    /// `torch.randn(n)`: `[n]` standard normal deviates.
    pub fn randn(&mut self, n: usize) -> Vec<f32> {
        self.normals(n, 0.0, 1.0)
    }

    /// `torch.randn(n, dtype=torch.float64)`: `[n]`, to within one unit in the last place of PyTorch's.
    pub fn randn_f64(&mut self, n: usize) -> Vec<f64> {
        if n >= SMALL {
            return normal::fill_f64(&mut self.mt, n, 0.0, 1.0);
        }
        (0..n)
            .map(|_| normal::single(&mut self.mt, &mut self.spare))
            .collect()
    }

    /// `torch.empty(n).normal_(mean, std)`: `[n]`.
    ///
    /// # Errors
    /// When `std` is below 0 or not a number.
    pub fn normal(&mut self, n: usize, mean: f64, std: f64) -> Result<Vec<f32>, RandomError> {
        if std >= 0.0 {
            Ok(self.normals(n, mean, std))
        } else {
            Err(RandomError::Deviation { found: std })
        }
    }

    fn normals(&mut self, n: usize, mean: f64, std: f64) -> Vec<f32> {
        if n >= SMALL {
            return normal::fill_f32(&mut self.mt, n, mean as f32, std as f32);
        }
        (0..n)
            .map(|_| (normal::single(&mut self.mt, &mut self.spare) * std + mean) as f32)
            .collect()
    }

    /// A fresh `nn.Linear(inputs, outputs)`: the weights by `kaiming_uniform_(a=sqrt(5))`, then the bias.
    pub fn linear_init(&mut self, inputs: usize, outputs: usize) -> LinearInit {
        let fan = inputs as f64;
        let slope = 5f64.sqrt();
        let gain = (2.0 / (1.0 + slope * slope)).sqrt();
        let weight_bound = (3f64.sqrt() * (gain / fan.sqrt())) as f32;
        // Without inputs PyTorch leaves the weights empty and draws the bias from [-0, 0).
        let bias_bound = if inputs == 0 { 0.0 } else { 1.0 / fan.sqrt() } as f32;
        LinearInit {
            weight: self.uniform_between(inputs * outputs, -weight_bound, weight_bound),
            bias: self.uniform_between(outputs, -bias_bound, bias_bound),
        }
    }
}

/// A float32 uniform: the low 24 bits.
fn unit_f32(draw: u32) -> f32 {
    (draw & 0x00FF_FFFF) as f32 * (1.0 / 16_777_216.0)
}

/// A float64 uniform: the low 53 bits.
fn unit_f64(draw: u64) -> f64 {
    (draw & ((1 << 53) - 1)) as f64 * (1.0 / 9_007_199_254_740_992.0)
}
