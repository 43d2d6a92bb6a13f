//! The setup of a new run: every setting with its range, its reason, and what is wrong with it.

use std::path::PathBuf;

use eframe::egui::{self, Align2, ComboBox, DragValue, RichText, TextEdit, Ui};

use super::strategy::{optional_ui, strategy_ui};
use crate::app::drawing::tokens::Tokens;
use crate::app::panels::cloud::marker;
use crate::app::panels::explain::{estimator_sentence, family_sentence};
use crate::engine::{Rule, Schedule};
use crate::estimate::Estimator;
use crate::lab::{Config, ConfigError, EngineChoice, Measure};
use crate::morphism::Family;
use crate::network::{PRESETS, preset};

/// What the setup was closed with.
pub enum Closed {
    /// Nothing.
    Cancelled,
    /// These settings.
    Done(Box<Config>, EngineChoice),
}

/// What settings are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// A run to begin.
    NewRun,
    /// So manyth configuration of a race.
    Entrant(usize),
}

/// What the setup asks of the system's file dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A folder with CIFAR files.
    DataFolder,
    /// A TOML file to read.
    Settings,
    /// A place to write the settings to.
    SaveSettings,
}

/// The settings being edited.
pub struct Setup {
    /// What they are for.
    pub of: For,
    /// As they are now.
    pub config: Config,
    /// What is to compute.
    pub engine: EngineChoice,
    /// Classes as typed.
    classes: String,
    /// A file of settings that could not be read.
    pub complaint: Option<String>,
}

impl Setup {
    /// Starts from settings.
    pub fn new(of: For, config: Config, engine: EngineChoice) -> Self {
        let mut setup =
            Self { of, config: Config::default(), engine, classes: String::new(), complaint: None };
        setup.take(config);
        setup
    }

    /// Takes other settings.
    pub fn take(&mut self, config: Config) {
        let numbers = config.data.classes.iter().flatten().map(ToString::to_string);
        self.classes = numbers.collect::<Vec<_>>().join(", ");
        self.config = config;
        self.complaint = None;
    }

    /// Takes a folder of images.
    pub fn take_folder(&mut self, folder: PathBuf) {
        self.config.data.dir = Some(folder);
    }

    /// Draws it; how it was closed, and what it wants from the system.
    pub fn ui(&mut self, context: &egui::Context) -> (Option<Closed>, Option<Wanted>) {
        let mut closed = None;
        let mut wanted = None;
        let height = context.content_rect().height();
        let frame = egui::Frame::window(&context.global_style());
        let area =
            egui::Modal::default_area(egui::Id::unique("setup")).anchor(Align2::CENTER_CENTER, [0.0, 0.0]);
        let modal = egui::Modal::new(egui::Id::unique("setup")).frame(frame).area(area).show(context, |ui| {
            ui.set_width(700.0_f32.min(context.content_rect().width() - 40.0));
            let (heading, hint, done) = match self.of {
                For::NewRun => (
                    "New run",
                    "The defaults are a good start: three minutes on two cores. Point at a name to see why.",
                    "Begin",
                ),
                For::Entrant(_) => (
                    "Settings of a configuration",
                    "Change one thing, so that the race tells what it is worth. Its seed is the race's.",
                    "Keep",
                ),
            };
            ui.heading(heading);
            ui.label(RichText::new(hint).weak());
            ui.separator();
            let error = self.error();
            egui::ScrollArea::vertical().max_height(height - 200.0).show(ui, |ui| {
                self.fields_ui(ui, error.as_ref(), &mut wanted);
            });
            ui.separator();
            if let Some(text) = self.complaint.clone().or(error.as_ref().map(|(_, text)| text.clone())) {
                ui.colored_label(Tokens::of(ui).alarm, text);
            }
            ui.horizontal(|ui| {
                let tokens = Tokens::of(ui);
                let text = RichText::new(done).color(tokens.on_accent);
                let begin = egui::Button::new(text).fill(tokens.accent).min_size(egui::vec2(90.0, 28.0));
                let clicked = ui.add_enabled(error.is_none(), begin).on_hover_text("Enter").clicked();
                // Enter in a field ends its editing.
                let idle = ui.memory(|memory| memory.focused().is_none());
                let entered =
                    idle && error.is_none() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                if clicked || entered {
                    closed = Some(Closed::Done(Box::new(self.config.clone()), self.engine));
                }
                if ui.button("Cancel").clicked() {
                    closed = Some(Closed::Cancelled);
                }
                ui.separator();
                if ui.button("Defaults").clicked() {
                    self.take(Config::default());
                }
                if ui.button("Load settings…").clicked() {
                    wanted = Some(Wanted::Settings);
                }
                if ui.button("Save settings…").clicked() {
                    wanted = Some(Wanted::SaveSettings);
                }
            });
        });
        if modal.should_close() && closed.is_none() {
            closed = Some(Closed::Cancelled);
        }
        (closed, wanted)
    }

