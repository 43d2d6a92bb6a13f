//! What an optimiser remembers between steps, by slots, and what is kept beside it while a training phase
//! lasts.

use super::{Model, NetworkError, OptimizerState, is_trained};

impl OptimizerState {
    /// SGD's momentum.
    pub const MOMENTUM: &'static str = "momentum";
    /// Adam's mean of the gradients.
    pub const MEAN: &'static str = "m";
    /// Adam's mean of their squares.
    pub const MEAN_SQUARE: &'static str = "v";
    /// The average of all tensors of the network over the training phase under way. Running statistics are
    /// averaged like weights (PyTorch's `AveragedModel` with `use_buffers`), for they are averages
    /// themselves: to find the averaged weights' own would take one more pass over the images.
    pub const AVERAGE: &'static str = "average";
    /// 1 for each weight that the last growth left in place, 0 for each that it made new; gone after the next
    /// training phase.
    pub const INHERITED: &'static str = "inherited";
}

impl Model {
    /// Marks every trained weight as inherited. Whatever growth makes new from here on gets 0, as in every
    /// slot.
    pub fn mark_inherited(&mut self) -> Result<(), NetworkError> {
        let trained = self.network.tensors.iter().filter(|(name, _)| is_trained(name));
        let marks = trained.map(|(name, tensor)| Ok((name.clone(), tensor.ones_like()?)));
        let marks = marks.collect::<Result<_, candle_core::Error>>()?;
        self.optimizer.slots.insert(OptimizerState::INHERITED.to_owned(), marks);
        Ok(())
    }

    /// Begins an average with the network as it is, unless one is under way.
    pub fn begin_average(&mut self) {
        let tensors = &self.network.tensors;
        let slots = &mut self.optimizer.slots;
        slots.entry(OptimizerState::AVERAGE.to_owned()).or_insert_with(|| tensors.clone());
    }

    /// Ends a training phase: the average, where one was kept, becomes the network, and nothing is new any
    /// more. The optimiser's own memory stays.
    pub fn end_phase(&mut self) {
        if let Some(average) = self.optimizer.slots.remove(OptimizerState::AVERAGE) {
            self.network.tensors = average;
        }
        self.optimizer.slots.remove(OptimizerState::INHERITED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Network, preset};

    fn model() -> Model {
        Model::new(Network::initialise(preset("residual-seed", 4).unwrap(), 3).unwrap())
    }

    fn first(model: &Model) -> f32 {
        model.network.tensors["conv1.weight"].flatten_all().unwrap().to_vec1::<f32>().unwrap()[0]
    }

    #[test]
    fn a_phase_ends_with_the_average_it_began_with_the_network() {
        let mut model = model();
        let before = first(&model);
        model.begin_average();
        model.mark_inherited().unwrap();
        let doubled = (&model.network.tensors["conv1.weight"] * 2.0).unwrap();
        model.network.tensors.insert("conv1.weight".into(), doubled);
        model.begin_average();
        model.end_phase();
        assert_eq!(first(&model), before, "an average under way is not begun anew");
        assert!(model.optimizer.slots.is_empty());
        model.network.check().unwrap();
        model.end_phase();
        assert_eq!(first(&model), before);
    }

    #[test]
    fn an_average_that_is_no_network_is_refused() {
        let mut model = model();
        model.begin_average();
        let read = |tensors: &crate::network::Tensors| {
            let slots = vec![OptimizerState::AVERAGE.to_owned()];
            Model::from_tensors(model.network.architecture.clone(), 0, slots, tensors)
        };
        let mut tensors = model.to_tensors();
        assert!(read(&tensors).is_ok());
        tensors.remove("optimizer/average/norm1.running_var");
        let message = read(&tensors).unwrap_err().to_string();
        assert!(message.contains("norm1.running_var"), "{message}");
    }
}
