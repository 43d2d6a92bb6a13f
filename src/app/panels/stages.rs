//! The step machine as a row of named stages, each with a sentence before and after.

use eframe::egui::{
    self, Align2, Color32, FontId, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2,
};

use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::{Board, Snapshot};
use crate::format::{gain, percent, seconds, thousands};
use crate::lab::{Round, Stage, StepCost};
use crate::morphism::Family;
use crate::search::Strategy;

const CHIP_HEIGHT: f32 = 34.0;

/// The stages of a round, in their order for these settings; seeding comes before the first.
fn order(snapshot: &Snapshot) -> Vec<Stage> {
    if let Some(search) = &snapshot.state.search {
        return match search.tree.is_empty() {
            true => vec![Stage::Seed, Stage::Train, Stage::Assess],
            false => vec![
                Stage::Ask,
                Stage::Learn,
                Stage::Estimate,
                Stage::Grow,
                Stage::Train,
                Stage::Assess,
                Stage::Adopt,
            ],
        };
    }
    let mut stages = Vec::new();
    if snapshot.state.round == 1 {
        stages.push(Stage::Seed);
    }
    let mut stage = Stage::Train;
    loop {
        stages.push(stage);
        if stage == Stage::Grow {
            return stages;
        }
        stage = stage.next(snapshot.config.measure);
    }
}

/// Draws the row.
pub fn stages_ui(ui: &mut Ui, board: &Board, snapshot: &Snapshot) {
    let tokens = Tokens::of(ui);
    let state = &snapshot.state;
    let last_training = state.round > snapshot.config.growth_rounds();
    ui.horizontal(|ui| {
        let title = match (state.stage, last_training) {
            (Stage::Done, _) => "Finished".to_owned(),
            (_, true) => "Last training".to_owned(),
            _ if state.search.is_some() => match state.trial() {
                Some(trial) => format!("Trial {}", trial.id),
                None => "Search".to_owned(),
            },
            _ => format!("Round {} of {}", state.round, snapshot.config.growth_rounds()),
        };
        ui.add_sized(vec2(108.0, CHIP_HEIGHT), egui::Label::new(egui::RichText::new(title).strong()));
        let stages = if last_training { vec![Stage::Train, Stage::Done] } else { order(snapshot) };
        let present = stages.iter().position(|stage| *stage == state.stage).unwrap_or(stages.len());
        let gap = 6.0;
        let width = (ui.available_width() - gap * (stages.len() - 1) as f32) / stages.len() as f32;
        ui.spacing_mut().item_spacing.x = gap;
        for (position, &stage) in stages.iter().enumerate() {
            let (rect, response) =
                ui.allocate_exact_size(vec2(width.min(280.0), CHIP_HEIGHT), Sense::hover());
            let progress = board.progress.filter(|progress| progress.stage == stage);
            let standing = match position.cmp(&present) {
                std::cmp::Ordering::Less => Standing::Done,
                std::cmp::Ordering::Equal => Standing::Present,
                std::cmp::Ordering::Greater => Standing::Later,
            };
            let fraction = progress.map(|progress| progress.fraction()).or_else(|| {
                let (step, of) = match &state.partly {
                    Some(partly) => (partly.steps, snapshot.config.learning.steps),
                    None => (state.step, snapshot.phase_steps),
                };
                (step > 0 && standing == Standing::Present).then(|| step as f32 / of.max(1) as f32)
            });
            chip_ui(ui, rect, stage, standing, fraction, &tokens);
            let done = standing == Standing::Done;
            response.widget_info(|| {
                let standing = if done { "done" } else { "to come" };
                let standing = if standing != "done" && position == present { "present" } else { standing };
                egui::WidgetInfo::labeled(
                    egui::Role::Label,
                    true,
                    format!("Stage {}: {standing}", stage.name()),
                )
            });
            response.on_hover_ui(|ui| {
                ui.set_max_width(300.0);
                ui.label(before(stage, snapshot));
                if let Some(text) =
                    state.record(state.round).filter(|_| done).and_then(|round| after(stage, round))
                {
                    ui.strong(text);
                }
            });
        }
    });
}

#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Done,
    Present,
    Later,
}

fn chip_ui(ui: &Ui, rect: Rect, stage: Stage, standing: Standing, fraction: Option<f32>, tokens: &Tokens) {
    let painter = ui.painter();
    let (fill, line, text) = match standing {
        Standing::Done => (tokens.raised, tokens.line, tokens.text),
        Standing::Present => (tokens.accent.gamma_multiply(0.22), tokens.accent, tokens.text),
        Standing::Later => (tokens.panel, tokens.line, tokens.weak),
    };
    painter.rect(rect, 7.0, fill, Stroke::new(1.0, line), StrokeKind::Inside);
    let mut name = stage.name().to_owned();
    name[..1].make_ascii_uppercase();
    if standing == Standing::Done {
        tick(painter, pos2(rect.left() + 14.0, rect.center().y), tokens.accent);
    }
    painter.text(rect.center(), Align2::CENTER_CENTER, name, FontId::proportional(13.5), text);
    if let Some(fraction) = fraction {
        let bar =
            Rect::from_min_size(rect.left_bottom() - vec2(0.0, 4.0), vec2(rect.width() * fraction, 4.0));
        painter.rect_filled(bar, 2.0, tokens.accent);
    }
}

/// Draws a tick.
fn tick(painter: &Painter, at: Pos2, colour: Color32) {
    let points = [at + vec2(-4.0, 0.0), at + vec2(-1.0, 3.5), at + vec2(5.0, -4.0)];
    painter.line(points.to_vec(), Stroke::new(1.8, colour));
}

