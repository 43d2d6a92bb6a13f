//! The screen: panels over a worker that drives the lab. They know the lab, never an engine.
//!
//! Each room uses only those above it in this list:
//! - `platform`: threads, dialogs, files and addresses, of a window and of a page;
//! - [`worker`]: orders in, a board out; it lives on its own thread, with the open run;
//! - `controls`: what a link hides or switches off;
//! - [`view`]: what the person has chosen to look at;
//! - `drawing`: colours, textures, charts, and where the network's parts stand;
//! - `panels`: one file a panel;
//! - `shell`: the screen around the panels: its bar, its commands, and the dialogs over them;
//! - `window` and `web`: the start of the native window and of the page.

mod controls;
mod drawing;
mod panels;
mod platform;
mod shell;
pub mod view;
#[cfg(target_arch = "wasm32")]
pub mod web;
#[cfg(not(target_arch = "wasm32"))]
mod window;
pub mod worker;

pub use panels::PANELS;
pub use platform::link;
#[cfg(not(target_arch = "wasm32"))]
pub use shell::Places;
pub use shell::{Action, Beside, Host, Screen, Start, Steer, Visit};
#[cfg(not(target_arch = "wasm32"))]
pub use window::open;
