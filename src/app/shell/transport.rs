//! The top bar: transport, history, speed, what computes and on what.

use eframe::egui::{self, Align, Button, Color32, ComboBox, Layout, RichText, Ui};

use super::action::Action;
use crate::app::controls::{Controls, frozen};
use crate::app::drawing::landmarks;
use crate::app::drawing::tokens::Tokens;
use crate::app::panels::Asked;
use crate::app::panels::timeline::{is_roomy, timeline_ui};
use crate::app::view::{Speed, View};
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot, why_in_words};
use crate::app::worker::runs::{self, Kept};
use crate::lab::Command;
use crate::words::{Language, chosen, say};

/// The narrowest space, in points, in which a text is still drawn.
const LEAST_TEXT: f32 = 48.0;
/// With less room, what is pressed less often is in the menus.
const COMPACT: f32 = 1080.0;
/// With less room, all but the first buttons are in one menu.
const PHONE: f32 = 640.0;
/// How much more room the buttons take in another language than English.
const WIDER: f32 = 1.15;

/// Draws it; `actions` are those whose buttons were pressed, `asked` what else is asked for.
pub fn transport_ui(
    ui: &mut Ui,
    board: &Board,
    view: &mut View,
    actions: &mut Vec<Action>,
    asked: &mut Vec<Asked>,
) {
    let snapshot = board.snapshot.as_deref();
    let room = ui.available_width();
    if room < needed(PHONE) {
        return phone_ui(ui, board, view, actions, asked);
    }
    let compact = room < needed(COMPACT);
    ui.horizontal(|ui| {
        play_ui(ui, board, actions);
        button_ui(ui, board, Button::new(say!("transport-stage")), Action::Step, actions);
        if !compact {
            button_ui(ui, board, Button::new(say!("transport-round")), Action::Round, actions);
            button_ui(ui, board, Button::new(say!("transport-run-through")), Action::RunThrough, actions);
        }
        button_ui(ui, board, Button::new(say!("transport-cancel")), Action::Cancel, actions);
        ui.separator();
        button_ui(ui, board, Button::new("↩"), Action::Undo, actions);
        button_ui(ui, board, Button::new("↪"), Action::Redo, actions);
        let controls = Controls::of(ui.ctx());
        if let Some(snapshot) = snapshot.filter(|_| !controls.hides("history")) {
            let idle = !board.busy && !controls.freezes("history");
            history_ui(ui, snapshot, idle, view, asked);
        }
        if !compact && !controls.hides("speed") {
            ui.add_enabled_ui(!controls.freezes("speed"), |ui| speed_ui(ui, view));
        }
        ui.separator();
        button_ui(ui, board, Button::new(say!("transport-new-run")), Action::NewRun, actions);
        if !controls.freezes("run-menu") {
            ui.menu_button(say!("transport-run-menu"), |ui| {
                if compact {
                    further_ui(ui, board, actions);
                    ui.separator();
                }
                run_entries(ui, board, actions, asked);
            });
        }
        if !controls.freezes("view-menu") {
            ui.menu_button(say!("transport-view-menu"), |ui| {
                if compact && !controls.freezes("speed") {
                    speed_ui(ui, view);
                    ui.separator();
                }
                view_entries(ui, board, actions);
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            button_ui(ui, board, Button::new("?"), Action::Help, actions);
            // The key and the menu lead there too, where a language's words leave no room.
            let commands = say!("transport-commands");
            if ui.available_width() > width_of(ui, commands) {
                button_ui(ui, board, Button::new(commands), Action::Palette, actions);
            }
            if view.logged {
                let sign = RichText::new(say!("transport-log")).small().color(Tokens::of(ui).alarm);
                ui.label(sign).on_hover_text(say!("transport-log-hint"));
            }
            if let Some(snapshot) = snapshot {
                context_ui(ui, snapshot);
            }
        });
    });
}

/// The width of a button with this text, and of the gap beside it.
fn width_of(ui: &Ui, text: &str) -> f32 {
    let spacing = ui.spacing();
    let around = 2.0 * spacing.button_padding.x + spacing.item_spacing.x;
    let font = egui::TextStyle::Button.resolve(ui.style());
    around + ui.painter().layout_no_wrap(text.to_owned(), font, Color32::WHITE).size().x
}

/// The room that is needed in the language of the screen for what needs `width` in English.
fn needed(width: f32) -> f32 {
    match chosen() {
        Language::English => width,
        _ => WIDER * width,
    }
}

/// The bar of a very narrow window: the next step, the way back, and one menu.
fn phone_ui(ui: &mut Ui, board: &Board, view: &mut View, actions: &mut Vec<Action>, asked: &mut Vec<Asked>) {
    let height = ui.ctx().content_rect().height() - 120.0;
    ui.horizontal(|ui| {
        play_ui(ui, board, actions);
        button_ui(ui, board, Button::new(say!("transport-stage")), Action::Step, actions);
        button_ui(ui, board, Button::new("↩"), Action::Undo, actions);
        button_ui(ui, board, Button::new("↪"), Action::Redo, actions);
        ui.menu_button(say!("transport-menu"), |ui| {
            egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                further_ui(ui, board, actions);
                for action in [Action::Cancel, Action::NewRun, Action::Palette] {
                    entry_ui(ui, board, action, actions);
                }
                let controls = Controls::of(ui.ctx());
                if let Some(snapshot) = board.snapshot.as_ref().filter(|_| !controls.freezes("history")) {
                    history_ui(ui, snapshot, !board.busy, view, asked);
                }
                if !controls.freezes("speed") {
                    speed_ui(ui, view);
                }
                if !controls.freezes("run-menu") {
                    ui.separator();
                    run_entries(ui, board, actions, asked);
                }
                if !controls.freezes("view-menu") {
                    ui.separator();
                    view_entries(ui, board, actions);
                }
            });
        });
        button_ui(ui, board, Button::new("?"), Action::Help, actions);
    });
}

