//! A path asked for: typed, or found with the system's own dialog.

use std::path::PathBuf;

use async_channel::Receiver;
use eframe::egui::{self, RichText, TextEdit};

use crate::app::drawing::tokens::Tokens;
use crate::app::platform;

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A run's folder, to open.
    OpenRun,
    /// A folder for a copy of the run.
    SaveRun,
    /// A folder with CIFAR files.
    DataFolder,
    /// A TOML file, to read.
    LoadSettings,
    /// A TOML file, to write.
    SaveSettings,
    /// A CSV file, to write.
    ExportCsv,
    /// An SVG file, to write.
    ExportSvg,
    /// A PNG file, to write.
    ExportPng,
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Purpose::OpenRun => "Open a run",
            Purpose::SaveRun => "Save a copy of the run",
            Purpose::DataFolder => "Images",
            Purpose::LoadSettings => "Load settings",
            Purpose::SaveSettings => "Save the settings",
            Purpose::ExportCsv => "Export the numbers as CSV",
            Purpose::ExportSvg => "Export the plot as SVG",
            Purpose::ExportPng => "Export the window as PNG",
        }
    }

    fn hint(self) -> &'static str {
        if cfg!(target_arch = "wasm32") {
            return self.hint_in_page();
        }
        match self {
            Purpose::OpenRun => "A folder written by this program or by seedling grow --out",
            Purpose::SaveRun => "A new folder, for the files of the command line's format",
            Purpose::DataFolder => "The folder with the official CIFAR-10 or CIFAR-100 binary files",
            Purpose::LoadSettings => "A TOML file",
            Purpose::SaveSettings => "A TOML file, for this program or seedling grow --config",
            Purpose::ExportCsv | Purpose::ExportSvg | Purpose::ExportPng => {
                "A file; an older one is replaced"
            }
        }
    }

    /// The hint in a page, where files are uploaded and downloaded.
    fn hint_in_page(self) -> &'static str {
        match self {
            Purpose::OpenRun => "Browse for a run downloaded from here or zipped on a disk (.zip)",
            Purpose::SaveRun => "A name: the run is downloaded as a zip file",
            Purpose::DataFolder => "Browse for a zip file of the official CIFAR-10 or CIFAR-100 binary files",
            Purpose::LoadSettings => "Browse for a TOML file",
            Purpose::SaveSettings | Purpose::ExportCsv | Purpose::ExportSvg | Purpose::ExportPng => {
                "A name to download it by"
            }
        }
    }

    /// Which of the system's dialogs finds it.
    pub fn dialog(self) -> platform::Dialog {
        match self {
            Purpose::OpenRun | Purpose::SaveRun | Purpose::DataFolder => platform::Dialog::Folder,
            Purpose::LoadSettings => platform::Dialog::OpenFile("toml"),
            Purpose::SaveSettings => platform::Dialog::SaveFile("seedling.toml"),
            Purpose::ExportCsv => platform::Dialog::SaveFile("numbers.csv"),
            Purpose::ExportSvg => platform::Dialog::SaveFile("plot.svg"),
            Purpose::ExportPng => platform::Dialog::SaveFile("seedling.png"),
        }
    }
}

/// A dialog that asks for a path.
pub struct Ask {
    /// What the path is for.
    pub purpose: Purpose,
    text: String,
    dialog: Option<Receiver<Option<PathBuf>>>,
    /// The field has been given the keyboard.
    ready: bool,
}

impl Ask {
    /// Opens it.
    pub fn new(purpose: Purpose) -> Self {
        Self { purpose, text: String::new(), dialog: None, ready: false }
    }

    /// Draws it. Once it closes, returns the path, or none if it was cancelled.
    pub fn ui(&mut self, context: &egui::Context) -> Option<Option<PathBuf>> {
        if let Some(dialog) = &self.dialog
            && let Ok(answer) = dialog.try_recv()
        {
            self.dialog = None;
            if let Some(path) = answer {
                self.text = path.display().to_string();
                // Enter then takes it.
                self.ready = false;
            }
        }
        let mut closed = None;
        let modal = egui::Modal::new(egui::Id::unique("path")).show(context, |ui| {
            ui.set_width(480.0);
            let tokens = Tokens::of(ui);
            ui.heading(self.purpose.title());
            ui.label(RichText::new(self.purpose.hint()).color(tokens.weak));
            let mut entered = false;
            ui.horizontal(|ui| {
                let edit = TextEdit::singleline(&mut self.text).hint_text("Path").desired_width(360.0);
                let response = ui.add(edit);
                response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
                if !std::mem::replace(&mut self.ready, true) {
                    response.request_focus();
                }
                entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                if ui.add_enabled(self.dialog.is_none(), egui::Button::new("Browse…")).clicked() {
                    self.dialog = Some(platform::ask(self.purpose.dialog(), ui.ctx().clone()));
                }
            });
            ui.horizontal(|ui| {
                let given = !self.text.trim().is_empty();
                let text = RichText::new("OK").color(tokens.on_accent);
                let ok = egui::Button::new(text).fill(tokens.accent).min_size(egui::vec2(80.0, 26.0));
                if (ui.add_enabled(given, ok).clicked() || entered) && given {
                    closed = Some(Some(PathBuf::from(self.text.trim())));
                }
                if ui.button("Cancel").clicked() {
                    closed = Some(None);
                }
            });
        });
        if modal.should_close() && closed.is_none() {
            closed = Some(None);
        }
        closed
    }
}
