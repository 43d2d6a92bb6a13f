//! Random changes of a network, drawn like the literature's mutations.

use super::seeker::Ground;
use crate::morphism::{
    Candidate, Family, MOST_WIDTH, MorphismError, compatible, morph, rewrite_architecture,
};
use crate::network::Architecture;
use crate::random::Stream;

/// Draws for one change before it is given up: the others exclude it, or no budget allows it.
const ATTEMPTS: usize = 24;

/// So many changes of a network, if there is room for them: each time a family is drawn uniformly among those with a place,
/// then a place of it uniformly. A widening that is drawn twice widens twice as far; what is excluded by those before, or
/// would exceed the budget, is drawn anew.
///
/// All are changes of the network as it is and made in one rewrite, so that all can be learned and estimated together.
pub fn mutate(
    ground: &Ground,
    architecture: &Architecture,
    count: usize,
    stream: &mut Stream,
) -> Result<Vec<Candidate>, MorphismError> {
    mutate_among(ground, architecture, &(ground.candidates)(architecture)?, count, stream)
}

/// [`mutate`] with the network's `candidates` at hand.
pub fn mutate_among(
    ground: &Ground,
    architecture: &Architecture,
    candidates: &[Candidate],
    count: usize,
    stream: &mut Stream,
) -> Result<Vec<Candidate>, MorphismError> {
    let mut families: Vec<(Family, Vec<&Candidate>)> = Vec::new();
    for candidate in candidates {
        match families.iter_mut().find(|(family, _)| *family == candidate.family) {
            Some((_, members)) => members.push(candidate),
            None => families.push((candidate.family, vec![candidate])),
        }
    }
    let mut made: Vec<Candidate> = Vec::new();
    if families.is_empty() {
        return Ok(made);
    }
    for _ in 0..count {
        for _ in 0..ATTEMPTS {
            let (_, members) = &families[stream.below(families.len())];
            let drawn = members[stream.below(members.len())];
            let tried = with(&made, drawn);
            if let Some(tried) = tried
                && compatible(architecture, &tried).is_ok()
                && ground.budget.allows(&rewrite_architecture(architecture, &tried)?.cost()?)
            {
                made = tried;
                break;
            }
        }
    }
    Ok(made)
}

/// The changes with one more; none where that would widen too far.
fn with(made: &[Candidate], more: &Candidate) -> Option<Vec<Candidate>> {
    let mut all = made.to_vec();
    let twin = all.iter_mut().find(|other| other.family == more.family && other.at == more.at);
    match twin {
        Some(other) if morph(more.family).adds_channels() => {
            other.width += more.width;
            (other.width <= MOST_WIDTH).then_some(all)
        }
        _ => {
            all.push(more.clone());
            Some(all)
        }
    }
}
