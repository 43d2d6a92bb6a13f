//! Everything a person can do by a key, a button or the command palette: one list for all three.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Goes on by itself, or stops after the unit of work under way.
    PlayPause,
    /// One stage.
    Step,
    /// To the end of the round.
    Round,
    /// Gives up the stage under way.
    Cancel,
    /// Back.
    Undo,
    /// Forward again.
    Redo,
    /// The setup of a new run.
    NewRun,
    /// A folder to open.
    OpenRun,
    /// A copy of the run's folder.
    SaveRun,
    /// The settings as TOML.
    SaveSettings,
    /// The settings as an address of this page.
    #[cfg(target_arch = "wasm32")]
    CopyLink,
    /// One more round.
    OneMoreRound,
    /// Hides actual gains until they are predicted.
    Predict,
    /// Keeps the curves of this run to compare with.
    KeepCurves,
    /// Estimated against actual.
    ShowCloud,
    /// Loss and accuracy.
    ShowCurves,
    /// Every candidate.
    ShowTable,
    /// What the stages cost.
    ShowCosts,
    /// Runs at equal cost.
    ShowRace,
    /// The paper's figures.
    ShowFigures,
    /// The numbers of what is shown as CSV.
    ExportCsv,
    /// The plot shown as SVG.
    ExportSvg,
    /// The window as PNG.
    ExportPng,
    /// Light or dark.
    Theme,
    /// Larger, for a projector.
    Presenter,
    /// All of these, to search.
    Palette,
    /// A first look around.
    Help,
    /// Saves and closes.
    Quit,
}

impl Action {
    /// All, in the palette's order.
    pub const ALL: [Action; 27 + cfg!(target_arch = "wasm32") as usize] = [
        Action::PlayPause,
        Action::Step,
        Action::Round,
        Action::Cancel,
        Action::Undo,
        Action::Redo,
        Action::OneMoreRound,
        Action::Predict,
        Action::NewRun,
        Action::OpenRun,
        Action::SaveRun,
        Action::SaveSettings,
        #[cfg(target_arch = "wasm32")]
        Action::CopyLink,
        Action::KeepCurves,
        Action::ShowCloud,
        Action::ShowCurves,
        Action::ShowTable,
        Action::ShowCosts,
        Action::ShowRace,
        Action::ShowFigures,
        Action::ExportCsv,
        Action::ExportSvg,
        Action::ExportPng,
        Action::Theme,
        Action::Presenter,
        Action::Palette,
        Action::Help,
        Action::Quit,
    ];

    /// What it is called; "…" where it asks for more.
    pub fn label(self) -> &'static str {
        match self {
            Action::PlayPause => "Play or pause",
            Action::Step => "One stage",
            Action::Round => "To the end of the round",
            Action::Cancel => "Cancel the stage under way",
            Action::Undo => "Undo",
            Action::Redo => "Redo",
            Action::NewRun => "New run…",
            Action::OpenRun => "Open a run…",
            Action::SaveRun => "Save a copy of the run…",
            Action::SaveSettings => "Save the settings…",
            Action::OneMoreRound => "Ask for one more round",
            Action::Predict => "Predict before you look",
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => "Copy a link to this run",
            Action::KeepCurves => "Keep these curves to compare",
            Action::ShowCloud => "Show estimated against actual",
            Action::ShowCurves => "Show loss and accuracy",
            Action::ShowTable => "Show all candidates",
            Action::ShowCosts => "Show what the stages cost",
            Action::ShowRace => "Race configurations",
            Action::ShowFigures => "Make the paper's figures",
            Action::ExportCsv => "Export the numbers as CSV…",
            Action::ExportSvg => "Export the plot as SVG…",
            Action::ExportPng => "Export the window as PNG…",
            Action::Theme => "Light or dark",
            Action::Presenter => "Presenter size",
            Action::Palette => "All commands",
            Action::Help => "What is all this?",
            Action::Quit => "Save and quit",
        }
    }

    /// Its key, if it has one.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let plain = |key| Some(KeyboardShortcut::new(Modifiers::NONE, key));
        let command = |key| Some(KeyboardShortcut::new(Modifiers::COMMAND, key));
        match self {
            Action::PlayPause => plain(Key::Space),
            Action::Step => plain(Key::N),
            Action::Round => plain(Key::R),
            Action::Cancel => plain(Key::Escape),
            Action::Undo => command(Key::Z),
            Action::Redo => Some(KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z)),
            Action::NewRun => command(Key::N),
            Action::OpenRun => command(Key::O),
            Action::SaveRun => command(Key::S),
            Action::Predict => plain(Key::G),
            Action::ShowCloud => plain(Key::Num1),
            Action::ShowCurves => plain(Key::Num2),
            Action::ShowTable => plain(Key::Num3),
            Action::ShowCosts => plain(Key::Num4),
            Action::ShowRace => plain(Key::Num5),
            Action::ShowFigures => plain(Key::Num6),
            Action::Theme => plain(Key::T),
            Action::Presenter => plain(Key::P),
            Action::Palette => command(Key::K),
            Action::Help => plain(Key::F1),
            Action::Quit => command(Key::Q),
            #[cfg(target_arch = "wasm32")]
            Action::CopyLink => None,
            Action::SaveSettings
            | Action::OneMoreRound
            | Action::KeepCurves
            | Action::ExportCsv
            | Action::ExportSvg
            | Action::ExportPng => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_key_or_a_name() {
        for (position, action) in Action::ALL.iter().enumerate() {
            for other in &Action::ALL[..position] {
                assert_ne!(action.label(), other.label());
                assert!(action.shortcut().is_none() || action.shortcut() != other.shortcut(), "{action:?}");
            }
        }
    }
}