/// What a stage will do.
pub fn before(stage: Stage, snapshot: &Snapshot) -> String {
    let config = &snapshot.config;
    let data = &snapshot.data;
    match stage {
        Stage::Seed => "Score the untrained network, to see what guessing looks like.".into(),
        Stage::Train => format!(
            "Train the network: {} steps on {} images.",
            thousands(snapshot.phase_steps),
            thousands(data.train.len() as u64)
        ),
        Stage::Propose => {
            "List every change the network allows (split this channel, prune that one…) and what it costs."
                .into()
        }
        Stage::Learn => format!(
            "Learn the best form of every change, all at once, with the formula {}: {} steps.",
            config.learning.estimator, config.learning.steps
        ),
        Stage::Estimate => format!(
            "Choose how far to go with each change on {} images, then predict its gain on {} others.",
            thousands(data.validation.len() as u64),
            thousands(data.held_out.len() as u64)
        ),
        Stage::Measure => {
            "Make the changes for real, one at a time, and see how far the held-out loss really falls.".into()
        }
        Stage::Choose => match config.strategy {
            Strategy::Joint { .. } => {
                "Find how far to go with all changes at once, as their gains do not add."
            }
            Strategy::Random => "Draw the changes by lot.",
            _ if config.confirm => {
                "Choose what is worth its cost, each change tested on top of those before it."
            }
            _ => "Choose what is worth its cost, by single gains.",
        }
        .into(),
        Stage::Grow => "Rewrite the network by the chosen changes; the rest of it stays as it was.".into(),
        Stage::Ask => "Ask the strategy which network to try next, and why.".into(),
        Stage::Assess => {
            format!("Judge the network on {} images.", thousands(data.validation.len() as u64))
        }
        Stage::Adopt => {
            "Take the network that the search found, and score it before its last training.".into()
        }
        Stage::Done => "The experiment is finished: add a round (Run menu), or start a new run.".into(),
    }
}

/// What a stage did in a round.
pub fn after(stage: Stage, round: &Round) -> Option<String> {
    let candidates = &round.candidates;
    Some(match stage {
        Stage::Train => {
            let score = round.before?.held_out;
            format!("Trained: held-out loss {:.3}, {} correct.", score.loss, percent(score.accuracy))
        }
        Stage::Propose => {
            let counts: Vec<String> = Family::ALL
                .into_iter()
                .filter_map(|family| {
                    let count = candidates.iter().filter(|candidate| candidate.family == family).count();
                    (count > 0).then(|| format!("{count} {family}"))
                })
                .collect();
            format!("{} candidates: {}.", candidates.len(), counts.join(", "))
        }
        Stage::Learn => format!("Every change learned {}.", took(round.steps.learn)),
        Stage::Estimate => {
            let best = candidates
                .iter()
                .filter_map(|candidate| Some((candidate.estimate_by(round.estimator)?, candidate)))
                .max_by(|a, b| a.0.total_cmp(&b.0))?;
            format!("Best estimate: {}, a gain of {}.", best.1.id(), gain(best.0))
        }
        Stage::Measure => {
            // The family with the most candidates tells the most.
            let measured = round.agreement().into_iter();
            let measured = measured.filter_map(|(family, agreement)| Some((family, agreement?)));
            let (family, agreement) = measured.max_by_key(|(_, agreement)| agreement.n)?;
            format!(
                "Estimated and actual gains of {family}: correlation {:.3}, slope {:.2}.",
                agreement.pearson?, agreement.slope?
            )
        }
        Stage::Choose => format!("{} of {} changes chosen.", round.chosen().len(), candidates.len()),
        Stage::Grow => {
            let (before, after) = (round.before?, round.after?);
            let when = match round.distilled.len() {
                0 => "before any training".to_owned(),
                steps => format!("after {} steps of imitating its parent", thousands(steps as u64)),
            };
            format!(
                "Grown from {} to {} parameters; held-out loss {:.3} → {:.3} {when}.",
                thousands(before.parameters),
                thousands(after.parameters),
                before.held_out.loss,
                after.held_out.loss
            )
        }
        Stage::Seed | Stage::Ask | Stage::Assess | Stage::Adopt | Stage::Done => return None,
    })
}

fn took(cost: StepCost) -> String {
    format!("in {}", seconds(cost.seconds))
}

/// What is happening or what comes next, in a sentence; then the progress, or what the last stage did.
pub fn sentence(board: &Board, snapshot: &Snapshot) -> (String, String) {
    let state = &snapshot.state;
    if let Some(progress) = board.progress {
        let mut status = String::new();
        if progress.total > 0 {
            status = percent(f64::from(progress.fraction()));
        }
        if let Some(left) = progress.seconds_left().filter(|left| *left > 1.0) {
            status.push_str(&format!(", {} left", seconds(left)));
        }
        if let Some(loss) = progress.loss {
            status.push_str(&format!(", loss {loss:.3}"));
        }
        return (before(progress.stage, snapshot), status);
    }
    let done = previous(snapshot).and_then(|(round, stage)| after(stage, state.record(round)?));
    let next = match state.stage {
        Stage::Done => before(Stage::Done, snapshot),
        stage => format!("Next, {}: {}", stage.name(), before(stage, snapshot)),
    };
    (next, done.unwrap_or_default())
}

/// The stage that was done last, by where the state stands.
fn previous(snapshot: &Snapshot) -> Option<(u64, Stage)> {
    let state = &snapshot.state;
    match state.stage {
        Stage::Seed => None,
        Stage::Train if state.round > 1 => Some((state.round - 1, Stage::Grow)),
        Stage::Train => None,
        Stage::Done => Some((state.round, Stage::Train)),
        present => {
            let stages = order(snapshot);
            let position = stages.iter().position(|stage| *stage == present)?;
            Some((state.round, *stages.get(position.checked_sub(1)?)?))
        }
    }
}