    /// The field that is wrong, and what is wrong with it.
    fn error(&self) -> Option<(String, String)> {
        if let Err(error) = parse_classes(&self.classes) {
            return Some(("data.classes".into(), error));
        }
        match self.config.check() {
            Err(error) => {
                let text = error.beside();
                let field = if let ConfigError::Value { field, .. } = error { field } else { String::new() };
                Some((field, text))
            }
            Ok(()) => None,
        }
    }

    fn fields_ui(&mut self, ui: &mut Ui, error: Option<&(String, String)>, wanted: &mut Option<Wanted>) {
        let tokens = Tokens::of(ui);
        let wrong = move |field: &str| error.is_some_and(|(other, _)| other.starts_with(field));
        // The name of a field, marked if it is wrong, with the reason for its default.
        let name = move |ui: &mut Ui, field: &str, text: &str, why: &str| {
            let label = RichText::new(text);
            let label = if wrong(field) { label.color(tokens.alarm).strong() } else { label };
            ui.label(label).on_hover_text(why).id
        };
        let section = |ui: &mut Ui, text: &str| {
            ui.add_space(6.0);
            ui.label(RichText::new(text).strong().color(tokens.accent));
        };
        section(ui, "Seed network and images");
        egui::Grid::new("network").num_columns(2).min_col_width(150.0).show(ui, |ui| {
            let id = name(ui, "preset", "Seed network", "Small, so that growing it shows something");
            self.preset_ui(ui, id);
            ui.end_row();
            let id =
                name(ui, "seed", "Seed", "Names every random choice: the same number gives the same run");
            ui.add(DragValue::new(&mut self.config.seed)).labelled_by(id);
            ui.end_row();
            name(ui, "data.dir", "Images", "CIFAR-10 or CIFAR-100 in the official binary layout");
            ui.horizontal(|ui| {
                let shown = match &self.config.data.dir {
                    Some(folder) => folder.display().to_string(),
                    None => "Built in: 2,000 and 1,000 images of CIFAR-10".into(),
                };
                ui.label(shown);
                if ui.button("Folder…").clicked() {
                    *wanted = Some(Wanted::DataFolder);
                }
                if self.config.data.dir.is_some() && ui.button("Built in").clicked() {
                    self.config.data.dir = None;
                }
            });
            ui.end_row();
            let id = name(
                ui,
                "data.classes",
                "Classes",
                "Numbers of the classes to keep; fewer are easier to tell apart",
            );
            let edit =
                TextEdit::singleline(&mut self.classes).hint_text("all, or 0, 1, 2").desired_width(200.0);
            if ui.add(edit).labelled_by(id).changed()
                && let Ok(classes) = parse_classes(&self.classes)
            {
                self.config.data.classes = classes;
            }
            ui.end_row();
            let id = name(ui, "data.train", "Images to train on", "All there are, if not limited");
            optional_ui(ui, id, &mut self.config.data.train, 1_000);
            ui.end_row();
            let id = name(
                ui,
                "data.held-out",
                "Images held out",
                "Every gain is reported on these: more make surer numbers",
            );
            optional_ui(ui, id, &mut self.config.data.held_out, 500);
            ui.end_row();
            name(ui, "engine", "Engine", "Auto takes what a short measurement finds faster");
            ui.horizontal(|ui| {
                for (choice, text) in [
                    (EngineChoice::Auto, "Auto"),
                    (EngineChoice::WebGpu, "WebGPU"),
                    (EngineChoice::Candle, "Candle (processor)"),
                ] {
                    ui.selectable_value(&mut self.engine, choice, text);
                }
            });
            ui.end_row();
        });
        section(ui, "Method");
        egui::Grid::new("method").num_columns(2).min_col_width(150.0).show(ui, |ui| {
            let id = name(ui, "rounds", "Growth rounds", "Each trains, then grows; a last training follows");
            ui.add(DragValue::new(&mut self.config.rounds).range(0..=99)).labelled_by(id);
            ui.end_row();
            name(ui, "families", "Families of changes", "What may be done to the network");
            // In rows of their own: a grid does not see that a wrapped line has become two.
            ui.vertical(|ui| {
                for families in Family::ALL.chunks(6) {
                    ui.horizontal(|ui| self.families_ui(ui, families));
                }
            });
            ui.end_row();
            name(
                ui,
                "learning.estimator",
                "Estimator",
                "Changes are learned and chosen by it; sampled costs two passes, whatever the classes",
            );
            self.estimator_ui(ui);
            ui.end_row();
            name(
                ui,
                "measure",
                "Actual gains of",
                "Measuring all shows whether the formula is right; it costs most",
            );
            ui.horizontal(|ui| {
                for (measure, text) in
                    [(Measure::All, "all"), (Measure::Chosen, "the chosen"), (Measure::None, "none")]
                {
                    ui.selectable_value(&mut self.config.measure, measure, text);
                }
            });
            ui.end_row();
            name(ui, "strategy", "Choose by", "What makes a change worth making");
            strategy_ui(ui, &mut self.config.strategy);
            ui.end_row();
            let id = name(
                ui,
                "confirm",
                "Confirm choices",
                "Gains do not simply add: each choice is tried on top of those before it",
            );
            ui.checkbox(&mut self.config.confirm, "try each choice before it is kept").labelled_by(id);
            ui.end_row();
            let id = name(ui, "budget", "At most", "What a round may spend");
            ui.horizontal(|ui| {
                ui.add(
                    DragValue::new(&mut self.config.budget.max_candidates)
                        .range(1..=1_000)
                        .suffix(" changes"),
                );
                optional_ui(ui, id, &mut self.config.budget.max_parameters, 10_000);
                ui.label("parameters");
                optional_ui(ui, id, &mut self.config.budget.max_flops, 10_000_000);
                ui.label("FLOP an image");
            });
            ui.end_row();
        });
        section(ui, "Training");
        let training = &mut self.config.training;
        egui::Grid::new("training").num_columns(2).min_col_width(150.0).show(ui, |ui| {
            let id = name(
                ui,
                "training.epochs",
                "Epochs a phase",
                "Passes over the training images before each growth",
            );
            ui.add(DragValue::new(&mut training.epochs).range(0..=10_000)).labelled_by(id);
            ui.end_row();
            let id = name(
                ui,
                "training.batch",
                "Images a step",
                "64 is small enough to learn fast, large enough to compute fast",
            );
            ui.add(DragValue::new(&mut training.batch).range(0..=4_096)).labelled_by(id);
            ui.end_row();
            let id = name(
                ui,
                "training.optimizer.learning-rate",
                "Learning rate",
                "Too large diverges; too small learns nothing in this time",
            );
            ui.add(DragValue::new(&mut training.optimizer.learning_rate).speed(0.001).max_decimals(5))
                .labelled_by(id);
            ui.end_row();
            name(
                ui,
                "training.optimizer.rule",
                "Optimiser",
                "SGD with momentum is enough for networks this small",
            );
            ui.horizontal(|ui| {
                ui.selectable_value(&mut training.optimizer.rule, Rule::Sgd, "SGD with momentum");
                ui.selectable_value(&mut training.optimizer.rule, Rule::Adamw, "AdamW");
            });
            ui.end_row();
            let id = name(ui, "training.optimizer.momentum", "Momentum", "AdamW: its β₁");
            ui.add(DragValue::new(&mut training.optimizer.momentum).speed(0.01).max_decimals(4))
                .labelled_by(id);
            ui.end_row();
            let id = name(
                ui,
                "training.optimizer.weight-decay",
                "Weight decay",
                "Strong, for few images: it keeps single channels from carrying the whole network",
            );
            ui.add(DragValue::new(&mut training.optimizer.weight_decay).speed(0.0005).max_decimals(6))
                .labelled_by(id);
            ui.end_row();
            name(ui, "training.optimizer.schedule", "Schedule", "How the learning rate falls during a phase");
            ui.horizontal(|ui| {
                let schedule = &mut training.optimizer.schedule;
                for (choice, text) in [
                    (Schedule::Cosine { floor: 0.05 }, "Cosine"),
                    (Schedule::Constant, "Constant"),
                    (Schedule::Step { every: 0.5, factor: 0.1 }, "Steps"),
                ] {
                    let on = std::mem::discriminant(&choice) == std::mem::discriminant(schedule);
                    if ui.selectable_label(on, text).clicked() && !on {
                        *schedule = choice;
                    }
                }
            });
            ui.end_row();
            let id = name(ui, "training.augment", "Flip and shift images", "Makes more of few images");
            ui.checkbox(&mut training.augment, "while training").labelled_by(id);
            ui.end_row();
        });
        section(ui, "Learning the changes");
        let learning = &mut self.config.learning;
        egui::Grid::new("learning").num_columns(2).min_col_width(150.0).show(ui, |ui| {
            let id = name(ui, "learning.steps", "Steps", "Adam steps on every change at once");
            ui.add(DragValue::new(&mut learning.steps).range(0..=100_000)).labelled_by(id);
            ui.end_row();
            let id = name(ui, "learning.batch", "Images a step", "Large, because the curvature is noisy");
            ui.add(DragValue::new(&mut learning.batch).range(0..=4_096)).labelled_by(id);
            ui.end_row();
            let id = name(ui, "learning.learning-rate", "Learning rate", "Of Adam");
            ui.add(DragValue::new(&mut learning.learning_rate).speed(0.0005).max_decimals(6)).labelled_by(id);
            ui.end_row();
        });
    }

