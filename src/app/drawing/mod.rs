//! What panels draw with.
//!
//! - [`tokens`]: the colours of both themes;
//! - [`placement`]: where the network's layers and channels stand;
//! - [`pictures`]: textures of images, activations and filters;
//! - [`motion`]: whether things move; [`landmarks`]: where parts of the screen are;
//! - [`stretch`]: the scale of gains; [`plots`]: the cloud and the curves as SVG files;
//! - [`charts`]: tables and pictures of studies; [`ticks`]: round steps for their axes, [`logarithm`]: powers of ten.

pub mod charts;
pub mod landmarks;
pub mod logarithm;
pub mod motion;
pub mod pictures;
pub mod placement;
pub mod plots;
pub mod stretch;
pub mod ticks;
pub mod tokens;
