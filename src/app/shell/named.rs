//! Images by name in the setup: fetched once, with progress and a way to stop, and kept.

use std::path::PathBuf;

use eframe::egui::{self, ProgressBar, Ui};

use crate::app::platform::Fetching;
use crate::data::fetch::{LICENCE, SETS, Set, cache, fetched};
use crate::words::{say, term};

/// Where images by name are kept and come from.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Their folder; the user's cache if none is named.
    pub cache: Option<PathBuf>,
    /// Another address than the authors', or a file.
    pub from: Option<String>,
}

/// The images by name.
pub struct Named {
    places: Places,
    under_way: Option<Fetching>,
    /// What came of it, until it is asked for.
    answer: Option<Result<PathBuf, String>>,
}

impl Named {
    /// Images in these places.
    pub fn new(places: Places) -> Self {
        Self { places, under_way: None, answer: None }
    }

    /// The folder of the images that were chosen, once they are there, or why they are not.
    pub fn ended(&mut self) -> Option<Result<PathBuf, String>> {
        if let Some(answer) = self.under_way.as_ref().and_then(Fetching::answer) {
            (self.under_way, self.answer) = (None, Some(answer));
        }
        self.answer.take()
    }

    /// A button for each set, or the progress of the one that is fetched.
    pub fn ui(&mut self, ui: &mut Ui) {
        let Some(fetching) = &self.under_way else {
            for set in &SETS {
                let text = match self.place(set) {
                    Some(_) => set.title.to_owned(),
                    None => say!("named-fetch", set = set.title, size = megabytes(set.bytes)),
                };
                if ui.button(text).on_hover_text(term(LICENCE, "licence")).clicked() {
                    self.choose(set, ui.ctx());
                }
            }
            return;
        };
        let (set, done) = (fetching.set, fetching.done());
        let text =
            say!("named-fetching", set = set.title, done = megabytes(done), size = megabytes(set.bytes));
        let bar = ProgressBar::new(done as f32 / set.bytes as f32).desired_width(220.0).text(&text);
        ui.add(bar).widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &text));
        let stopping = fetching.is_stopping();
        let stop = egui::Button::new(if stopping { say!("named-stopping") } else { say!("named-stop") });
        if ui.add_enabled(!stopping, stop).clicked() {
            fetching.stop();
        }
    }

    fn choose(&mut self, set: &'static Set, context: &egui::Context) {
        match (self.place(set), self.cache()) {
            (Some(folder), _) => self.answer = Some(Ok(folder)),
            (None, Ok(cache)) => {
                let context = context.clone();
                let redraw = move || context.request_repaint();
                self.under_way = Some(Fetching::start(set, self.places.from.clone(), cache, redraw));
            }
            (None, Err(why)) => self.answer = Some(Err(why)),
        }
    }

    /// The folder of a set that is there.
    fn place(&self, set: &Set) -> Option<PathBuf> {
        fetched(set, &self.cache().ok()?)
    }

    fn cache(&self) -> Result<PathBuf, String> {
        match &self.places.cache {
            Some(folder) => Ok(folder.clone()),
            None => cache().map_err(|error| error.to_string()),
        }
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", (bytes + 500_000) / 1_000_000)
}
