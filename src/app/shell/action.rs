//! Everything a person can do by a key, a button, a menu or the command palette: one list for all of them.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use crate::app::controls::named;
use crate::app::panels::PANELS;
use crate::app::worker::Door;
use crate::words::{Language, in_english, say};

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
    /// Shows all texts in this language.
    Speak(Language),
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
        all.extend(Language::ALL.map(Action::Speak));
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
            Action::PlayPause => say!("commands-play-pause"),
            Action::RunThrough => say!("commands-run-through"),
            Action::Step => say!("commands-step"),
            Action::Round => say!("commands-round"),
            Action::Cancel => say!("commands-cancel"),
            Action::Undo => say!("commands-undo"),
            Action::Redo => say!("commands-redo"),
            Action::Lessons => say!("commands-lessons"),
            Action::OwnRun => say!("commands-own-run"),
            Action::NewRun => say!("commands-new-run"),
            Action::OpenRun => say!("commands-open-run"),
            Action::SaveRun => say!("commands-save-run"),
            Action::SaveSettings => say!("commands-save-settings"),
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => say!("commands-copy-link"),
            Action::OneMoreRound => say!("commands-one-more-round"),
            Action::Predict => say!("commands-predict"),
            Action::KeepCurves => say!("commands-keep-curves"),
            Action::Log => say!("commands-log"),
            Action::Show(place) => PANELS.get(place).map_or("", |entry| (entry.command)()),
            Action::ExportCsv => say!("commands-export-csv"),
            Action::ExportSvg => say!("commands-export-svg"),
            Action::ExportPng => say!("commands-export-png"),
            Action::Export(Door::Onnx) => say!("commands-export-onnx"),
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Torch) => say!("commands-export-torch"),
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::TensorBoard) => say!("commands-export-tensorboard"),
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Parquet) => say!("commands-export-parquet"),
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Hub) => say!("commands-export-hub"),
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Pictures) => say!("commands-export-pictures"),
            #[cfg(not(target_arch = "wasm32"))]
            Action::Export(Door::Movie) => say!("commands-export-movie"),
            Action::Theme => say!("commands-theme"),
            Action::Presenter => say!("commands-presenter"),
            Action::Calm => say!("commands-calm"),
            Action::Speak(Language::English) => say!("commands-english"),
            Action::Speak(Language::German) => say!("commands-german"),
            Action::Speak(Language::French) => say!("commands-french"),
            Action::Speak(Language::Spanish) => say!("commands-spanish"),
            Action::Palette => say!("commands-palette"),
            Action::Help => say!("commands-help"),
            Action::Quit => say!("commands-quit"),
        }
    }

    /// Its name among the controls that a link hides or freezes: the same in every language.
    pub fn control(self) -> String {
        match self {
            Action::Show(place) => PANELS.get(place).map_or("", |entry| entry.name).to_owned(),
            Action::Speak(language) => format!("language-{language}"),
            _ => in_english(|| named(self.label())),
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
            | Action::Speak(_)
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
