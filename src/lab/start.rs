//! Which engine computes.

use std::fmt;
use std::str::FromStr;

use super::error::LabError;
use crate::engine::Engine;
use crate::engine::candle::CandleEngine;

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
    pub why: &'static str,
}

/// Starts the engine asked for.
pub fn start_engine(choice: EngineChoice) -> Result<Started, LabError> {
    let why = match choice {
        EngineChoice::Auto => "the fastest engine in this build, which has no WebGPU engine",
        EngineChoice::Candle => "as asked for",
        EngineChoice::WebGpu => {
            return Err(LabError::NoEngine {
                asked: choice.to_string(),
                reason: "this build has no WebGPU engine; use --engine candle or auto".into(),
            });
        }
    };
    Ok(Started { engine: Box::new(CandleEngine::new()), why })
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