/// What runs further than a stage, and what the run is, where the bar has no room for them.
fn further_ui(ui: &mut Ui, board: &Board, actions: &mut Vec<Action>) {
    if let Some(snapshot) = &board.snapshot {
        let Snapshot { config, data, .. } = snapshot.as_ref();
        let title = runs::title(config, &data.class_names);
        let images = say!("transport-images", name = &data.name, count = data.train.len());
        ui.label(RichText::new(format!("{title}; {images}")).small().weak());
    }
    for action in [Action::Round, Action::RunThrough] {
        entry_ui(ui, board, action, actions);
    }
}

/// The button that plays and pauses: it says which.
fn play_ui(ui: &mut Ui, board: &Board, actions: &mut Vec<Action>) {
    let tokens = Tokens::of(ui);
    let (face, name) = match (board.playing, board.pausing) {
        (true, true) => ("▮▮", say!("transport-pausing")),
        (true, false) => ("▮▮", say!("transport-pause")),
        (false, _) => ("▶", say!("transport-play")),
    };
    let (fill, text) = match Action::PlayPause.is_enabled(board) {
        true => (tokens.accent, tokens.on_accent),
        false => (tokens.raised, tokens.weak),
    };
    let button = Button::new(RichText::new(format!("{face}  {name}")).color(text)).fill(fill);
    named_button_ui(ui, board, button.min_size(egui::vec2(84.0, 28.0)), name, Action::PlayPause, actions);
}

/// A button of an action; true if it was pressed.
fn button_ui(
    ui: &mut Ui,
    board: &Board,
    button: Button<'_>,
    action: Action,
    actions: &mut Vec<Action>,
) -> bool {
    named_button_ui(ui, board, button, action.label(), action, actions)
}

/// The same, with a name for screen readers where the button shows only a symbol.
fn named_button_ui(
    ui: &mut Ui,
    board: &Board,
    button: Button<'_>,
    name: &str,
    action: Action,
    actions: &mut Vec<Action>,
) -> bool {
    let (controls, control) = (Controls::of(ui.ctx()), action.control());
    if controls.hides(&control) {
        return false;
    }
    let refusal = if controls.freezes(&control) { Some(frozen()) } else { action.refusal(board) };
    let enabled = refusal.is_none();
    let response = ui.add_enabled(enabled, button);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, name));
    landmarks::note(ui.ctx(), action.label(), response.rect);
    let hint = hint(action, ui);
    let why_not = format!("{hint}\n{}", refusal.unwrap_or_default());
    let pressed = response.on_hover_text(hint).on_disabled_hover_text(why_not).clicked();
    if pressed {
        actions.push(action);
    }
    pressed
}

/// An action's name with its key.
fn hint(action: Action, ui: &Ui) -> String {
    match action.shortcut() {
        Some(shortcut) => format!("{} ({})", action.label(), ui.ctx().format_shortcut(&shortcut)),
        None => action.label().to_owned(),
    }
}

