//! The estimates of one change by several estimators, saved by their names.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Estimator;

/// Older runs saved their estimates as lists without names: those of these estimators, in this order.
const UNNAMED: [Estimator; 5] = [
    Estimator::FirstOrder,
    Estimator::Rank1,
    Estimator::GaussNewton,
    Estimator::Sampled,
    Estimator::Linearised,
];

/// Estimated gains of one change, in nats; an estimator that was not asked has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ByEstimator(BTreeMap<Estimator, f64>);

impl ByEstimator {
    /// The same number for every estimator.
    pub fn all(value: f64) -> Self {
        Estimator::ALL.into_iter().map(|estimator| (estimator, value)).collect()
    }

    /// The estimate of one estimator.
    pub fn get(&self, estimator: Estimator) -> Option<f64> {
        self.0.get(&estimator).copied()
    }
}

impl FromIterator<(Estimator, f64)> for ByEstimator {
    fn from_iter<T: IntoIterator<Item = (Estimator, f64)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl Serialize for ByEstimator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(estimator, gain)| (estimator.name(), gain)))
    }
}

impl<'de> Deserialize<'de> for ByEstimator {
    /// Reads a map by names, or a list of an older run.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Saved {
            Named(BTreeMap<String, f64>),
            Unnamed([f64; UNNAMED.len()]),
        }
        match Saved::deserialize(deserializer)? {
            Saved::Unnamed(gains) => Ok(UNNAMED.into_iter().zip(gains).collect()),
            Saved::Named(gains) => {
                let named = |(name, gain): (String, f64)| Ok((name.parse::<Estimator>()?, gain));
                let pairs: Result<Self, String> = gains.into_iter().map(named).collect();
                pairs.map_err(serde::de::Error::custom)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_saved_by_name_and_lists_are_still_read() {
        let some: ByEstimator =
            [(Estimator::Sampled, 0.1), (Estimator::FirstOrder, -2.5e-17)].into_iter().collect();
        let text = serde_json::to_string(&some).unwrap();
        assert_eq!(text, r#"{"first-order":-2.5e-17,"sampled":0.1}"#);
        assert_eq!(serde_json::from_str::<ByEstimator>(&text).unwrap(), some);
        assert_eq!(some.get(Estimator::Rank1), None);
        let list: ByEstimator = serde_json::from_str("[1, 2, 3, 4, 5]").unwrap();
        assert_eq!(
            (list.get(Estimator::FirstOrder), list.get(Estimator::Linearised)),
            (Some(1.0), Some(5.0))
        );
        let message = serde_json::from_str::<ByEstimator>(r#"{"second-order": 1}"#).unwrap_err().to_string();
        assert!(message.contains("second-order") && message.contains("gauss-newton"), "{message}");
    }
}
