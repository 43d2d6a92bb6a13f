//! Seedling grows a small image classifier from a seed, one network morphism at a time, and shows for every
//! candidate change what a formula estimated and what really happened.
//!
//! Data flows one way through these rooms; a lower one never imports a higher one.

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod data;
pub mod engine;
pub mod estimate;
pub mod files;
pub mod lab;
pub mod morphism;
pub mod network;
pub mod random;
pub mod search;
