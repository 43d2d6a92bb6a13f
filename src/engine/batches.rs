//! Which examples a step works on, and in which order: the same in every engine.

use serde::{Deserialize, Serialize};

use super::Part;
use crate::data::Augmentation;
use crate::random::Stream;

/// A stretch of work in mini-batches. With the run's seed it names the random streams of batch order and
/// augmentation, so that no two phases of a run share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The training phase of this number.
    Train(u64),
    /// Distillation after the growth of this round.
    Distil(u64),
    /// Learning φ in this round.
    Learn(u64),
    /// The training phase of this number once more, in another order.
    Again(u64),
    /// The short training of this trial of a search.
    Trial(u64),
}

impl Phase {
    /// The number that names the phase's streams; each kind of phase has 2³² of its own.
    pub fn number(self) -> u64 {
        match self {
            Phase::Train(phase) => phase,
            Phase::Learn(round) => (1 << 32) + round,
            Phase::Distil(round) => (2 << 32) + round,
            Phase::Again(phase) => (3 << 32) + phase,
            Phase::Trial(trial) => (4 << 32) + trial,
        }
    }
}

/// The order in which epoch `epoch` of a phase visits `count` examples.
pub fn epoch_order(seed: u64, phase: Phase, epoch: u64, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    Stream::new(seed, &format!("order of phase {}", phase.number()), epoch).shuffle(&mut order);
    order
}

/// Steps that one pass over `examples` takes: a last batch that would not be full is left out (the next epoch's
/// order leaves out others), unless it is the only one.
pub fn steps_per_epoch(examples: usize, batch: usize) -> u64 {
    (examples / batch).max(1) as u64
}

/// The batches of a phase, found by the number of their step.
pub struct Batches {
    seed: u64,
    phase: Phase,
    examples: usize,
    batch: usize,
    /// The epoch that `order` belongs to.
    epoch: Option<u64>,
    order: Vec<usize>,
}

/// The examples of one step.
pub struct Batch<'a> {
    /// Their positions in the part.
    pub indices: &'a [usize],
    /// The flips and crops of the epoch that the step belongs to.
    pub augmentation: Augmentation,
}

impl Batches {
    /// Batches of `batch` of a part's `examples`. `batch` must be positive.
    pub fn new(seed: u64, phase: Phase, examples: usize, batch: usize) -> Self {
        Self { seed, phase, examples, batch, epoch: None, order: Vec::new() }
    }

    /// The examples of a step, counted from the start of the phase.
    pub fn at(&mut self, step: u64) -> Batch<'_> {
        let steps = steps_per_epoch(self.examples, self.batch);
        let epoch = step / steps;
        if self.epoch != Some(epoch) {
            self.order = epoch_order(self.seed, self.phase, epoch, self.examples);
            self.epoch = Some(epoch);
        }
        let start = (step % steps) as usize * self.batch;
        let end = (start + self.batch).min(self.examples);
        let augmentation = Augmentation { seed: self.seed, phase: self.phase.number(), epoch };
        Batch { indices: &self.order[start..end], augmentation }
    }
}

/// Where sampled labels are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draws {
    /// In a learning step.
    Learning(u64),
    /// In an estimate on a part.
    Estimate(Part),
}

/// Uniform numbers in [0, 1) that draw the sampled labels ŷ of `count` examples, the same in every engine.
pub fn label_draws(seed: u64, round: u64, draws: Draws, count: usize) -> Vec<f64> {
    let mut stream = match draws {
        Draws::Learning(step) => {
            Stream::new(seed, &format!("labels drawn while learning, round {round}"), step)
        }
        Draws::Estimate(part) => Stream::new(seed, &format!("labels drawn on {part:?}"), round),
    };
    (0..count).map(|_| stream.uniform()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_permutations_and_differ_by_seed_phase_and_epoch() {
        let order = epoch_order(1, Phase::Train(3), 0, 500);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..500).collect::<Vec<_>>());
        assert_eq!(order, epoch_order(1, Phase::Train(3), 0, 500));
        let mut orders = vec![order, epoch_order(2, Phase::Train(3), 0, 500)];
        for number in [3, 4] {
            for phase in
                [Phase::Distil(number), Phase::Learn(number), Phase::Again(number), Phase::Trial(number)]
            {
                orders.push(epoch_order(1, phase, 0, 500));
            }
        }
        orders.push(epoch_order(1, Phase::Train(4), 0, 500));
        orders.push(epoch_order(1, Phase::Train(3), 1, 500));
        let count = orders.len();
        orders.sort_unstable();
        orders.dedup();
        assert_eq!(orders.len(), count);
        assert!(epoch_order(1, Phase::Train(3), 0, 0).is_empty());
    }

    #[test]
    fn an_epoch_is_cut_into_full_batches() {
        let mut batches = Batches::new(5, Phase::Train(1), 23, 7);
        for epoch in 0..2 {
            let order = epoch_order(5, Phase::Train(1), epoch, 23);
            for (position, expected) in order[..21].chunks(7).enumerate() {
                let batch = batches.at(epoch * 3 + position as u64);
                assert_eq!(batch.indices, expected);
                assert_eq!(batch.augmentation, Augmentation { seed: 5, phase: 1, epoch });
            }
        }
        // Earlier steps are found again, and a part smaller than a batch is one batch.
        assert_eq!(batches.at(1).indices, &epoch_order(5, Phase::Train(1), 0, 23)[7..14]);
        assert_eq!(Batches::new(5, Phase::Train(1), 3, 7).at(4).indices.len(), 3);
    }
}
