//! The loops: plain slices in, plain vectors out, parallel over examples, with a fixed order of every sum.

pub mod activate;
pub mod conv;
pub mod dense;
pub mod direct;
pub mod norm;
mod quarters;
mod rows;
pub mod split;
pub mod unfold;
