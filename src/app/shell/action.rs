//! Everything a person can do by a key, a button, a menu or the command palette: one list for all of them.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use crate::app::controls::named;
use crate::app::panels::PANELS;
use crate::app::worker::Door;

/// The keys of the panels, in their order.
const DIGITS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Runs stage after stage up to the next result that is worth a look, or stops after the unit of work
    /// under way.
    PlayPause,
    /// Runs to the end of the experiment.
    RunThrough,
    /// Runs one stage.
    Step,
    /// Runs to the end of the round.
    Round,
    /// Aborts the stage under way; training and learning go on from there, others begin again.
    Cancel,
    /// Goes back to before the last stage or edit.
    Undo,
    /// Takes the last undo back.
    Redo,
    /// Lists the lessons.
    Lessons,
    /// Begins a new run with the usual settings.
    OwnRun,
    /// Opens the setup of a new run.
    NewRun,
    /// Asks for a run's folder to open.
    OpenRun,
    /// Copies the run's files to a folder.
    SaveRun,
    /// Writes the settings as a TOML file.
    SaveSettings,
    /// Copies the address of this page with the run's settings.
    #[cfg(target_arch = "wasm32")]
    CopyLink,
    /// Adds a round to the run.
    OneMoreRound,
    /// Hides gains until they are predicted: this round's, or the next one's once it is estimated.
    Predict,
    /// Keeps the curves of this run to compare with.
    KeepCurves,
    /// Begins a log of what the person does, in a file of theirs, or ends it.
    Log,
    /// Shows a panel, by its place in [`PANELS`].
    Show(usize),
    /// Writes the numbers of the panel shown as CSV.
    ExportCsv,
    /// Writes the plot of the panel shown as SVG.
    ExportSvg,
    /// Writes the window as PNG.
    ExportPng,
    /// Writes the run for other software.
    Export(Door),
    /// Changes between the light and the dark theme.
    Theme,
    /// Makes everything larger, for a projector, or as before.
    Presenter,
    /// Shows changes at once in place of moving things, or moves them again.
    Calm,
    /// Lists all of these, to search.
    Palette,
    /// Explains what is on the screen.
    Help,
    /// Saves and closes.
    Quit,
}

impl Action {
    /// All, in the palette's order.
    pub fn all() -> Vec<Action> {
        let mut all = Vec::from([
            Action::PlayPause,
            Action::RunThrough,
            Action::Step,
            Action::Round,
            Action::Cancel,
            Action::Undo,
            Action::Redo,
            Action::OneMoreRound,
            Action::Predict,
            Action::Lessons,
            Action::OwnRun,
            Action::NewRun,
            Action::OpenRun,
            Action::SaveRun,
            Action::SaveSettings,
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink,
            Action::KeepCurves,
        ]);
        all.extend(Action::panels());
        all.extend([Action::ExportCsv, Action::ExportSvg, Action::ExportPng]);
        all.extend(Action::doors());
        all.push(Action::Log);
        all.extend([
            Action::Theme,
            Action::Presenter,
            Action::Calm,
            Action::Palette,
            Action::Help,
            Action::Quit,
        ]);
        all
    }

    /// The one that has this name among the controls.
    pub fn named(control: &str) -> Option<Action> {
        Action::all().into_iter().find(|action| action.control() == control)
    }

    /// What shows each of the panels, in their order.
    pub fn panels() -> impl Iterator<Item = Action> {
        (0..PANELS.len()).map(Action::Show)
    }

    /// What writes the run for other software.
    pub fn doors() -> impl Iterator<Item = Action> {
        Door::ALL.iter().copied().map(Action::Export)
    }

    /// What it is called; "…" where it asks for more.
    pub fn label(self) -> &'static str {
        match self {
            Action::PlayPause => "Play or pause",
            Action::RunThrough => "Run through",
            Action::Step => "One stage",
            Action::Round => "To the end of the round",
            Action::Cancel => "Cancel the stage under way",
            Action::Undo => "Undo",
            Action::Redo => "Redo",
            Action::Lessons => "Lessons…",
            Action::OwnRun => "Start a run of your own",
            Action::NewRun => "New run…",
            Action::OpenRun => "Open a run…",
            Action::SaveRun => "Save a copy of the run…",
            Action::SaveSettings => "Save the settings…",
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => "Copy a link to this run",
            Action::OneMoreRound => "Add a round",
            Action::Predict => "Predict before you look",
            Action::KeepCurves => "Keep these curves to compare",
            Action::Log => "Begin or end a log of what is done…",
            Action::Show(place) => PANELS.get(place).map_or("", |entry| entry.command),
            Action::ExportCsv => "Export the numbers as CSV…",
            Action::ExportSvg => "Export the plot as SVG…",
            Action::ExportPng => "Export the window as PNG…",
            Action::Export(Door::Onnx) => "Export the network as ONNX…",
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Torch) => "Export the network for PyTorch…",
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::TensorBoard) => "Export the numbers for TensorBoard…",
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Parquet) => "Export the candidates as Parquet…",
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Hub) => "Export a folder for the Hugging Face Hub…",
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Pictures) => "Export all pictures of the run…",
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Movie) => "Export the growth as a movie…",
            Action::Theme => "Light or dark",
            Action::Presenter => "Presenter size",
            Action::Calm => "Less motion",
            Action::Palette => "All commands",
            Action::Help => "What is all this?",
            Action::Quit => "Save and quit",
        }
    }

    /// Its name among the controls that a link hides or freezes.
    pub fn control(self) -> String {
        match self {
            Action::Show(place) => PANELS.get(place).map_or("", |entry| entry.name).to_owned(),
            _ => named(self.label()),
        }
    }

    /// Its key, if it has one.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        match self {
            Action::PlayPause => plain(Key::Space),
            Action::RunThrough => Some(KeyboardShortcut::new(Modifiers::SHIFT, Key::Space)),
            Action::Step => plain(Key::N),
            Action::Round => plain(Key::R),
            Action::Cancel => plain(Key::Escape),
            Action::Undo => command(Key::Z),
            Action::Redo => Some(KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z)),
            Action::NewRun => command(Key::N),
            Action::OpenRun => command(Key::O),
            Action::SaveRun => command(Key::S),
            Action::Predict => plain(Key::G),
            Action::Show(place) => DIGITS.get(place).copied().and_then(plain),
            Action::Theme => plain(Key::T),
            Action::Presenter => plain(Key::P),
            Action::Palette => command(Key::K),
            Action::Help => plain(Key::F1),
            Action::Quit => command(Key::Q),
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => None,
            Action::Lessons
            | Action::OwnRun
            | Action::SaveSettings
            | Action::OneMoreRound
            | Action::KeepCurves
            | Action::Calm
            | Action::Log
            | Action::ExportCsv
            | Action::ExportSvg
            | Action::ExportPng
            | Action::Export(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_key_or_a_name() {
        let all = Action::all();
        for (position, action) in all.iter().enumerate() {
            assert!(!action.label().is_empty(), "{action:?}");
            for other in &all[..position] {
                assert_ne!(action.label(), other.label());
                assert!(action.shortcut().is_none() || action.shortcut() != other.shortcut(), "{action:?}");
            }
        }
    }
}
