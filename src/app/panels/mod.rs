//! The panels, one a file: they draw what the board and the view hold, and say what the person asks for.
//!
//! Those at the right are behind tabs. Each is a [`Panel`] with an [`Entry`] in [`PANELS`]: its tab, its key, its place
//! in the View menu and in the command palette are made from that list. A new one is a file and a line there.
//! The others have places of their own:
//!
//! - [`stages`] with the [`timeline`], [`network`], [`channel`]: above, at the centre and below;
//! - [`explain`]: the formula at the bottom; [`ending`]: the card of a finished run; [`sentences`], [`pause`]: what is
//!   said above;
//! - [`aloud`]: all of it in words, for those who do not see it;
//! - [`along`], [`predict`], `outcomes`, `sketch`, `studied`, `promises`, `gains`, `growth`, `badges`, `heads`, `why`,
//!   `trials`: parts of other panels.

pub mod along;
pub mod aloud;
mod badges;
pub mod channel;
pub mod cloud;
mod costs;
mod curves;
pub mod ending;
pub mod explain;
mod figures;
mod gains;
mod growth;
mod heads;
pub mod network;
mod outcomes;
pub mod pause;
pub mod predict;
mod promises;
mod race;
pub mod sentences;
mod sketch;
pub mod stages;
mod studied;
mod table;
pub mod timeline;
mod trials;
mod why;

use eframe::egui::Ui;

use crate::app::drawing::plots::candidates_svg;
use crate::app::view::View;
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::lab::{Config, EngineChoice, candidates_csv};
use crate::words::in_english;

/// The panels behind the tabs, in their order.
pub static PANELS: &[Entry] =
    &[cloud::ENTRY, curves::ENTRY, table::ENTRY, costs::ENTRY, race::ENTRY, figures::ENTRY];

/// What is known of a panel before it is drawn.
pub struct Entry {
    /// Its name in the program.
    pub name: &'static str,
    /// What its tab says.
    pub tab: fn() -> &'static str,
    /// What the command says that shows it.
    pub command: fn() -> &'static str,
    /// Makes it.
    pub make: fn() -> Box<dyn Panel>,
}

/// A panel behind a tab.
pub trait Panel {
    /// Draws it.
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>);

    /// The numbers that it shows as CSV, or why there are none.
    fn csv(&self, shown: &Shown<'_>) -> Result<String, String> {
        Ok(trials::csv(shown).unwrap_or_else(|| in_english(|| candidates_csv(&shown.snapshot.state))))
    }

    /// What it shows as SVG, or why there is nothing to draw.
    fn svg(&self, shown: &Shown<'_>) -> Result<String, String> {
        trials::svg(shown).unwrap_or_else(|| candidates_svg(shown.snapshot, shown.view))
    }

    /// Takes note of something, whether it is shown or not.
    fn hear(&mut self, _news: &News<'_>) {}
}

/// What a panel draws, what it may change, and where it says what is asked for.
pub struct PanelContext<'a> {
    /// What the worker tells.
    pub board: &'a Board,
    /// The run.
    pub snapshot: &'a Snapshot,
    /// What the person looks at.
    pub view: &'a mut View,
    /// What is to compute studies.
    pub engine: EngineChoice,
    /// What the person asks for here.
    pub asked: &'a mut Vec<Asked>,
}

/// What is on the screen.
pub struct Shown<'a> {
    /// What the worker tells.
    pub board: &'a Board,
    /// The run.
    pub snapshot: &'a Snapshot,
    /// What the person looks at.
    pub view: &'a View,
}

/// What is asked for in a panel.
pub enum Asked {
    /// Something for the worker.
    Order(Order),
    /// Something that cannot be done, to be said above the panels.
    Complain(String),
    /// The setup of a new run.
    NewRun,
    /// A race of the run's settings against the same without growth.
    RaceAgainstNotGrowing,
    /// The settings of a race's entrant, to be changed.
    EntrantSettings {
        /// Its place among the entrants.
        index: usize,
        /// As they are.
        config: Box<Config>,
    },
}

/// What panels are told.
pub enum News<'a> {
    /// The run as it is, at every frame.
    Frame(&'a Snapshot),
    /// The curves of this run are to be kept, to compare others with.
    KeepCurves(&'a Snapshot),
    /// The run's settings are to race against the same without growth.
    RaceAgainstNotGrowing(&'a Snapshot),
    /// The settings of a race's entrant were changed.
    EntrantSettings {
        /// Its place among the entrants.
        index: usize,
        /// As they are now.
        config: &'a Config,
    },
}
