//! The cost of a study's runs, where the most expensive one decides it.

use std::path::Path;

use crate::cli::failure::Failure;
use crate::study::Planned;

/// The cost of every run where the most expensive one decides it.
pub enum Total {
    /// All are grown.
    Known(u64),
    /// These are not.
    Missing(Vec<String>),
}

/// What the most expensive run needs for its usual last training.
pub fn total(runs: &[Planned], out: &Path) -> Result<Total, Failure> {
    let (mut most, mut missing) = (0, Vec::new());
    for run in runs {
        match crate::study::grown(&run.folder(out))? {
            Some(grown) => most = most.max(grown.usual),
            None => missing.push(run.id()),
        }
    }
    Ok(if missing.is_empty() { Total::Known(most) } else { Total::Missing(missing) })
}
