//! Which engine is faster here: a short measurement instead of a guess from names.

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use super::{Engine, EngineError, Phase, TrainRequest, Unwatched};
use crate::data::{Data, Images, Normalization, PIXELS};
use crate::network::{Model, Network, preset};
use crate::random::Stream;

const BATCH: usize = 64;
const STEPS: u64 = 10;

/// Time of one training step of the preset `tiny` on random images, batch 64, after a warm-up step that compiles
/// what is compiled at first use: the mean of ten, or of as many as `patience` allows; at least one.
pub async fn step_time(engine: &mut dyn Engine, patience: Duration) -> Result<Duration, EngineError> {
    engine.set_data(Arc::new(noise())).await?;
    let architecture = preset("tiny", 2)?;
    engine.load(&Model::new(Network::initialise(architecture, 0)?)).await?;
    let request = |step| TrainRequest {
        steps: step..step + 1,
        ..TrainRequest::whole(0, Phase::Train(0), 1 + STEPS, BATCH)
    };
    engine.train(&request(0), &Unwatched).await?;
    let start = Instant::now();
    let mut taken = 0;
    while taken == 0 || (taken < STEPS && start.elapsed() < patience) {
        taken += 1;
        engine.train(&request(taken), &Unwatched).await?;
    }
    Ok(start.elapsed() / taken as u32)
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
    fn a_step_takes_time_and_patience_ends() {
        let mut engine = CandleEngine::new();
        let time = pollster::block_on(step_time(&mut engine, Duration::from_secs(1))).unwrap();
        assert!(time > Duration::from_micros(10), "{time:?}");
        pollster::block_on(step_time(&mut engine, Duration::ZERO)).unwrap();
        let steps = pollster::block_on(engine.read_back()).unwrap().optimizer.steps;
        assert_eq!(steps, 2, "the warm-up and one more");
    }
}
