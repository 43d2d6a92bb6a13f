//! Seeded random streams: every random choice of the program comes from here.
//!
//! A stream is named by the run's seed, a purpose and an index ("order of epoch 3"), so a choice never
//! depends on how many numbers something else drew: resuming a run in its middle needs no saved generator.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A reproducible stream of random numbers.
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream for `purpose` number `index` of the run seeded with `seed`.
    #[cfg_attr(test, track_caller)]
    pub fn new(seed: u64, purpose: &str, index: u64) -> Self {
        #[cfg(test)]
        trace::note(seed, purpose, index);
        // FNV-1a: a stable name hash; the cipher does the mixing.
        let name = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut key = [0u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&name.to_le_bytes());
        key[16..24].copy_from_slice(&index.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in [0, 1), 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in 0..`bound`; `bound` must be positive.
    pub fn below(&mut self, bound: usize) -> usize {
        // 64-bit multiply-shift: the bias of at most bound/2^64 is far below anything observable.
        ((u128::from(self.0.next_u64()) * bound as u128) >> 64) as usize
    }

    /// Standard normal (Box–Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// `count` normal numbers with standard deviation `deviation`.
    pub fn normals(&mut self, count: usize, deviation: f64) -> Vec<f32> {
        (0..count).map(|_| (self.normal() * deviation) as f32).collect()
    }

    /// Shuffles in place (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Notes down which streams a run opens, and what for.
#[cfg(test)]
pub mod trace {
    use std::collections::{BTreeMap, BTreeSet};
    use std::panic::Location;
    use std::sync::Mutex;

    /// The seed of the traced run; no other run may have it.
    pub const SEED: u64 = 0x0007_ace5;

    static TRACE: Mutex<Trace> = Mutex::new(Trace { stage: String::new(), users: BTreeMap::new() });

    struct Trace {
        stage: String,
        users: Users,
    }

    /// For each stream, by purpose and index, its users: a stage of the run and a place in the code.
    pub type Users = BTreeMap<(String, u64), BTreeSet<String>>;

    /// Says what the run does from now on.
    pub fn enter(stage: String) {
        TRACE.lock().unwrap().stage = stage;
    }

    /// The streams opened so far.
    pub fn users() -> Users {
        TRACE.lock().unwrap().users.clone()
    }

    #[track_caller]
    pub(super) fn note(seed: u64, purpose: &str, index: u64) {
        if seed == SEED {
            let mut trace = TRACE.lock().unwrap();
            let user = format!("{}: {}", trace.stage, Location::caller());
            trace.users.entry((purpose.to_owned(), index)).or_default().insert(user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_seed_purpose_and_index_and_repeat() {
        let draw = |seed, purpose, index| Stream::new(seed, purpose, index).uniform();
        let first = draw(7, "order", 0);
        assert_eq!(first, draw(7, "order", 0));
        for other in [draw(8, "order", 0), draw(7, "crop", 0), draw(7, "order", 1)] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn normals_have_the_asked_deviation() {
        let numbers = Stream::new(1, "test", 0).normals(20_000, 0.5);
        let mean = numbers.iter().sum::<f32>() / 20_000.0;
        let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 20_000.0;
        assert!(mean.abs() < 0.02 && (variance.sqrt() - 0.5).abs() < 0.01);
    }

    #[test]
    fn shuffle_is_a_permutation() {
        let mut items: Vec<usize> = (0..100).collect();
        Stream::new(3, "test", 0).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}
