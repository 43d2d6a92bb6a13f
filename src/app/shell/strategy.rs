//! Settings of what makes a change worth making, and numbers that may be left out.

use eframe::egui::{self, ComboBox, DragValue, Ui};

use crate::search::Strategy;

/// The strategy, with its numbers.
pub fn strategy_ui(ui: &mut Ui, strategy: &mut Strategy) {
    let choices = [
        (Strategy::default(), "Gain minus cost"),
        (Strategy::GainPerParameter, "Gain per parameter"),
        (Strategy::GainPerFlop, "Gain per FLOP"),
        (Strategy::TopK { k: 4 }, "Largest gains"),
        (Strategy::Joint { lambda_parameters: 1e-6, lambda_flops: 0.0 }, "All together"),
    ];
    let same =
        |choice: &Strategy, other: &Strategy| std::mem::discriminant(choice) == std::mem::discriminant(other);
    let shown = choices.iter().find(|(choice, _)| same(choice, strategy)).map_or("", |(_, name)| name);
    ui.horizontal(|ui| {
        ComboBox::from_id_salt("strategy").selected_text(shown).show_ui(ui, |ui| {
            for (choice, name) in choices {
                if ui.selectable_label(same(&choice, strategy), name).clicked() {
                    *strategy = choice;
                }
            }
        });
        match strategy {
            Strategy::Worth { lambda_parameters, lambda_flops }
            | Strategy::Joint { lambda_parameters, lambda_flops } => {
                for (value, unit, speed) in
                    [(lambda_parameters, "a parameter", 1e-7), (lambda_flops, "a FLOP", 1e-10)]
                {
                    ui.add(DragValue::new(value).speed(speed).max_decimals(12));
                    ui.label(unit).on_hover_text("Gain, in nats, that each must earn");
                }
            }
            Strategy::TopK { k } => {
                ui.add(DragValue::new(k).range(0..=1_000).suffix(" changes"));
            }
            Strategy::GainPerParameter | Strategy::GainPerFlop => {}
        }
    });
}

/// A number that may be left out.
pub fn optional_ui<T: egui::emath::Numeric>(ui: &mut Ui, label: egui::Id, value: &mut Option<T>, first: u32) {
    ui.horizontal(|ui| {
        let mut limited = value.is_some();
        if ui.checkbox(&mut limited, "limit").changed() {
            *value = limited.then(|| T::from_f64(f64::from(first)));
        }
        if let Some(value) = value {
            ui.add(DragValue::new(value).speed(10.0)).labelled_by(label);
        }
    });
}