    fn preset_ui(&mut self, ui: &mut Ui, label: egui::Id) {
        ui.vertical(|ui| {
            ui.horizontal(|ui| {
                for (name, description) in PRESETS {
                    let on = self.config.preset == name;
                    if ui.selectable_label(on, name).on_hover_text(description).clicked() {
                        self.config.preset = name.into();
                    }
                }
            });
            let edit = TextEdit::singleline(&mut self.config.preset).desired_width(260.0);
            ui.add(edit).labelled_by(label).on_hover_text(
                "Or layers of your own: channels of each convolution, M and A for pools, as in 8-8-M-16",
            );
            if let Ok(architecture) = preset(&self.config.preset, 10)
                && let Ok(cost) = architecture.cost()
            {
                let text = format!(
                    "{} convolutions, {} parameters, {}FLOP an image",
                    architecture.convolutions().count(),
                    crate::format::thousands(cost.parameters),
                    crate::format::magnitude(cost.flops)
                );
                ui.label(RichText::new(text).small().weak());
            }
        });
    }

    fn families_ui(&mut self, ui: &mut Ui, families: &[Family]) {
        for &family in families {
            let mut on = self.config.families.contains(&family);
            let name = format!("{} {family}", marker(family).1);
            if ui.checkbox(&mut on, name).on_hover_text(family_sentence(family)).changed() {
                self.config.families.retain(|other| *other != family);
                if on {
                    self.config.families.push(family);
                    self.config.families.sort();
                }
            }
        }
    }

