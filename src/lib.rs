//! Seedling grows a small image classifier from a seed, one network morphism at a time, and shows for every
//! candidate change what a formula estimated and what really happened.
//!
//! Data flows one way through these rooms; a lower one never imports a higher one:
//!
//! - [`data`]: images in, batches out;
//! - [`network`]: the graph of layers, its parameters, cost, presets and file;
//! - [`morphism`]: what can be changed: families, candidates, Δz, rewrites;
//! - [`estimate`]: what a change promises: estimators, scales, agreement;
//! - [`engine`]: what computes: one contract, on the processor with Candle, on the GPU with WebGPU;
//! - [`search`]: who is chosen;
//! - [`lab`]: the experiment as a machine: commands in, events out, history, files;
//! - [`study`]: what several runs show together: races at equal cost, the paper's figures;
//! - [`app`]: the screen: panels over a worker that drives the lab;
//! - `cli`: the headless commands (not in a browser).
//!
//! [`files`], [`format`](mod@format), [`plot`], [`random`] and [`turn`] serve them all: files written whole or not
//! at all, numbers and plots for people, seeded streams, turns for a page.

pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod data;
pub mod engine;
pub mod estimate;
pub mod files;
pub mod format;
pub mod lab;
pub mod morphism;
mod names;
pub mod network;
pub mod plot;
pub mod random;
pub mod search;
pub mod study;
pub mod turn;
