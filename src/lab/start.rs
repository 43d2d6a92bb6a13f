//! Choosing and starting an engine.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::error::LabError;
#[cfg(not(target_arch = "wasm32"))]
use crate::engine::candle::CandleEngine;
use crate::engine::race::step_time;
use crate::engine::webgpu::{AdapterChoice, AdapterReport, GpuError, WebGpuEngine, survey};
use crate::engine::{Engine, Learner};

/// How long each engine may take in the race, after its warm-up.
const PATIENCE: Duration = Duration::from_millis(500);

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

impl EngineChoice {
    /// Its name in options.
    pub fn name(self) -> &'static str {
        match self {
            EngineChoice::Auto => "auto",
            EngineChoice::WebGpu => "webgpu",
            EngineChoice::Candle => "candle",
        }
    }

    /// What to start where φ comes from `learner`: only the processor has every learner.
    pub fn having(self, learner: Learner) -> Self {
        match (self, learner) {
            (EngineChoice::Auto, Learner::Estimate | Learner::Random) => self,
            (EngineChoice::Auto, _) => EngineChoice::Candle,
            _ => self,
        }
    }
}

/// Why it is the engine that somebody asked for.
pub const AS_ASKED: &str = "as asked for";

/// Why it is the processor where there is nothing else.
pub const NO_ADAPTER: &str = "there is no graphics adapter here";

/// A started engine.
pub struct Started {
    /// The engine.
    pub engine: Box<dyn Engine>,
    /// Why it is this one, in a sentence.
    pub why: String,
}

/// Starts the engine asked for. `auto` takes the best graphics adapter, whatever its name or kind, if a short
/// measurement finds it faster than the processor.
pub async fn start_engine(choice: EngineChoice) -> Result<Started, LabError> {
    match choice {
        EngineChoice::Candle => Ok(on_processor(AS_ASKED.into())),
        EngineChoice::WebGpu => match WebGpuEngine::open(&AdapterChoice::Any).await {
            Ok(engine) => Ok(Started { engine: Box::new(engine), why: AS_ASKED.into() }),
            Err(error) => Err(no_adapter(&error)),
        },
        EngineChoice::Auto => match WebGpuEngine::open(&AdapterChoice::Any).await {
            Ok(engine) => faster(engine).await,
            Err(GpuError::NoAdapter { .. }) => Ok(on_processor(NO_ADAPTER.into())),
            Err(error) => Ok(on_processor(format!("the graphics adapter does not open: {error}"))),
        },
    }
}

/// The error where the graphics adapter was asked for and does not open.
pub fn no_adapter(error: &GpuError) -> LabError {
    LabError::NoEngine {
        asked: EngineChoice::WebGpu.to_string(),
        reason: format!("{error}; use --engine candle or auto"),
    }
}

fn on_processor(why: String) -> Started {
    Started { engine: processor(), why }
}

/// Candle on the processor.
#[cfg(not(target_arch = "wasm32"))]
fn processor() -> Box<dyn Engine> {
    Box::new(CandleEngine::new())
}

/// Candle on the processor, where the page does not wait for it.
#[cfg(target_arch = "wasm32")]
fn processor() -> Box<dyn Engine> {
    crate::engine::remote::page::beside_the_page()
}

/// The limits within which the engine of this name works.
pub fn limits(engine: &str) -> String {
    let mebibytes = |bytes: u64| bytes >> 20;
    let limits = wgpu::Limits::default();
    match engine {
        "webgpu" => format!(
            "WebGPU's baseline: {} MiB a binding, {} MiB a buffer, {} KiB of workgroup memory, {} invocations",
            mebibytes(limits.max_storage_buffer_binding_size),
            mebibytes(limits.max_buffer_size),
            limits.max_compute_workgroup_storage_size >> 10,
            limits.max_compute_invocations_per_workgroup
        ),
        _ => "none but the machine's memory".into(),
    }
}

/// The graphics adapters of this machine, each with what speaks against its use, if anything.
pub async fn adapters() -> Vec<String> {
    let said = |report: AdapterReport| {
        let usable =
            report.obstacle.as_ref().map_or("usable".to_owned(), |reason| format!("not usable: {reason}"));
        format!("{report}, {usable}")
    };
    survey().await.into_iter().map(said).collect()
}

/// The winner of a race of training steps.
async fn faster(mut gpu: WebGpuEngine) -> Result<Started, LabError> {
    let adapter = gpu.gpu().report.name.clone();
    let here = step_time(processor().as_mut(), PATIENCE).await?;
    let there = match step_time(&mut gpu, PATIENCE).await {
        Ok(there) => there,
        Err(error) => return Ok(on_processor(format!("{adapter} does not train: {error}"))),
    };
    let why = verdict(&adapter, there, here);
    if there >= here {
        return Ok(on_processor(why));
    }
    // The race's images and network must not stay.
    gpu.clear();
    Ok(Started { engine: Box::new(gpu), why })
}

/// Which of the two is faster, and by how much.
fn verdict(adapter: &str, there: Duration, here: Duration) -> String {
    let [gpu, processor] = [there, here].map(|time| time.as_secs_f64() * 1e3);
    let (winner, factor) = match there < here {
        true => (adapter, processor / gpu),
        false => ("the processor", gpu / processor),
    };
    format!(
        "{winner} is {factor:.1} times as fast: a training step of tiny takes {gpu:.1} ms on {adapter}, \
         {processor:.1} ms on the processor"
    )
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::{Class, DataConfig, load};

    #[test]
    fn auto_gives_an_engine_that_the_race_left_nothing_in() {
        let classes = Some(Class::numbers(&[0, 1, 2]));
        let data = load(&DataConfig { train: Some(30), classes, ..DataConfig::default() }, 7).unwrap();
        let mut started = pollster::block_on(start_engine(EngineChoice::Auto)).unwrap();
        pollster::block_on(started.engine.set_data(Arc::new(data))).unwrap();
        assert!(started.why.contains("a training step of tiny"), "{}", started.why);
    }

    #[test]
    fn the_verdict_names_the_winner_and_by_how_much() {
        let [short, long] = [10, 25].map(Duration::from_millis);
        let text = verdict("Card", short, long);
        assert!(text.starts_with("Card is 2.5 times as fast"), "{text}");
        let text = verdict("Card", long, short);
        assert!(text.starts_with("the processor is 2.5 times as fast"), "{text}");
        assert!(text.contains("25.0 ms on Card, 10.0 ms on the processor"), "{text}");
    }
}
