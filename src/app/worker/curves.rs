//! A run's loss and accuracy over its training steps.

use super::board::Snapshot;
use crate::lab::Round;

/// Steps that a batch's loss is averaged over.
const SMOOTH: usize = 20;
/// Points drawn of a curve, at most.
const DRAWN: usize = 1_500;

/// A run's curves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The run, in words.
    pub name: String,
    /// Training step and loss of its batch, averaged over the last few.
    pub batches: Vec<[f64; 2]>,
    /// Training step and held-out loss; at growth there are two at one step.
    pub losses: Vec<[f64; 2]>,
    /// Training step and held-out accuracy, in percent.
    pub accuracies: Vec<[f64; 2]>,
    /// Steps at which the network grew.
    pub growth: Vec<f64>,
}

impl Curves {
    /// Of a run as it is now.
    pub fn of(snapshot: &Snapshot) -> Self {
        let config = &snapshot.config;
        let name = format!("{}, seed {} (run {})", config.preset, config.seed, snapshot.run);
        let mut curves = Self { name, ..Self::default() };
        if let Some(seed) = snapshot.state.seed {
            curves.losses.push([0.0, seed.held_out.loss]);
            curves.accuracies.push([0.0, 100.0 * seed.held_out.accuracy]);
        }
        let mut step = 0;
        for round in &snapshot.state.rounds {
            step += curves.add(round, step);
        }
        curves
    }

    /// Adds a round that began at step `start`, and returns how many steps it took.
    fn add(&mut self, round: &Round, start: usize) -> usize {
        let every = (round.losses.len() / DRAWN).max(1);
        let mut sum = 0.0;
        for (position, loss) in round.losses.iter().enumerate() {
            sum += f64::from(*loss);
            if position >= SMOOTH {
                sum -= f64::from(round.losses[position - SMOOTH]);
            }
            if position.is_multiple_of(every) {
                let count = (position + 1).min(SMOOTH);
                self.batches.push([(start + position + 1) as f64, sum / count as f64]);
            }
        }
        let end = (start + round.losses.len()) as f64;
        for quality in [round.before, round.after].into_iter().flatten() {
            self.losses.push([end, quality.held_out.loss]);
            self.accuracies.push([end, 100.0 * quality.held_out.accuracy]);
        }
        if round.after.is_some() {
            self.growth.push(end);
        }
        round.losses.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Score;
    use crate::estimate::Estimator;
    use crate::lab::Quality;

    #[test]
    fn a_round_is_smoothed_and_growth_stands_at_its_end() {
        let score = |loss| Score { loss, accuracy: 0.5 };
        let quality =
            |loss| Quality { parameters: 1, flops: 1, train: Some(score(loss)), held_out: score(loss) };
        let mut round = Round::new(1, Estimator::Sampled);
        round.losses = (0..50).map(|step| step as f32).collect();
        (round.before, round.after) = (Some(quality(1.0)), Some(quality(0.9)));
        let mut curves = Curves::default();
        assert_eq!(curves.add(&round, 100), 50);
        assert_eq!(curves.batches[0], [101.0, 0.0]);
        assert_eq!(curves.batches[49], [150.0, 39.5], "the mean of 30 to 49");
        assert_eq!(curves.losses, [[150.0, 1.0], [150.0, 0.9]]);
        assert_eq!(curves.growth, [150.0]);
    }
}
