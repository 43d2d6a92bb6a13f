//! A path asked for: typed, or found with the system's own dialog.

use std::path::{Path, PathBuf};

use async_channel::Receiver;
use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{self, RichText, TextEdit};

use crate::app::drawing::tokens::Tokens;
use crate::app::platform;
use crate::app::worker::Door;
use crate::files::{resolve, with_ending};
use crate::words::say;

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
    /// A PNG file for the card of a lesson.
    CardPng,
    /// A text file for what was answered in a lesson.
    CardText,
    /// A file or a folder for other software.
    Export(Door),
    /// A file for a log of what is done, to write.
    Log,
}

impl Purpose {
    fn title(self) -> &'static str {
        match self {
            Purpose::OpenRun => say!("paths-open-run"),
            Purpose::SaveRun => say!("paths-save-run"),
            Purpose::DataFolder => say!("paths-images"),
            Purpose::Network => say!("paths-network"),
            Purpose::LoadSettings => say!("paths-load-settings"),
            Purpose::SaveSettings => say!("paths-save-settings"),
            Purpose::ExportCsv => say!("paths-export-csv"),
            Purpose::ExportSvg => say!("paths-export-svg"),
            Purpose::ExportPng => say!("paths-export-png"),
            Purpose::Log => say!("paths-log"),
            Purpose::CardPng => say!("paths-card-png"),
            Purpose::CardText => say!("paths-card-text"),
            Purpose::Export(Door::Onnx) => say!("paths-export-onnx"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Torch) => say!("paths-export-torch"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::TensorBoard) => say!("paths-export-tensorboard"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Parquet) => say!("paths-export-parquet"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Hub) => say!("paths-export-hub"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Pictures) => say!("paths-export-pictures"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Movie) => say!("paths-export-movie"),
        }
    }

    fn hint(self) -> &'static str {
        if cfg!(target_arch = "wasm32") {
            return self.hint_in_page();
        }
        match self {
            Purpose::OpenRun => say!("paths-open-run-hint"),
            Purpose::SaveRun => say!("paths-save-run-hint"),
            Purpose::DataFolder => say!("paths-images-hint"),
            Purpose::Network => say!("paths-network-hint"),
            Purpose::LoadSettings => say!("paths-load-settings-hint"),
            Purpose::SaveSettings => say!("paths-save-settings-hint"),
            Purpose::Log => say!("paths-log-hint"),
            Purpose::ExportCsv
            | Purpose::ExportSvg
            | Purpose::ExportPng
            | Purpose::CardPng
            | Purpose::CardText
            | Purpose::Export(Door::Onnx) => say!("paths-file-hint"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Parquet) => say!("paths-file-hint"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Movie) => say!("paths-movie-hint"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Pictures) => say!("paths-pictures-hint"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Torch) => say!("paths-torch-hint"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::TensorBoard) => say!("paths-tensorboard-hint"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Hub) => say!("paths-hub-hint"),
        }
    }

    /// The hint in a page, where files are uploaded and downloaded.
    fn hint_in_page(self) -> &'static str {
        match self {
            Purpose::OpenRun => say!("paths-page-open-run-hint"),
            Purpose::SaveRun => say!("paths-page-save-run-hint"),
            Purpose::DataFolder => say!("paths-page-images-hint"),
            Purpose::Network => say!("paths-page-network-hint"),
            Purpose::LoadSettings => say!("paths-page-load-settings-hint"),
            Purpose::Log => say!("paths-page-log-hint"),
            Purpose::SaveSettings
            | Purpose::ExportCsv
            | Purpose::ExportSvg
            | Purpose::ExportPng
            | Purpose::CardPng
            | Purpose::CardText
            | Purpose::Export(_) => say!("paths-page-file-hint"),
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
            Purpose::Log => platform::Dialog::SaveFile("log.jsonl"),
            Purpose::CardPng => platform::Dialog::SaveFile("lesson.png"),
            Purpose::CardText => platform::Dialog::SaveFile("lesson.txt"),
            Purpose::Export(Door::Onnx) => platform::Dialog::SaveFile("model.onnx"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Parquet) => platform::Dialog::SaveFile("candidates.parquet"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Movie) => platform::Dialog::SaveFile("growth.png"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Torch | Door::TensorBoard | Door::Hub | Door::Pictures) => {
                platform::Dialog::Folder
            }
        }
    }

    /// The name offered for what is written, of a run and of the panel shown; none where something is read.
    fn offered(self, run: &str, tab: &str) -> Option<String> {
        Some(match self {
            Purpose::OpenRun | Purpose::DataFolder | Purpose::Network | Purpose::LoadSettings => return None,
            Purpose::SaveRun => run.to_owned(),
            Purpose::SaveSettings => format!("{run}.toml"),
            Purpose::ExportCsv => format!("{run} {tab}.csv"),
            Purpose::ExportSvg => format!("{run} {tab}.svg"),
            Purpose::ExportPng => format!("{run} window.png"),
            Purpose::Log => format!("{run} log.jsonl"),
            Purpose::CardPng => "lesson.png".into(),
            Purpose::CardText => "lesson.txt".into(),
            Purpose::Export(Door::Onnx) => format!("{run}.onnx"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Parquet) => format!("{run} candidates.parquet"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Movie) => format!("{run} growth.png"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Torch) => format!("{run} for PyTorch"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::TensorBoard) => format!("{run} for TensorBoard"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Hub) => format!("{run} for the Hub"),
            #[cfg(not(target_arch = "wasm32"))]
            Purpose::Export(Door::Pictures) => format!("{run} pictures"),
        })
    }

    /// Whether something is written there.
    pub fn writes(self) -> bool {
        self.offered("", "").is_some()
    }

    /// The path in full as it will be written: from the user's folder or this one, with the ending of its kind.
    pub fn finished(self, path: PathBuf) -> PathBuf {
        let path = resolve(&path, Path::new(""));
        match self.dialog() {
            platform::Dialog::SaveFile(usual) => {
                let ending = Path::new(usual).extension().and_then(|ending| ending.to_str());
                with_ending(path, ending.unwrap_or_default())
            }
            platform::Dialog::Folder | platform::Dialog::OpenFile(_) => path,
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
    /// A name has been offered, or there is none to offer.
    is_offered: bool,
}

impl Ask {
    /// Opens it.
    pub fn new(purpose: Purpose) -> Self {
        let (text, dialog, complaint) = Default::default();
        Self { purpose, text, dialog, complaint, ready: false, is_offered: false }
    }

    /// Offers a name in `folder`, once: for a run of that name, of which that panel is shown.
    pub fn offer(&mut self, folder: &Path, run: &str, tab: &str) {
        if std::mem::replace(&mut self.is_offered, true) {
            return;
        }
        // What no file system takes in a name: a preset may be the path of a network.
        let run = run.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "-");
        if let Some(name) = self.purpose.offered(&run, tab) {
            self.text = folder.join(name).display().to_string();
        }
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
            ui.set_width(480.0_f32.min(context.content_rect().width() - 40.0));
            let tokens = Tokens::of(ui);
            ui.heading(self.purpose.title());
            ui.label(RichText::new(self.purpose.hint()).color(tokens.weak));
            let mut entered = false;
            ui.horizontal(|ui| {
                let edit = TextEdit::singleline(&mut self.text)
                    .hint_text(say!("paths-path"))
                    .desired_width(ui.available_width() - 92.0);
                let response = ui.add(edit);
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::TextInput, true, say!("paths-path"))
                });
                if !std::mem::replace(&mut self.ready, true) {
                    response.request_focus();
                    select_all(ui, response.id, &self.text);
                }
                entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
                if ui.add_enabled(self.dialog.is_none(), egui::Button::new(say!("paths-browse"))).clicked() {
                    self.dialog = Some(platform::ask(self.purpose.dialog(), ui.ctx().clone()));
                }
            });
            if let Some(why) = &self.complaint {
                ui.colored_label(tokens.alarm, why);
            }
            ui.horizontal(|ui| {
                let given = !self.text.trim().is_empty();
                let text = RichText::new(say!("paths-ok")).color(tokens.on_accent);
                let ok = egui::Button::new(text).fill(tokens.accent).min_size(egui::vec2(80.0, 26.0));
                if (ui.add_enabled(given, ok).clicked() || entered) && given {
                    closed = Some(Some(PathBuf::from(self.text.trim())));
                }
                if ui.button(say!("paths-cancel")).clicked() {
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

/// Selects the whole text of a field, so that typing replaces it.
fn select_all(ui: &egui::Ui, field: egui::Id, text: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), field).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
    state.store(ui.ctx(), field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_offered_a_name_with_the_ending_of_its_kind() {
        let offered = |purpose: Purpose| {
            let mut ask = Ask::new(purpose);
            ask.offer(Path::new("out"), "nets/a.onnx seed 7", "cloud");
            ask.offer(Path::new("out"), "another", "cloud");
            ask.text
        };
        assert_eq!(Path::new(&offered(Purpose::ExportSvg)), Path::new("out/nets-a.onnx seed 7 cloud.svg"));
        assert_eq!(offered(Purpose::OpenRun), "", "what is read has its name already");
        let mut written =
            vec![Purpose::SaveSettings, Purpose::ExportCsv, Purpose::ExportSvg, Purpose::ExportPng];
        written.extend(Door::ALL.iter().copied().map(Purpose::Export));
        for purpose in written {
            let path = PathBuf::from(offered(purpose));
            assert_eq!(purpose.finished(path.clone()), resolve(&path, Path::new("")), "{purpose:?}");
        }
    }

    #[test]
    fn a_file_gets_the_ending_of_what_is_in_it() {
        let finished = |purpose: Purpose, text: &str| purpose.finished(PathBuf::from(text));
        assert_eq!(finished(Purpose::ExportSvg, "/out/win.png"), Path::new("/out/win.png.svg"));
        assert_eq!(finished(Purpose::ExportCsv, "/out/numbers"), Path::new("/out/numbers.csv"));
        assert_eq!(finished(Purpose::SaveRun, "/out/mine"), Path::new("/out/mine"));
        assert!(finished(Purpose::ExportPng, "here.png").is_absolute());
    }
}
