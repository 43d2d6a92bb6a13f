//! A field of the setup for each setting of the table, by what the setting may be.

use std::ops::RangeInclusive;

use eframe::egui::{self, Checkbox, ComboBox, DragValue, RichText, TextEdit, Ui};

use crate::app::panels::explain::{estimator_sentence, family_sentence};
use crate::format::{magnitude, thousands};
use crate::lab::Config;
use crate::lab::settings::{Bounds, NONE, Setting, Value};
use crate::morphism::{Family, morph};
use crate::network::{PRESETS, preset};
use crate::words::{say, term};

/// Choices that stand side by side; more are a list to open.
const SIDE_BY_SIDE: usize = 3;

/// A field for `setting`, unless it is a text; `label` is its name before it.
pub fn value_ui(ui: &mut Ui, setting: &Setting, config: &mut Config, label: egui::Id) {
    let unit = match setting.unit {
        "" => String::new(),
        unit => format!(" {}", term(unit, &format!("unit-{unit}"))),
    };
    match &setting.value {
        Value::Whole { range, get, set } => {
            let Some(mut number) = get(config) else { return };
            let field =
                DragValue::new(&mut number).range(range.clone()).clamp_existing_to_range(false).suffix(unit);
            if ui.add(field).labelled_by(label).changed() {
                set(config, number);
            }
        }
        Value::Limit { range, first, get, set } => {
            ui.horizontal(|ui| {
                let mut number = get(config);
                let mut limited = number.is_some();
                let mut changed = ui.checkbox(&mut limited, say!("fields-limit")).changed();
                if changed {
                    number = limited.then_some(*first);
                }
                if let Some(number) = &mut number {
                    let field = DragValue::new(number).range(range.clone()).speed(10.0).suffix(unit);
                    changed |= ui.add(field.clamp_existing_to_range(false)).labelled_by(label).changed();
                }
                if changed {
                    set(config, number);
                }
            });
        }
        Value::Number { step, at, .. } => {
            if let Some(number) = at(config) {
                let field = DragValue::new(number).speed(*step).max_decimals(12).suffix(unit);
                ui.add(field).labelled_by(label);
            }
        }
        Value::Flag { at } => {
            if let Some(flag) = at(config) {
                ui.add(Checkbox::without_text(flag)).labelled_by(label);
            }
        }
        Value::Choice { names, get, set } => {
            let names: Vec<(&str, &str)> = names()
                .into_iter()
                .map(|(name, text)| (name, term(text, &format!("choice-{}-{name}", setting.name))))
                .collect();
            let chosen = get(config);
            let mut picked = None;
            let mut choice = |ui: &mut Ui| {
                for (name, text) in &names {
                    if ui.selectable_label(*name == chosen, *text).clicked() {
                        picked = Some(*name);
                    }
                }
            };
            if names.len() <= SIDE_BY_SIDE {
                ui.horizontal(choice);
            } else {
                let shown = names.iter().find(|(name, _)| *name == chosen).map_or("", |(_, text)| *text);
                let list =
                    ComboBox::from_id_salt(setting.name).selected_text(shown).show_ui(ui, |ui| choice(ui));
                list.response.labelled_by(label);
            }
            if let Some(name) = picked {
                set(config, name);
            }
        }
        Value::Text { .. } => {}
    }
}

/// The seed network: presets to pick, and layers to type.
pub fn preset_ui(ui: &mut Ui, config: &mut Config, label: egui::Id) {
    ui.vertical(|ui| {
        ui.horizontal(|ui| {
            for (name, description) in PRESETS {
                let on = config.preset == name;
                let about = term(description, &format!("preset-{name}"));
                if ui.selectable_label(on, name).on_hover_text(about).clicked() {
                    config.preset = name.into();
                }
            }
        });
        let edit = TextEdit::singleline(&mut config.preset).desired_width(260.0);
        ui.add(edit).labelled_by(label).on_hover_text(say!("fields-layers-hint"));
        if let Ok(architecture) = preset(&config.preset, 10)
            && let Ok(cost) = architecture.cost()
        {
            let text = say!(
                "fields-cost",
                count = architecture.convolutions().count(),
                parameters = thousands(cost.parameters),
                flops = magnitude(cost.flops)
            );
            ui.label(RichText::new(text).small().weak());
        }
    });
}

/// The families of changes, in rows: a grid does not see that a wrapped line has become two.
pub fn families_ui(ui: &mut Ui, config: &mut Config) {
    ui.vertical(|ui| {
        let across = ((ui.available_width() / 118.0) as usize).clamp(2, 6);
        for families in Family::ALL.chunks(across) {
            ui.horizontal(|ui| {
                for &family in families {
                    let mut on = config.families.contains(&family);
                    let name = format!("{} {family}", morph(family).about().mark.glyph());
                    if ui.checkbox(&mut on, name).on_hover_text(family_sentence(family)).changed() {
                        config.families.retain(|other| *other != family);
                        if on {
                            config.families.push(family);
                            config.families.sort_unstable();
                        }
                    }
                }
            });
        }
    });
}

/// The estimator, with its formula.
pub fn estimator_ui(ui: &mut Ui, setting: &Setting, config: &mut Config, label: egui::Id) {
    ui.vertical(|ui| {
        value_ui(ui, setting, config, label);
        ui.label(RichText::new(estimator_sentence(config.learning.estimator)).small().weak());
    });
}

/// What a setting may be, as [`Setting::expected`] says it in English.
pub fn allowed(setting: &Setting) -> String {
    match &setting.value {
        Value::Whole { range, .. } => whole(range),
        Value::Limit { range, .. } => {
            let range = whole(range);
            say!("allowed-limit", range = range, none = NONE)
        }
        Value::Number { bounds: Bounds::Positive, .. } => say!("allowed-positive").to_owned(),
        Value::Number { bounds: Bounds::NotNegative, .. } => say!("allowed-not-negative").to_owned(),
        Value::Number { bounds: Bounds::Share, .. } => say!("allowed-share").to_owned(),
        Value::Flag { .. } => say!("allowed-flag").to_owned(),
        Value::Choice { names, .. } => {
            let names: Vec<&str> = names().iter().map(|(name, _)| *name).collect();
            say!("allowed-choice", names = names.join(", "))
        }
        Value::Text { expected, .. } => match setting.name {
            "preset" => say!("allowed-preset", names = PRESETS.map(|(name, _)| name).join(", ")),
            "network" => say!("allowed-network", none = NONE),
            "data.dir" => say!("allowed-images", none = NONE),
            "data.classes" => say!("allowed-classes", none = NONE),
            "families" => say!("allowed-families", names = Family::ALL.map(Family::name).join(",")),
            "layers" => say!("allowed-layers", none = NONE),
            _ => expected(),
        },
    }
}

fn whole(range: &RangeInclusive<u64>) -> String {
    // As texts: numbers of Fluent are not exact beyond 2⁵³.
    match (range.start().to_string(), *range.end()) {
        (least, u64::MAX) => say!("allowed-whole-from", least = least),
        (least, most) => say!("allowed-whole", least = least, most = most.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, in_language};

    #[test]
    fn what_is_allowed_is_said_as_the_table_says_it_and_in_every_language() {
        for setting in Setting::all() {
            let english = allowed(setting);
            assert_eq!(english, setting.expected(), "{}", setting.name);
            for language in [Language::German, Language::French, Language::Spanish] {
                let found = in_language(language, || allowed(setting));
                assert_ne!(found, english, "{language}: {}", setting.name);
            }
        }
    }
}
