//! The plots of a run as SVG files, and what those on the screen are called.

use eframe::egui::{Response, Role, WidgetInfo};

use crate::app::view::View;
use crate::app::worker::board::Snapshot;
use crate::lab::CandidateRecord;
use crate::morphism::Family;
use crate::pictures::{Curves, cloud};
use crate::words::say;

/// The plot of a round's measured candidates, or why there is none.
pub fn candidates_svg(snapshot: &Snapshot, view: &View) -> Result<String, String> {
    let round = view.record(snapshot).ok_or(say!("plots-nothing"))?;
    let outcome = view.outcome(round);
    if round.candidates.iter().all(|candidate| outcome.of(candidate).is_none()) {
        return Err(say!("plots-nothing").into());
    }
    let layers: Vec<&str> = snapshot.diagram.layers.iter().map(|layer| layer.name.as_str()).collect();
    let shown: Vec<Family> =
        round.families().into_iter().filter(|family| !view.hidden.contains(family)).collect();
    let actual = |candidate: &CandidateRecord| view.came(snapshot, round, candidate);
    Ok(cloud(round, view.estimator(round), &layers, &shown, outcome, &actual).svg())
}

/// Names a plot on the screen for screen readers.
pub fn named(plot: &Response, name: &str) {
    plot.widget_info(|| WidgetInfo::labeled(Role::Image, plot.enabled(), say!("plots-plot", name = name)));
}

/// The curves of the run shown, the batches' losses averaged over so many steps, named as a picture names them.
pub fn curves_of(snapshot: &Snapshot, smoothing: usize) -> Curves {
    let config = &snapshot.config;
    let (preset, seed) = (config.preset.as_str(), config.seed);
    let name = say!("curves-kept", preset = preset, seed = seed, run = snapshot.run);
    Curves::smoothed(name, &snapshot.state, smoothing)
}
