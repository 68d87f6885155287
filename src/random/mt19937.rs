//! The 32-bit Mersenne Twister of Matsumoto and Nishimura (1998), seeded as PyTorch and numpy seed it.

/// Words of state.
pub(crate) const WORDS: usize = 624;
/// Distance of the word that is mixed in.
const SHIFT: usize = 397;
const UPPER: u32 = 0x8000_0000;
const LOWER: u32 = 0x7FFF_FFFF;
const TWIST: u32 = 0x9908_B0DF;

/// State, and the 624 draws it gives, made together so that a draw is a read.
#[derive(Clone)]
pub(crate) struct Mt19937 {
    state: Box<[u32; WORDS]>,
    block: Box<[u32; WORDS]>,
    /// Draws of the block that are used up.
    used: usize,
}

impl Mt19937 {
    /// Seeds with one word (`init_genrand`).
    pub(crate) fn new(seed: u32) -> Self {
        let mut state = Box::new([0; WORDS]);
        let mut word = seed;
        for (at, slot) in (0u32..).zip(state.iter_mut()) {
            if at > 0 {
                word = (word ^ (word >> 30))
                    .wrapping_mul(1_812_433_253)
                    .wrapping_add(at);
            }
            *slot = word;
        }
        Self {
            state,
            block: Box::new([0; WORDS]),
            used: WORDS,
        }
    }

    /// Takes up a saved state. `used` counts from 0 to 624; more is read as 624.
    pub(crate) fn from_state(state: &[u32; WORDS], used: usize) -> Self {
        let mut made = Self {
            state: Box::new(*state),
            block: Box::new([0; WORDS]),
            used: used.min(WORDS),
        };
        made.temper();
        made
    }

    /// The words of state.
    pub(crate) fn state(&self) -> &[u32; WORDS] {
        &self.state
    }

    /// How many of the state's 624 draws are used up.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// The next 32 bits.
    pub(crate) fn next_u32(&mut self) -> u32 {
        if self.used == WORDS {
            self.refill();
        }
        let draw = self.block[self.used];
        self.used += 1;
        draw
    }

    /// The next 64 bits: the first draw is the high word.
    pub(crate) fn next_u64(&mut self) -> u64 {
        let high = u64::from(self.next_u32());
        high << 32 | u64::from(self.next_u32())
    }

    /// `make` of each of the next `count` 32-bit draws.
    pub(crate) fn map_u32<T>(&mut self, count: usize, make: impl Fn(u32) -> T) -> Vec<T> {
        let mut made = Vec::with_capacity(count);
        while made.len() < count {
            if self.used == WORDS {
                self.refill();
            }
            let take = (WORDS - self.used).min(count - made.len());
            let draws = &self.block[self.used..self.used + take];
            made.extend(draws.iter().map(|&draw| make(draw)));
            self.used += take;
        }
        made
    }

    /// `make` of each of the next `count` 64-bit draws.
    pub(crate) fn map_u64<T>(&mut self, count: usize, make: impl Fn(u64) -> T) -> Vec<T> {
        let mut made = Vec::with_capacity(count);
        while made.len() < count {
            let take = ((WORDS - self.used) / 2).min(count - made.len());
            if take == 0 {
                // A pair that straddles two blocks, or an empty block.
                let draw = self.next_u64();
                made.push(make(draw));
                continue;
            }
            let draws = &self.block[self.used..self.used + 2 * take];
            made.extend(
                draws
                    .chunks_exact(2)
                    .map(|pair| make(u64::from(pair[0]) << 32 | u64::from(pair[1]))),
            );
            self.used += 2 * take;
        }
        made
    }

    fn refill(&mut self) {
        let s = &mut *self.state;
        let twist = |this: u32, next: u32, far: u32| {
            let word = (this & UPPER) | (next & LOWER);
            far ^ (word >> 1) ^ (0u32.wrapping_sub(word & 1) & TWIST)
        };
        // Three stretches instead of indices modulo 624.
        for k in 0..WORDS - SHIFT {
            s[k] = twist(s[k], s[k + 1], s[k + SHIFT]);
        }
        for k in WORDS - SHIFT..WORDS - 1 {
            s[k] = twist(s[k], s[k + 1], s[k + SHIFT - WORDS]);
        }
        s[WORDS - 1] = twist(s[WORDS - 1], s[0], s[SHIFT - 1]);
        self.temper();
        self.used = 0;
    }

    fn temper(&mut self) {
        for (draw, &word) in self.block.iter_mut().zip(self.state.iter()) {
            let mut y = word;
            y ^= y >> 11;
            y ^= (y << 7) & 0x9D2C_5680;
            y ^= (y << 15) & 0xEFC6_0000;
            *draw = y ^ (y >> 18);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mt19937;

    #[test]
    fn draws_in_bulk_equal_draws_one_by_one() {
        for skip in [0, 1, 2, 623] {
            let (mut bulk, mut single) = (Mt19937::new(5), Mt19937::new(5));
            for _ in 0..skip {
                assert_eq!(bulk.next_u32(), single.next_u32());
            }
            let wide = bulk.map_u64(1_000, |v| v);
            assert!(wide.iter().all(|&v| v == single.next_u64()));
            let narrow = bulk.map_u32(1_000, |v| v);
            assert!(narrow.iter().all(|&v| v == single.next_u32()));
        }
    }

    #[test]
    fn the_ten_thousandth_draw_is_the_c_plus_plus_standard_s() {
        // ISO C++ [rand.predef]: the 10000th value of a default mt19937 (seed 5489) is 4123659995.
        let draws = Mt19937::new(5_489).map_u32(10_000, |v| v);
        assert_eq!(draws.last(), Some(&4_123_659_995));
    }
}
