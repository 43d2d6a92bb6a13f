//! The joint choice: from the shares of the convex problem to changes that can be made.
//!
//! The problem ([`Joint`]) knows no conflicts, no budgets, and offers shares of what can only be made whole (pruning).
//! What is made whole is a large step, which a linearisation does not foresee: only what pays alone takes part, by its own
//! estimate, which knows the curvature (docs/results.md says what came of all the others).
//! So the shares are rounded: what does not fit those of greater worth is left out and the rest is solved for again,
//! until everything fits; what is made whole or not at all is then fixed to the better of the two; at last the penalties
//! go, because they have done their work, which is to say who takes part, and what is left is solved for once more.

use super::joint::{Bounds, FREE, Joint, OUT, WHOLE};
use super::{Budget, Offer, fits};
use crate::morphism::morph;
use crate::network::Cost;

/// Smallest share that is worth a change.
const THRESHOLD: f64 = 0.05;

/// What changes made together shall bring.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// For each offer how much of its scale is made; 0 is not made.
    pub shares: Vec<f64>,
    /// Single gains of those that are made, summed: what nobody should expect.
    pub sum_of_single: f64,
    /// The joint estimate: by how much the linearised loss falls with all of them made.
    pub promised: f64,
}

impl Promise {
    fn of(joint: &Joint, offers: &[Offer], shares: Vec<f64>) -> Self {
        let made = offers.iter().zip(&shares).filter(|(_, share)| **share > 0.0);
        let sum_of_single = made.map(|(offer, _)| offer.gain).sum();
        Self { promised: joint.gain(&shares), sum_of_single, shares }
    }

    /// With the learned changes made only to `factor` of their shares.
    pub fn times(&self, joint: &Joint, offers: &[Offer], factor: f64) -> Self {
        let by = |offer: &Offer| if is_whole(offer) { 1.0 } else { factor };
        let shares = offers.iter().zip(&self.shares).map(|(offer, share)| by(offer) * share).collect();
        Self::of(joint, offers, shares)
    }

    /// Positions of what is made.
    pub fn made(&self) -> Vec<usize> {
        (0..self.shares.len()).filter(|position| self.shares[*position] > 0.0).collect()
    }
}

/// Whether an offer is made whole or not at all: it has no φ to scale.
pub fn is_whole(offer: &Offer) -> bool {
    !morph(offer.candidate.family).is_learned()
}

/// The best shares for the offers at `positions`, all of which are made: those with φ by `THRESHOLD` at least.
pub fn promise(joint: &Joint, offers: &[Offer], positions: &[usize]) -> Promise {
    let mut bounds = vec![OUT; offers.len()];
    for position in positions {
        bounds[*position] = if is_whole(&offers[*position]) { WHOLE } else { (THRESHOLD, FREE.1) };
    }
    let none = vec![0.0; offers.len()];
    Promise::of(joint, offers, joint.solve(&none, &bounds, &none))
}

/// What to make of all offers, by `penalties` (nats for the whole of each), within the budget. `grown` is the cost of
/// the network grown by the offers at the given positions; it is asked only if a budget needs it.
pub fn together<E>(
    joint: &Joint,
    offers: &[Offer],
    penalties: &[f64],
    budget: &Budget,
    grown: &mut dyn FnMut(&[usize]) -> Result<Cost, E>,
) -> Result<Promise, E> {
    let alone = |offer: &Offer| morph(offer.candidate.family).stands_alone();
    let possible = |(offer, penalty): (&Offer, &f64)| {
        offer.scale > 0.0 && !alone(offer) && (!is_whole(offer) || offer.gain > *penalty)
    };
    let mut rounding = Rounding {
        joint,
        offers,
        penalties,
        bounds: offers.iter().zip(penalties).map(|pair| if possible(pair) { FREE } else { OUT }).collect(),
        shares: vec![0.0; offers.len()],
    };
    rounding.fit(budget, grown)?;
    rounding.decide_wholes();
    rounding.refit();
    let mut best = rounding.shares.clone();
    // What stands alone competes with all the others together.
    for position in (0..offers.len()).filter(|position| alone(&offers[*position])) {
        let mut shares = vec![0.0; offers.len()];
        shares[position] = 1.0;
        let affordable = offers[position].scale > 0.0
            && budget.max_candidates > 0
            && (!budget.asks() || budget.allows(&grown(&[position])?));
        if affordable && rounding.worse(&shares) < rounding.worse(&best) {
            best = shares;
        }
    }
    Ok(Promise::of(joint, offers, best))
}

