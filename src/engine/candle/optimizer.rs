//! One optimiser step over all parameters, and their average.

use candle_core::{Result, Tensor, WithDType};

use super::real::{Numbers, Real, tensor, with_real};
use crate::engine::{ADAM_EPSILON, OptimizerConfig, Rule};
use crate::network::{OptimizerState, Tensors};

/// Euclidean norm of all gradients together, summed in f64 in the order of the names.
pub fn norm(gradients: &Tensors) -> Result<f64> {
    let mut squares = 0.0;
    for gradient in gradients.values() {
        squares += with_real!(gradient, T => {
            Numbers::<T>::of(gradient)?.iter().map(|g| g.to_f64() * g.to_f64()).sum::<f64>()
        });
    }
    Ok(squares.sqrt())
}

/// How far a step goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Scales the gradients (clipping).
    pub factor: f64,
    /// The learning rate.
    pub rate: f64,
    /// How many times as far weights go that growth made new.
    pub new_rate: f64,
}

/// Takes one step.
pub fn step(
    config: &OptimizerConfig,
    parameters: &mut Tensors,
    state: &mut OptimizerState,
    gradients: &Tensors,
    Pace { factor, rate, new_rate }: Pace,
) -> Result<()> {
    state.steps += 1;
    for (name, gradient) in gradients {
        let keep = |state: &mut OptimizerState, slot: &str, memory: Tensor| {
            state.slots.entry(slot.to_owned()).or_default().insert(name.clone(), memory);
        };
        let decay = if gradient.rank() >= 2 { config.weight_decay } else { 0.0 };
        let Some(weights) = parameters.get(name).cloned() else { continue };
        let slot = |state: &OptimizerState, slot: &str| match state.slots.get(slot).and_then(|s| s.get(name))
        {
            Some(tensor) => Ok(tensor.clone()),
            None => weights.zeros_like(),
        };
        let inherited = state.slots.get(OptimizerState::INHERITED).and_then(|marks| marks.get(name)).cloned();
        let after = match config.rule {
            Rule::Sgd => {
                let memory = slot(state, OptimizerState::MOMENTUM)?;
                let (after, memory) = with_real!(weights, T => {
                    let hyper = [factor, rate, decay, config.momentum].map(T::from_f64);
                    sgd(&weights, &memory, gradient, hyper, config.nesterov)?
                });
                keep(state, OptimizerState::MOMENTUM, memory);
                after
            }
            Rule::Adamw => {
                let m = slot(state, OptimizerState::MEAN)?;
                let v = slot(state, OptimizerState::MEAN_SQUARE)?;
                let rule = Adam { rate, beta1: config.momentum, beta2: config.beta2, decay };
                let (after, m, v) = rule.step(&weights, &m, &v, gradient, factor, state.steps)?;
                keep(state, OptimizerState::MEAN, m);
                keep(state, OptimizerState::MEAN_SQUARE, v);
                after
            }
        };
        let after = match inherited {
            Some(inherited) if new_rate != 1.0 => {
                with_real!(weights, T => hasten::<T>(&weights, &after, &inherited, T::from_f64(new_rate))?)
            }
            _ => after,
        };
        parameters.insert(name.clone(), after);
    }
    Ok(())
}

/// The weights after a step; those that are not inherited go `new_rate` times as far as from `before` to
/// `after`. (Both rules' steps are the learning rate times something.)
fn hasten<T: Real>(before: &Tensor, after: &Tensor, inherited: &Tensor, new_rate: T) -> Result<Tensor> {
    let (from, to) = (Numbers::<T>::of(before)?, Numbers::<T>::of(after)?);
    let inherited = Numbers::<T>::of(inherited)?;
    let steps = from.iter().zip(to.iter()).zip(inherited.iter());
    let hastened = steps.map(|((from, to), inherited)| match *inherited == T::zero() {
        true => *from + new_rate * (*to - *from),
        false => *to,
    });
    tensor(hastened.collect(), before.dims())
}

/// Moves an average towards the tensors: a + `share`·(w − a).
pub fn average(average: &mut Tensors, tensors: &Tensors, share: f64) -> Result<()> {
    for (name, old) in average {
        let Some(now) = tensors.get(name) else { continue };
        *old = with_real!(now, T => {
            let (a, w, share) = (Numbers::<T>::of(old)?, Numbers::<T>::of(now)?, T::from_f64(share));
            let moved = a.iter().zip(w.iter()).map(|(a, w)| *a + share * (*w - *a));
            tensor(moved.collect::<Vec<T>>(), now.dims())?
        });
    }
    Ok(())
}

