//! Which engine computes.

use std::fmt;
use std::str::FromStr;

use super::error::LabError;
use crate::engine::Engine;
use crate::engine::candle::CandleEngine;
use crate::engine::race::step_time;
use crate::engine::webgpu::{AdapterChoice, GpuError, WebGpuEngine};

/// What the user asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The fastest there is.
    #[default]
    Auto,
    /// The graphics card.
    WebGpu,
    /// The processor.
    Candle,
}

/// A started engine.
pub struct Started {
    /// The engine.
    pub engine: Box<dyn Engine>,
    /// Why it is this one, in a sentence.
    pub why: String,
}

/// Starts the engine asked for. `auto` takes a real GPU if a short measurement finds it faster than the
/// processor; software adapters compute on the same processor as the Candle engine, and far slower.
pub async fn start_engine(choice: EngineChoice) -> Result<Started, LabError> {
    match choice {
        EngineChoice::Candle => Ok(on_processor("as asked for".into())),
        EngineChoice::WebGpu => match WebGpuEngine::open(&AdapterChoice::Any).await {
            Ok(engine) => Ok(Started { engine: Box::new(engine), why: "as asked for".into() }),
            Err(error) => Err(LabError::NoEngine {
                asked: choice.to_string(),
                reason: format!("{error}; use --engine candle or auto"),
            }),
        },
        EngineChoice::Auto => match WebGpuEngine::open(&AdapterChoice::Hardware).await {
            Ok(engine) => faster(engine).await,
            Err(GpuError::NoAdapter { .. }) => Ok(on_processor("there is no real GPU here".into())),
            Err(error) => Ok(on_processor(format!("the GPU does not open: {error}"))),
        },
    }
}

fn on_processor(why: String) -> Started {
    Started { engine: Box::new(CandleEngine::new()), why }
}

async fn faster(mut gpu: WebGpuEngine) -> Result<Started, LabError> {
    let there = match step_time(&mut gpu).await {
        Ok(there) => there,
        Err(error) => return Ok(on_processor(format!("the GPU does not train: {error}"))),
    };
    let mut processor = CandleEngine::new();
    let here = step_time(&mut processor).await?;
    let why = format!(
        "a training step of tiny takes {:.1} ms on the GPU, {:.1} ms on the processor",
        there.as_secs_f64() * 1e3,
        here.as_secs_f64() * 1e3
    );
    let engine: Box<dyn Engine> = if there < here { Box::new(gpu) } else { Box::new(processor) };
    Ok(Started { engine, why })
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            EngineChoice::Auto => "auto",
            EngineChoice::WebGpu => "webgpu",
            EngineChoice::Candle => "candle",
        })
    }
}

impl FromStr for EngineChoice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [EngineChoice::Auto, EngineChoice::WebGpu, EngineChoice::Candle]
            .into_iter()
            .find(|choice| choice.to_string() == name)
            .ok_or_else(|| format!("unknown engine \"{name}\": expected one of auto, webgpu, candle"))
    }
}
