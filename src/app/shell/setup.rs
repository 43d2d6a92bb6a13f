//! The setup of a new run: every setting with its range, its reason, and what is wrong with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use eframe::egui::{self, Align, Align2, Layout, RichText, TextEdit, Ui};

use super::classes::Classes;
use super::fields::{allowed, estimator_ui, families_ui, preset_ui, value_ui};
use crate::app::drawing::tokens::Tokens;
use crate::data::{DataConfig, Seen};
use crate::lab::settings::{NONE, Section, Setting};
use crate::lab::{Config, ConfigError, EngineChoice};
use crate::words::{say, term};

/// Settings that are typed as lists; an empty text stands for all.
const TYPED: [&str; 2] = ["data.classes", "layers"];

/// Settings of a saved network, which are seen as soon as there is one.
const OF_SAVED: [&str; 2] = ["network", "inherit"];
/// Settings that most people choose; all others are one step away.
const BASIC: [&str; 6] = ["preset", "seed", "data.dir", "data.classes", "rounds", "training.epochs"];
/// Height of everything around the settings; in a narrow window, where lines break; and in a low one, where only what is
/// needed is there.
const AROUND: [f32; 3] = [226.0, 310.0, 176.0];
/// Height of the messages below them, and in a low window.
const MESSAGES: [f32; 2] = [42.0, 18.0];
/// In a window that is lower than this, the setup leaves out its hint.
const LOW: f32 = 480.0;
/// Classes that are named where images are taken.
const NAMED: usize = 4;
/// Letters of a path that are shown.
const SHOWN: usize = 48;

/// What a field may need besides its setting.
struct Others<'a> {
    wanted: &'a mut Option<Wanted>,
    /// Draws what there is to choose of images by name.
    named: &'a mut dyn FnMut(&mut Ui),
}

/// How the setup was closed.
pub enum Closed {
    /// Without a change.
    Cancelled,
    /// With these settings and this engine.
    Done(Box<Config>, EngineChoice),
}

/// What settings are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// A run to begin.
    NewRun,
    /// The race entrant at this index.
    Entrant(usize),
}

/// A path that the setup needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A folder of images.
    DataFolder,
    /// A saved network.
    Network,
    /// A TOML file to read.
    Settings,
    /// A place to write the settings to.
    SaveSettings,
}

/// The settings being edited.
pub struct Setup {
    /// What the settings are for.
    pub of: For,
    /// The settings as they are now.
    pub config: Config,
    /// The engine asked for.
    pub engine: EngineChoice,
    /// What is typed for the settings of [`TYPED`], by their names.
    typed: BTreeMap<&'static str, String>,
    /// Something that could not be taken.
    pub complaint: Option<String>,
    /// What was taken last.
    note: Option<String>,
    /// Whether every setting is shown.
    all: bool,
    /// The settings that it was opened with.
    opened: Config,
    /// The classes of the images.
    classes: Classes,
}

impl Setup {
    /// Opens it with these settings.
    pub fn new(of: For, config: Config, engine: EngineChoice) -> Self {
        let mut setup = Self {
            of,
            config: Config::default(),
            engine,
            typed: BTreeMap::new(),
            complaint: None,
            note: None,
            all: of != For::NewRun,
            opened: config.clone(),
            classes: Classes::default(),
        };
        setup.take(config);
        setup
    }

    /// Whether something was changed since it was opened.
    pub fn is_changed(&self) -> bool {
        self.config != self.opened || self.error().is_some()
    }

    /// Replaces the settings.
    pub fn take(&mut self, config: Config) {
        let text = |name| config.get(name).ok().flatten().filter(|text| text != NONE);
        self.typed = TYPED.map(|name| (name, text(name).unwrap_or_default().replace(',', ", "))).into();
        self.config = config;
        (self.complaint, self.note) = (None, None);
    }

    /// Replaces the images, and returns what to say of it. How many, and which classes, was chosen for the others.
    pub fn take_images(&mut self, seen: Seen) -> String {
        let Seen { place, set, class_names } = seen;
        let names = class_names[..class_names.len().min(NAMED)].join(", ");
        let more = if class_names.len() > NAMED { ", …" } else { "" };
        let names = format!("{names}{more}");
        let note = say!("setup-taken-images", set = set, count = class_names.len(), names = names);
        let mut config = self.config.clone();
        config.data = DataConfig { dir: Some(place), ..DataConfig::default() };
        self.take(config);
        self.note = Some(note.clone());
        note
    }

