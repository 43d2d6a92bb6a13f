//! The screen around the panels.
//!
//! - [`screen`]: the app itself: its layout, its dialogs and what each [`action`] does;
//! - `enabled`: whether an action is possible now; `keys`: which of them the keys ask for;
//! - `transport`: the bar at the top, with its menus;
//! - `visit`: all that a link says, with `show`, what is looked at; `steer`: what a page around this one may ask for;
//! - `setup` with its `fields` and `classes`, `palette`, `paths`, `help`: the dialogs over the panels;
//! - `beside`: words and buttons for those who do not see the picture; `post`: texts that are read outside;
//! - `log`: what a person does, written to a file of theirs where they ask for it;
//! - `guide`: the lesson at the left; `lessons`: which there are, and the card at the end;
//! - `exchange`: files read and written; `named` (not in a page): images fetched by name.

pub mod action;
mod beside;
mod classes;
mod enabled;
mod exchange;
mod fields;
mod guide;
mod help;
mod keys;
mod lessons;
mod log;
#[cfg(not(target_arch = "wasm32"))]
mod named;
mod palette;
mod paths;
mod post;
pub mod screen;
mod setup;
mod show;
mod steer;
mod transport;
mod visit;

pub use action::Action;
pub use beside::Beside;
#[cfg(not(target_arch = "wasm32"))]
pub use named::Places;
pub use screen::{Screen, Start};
pub use steer::{Host, Steer};
pub use visit::Visit;
