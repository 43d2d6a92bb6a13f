//! The screen in words, for those who do not see it: what has happened and what comes next, how things stand, the
//! network, and the candidates that promise most. The sentences are the screen's own.

use super::growth::Growth;
use super::sentences::{before, outcome, sentence};
use super::why::reason;
use crate::app::view::View;
use crate::app::worker::board::{Board, Snapshot, title};
use crate::format::{brief as gain, percent, thousands};
use crate::lab::{CandidateRecord, Stage};
use crate::network::{Layer, Shortcut};

/// How many candidates are named.
const BEST: usize = 5;
/// What the columns of [`Best`] are.
pub const HEAD: [&str; 4] = ["Change", "Estimated gain", "Actual gain", "Chosen or not"];

/// The candidates that promise most.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// What they are the best of.
    pub title: String,
    /// Each in the columns of [`HEAD`], the largest estimate first.
    pub rows: Vec<[String; 4]>,
}

/// What has just happened and what can be done next, to be read out once whenever it changes: nothing in it counts
/// on by itself, as a progress does.
pub fn said(board: &Board, view: &View) -> String {
    let news = board.notices.last().filter(|_| board.is_news);
    let mut parts = match (&board.failure, &board.opening, &board.snapshot) {
        (Some(failure), _, _) => vec![failure.text.clone(), failure.advice.clone()],
        (None, Some(opening), _) => vec![ended(opening.split(':').next().unwrap_or_default())],
        (None, None, Some(snapshot)) => said_of_run(board, snapshot, view),
        (None, None, None) => Vec::new(),
    };
    parts.extend(news.map(|notice| ended(notice)));
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn said_of_run(board: &Board, snapshot: &Snapshot, view: &View) -> Vec<String> {
    let state = &snapshot.state;
    let mut parts = Vec::new();
    // In the middle of a stage, the one before is old news.
    let fresh = state.step == 0 && state.partly.is_none();
    if let Some((stage, told)) = outcome(snapshot, view).filter(|_| fresh) {
        parts.extend([format!("{} is done.", title(stage)), told.text, told.bad.unwrap_or_default()]);
    } else if let Some(seed) = state.seed.filter(|_| fresh && state.stage == Stage::Train) {
        let accuracy = percent(seed.held_out.accuracy);
        parts.push(format!("{} is done. Untrained, {accuracy} are correct.", title(Stage::Seed)));
    }
    if let Some(progress) = board.progress {
        parts.push(format!("{} is under way.", title(progress.stage)));
        parts.push(before(progress.stage, snapshot));
        return parts;
    }
    let said = sentence(board, snapshot, view);
    parts.push(said.next.unwrap_or(said.now));
    if !board.busy && state.stage != Stage::Done {
        parts.push("Press Play, or One stage.".into());
    }
    parts
}

/// As the end of a sentence.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// How the run stands: what computes it, where it is, how good its network is; or how it stood at the earlier moment that is
/// looked at.
pub fn standing(board: &Board, snapshot: &Snapshot) -> String {
    let state = &snapshot.state;
    let mut text = match snapshot.past {
        Some(past) => format!("You look at an earlier moment: {}.", snapshot.name_of(past)),
        None => {
            let doing = if board.busy { "at work" } else { "waiting" };
            let engine = snapshot.engine_words();
            format!("Computing with {engine}. Round {}, stage {}, {doing}.", state.round, state.stage)
        }
    };
    let last = state.rounds.last();
    if let Some(score) = last.and_then(|round| round.after.or(round.before)).or(state.seed) {
        text += &format!(" {} of the held-out images are recognised.", percent(score.held_out.accuracy));
    }
    let measured = last.map_or(0, |round| round.candidates.iter().filter(|c| c.actual.is_some()).count());
    if measured > 0 {
        text += &format!(" {measured} candidates have been estimated and measured.");
    }
    if snapshot.recorded && !snapshot.is_past() {
        text += " This run was recorded: press Play, and it goes on from here.";
    }
    text
}

/// The network, a line for each layer and shortcut, one for its end.
pub fn network(snapshot: &Snapshot) -> Vec<String> {
    let growth = Growth::of(snapshot);
    let layers = &snapshot.diagram.layers;
    let mut lines: Vec<String> = layers.iter().map(|layer| in_words(layer, &growth)).collect();
    for Shortcut { from, to, .. } in &snapshot.diagram.skips {
        let from = from.map_or("the image", |from| &layers[from].name);
        lines.push(format!("A shortcut adds {from} to what {} gives.", layers[*to].name));
    }
    let names = &snapshot.data.class_names;
    let cost = snapshot.state.model.network.architecture.cost();
    let parameters =
        cost.map_or(String::new(), |cost| format!("; {} parameters", thousands(cost.parameters)));
    lines.push(format!("At the end {} classes: {}{parameters}.", names.len(), names.join(", ")));
    lines
}

fn in_words(layer: &Layer, growth: &Growth) -> String {
    let Layer { name, channels, kernel, side, pool, .. } = layer;
    let plural = if *channels == 1 { "" } else { "s" };
    let pool = pool.map_or(String::new(), |pool| format!(", pool: {pool}"));
    let column = growth.column(layer);
    let new = column.iter().filter(|slot| growth.fresh && slot.is_new()).count();
    let gone = column.iter().filter(|slot| slot.channel().is_none()).count();
    let counts = [(new, "new and not trained yet"), (gone, "pruned")];
    let changes =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("; {count} {what}"));
    let changes: String = changes.collect();
    format!("{name}: {channels} channel{plural} of {side}×{side}, kernels {kernel}×{kernel}{pool}{changes}.")
}

/// The best candidates of the round that is shown; none before they are estimated, and while gains are hidden.
pub fn best(snapshot: &Snapshot, view: &View) -> Option<Best> {
    let round = view.record(snapshot).filter(|round| !view.hides(snapshot, round))?;
    if snapshot.is_forming() {
        return None;
    }
    let known = |candidate| Some((view.estimate(snapshot, round, candidate)?, candidate));
    let mut ranked: Vec<(f64, &CandidateRecord)> = round.candidates.iter().filter_map(known).collect();
    // Stable: equal ones stay in the order of the files.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate(BEST);
    let row = |&(estimate, candidate): &(f64, &CandidateRecord)| {
        let actual = view.actual(snapshot, round, candidate).map_or("not measured".into(), gain);
        let why = reason(round, candidate).map_or("not decided".into(), |(short, _)| short);
        [candidate.title(), gain(estimate), actual, why]
    };
    let rows: Vec<[String; 4]> = ranked.iter().map(row).collect();
    let (of, by) = (round.candidates.len(), view.estimator(round));
    let title =
        format!("Round {}: the best {} of {of} changes by estimated gain ({by})", round.round, rows.len());
    (!rows.is_empty()).then_some(Best { title, rows })
}

#[cfg(test)]
mod tests;
