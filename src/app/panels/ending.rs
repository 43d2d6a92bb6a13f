//! The end of a run: was it worth it? The seed network trained, the grown one, and one that did not grow, if
//! there is any; at what
//! cost; and what could be done next.

use eframe::egui::{self, RichText, Ui};

use super::sentences::{Told, standard_error};
use super::{Asked, PanelContext};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::engine::Score;
use crate::format::{decimal, magnitude, percent, seconds, thousands};
use crate::lab::{Command, Stage};
use crate::words::say;

/// A network at the end.
#[derive(Clone, Debug, PartialEq)]
struct Standing {
    name: &'static str,
    hint: &'static str,
    loss: f64,
    accuracy: Option<f64>,
    parameters: Option<u64>,
}

impl Standing {
    fn of(name: &'static str, hint: &'static str, score: Score, parameters: u64) -> Self {
        Self { name, hint, loss: score.loss, accuracy: Some(score.accuracy), parameters: Some(parameters) }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
struct Ending {
    standings: Vec<Standing>,
    verdict: Told,
    cost: String,
}

/// The least height of the panel in which the card is drawn whole.
const ROOMY: f32 = 400.0;

/// Draws the card of a finished run, unless it was put away.
pub fn ending_ui(ui: &mut Ui, context: &mut PanelContext<'_>) {
    let PanelContext { board, snapshot, view, asked, .. } = context;
    let of = (snapshot.run, snapshot.config.rounds);
    if snapshot.state.stage != Stage::Done || snapshot.is_past() || view.ended == Some(of) {
        return;
    }
    let Some(Ending { standings, verdict, cost }) = ending(board, snapshot) else { return };
    let tokens = Tokens::of(ui);
    let roomy = ui.available_height() >= ROOMY;
    egui::Frame::group(ui.style()).fill(tokens.panel).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.strong(say!("ending-question"));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.small_button(say!("ending-hide")).on_hover_text(say!("ending-hide-hint")).clicked() {
                    view.ended = Some(of);
                }
            });
        });
        if roomy {
            standings_ui(ui, &standings, &tokens);
        }
        ui.label(verdict.text);
        if let Some(bad) = verdict.bad {
            ui.label(RichText::new(bad).color(tokens.alarm));
        }
        if roomy {
            ui.label(RichText::new(cost).small().color(tokens.weak));
        }
        ui.horizontal_wrapped(|ui| {
            if ui.add_enabled(!board.busy, egui::Button::new(say!("ending-add-round"))).clicked() {
                let rounds = snapshot.config.rounds + 1;
                asked.push(Asked::Order(Order::Do(Command::Extend(rounds))));
            }
            if ui.button(say!("ending-race")).on_hover_text(say!("ending-race-hint")).clicked() {
                asked.push(Asked::RaceAgainstNotGrowing);
            }
            if ui.button(say!("ending-new-run")).clicked() {
                asked.push(Asked::NewRun);
            }
        });
    });
    ui.add_space(6.0);
}

fn standings_ui(ui: &mut Ui, standings: &[Standing], tokens: &Tokens) {
    egui::Grid::new("ending").num_columns(4).spacing([14.0, 3.0]).show(ui, |ui| {
        let heads = [
            say!("ending-held-out"),
            say!("ending-accuracy"),
            say!("ending-loss"),
            say!("ending-parameters"),
        ];
        for text in heads {
            ui.label(RichText::new(text).small().color(tokens.weak));
        }
        ui.end_row();
        for standing in standings {
            ui.label(standing.name).on_hover_text(standing.hint);
            ui.monospace(standing.accuracy.map_or("–".into(), percent));
            ui.monospace(decimal(standing.loss, 3));
            ui.monospace(standing.parameters.map_or("–".into(), thousands));
            ui.end_row();
        }
    });
}

/// How a finished run ended; none where it was not scored.
fn ending(board: &Board, snapshot: &Snapshot) -> Option<Ending> {
    let state = &snapshot.state;
    let rounds = snapshot.config.rounds;
    let grown = state.last(rounds)?;
    let seed = state.record(1)?.before?;
    let mut standings = Vec::new();
    if rounds > 0 {
        let (name, hint) = (say!("ending-seed"), say!("ending-seed-hint"));
        standings.push(Standing::of(name, hint, seed.held_out, seed.parameters));
    }
    let name = if rounds > 0 { say!("ending-grown") } else { say!("ending-network") };
    standings.push(Standing::of(name, say!("ending-grown-hint"), grown.held_out, grown.parameters));
    let rival = raced(board, snapshot).or_else(|| twin(snapshot));
    let verdict = verdict(&standings, rival.as_ref(), snapshot.data.held_out.len());
    standings.extend(rival);
    let (mut training, mut growing, mut time) = (0, 0, 0.0);
    for round in &state.rounds {
        let total = round.steps.total();
        training += round.steps.train.method_flops();
        growing += total.method_flops() - round.steps.train.method_flops();
        time += total.seconds;
    }
    let cost = say!(
        "ending-cost",
        training = magnitude(training),
        growing = magnitude(growing),
        time = seconds(time)
    );
    Some(Ending { standings, verdict, cost })
}

