//! One optimiser step over all parameters.

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

/// Takes one step: `factor` scales the gradients (clipping), `rate` is the learning rate of this step.
pub fn step(
    config: &OptimizerConfig,
    parameters: &mut Tensors,
    state: &mut OptimizerState,
    gradients: &Tensors,
    factor: f64,
    rate: f64,
) -> Result<()> {
    state.steps += 1;
    for (name, gradient) in gradients {
        let decay = if gradient.rank() >= 2 { config.weight_decay } else { 0.0 };
        let Some(weights) = parameters.get(name).cloned() else { continue };
        let slot = |state: &OptimizerState, slot: &str| match state.slots.get(slot).and_then(|s| s.get(name))
        {
            Some(tensor) => Ok(tensor.clone()),
            None => weights.zeros_like(),
        };
        match config.rule {
            Rule::Sgd => {
                let memory = slot(state, "momentum")?;
                let (weights, memory) = with_real!(weights, T => {
                    let hyper = [factor, rate, decay, config.momentum].map(T::from_f64);
                    sgd(&weights, &memory, gradient, hyper, config.nesterov)?
                });
                state.slots.entry("momentum".into()).or_default().insert(name.clone(), memory);
                parameters.insert(name.clone(), weights);
            }
            Rule::Adamw => {
                let (m, v) = (slot(state, "m")?, slot(state, "v")?);
                let rule = Adam { rate, beta1: config.momentum, beta2: config.beta2, decay };
                let (weights, m, v) = rule.step(&weights, &m, &v, gradient, factor, state.steps)?;
                state.slots.entry("m".into()).or_default().insert(name.clone(), m);
                state.slots.entry("v".into()).or_default().insert(name.clone(), v);
                parameters.insert(name.clone(), weights);
            }
        }
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
    use candle_core::Device;

    use super::*;

    /// Minimises ½w² from w = 1 for some steps; returns w after each.
    fn descend(config: &OptimizerConfig, steps: usize) -> Vec<f64> {
        let w = Tensor::new(&[[1.0f64]], &Device::Cpu).unwrap();
        let mut parameters = Tensors::from([("w".to_owned(), w)]);
        let mut state = OptimizerState::default();
        (0..steps)
            .map(|_| {
                let gradients = parameters.clone();
                step(config, &mut parameters, &mut state, &gradients, 1.0, 0.1).unwrap();
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

    #[test]
    fn adamw_moves_by_its_rate_and_decays_apart() {
        let config = OptimizerConfig { rule: Rule::Adamw, weight_decay: 0.0, ..Default::default() };
        assert!((descend(&config, 1)[0] - 0.9).abs() < 1e-8, "the first step is the learning rate");
        let decayed = OptimizerConfig { weight_decay: 0.5, ..config };
        assert!((descend(&decayed, 1)[0] - (0.95 - 0.1)).abs() < 1e-8);
    }
}
