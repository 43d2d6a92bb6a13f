//! Images that come without a held-out part of their own get one by the run's seed, of every class its share.

use super::catalogue::{Catalogue, Group, Store};
use super::select::proportional;
use super::{DataConfig, DataError};
use crate::random::Stream;

/// Images held out, at most, if the settings name no number; a fifth of all if that is less, but one of each
/// class.
const HELD_OUT: usize = 1000;

/// A source's training images, shared out among both groups.
struct Split {
    store: Box<dyn Store>,
    /// Their positions in the source.
    train: Vec<usize>,
    test: Vec<usize>,
}

impl Store for Split {
    fn images(&self, group: Group, positions: &[usize]) -> Result<(Vec<u8>, Vec<u32>), DataError> {
        let group = if group == Group::Training { &self.train } else { &self.test };
        let original: Vec<usize> = positions.iter().map(|&at| group[at]).collect();
        self.store.images(Group::Training, &original)
    }
}

impl Catalogue {
    /// The same with a held-out part: its own, or else images of the chosen classes, by the seed.
    pub fn with_split(self, config: &DataConfig, classes: &[u8], seed: u64) -> Result<Self, DataError> {
        if self.has_split {
            return Ok(self);
        }
        let by_class: Vec<Vec<usize>> = classes
            .iter()
            .map(|&class| {
                let mut positions: Vec<usize> =
                    (0..self.train.len()).filter(|&at| self.train[at] == class).collect();
                Stream::new(seed, "images of a class to hold out", u64::from(class)).shuffle(&mut positions);
                positions
            })
            .collect();
        let counts: Vec<usize> = by_class.iter().map(Vec::len).collect();
        let all: usize = counts.iter().sum();
        let held_out = config.held_out.unwrap_or((all / 5).min(HELD_OUT).max(classes.len()));
        if held_out >= all {
            return Err(DataError::TooMany {
                part: "held-out, with at least one left to train on",
                asked: held_out,
                available: all.saturating_sub(1),
            });
        }
        let shares = shares(&counts, held_out);
        let mut test: Vec<usize> =
            by_class.iter().zip(shares).flat_map(|(positions, share)| &positions[..share]).copied().collect();
        test.sort_unstable();
        let train: Vec<usize> = (0..self.train.len()).filter(|at| test.binary_search(at).is_err()).collect();
        let labels = |positions: &[usize]| positions.iter().map(|&at| self.train[at]).collect();
        Ok(Self {
            train: labels(&train),
            test: labels(&test),
            has_split: true,
            store: Box::new(Split { store: self.store, train, test }),
            ..self
        })
    }
}

/// How many of each class are held out: in proportion, and where that can be, at least one of each and not
/// all.
fn shares(counts: &[usize], held_out: usize) -> Vec<usize> {
    let spare: Vec<usize> = counts.iter().map(|count| count.saturating_sub(2)).collect();
    let rest = held_out.checked_sub(counts.len()).filter(|rest| *rest <= spare.iter().sum());
    match rest {
        Some(rest) if counts.iter().all(|count| *count > 1) => {
            proportional(&spare, rest).iter().map(|share| share + 1).collect()
        }
        _ => proportional(counts, held_out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_gives_its_share_and_keeps_one() {
        assert_eq!(shares(&[100, 50, 50], 20), [10, 5, 5]);
        assert_eq!(shares(&[400, 400, 3], 80), [40, 39, 1]);
        // Too few to hold out one of each.
        assert_eq!(shares(&[10, 10, 10], 2).iter().sum::<usize>(), 2);
        // Too many to keep one of each.
        assert_eq!(shares(&[2, 10], 11).iter().sum::<usize>(), 11);
        assert_eq!(shares(&[1, 10], 2).iter().sum::<usize>(), 2);
    }
}