/// The same settings without growth, where they have raced at equal cost on the same seed.
fn raced(board: &Board, snapshot: &Snapshot) -> Option<Standing> {
    let config = &snapshot.config;
    let race = board.race.as_deref().filter(|studied| studied.is_done())?;
    let same = |other: &crate::lab::Config| {
        other.rounds == 0 && config.rounds > 0 && (other.seed, &other.preset) == (config.seed, &config.preset)
    };
    let run = race.race.runs.iter().find(|run| same(&run.config))?;
    let last = run.curve.last()?.quality;
    Some(Standing::of(say!("ending-raced"), say!("ending-raced-hint"), last.held_out, last.parameters))
}

/// The twin that skipped the last growth, where it was followed.
fn twin(snapshot: &Snapshot) -> Option<Standing> {
    let last = snapshot.state.rounds.iter().rev().find_map(|round| round.in_the_end)?;
    let (name, hint) = (say!("ending-twin"), say!("ending-twin-hint"));
    Some(Standing { name, hint, loss: last.nothing, accuracy: None, parameters: None })
}

/// What can honestly be said: the last of `standings` is the run's own end, the first what it began with.
fn verdict(standings: &[Standing], rival: Option<&Standing>, images: usize) -> Told {
    let (Some(first), Some(own)) = (standings.first(), standings.last()) else { return Told::default() };
    let (was, is) = (first.accuracy.unwrap_or(0.0), own.accuracy.unwrap_or(0.0));
    // Of a difference between two networks.
    let noise = (standard_error(was, images).powi(2) + standard_error(is, images).powi(2)).sqrt();
    let sure = say!("ending-sure", images = thousands(images as u64), points = decimal(100.0 * noise, 1));
    if let Some(rival) = rival {
        let text = say!(
            "ending-against",
            rival = rival.name,
            without = decimal(rival.loss, 3),
            grown = decimal(own.loss, 3)
        );
        let within = rival.accuracy.is_some_and(|other| (other - is).abs() < noise);
        return match own.loss > rival.loss {
            true => Told { text, bad: Some(format!("{} {sure}", say!("ending-lost"))) },
            false if within => Told { text: format!("{text} {sure}"), bad: None },
            false => Told { text: format!("{text} {}", say!("ending-won")), bad: None },
        };
    }
    if standings.len() < 2 {
        return Told { text: format!("{} {sure}", say!("ending-no-growth")), bad: None };
    }
    let text = say!(
        "ending-alone",
        accuracy_before = percent(was),
        accuracy_after = percent(is),
        loss_before = decimal(first.loss, 3),
        loss_after = decimal(own.loss, 3)
    );
    let bad = match (own.loss > first.loss, is - was < noise) {
        (true, _) => Some(format!("{} {sure}", say!("ending-worse"))),
        (false, true) => Some(format!("{} {sure}", say!("ending-noise"))),
        _ => None,
    };
    Told { text, bad }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(name: &'static str, loss: f64, accuracy: f64) -> Standing {
        Standing::of(name, "", Score { loss, accuracy }, 10)
    }

    #[test]
    fn losing_is_said_and_noise_is_no_win() {
        let verdict_of = |was, is, rival: Option<Standing>| {
            let standings = [standing("seed", was, 0.42), standing("grown", is, 0.45)];
            verdict(&standings, rival.as_ref(), 200)
        };
        let worse = verdict_of(1.0, 1.1, None);
        assert!(worse.bad.unwrap().contains("higher than before"));
        let noisy = verdict_of(1.0, 0.9, None);
        assert!(noisy.bad.unwrap().contains("within the noise"));
        let standings = [standing("seed", 1.0, 0.3), standing("grown", 0.7, 0.5)];
        let better = verdict(&standings, None, 1_000);
        assert_eq!(better.bad, None);
        assert!(better.text.contains("only a race tells"), "{better:?}");
        let beaten = verdict_of(1.0, 0.9, Some(standing("Not grown (race)", 0.8, 0.5)));
        assert!(beaten.bad.unwrap().starts_with("Not growing did better"));
        let close = verdict_of(1.0, 0.9, Some(standing("Not grown (race)", 0.91, 0.44)));
        assert!(close.bad.is_none() && close.text.contains("chance"), "{close:?}");
    }
}
