//! A path asked for: typed, or found with the system's own dialog.

use std::path::PathBuf;

use async_channel::Receiver;
use eframe::egui::{self, RichText, TextEdit};

use crate::app::drawing::tokens::Tokens;
use crate::app::platform;
use crate::app::worker::Door;

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A run's folder, to open.
    OpenRun,
    /// A folder for a copy of the run.
    SaveRun,
    /// A folder of images.
    DataFolder,
    /// A saved network, to start from.
    Network,
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
    /// A file or a folder for other software.
    Export(Door),
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Purpose::OpenRun => "Open a run",
            Purpose::SaveRun => "Save a copy of the run",
            Purpose::DataFolder => "Images",
            Purpose::Network => "A network to start from",
            Purpose::LoadSettings => "Load settings",
            Purpose::SaveSettings => "Save the settings",
            Purpose::ExportCsv => "Export the numbers as CSV",
            Purpose::ExportSvg => "Export the plot as SVG",
            Purpose::ExportPng => "Export the window as PNG",
            Purpose::Export(Door::Onnx) => "Export the network as ONNX",
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Torch) => "Export the network for PyTorch",
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::TensorBoard) => "Export the numbers for TensorBoard",
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Parquet) => "Export the candidates as Parquet",
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Hub) => "Export a folder for the Hugging Face Hub",
        }
    }

    fn hint(self) -> &'static str {
        if cfg!(target_arch = "wasm32") {
            return self.hint_in_page();
        }
        match self {
            Purpose::OpenRun => "A folder written by this program or by seedling grow --out",
            Purpose::SaveRun => "A new folder, for the files of the command line's format",
            Purpose::DataFolder => {
                "A folder of CIFAR, MNIST or class folders with pictures, an archive (.tar.gz), a table (.csv)"
            }
            Purpose::Network => "An ONNX file of any program, or a run's .safetensors file",
            Purpose::LoadSettings => "A TOML file",
            Purpose::SaveSettings => "A TOML file, for this program or seedling grow --config",
            Purpose::ExportCsv | Purpose::ExportSvg | Purpose::ExportPng | Purpose::Export(Door::Onnx) => {
                "A file; an older one is replaced"
            }
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Parquet) => "A file; an older one is replaced",
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Torch) => {
                "A folder for model.py and model.safetensors; older ones are replaced"
            }
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::TensorBoard) => {
                "A folder for event files, to be shown by: tensorboard --logdir FOLDER"
            }
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Hub) => {
                "A folder to upload: the network for ONNX and PyTorch, and its card"
            }
        }
    }

    /// The hint in a page, where files are uploaded and downloaded.
    fn hint_in_page(self) -> &'static str {
        match self {
            Purpose::OpenRun => "Browse for a run downloaded from here or zipped on a disk (.zip)",
            Purpose::SaveRun => "A name: the run is downloaded as a zip file",
            Purpose::DataFolder => {
                "Browse for a zip file of class folders with pictures, of CIFAR's or MNIST's files, of a table"
            }
            Purpose::Network => "Browse for an ONNX file of any program, or a run's .safetensors file",
            Purpose::LoadSettings => "Browse for a TOML file",
            Purpose::SaveSettings
            | Purpose::ExportCsv
            | Purpose::ExportSvg
            | Purpose::ExportPng
            | Purpose::Export(_) => "A name to download it by",
        }
    }

    /// Which of the system's dialogs finds it.
    pub fn dialog(self) -> platform::Dialog {
        match self {
            Purpose::OpenRun | Purpose::SaveRun | Purpose::DataFolder => platform::Dialog::Folder,
            Purpose::LoadSettings => platform::Dialog::OpenFile(&["toml"]),
            Purpose::Network => platform::Dialog::OpenFile(&["onnx", "safetensors"]),
            Purpose::SaveSettings => platform::Dialog::SaveFile("seedling.toml"),
            Purpose::ExportCsv => platform::Dialog::SaveFile("numbers.csv"),
            Purpose::ExportSvg => platform::Dialog::SaveFile("plot.svg"),
            Purpose::ExportPng => platform::Dialog::SaveFile("seedling.png"),
            Purpose::Export(Door::Onnx) => platform::Dialog::SaveFile("model.onnx"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Parquet) => platform::Dialog::SaveFile("candidates.parquet"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Torch | Door::TensorBoard | Door::Hub) => platform::Dialog::Folder,
        }
    }
}

/// A dialog that asks for a path.
pub struct Ask {
    /// What the path is for.
    pub purpose: Purpose,
    text: String,
    dialog: Option<Receiver<Option<Result<PathBuf, String>>>>,
    /// What was picked and cannot be taken.
    complaint: Option<String>,
    /// The field has been given the keyboard.
    ready: bool,
}

impl Ask {
    /// Opens it.
    pub fn new(purpose: Purpose) -> Self {
        Self { purpose, text: String::new(), dialog: None, complaint: None, ready: false }
    }

    /// Draws it. Once it closes, returns the path, or none if it was cancelled.
    pub fn ui(&mut self, context: &egui::Context) -> Option<Option<PathBuf>> {
        if let Some(dialog) = &self.dialog
            && let Ok(answer) = dialog.try_recv()
        {
            self.dialog = None;
            match answer {
                Some(Ok(path)) => {
                    (self.text, self.complaint) = (path.display().to_string(), None);
                    // Enter then takes it.
                    self.ready = false;
                }
                Some(Err(why)) => self.complaint = Some(why),
                None => {}
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
            if let Some(why) = &self.complaint {
                ui.colored_label(tokens.alarm, why);
            }
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
