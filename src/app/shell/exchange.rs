//! Files that the screen reads and writes: exports, and what is dropped on the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, Context};

use crate::app::platform;
use crate::app::worker::board::Shared;
use crate::files::{is_folder, write_atomically};
use crate::lab::Config;

/// What a path that was dropped on the window holds.
pub enum Dropped {
    /// A file of settings.
    Settings(PathBuf),
    /// A run's folder.
    Run(PathBuf),
}

impl Dropped {
    /// What lies at `path`; the error is for people.
    pub fn at(path: PathBuf) -> Result<Self, String> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => Ok(Dropped::Settings(path)),
            Some("json" | "safetensors" | "csv") => {
                Ok(Dropped::Run(path.parent().unwrap_or(&path).to_owned()))
            }
            _ if is_folder(&path) => Ok(Dropped::Run(path)),
            _ => Err(format!("{}: {}", path.display(), platform::DROPPED)),
        }
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

/// Writes the next frame as PNG, on another thread where there are any; what came of it becomes a notice.
pub fn screenshot(shared: Arc<Shared>, path: &Path, context: &Context) {
    let path = path.to_owned();
    context.request_screenshot(move |image| {
        platform::beside(move || {
            let written = png(&image)
                .and_then(|bytes| write_atomically(&path, &bytes).map_err(|error| error.to_string()));
            let said = match written {
                Ok(()) => done(&path),
                Err(why) => format!("The picture is not written: {why}"),
            };
            shared.write(|board| board.notice(said));
        });
    });
}

/// Hands a written file to the person, and returns what to say of it.
fn done(path: &Path) -> String {
    match platform::hand_over(path) {
        Some(name) => format!("{name} is downloaded."),
        None => format!("{} is written.", path.display()),
    }
}

fn png(image: &egui::ColorImage) -> Result<Vec<u8>, String> {
    let [width, height] = image.size.map(|side| side as u32);
    let pixels: Vec<u8> = image.pixels.iter().flat_map(|pixel| pixel.to_array()).collect();
    let picture = image::RgbaImage::from_raw(width, height, pixels).ok_or("the picture has no pixels")?;
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
