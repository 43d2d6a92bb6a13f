//! Applying morphisms to a model.

use super::together::in_order;
use super::{Candidate, Memory, Morphism, MorphismError, Rewrite, morph};
use crate::network::{Model, OptimizerState};

/// The model with all `morphisms` applied, each at its scale, and the optimiser's memory with it: inherited
/// weights keep theirs, new ones start from zero. Existing nodes keep their names.
///
/// φ is meant for the model as given. Where another morphism changes the channels that φ reads or writes, φ
/// follows: halved for the two children that a layer reads instead of one, repeated for the two it writes,
/// zero for a new channel, dropped for one that is gone. The result does not depend on the order given:
/// layers widen first, then channels split, then channels go, the highest first, then layers are added. New
/// channels come last in their layer, so that numbers stay valid.
pub fn apply(model: &Model, morphisms: &[Morphism]) -> Result<Model, MorphismError> {
    apply_with(model, morphisms, Memory::Inherited)
}

/// [`apply`], with the optimiser's memory as `memory` says. What is no memory of gradients
/// ([`OptimizerState::INHERITED`]) follows as in [`apply`] in any case; an average
/// ([`OptimizerState::AVERAGE`]) ends, for it is of the network before.
pub fn apply_with(model: &Model, morphisms: &[Morphism], memory: Memory) -> Result<Model, MorphismError> {
    model.network.check()?;
    let candidates: Vec<Candidate> = morphisms.iter().map(|morphism| morphism.candidate.clone()).collect();
    let order = in_order(&model.network.architecture, &candidates)?;
    for (index, place) in &order {
        morphisms[*index].check(place)?;
    }
    let mut model = model.clone();
    model.optimizer.slots.remove(OptimizerState::AVERAGE);
    if memory == Memory::Reset {
        model.optimizer.steps = 0;
        model.optimizer.slots.retain(|slot, _| slot == OptimizerState::INHERITED);
    }
    let mut rewrite = Rewrite::new(model, memory)?;
    for (index, place) in &order {
        let family = morph(place.candidate.family);
        family.rewrite(&mut rewrite, place, &morphisms[*index].stored()?)?;
        family.edit(place, rewrite.architecture_mut())?;
    }
    let model = rewrite.finish();
    model.network.check()?;
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{Family, initial_phi};
    use crate::network::{Network, preset};
    use candle_core::{DType, Device, Tensor};

    fn candidate(family: Family, layer: &str, channel: Option<usize>) -> Candidate {
        Candidate::named(family, layer, channel).unwrap()
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