    fn estimator_ui(&mut self, ui: &mut Ui) {
        let chosen = &mut self.config.learning.estimator;
        ui.vertical(|ui| {
            ComboBox::from_id_salt("setup estimator").selected_text(chosen.name()).show_ui(ui, |ui| {
                for estimator in Estimator::ALL {
                    ui.selectable_value(chosen, estimator, estimator.name());
                }
            });
            ui.label(RichText::new(estimator_sentence(*chosen)).small().weak());
        });
    }
}

/// Numbers of classes; none for all.
fn parse_classes(text: &str) -> Result<Option<Vec<u8>>, String> {
    let parts = text.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty());
    let classes = parts
        .map(|part| {
            part.parse()
                .map_err(|_| format!("data.classes: found \"{part}\", expected numbers such as 0, 1, 2"))
        })
        .collect::<Result<Vec<u8>, String>>()?;
    Ok(Some(classes).filter(|classes| !classes.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_as_typed() {
        assert_eq!(parse_classes(" "), Ok(None));
        assert_eq!(parse_classes("0, 3,5 7"), Ok(Some(vec![0, 3, 5, 7])));
        let message = parse_classes("0, cats").unwrap_err();
        assert!(message.contains("\"cats\"") && message.contains("0, 1, 2"), "{message}");
    }

    #[test]
    fn what_is_wrong_names_its_field() {
        let mut setup = Setup::new(For::NewRun, Config::default(), EngineChoice::Auto);
        assert_eq!(setup.error(), None);
        setup.config.training.batch = 0;
        let (field, text) = setup.error().unwrap();
        assert_eq!(field, "training.batch");
        assert!(text.contains("found 0"), "{text}");
    }
}
