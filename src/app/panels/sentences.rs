//! What stages do and did, in sentences.

use super::explain::hidden;
use super::pause::question;
use crate::app::view::View;
use crate::app::worker::board::{Board, Snapshot, inside};
use crate::format::{brief as gain, decimal, percent, seconds, thousands};
use crate::lab::{Quality, Round, Stage, State};
use crate::morphism::Family;
use crate::search::Strategy;
use crate::words::say;

/// The stages of a round, in their order for these settings; seeding comes before the first.
pub fn order(snapshot: &Snapshot) -> Vec<Stage> {
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

/// What a stage did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// In a sentence.
    pub text: String,
    /// What is bad about it, and how sure that is.
    pub bad: Option<String>,
}

/// What is said above the panels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// What Play has stopped for.
    pub question: Option<&'static str>,
    /// What is to be looked at, what is happening, or what comes next.
    pub now: String,
    /// The progress, or what the last stage did.
    pub status: Told,
    /// What comes next, where that is not said yet.
    pub next: Option<String>,
}

/// What a stage will do.
pub fn before(stage: Stage, snapshot: &Snapshot) -> String {
    let config = &snapshot.config;
    let data = &snapshot.data;
    match stage {
        Stage::Seed => say!("sentences-before-seed").into(),
        Stage::Train => say!(
            "sentences-before-train",
            steps = thousands(snapshot.phase_steps),
            images = thousands(data.train.len() as u64)
        ),
        Stage::Propose => say!("sentences-before-propose").into(),
        Stage::Learn => say!(
            "sentences-before-learn",
            formula = config.learning.estimator.to_string(),
            steps = config.learning.steps
        ),
        Stage::Estimate => say!(
            "sentences-before-estimate",
            images = thousands(data.validation.len() as u64),
            others = thousands(data.held_out.len() as u64)
        ),
        Stage::Measure => say!("sentences-before-measure").into(),
        Stage::Choose => match config.strategy {
            Strategy::Joint { .. } => say!("sentences-before-choose-joint"),
            Strategy::Random => say!("sentences-before-choose-random"),
            _ if config.confirm => say!("sentences-before-choose-confirmed"),
            _ => say!("sentences-before-choose-single"),
        }
        .into(),
        Stage::Grow => say!("sentences-before-grow").into(),
        Stage::Ask => say!("sentences-before-ask").into(),
        Stage::Assess => {
            say!("sentences-before-assess", images = thousands(data.validation.len() as u64))
        }
        Stage::Adopt => say!("sentences-before-adopt").into(),
        Stage::Done => say!("sentences-before-done").into(),
    }
}

/// What a stage did in a round.
pub fn after(stage: Stage, state: &State, round: &Round, images: usize) -> Option<Told> {
    let plain = |text: String| Some(Told { text, bad: None });
    let candidates = &round.candidates;
    match stage {
        Stage::Train => {
            let now = round.before?;
            let score = now.held_out;
            let text =
                say!("sentences-trained", loss = decimal(score.loss, 3), share = percent(score.accuracy));
            let earlier = round.round.checked_sub(1).and_then(|earlier| state.record(earlier)?.before);
            Some(Told { text, bad: earlier.and_then(|was| worse(&was, &now, images)) })
        }
        Stage::Propose => {
            let counts: Vec<String> = Family::ALL
                .into_iter()
                .filter_map(|family| {
                    let count = candidates.iter().filter(|candidate| candidate.family == family).count();
                    (count > 0).then(|| format!("{count} {family}"))
                })
                .collect();
            plain(say!("sentences-proposed", count = candidates.len(), kinds = counts.join(", ")))
        }
        Stage::Learn => plain(say!("sentences-learned", time = seconds(round.steps.learn.seconds))),
        Stage::Estimate => {
            let best = candidates
                .iter()
                .filter_map(|candidate| Some((candidate.estimate_by(round.estimator)?, candidate)))
                .max_by(|a, b| a.0.total_cmp(&b.0))?;
            plain(say!("sentences-best", change = best.1.id(), gain = gain(best.0)))
        }
        Stage::Measure => {
            // The family with the most candidates tells the most.
            let measured = round.agreement().into_iter();
            let measured = measured.filter_map(|(family, agreement)| Some((family, agreement?)));
            let (family, agreement) = measured.max_by_key(|(_, agreement)| agreement.n)?;
            plain(say!(
                "sentences-measured",
                family = family.to_string(),
                correlation = decimal(agreement.pearson?, 3),
                slope = decimal(agreement.slope?, 2)
            ))
        }
        Stage::Choose => {
            plain(say!("sentences-chosen", chosen = round.chosen().len(), count = candidates.len()))
        }
        Stage::Grow => {
            let (before, after) = (round.before?, round.after?);
            let [from, to] = [before, after].map(|quality| thousands(quality.parameters));
            let [was, now] = [before, after].map(|quality| decimal(quality.held_out.loss, 3));
            let text = match round.distilled.len() {
                0 => say!("sentences-grown", before = from, after = to, was = was, now = now),
                steps => say!(
                    "sentences-grown-imitating",
                    before = from,
                    after = to,
                    was = was,
                    now = now,
                    steps = thousands(steps as u64)
                ),
            };
            Some(Told { text, bad: worse(&before, &after, images) })
        }
        Stage::Seed | Stage::Ask | Stage::Assess | Stage::Adopt | Stage::Done => None,
    }
}

