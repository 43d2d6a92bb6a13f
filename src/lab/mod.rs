//! The experiment as a machine: commands in, events out, with a history to go back in. It knows engines by
//! their contract, and no screen.
//!
//! Seed → Train → Propose → Learn → Estimate → Measure → Choose → Grow → Train … → Train → Done. Each round
//! trains and then grows; a last training follows the last growth. If only the chosen are measured, Choose
//! comes before Measure.
//!
//! A search tries whole networks instead: Seed → Train → Assess, then for each trial Ask → Learn → Estimate → Grow → Train
//! → Assess, at last Adopt → Train → Done.

mod along;
mod beyond;
mod caught;
mod config;
mod curve;
mod error;
mod events;
mod history;
mod in_the_end;
mod joint;
mod kept;
mod learning;
mod ledger;
mod machine;
mod making;
mod output;
mod record;
mod recording;
mod regrow;
mod repairs;
mod saved_search;
mod scores;
mod search_state;
mod searching;
mod seed;
mod session;
pub mod settings;
mod spending;
mod stages;
mod start;
mod state;
mod training;
mod trial_costs;
mod trials_csv;
mod trying;
mod under_way;
mod warnings;
mod why;

#[cfg(test)]
pub mod fake;
#[cfg(all(test, unix))]
mod faults_tests;

use crate::search::cost;
pub use along::Along;
pub use caught::{caught, said};
pub use config::{Config, ConfigError, Growth, Instrument, Learning, Measure, Span, Training};
pub use cost::{Spent, StepCost};
pub use curve::{Moment, Point, TrainedStep, curve, trained_steps};
pub use error::LabError;
pub use events::{Command, Event, Observer, Unobserved};
pub use history::History;
pub use joint::promise;
pub use kept::KeptLab;
pub use ledger::Ledger;
pub use machine::Lab;
pub use output::{
    Output, candidates_csv, holds_a_run, in_the_end_csv, losses_csv, record_json, round_json, session_of,
};
pub use record::{
    BeyondTraining, CandidateRecord, InTheEnd, JointRecord, Look, Quality, Round, Scores, Steps,
};
pub use recording::{RECORDING, Recording};
pub use regrow::{checkpoint_name, learned_in, regrown};
pub use repairs::{Change, Flip, Guess, Repairs};
pub use searching::Searching;
pub use seed::{Seed, saved_network};
pub use session::Session;
pub use start::{AS_ASKED, EngineChoice, NO_ADAPTER, Started, adapters, limits, no_adapter, start_engine};
pub use state::{Stage, State};
pub use trials_csv::{Foresight, foresight, trials_csv};
pub use why::Why;
