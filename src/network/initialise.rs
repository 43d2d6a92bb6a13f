//! Seeded initial parameters.

use candle_core::{Device, Tensor};

use super::{Architecture, Network, NetworkError, Tensors};
use crate::random::Stream;

impl Network {
    /// A network with random weights: He initialisation for the convolutions (normal, variance 2/fan-in),
    /// variance 1/fan-in for the linear layer, zero biases, neutral norms. The draw for a tensor depends on
    /// the seed and its name only.
    pub fn initialise(architecture: Architecture, seed: u64) -> Result<Self, NetworkError> {
        let mut tensors = Tensors::new();
        for (name, shape) in Self::tensor_shapes(&architecture)? {
            let count = shape.iter().product();
            let values = match (name.rsplit('.').next(), shape.len()) {
                (Some("weight"), 2 | 4) => {
                    let fan_in = shape[1..].iter().product::<usize>() as f64;
                    let gain = if shape.len() == 4 { 2.0 } else { 1.0 };
                    let mut stream = Stream::new(seed, &format!("initialise {name}"), 0);
                    stream.normals(count, (gain / fan_in).sqrt())
                }
                (Some("weight" | "running_var"), _) => vec![1.0; count],
                _ => vec![0.0; count],
            };
            tensors.insert(name, Tensor::from_vec(values, shape, &Device::Cpu)?);
        }
        Ok(Self { architecture, tensors })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn weights_have_he_variance_and_follow_the_seed() {
        let network = |seed| Network::initialise(preset("small", 10).unwrap(), seed).unwrap();
        let weights = |network: &Network| {
            let tensor = network.tensor("conv3.weight").unwrap().flatten_all().unwrap();
            tensor.to_vec1::<f32>().unwrap()
        };
        let first = network(7);
        first.check().unwrap();
        let values = weights(&first);
        let variance = values.iter().map(|x| x * x).sum::<f32>() / values.len() as f32;
        assert!((variance / (2.0 / 288.0) - 1.0).abs() < 0.1, "variance {variance}");
        assert_eq!(values, weights(&network(7)));
        assert_ne!(values, weights(&network(8)));
    }
}
