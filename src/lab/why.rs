//! Why the method's choice took a candidate or passed it over: what is left to say once the choice is made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::config::Config;
use crate::morphism::conflict;
use crate::search::{self, Offer, Strategy, is_whole};

/// The reason, with gains in nats on the validation part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Why {
    /// Taken.
    Chosen {
        /// What it adds to the others that are taken, if that was asked.
        adds: Option<f64>,
    },
    /// Its best scale is 0.
    NoStep,
    /// By itself it earns less than its cost asks.
    Cost {
        /// What it would have to gain.
        needs: f64,
    },
    /// It cannot be made together with what is taken.
    Conflict {
        /// The other; none where its layer would lose its last channel.
        with: Option<String>,
    },
    /// Beside what is taken it adds too little.
    Little {
        /// How much.
        adds: f64,
    },
    /// What it adds comes by training as well.
    Training {
        /// What it adds.
        adds: f64,
    },
    /// The round has as many changes as it may have.
    Full,
    /// The grown network would be larger than it may be.
    Budget,
    /// The choice ended before its turn came.
    NotTried,
    /// The network grown by all that promised to help was no better.
    NoneHelped,
}

/// The reason for each offer, after the offers at `chosen` are taken. `adds` holds what is known of what
/// single ones add to
/// the others, by position.
pub fn reasons(config: &Config, offers: &[Offer], chosen: &[usize], adds: &BTreeMap<usize, f64>) -> Vec<Why> {
    let strategy = &config.strategy;
    let is_joint = matches!(strategy, Strategy::Joint { .. });
    let beyond = matches!(strategy, Strategy::Joint { beyond_training: true, .. });
    let most = match strategy {
        Strategy::TopK { k } => config.budget.max_candidates.min(*k),
        _ => config.budget.max_candidates,
    };
    let limited = config.budget.max_parameters.is_some() || config.budget.max_flops.is_some();
    let reason = |position: usize| {
        let offer = &offers[position];
        let adds = adds.get(&position).copied();
        if chosen.contains(&position) {
            return Why::Chosen { adds };
        }
        if offer.scale <= 0.0 {
            return Why::NoStep;
        }
        let other = chosen.iter().find(|other| conflict(&offers[**other].candidate, &offer.candidate));
        if let Some(other) = other {
            return Why::Conflict { with: Some(offers[*other].id.clone()) };
        }
        let together: Vec<usize> = chosen.iter().copied().chain([position]).collect();
        if search::check(offers, &together).is_err() {
            return Why::Conflict { with: None };
        }
        let needs = strategy.penalty(&offer.cost);
        let alone = !is_joint || is_whole(offer);
        if alone && strategy.asks_gains() && offer.gain <= needs {
            return Why::Cost { needs };
        }
        match adds {
            Some(adds) if !is_joint || adds <= needs => Why::Little { adds },
            _ if is_joint && chosen.is_empty() => Why::NoneHelped,
            _ if chosen.len() >= most => Why::Full,
            _ if limited => Why::Budget,
            Some(adds) if beyond => Why::Training { adds },
            Some(adds) => Why::Little { adds },
            None => Why::NotTried,
        }
    };
    (0..offers.len()).map(reason).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{Candidate, CostDelta, Family};

    fn offer(family: Family, layer: &str, channel: Option<usize>, gain: f64) -> Offer {
        let candidate = Candidate::named(family, layer, channel).unwrap();
        let cost = CostDelta { parameters: 1_000, flops: 0 };
        Offer { id: candidate.id(), candidate, gain, cost, scale: 1.0, channels: 4, ticket: 0.5 }
    }

    #[test]
    fn each_reason_is_told_apart() {
        let mut offers = vec![
            offer(Family::Split, "conv1", Some(0), 0.1),
            offer(Family::Prune, "conv1", Some(0), 0.1),
            offer(Family::Split, "conv1", Some(1), 5e-4),
            offer(Family::Widen, "conv2", None, 0.2),
            offer(Family::Split, "conv2", Some(1), 0.1),
            offer(Family::Split, "conv2", Some(2), 0.1),
        ];
        offers[5].scale = 0.0;
        let strategy = Strategy::Worth { lambda_parameters: 1e-6, lambda_flops: 0.0 };
        let mut config = Config { strategy, ..Config::default() };
        let tried = BTreeMap::from([(0, 0.1), (3, 2e-4)]);
        let found = |config: &Config, chosen: &[usize], adds: &BTreeMap<usize, f64>| {
            reasons(config, &offers, chosen, adds)
        };
        let cost = Why::Cost { needs: 1e-3 };
        let conflict = Why::Conflict { with: Some("split:conv1:0".into()) };
        assert_eq!(
            found(&config, &[0], &tried),
            [
                Why::Chosen { adds: Some(0.1) },
                conflict.clone(),
                cost,
                Why::Little { adds: 2e-4 },
                Why::NotTried,
                Why::NoStep
            ]
        );
        config.budget.max_candidates = 1;
        assert_eq!(found(&config, &[0], &tried)[4], Why::Full);
        // Of the joint choice, all is known of each but the reason.
        config = Config { strategy: Strategy::default(), ..config };
        let adds: BTreeMap<usize, f64> = [(0, 0.1), (2, 2e-3), (3, 2e-4), (4, 0.02)].into();
        let joint = found(&config, &[0], &adds);
        assert_eq!(joint[1..5], [conflict, Why::Full, Why::Little { adds: 2e-4 }, Why::Full]);
        assert_eq!(found(&config, &[], &adds)[4], Why::NoneHelped);
        config.budget.max_candidates = 9;
        assert_eq!(found(&config, &[0], &adds)[4], Why::Little { adds: 0.02 });
        config.budget.max_parameters = Some(10);
        assert_eq!(found(&config, &[0], &adds)[4], Why::Budget);
    }
}
