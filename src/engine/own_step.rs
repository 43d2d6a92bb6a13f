//! What training would do for nothing: the step that the existing weights take by themselves.
//!
//! Part of what a change gains is only training: (φ₁ + φ₂)/2 of a split moves the parent's own weight, which needs no new
//! channel. So changes are held against the step δ that all existing weights take on the same examples. To first order
//! it adds to the logits
//!
//! > J·δ ≈ (o(θ + εδ) − o(θ − εδ)) / 2ε,
//!
//! which takes two forward passes and no Jacobian. Running statistics stay as they are.

use candle_core::{DType, Tensor};

use super::{Engine, EngineError, Part, TrainRequest, Watch};
use crate::network::{AsType, Model, Network, Tensors, is_trained};

/// Length of εδ in lengths of θ: so short that hardly a ReLU changes sides on the way, and far above the rounding of f32.
const REACH: f64 = 1.0 / 1024.0;

/// What the step that the weights of `model` take by `request`, with a fresh optimiser, adds to the logits of a part in the
/// linearised network, `[example][class]`. The engine holds `model` afterwards.
///
/// # Errors
/// Training that diverges, and whatever an engine may refuse.
pub async fn own_step(
    engine: &mut dyn Engine,
    model: &Model,
    request: &TrainRequest,
    part: Part,
    watch: &dyn Watch,
) -> Result<Vec<f32>, EngineError> {
    let found = along_step(engine, &model.network, request, part, watch).await;
    engine.load(model).await?;
    found
}

async fn along_step(
    engine: &mut dyn Engine,
    network: &Network,
    request: &TrainRequest,
    part: Part,
    watch: &dyn Watch,
) -> Result<Vec<f32>, EngineError> {
    engine.load(&Model::new(network.clone())).await?;
    engine.train(request, watch).await?;
    let after = engine.read_back().await?.network.tensors;
    let mut step = Tensors::new();
    let (mut length, mut far) = (0.0, 0.0);
    for (name, weights) in network.tensors.iter().filter(|(name, _)| is_trained(name)) {
        let Some(after) = after.get(name) else { continue };
        let moved = (after - weights)?;
        length += squares(weights)?;
        far += squares(&moved)?;
        step.insert(name.clone(), moved);
    }
    if far == 0.0 {
        let logits = engine.joint(&[], part, watch).await?.logits;
        return Ok(vec![0.0; logits.len()]);
    }
    let epsilon = REACH * (length / far).sqrt();
    let ahead = logits_at(engine, network, &step, epsilon, part, watch).await?;
    let behind = logits_at(engine, network, &step, -epsilon, part, watch).await?;
    let slope =
        |(ahead, behind): (&f32, &f32)| ((f64::from(*ahead) - f64::from(*behind)) / (2.0 * epsilon)) as f32;
    Ok(ahead.iter().zip(&behind).map(slope).collect())
}

/// The logits of a part with the weights moved along a step.
async fn logits_at(
    engine: &mut dyn Engine,
    network: &Network,
    step: &Tensors,
    by: f64,
    part: Part,
    watch: &dyn Watch,
) -> Result<Vec<f32>, EngineError> {
    let mut moved = network.clone();
    for (name, step) in step {
        if let Some(weights) = moved.tensors.get_mut(name) {
            *weights = (&*weights + (step * by)?)?;
        }
    }
    engine.load(&Model::new(moved)).await?;
    let table = engine.joint(&[], part, watch).await?;
    match table.is_sound() {
        true => Ok(table.logits),
        false => {
            let what = "a logit beside the network".to_owned();
            Err(EngineError::Diverged { stage: "estimating", step: 0, what })
        }
    }
}

fn squares(tensor: &Tensor) -> Result<f64, EngineError> {
    Ok(tensor.as_type(DType::F64)?.sqr()?.sum_all()?.to_scalar::<f64>()?)
}
