//! The colours of the network's cells: what splitting and pruning each channel is estimated to gain.

use std::collections::BTreeMap;

use crate::estimate::Estimator;
use crate::lab::Round;
use crate::morphism::morph;

/// The gain of a channel's split and that of its pruning, where there is one.
type Gains = (Option<f64>, Option<f64>);

/// The estimated gains of each channel.
#[derive(Default)]
pub struct ChannelGains {
    /// By layer and channel: gain of the split, gain of the pruning.
    gains: BTreeMap<String, BTreeMap<usize, Gains>>,
    /// The largest gain of a split.
    best_split: f64,
    /// The middle loss of a pruning.
    usual_prune: f64,
}

impl ChannelGains {
    /// Of a round's candidates, by an estimator.
    pub fn of(round: &Round, estimator: Estimator) -> Self {
        let mut found = Self::default();
        let mut costs = Vec::new();
        for candidate in &round.candidates {
            let (Some(channel), Some(value)) = (candidate.channel(), candidate.estimate_by(estimator)) else {
                continue;
            };
            let layer = found.gains.entry(candidate.layer().to_owned()).or_default();
            let gains = layer.entry(channel).or_default();
            let family = morph(candidate.family);
            // Whole layers have no cell of their own.
            if family.splits_channel() {
                gains.0 = Some(gains.0.map_or(value, |other| other.max(value)));
                found.best_split = found.best_split.max(value);
            } else if family.removes_channel() {
                gains.1 = Some(gains.1.map_or(value, |other| other.max(value)));
                costs.push(-value);
            }
        }
        costs.sort_unstable_by(f64::total_cmp);
        found.usual_prune = costs.get(costs.len() / 2).copied().unwrap_or(0.0).max(1e-12);
        found
    }

    /// 1 where splitting gains most, −1 where pruning costs nothing or even helps; none without estimates.
    pub fn score(&self, layer: &str, channel: usize) -> Option<f32> {
        let (split, prune) = self.gains.get(layer)?.get(&channel)?;
        let warm = split.map_or(0.0, |gain| (gain / self.best_split.max(1e-12)).clamp(0.0, 1.0));
        let cold = prune.map_or(0.0, |gain| (1.0 + gain / self.usual_prune).clamp(0.0, 1.0));
        Some(if warm > cold { warm } else { -cold } as f32)
    }
}