/// An action in a menu, which closes by it.
fn entry_ui(ui: &mut Ui, board: &Board, action: Action, actions: &mut Vec<Action>) {
    let key = action.shortcut().map_or(String::new(), |shortcut| ui.ctx().format_shortcut(&shortcut));
    let button = Button::new(action.label()).shortcut_text(RichText::new(key).weak());
    if button_ui(ui, board, button, action, actions) {
        ui.close();
    }
}

fn history_ui(ui: &mut Ui, snapshot: &Snapshot, idle: bool, view: &mut View, asked: &mut Vec<Asked>) {
    let menu = ui.menu_button(say!("transport-history"), |ui| {
        if !is_roomy(ui.ctx()) {
            ui.set_min_width(360.0_f32.min(ui.ctx().content_rect().width() - 40.0));
            timeline_ui(ui, snapshot, view);
        }
        ui.label(RichText::new(say!("transport-take-back")).small().weak());
        egui::ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            for &position in snapshot.trail.keys() {
                let here = position == snapshot.at;
                if ui.add_enabled(idle, Button::selectable(here, snapshot.done_up_to(position))).clicked() {
                    asked.push(Asked::Order(Order::Do(Command::GoTo(position))));
                    ui.close();
                }
            }
        });
    });
    menu.response.on_hover_text(say!("transport-history-hint"));
}

fn speed_ui(ui: &mut Ui, view: &mut View) {
    let combo = ComboBox::from_id_salt("speed").width(72.0).selected_text(view.speed.label());
    let combo = combo.show_ui(ui, |ui| {
        for speed in Speed::ALL {
            ui.selectable_value(&mut view.speed, speed, speed.label());
        }
    });
    combo.response.accessible_name(say!("transport-speed")).on_hover_text(say!("transport-speed-hint"));
}

/// What is done with the whole run.
fn run_entries(ui: &mut Ui, board: &Board, actions: &mut Vec<Action>, asked: &mut Vec<Asked>) {
    for action in [Action::Lessons, Action::OneMoreRound, Action::KeepCurves] {
        entry_ui(ui, board, action, actions);
    }
    ui.separator();
    for action in [Action::OpenRun, Action::SaveRun, Action::SaveSettings] {
        entry_ui(ui, board, action, actions);
    }
    #[cfg(target_arch = "wasm32")]
    entry_ui(ui, board, Action::CopyLink, actions);
    ui.separator();
    for action in [Action::ExportCsv, Action::ExportSvg, Action::ExportPng] {
        entry_ui(ui, board, action, actions);
    }
    ui.separator();
    for action in Action::doors() {
        entry_ui(ui, board, action, actions);
    }
    recent_ui(ui, &board.recent, asked);
}

/// The panels, how large and how light everything is, and its language.
fn view_entries(ui: &mut Ui, board: &Board, actions: &mut Vec<Action>) {
    for action in Action::panels() {
        entry_ui(ui, board, action, actions);
    }
    ui.separator();
    for action in [Action::Theme, Action::Presenter, Action::Calm, Action::Palette] {
        entry_ui(ui, board, action, actions);
    }
    ui.separator();
    for language in Language::ALL {
        entry_ui(ui, board, Action::Speak(language), actions);
    }
}

/// The runs kept last.
fn recent_ui(ui: &mut Ui, recent: &[Kept], asked: &mut Vec<Asked>) {
    if recent.is_empty() {
        return;
    }
    ui.separator();
    ui.label(RichText::new(say!("transport-latest")).small().weak());
    for kept in recent {
        if ui.button(kept.title()).on_hover_text(kept.age()).clicked() {
            asked.push(Asked::Order(Order::Open { folder: kept.folder.clone() }));
            ui.close();
        }
    }
}

/// Data, engine and seed, from right to left, as far as there is room.
fn context_ui(ui: &mut Ui, snapshot: &Snapshot) {
    let data = &snapshot.data;
    let engine = snapshot.engine_words();
    let parts = say!(
        "transport-images-hint",
        classes = data.classes.len(),
        source = &data.source,
        training = data.train.len(),
        validation = data.validation.len(),
        held_out = data.held_out.len()
    );
    for (text, why) in [
        (short(&engine, 28), format!("{engine}: {}", why_in_words(&snapshot.why))),
        (say!("transport-images", name = &data.name, count = data.train.len()), parts),
        (runs::title(&snapshot.config, &data.class_names), say!("transport-title-hint").to_owned()),
    ] {
        if ui.available_width() > LEAST_TEXT {
            ui.add(egui::Label::new(RichText::new(text).small().weak()).truncate()).on_hover_text(why);
        }
    }
}

fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
