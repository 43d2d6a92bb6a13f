//! Seedling grows a small image classifier from a seed, one *network morphism* at a time, and shows for every
//! candidate change how much loss decrease a formula **estimated** and how much **actually** came.
//!
//! The window, the page and the commands are made of this library; a program of your own can use it without them:
//!
//! ```toml
//! seedling = { git = "…", default-features = false }
//! ```
//!
//! # One round of growth
//!
//! Everything below runs on the processor in a second or two. Methods of an engine return futures, because in a
//! browser nothing may block; here [pollster](https://docs.rs/pollster) waits for them.
//!
//! ```
//! use std::sync::Arc;
//!
//! use pollster::block_on;
//! use seedling::data::{Class, DataConfig, load};
//! use seedling::engine::candle::CandleEngine;
//! use seedling::engine::{
//!     Engine, EstimateRequest, LearnRequest, Learner, Part, Phase, TrainRequest, Unwatched,
//! };
//! use seedling::estimate::Estimator;
//! use seedling::morphism::{Family, apply, propose};
//! use seedling::network::{Model, Network, preset};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let seed = 7;
//!
//! // Images that come with the library: cats and dogs of CIFAR-10, in three parts that share no image.
//! let classes = Some(vec![Class::Name("cat".into()), Class::Name("dog".into())]);
//! let config = DataConfig { classes, train: Some(200), held_out: Some(100), ..DataConfig::default() };
//! let data = Arc::new(load(&config, seed)?);
//!
//! // A network of two layers, 4 and 6 channels wide, with a pool between them; an engine to compute with.
//! // `load_checkpoint` reads a network from a file instead.
//! let network = Network::initialise(preset("4-M-6", data.classes.len())?, seed)?;
//! let mut engine = CandleEngine::new();
//! block_on(engine.set_data(data))?;
//! block_on(engine.load(&Model::new(network)))?;
//!
//! // Train it a little.
//! let training = TrainRequest::whole(seed, Phase::Train(1), 40, 32);
//! block_on(engine.train(&training, &Unwatched))?;
//! let model = block_on(engine.read_back())?;
//!
//! // Propose: what could be changed? Any channel could split, any layer could gain a channel.
//! let candidates = propose(&model.network.architecture, &[Family::Split, Family::Widen])?;
//! assert_eq!(candidates.len(), 4 + 6 + 2);
//!
//! // Learn the parameters φ of every candidate, all at once, on the training images.
//! let learning = LearnRequest {
//!     seed,
//!     round: 1,
//!     candidates,
//!     learner: Learner::Estimate,
//!     estimator: Estimator::Sampled,
//!     together: false,
//!     steps: 20,
//!     batch: 100,
//!     learning_rate: 0.01,
//! };
//! let morphisms = block_on(engine.learn(&learning, &Unwatched))?.morphisms;
//!
//! // Estimate: how far would each make the held-out loss fall? No changed network is built for this.
//! let request = EstimateRequest {
//!     seed,
//!     round: 1,
//!     morphisms: &morphisms,
//!     scales: vec![vec![1.0]; morphisms.len()],
//!     part: Part::HeldOut,
//!     estimators: vec![Estimator::GaussNewton],
//! };
//! let estimated: Vec<f64> =
//!     block_on(engine.estimate(&request, &Unwatched))?.iter().map(|gains| gains[0][0]).collect();
//!
//! // Measure: how far does it fall when the change is made?
//! let actual = block_on(engine.measure(&morphisms, Part::HeldOut, &Unwatched))?;
//! for ((morphism, estimated), actual) in morphisms.iter().zip(&estimated).zip(&actual) {
//!     println!("{:<16} estimated {estimated:+.5}  actual {actual:+.5}", morphism.candidate.id());
//! }
//!
//! // Grow by the best of them; the optimiser's memory grows along.
//! let best = (0..morphisms.len()).max_by(|&a, &b| estimated[a].total_cmp(&estimated[b]));
//! let best = best.expect("there are candidates");
//! let before = block_on(engine.evaluate(Part::HeldOut, &Unwatched))?;
//! block_on(engine.load(&apply(&model, &morphisms[best..=best])?))?;
//! let after = block_on(engine.evaluate(Part::HeldOut, &Unwatched))?;
//! assert!((before.loss - after.loss - actual[best]).abs() < 1e-5);
//! # Ok(())
//! # }
//! ```
//!
//! [`lab::Lab`] takes these steps for whole experiments, with scales, choices, budgets, history and files;
//! `examples/estimate.rs` computes the numbers of a saved run again. What the words mean is said in `docs/words.md`,
//! what each family changes in `docs/morphisms.md`, how to add one in `docs/adding.md`.
//!
//! # Modules
//!
//! Data flows down this list, and a module imports only from those above its own line:
//!
//! - [`data`]: images, their three parts, batches;
//! - [`network`]: the graph of layers, its parameters, cost, presets and file;
//! - [`morphism`]: what can be changed: families, candidates, Δ, rewrites;
//! - [`estimate`]: what a change promises: estimators, scales, agreement;
//! - [`engine`]: what computes: one contract, fulfilled on the processor with Candle and on the GPU with WebGPU;
//! - [`search`]: which candidates are chosen;
//! - [`lab`]: the experiment as a state machine: commands in, events out, history, files;
//! - [`bench`](mod@bench) (not in a browser): this machine's figures: rates of the kernels, times of training steps;
//! - [`study`]: what several runs show together: races at equal cost, the paper's figures;
//! - [`pictures`]: what a run shows as pictures: its cloud, curves, network, candidates and promises;
//! - [`lesson`]: questions about a run, step by step, whose answers are checked by its numbers;
//! - `exchange` (feature `app` or `cli`): doors to other software: ONNX; not in a browser PyTorch, TensorBoard, the Hub;
//! - `app` (feature `app`): the screen, panels over a worker that drives the lab;
//! - `cli` (feature `cli`, not in a browser): the commands.
//!
//! [`files`], [`format`](mod@format), [`plot`], [`random`] and [`turn`] serve them all: files written whole or not
//! at all, numbers and plots for people, seeded random streams, and pauses in which a page can draw.

#[cfg(feature = "app")]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod bench;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
pub mod data;
pub mod engine;
pub mod estimate;
#[cfg(any(feature = "app", feature = "cli"))]
pub mod exchange;
pub mod files;
pub mod format;
pub mod lab;
pub mod lesson;
pub mod morphism;
#[cfg(test)]
mod mutation_tests;
mod names;
pub mod network;
pub mod pictures;
pub mod plot;
pub mod random;
pub mod search;
pub mod study;
pub mod turn;
pub mod words;
