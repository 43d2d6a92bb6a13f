//! The screen around the panels.
//!
//! - [`screen`]: the app itself: its layout, its dialogs and what each [`action`] does;
//! - `enabled`: whether an action is possible now; `keys`: which of them the keys ask for;
//! - `transport`: the bar at the top, with its menus;
//! - `setup` with its `fields`, `palette`, `paths`, `help`: the dialogs over the panels;
//! - `exchange`: files read and written.

pub mod action;
mod enabled;
mod exchange;
mod fields;
mod help;
mod keys;
mod palette;
mod paths;
pub mod screen;
mod setup;
mod transport;

pub use action::Action;
pub use screen::{Screen, Start};
