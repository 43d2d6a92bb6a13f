//! What the last growth did to each layer's channels: which stayed, which are children and whose, which have
//! gone.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::worker::board::Snapshot;
use crate::lab::{CandidateRecord, Round, Stage};
use crate::morphism::morph;
use crate::network::{Diagram, Layer};

/// What stands at a place of a layer's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A channel that was there before, with its number then.
    Kept {
        /// Its number now.
        channel: usize,
        /// Its number before.
        was: usize,
    },
    /// The second child of a split channel.
    Child {
        /// Its number now.
        channel: usize,
        /// The split channel's number before.
        of: usize,
    },
    /// A channel that came from nothing.
    New {
        /// Its number now.
        channel: usize,
    },
    /// Where a channel was that has been pruned.
    Ghost {
        /// Its number before.
        was: usize,
    },
}

impl Slot {
    /// The channel that stands there now.
    pub fn channel(self) -> Option<usize> {
        match self {
            Slot::Kept { channel, .. } | Slot::Child { channel, .. } | Slot::New { channel } => Some(channel),
            Slot::Ghost { .. } => None,
        }
    }

    /// The channel before the growth whose colour it has.
    pub fn origin(self) -> Option<usize> {
        match self {
            Slot::Kept { was, .. } | Slot::Ghost { was } => Some(was),
            Slot::Child { of, .. } => Some(of),
            Slot::New { .. } => None,
        }
    }

    /// Whether no training has touched it yet.
    pub fn is_new(self) -> bool {
        matches!(self, Slot::Child { .. } | Slot::New { .. })
    }
}

/// The last growth, by layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Growth {
    slots: BTreeMap<String, Vec<Slot>>,
    /// Whether the grown network has not been trained to the end of its phase yet.
    pub fresh: bool,
}

impl Growth {
    /// The growth that made the present network; nothing where the history has lost it.
    pub fn of(snapshot: &Snapshot) -> Self {
        let state = &snapshot.state;
        let grown = snapshot.grown_from.as_ref().zip(grown_round(snapshot));
        let Some((before, round)) = grown else { return Self::default() };
        let old = Diagram::of(&before.network.architecture);
        let slots = snapshot.diagram.layers.iter().map(|layer| {
            let earlier = old.layers.iter().find(|earlier| earlier.name == layer.name);
            (layer.name.clone(), slots(layer, earlier, &round.candidates))
        });
        Self { slots: slots.collect(), fresh: state.stage == Stage::Train }
    }

    /// What stands in a layer's column from top to bottom: in the old channels' order, children beside their
    /// parents, while
    /// the growth is fresh; then the channels by their numbers.
    pub fn column(&self, layer: &Layer) -> Vec<Slot> {
        match self.slots.get(&layer.name) {
            Some(slots) if self.fresh => slots.clone(),
            Some(slots) => {
                let mut left: Vec<Slot> =
                    slots.iter().copied().filter(|slot| slot.channel().is_some()).collect();
                left.sort_by_key(|slot| slot.channel());
                left
            }
            None => (0..layer.channels).map(|channel| Slot::Kept { channel, was: channel }).collect(),
        }
    }

    /// Whether something came or went.
    pub fn is_any(&self) -> bool {
        let changed = |slot: &Slot| !matches!(slot, Slot::Kept { .. });
        self.slots.values().flatten().any(changed)
    }
}

/// The round whose growth made the present network.
pub fn grown_round(snapshot: &Snapshot) -> Option<&Round> {
    let state = &snapshot.state;
    state.round.checked_sub(1).and_then(|round| state.record(round)).filter(|round| round.after.is_some())
}

