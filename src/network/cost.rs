//! What a network costs to store and to run.

use serde::{Deserialize, Serialize};

use super::{Architecture, Network, NetworkError, Op, is_trained};

/// Size of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Trained numbers: weights and biases, norms' included, running statistics not.
    pub parameters: u64,
    /// Floating-point operations of one example's forward pass: two for each multiply-accumulate of the
    /// convolutions (border positions counted like inner ones) and the linear layer; nothing else counts.
    pub flops: u64,
}

impl Architecture {
    /// What a network of this architecture costs.
    pub fn cost(&self) -> Result<Cost, NetworkError> {
        let parameters = Network::tensor_shapes(self)?
            .iter()
            .filter(|(name, _)| is_trained(name))
            .map(|(_, shape)| shape.iter().map(|size| *size as u64).product::<u64>())
            .sum();
        let shapes = self.shapes()?;
        let mut flops = 0;
        for (node, shape) in self.nodes.iter().zip(&shapes) {
            let taps = match node.op {
                Op::Conv { kernel, .. } => kernel * kernel,
                Op::Linear { .. } => 1,
                _ => continue,
            };
            let channels_in = shapes[self.index(&node.inputs[0])?].channels;
            // Each as 64 bits: the product does not fit the 32 of a page.
            flops += 2 * shape.elements() as u64 * channels_in as u64 * taps as u64;
        }
        Ok(Cost { parameters, flops })
    }
}

#[cfg(test)]
mod tests {
    use crate::network::preset;

    #[test]
    fn small_costs_what_a_hand_count_says() {
        // 16-M-32-M-32 on 3×32×32 with ten classes.
        let cost = preset("small", 10).unwrap().cost().unwrap();
        let parameters = (16 * 27 + 16) + (32 * 144 + 32) + (32 * 288 + 32) + (10 * 32 + 10);
        let macs = 1024 * 16 * 27 + 256 * 32 * 144 + 64 * 32 * 288 + 10 * 32;
        assert_eq!((cost.parameters, cost.flops), (parameters, 2 * macs));
    }
}
