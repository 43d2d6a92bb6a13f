//! Applying morphisms to a model, and which ones go together.

use std::collections::BTreeMap;

use super::cost::in_order;
use super::{At, Candidate, Family, Morphism, MorphismError, Place, Rewrite, morph};
use crate::network::{Architecture, Model};

/// The model with all `morphisms` applied, each at its scale, and the optimiser's memory with it: inherited
/// weights keep theirs, new ones start from zero. Existing nodes keep their names.
///
/// φ is meant for the model as given. Where another morphism changes the channels that φ reads or writes, φ
/// follows: halved for the two children that a layer reads instead of one, repeated for the two it writes,
/// zero for a new channel, dropped for one that is gone. The result does not depend on the order given:
/// layers widen first, then channels split, then channels go, the highest first, then layers are added. New
/// channels come last in their layer, so that numbers stay valid.
pub fn apply(model: &Model, morphisms: &[Morphism]) -> Result<Model, MorphismError> {
    model.network.check()?;
    let candidates: Vec<Candidate> = morphisms.iter().map(|morphism| morphism.candidate.clone()).collect();
    let order = in_order(&model.network.architecture, &candidates)?;
    for (index, place) in &order {
        morphisms[*index].check(place)?;
    }
    let mut rewrite = Rewrite::new(model.clone())?;
    for (index, place) in &order {
        let family = morph(place.candidate.family);
        family.rewrite(&mut rewrite, place, &morphisms[*index].stored()?)?;
        family.edit(place, rewrite.architecture_mut())?;
    }
    let model = rewrite.finish();
    model.network.check()?;
    Ok(model)
}

/// Whether two candidates exclude each other: two for the same channel, two widenings or two deepenings of
/// the same layer, and a removal any other.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{initial_phi, propose};
    use crate::network::{Network, plain, preset};
    use candle_core::{DType, Device, Tensor};

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

    #[test]
    fn faults_in_phi_are_named() {
        let model = Model::new(Network::initialise(preset("tiny", 10).unwrap(), 1).unwrap());
        let split = candidate(Family::Split, "conv3", Some(2));
        let phi = initial_phi(&model.network, &split, 1, 1).unwrap();
        let whole = Morphism { candidate: split, phi, scale: 1.0 };
        let fault = |change: &dyn Fn(&mut Morphism)| {
            let mut morphism = whole.clone();
            change(&mut morphism);
            apply(&model, &[morphism]).unwrap_err().to_string()
        };
        let missing = fault(&|morphism| drop(morphism.phi.remove("phi2")));
        assert_eq!(missing, "split:conv3:2: parameter \"phi2\": found nothing, expected shape [8, 3, 3]");
        let wrong = fault(&|morphism| {
            let tensor = Tensor::zeros((7, 3, 3), DType::F32, &Device::Cpu).unwrap();
            morphism.phi.insert("phi1".into(), tensor);
        });
        assert!(wrong.contains("found shape [7, 3, 3], expected shape [8, 3, 3]"), "{wrong}");
        assert!(fault(&|morphism| morphism.scale = f32::NAN).contains("scale"));
        let beyond = candidate(Family::Split, "conv3", Some(16));
        assert!(fault(&|morphism| morphism.candidate = beyond.clone()).contains("channel 16"));
    }
}
