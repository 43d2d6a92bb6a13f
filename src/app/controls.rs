//! What a link takes away from the screen or switches off: for a page that embeds this one, a lesson, an exam.

use std::collections::BTreeSet;
use std::sync::Arc;

use eframe::egui::{Context, Id, Ui};

use crate::words::say;

/// The parts of the screen that have a name besides the commands.
pub const PARTS: [&str; 13] = [
    "bar",
    "stages",
    "network",
    "numbers",
    "channel",
    "formula",
    "history",
    "speed",
    "run-menu",
    "view-menu",
    "choice",
    "introduction",
    "footer",
];

/// What is said of something that is switched off.
pub fn frozen() -> &'static str {
    say!("controls-frozen")
}

/// Names of commands and parts that are hidden, or shown but not to be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controls {
    /// Not shown, and therefore not to be used either.
    pub hidden: BTreeSet<String>,
    /// Shown, but not to be used.
    pub frozen: BTreeSet<String>,
}

impl Controls {
    /// Those of the program that draws here.
    pub fn of(context: &Context) -> Arc<Self> {
        context.data(|data| data.get_temp(place())).unwrap_or_default()
    }

    /// Makes them those of the program.
    pub fn install(self, context: &Context) {
        context.data_mut(|data| data.insert_temp(place(), Arc::new(self)));
    }

    /// Whether this is not shown.
    pub fn hides(&self, name: &str) -> bool {
        self.hidden.contains(name)
    }

    /// Whether this is not to be used.
    pub fn freezes(&self, name: &str) -> bool {
        self.hides(name) || self.frozen.contains(name)
    }

    /// Switches off all that is drawn in `ui` from here on, if this part is switched off.
    pub fn dim(&self, ui: &mut Ui, part: &str) {
        if self.freezes(part) {
            ui.disable();
        }
    }
}

/// Where they are kept.
fn place() -> Id {
    Id::unique("controls of the link")
}

/// A name as a link has it: small letters and digits, with one dash in place of everything between them.
pub fn named(label: &str) -> String {
    let words = label.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_frozen_too_and_names_are_plain() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let controls = Controls { hidden: names(&["speed"]), frozen: names(&["undo"]) };
        assert!(controls.hides("speed") && controls.freezes("speed"));
        assert!(!controls.hides("undo") && controls.freezes("undo") && !controls.freezes("redo"));
        for (label, expected) in [
            ("New run…", "new-run"),
            ("Export the network as ONNX…", "export-the-network-as-onnx"),
            ("What is all this?", "what-is-all-this"),
        ] {
            assert_eq!(named(label), expected);
        }
        let context = Context::default();
        assert_eq!(*Controls::of(&context), Controls::default());
        controls.clone().install(&context);
        assert_eq!(*Controls::of(&context), controls);
    }
}
