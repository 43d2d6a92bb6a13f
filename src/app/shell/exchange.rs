//! Files that the screen reads and writes: exports, and what a person gives it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, Context, Rect};

use crate::app::platform;
use crate::app::worker::board::Shared;
use crate::data::{DataError, Seen, look};
use crate::files::{is_folder, read, write_atomically};
use crate::format::thousands;
use crate::lab::{Config, RECORDING, holds_a_run, saved_network};
use crate::lesson::Lesson;
use crate::words::{chosen, in_language, say};

/// What lies at a path that was dropped on the window or asked for.
pub enum Given {
    /// A file of settings.
    Settings(PathBuf),
    /// A lesson.
    Lesson(Box<Lesson>),
    /// A recorded run.
    Recording(PathBuf),
    /// A run's folder.
    Run(PathBuf),
    /// Images.
    Images(Seen),
    /// A network to start from.
    Network {
        /// Its file.
        path: PathBuf,
        /// What it is, in a few words.
        about: String,
    },
}

impl Given {
    /// What lies at `path`, by its name first and then by what is in it; the error is for people.
    pub fn at(path: PathBuf) -> Result<Self, String> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let around = path.parent().unwrap_or(&path);
        match extension.as_str() {
            "toml" => Self::table(path),
            RECORDING => Ok(Given::Recording(path)),
            "onnx" => Self::network(path),
            "json" | "safetensors" | "csv" if holds_a_run(around) => Ok(Given::Run(around.to_owned())),
            "safetensors" => Self::network(path),
            _ if is_folder(&path) && holds_a_run(&path) => Ok(Given::Run(path)),
            _ => Self::images(&path),
        }
    }

    /// A lesson, if there are steps in it, or else settings.
    fn table(path: PathBuf) -> Result<Self, String> {
        let text = read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let has_steps = |text: String| text.lines().any(|line| line.trim_start().starts_with("[[step]]"));
        match text.is_some_and(has_steps) {
            true => Lesson::read(&path)
                .map(|lesson| Given::Lesson(Box::new(lesson)))
                .map_err(|error| error.to_string()),
            false => Ok(Given::Settings(path)),
        }
    }

    /// The images at `path`.
    pub fn images(path: &Path) -> Result<Self, String> {
        look(path).map(Given::Images).map_err(|error| match error {
            DataError::NotAFolder { .. } | DataError::Unrecognised { .. } => {
                say!("exchange-else", error = error.to_string(), taken = platform::dropped())
            }
            other => other.to_string(),
        })
    }

    /// The network at `path`.
    pub fn network(path: PathBuf) -> Result<Self, String> {
        let (network, _) = saved_network(&path).map_err(|error| error.to_string())?;
        let architecture = &network.architecture;
        let counted = architecture.cost().and_then(|cost| Ok((cost.parameters, architecture.classes()?)));
        let (parameters, classes) = counted.map_err(|error| error.to_string())?;
        let convolutions = architecture.convolutions().count();
        let about = say!(
            "exchange-network",
            convolutions = convolutions,
            parameters = thousands(parameters),
            classes = classes
        );
        Ok(Given::Network { path, about })
    }
}

/// Settings as TOML.
pub fn settings_text(config: &Config) -> Result<String, String> {
    toml::to_string_pretty(config).map_err(|error| error.to_string())
}

/// Writes `text`. Returns what to say of it; the error is for people.
pub fn write(path: &Path, text: &str) -> Result<String, String> {
    write_atomically(path, text.as_bytes()).map_err(|error| error.to_string())?;
    Ok(done(path))
}

/// Writes the next frame, or an area of it, as PNG, on another thread where there are any; what came of it becomes a notice.
pub fn screenshot(shared: Arc<Shared>, path: &Path, context: &Context, area: Option<Rect>) {
    let path = path.to_owned();
    let zoom = context.pixels_per_point();
    // What is said of it is in the language of the screen, whichever thread says it.
    let language = chosen();
    context.request_screenshot(move |image| {
        platform::beside(move || {
            let image = match area {
                Some(area) => image.region(&area, Some(zoom)),
                None => egui::ColorImage::clone(&image),
            };
            let written = png(&image)
                .and_then(|bytes| write_atomically(&path, &bytes).map_err(|error| error.to_string()));
            let said = in_language(language, || match written {
                Ok(()) => done(&path),
                Err(why) => say!("exchange-not-written", why = why),
            });
            shared.write(|board| board.notice(said));
        });
    });
}

/// Hands a written file to the person, and returns what to say of it.
fn done(path: &Path) -> String {
    match platform::hand_over(path) {
        Some(name) => say!("exchange-downloaded", name = name),
        None => say!("exchange-written", path = path.display().to_string()),
    }
}

fn png(image: &egui::ColorImage) -> Result<Vec<u8>, String> {
    let [width, height] = image.size.map(|side| side as u32);
    let pixels: Vec<u8> = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
    let picture =
        image::RgbaImage::from_raw(width, height, pixels).ok_or_else(|| say!("exchange-no-pixels"))?;
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
