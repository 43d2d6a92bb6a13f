//! What can be open over the panels.

use crate::app::shell::palette::Palette;
use crate::app::shell::paths::{Ask, Purpose};
use crate::app::shell::setup::Setup;
use crate::app::worker::runs::Kept;
use crate::lesson::Results;

/// A dialog over the panels.
pub enum Dialog {
    /// The introduction, with the run that was kept last.
    Help(Option<Kept>),
    /// The lessons.
    Lessons,
    /// The card at the end of a lesson.
    Results(Box<Results>),
    /// The settings of a run.
    Setup(Box<Setup>),
    /// All commands.
    Palette(Palette),
    /// A question for a path.
    Path(Ask),
    /// A path asked for by the setup, which waits below.
    PathForSetup(Ask, Box<Setup>),
}

impl Dialog {
    /// A question for a path.
    pub fn path(purpose: Purpose) -> Self {
        Dialog::Path(Ask::new(purpose))
    }
}
