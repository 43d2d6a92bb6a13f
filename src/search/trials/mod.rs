//! Searches over whole networks: trials, the tree that they make, and the strategies of the literature that grow it.
//!
//! A *trial* is a network that some changes of another one lead to, trained for a short phase and judged on the validation
//! part. A strategy is a [`Seeker`]: a pure function of the trials so far, which says what to try next. It remembers
//! nothing that they do not say, so that a run can be resumed, and undone, from the tree alone.

mod autogrow;
mod density;
mod ev3;
mod evolution;
mod fronts;
mod hill_climbing;
mod id;
mod mutate;
mod pareto;
mod picture;
mod proof;
mod random;
mod reason;
mod register;
mod saved;
mod seeker;
mod settings;
mod tree;

pub use autogrow::adds_layers;
pub use fronts::{hypervolume, objectives};
pub use id::TrialId;
pub use picture::picture;
pub use proof::Proof;
pub use reason::{End, Reason};
pub use register::seeker;
pub use seeker::{Ask, Ground, Proposal, Seeker, next};
pub use settings::{Kind, PhiFrom, Search};
pub use tree::{Belief, Judged, Lesson, Tree, Trial, TrialCost, losses_of, mean_and_error};

#[cfg(test)]
mod tests;