/// What to say where the held-out loss rose, and how far numbers of so many images can be trusted.
pub fn worse(was: &Quality, now: &Quality, images: usize) -> Option<String> {
    let (was, now) = (was.held_out, now.held_out);
    (now.loss > was.loss).then(|| {
        say!(
            "sentences-worse",
            rise = decimal(now.loss - was.loss, 3),
            was = percent(was.accuracy),
            now = percent(now.accuracy),
            images = thousands(images as u64),
            points = decimal(100.0 * standard_error(now.accuracy, images), 1)
        )
    })
}

/// The standard error of a share that was found on so many images.
pub fn standard_error(share: f64, images: usize) -> f64 {
    (share * (1.0 - share) / images.max(1) as f64).sqrt()
}

/// What is happening, what there is to see or what comes next; the progress, or what the last stage did.
pub fn sentence(board: &Board, snapshot: &Snapshot, view: &View) -> Said {
    let state = &snapshot.state;
    if let Some(progress) = board.progress {
        let mut text = String::new();
        if progress.total > 0 {
            text = percent(f64::from(progress.fraction()));
        }
        if let Some(left) = progress.seconds_left().filter(|left| *left > 1.0) {
            text.push_str(&say!("sentences-left", time = seconds(left)));
        }
        if let Some(loss) = progress.loss {
            text.push_str(&say!("sentences-loss", loss = decimal(f64::from(loss), 3)));
        }
        let now = before(progress.stage, snapshot);
        return Said { now, status: Told { text, bad: None }, ..Said::default() };
    }
    let what = before(state.stage, snapshot);
    let next = match state.stage {
        Stage::Done => what,
        stage => say!("sentences-next", stage = inside(stage), what = what),
    };
    let last = previous(snapshot).and_then(|(round, stage)| Some((state.record(round)?, stage)));
    let status = outcome(snapshot, view).map(|(_, told)| told).unwrap_or_default();
    // Inside a training there is nothing new to see.
    let asked = last.filter(|_| state.step == 0 && !board.busy);
    match asked.and_then(|(round, stage)| question(stage, round)) {
        Some((question, now)) => Said { question: Some(question), now, status, next: Some(next) },
        None => Said { question: None, now: next, status, next: None },
    }
}

/// What is said of an earlier moment that is looked at.
pub fn looking_back(past: &Snapshot, view: &View) -> Said {
    let moment = past.past.map_or(String::new(), |moment| past.name_of(moment));
    Said {
        question: Some(say!("sentences-looking-back")),
        now: say!("sentences-past", moment = moment),
        status: outcome(past, view).map(|(_, told)| told).unwrap_or_default(),
        next: None,
    }
}

/// The stage that was done last, and what it did; where gains are to be predicted first, only that.
pub fn outcome(snapshot: &Snapshot, view: &View) -> Option<(Stage, Told)> {
    let state = &snapshot.state;
    let (round, stage) = previous(snapshot)?;
    let round = state.record(round)?;
    // It would tell the best estimate.
    let told = match view.record(snapshot).is_some_and(|shown| view.hides(snapshot, shown)) {
        true => Some(Told { text: hidden().into(), bad: None }),
        false => after(stage, state, round, snapshot.data.held_out.len()),
    };
    Some((stage, told.unwrap_or_default()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Score;
    use crate::estimate::Estimator;

    fn quality(loss: f64, accuracy: f64) -> Quality {
        Quality { parameters: 1, flops: 1, train: None, held_out: Score { loss, accuracy } }
    }

    #[test]
    fn a_rising_loss_is_bad_and_said_with_its_noise() {
        assert_eq!(worse(&quality(0.5, 0.4), &quality(0.5, 0.3), 200), None);
        let said = worse(&quality(0.441, 0.427), &quality(0.545, 0.408), 200).unwrap();
        for part in ["rose by 0.104", "from 42.7 % to 40.8 %", "200 images", "±3.5 points"] {
            assert!(said.contains(part), "{said}");
        }
        let mut round = Round::new(1, Estimator::Sampled);
        (round.before, round.after) = (Some(quality(0.5, 0.4)), Some(quality(0.4, 0.4)));
        let network =
            crate::network::Network::initialise(crate::network::preset("2-M-2", 2).unwrap(), 1).unwrap();
        let state = State::new(crate::network::Model::new(network));
        let told = |round: &Round| after(Stage::Grow, &state, round, 200).unwrap();
        assert_eq!(told(&round).bad, None);
        round.after = Some(quality(0.6, 0.4));
        assert!(told(&round).bad.is_some());
    }
}
