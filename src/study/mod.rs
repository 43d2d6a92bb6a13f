//! What several runs show together. A study is a [`Plan`], run folders that [`advance`] fills one by one, and a
//! [`Collection`] of what they hold; our versions of the paper's [`figures`] are drawn from such studies.

mod carry;
mod collection;
mod difference;
pub mod figures;
mod interval;
mod paired;
mod plan;
mod race;
mod runs;

pub use carry::{Listener, carry_out};
pub use collection::{Collection, collect, collect_so_far};
pub use figures::{FIGURES, Figure};
pub use interval::Difference;
pub use plan::{Configuration, OPERATIONS, PLAN_FILE, Plan, PlanError, Planned, Until, operations};
pub use race::{Order, Race, Run, check_names, check_seeds};
pub use runs::{
    Goal, Grown, RunError, STANDING_FILE, Standing, Total, advance, grown, is_ready, standing, total,
};

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
