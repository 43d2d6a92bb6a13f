//! The strategies by their kinds.

use super::autogrow::AutoGrow;
use super::ev3::Ev3;
use super::evolution::Evolution;
use super::hill_climbing::HillClimbing;
use super::pareto::Pareto;
use super::random::Random;
use super::seeker::Seeker;
use super::settings::{Kind, Search};

/// The strategy of a kind; none for growth rounds.
pub fn seeker(search: &Search) -> Option<Box<dyn Seeker>> {
    Some(match search.kind {
        Kind::Rounds => return None,
        Kind::Random { changes, from_scratch } => Box::new(Random { changes, from_scratch }),
        Kind::HillClimbing { neighbours, changes } => Box::new(HillClimbing { neighbours, changes }),
        Kind::Evolution { population, sample, changes } => {
            Box::new(Evolution { population, sample, changes, control: search.control })
        }
        Kind::Pareto { population, proposals, trained, changes } => {
            Box::new(Pareto { population, proposals, trained, changes, control: search.control })
        }
        Kind::AutoGrow { window, threshold } => {
            Box::new(AutoGrow { trials: window.div_ceil(search.short_epochs.max(1) as usize), threshold })
        }
        Kind::Ev3 { patience, changes, test, confidence } => {
            Box::new(Ev3 { patience, changes, test, confidence })
        }
    })
}
