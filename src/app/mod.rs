//! The screen: panels over a worker that drives the lab. They know the lab, never an engine.
//!
//! - [`worker`]: orders in, a [`board`] out; it lives on its own thread, with the open run on its `bench`;
//! - `screen`: the app itself, its layout and what each [`action`] does;
//! - `transport`, `stages`, `network`, `channel`, `cloud`, `curves`, `table`, `costs`, `predict`, `outcomes`,
//!   `explain`, `race`, `figures`: one panel each;
//! - [`studying`]: races and figures carried out by the worker; `charts`: their pictures;
//! - `setup` (with `strategy`), `palette`, `paths`, `help`: what opens over them;
//! - `diagram`, `pictures`, `tokens`, `plots`: where things stand, textures, colours, plots as files;
//! - `exchange`: files read and written;
//! - `platform`, `runs`: threads and folders of this system;
//! - [`link`]: settings as the end of an address; `web`: the page's start.

pub mod action;
mod bench;
pub mod board;
mod channel;
mod charts;
mod cloud;
mod costs;
mod curves;
mod diagram;
mod exchange;
mod explain;
mod figures;
mod help;
pub mod link;
mod network;
mod outcomes;
mod palette;
mod paths;
mod pictures;
mod platform;
mod plots;
mod predict;
mod race;
mod runs;
mod screen;
mod setup;
mod sketch;
mod stages;
mod strategy;
pub mod studying;
mod table;
mod tokens;
mod transport;
pub mod view;
#[cfg(target_arch = "wasm32")]
pub mod web;
#[cfg(not(target_arch = "wasm32"))]
mod window;
pub mod worker;

pub use screen::{Screen, Start};
#[cfg(not(target_arch = "wasm32"))]
pub use window::open;