struct Rounding<'a> {
    joint: &'a Joint<'a>,
    offers: &'a [Offer],
    penalties: &'a [f64],
    /// What each share may still be.
    bounds: Vec<Bounds>,
    shares: Vec<f64>,
}

impl Rounding<'_> {
    /// Solves and leaves out, until what takes part fits together and into the budget.
    fn fit<E>(
        &mut self,
        budget: &Budget,
        grown: &mut dyn FnMut(&[usize]) -> Result<Cost, E>,
    ) -> Result<(), E> {
        loop {
            self.shares = self.joint.solve(self.penalties, &self.bounds, &self.shares);
            let mut kept: Vec<usize> = Vec::new();
            let (mut excluded, mut unaffordable) = (Vec::new(), Vec::new());
            for position in self.by_worth() {
                if self.shares[position] < THRESHOLD {
                    continue;
                }
                if !fits(self.offers, &kept, position) {
                    excluded.push(position);
                    continue;
                }
                kept.push(position);
                let affordable =
                    kept.len() <= budget.max_candidates && (!budget.asks() || budget.allows(&grown(&kept)?));
                if !affordable {
                    kept.pop();
                    unaffordable.push(position);
                }
            }
            if excluded.is_empty() && unaffordable.is_empty() {
                self.drop_small();
                return Ok(());
            }
            // With the worst out, others may become worth more: half of them at a time.
            let spared = unaffordable.len() / 2;
            for position in excluded.into_iter().chain(unaffordable.into_iter().skip(spared)) {
                (self.bounds[position], self.shares[position]) = (OUT, 0.0);
            }
        }
    }

    /// Fixes what has no φ to scale to 1 or to 0, the largest shares first.
    fn decide_wholes(&mut self) {
        let whole = |position: &usize| is_whole(&self.offers[*position]);
        let mut wholes: Vec<usize> = self.made().into_iter().filter(whole).collect();
        wholes.sort_unstable_by(|a, b| self.shares[*b].total_cmp(&self.shares[*a]).then(a.cmp(b)));
        for position in wholes {
            let at = |share: f64| {
                let mut shares = self.shares.clone();
                shares[position] = share;
                self.worse(&shares)
            };
            let (bounds, share) = if at(1.0) < at(0.0) { (WHOLE, 1.0) } else { (OUT, 0.0) };
            (self.bounds[position], self.shares[position]) = (bounds, share);
        }
    }

    /// Solves for what takes part without the penalties, which shrink the shares.
    fn refit(&mut self) {
        let none = vec![0.0; self.offers.len()];
        let made = self.made();
        for (position, bounds) in self.bounds.iter_mut().enumerate() {
            if !made.contains(&position) {
                *bounds = OUT;
            }
        }
        loop {
            self.shares = self.joint.solve(&none, &self.bounds, &self.shares);
            if !self.drop_small() {
                return;
            }
        }
    }

    /// Leaves out what is below the threshold; whether there was any.
    fn drop_small(&mut self) -> bool {
        let mut dropped = false;
        for (share, bounds) in self.shares.iter_mut().zip(&mut self.bounds) {
            if *bounds == FREE && *share < THRESHOLD {
                dropped |= *share > 0.0;
                (*share, *bounds) = (0.0, OUT);
            }
        }
        dropped
    }

    /// What takes part, by what leaving it out would cost less what it costs; ties by id.
    fn by_worth(&self) -> Vec<usize> {
        let worths = self.joint.worths(&self.shares);
        let net = |position: usize| worths[position] - self.penalties[position] * self.shares[position];
        let mut order = self.made();
        order.sort_by(|a, b| {
            net(*b).total_cmp(&net(*a)).then_with(|| self.offers[*a].id.cmp(&self.offers[*b].id))
        });
        order
    }

    fn made(&self) -> Vec<usize> {
        (0..self.shares.len()).filter(|position| self.shares[*position] > 0.0).collect()
    }

    /// The loss at these shares, plus what making them costs whatever their shares.
    fn worse(&self, shares: &[f64]) -> f64 {
        let made = shares.iter().zip(self.penalties).filter(|(share, _)| **share > 0.0);
        self.joint.loss(shares) + made.map(|(_, penalty)| penalty).sum::<f64>()
    }
}

#[cfg(test)]
mod tests;
