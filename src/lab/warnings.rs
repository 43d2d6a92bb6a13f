//! What a person should know of a run: what was not done as asked, what its families cannot do, and growth that did
//! harm.

use super::config::{Config, ConfigError};
use super::error::LabError;
use super::record::Quality;
use super::state::State;
use crate::data::Data;
use crate::format::{decimal, percent};
use crate::morphism::{self, Candidate, Family, MorphismError};
use crate::network::Architecture;
use crate::words::say;

/// What the loss must have grown by, as a share of guessing's, before growth is blamed: less is the noise of few images.
const NOISE: f64 = 0.01;
/// Fewer images to choose by than these are warned of: one alone then moves their accuracy by ten points and more.
const FEW: usize = 10;

/// The changes of a network that the settings allow.
pub fn candidates(config: &Config, architecture: &Architecture) -> Result<Vec<Candidate>, MorphismError> {
    let proposed = morphism::propose(architecture, &config.families)?;
    let mut candidates: Vec<Candidate> =
        proposed.into_iter().map(|candidate| candidate.of_width(config.growth.width)).collect();
    if let Some(layers) = &config.layers {
        candidates.retain(|candidate| layers.iter().any(|layer| layer == candidate.layer()));
    }
    Ok(candidates)
}

/// Refuses families of which none has a place in the seed network: without a first change there is never a second.
pub fn check_families(config: &Config, seed: &Architecture) -> Result<(), LabError> {
    if config.growth_rounds() == 0 || !candidates(config, seed)?.is_empty() {
        return Ok(());
    }
    let mut possible = Vec::new();
    for family in Family::ALL {
        let alone = Config { families: vec![family], ..config.clone() };
        if !candidates(&alone, seed)?.is_empty() {
            possible.push(family);
        }
    }
    let place = match &config.layers {
        Some(layers) => format!("in {} of the seed network", layers.join(", ")),
        None => "in the seed network".to_owned(),
    };
    let expected = match possible.is_empty() {
        true => "another network or other layers: there is no place for any family".to_owned(),
        false => format!("at least one that has: {}", names(&possible)),
    };
    let found = format!("{}, without any place {place}", names(&config.families));
    Err(ConfigError::Value { field: "families".into(), found, expected }.into())
}

/// Every warning of a run as it stands, in plain sentences.
pub fn warnings(config: &Config, data: &Data, state: &State) -> Vec<String> {
    let mut warnings = data.notices.clone();
    warnings.extend(few(data.validation.len()).filter(|_| config.growth_rounds() > 0));
    warnings.extend(without_place(config, state));
    let grown = state.rounds.iter().filter_map(|round| Some((round.round, round.before?, round.after?)));
    warnings
        .extend(grown.filter_map(|(round, before, after)| fell(round, &before, &after, data.classes.len())));
    warnings
}

/// What to say of so few validation images that what is chosen by them is chance.
fn few(images: usize) -> Option<String> {
    (images < FEW).then(|| say!("lab-few-validation-images", images = images))
}

/// Families without a place in the seed network, if there are any.
fn without_place(config: &Config, state: &State) -> Option<String> {
    if config.growth_rounds() == 0 {
        return None;
    }
    // The seed network itself is gone once it has grown; the first round's candidates say where it had places.
    let first = state.rounds.first().map(|round| round.candidates.iter().map(|record| record.family));
    let mut with_place: Vec<Family> = first.into_iter().flatten().collect();
    if with_place.is_empty() {
        let found = candidates(config, &state.model.network.architecture).ok()?;
        with_place = found.into_iter().map(|candidate| candidate.family).collect();
    }
    let without: Vec<Family> =
        config.families.iter().copied().filter(|family| !with_place.contains(family)).collect();
    (!without.is_empty()).then(|| say!("lab-no-place-in-seed", families = names(&without)))
}

/// What to say of growth after which the network is no better than guessing; nothing if it is, or was as bad before.
/// Guessing all of K classes alike has the loss ln K.
pub fn fell(round: u64, before: &Quality, after: &Quality, classes: usize) -> Option<String> {
    let guessing = (classes as f64).ln();
    let (was, is) = (before.held_out.loss, after.held_out.loss);
    let fallen = is >= guessing && is - was > NOISE * guessing;
    fallen.then(|| {
        say!(
            "lab-no-better-than-guessing",
            round = round,
            before = decimal(was, 4),
            after = decimal(is, 4),
            accuracy = percent(after.held_out.accuracy),
            guessing = decimal(guessing, 4),
            chance = percent(1.0 / classes as f64)
        )
    })
}

fn names(families: &[Family]) -> String {
    families.iter().map(|family| family.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Score;
    use crate::network::preset;

    fn quality(loss: f64, accuracy: f64) -> Quality {
        Quality { parameters: 1, flops: 1, train: None, held_out: Score { loss, accuracy } }
    }

    #[test]
    fn only_growth_that_ruins_a_network_is_blamed() {
        let said = |was, is| fell(2, &quality(was, 0.2), &quality(is, 0.098), 10);
        let text = said(2.29, 1021.0).unwrap();
        for part in ["Round 2", "from 2.2900 to 1021.0000", "accuracy to 9.8 %", "2.3026 and 10.0 %"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(said(2.2, 2.31).is_some());
        // Better than guessing; better than before; as bad as before, but for noise.
        for (was, is) in [(1.5, 2.2), (2.6, 2.5), (2.302, 2.304)] {
            assert_eq!(said(was, is), None, "{was} {is}");
        }
    }

    #[test]
    fn very_few_validation_images_are_warned_of() {
        assert_eq!(few(FEW), None);
        for (images, part) in [(1, "only 1 validation image:"), (9, "only 9 validation images:")] {
            let said = few(images).unwrap();
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn families_that_can_never_have_a_place_are_refused_with_those_that_have() {
        let tiny = preset("tiny", 10).unwrap();
        let config = |families: &[Family]| Config { families: families.to_vec(), ..Config::default() };
        let message = check_families(&config(&[Family::RemoveSkip]), &tiny).unwrap_err().to_string();
        assert!(message.contains("\"families\": found remove-skip, without any place"), "{message}");
        assert!(message.contains("split") && !message[40..].contains("remove-skip"), "{message}");
        check_families(&config(&[Family::RemoveSkip, Family::Split]), &tiny).unwrap();
        check_families(&Config { rounds: 0, ..config(&[Family::RemoveSkip]) }, &tiny).unwrap();
        let residual = preset("residual-seed", 10).unwrap();
        check_families(&config(&[Family::RemoveSkip]), &residual).unwrap();
    }
}
