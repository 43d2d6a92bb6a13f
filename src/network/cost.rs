//! What a network costs to store and to run.

use serde::{Deserialize, Serialize};

use super::{Architecture, Network, NetworkError, Node, Op, is_trained};

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
        Ok(Cost { parameters, flops: self.flops_of(|_| true)? })
    }

    /// What a layer costs: its convolution, and the norm that reads it.
    pub fn layer_cost(&self, convolution: &str) -> Result<Cost, NetworkError> {
        let norm = |node: &Node| {
            matches!(node.op, Op::Norm { .. }) && node.inputs.iter().any(|input| input == convolution)
        };
        let nodes = || self.nodes.iter().filter(|node| node.name == convolution || norm(node));
        let own = |name: &str| {
            let of = |node: &Node| name.strip_prefix(&node.name).is_some_and(|rest| rest.starts_with('.'));
            is_trained(name) && nodes().any(of)
        };
        let parameters = Network::tensor_shapes(self)?
            .iter()
            .filter(|(name, _)| own(name))
            .map(|(_, shape)| shape.iter().map(|size| *size as u64).product::<u64>())
            .sum();
        Ok(Cost { parameters, flops: self.flops_of(|node| node.name == convolution)? })
    }

    /// The floating-point operations of some nodes.
    fn flops_of(&self, counts: impl Fn(&Node) -> bool) -> Result<u64, NetworkError> {
        let shapes = self.shapes()?;
        let mut flops = 0;
        for (node, shape) in self.nodes.iter().zip(&shapes).filter(|(node, _)| counts(node)) {
            let taps = match node.op {
                Op::Conv { kernel, .. } => kernel * kernel,
                Op::Linear { .. } => 1,
                _ => continue,
            };
            let channels_in = shapes[self.index(&node.inputs[0])?].channels;
            // Each as 64 bits: the product does not fit the 32 of a page.
            flops += 2 * shape.elements() as u64 * channels_in as u64 * taps as u64;
        }
        Ok(flops)
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

    #[test]
    fn layers_and_the_head_cost_what_the_network_does() {
        let architecture = preset("small", 10).unwrap();
        let second = architecture.layer_cost("conv2").unwrap();
        assert_eq!((second.parameters, second.flops), (32 * 144 + 32, 2 * 256 * 32 * 144));
        for name in ["small", "residual-seed"] {
            let architecture = preset(name, 10).unwrap();
            let (mut parameters, mut flops) = (0, 0);
            let names: Vec<String> = architecture.convolutions().map(str::to_owned).collect();
            for name in &names {
                let cost = architecture.layer_cost(name).unwrap();
                (parameters, flops) = (parameters + cost.parameters, flops + cost.flops);
            }
            let whole = architecture.cost().unwrap();
            let head = whole.parameters - parameters;
            assert_eq!(head % 10, 0, "{name}: of ten classes");
            assert_eq!(whole.flops - flops, 2 * (head - 10), "{name}");
        }
    }
}