fn sgd<T: Real>(
    weights: &Tensor,
    memory: &Tensor,
    gradient: &Tensor,
    [factor, rate, decay, momentum]: [T; 4],
    nesterov: bool,
) -> Result<(Tensor, Tensor)> {
    let (w, b, g) = (Numbers::<T>::of(weights)?, Numbers::<T>::of(memory)?, Numbers::<T>::of(gradient)?);
    let mut new_weights = Vec::with_capacity(w.len());
    let mut new_memory = Vec::with_capacity(w.len());
    for ((w, b), g) in w.iter().zip(b.iter()).zip(g.iter()) {
        let g = factor * *g + decay * *w;
        let b = momentum * *b + g;
        let direction = if nesterov { g + momentum * b } else { b };
        new_weights.push(*w - rate * direction);
        new_memory.push(b);
    }
    Ok((tensor(new_weights, weights.dims())?, tensor(new_memory, weights.dims())?))
}

/// Adam with decoupled weight decay (Loshchilov & Hutter, arXiv 1711.05101).
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    /// Learning rate.
    pub rate: f64,
    /// Decay of the mean.
    pub beta1: f64,
    /// Decay of the mean square.
    pub beta2: f64,
    /// Weight decay.
    pub decay: f64,
}

impl Adam {
    /// Step number `steps` (from 1): new weights, mean and mean square.
    pub fn step(
        &self,
        weights: &Tensor,
        m: &Tensor,
        v: &Tensor,
        gradient: &Tensor,
        factor: f64,
        steps: u64,
    ) -> Result<(Tensor, Tensor, Tensor)> {
        with_real!(weights, T => {
            let (w, m, v) = (Numbers::<T>::of(weights)?, Numbers::<T>::of(m)?, Numbers::<T>::of(v)?);
            let gradient = Numbers::<T>::of(gradient)?;
            let [factor, beta1, beta2] = [factor, self.beta1, self.beta2].map(T::from_f64);
            let [rest1, rest2] = [1.0 - self.beta1, 1.0 - self.beta2].map(T::from_f64);
            let power = i32::try_from(steps).unwrap_or(i32::MAX);
            let rate = T::from_f64(self.rate / (1.0 - self.beta1.powi(power)));
            let correction = T::from_f64(1.0 / (1.0 - self.beta2.powi(power)));
            let (kept, epsilon) = (T::from_f64(1.0 - self.rate * self.decay), T::from_f64(ADAM_EPSILON));
            let mut new: [Vec<T>; 3] = std::array::from_fn(|_| Vec::with_capacity(w.len()));
            for (((w, m), v), g) in w.iter().zip(m.iter()).zip(v.iter()).zip(gradient.iter()) {
                let g = factor * *g;
                let m = beta1 * *m + rest1 * g;
                let v = beta2 * *v + rest2 * g * g;
                new[0].push(kept * *w - rate * m / ((v * correction).sqrt() + epsilon));
                new[1].push(m);
                new[2].push(v);
            }
            let [w, m, v] = new;
            let shape = weights.dims();
            Ok((tensor(w, shape)?, tensor(m, shape)?, tensor(v, shape)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{DType, Device};

    use super::*;
    use crate::morphism::{Family, Memory, Morphism, apply_with, neutral_phi, propose};
    use crate::network::{Model, Network, is_trained, plain};
    use crate::random::Stream;

    /// Minimises ½w² from w = 1 for some steps; returns w after each.
    fn descend(config: &OptimizerConfig, steps: usize) -> Vec<f64> {
        let w = Tensor::new(&[[1.0f64]], &Device::Cpu).unwrap();
        let mut parameters = Tensors::from([("w".to_owned(), w)]);
        let mut state = OptimizerState::default();
        (0..steps)
            .map(|_| {
                let gradients = parameters.clone();
                let pace = Pace { factor: 1.0, rate: 0.1, new_rate: 1.0 };
                step(config, &mut parameters, &mut state, &gradients, pace).unwrap();
                parameters["w"].flatten_all().unwrap().to_vec1::<f64>().unwrap()[0]
            })
            .collect()
    }

    #[test]
    fn sgd_steps_as_worked_by_hand() {
        let plain = OptimizerConfig { nesterov: false, weight_decay: 0.0, ..Default::default() };
        // b = 1, w = 0.9; b = 0.9·1 + 0.9 = 1.8, w = 0.72.
        let found = descend(&plain, 2);
        assert!((found[0] - 0.9).abs() < 1e-15 && (found[1] - 0.72).abs() < 1e-15);
        // Nesterov: d = 1 + 0.9·1 = 1.9, w = 0.81.
        let nesterov = OptimizerConfig { nesterov: true, weight_decay: 0.0, ..Default::default() };
        assert!((descend(&nesterov, 1)[0] - 0.81).abs() < 1e-15);
        // Decay ½ adds ½w to the gradient: b = 1.5, w = 0.85.
        let decayed = OptimizerConfig { weight_decay: 0.5, ..plain };
        assert!((descend(&decayed, 1)[0] - 0.85).abs() < 1e-15);
    }

    /// A step by memory and weight decay alone: with φ = 0 a split's children are afterwards what a split
    /// makes of the moved parent, if their memory is rescaled, and not if it is inherited.
    #[test]
    fn children_with_rescaled_memory_go_on_as_their_parent() {
        for (rule, norms) in
            [(Rule::Sgd, false), (Rule::Sgd, true), (Rule::Adamw, false), (Rule::Adamw, true)]
        {
            let config = OptimizerConfig { rule, weight_decay: 0.1, ..Default::default() };
            let architecture = plain("3-M-4", norms, 3).unwrap();
            let mut model = Model::new(Network::initialise(architecture, 4).unwrap());
            for tensor in model.network.tensors.values_mut() {
                *tensor = tensor.to_dtype(DType::F64).unwrap();
            }
            let memory = |slot: &str, low: f64, high: f64| -> Tensors {
                let trained = model.network.tensors.iter().filter(|(name, _)| is_trained(name));
                let mut stream = Stream::new(4, slot, 0);
                let mut noise = |tensor: &Tensor| {
                    let numbers = (0..tensor.elem_count()).map(|_| low + (high - low) * stream.uniform());
                    Tensor::from_vec(numbers.collect::<Vec<f64>>(), tensor.dims(), &Device::Cpu).unwrap()
                };
                trained.map(|(name, tensor)| (name.clone(), noise(tensor))).collect()
            };
            let slots = [
                (OptimizerState::MOMENTUM.to_owned(), memory("momentum", -1.0, 1.0)),
                (OptimizerState::MEAN.to_owned(), memory("m", -1.0, 1.0)),
                (OptimizerState::MEAN_SQUARE.to_owned(), memory("v", 0.25, 1.0)),
            ];
            model.optimizer = OptimizerState { steps: 9, slots: slots.into() };
            let stepped = |model: &Model| {
                let mut model = model.clone();
                let trained = model.network.tensors.iter().filter(|(name, _)| is_trained(name));
                let none: Tensors =
                    trained.map(|(name, tensor)| (name.clone(), tensor.zeros_like().unwrap())).collect();
                let pace = Pace { factor: 1.0, rate: 0.1, new_rate: 1.0 };
                let Model { network, optimizer } = &mut model;
                step(&config, &mut network.tensors, optimizer, &none, pace).unwrap();
                model
            };
            let families = [Family::Split, Family::SplitSymmetric];
            for candidate in propose(&model.network.architecture, &families).unwrap() {
                let phi = neutral_phi(&model.network, &candidate, 1).unwrap();
                let split = [Morphism { candidate, phi, scale: 1.0 }];
                let apart = |memory: Memory| -> f64 {
                    let wanted = apply_with(&stepped(&model), &split, memory).unwrap().network.tensors;
                    let found = stepped(&apply_with(&model, &split, memory).unwrap()).network.tensors;
                    let far = |(name, tensor): (&String, &Tensor)| {
                        let difference = (tensor - &found[name]).unwrap().abs().unwrap();
                        difference.flatten_all().unwrap().max(0).unwrap().to_scalar::<f64>().unwrap()
                    };
                    wanted.iter().map(far).fold(0.0, f64::max)
                };
                // Adam's ε moves steps of .1·m/√v̂ by 1e-8 of them at most, √v̂ of a child being at least 2.
                assert!(apart(Memory::Rescaled) < 1e-8, "{rule:?} {norms} {}", split[0].candidate.id());
                assert!(apart(Memory::Inherited) > 1e-3, "{rule:?} {norms} {}", split[0].candidate.id());
            }
        }
    }

    #[test]
    fn adamw_moves_by_its_rate_and_decays_apart() {
        let config = OptimizerConfig { rule: Rule::Adamw, weight_decay: 0.0, ..Default::default() };
        assert!((descend(&config, 1)[0] - 0.9).abs() < 1e-8, "the first step is the learning rate");
        let decayed = OptimizerConfig { weight_decay: 0.5, ..config };
        assert!((descend(&decayed, 1)[0] - (0.95 - 0.1)).abs() < 1e-8);
    }
}
