//! What each stage cost, in seconds and in floating-point operations.

use eframe::egui::{self, Rect, RichText, Sense, Ui, vec2};

use super::cloud::empty_ui;
use super::{Entry, Panel, PanelContext};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::Snapshot;
use crate::format::{decimal, magnitude, percent, seconds, thousands};
use crate::lab::{Quality, StepCost};
use crate::words::say;

/// The panel in the list.
pub const ENTRY: Entry = Entry {
    name: "costs",
    tab: || say!("commands-tab-costs"),
    command: || say!("commands-show-costs"),
    make: || Box::new(Costs),
};

struct Costs;

/// With less width, in points, the tables leave out a column.
const NARROW: f32 = 500.0;

impl Panel for Costs {
    fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>) {
        costs_ui(ui, context.snapshot);
    }
}

fn costs_ui(ui: &mut Ui, snapshot: &Snapshot) {
    let rounds = &snapshot.state.rounds;
    if rounds.is_empty() {
        empty_ui(ui, say!("costs-empty"), say!("costs-empty-next"));
        return;
    }
    let tokens = Tokens::of(ui);
    let each = |cost: fn(&crate::lab::Steps) -> StepCost| -> Vec<StepCost> {
        rounds.iter().map(|round| cost(&round.steps)).collect()
    };
    let stages = [
        (say!("costs-train"), each(|steps| steps.train)),
        (say!("costs-learn"), each(|steps| steps.learn)),
        (say!("costs-estimate"), each(|steps| steps.estimate)),
        (say!("costs-measure"), each(|steps| steps.measure)),
        (say!("costs-grow"), each(crate::lab::Steps::growing)),
    ];
    let total: f64 = stages.iter().flat_map(|(_, costs)| costs).map(|cost| cost.seconds).sum();
    ui.label(say!("costs-total", time = seconds(total)));
    let narrow = ui.available_width() < NARROW;
    let gap = if narrow { 8.0 } else { 16.0 };
    egui::ScrollArea::vertical().show(ui, |ui| {
        egui::Grid::new("costs").num_columns(5).striped(true).spacing([gap, 8.0]).show(ui, |ui| {
            let heads = [
                say!("costs-stage"),
                say!("costs-time"),
                say!("costs-to-grow"),
                say!("costs-to-show"),
                say!("costs-share"),
            ];
            for text in &heads[..if narrow { 4 } else { 5 }] {
                ui.label(RichText::new(*text).small().weak());
            }
            ui.end_row();
            for (name, costs) in &stages {
                let time: f64 = costs.iter().map(|cost| cost.seconds).sum();
                let method: u64 = costs.iter().map(StepCost::method_flops).sum();
                let instrument: u64 = costs.iter().map(|cost| cost.instrument_flops).sum();
                ui.label(*name);
                ui.label(RichText::new(seconds(time)).monospace());
                for flops in [method, instrument] {
                    ui.label(RichText::new(format!("{}FLOP", magnitude(flops))).monospace());
                }
                if narrow {
                    ui.end_row();
                    continue;
                }
                let (rect, _) = ui.allocate_exact_size(vec2(130.0, 12.0), Sense::hover());
                let share = (time / total.max(1e-9)) as f32;
                ui.painter().rect_filled(rect, 3.0, tokens.raised);
                let bar = Rect::from_min_size(rect.min, vec2(rect.width() * share, rect.height()));
                ui.painter().rect_filled(bar, 3.0, tokens.accent);
                ui.end_row();
            }
        });
        ui.add_space(14.0);
        ui.strong(say!("costs-rounds"));
        egui::Grid::new("sizes").num_columns(5).striped(true).spacing([gap, 6.0]).show(ui, |ui| {
            let heads = [
                "",
                say!("costs-parameters"),
                say!("costs-held-out-loss"),
                say!("costs-accuracy"),
                say!("costs-flop-per-image"),
            ];
            for text in &heads[..if narrow { 4 } else { 5 }] {
                ui.label(RichText::new(*text).small().weak());
            }
            ui.end_row();
            if let Some(seed) = snapshot.state.seed {
                row_ui(ui, say!("costs-seed"), seed, narrow);
            }
            for round in rounds {
                let last = round.round > snapshot.config.growth_rounds();
                if let Some(quality) = round.before {
                    let name = match last {
                        true => say!("costs-last-trained").to_owned(),
                        false => say!("costs-round-trained", round = round.round),
                    };
                    row_ui(ui, &name, quality, narrow);
                }
                if let Some(quality) = round.after {
                    let name = match last {
                        true => say!("costs-last-grown").to_owned(),
                        false => say!("costs-round-grown", round = round.round),
                    };
                    row_ui(ui, &name, quality, narrow);
                }
            }
        });
    });
}

fn row_ui(ui: &mut Ui, name: &str, quality: Quality, narrow: bool) {
    ui.label(name);
    for text in
        [thousands(quality.parameters), decimal(quality.held_out.loss, 3), percent(quality.held_out.accuracy)]
    {
        ui.label(RichText::new(text).monospace());
    }
    if !narrow {
        ui.label(RichText::new(magnitude(quality.flops)).monospace());
    }
    ui.end_row();
}