/// The channels of a layer that was `earlier` before the chosen candidates were made. New channels come last
/// in their layer:
/// those of widenings first, then the children, by their parents.
fn slots(layer: &Layer, earlier: Option<&Layer>, candidates: &[CandidateRecord]) -> Vec<Slot> {
    let fresh = |from: usize| (from..layer.channels).map(|channel| Slot::New { channel });
    let Some(earlier) = earlier else { return fresh(0).collect() };
    let here = candidates.iter().filter(|candidate| candidate.chosen && candidate.layer() == layer.name);
    let (mut split, mut pruned, mut widened) = (BTreeSet::new(), BTreeSet::new(), 0);
    for candidate in here {
        let family = morph(candidate.family);
        match candidate.channel() {
            Some(channel) if family.splits_channel() => drop(split.insert(channel)),
            Some(channel) if family.removes_channel() => drop(pruned.insert(channel)),
            None if family.adds_channels() => widened += candidate.width,
            _ => {}
        }
    }
    let kept = earlier.channels.saturating_sub(pruned.len());
    if kept + widened + split.len() != layer.channels {
        // Something else changed it: only that is sure which are new.
        let old = (0..kept.min(layer.channels)).map(|channel| Slot::Kept { channel, was: channel });
        return old.chain(fresh(kept)).collect();
    }
    let mut slots = Vec::new();
    let (mut next, mut child) = (0, kept + widened);
    for was in 0..earlier.channels {
        if pruned.contains(&was) {
            slots.push(Slot::Ghost { was });
            continue;
        }
        slots.push(Slot::Kept { channel: next, was });
        next += 1;
        if split.contains(&was) {
            slots.push(Slot::Child { channel: child, of: was });
            child += 1;
        }
    }
    slots.extend((kept..kept + widened).map(|channel| Slot::New { channel }));
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{Candidate, CostDelta, Family, Morphism, apply, initial_phi};
    use crate::network::{Model, Network, preset};

    fn chosen(family: Family, channel: Option<usize>) -> CandidateRecord {
        let candidate = Candidate::named(family, "conv1", channel).unwrap();
        let cost = CostDelta { parameters: 0, flops: 0 };
        CandidateRecord { chosen: true, ..CandidateRecord::new(&candidate, &cost) }
    }

    #[test]
    fn parents_children_and_ghosts_are_where_the_rewrite_puts_them() {
        let model = Model::new(Network::initialise(preset("5-M-4", 3).unwrap(), 1).unwrap());
        let made = [
            chosen(Family::Split, Some(3)),
            chosen(Family::Prune, Some(1)),
            chosen(Family::Split, Some(0)),
            chosen(Family::Widen, None),
        ];
        let morphisms: Vec<Morphism> = made
            .iter()
            .map(|record| {
                let candidate = record.candidate();
                let phi = initial_phi(&model.network, &candidate, 1, 1).unwrap();
                Morphism { candidate, phi, scale: 1.0 }
            })
            .collect();
        let grown = apply(&model, &morphisms).unwrap();
        let layer = |model: &Model| Diagram::of(&model.network.architecture).layers[0].clone();
        let slots = slots(&layer(&grown), Some(&layer(&model)), &made);
        assert_eq!(
            slots,
            [
                Slot::Kept { channel: 0, was: 0 },
                Slot::Child { channel: 5, of: 0 },
                Slot::Ghost { was: 1 },
                Slot::Kept { channel: 1, was: 2 },
                Slot::Kept { channel: 2, was: 3 },
                Slot::Child { channel: 6, of: 3 },
                Slot::Kept { channel: 3, was: 4 },
                Slot::New { channel: 4 },
            ]
        );
        // A small φ leaves children near their parents, and the others as they were: the network itself
        // agrees.
        let filter = |model: &Model, channel: usize| -> Vec<f32> {
            let weight = model.network.tensor("conv1.weight").unwrap().get(channel).unwrap();
            weight.flatten_all().unwrap().to_vec1().unwrap()
        };
        for slot in slots {
            let (Some(channel), Some(origin)) = (slot.channel(), slot.origin()) else { continue };
            let (now, then) = (filter(&grown, channel), filter(&model, origin));
            let near = |origin: &[f32]| now.iter().zip(origin).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
            let nearest =
                (0..5).min_by(|a, b| near(&filter(&model, *a)).total_cmp(&near(&filter(&model, *b))));
            assert_eq!(nearest, Some(origin), "{slot:?} {now:?} {then:?}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_only_new() {
        let mut layer = Diagram::of(&preset("5-M-4", 3).unwrap()).layers[0].clone();
        let earlier = layer.clone();
        layer.channels = 7;
        let slots = slots(&layer, Some(&earlier), &[]);
        assert_eq!(slots.iter().filter(|slot| slot.is_new()).count(), 2);
        assert_eq!(
            slots.iter().filter_map(|slot| slot.channel()).collect::<Vec<_>>(),
            (0..7).collect::<Vec<_>>()
        );
    }
}
