//! A model as tensors with one name each, for files and messages.

use std::collections::BTreeMap;

use super::{Architecture, Model, Network, NetworkError, OptimizerState, Tensors};

/// Tensors with `prefix/` before their names.
pub fn prefixed(prefix: &str, tensors: &Tensors) -> Tensors {
    tensors.iter().map(|(name, tensor)| (format!("{prefix}/{name}"), tensor.clone())).collect()
}

/// The tensors whose names begin with `prefix/`, by the rest of them.
pub fn under(prefix: &str, tensors: &Tensors) -> Tensors {
    let rest = |name: &String| Some(name.strip_prefix(prefix)?.strip_prefix('/')?.to_owned());
    tensors.iter().filter_map(|(name, tensor)| Some((rest(name)?, tensor.clone()))).collect()
}

impl Model {
    /// Every tensor: `model/NAME` of the network, `optimizer/SLOT/NAME` of the optimiser's memory.
    pub fn to_tensors(&self) -> Tensors {
        let mut tensors = prefixed("model", &self.network.tensors);
        for (slot, values) in &self.optimizer.slots {
            tensors.extend(prefixed(&format!("optimizer/{slot}"), values));
        }
        tensors
    }

    /// The inverse of [`Self::to_tensors`]; tensors of other names are ignored. An error if the network's are not those
    /// of the architecture, or an average's, which is a network too.
    pub fn from_tensors(
        architecture: Architecture,
        steps: u64,
        slots: Vec<String>,
        tensors: &Tensors,
    ) -> Result<Self, NetworkError> {
        let network = Network { architecture, tensors: under("model", tensors) };
        network.check()?;
        let slots = slots.into_iter().map(|slot| {
            let values = under(&format!("optimizer/{slot}"), tensors);
            (slot, values)
        });
        let slots: BTreeMap<String, Tensors> = slots.collect();
        if let Some(average) = slots.get(OptimizerState::AVERAGE) {
            Network { tensors: average.clone(), ..network.clone() }.check()?;
        }
        Ok(Self { network, optimizer: OptimizerState { steps, slots } })
    }
}
