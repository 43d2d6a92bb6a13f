//! The panels, one a file: they draw what the board and the view hold, and say what the person asks for.
//!
//! - [`stages`], [`network`], [`channel`]: above, at the centre and below;
//! - [`cloud`], [`curves`], [`table`], [`costs`], [`race`], [`figures`]: the tabs on the right;
//! - [`predict`], [`outcomes`], [`explain`], `sketch`: parts of those;
//! - [`plots`]: the cloud and the curves as SVG files.

pub mod channel;
pub mod cloud;
pub mod costs;
pub mod curves;
pub mod explain;
pub mod figures;
pub mod network;
pub mod outcomes;
pub mod plots;
pub mod predict;
pub mod race;
mod sketch;
pub mod stages;
pub mod table;
