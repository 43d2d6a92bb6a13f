//! The top bar: transport, history, speed, what computes and on what.

use eframe::egui::{self, Align, Button, ComboBox, Layout, RichText, Ui};

use super::action::Action;
use crate::app::drawing::tokens::Tokens;
use crate::app::view::{Speed, View};
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::app::worker::runs::Kept;
use crate::lab::{Command, Stage};

/// What the bar asks for.
pub enum Asked {
    /// An action of the list.
    Do(Action),
    /// An order to the worker, given as it is.
    Order(Order),
}

/// Draws it.
pub fn transport_ui(ui: &mut Ui, board: &Board, view: &mut View, asked: &mut Vec<Asked>) {
    let snapshot = board.snapshot.as_deref();
    let tokens = Tokens::of(ui);
    ui.horizontal(|ui| {
        let done = snapshot.is_none_or(|snapshot| snapshot.state.stage == Stage::Done);
        let running = board.playing;
        let idle = snapshot.is_some() && !board.busy;

        let (face, name) = match (running, board.pausing) {
            (true, true) => ("▮▮", "Pausing…"),
            (true, false) => ("▮▮", "Pause"),
            (false, _) => ("▶", "Play"),
        };
        let ready = (running && !board.pausing) || (idle && !done);
        let (fill, text) =
            if ready { (tokens.accent, tokens.on_accent) } else { (tokens.raised, tokens.weak) };
        let play = Button::new(RichText::new(format!("{face}  {name}")).color(text)).fill(fill);
        act(ui, play.min_size(egui::vec2(84.0, 28.0)), ready, name, Action::PlayPause, asked);
        act(ui, Button::new("Stage"), idle && !done, "One stage", Action::Step, asked);
        act(ui, Button::new("Round"), idle && !done, "To the end of the round", Action::Round, asked);
        act(ui, Button::new("Cancel"), board.busy, "Cancel the stage under way", Action::Cancel, asked);
        ui.separator();
        let inside = snapshot.is_some_and(|snapshot| snapshot.state.step > 0);
        let kept = |near: fn(usize) -> Option<usize>| {
            snapshot.and_then(|snapshot| snapshot.trail.get(&near(snapshot.at)?)).is_some()
        };
        let (back, on) = (kept(|at| at.checked_sub(1)), kept(|at| at.checked_add(1)));
        act(ui, Button::new("↩"), idle && (back || inside), "Undo", Action::Undo, asked);
        act(ui, Button::new("↪"), idle && on && !inside, "Redo", Action::Redo, asked);
        if let Some(snapshot) = snapshot {
            history_ui(ui, snapshot, idle, asked);
        }
        speed_ui(ui, view);
        ui.separator();
        if ui.button("New run…").on_hover_text("Choose the seed network, the images and the method").clicked()
        {
            asked.push(Asked::Do(Action::NewRun));
        }
        run_menu(ui, &board.recent, asked);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("?").on_hover_text(hint(Action::Help, ui)).clicked() {
                asked.push(Asked::Do(Action::Help));
            }
            act(ui, Button::new("◐"), true, "Light or dark", Action::Theme, asked);
            act(ui, Button::new("Commands"), true, "All commands", Action::Palette, asked);
            if let Some(snapshot) = snapshot {
                context_ui(ui, snapshot);
            }
        });
    });
}

fn act(ui: &mut Ui, button: Button<'_>, enabled: bool, name: &str, action: Action, asked: &mut Vec<Asked>) {
    let response = ui.add_enabled(enabled, button);
    // What a screen reader says; the face alone is a symbol.
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, name));
    if response.on_hover_text(hint(action, ui)).clicked() {
        asked.push(Asked::Do(action));
    }
}

/// An action's name with its key.
pub fn hint(action: Action, ui: &Ui) -> String {
    match action.shortcut() {
        Some(shortcut) => format!("{} ({})", action.label(), ui.ctx().format_shortcut(&shortcut)),
        None => action.label().to_owned(),
    }
}

fn history_ui(ui: &mut Ui, snapshot: &Snapshot, idle: bool, asked: &mut Vec<Asked>) {
    let menu = ui.menu_button("History", |ui| {
        ui.label(RichText::new("Go to any earlier moment").small().weak());
        egui::ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            for (&position, text) in &snapshot.trail {
                let here = position == snapshot.at;
                if ui.add_enabled(idle, Button::selectable(here, text)).clicked() {
                    asked.push(Asked::Order(Order::Do(Command::GoTo(position))));
                    ui.close();
                }
            }
        });
    });
    menu.response.on_hover_text("Everything done so far");
}

fn speed_ui(ui: &mut Ui, view: &mut View) {
    let name = Speed::ALL.iter().find(|(speed, _)| *speed == view.speed).map_or("", |(_, name)| name);
    let combo = ComboBox::from_id_salt("speed").width(72.0).selected_text(name).show_ui(ui, |ui| {
        for (speed, name) in Speed::ALL {
            ui.selectable_value(&mut view.speed, speed, name);
        }
    });
    combo.response.on_hover_text("How long to rest between stages while playing");
}

fn run_menu(ui: &mut Ui, recent: &[Kept], asked: &mut Vec<Asked>) {
    ui.menu_button("Run", |ui| {
        let mut entry = |ui: &mut Ui, action: Action| {
            if ui.button(action.label()).clicked() {
                asked.push(Asked::Do(action));
                ui.close();
            }
        };
        entry(ui, Action::OneMoreRound);
        entry(ui, Action::KeepCurves);
        ui.separator();
        for action in [Action::OpenRun, Action::SaveRun, Action::SaveSettings] {
            entry(ui, action);
        }
        #[cfg(target_arch = "wasm32")]
        entry(ui, Action::CopyLink);
        ui.separator();
        for action in [Action::ExportCsv, Action::ExportSvg, Action::ExportPng] {
            entry(ui, action);
        }
        if !recent.is_empty() {
            ui.separator();
            ui.label(RichText::new("Latest runs").small().weak());
        }
        for kept in recent {
            if ui.button(&kept.title).on_hover_text(&kept.age).clicked() {
                let order = Order::Open { folder: kept.folder.clone() };
                asked.push(Asked::Order(order));
                ui.close();
            }
        }
    });
}

/// Data, engine and seed, from right to left.
fn context_ui(ui: &mut Ui, snapshot: &Snapshot) {
    let data = &snapshot.data;
    let engine = snapshot.engine_words();
    ui.label(RichText::new(short(&engine, 28)).small().weak())
        .on_hover_text(format!("{engine}: {}", snapshot.why));
    ui.label(RichText::new(format!("{}, {} images", data.name, data.train.len())).small().weak())
        .on_hover_text(format!(
            "{} classes from the {} data: {} images to train on, {} to choose by, {} held out to report on",
            data.classes.len(),
            data.source,
            data.train.len(),
            data.validation.len(),
            data.held_out.len()
        ));
    ui.label(
        RichText::new(format!("{}, seed {}", snapshot.config.preset, snapshot.config.seed)).small().weak(),
    )
    .on_hover_text("The seed network, and the number that names every random choice");
}

fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
