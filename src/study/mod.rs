//! What several runs show together: races at equal cost, and our versions of the paper's figures. A study of any other
//! kind is a [`Plan`], run folders that [`advance`] fills one by one, and a [`Collection`] of what they hold.

mod collection;
pub mod figures;
mod paired;
mod plan;
mod race;
mod runs;

use crate::lab::Observer;

pub use collection::{Collection, collect};
pub use figures::{FIGURES, Figure};
pub use paired::Difference;
pub use plan::{Configuration, PLAN_FILE, Plan, PlanError, Planned};
pub use race::{Entrant, Order, Race, Run, check_names, check_seeds, race};
pub use runs::{Goal, Grown, RunError, Standing, advance, grown, standing};

/// An observer of a study.
pub trait Listener: Observer {
    /// Takes a line about the progress.
    fn say(&self, text: &str);

    /// Takes the state of a run of a race: once it has grown, and again when it is done.
    fn scored(&self, run: Run);
}

/// A table for people. The first row holds the headings, the first cell of each row its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new<const COLUMNS: usize>(headings: [&str; COLUMNS]) -> Self {
        Self { rows: vec![headings.map(str::to_owned).to_vec()] }
    }
}