    /// Replaces the network to start from, which `about` describes, and returns what to say of it.
    pub fn take_network(&mut self, path: PathBuf, about: &str) -> String {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.config.network = Some(path);
        let note = say!("setup-taken-network", name = name, about = about);
        (self.complaint, self.note) = (None, Some(note.clone()));
        note
    }

    /// Draws it, and returns how it was closed and the path that it needs. `typing` says whether a text had the keyboard:
    /// Escape then only ends that.
    /// `named` draws what there is to choose of images by name.
    pub fn ui(
        &mut self,
        context: &egui::Context,
        typing: bool,
        mut named: impl FnMut(&mut Ui),
    ) -> (Option<Closed>, Option<Wanted>) {
        let mut closed = None;
        let mut wanted = None;
        let ends_typing = typing && context.input(|input| input.key_pressed(egui::Key::Escape));
        let height = context.content_rect().height();
        let frame = egui::Frame::window(&context.global_style());
        let area =
            egui::Modal::default_area(egui::Id::unique("setup")).anchor(Align2::CENTER_CENTER, [0.0, 0.0]);
        let modal = egui::Modal::new(egui::Id::unique("setup")).frame(frame).area(area).show(context, |ui| {
            ui.set_width(700.0_f32.min(context.content_rect().width() - 40.0));
            let (heading, hint, done) = match self.of {
                For::NewRun => (say!("setup-new-run"), say!("setup-new-run-about"), say!("setup-begin")),
                For::Entrant(_) => (say!("setup-entrant"), say!("setup-entrant-about"), say!("setup-keep")),
            };
            self.classes.follow(&self.config.data, context);
            ui.horizontal(|ui| {
                ui.heading(heading);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    for (all, text, hint) in [
                        (true, say!("setup-all"), say!("setup-all-hint")),
                        (false, say!("setup-basic"), say!("setup-basic-hint")),
                    ] {
                        ui.selectable_value(&mut self.all, all, text).on_hover_text(hint);
                    }
                });
            });
            if height >= LOW {
                ui.label(RichText::new(hint).weak());
            }
            ui.separator();
            let error = self.error();
            // What is wrong must be seen.
            self.all |= error.as_ref().is_some_and(|(field, _)| !self.is_basic(field));
            // The dialog keeps its height, whatever is shown in it.
            let around = match (height < LOW, ui.available_width() < 600.0) {
                (true, _) => AROUND[2],
                (false, true) => AROUND[1],
                (false, false) => AROUND[0],
            };
            let settings =
                egui::ScrollArea::both().auto_shrink(false).max_height((height - around).max(90.0));
            settings.show(ui, |ui| {
                let mut others = Others { wanted: &mut wanted, named: &mut named };
                self.fields_ui(ui, error.as_ref(), &mut others);
            });
            ui.separator();
            ui.vertical(|ui| {
                ui.set_min_height(MESSAGES[usize::from(height < LOW)]);
                if let Some(note) = &self.note {
                    ui.colored_label(Tokens::of(ui).accent, note);
                }
                if let Some(text) = self.complaint.clone().or(error.as_ref().map(|(_, text)| text.clone())) {
                    ui.colored_label(Tokens::of(ui).alarm, text);
                }
            });
            ui.horizontal_wrapped(|ui| {
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
                if ui.button(say!("setup-cancel")).clicked() {
                    closed = Some(Closed::Cancelled);
                }
                ui.separator();
                if ui.button(say!("setup-defaults")).clicked() {
                    self.take(Config::default());
                }
                if ui.button(say!("setup-load")).clicked() {
                    wanted = Some(Wanted::Settings);
                }
                if ui.button(say!("setup-save")).clicked() {
                    wanted = Some(Wanted::SaveSettings);
                }
            });
        });
        if modal.should_close() && !ends_typing && closed.is_none() {
            closed = Some(Closed::Cancelled);
        }
        (closed, wanted)
    }

    /// Whether a setting is among those that are always shown.
    fn is_basic(&self, name: &str) -> bool {
        BASIC.contains(&name) || (self.config.network.is_some() && OF_SAVED.contains(&name))
    }

    /// The first setting that is wrong, by its name, and what is wrong with it.
    fn error(&self) -> Option<(String, String)> {
        // What could not be taken is only typed, not set.
        let typed =
            self.typed.iter().try_for_each(|(name, text)| self.config.clone().set(name, filled(text)));
        let classes = self.typed.get("data.classes").and_then(|text| self.classes.error(text));
        let Err(error) = typed.and_then(|()| self.config.check()) else {
            return classes.map(|text| ("data.classes".to_owned(), text));
        };
        let text = beside(&error);
        let field = if let ConfigError::Value { field, .. } = error { field } else { String::new() };
        Some((field, text))
    }

    /// The settings of the table, group by group. Those that most people leave as they are fold away.
    fn fields_ui(&mut self, ui: &mut Ui, error: Option<&(String, String)>, others: &mut Others<'_>) {
        let saved = self.config.network.is_some();
        let folded = |setting: &Setting| setting.advanced && !(saved && OF_SAVED.contains(&setting.name));
        let wrong = |setting: &Setting| {
            error.filter(|(field, _)| field == setting.name).map(|(_, text)| text.clone())
        };
        if !self.all {
            let all = Section::ALL.into_iter().flat_map(|section| section.settings());
            let basic: Vec<&Setting> = all.filter(|setting| self.is_basic(setting.name)).collect();
            return self.grid_ui(ui, basic.into_iter(), &wrong, others);
        }
        for section in Section::ALL {
            ui.add_space(6.0);
            let title = term(section.title(), &format!("section-{section:?}"));
            ui.label(RichText::new(title).strong().color(Tokens::of(ui).accent));
            let of_section = || section.settings().iter();
            self.grid_ui(ui, of_section().filter(|setting| !folded(setting)), &wrong, others);
            let mut rest = of_section().filter(|setting| folded(setting)).peekable();
            if rest.peek().is_some() {
                // What is wrong must be seen.
                let open = of_section().any(|setting| folded(setting) && wrong(setting).is_some());
                let open = open.then_some(true);
                let more = egui::CollapsingHeader::new(say!("setup-more"));
                let more = more.id_salt(section.title()).open(open);
                more.show(ui, |ui| self.grid_ui(ui, rest, &wrong, others));
            }
        }
    }

    fn grid_ui(
        &mut self,
        ui: &mut Ui,
        settings: impl Iterator<Item = &'static Setting>,
        wrong: &dyn Fn(&Setting) -> Option<String>,
        others: &mut Others<'_>,
    ) {
        let alarm = Tokens::of(ui).alarm;
        let mut settings = settings.peekable();
        let Some(first) = settings.peek() else { return };
        let of_engine = first.name == Section::Start.settings()[0].name;
        let names = if ui.available_width() < 420.0 { 90.0 } else { 160.0 };
        egui::Grid::new((first.name, self.all)).num_columns(2).min_col_width(names).show(ui, |ui| {
            for setting in settings {
                if !setting.applies(&self.config) {
                    continue;
                }
                let label = RichText::new(term(setting.label, &format!("setting-{}", setting.name)));
                let wrong = wrong(setting);
                let label = if wrong.is_some() { label.color(alarm).strong() } else { label };
                let about = term(setting.why, &format!("setting-{}-about", setting.name));
                let why = format!("{about}\n{}: {}", setting.name, allowed(setting));
                let id = ui.label(label).on_hover_text(why).id;
                ui.vertical(|ui| {
                    self.field_ui(ui, setting, id, others);
                    if let Some((_, why)) = wrong.as_ref().and_then(|text| text.split_once(": ")) {
                        ui.label(RichText::new(why).small().color(alarm));
                    }
                });
                ui.end_row();
            }
            if of_engine {
                ui.label(say!("setup-engine")).on_hover_text(say!("setup-engine-hint"));
                self.engine_ui(ui);
                ui.end_row();
            }
        });
    }

    fn field_ui(&mut self, ui: &mut Ui, setting: &Setting, label: egui::Id, others: &mut Others<'_>) {
        match setting.name {
            "preset" => preset_ui(ui, &mut self.config, label),
            "families" => families_ui(ui, &mut self.config),
            "learning.estimator" => estimator_ui(ui, setting, &mut self.config, label),
            "network" => self.network_ui(ui, others.wanted),
            "data.dir" => self.folder_ui(ui, others),
            name => match self.typed.get_mut(name) {
                Some(text) => {
                    let picked = name == "data.classes" && self.classes.ui(ui, text);
                    // Of its own name: a field is focused by it, whatever stands before it.
                    let edit = TextEdit::singleline(text).id_salt(name).hint_text(say!("setup-without"));
                    let edit = edit.desired_width(200.0);
                    if ui.add(edit).labelled_by(label).changed() || picked {
                        // What is wrong with it is said below.
                        let _ = setting.set(&mut self.config, filled(text));
                    }
                }
                None => value_ui(ui, setting, &mut self.config, label),
            },
        }
    }

    fn folder_ui(&mut self, ui: &mut Ui, others: &mut Others<'_>) {
        ui.vertical(|ui| {
            match &self.config.data.dir {
                Some(place) => path_ui(ui, place),
                None => drop(ui.label(say!("setup-built-in-about"))),
            }
            ui.horizontal(|ui| {
                if ui.button(say!("setup-folder")).on_hover_text(say!("setup-folder-hint")).clicked() {
                    *others.wanted = Some(Wanted::DataFolder);
                }
                (others.named)(ui);
                if self.config.data.dir.is_some() && ui.button(say!("setup-built-in")).clicked() {
                    self.config.data.dir = None;
                    self.note = None;
                }
            });
        });
    }

    fn network_ui(&mut self, ui: &mut Ui, wanted: &mut Option<Wanted>) {
        ui.horizontal(|ui| {
            if let Some(path) = &self.config.network {
                path_ui(ui, path);
            }
            if ui.button(say!("setup-network")).on_hover_text(say!("setup-network-hint")).clicked() {
                *wanted = Some(Wanted::Network);
            }
            if self.config.network.is_some() && ui.button(say!("setup-no-network")).clicked() {
                self.config.network = None;
                self.note = None;
            }
        });
    }

    fn engine_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            for (choice, text) in [
                (EngineChoice::Auto, say!("setup-engine-auto")),
                (EngineChoice::WebGpu, "WebGPU"),
                (EngineChoice::Candle, say!("setup-engine-candle")),
            ] {
                ui.selectable_value(&mut self.engine, choice, text);
            }
        });
    }
}

