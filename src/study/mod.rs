//! What several runs show together: races at equal cost, and our versions of the paper's figures. A study computes and
//! gives back numbers, tables and pictures; it writes no file and knows no screen.

pub mod figures;
mod race;

use crate::lab::Observer;

pub use figures::{FIGURES, Figure};
pub use race::{Entrant, Race, Run, check_names, check_seeds, race};

/// Who follows a study.
pub trait Listener: Observer {
    /// Where it is, in a few words.
    fn say(&self, text: &str);

    /// How a race's run stands: once it has grown, and again when it is done.
    fn scored(&self, run: Run);
}

/// Rows for people, the first one of headings; the first cell of each says what it is about.
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
