//! What growing costs on an engine, in its own training steps and forward passes, so that engines and machines can be
//! compared: `cargo run --release --example costs [webgpu|candle]`.
//!
//! On Linux, where the processor does the computing (Candle, software adapters), costs are processor time, which other
//! programs on the machine disturb less than wall time.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use pollster::block_on;
use seedling::data::{Data, DataConfig, load};
use seedling::engine::candle::{CandleEngine, keep_freed_memory};
use seedling::engine::webgpu::{AdapterChoice, AdapterKind, Count, WebGpuEngine};
use seedling::engine::{
    Engine, EstimateRequest, LearnRequest, Learner, OptimizerConfig, Part, Phase, TrainRequest, Unwatched,
};
use seedling::estimate::Estimator;
use seedling::morphism::{Family, propose};
use seedling::network::{Model, Network, preset};

const BATCH: usize = 64;
/// Examples that estimates and measurements see.
const EXAMPLES: usize = 512;
/// Times that each thing is done; the best counts.
const TIMES: usize = 3;

fn main() -> Result<()> {
    keep_freed_memory();
    let config = DataConfig { train: Some(1024), held_out: Some(EXAMPLES), ..Default::default() };
    let data = Arc::new(load(&config, 7)?);
    match std::env::args().nth(1).as_deref() {
        Some("candle") => {
            println!("candle");
            report(&mut CandleEngine::new(), &data, processor_seconds)
        }
        _ => {
            let mut engine = block_on(WebGpuEngine::open(&AdapterChoice::Any))?;
            println!("webgpu: {}", engine.gpu().report);
            let clock = match engine.gpu().report.kind {
                AdapterKind::Software => processor_seconds,
                _ => || None,
            };
            report(&mut engine, &data, clock)?;
            let (Count { all, seen, long }, longest) =
                (engine.submissions(), engine.slowest().as_secs_f64() * 1e3);
            println!(
                "longest submission: {longest:.0} ms; {long} lasted more than 50 ms, of {seen} whose beginning and end \
                 were seen, of {all} in all"
            );
            let warming = engine.slowest_warming().as_secs_f64() * 1e3;
            println!("longest first use of a kernel, when it is compiled: {warming:.0} ms");
            Ok(())
        }
    }
}

/// Processor time of this program in seconds, in steps of 10 ms, where the system reports it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the program's name, in brackets: fields 3 and on; 14 and 15 are ticks of 10 ms in user and system mode.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some((ticks(14)? + ticks(15)?) / 100.0)
}

/// What a program's processor time is, if that is what counts.
type Clock = fn() -> Option<f64>;

fn report(engine: &mut dyn Engine, data: &Arc<Data>, clock: Clock) -> Result<()> {
    // The best of several times, in milliseconds.
    let best = |act: &mut dyn FnMut() -> Result<()>| -> Result<f64> {
        let mut best = f64::INFINITY;
        for _ in 0..TIMES {
            let (start, before) = (Instant::now(), clock());
            act()?;
            let worked = clock().zip(before).map(|(after, before)| after - before);
            best = best.min(worked.unwrap_or_else(|| start.elapsed().as_secs_f64()) * 1e3);
        }
        Ok(best)
    };
    println!("{}", if clock().is_some() { "processor time:" } else { "time on the clock:" });
    block_on(engine.set_data(data.clone()))?;
    for name in ["tiny", "small"] {
        let architecture = preset(name, 10)?;
        block_on(engine.load(&Model::new(Network::initialise(architecture.clone(), 7)?)))?;
        let request = TrainRequest {
            seed: 7,
            phase: Phase::Train(0),
            steps: 0..8,
            phase_steps: 1000,
            schedule_span: TrainRequest::WHOLE_SCHEDULE,
            label_smoothing: 0.0,
            batch: BATCH,
            optimizer: OptimizerConfig::default(),
            augment: true,
        };
        block_on(engine.train(&request, &Unwatched))?;
        let step = best(&mut || Ok(block_on(engine.train(&request, &Unwatched)).map(drop)?))? / 8.0;
        println!("{name}: a training step of {BATCH}: {step:.1} ms");
        let candidates = propose(&architecture, &[Family::Split, Family::Prune])?;
        let learning = LearnRequest {
            learner: Learner::default(),
            seed: 7,
            round: 1,
            candidates,
            estimator: Estimator::Sampled,
            together: false,
            steps: 2,
            batch: BATCH,
            learning_rate: 0.005,
        };
        let morphisms = block_on(engine.learn(&learning, &Unwatched))?.morphisms;
        let request = EstimateRequest {
            seed: 7,
            round: 1,
            morphisms: &morphisms,
            scales: vec![vec![1.0]; morphisms.len()],
            part: Part::HeldOut,
            estimators: vec![Estimator::Sampled],
        };
        let estimates = best(&mut || Ok(block_on(engine.estimate(&request, &Unwatched)).map(drop)?))?;
        let steps = step * (EXAMPLES / BATCH) as f64;
        println!(
            "  sampled estimates of all {} candidates on {EXAMPLES} examples: {estimates:.0} ms, {:.2} times the \
             training steps on them",
            morphisms.len(),
            estimates / steps
        );
        let pass = best(&mut || Ok(block_on(engine.evaluate(Part::HeldOut, &Unwatched)).map(drop)?))?;
        let measured =
            best(&mut || Ok(block_on(engine.measure(&morphisms, Part::HeldOut, &Unwatched)).map(drop)?))?;
        println!(
            "  actual gains of all: {measured:.0} ms, {:.3} of a whole forward pass for each ({pass:.0} ms)",
            measured / (pass * morphisms.len() as f64)
        );
    }
    Ok(())
}
