//! What each step costs in floating-point operations: every count of the program comes from here.
//!
//! Counted are multiply-accumulates of convolutions and linear layers (border positions like inner ones) and
//! of the matrices of moments that closed-form learners sum up, two operations each; nothing else. (A step of
//! the optimiser and one of an average are a few operations for each weight, whose gradient has taken
//! thousands.) For one example:
//!
//! - F, the forward pass ([`crate::network::Cost`]);
//! - B(s), a sweep of one cotangent from the logits back to node s: the input gradients of all layers behind s, each as
//!   expensive as its forward pass; a layer that reads the images has none;
//! - training: F, the weight gradients (F again), and B of everything; distillation: also F of the teacher;
//! - a candidate's *probe* (the convolutions with its φ that no scale changes), its *change* at one scale, and the
//!   *slope* of its φ once the slope of its change is known;
//! - its *entry*: what makes its change a change of the node behind it (one input channel of the reader), and the
//!   *suffix*: the forward pass of everything behind that node.
//!
//! The formulas are held against a count of what the Candle engine really computes, in `ledger/tests.rs`.

use super::config::Learning;
use crate::engine::Learner;
use crate::estimate::{Bank, Estimator};
use crate::morphism::{Family, Morphism, MorphismError, Place, Reader, Site, Spot, Work, morph};
use crate::network::{Architecture, NetworkError, Op, Shape};

/// A network with the morphisms considered for it.
pub struct Ledger<'a> {
    architecture: &'a Architecture,
    shapes: Vec<Shape>,
    /// FLOPs of each node's forward pass.
    nodes: Vec<u64>,
    forward: u64,
    classes: usize,
}

/// What a candidate costs an example, with the nodes that it meets.
struct Item {
    work: Work,
    /// The node whose cotangents the change meets.
    target: usize,
    /// The node that the change enters at, when it is made.
    entered: usize,
}

impl<'a> Ledger<'a> {
    /// For networks of this architecture.
    pub fn new(architecture: &'a Architecture) -> Result<Self, NetworkError> {
        let shapes = architecture.shapes()?;
        let mut nodes = Vec::with_capacity(shapes.len());
        for (node, shape) in architecture.nodes.iter().zip(&shapes) {
            let taps = match node.op {
                Op::Conv { kernel, .. } => kernel * kernel,
                Op::Linear { .. } => 1,
                _ => 0,
            };
            let inputs = match node.inputs.first() {
                Some(input) => shapes[architecture.index(input)?].channels,
                None => 0,
            };
            // Each as 64 bits: the product does not fit the 32 of a page.
            nodes.push(2 * shape.elements() as u64 * inputs as u64 * taps as u64);
        }
        let forward = nodes.iter().sum();
        Ok(Self { architecture, shapes, nodes, forward, classes: architecture.classes()? })
    }

    /// Training: forward, input gradients and weight gradients.
    pub fn train(&self, examples: u64) -> Result<u64, NetworkError> {
        Ok(examples * (2 * self.forward + self.sweep(0)?))
    }

    /// Scoring: F an example.
    pub fn evaluate(&self, examples: u64) -> u64 {
        self.forward * examples
    }

    /// The existing weights' own step, found on so many `examples` and seen from both sides of the network on those `shown`.
    pub fn own_step(&self, examples: u64, shown: u64) -> Result<u64, NetworkError> {
        Ok(self.train(examples)? + 2 * self.evaluate(shown))
    }

