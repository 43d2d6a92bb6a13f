//! Choosing: strategies that pick candidates by their estimated gains and costs, within budgets.

mod joint;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::JointTable;
use crate::morphism::{Candidate, CostDelta, conflict, morph};
use crate::network::Cost;

use joint::Joint;

/// A candidate is chosen jointly if its share is above this.
pub const JOINT_THRESHOLD: f64 = 0.05;

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
    /// All at once: the shares s that minimise rank-1's joint loss plus the worth's penalties, by non-negative
    /// least squares; what has a share above [`JOINT_THRESHOLD`], largest first.
    Joint {
        /// Nats that a parameter must earn.
        #[serde(default = "default_lambda")]
        lambda_parameters: f64,
        /// Nats that a floating-point operation of the forward pass must earn.
        #[serde(default)]
        lambda_flops: f64,
    },
}

fn default_lambda() -> f64 {
    1e-6
}

impl Default for Strategy {
    fn default() -> Self {
        Strategy::Worth { lambda_parameters: default_lambda(), lambda_flops: 0.0 }
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
        Self { max_candidates: 8, max_parameters: None, max_flops: None }
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
}

impl Strategy {
    /// What a candidate of this cost must gain to be worth it, in nats.
    pub fn penalty(&self, cost: &CostDelta) -> f64 {
        match self {
            Strategy::Worth { lambda_parameters, lambda_flops }
            | Strategy::Joint { lambda_parameters, lambda_flops } => {
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
    /// `table` has the offers' columns in their order; [`Strategy::Joint`] needs it.
    pub fn new(
        strategy: &Strategy,
        budget: &'a Budget,
        offers: &'a [Offer],
        table: Option<&JointTable>,
    ) -> Self {
        let limit = match strategy {
            Strategy::TopK { k } => budget.max_candidates.min(*k),
            _ => budget.max_candidates,
        };
        let order = ranking(strategy, offers, table).into_iter();
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
            if self.budget.max_parameters.is_some() || self.budget.max_flops.is_some() {
                self.chosen.push(position);
                let cost = grown(&self.chosen);
                self.chosen.pop();
                let cost = cost?;
                let over = |limit: Option<u64>, spent: u64| limit.is_some_and(|limit| spent > limit);
                if over(self.budget.max_parameters, cost.parameters)
                    || over(self.budget.max_flops, cost.flops)
                {
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
fn ranking(strategy: &Strategy, offers: &[Offer], table: Option<&JointTable>) -> Vec<usize> {
    let eligible = (0..offers.len()).filter(|&position| offers[position].scale > 0.0);
    // Sort keys, compared in turn; larger is better.
    let keys: BTreeMap<usize, [f64; 2]> = match strategy {
        Strategy::Worth { .. } => eligible
            .map(|position| {
                let offer = &offers[position];
                (position, [offer.gain - strategy.penalty(&offer.cost), 0.0])
            })
            .filter(|(_, key)| key[0] > 0.0)
            .collect(),
        Strategy::GainPerParameter => per_cost(offers, eligible, |cost| cost.parameters),
        Strategy::GainPerFlop => per_cost(offers, eligible, |cost| cost.flops),
        Strategy::TopK { .. } => eligible
            .map(|position| (position, [offers[position].gain, 0.0]))
            .filter(|(_, key)| key[0] > 0.0)
            .collect(),
        Strategy::Joint { .. } => {
            let penalties: Vec<f64> = offers.iter().map(|offer| strategy.penalty(&offer.cost)).collect();
            table.map_or_else(BTreeMap::new, |table| joint_shares(&Joint::new(table), offers, &penalties))
        }
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

/// Shares above the threshold, with the single worth as second key. Where two conflicting candidates both get
/// a share the smaller is forbidden and the rest solved for again.
fn joint_shares(joint: &Joint, offers: &[Offer], penalties: &[f64]) -> BTreeMap<usize, [f64; 2]> {
    let mut allowed: Vec<bool> = (0..joint.len())
        .map(|position| offers.get(position).is_some_and(|offer| offer.scale > 0.0))
        .collect();
    loop {
        let shares = joint.solve(penalties, &allowed);
        let keys: BTreeMap<usize, [f64; 2]> = (0..joint.len())
            .filter(|&position| shares[position] > JOINT_THRESHOLD)
            .map(|position| (position, [shares[position], offers[position].gain - penalties[position]]))
            .collect();
        let mut order: Vec<usize> = keys.keys().copied().collect();
        order.sort_by(|a, b| better(&keys, offers, *a, *b));
        let mut kept: Vec<usize> = Vec::new();
        let mut dropped = false;
        for position in order {
            if fits(offers, &kept, position) {
                kept.push(position);
            } else {
                allowed[position] = false;
                dropped = true;
            }
        }
        if !dropped {
            return keys;
        }
    }
}

#[cfg(test)]
mod tests;
