//! Which actions the keys of a frame ask for. What is typed into a text is never one.

use eframe::egui::{Context, Key, Popup};

use super::action::Action;

/// What keys went to besides the actions, in the frame before and at the start of this one.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyFocus {
    /// A text had the keyboard when the last frame ended; Escape takes it away before anything is drawn.
    typing: bool,
    /// A menu or list was open, which Escape closes.
    popup: bool,
    /// A dialog was open, which takes every key.
    dialog: bool,
}

impl KeyFocus {
    /// As it is at the start of a frame, before any dialog is drawn.
    pub fn begin(&mut self, context: &Context, dialog: bool) {
        self.popup = Popup::is_any_open(context);
        self.dialog = dialog;
    }

    /// As it is at the end of a frame, for the next.
    pub fn end(&mut self, context: &Context) {
        self.typing = context.text_edit_focused();
    }

    /// Whether a text had the keyboard.
    pub fn typing(self) -> bool {
        self.typing
    }

    /// The actions whose keys were pressed; their keys are then used up. To be asked after everything is drawn: only then
    /// is it known whether a number is being edited as a text.
    pub fn actions(self, context: &Context) -> Vec<Action> {
        if self.dialog || self.typing || context.text_edit_focused() {
            return Vec::new();
        }
        // Space presses the button that has the keyboard.
        let on_button = context.memory(|memory| memory.focused().is_some());
        let mut known: Vec<_> =
            Action::all().into_iter().filter_map(|action| Some((action, action.shortcut()?))).collect();
        // Ctrl+Z is also pressed where Ctrl+Shift+Z is.
        known.sort_by_key(|(_, shortcut)| !shortcut.modifiers.shift);
        let taken = |key: Key| match key {
            Key::Escape => self.popup,
            Key::Space => on_button,
            _ => false,
        };
        known.retain(|(_, shortcut)| {
            !taken(shortcut.logical_key) && context.input_mut(|input| input.consume_shortcut(shortcut))
        });
        known.into_iter().map(|(action, _)| action).collect()
    }
}
