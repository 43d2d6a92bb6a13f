//! Files that the screen reads and writes: a path asked for, a thing dropped on the window, exports.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::{self, Context};

use super::paths::Purpose;
use super::screen::Screen;
use super::setup::{For, Setup};
use crate::app::panels::curves::Curves;
use crate::app::panels::plots::{cloud_svg, curves_svg};
use crate::app::platform;
use crate::app::view::Tab;
use crate::app::worker::Order;
use crate::app::worker::board::Snapshot;
use crate::files::{is_folder, write_atomically};
use crate::lab::{Config, candidates_csv};
use crate::study::{Figure, Race};

impl Screen {
    /// Uses a path that was asked for.
    pub(super) fn fulfil(
        &mut self,
        purpose: Purpose,
        path: &Path,
        context: &Context,
        snapshot: Option<&Snapshot>,
    ) {
        let Some(snapshot) = snapshot else {
            return self.complain("There is no run yet.".into());
        };
        let written = match purpose {
            Purpose::OpenRun => {
                let order = Order::Open { folder: path.to_owned() };
                return self.worker.order(order);
            }
            Purpose::SaveRun => return self.worker.order(Order::Copy { to: path.to_owned() }),
            Purpose::DataFolder | Purpose::LoadSettings => return,
            Purpose::SaveSettings => settings_text(&snapshot.config).and_then(|text| write(path, &text)),
            Purpose::ExportCsv => self.csv(snapshot).and_then(|text| write(path, &text)),
            Purpose::ExportSvg => self.svg(snapshot).and_then(|text| write(path, &text)),
            Purpose::ExportPng => return self.screenshot(path, context),
        };
        match written {
            Ok(()) => self.tell(done(path)),
            Err(why) => self.complain(why),
        }
    }

    /// The numbers of what is shown.
    fn csv(&self, snapshot: &Snapshot) -> Result<String, String> {
        match self.view.tab {
            Tab::Race => Ok(self.finished_race()?.curves_csv()),
            Tab::Figures => Ok(self.finished_figure()?.csv.clone()),
            _ => Ok(candidates_csv(&snapshot.state)),
        }
    }

    fn finished_race(&self) -> Result<Arc<Race>, String> {
        let race = self.worker.shared.read().race.clone();
        race.filter(|race| race.cost > 0).ok_or_else(|| "No race has been run to its end yet.".to_owned())
    }

    fn finished_figure(&self) -> Result<Arc<Figure>, String> {
        let figure = self.worker.shared.read().figures.get(&self.figures.number).cloned();
        figure.ok_or_else(|| format!("Figure {} has not been made yet.", self.figures.number))
    }

    fn svg(&self, snapshot: &Snapshot) -> Result<String, String> {
        let drawn = match self.view.tab {
            Tab::Curves => Some(curves_svg(&Curves::of(snapshot), &self.kept)),
            Tab::Race => Some(self.finished_race()?.picture().svg()),
            Tab::Figures => Some(self.finished_figure()?.picture.svg()),
            _ => None,
        };
        if let Some(drawn) = drawn {
            return drawn.map_err(|error| error.to_string());
        }
        let round =
            self.view.record(snapshot).filter(|round| round.candidates.iter().any(|c| c.actual.is_some()));
        let round = round.ok_or("There is nothing to plot before gains are measured.")?;
        cloud_svg(snapshot, round, &self.view).map_err(|error| error.to_string())
    }

    /// Writes the next frame, beside this thread.
    fn screenshot(&self, path: &Path, context: &Context) {
        let path = path.to_owned();
        let shared = self.worker.shared.clone();
        context.request_screenshot(move |image| {
            platform::beside(move || {
                let said = match png(&image)
                    .and_then(|bytes| write_atomically(&path, &bytes).map_err(|error| error.to_string()))
                {
                    Ok(()) => done(&path),
                    Err(why) => format!("The picture is not written: {why}"),
                };
                shared.write(|board| board.notice(said));
            });
        });
    }

    /// A run's folder or a file of settings, dropped on the window.
    pub(super) fn drops(&mut self, context: &Context) {
        if let Some(file) = context.input(|input| input.raw.dropped_files.first().cloned()) {
            self.dropped = Some(platform::take_dropped(file, context.clone()));
        }
        let answer = self.dropped.as_ref().and_then(|dropped| dropped.try_recv().ok());
        let Some(path) = answer else { return };
        self.dropped = None;
        let path = match path {
            Ok(path) => path,
            Err(why) => return self.complain(why),
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => {
                self.load_settings(&path, Setup::new(For::NewRun, Config::default(), self.engine))
            }
            Some("json" | "safetensors" | "csv") => {
                let folder = path.parent().unwrap_or(&path).to_owned();
                self.worker.order(Order::Open { folder });
            }
            _ if is_folder(&path) => self.worker.order(Order::Open { folder: path }),
            _ => self.complain(format!("{}: {}", path.display(), platform::DROPPED)),
        }
    }
}

/// Settings as TOML.
pub(super) fn settings_text(config: &Config) -> Result<String, String> {
    toml::to_string_pretty(config).map_err(|error| error.to_string())
}

/// Writes a text; why not, in words.
pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    write_atomically(path, text.as_bytes()).map_err(|error| error.to_string())
}

/// Hands a written file over; what to say of it.
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
