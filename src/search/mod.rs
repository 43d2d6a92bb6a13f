//! Choosing: strategies that pick candidates by their estimated gains and costs, within budgets; and above them, searches
//! that try whole networks.

pub mod cost;
mod joint;
mod together;
pub mod trials;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::morphism::{Candidate, CostDelta, conflict, morph};
use crate::network::Cost;

pub use joint::{Bounds, FREE, Joint, OUT, WHOLE};
pub use together::{Promise, is_whole, promise, together};

/// How candidates are ranked, and which are good enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Strategy {
    /// worth = gain − λ_parameters·Δparameters − λ_flops·Δflops; everything of positive worth, best first.
    Worth {
        /// Nats that a parameter must earn.
        #[serde(default = "default_lambda")]
        lambda_parameters: f64,
        /// Nats that a floating-point operation of the forward pass must earn.
        #[serde(default)]
        lambda_flops: f64,
    },
    /// Positive gains by gain per added parameter; what adds none comes first, by gain.
    GainPerParameter,
    /// Positive gains by gain per added FLOP; what adds none comes first, by gain.
    GainPerFlop,
    /// The `k` largest positive gains.
    TopK {
        /// How many.
        k: usize,
    },
    /// The allowed number of candidates, drawn at random: what growing brings wherever it takes place. Asks for no gains.
    Random,
    /// All at once: the shares of all candidates that minimise the linearised loss of their sum plus the worth's
    /// penalties, see [`together`].
    Joint {
        /// Nats that a parameter must earn.
        #[serde(default = "default_lambda")]
        lambda_parameters: f64,
        /// Nats that a floating-point operation of the forward pass must earn.
        #[serde(default)]
        lambda_flops: f64,
        /// Whether only that counts which comes beyond the existing weights' own step, see [`Joint::beyond`].
        #[serde(default)]
        beyond_training: bool,
    },
}

fn default_lambda() -> f64 {
    1e-6
}

/// The joint choice: its promises are kept, whatever the number of changes, and no trial network is needed.
impl Default for Strategy {
    fn default() -> Self {
        Strategy::Joint { lambda_parameters: default_lambda(), lambda_flops: 0.0, beyond_training: false }
    }
}

/// What a round's choice may spend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Budget {
    /// Candidates a round.
    pub max_candidates: usize,
    /// Parameters of the grown network.
    pub max_parameters: Option<u64>,
    /// FLOPs of the grown network's forward pass of one example.
    pub max_flops: Option<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { max_candidates: 24, max_parameters: None, max_flops: None }
    }
}

impl Budget {
    /// Whether a grown network's size matters.
    fn asks(&self) -> bool {
        self.max_parameters.is_some() || self.max_flops.is_some()
    }

    /// Whether a grown network may be of this size.
    pub fn allows(&self, grown: &Cost) -> bool {
        let within = |limit: Option<u64>, spent: u64| limit.is_none_or(|limit| spent <= limit);
        within(self.max_parameters, grown.parameters) && within(self.max_flops, grown.flops)
    }
}

/// A candidate as a strategy sees it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The candidate.
    pub candidate: Candidate,
    /// Its id, the last tie breaker.
    pub id: String,
    /// Its estimated gain on the validation part, at its scale.
    pub gain: f64,
    /// What it adds.
    pub cost: CostDelta,
    /// Its scale; 0 is never chosen.
    pub scale: f32,
    /// Channels of its layer.
    pub channels: usize,
    /// A random number in 0…1, for [`Strategy::Random`].
    pub ticket: f64,
}

impl Strategy {
    /// Whether it asks for estimated gains.
    pub fn asks_gains(&self) -> bool {
        !matches!(self, Strategy::Random)
    }

    /// What a candidate of this cost must gain to be worth it, in nats.
    pub fn penalty(&self, cost: &CostDelta) -> f64 {
        match self {
            Strategy::Worth { lambda_parameters, lambda_flops }
            | Strategy::Joint { lambda_parameters, lambda_flops, .. } => {
                lambda_parameters * cost.parameters as f64 + lambda_flops * cost.flops as f64
            }
            _ => 0.0,
        }
    }
}

/// Walks through offers, best first, and keeps what was accepted.
///
/// Conflicting candidates are never chosen together, a layer never loses all its channels, and an offer that
/// would exceed the budget is passed over. The order is total, so equal inputs give equal choices.
pub struct Picker<'a> {
    budget: &'a Budget,
    offers: &'a [Offer],
    limit: usize,
    order: std::vec::IntoIter<usize>,
    chosen: Vec<usize>,
}

