//! What is measured, and how thoroughly.

use std::time::Duration;

use super::clock::Effort;
use crate::engine::webgpu::Conv;

/// What is measured, and how thoroughly.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its name in the file.
    pub name: &'static str,
    /// The convolutions.
    pub shapes: Vec<Conv>,
    /// Rows and columns of the matrices that are multiplied; multiples of 16.
    pub sides: Vec<usize>,
    /// Rounds over all kernels. Shared machines change their speed from moment to moment: each shape is timed right
    /// after the matrix products, and medians over the rounds count.
    pub rounds: usize,
    /// How thoroughly a kernel is timed.
    pub kernels: Effort,
    /// The networks that are trained.
    pub networks: Vec<&'static str>,
    /// Examples of a training step; what candidates cost is compared with a step of the first.
    pub batches: Vec<usize>,
    /// Networks whose candidates are learned, estimated and measured; some of `networks`.
    pub grown: Vec<&'static str>,
    /// Examples on which candidates are estimated and measured.
    pub examples: usize,
    /// How thoroughly training, learning, estimating and measuring are timed.
    pub stages: Effort,
}

/// Images, input channels, rows and columns, output channels: the convolutions of the presets at batch 64, and some of
/// grown networks at batch 256.
const SHAPES: [[usize; 4]; 12] = [
    [64, 3, 32, 8],
    [64, 8, 32, 8],
    [64, 8, 16, 16],
    [64, 16, 16, 16],
    [64, 16, 16, 32],
    [64, 32, 8, 32],
    [16, 64, 16, 64],
    [256, 16, 32, 16],
    [256, 32, 16, 32],
    [256, 48, 8, 48],
    [256, 64, 16, 64],
    [256, 128, 8, 128],
];

fn conv([images, channels, side, outputs]: [usize; 4]) -> Conv {
    Conv { images, channels, height: side, width: side, outputs, kernel: 3 }
}

fn effort(milliseconds: u64, turns: usize) -> Effort {
    Effort { lasts: Duration::from_millis(milliseconds), turns }
}

impl Plan {
    /// Everything; minutes on a graphics card.
    pub fn full() -> Self {
        Self {
            name: "full",
            shapes: SHAPES.map(conv).to_vec(),
            sides: vec![256, 512, 1024, 2048],
            rounds: 5,
            kernels: effort(20, 3),
            networks: vec!["tiny", "small", "vgg-seed", "residual-seed"],
            batches: vec![64, 256],
            grown: vec!["tiny", "small"],
            examples: 512,
            stages: effort(500, 3),
        }
    }

    /// The same kernels and networks in one round; about 20 seconds on a graphics card.
    pub fn quick() -> Self {
        Self {
            name: "quick",
            rounds: 1,
            kernels: effort(5, 3),
            grown: vec!["tiny"],
            examples: 128,
            stages: effort(100, 2),
            ..Self::full()
        }
    }

    /// One small case of everything: for tests, not for numbers.
    pub fn smallest() -> Self {
        Self {
            name: "smallest",
            shapes: vec![conv([2, 4, 8, 8])],
            sides: vec![32],
            rounds: 1,
            kernels: effort(0, 1),
            networks: vec!["4-M-6"],
            batches: vec![8],
            grown: vec!["4-M-6"],
            examples: 16,
            stages: effort(0, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Ledger;
    use crate::network::{plain, preset};

    #[test]
    fn flops_of_a_convolution_are_those_of_the_ledger_and_of_a_hand_count() {
        // A whole kernel of 3 × 3 at each of 32 × 32 positions, from 3 channels to 8.
        let first = conv([64, 3, 32, 8]);
        assert_eq!(first.flops(), 64 * 2 * (32 * 32 * 8) * (3 * 9));
        // The layer as a network, without its head from 8 channels to 10 classes.
        let architecture = plain("8", false, 10).unwrap();
        let forward = Ledger::new(&architecture).unwrap().evaluate(64);
        assert_eq!(first.flops(), forward - 64 * 2 * 8 * 10);
    }

    #[test]
    fn plans_fit_the_kernels_and_the_presets() {
        for plan in [Plan::full(), Plan::quick(), Plan::smallest()] {
            for conv in &plan.shapes {
                // What rungs 4 and 5 demand.
                let fours = [conv.width, conv.height, conv.outputs];
                assert!(fours.iter().all(|size| size.is_multiple_of(4)), "{conv:?}");
            }
            assert!(plan.sides.iter().all(|side| side.is_multiple_of(16)), "{:?}", plan.sides);
            assert!(plan.networks.iter().all(|name| preset(name, 10).is_ok()), "{:?}", plan.networks);
            assert!(plan.grown.iter().all(|name| plan.networks.contains(name)), "{:?}", plan.grown);
        }
    }
}
