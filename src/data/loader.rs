//! The order in which an epoch visits the rows, as PyTorch's `DataLoader` draws it.

use crate::random::Generator;

/// One epoch's order. Its seed rebuilds it, so a checkpoint need not hold the order itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochOrder {
    sampler_seed: Option<u64>,
    order: Vec<u32>,
}

impl EpochOrder {
    /// `DataLoader(shuffle=True)` over `rows` rows: takes a base seed and a sampler seed, 64 bits each, from
    /// `generator`, and shuffles with a generator of its own.
    pub fn shuffled(generator: &mut Generator, rows: u32) -> Self {
        generator.random64();
        // The sampler's seed is an int64 drawn by `random_()`, which never sets the sign.
        Self::from_seed(generator.random64() & (u64::MAX >> 1), rows)
    }

    /// `DataLoader(shuffle=False)`: in order. The base seed is drawn all the same, as PyTorch does.
    pub fn in_order(generator: &mut Generator, rows: u32) -> Self {
        generator.random64();
        Self {
            sampler_seed: None,
            order: (0..rows).collect(),
        }
    }

    /// The order that [`Self::shuffled`] made with this sampler seed.
    pub fn from_seed(sampler_seed: u64, rows: u32) -> Self {
        Self {
            sampler_seed: Some(sampler_seed),
            order: Generator::new(sampler_seed).randperm_u32(rows),
        }
    }

    /// The sampler's seed; `None` when the rows are not shuffled.
    pub fn sampler_seed(&self) -> Option<u64> {
        self.sampler_seed
    }

    /// Every row of the epoch, in order.
    pub fn rows(&self) -> &[u32] {
        &self.order
    }

    /// Batches of `batch_size` rows, at least one each; the last may be short.
    pub fn batches(&self, batch_size: usize) -> std::slice::Chunks<'_, u32> {
        self.order.chunks(batch_size.max(1))
    }
}