impl<'a> Picker<'a> {
    /// For a strategy that ranks offers one by one: [`Strategy::Joint`] has [`together`].
    pub fn new(strategy: &Strategy, budget: &'a Budget, offers: &'a [Offer]) -> Self {
        let limit = match strategy {
            Strategy::TopK { k } => budget.max_candidates.min(*k),
            _ => budget.max_candidates,
        };
        let order = ranking(strategy, offers).into_iter();
        Self { budget, offers, limit, order, chosen: Vec::new() }
    }

    /// The best offer left that fits what was accepted, by its position; each is offered once. `grown` is the
    /// cost of the network grown by the offers at the given positions; it is asked only if a budget needs it.
    pub fn next<E>(
        &mut self,
        grown: &mut dyn FnMut(&[usize]) -> Result<Cost, E>,
    ) -> Result<Option<usize>, E> {
        if self.chosen.len() >= self.limit {
            return Ok(None);
        }
        for position in self.order.by_ref() {
            if !fits(self.offers, &self.chosen, position) {
                continue;
            }
            if self.budget.asks() {
                self.chosen.push(position);
                let cost = grown(&self.chosen);
                self.chosen.pop();
                if !self.budget.allows(&cost?) {
                    continue;
                }
            }
            return Ok(Some(position));
        }
        Ok(None)
    }

    /// Keeps the offer last given.
    pub fn accept(&mut self, position: usize) {
        self.chosen.push(position);
    }

    /// Positions of what was accepted, in its order.
    pub fn chosen(&self) -> &[usize] {
        &self.chosen
    }
}

/// Whether the offers at `positions` may be chosen together; if not, the id of the first that may not join
/// those before it.
pub fn check(offers: &[Offer], positions: &[usize]) -> Result<(), String> {
    for (count, &position) in positions.iter().enumerate() {
        if offers[position].scale <= 0.0 || !fits(offers, &positions[..count], position) {
            return Err(offers[position].id.clone());
        }
    }
    Ok(())
}

/// Whether the offer at `position` may join the chosen.
fn fits(offers: &[Offer], chosen: &[usize], position: usize) -> bool {
    let offer = &offers[position];
    if chosen.iter().any(|&other| other == position || conflict(&offers[other].candidate, &offer.candidate)) {
        return false;
    }
    let prunes = |offer: &Offer| morph(offer.candidate.family).removes_channel();
    if !prunes(offer) {
        return true;
    }
    let same_layer = |other: &&usize| {
        prunes(&offers[**other]) && offers[**other].candidate.layer() == offer.candidate.layer()
    };
    chosen.iter().filter(same_layer).count() + 1 < offer.channels
}

/// The offers good enough to choose, best first.
fn ranking(strategy: &Strategy, offers: &[Offer]) -> Vec<usize> {
    let eligible = (0..offers.len()).filter(|&position| offers[position].scale > 0.0);
    // Sort keys, compared in turn; larger is better.
    let keys: BTreeMap<usize, [f64; 2]> = match strategy {
        // The joint choice is made elsewhere; one by one, it ranks as its worth does.
        Strategy::Worth { .. } | Strategy::Joint { .. } => eligible
            .map(|position| {
                let offer = &offers[position];
                (position, [offer.gain - strategy.penalty(&offer.cost), 0.0])
            })
            .filter(|(_, key)| key[0] > 0.0)
            .collect(),
        Strategy::GainPerParameter => per_cost(offers, eligible, |cost| cost.parameters),
        Strategy::GainPerFlop => per_cost(offers, eligible, |cost| cost.flops),
        Strategy::Random => eligible.map(|position| (position, [offers[position].ticket, 0.0])).collect(),
        Strategy::TopK { .. } => eligible
            .map(|position| (position, [offers[position].gain, 0.0]))
            .filter(|(_, key)| key[0] > 0.0)
            .collect(),
    };
    let mut order: Vec<usize> = keys.keys().copied().collect();
    order.sort_by(|a, b| better(&keys, offers, *a, *b));
    order
}

fn better(keys: &BTreeMap<usize, [f64; 2]>, offers: &[Offer], a: usize, b: usize) -> Ordering {
    let (x, y) = (keys[&a], keys[&b]);
    y[0].total_cmp(&x[0]).then(y[1].total_cmp(&x[1])).then_with(|| offers[a].id.cmp(&offers[b].id))
}

fn per_cost(
    offers: &[Offer],
    eligible: impl Iterator<Item = usize>,
    cost: impl Fn(&CostDelta) -> i64,
) -> BTreeMap<usize, [f64; 2]> {
    eligible
        .filter(|&position| offers[position].gain > 0.0)
        .map(|position| {
            let offer = &offers[position];
            match cost(&offer.cost) {
                added if added > 0 => (position, [offer.gain / added as f64, offer.gain]),
                _ => (position, [f64::INFINITY, offer.gain]),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