/// The end of a path, which tells most; all of it under the pointer.
fn path_ui(ui: &mut Ui, path: &Path) {
    let whole = path.display().to_string();
    let letters = whole.chars().count();
    let end: String = whole.chars().skip(letters.saturating_sub(SHOWN)).collect();
    let text = if letters > SHOWN { format!("…{end}") } else { end };
    ui.label(text).on_hover_text(whole);
}

/// What is wrong, as [`ConfigError::beside`] says it in English. What does not come from the table stays so.
fn beside(error: &ConfigError) -> String {
    let ConfigError::Value { field, found, expected } = error else { return error.beside() };
    let setting = Setting::named(field).ok().filter(|setting| setting.expected() == *expected);
    let expected = setting.map_or_else(|| expected.clone(), allowed);
    format!("{field}: {}", say!("setup-found", found = found, expected = expected))
}

/// What an empty text stands for.
fn filled(text: &str) -> &str {
    if text.trim().is_empty() { NONE } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_as_typed() {
        let mut setup = Setup::new(For::NewRun, Config::default(), EngineChoice::Auto);
        for (text, classes) in [(" ", None), ("0, 3,5 7", Some("0,3,5,7")), ("cat, Dog", Some("cat,Dog"))] {
            let mut config = Config::default();
            config.set("data.classes", filled(text)).unwrap();
            assert_eq!(config.get("data.classes").unwrap().as_deref(), classes.or(Some(NONE)));
            let setup = Setup::new(For::NewRun, config, EngineChoice::Auto);
            assert_eq!(setup.error(), None);
        }
        setup.config.set("data.classes", "0, cats").unwrap();
        let (field, message) = setup.error().unwrap();
        assert_eq!(field, "data.classes");
        assert!(message.contains("cats") && message.contains("3 cat, 4 deer"), "{message}");
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
