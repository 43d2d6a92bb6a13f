//! Which engine is faster here: a short measurement instead of a guess from names.

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use super::{Engine, EngineError, OptimizerConfig, TrainRequest, Unwatched};
use crate::data::{Data, Images, Normalization, PIXELS};
use crate::network::{Model, Network, preset};
use crate::random::Stream;

const BATCH: usize = 64;
const WARM_UP_STEPS: u64 = 3;
const STEPS: u64 = 10;

/// Time of one training step of the preset `tiny` on random images, batch 64, after a warm-up that compiles
/// what is compiled at first use.
pub async fn step_time(engine: &mut dyn Engine) -> Result<Duration, EngineError> {
    engine.set_data(Arc::new(noise())).await?;
    let architecture = preset("tiny", 2)?;
    engine.load(&Model::new(Network::initialise(architecture, 0)?)).await?;
    let request = |steps| TrainRequest {
        seed: 0,
        phase: 0,
        steps,
        phase_steps: WARM_UP_STEPS + STEPS,
        batch: BATCH,
        optimizer: OptimizerConfig::default(),
        augment: true,
    };
    engine.train(&request(0..WARM_UP_STEPS), &Unwatched).await?;
    let start = Instant::now();
    engine.train(&request(WARM_UP_STEPS..WARM_UP_STEPS + STEPS), &Unwatched).await?;
    Ok(start.elapsed() / STEPS as u32)
}

fn noise() -> Data {
    let mut stream = Stream::new(0, "images of the engines' race", 0);
    let images = Arc::new(Images {
        pixels: (0..BATCH * PIXELS).map(|_| stream.below(256) as u8).collect(),
        labels: (0..BATCH).map(|index| (index % 2) as u8).collect(),
        indices: (0..BATCH as u32).collect(),
    });
    Data {
        name: "noise".into(),
        source: "made".into(),
        classes: vec![0, 1],
        class_names: vec!["even".into(), "odd".into()],
        train: images.clone(),
        validation: images.clone(),
        held_out: images,
        normalization: Normalization { mean: [0.5; 3], std: [0.3; 3] },
        sha256: String::new(),
        notices: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::candle::CandleEngine;

    #[test]
    fn a_step_takes_time() {
        let time = pollster::block_on(step_time(&mut CandleEngine::new())).unwrap();
        assert!(time > Duration::from_micros(10), "{time:?}");
    }
}
