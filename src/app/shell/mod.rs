//! The screen around the panels.
//!
//! - [`screen`]: the app itself, its layout and what each [`action`] does;
//! - `transport`: the bar at the top;
//! - `setup` (with `strategy`), `palette`, `paths`, `help`: the dialogs over the panels;
//! - `exchange`: files read and written.

pub mod action;
mod exchange;
mod help;
mod palette;
mod paths;
pub mod screen;
mod setup;
mod strategy;
mod transport;

pub use action::Action;
pub use screen::{Screen, Start};