    /// Making φ of all candidates of a round, on a training part of `train` examples. Learners that descend (`estimate`,
    /// `firefly`, `direct`) pay for every example of every step:
    ///
    /// - `estimate`: F, B for each cotangent of the estimator's bank down to the first site, and each candidate's probe,
    ///   change and slope;
    /// - `firefly`: F, the same of each candidate, and for all candidates of a layer together the suffix and its B;
    ///   three batches more for the scores;
    /// - `direct`: F, the same of each candidate, and for each of them entry and suffix, there and back.
    ///
    /// Learners that sum up moments pay for each example once (`tiny` twice): F, B, and the products of the sums.
    pub fn learn(
        &self,
        morphisms: &[Morphism],
        learning: &Learning,
        train: u64,
    ) -> Result<u64, MorphismError> {
        let means = morphisms.iter().any(|morphism| morph(morphism.candidate.family).folds_mean());
        let folding = if means { self.evaluate(train) } else { 0 };
        let learned = |morphism: &&Morphism| morph(morphism.candidate.family).is_learned();
        let learned: Vec<&Morphism> = morphisms.iter().filter(learned).collect();
        if learned.is_empty() {
            return Ok(folding);
        }
        let items = learned.iter().map(|morphism| self.item(morphism)).collect::<Result<Vec<Item>, _>>()?;
        let lowest = items.iter().map(|item| item.target).min().unwrap_or(0);
        let seen = self.forward + self.sweep(lowest)?;
        let each = |Item { work, .. }: &Item| work.probe + work.change + work.slope;
        let own: u64 = items.iter().map(each).sum();
        let batch = (learning.batch as u64).min(train);
        let descended = learning.steps * batch;
        let once = train.min(learning.steps.saturating_mul(learning.batch as u64));
        let products = match learning.learner {
            Learner::Random => 0,
            Learner::Estimate => {
                let sets = learning.estimator.bank().size(self.classes) as u64;
                descended * (self.forward + sets * self.sweep(lowest)? + own)
            }
            Learner::Firefly => {
                let mut together = 0;
                let mut layers: Vec<(Family, &str)> = Vec::new();
                for (morphism, item) in learned.iter().zip(&items) {
                    let layer = (morphism.candidate.family, morphism.candidate.layer());
                    if !layers.contains(&layer) {
                        layers.push(layer);
                        together += self.suffix(item.target)? + self.sweep(item.target)?;
                    }
                }
                let scored = 3 * (learning.batch as u64).min(once);
                (descended + scored) * (self.forward + own + together)
            }
            Learner::Direct => {
                let mut alone = 0;
                for item in &items {
                    alone += 2 * item.work.entry + self.suffix(item.entered)? + self.sweep(item.entered)?;
                }
                descended * (self.forward + own + alone)
            }
            Learner::Steepest | Learner::Gradmax | Learner::Tiny => {
                let mut moments = 0;
                for morphism in &learned {
                    moments += self.moments(morphism, learning.learner)?;
                }
                let passes = if learning.learner == Learner::Tiny { 2 } else { 1 };
                once * (passes * seen + moments)
            }
        };
        Ok(folding + products)
    }

    /// Estimating: an example costs F, B for each cotangent down to the first site, and of each candidate the probe
    /// once and the change for each of its scales.
    pub fn estimate(
        &self,
        morphisms: &[Morphism],
        scales: &[Vec<f32>],
        estimators: &[Estimator],
        examples: u64,
    ) -> Result<u64, MorphismError> {
        let sets = Bank::serving(estimators).size(self.classes) as u64;
        let (mut own, mut lowest) = (0, usize::MAX);
        for (morphism, scales) in morphisms.iter().zip(scales) {
            let Item { work, target, .. } = self.item(morphism)?;
            own += work.probe + scales.len() as u64 * work.change;
            lowest = lowest.min(target);
        }
        Ok(examples * (self.forward + sets * self.sweep(lowest)? + own))
    }

    /// The table for the joint choice: each logit's cotangent and one scale, like an estimate of the linearised loss.
    pub fn joint(&self, morphisms: &[Morphism], examples: u64) -> Result<u64, MorphismError> {
        let scales = vec![vec![1.0]; morphisms.len()];
        self.estimate(morphisms, &scales, &[Estimator::Linearised], examples)
    }

