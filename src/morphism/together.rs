//! Which morphisms go together, and in which order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{At, Candidate, Family, MorphismError, Place, morph};
use crate::network::Architecture;

/// Whether two candidates exclude each other: two for the same channel, two of one family at the
/// same layer, and a removal any other.
pub fn conflict(a: &Candidate, b: &Candidate) -> bool {
    let alone = morph(a.family).stands_alone() || morph(b.family).stands_alone();
    alone || a.at == b.at && (a.channel().is_some() || a.family == b.family)
}

/// Checks that candidates can be applied together: no two conflict, and no layer loses all its channels.
pub fn compatible(architecture: &Architecture, candidates: &[Candidate]) -> Result<(), MorphismError> {
    let refuse =
        |candidate: &Candidate, reason: String| Err(MorphismError::Place { id: candidate.id(), reason });
    let alone = candidates.iter().find(|candidate| morph(candidate.family).stands_alone());
    if let (Some(alone), true) = (alone, candidates.len() > 1) {
        return refuse(alone, format!("found {} changes, expected it alone", candidates.len()));
    }
    let mut taken: BTreeMap<(&At, Option<Family>), &Candidate> = BTreeMap::new();
    let mut pruned: BTreeMap<&str, usize> = BTreeMap::new();
    for candidate in candidates {
        // The key says what `conflict` says, so that many candidates are checked in one pass.
        let family = candidate.channel().is_none().then_some(candidate.family);
        if let Some(other) = taken.insert((&candidate.at, family), candidate) {
            return refuse(candidate, format!("excludes {}: at most one of them", other.id()));
        }
        if morph(candidate.family).removes_channel() {
            let channels = Place::of(architecture, candidate)?.channels;
            let count = pruned.entry(candidate.layer()).or_default();
            *count += 1;
            if *count >= channels {
                return refuse(candidate, format!("all {channels} channels of the layer would be pruned"));
            }
        }
    }
    Ok(())
}

/// The candidates' indices and places in the order of their rewrites, which does not depend on the order given.
pub(super) fn in_order(
    architecture: &Architecture,
    candidates: &[Candidate],
) -> Result<Vec<(usize, Place)>, MorphismError> {
    compatible(architecture, candidates)?;
    let mut places = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        let place = Place::of(architecture, candidate)?;
        let family = morph(candidate.family);
        let layer = architecture.index(&place.site.layer)?;
        let source = match &place.source {
            Some((source, _)) => architecture.index(source)?,
            None => 0,
        };
        let (rising, falling) = match family.removes_channel() {
            true => (0, place.channel()),
            false => (place.channel(), 0),
        };
        let key = (family.order(), layer, source, rising, Reverse(falling), candidate.family);
        places.push((key, index, place));
    }
    places.sort_by_key(|(key, ..)| *key);
    Ok(places.into_iter().map(|(_, index, place)| (index, place)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::propose;
    use crate::network::{plain, preset};

    fn candidate(family: Family, layer: &str, channel: Option<usize>) -> Candidate {
        Candidate::named(family, layer, channel).unwrap()
    }

    #[test]
    fn one_candidate_a_channel_one_widening_and_one_deepening_a_layer() {
        let tiny = preset("tiny", 10).unwrap();
        let all = propose(&tiny, &Family::ALL).unwrap();
        let split = candidate(Family::Split, "conv1", Some(0));
        let against: Vec<_> = all.iter().filter(|other| conflict(&split, other)).map(Candidate::id).collect();
        assert_eq!(
            against,
            [
                "split:conv1:0",
                "split-symmetric:conv1:0",
                "prune:conv1:0",
                "prune-mean:conv1:0",
                "remove-layer:conv5"
            ]
        );
        let widen = candidate(Family::Widen, "conv1", None);
        let deepen = candidate(Family::Deepen, "conv1", None);
        assert!(conflict(&widen, &widen) && !conflict(&widen, &deepen) && !conflict(&widen, &split));
        compatible(&tiny, &[split.clone(), widen.clone(), deepen]).unwrap();
        let little = plain("3-4", false, 2).unwrap();
        let all = propose(&little, &Family::ALL).unwrap();
        for a in &all {
            for b in &all {
                assert_eq!(compatible(&little, &[a.clone(), b.clone()]).is_err(), conflict(a, b));
            }
        }
        let message = compatible(&tiny, &[widen.clone(), split, widen]).unwrap_err().to_string();
        assert!(message.contains("widen:conv1: excludes widen:conv1"), "{message}");
    }

    #[test]
    fn a_layer_keeps_a_channel() {
        let network = plain("2-3", false, 4).unwrap();
        let one = candidate(Family::Prune, "conv1", Some(0));
        let other = candidate(Family::PruneMean, "conv1", Some(1));
        compatible(&network, std::slice::from_ref(&one)).unwrap();
        let message = compatible(&network, &[one, other]).unwrap_err().to_string();
        assert!(message.contains("all 2 channels"), "{message}");
    }
}
