//! The first values of φ, and the learner `random`: a random direction, which every other learner must beat.
//!
//! Each tensor of φ is a vector of independent normal numbers. Its length is that of as many of the layer's own
//! weights: √count times the root mean square of the layer's weights. Other learners that give only a direction take
//! the same length, so that only directions are compared; backtracking then shortens them.

use candle_core::{DType, Tensor};

use super::{EngineError, LearnRequest, Learner};
use crate::morphism::{Candidate, Phi, initial_phi, morph, phi_shapes};
use crate::network::{AsType, Network};
use crate::random::Stream;

/// φ of `candidate` before anything is learned: small; for [`Learner::Random`] all there will be.
pub fn first_phi(
    network: &Network,
    candidate: &Candidate,
    request: &LearnRequest,
) -> Result<Phi, EngineError> {
    if request.learner != Learner::Random || !morph(candidate.family).is_learned() {
        return Ok(initial_phi(network, candidate, request.seed, request.round)?);
    }
    let size = weight_size(network, candidate.layer())?;
    let mut phi = Phi::new();
    for (name, shape) in phi_shapes(&network.architecture, candidate)? {
        let purpose = format!("random direction of {name} of {}", candidate.id());
        let mut stream = Stream::new(request.seed, &purpose, request.round);
        let numbers: Vec<f64> = (0..shape.iter().product()).map(|_| stream.normal()).collect();
        let numbers = stretched(&numbers, size).into_iter().map(|number| number as f32).collect();
        phi.insert(name.to_owned(), Tensor::from_vec(numbers, shape, &candle_core::Device::Cpu)?);
    }
    Ok(phi)
}

/// Root mean square of a layer's weights.
pub fn weight_size(network: &Network, layer: &str) -> Result<f64, EngineError> {
    let weight = network.tensor(&format!("{layer}.weight"))?;
    Ok(weight.as_type(DType::F64)?.sqr()?.mean_all()?.to_scalar::<f64>()?.sqrt())
}

/// A direction at the length √count · `size`.
pub fn stretched(direction: &[f64], size: f64) -> Vec<f64> {
    let length = direction.iter().map(|number| number * number).sum::<f64>().sqrt();
    let factor = size * (direction.len() as f64).sqrt() / length.max(f64::MIN_POSITIVE);
    direction.iter().map(|number| number * factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Estimator;
    use crate::morphism::{Family, propose};
    use crate::network::preset;

    #[test]
    fn random_directions_are_as_long_as_weights_and_follow_the_seed() {
        let network = Network::initialise(preset("tiny", 10).unwrap(), 3).unwrap();
        let candidates = propose(&network.architecture, &Family::ALL).unwrap();
        let request = |seed, learner| LearnRequest {
            seed,
            round: 1,
            candidates: Vec::new(),
            learner,
            estimator: Estimator::Sampled,
            together: false,
            steps: 1,
            batch: 1,
            learning_rate: 0.1,
        };
        for candidate in &candidates {
            let phi = |seed, learner| first_phi(&network, candidate, &request(seed, learner)).unwrap();
            let [random, again, other] = [4, 4, 5].map(|seed| phi(seed, Learner::Random));
            let small = phi(4, Learner::Estimate);
            let size = weight_size(&network, candidate.layer()).unwrap();
            for (name, tensor) in &random {
                let flat = |phi: &Phi| phi[name].flatten_all().unwrap().to_vec1::<f32>().unwrap();
                assert_eq!(flat(&random), flat(&again));
                if !morph(candidate.family).is_learned() {
                    assert_eq!(flat(&random), flat(&small), "a mean is measured, not drawn");
                    continue;
                }
                assert_ne!((flat(&random), flat(&random)), (flat(&other), flat(&small)));
                let square = flat(&random).iter().map(|x| f64::from(x * x)).sum::<f64>();
                let mean = (square / tensor.elem_count() as f64).sqrt();
                assert!((mean / size - 1.0).abs() < 1e-5, "{} {name}", candidate.id());
            }
        }
    }
}