    /// Measuring: an example costs F once, and for each morphism of a scale above 0 its probe, change, entry and suffix.
    pub fn measure(&self, morphisms: &[Morphism], examples: u64) -> Result<u64, MorphismError> {
        let mut each = self.forward;
        for morphism in morphisms.iter().filter(|morphism| morphism.scale > 0.0) {
            let Item { work, entered, .. } = self.item(morphism)?;
            each += work.probe + work.change + work.entry + self.suffix(entered)?;
        }
        Ok(examples * each)
    }

    /// B(node).
    fn sweep(&self, node: usize) -> Result<u64, NetworkError> {
        let mut flops = 0;
        for (index, cost) in self.nodes.iter().enumerate() {
            let reads_images = match self.architecture.nodes[index].inputs.first() {
                Some(input) => self.architecture.index(input)? == 0,
                None => true,
            };
            if index > node && !reads_images {
                flops += cost;
            }
        }
        Ok(flops)
    }

    /// Forward cost of everything that depends on `node`.
    fn suffix(&self, node: usize) -> Result<u64, NetworkError> {
        let mut changed = vec![false; self.nodes.len()];
        changed[node] = true;
        let mut flops = 0;
        for index in node + 1..self.nodes.len() {
            for input in &self.architecture.nodes[index].inputs {
                changed[index] |= changed[self.architecture.index(input)?];
            }
            if changed[index] {
                flops += self.nodes[index];
            }
        }
        Ok(flops)
    }

    fn site(&self, morphism: &Morphism) -> Result<(Site, usize, Option<usize>), MorphismError> {
        let site = Place::of(self.architecture, &morphism.candidate)?.site;
        let z = self.architecture.index(&site.z)?;
        let reader = match &site.reader {
            Some(Reader::Conv(name) | Reader::Head { name, .. }) => Some(self.architecture.index(name)?),
            None => None,
        };
        Ok((site, z, reader))
    }

    /// Multiply-accumulates of one kernel weight at every position of a node, twice.
    fn at_each(&self, node: usize, weights: usize) -> u64 {
        2 * weights as u64 * self.shapes[node].positions() as u64
    }

    fn item(&self, morphism: &Morphism) -> Result<Item, MorphismError> {
        let place = Place::of(self.architecture, &morphism.candidate)?;
        let z = self.architecture.index(&place.site.z)?;
        let reader = match &place.site.reader {
            Some(reader) => self.architecture.index(reader.name())?,
            None => z,
        };
        let work = morph(morphism.candidate.family).work(&place);
        let node = |spot: Spot| if spot == Spot::Reader { reader } else { z };
        Ok(Item { target: node(work.meets), entered: node(work.enters), work })
    }

    /// The products of a closed-form learner's sums.
    fn moments(&self, morphism: &Morphism, learner: Learner) -> Result<u64, MorphismError> {
        let (site, z, reader) = self.site(morphism)?;
        let layer = self.architecture.index(&site.layer)?;
        let count = |name: &str| morphism.phi.get(name).map_or(0, |tensor| tensor.elem_count());
        if learner == Learner::Steepest {
            let size = count("phi1") + 1;
            return Ok(self.at_each(layer, size * size));
        }
        let reader = reader.unwrap_or(z);
        // Of one of the new channels, however many there are.
        let width = morphism.candidate.width.max(1);
        let (taps, outgoing) = (count("phi_in") / width, count("omega") / width);
        let outputs = self.shapes[reader].channels;
        let area = outgoing / outputs.max(1);
        let moment = self.at_each(reader, taps * outgoing);
        if learner == Learner::Gradmax {
            return Ok(moment);
        }
        // b with its one, V and W; then V⊥ against x, and x against itself.
        let existing = self.shapes[z].channels * area + 1;
        let own = self.at_each(reader, existing * (existing + 2 * outputs));
        Ok(own + moment + self.at_each(reader, taps * taps))
    }
}

#[cfg(test)]
mod tests;
