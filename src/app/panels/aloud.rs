//! The screen in words, for those who do not see it: what has happened and what comes next, how things stand, the
//! network, and the candidates that promise most. The sentences are the screen's own.

use super::explain;
use super::growth::Growth;
use super::heads::pooling;
use super::sentences::{before, outcome, sentence};
use super::why::reason;
use crate::app::view::View;
use crate::app::worker::board::{Board, Snapshot, inside, title};
use crate::format::{brief as gain, percent, thousands};
use crate::lab::{CandidateRecord, Stage};
use crate::network::{Layer, Shortcut};
use crate::words::say;

/// How many candidates are named.
const BEST: usize = 5;

/// What the columns of [`Best`] are.
pub fn head() -> [&'static str; 4] {
    [
        say!("aloud-change"),
        say!("aloud-estimated-gain"),
        say!("aloud-actual-gain"),
        say!("aloud-chosen-or-not"),
    ]
}

/// The candidates that promise most.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// What they are the best of.
    pub title: String,
    /// Each in the columns of [`head`], the largest estimate first.
    pub rows: Vec<[String; 4]>,
}

/// What has just happened and what can be done next, to be read out once whenever it changes: nothing in it counts
/// on by itself, as a progress does.
pub fn said(board: &Board, view: &View) -> String {
    let news = board.notices.last().filter(|_| board.is_news);
    let mut parts = match (&board.failure, &board.opening, &board.snapshot) {
        (Some(failure), _, _) => vec![failure.text.clone(), failure.advice.clone()],
        (None, Some(opening), _) => vec![ended(opening.split(':').next().unwrap_or_default().trim_end())],
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
        let done = say!("aloud-done", stage = title(stage));
        parts.extend([done, told.text, told.bad.unwrap_or_default()]);
    } else if let Some(seed) = state.seed.filter(|_| fresh && state.stage == Stage::Train) {
        let share = percent(seed.held_out.accuracy);
        parts.push(say!("aloud-seed-done", stage = title(Stage::Seed), share = share));
    }
    if let Some(progress) = board.progress {
        parts.push(say!("aloud-under-way", stage = title(progress.stage)));
        parts.push(before(progress.stage, snapshot));
        return parts;
    }
    let said = sentence(board, snapshot, view);
    parts.push(said.next.unwrap_or(said.now));
    if !board.busy && state.stage != Stage::Done {
        parts.push(say!("aloud-press").into());
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
        Some(past) => say!("aloud-past", moment = snapshot.name_of(past)),
        None => {
            let (engine, round, stage) = (snapshot.engine_words(), state.round, inside(state.stage));
            match board.busy {
                true => say!("aloud-at-work", engine = engine, round = round, stage = stage),
                false => say!("aloud-waiting", engine = engine, round = round, stage = stage),
            }
        }
    };
    let mut add = |sentence: &str| {
        text.push(' ');
        text.push_str(sentence);
    };
    let last = state.rounds.last();
    if let Some(score) = last.and_then(|round| round.after.or(round.before)).or(state.seed) {
        add(&say!("aloud-recognised", share = percent(score.held_out.accuracy)));
    }
    let measured = last.map_or(0, |round| round.candidates.iter().filter(|c| c.actual.is_some()).count());
    if measured > 0 {
        add(&say!("aloud-measured", count = measured));
    }
    if snapshot.recorded && !snapshot.is_past() {
        add(say!("aloud-recorded"));
    }
    text
}

/// The network, a line for each layer and shortcut, one for its end.
pub fn network(snapshot: &Snapshot) -> Vec<String> {
    let growth = Growth::of(snapshot);
    let layers = &snapshot.diagram.layers;
    let mut lines: Vec<String> = layers.iter().map(|layer| in_words(layer, &growth)).collect();
    for Shortcut { from, to, .. } in &snapshot.diagram.skips {
        let from = from.map_or(say!("aloud-image"), |from| layers[from].name.as_str());
        lines.push(say!("aloud-shortcut", from = from, to = &layers[*to].name));
    }
    let names = &snapshot.data.class_names;
    let (count, names) = (names.len(), names.join(", "));
    let cost = snapshot.state.model.network.architecture.cost();
    lines.push(match cost.map(|cost| thousands(cost.parameters)) {
        Ok(parameters) => say!("aloud-end-with-cost", count = count, names = names, parameters = parameters),
        Err(_) => say!("aloud-end", count = count, names = names),
    });
    lines
}

fn in_words(layer: &Layer, growth: &Growth) -> String {
    let Layer { name, channels, kernel, side, pool, .. } = layer;
    let mut text = say!("aloud-layer", name = name, channels = channels, side = side, kernel = kernel);
    if let Some(pool) = *pool {
        text += &say!("aloud-pool", pool = pooling(pool));
    }
    let column = growth.column(layer);
    let new = column.iter().filter(|slot| growth.fresh && slot.is_new()).count();
    if new > 0 {
        text += &say!("aloud-new", count = new);
    }
    let gone = column.iter().filter(|slot| slot.channel().is_none()).count();
    if gone > 0 {
        text += &say!("aloud-gone", count = gone);
    }
    text + "."
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
        let actual = view.actual(snapshot, round, candidate);
        let actual = actual.map_or_else(|| say!("aloud-not-measured").into(), gain);
        let why =
            reason(round, candidate).map_or_else(|| say!("aloud-not-decided").into(), |(short, _)| short);
        [explain::title(candidate), gain(estimate), actual, why]
    };
    let rows: Vec<[String; 4]> = ranked.iter().map(row).collect();
    let title = say!(
        "aloud-best",
        round = round.round,
        shown = rows.len(),
        count = round.candidates.len(),
        formula = view.estimator(round).to_string()
    );
    (!rows.is_empty()).then_some(Best { title, rows })
}

#[cfg(test)]
mod tests;
