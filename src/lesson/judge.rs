//! Whether an answer is right, by what is known of the run.

use super::answer::{Answer, Progress, Standing};
use super::check::Check;
use super::facts::{Facts, Method, pairs_right, parting};
use super::kinds::{Ask, Race, Step, Until};
use crate::estimate::Estimator;
use crate::format::{decimal, gain, percent, signed};
use crate::lab::{CandidateRecord, Stage};
use crate::morphism::morph;
use crate::words::{local, say, term};

/// The part of the largest error that nobody tells from it by eye.
const AS_LARGE: f64 = 0.95;
/// The part of the summed gains that changes must keep together to add up.
const ADDS_UP: f64 = 0.9;

/// What is said of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// How it stands.
    pub standing: Standing,
    /// The answer in words.
    pub words: String,
    /// The right one in words, where there is one.
    pub truth: Option<String>,
    /// The step's own words for it.
    pub said: String,
}

/// What a check finds.
struct Found {
    right: bool,
    words: String,
    truth: String,
    /// More that can be said, by its name.
    more: Vec<(&'static str, String)>,
}

impl Found {
    fn new(right: bool, words: impl Into<String>, truth: impl Into<String>) -> Self {
        Self { right, words: words.into(), truth: truth.into(), more: Vec::new() }
    }

    fn with(mut self, name: &'static str, said: impl Into<String>) -> Self {
        self.more.push((name, said.into()));
        self
    }
}

/// What else a check may need.
pub struct Context<'a> {
    /// The run.
    pub facts: Facts<'a>,
    /// What was answered before.
    pub progress: &'a Progress,
    /// What the method's own choice came to.
    pub method: Option<&'a Method>,
    /// The race that the lesson asked for.
    pub race: Option<&'a Race>,
}

/// Judges an answer to a step.
///
/// # Errors
/// Why it cannot be judged yet, for people: the run has not come so far, or the answer is not complete.
pub fn judge(step: &Step, context: &Context<'_>, answer: &Answer) -> Result<Verdict, String> {
    let facts = &context.facts;
    if let Some(stage) = step.needs.filter(|stage| !facts.is_over(*stage)) {
        return Err(say!("lesson-needs-stage", stage = named(stage)));
    }
    let words = complete(step, facts, answer)?;
    if !step.check.can_fail() {
        let said = fill(&step.right, &[("answer", words.clone())]);
        return Ok(Verdict { standing: Standing::Kept, words, truth: None, said });
    }
    let found = look(step, context, answer, words)?;
    let standing = if found.right { Standing::Right } else { Standing::Wrong };
    let mut values = found.more;
    values.push(("answer", found.words.clone()));
    values.push(("truth", found.truth.clone()));
    let said = fill(if found.right { &step.right } else { &step.wrong }, &values);
    Ok(Verdict { standing, words: found.words, truth: Some(found.truth), said })
}

/// A text with what stands in braces put in.
fn fill(text: &str, values: &[(&'static str, String)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The answer in words, if it answers what is asked.
fn complete(step: &Step, facts: &Facts<'_>, answer: &Answer) -> Result<String, String> {
    let known = |id: &String| match facts.candidate(id) {
        Some(candidate) => Ok(candidate),
        None => Err(say!("lesson-no-such-change", id = id)),
    };
    match (&step.ask, answer) {
        (Ask::Read, Answer::Done) => Ok(say!("lesson-read").into()),
        (Ask::Do(until), Answer::Done) => done(until, facts),
        (Ask::Choose { options, .. }, Answer::Choice(place)) => {
            options.get(*place).cloned().ok_or_else(|| say!("lesson-choose-a-text").into())
        }
        (Ask::Candidate { .. }, Answer::Candidate(id)) => known(id).map(CandidateRecord::title),
        (Ask::Vote, Answer::Vote { split, prune }) => {
            if split == prune {
                return Err(say!("lesson-two-channels").into());
            }
            Ok(format!("{}; {}", facts.title(split), facts.title(prune)))
        }
        (Ask::Order, Answer::Order(ids)) if ids.len() > 1 => {
            let titles = ids.iter().map(|id| known(id).map(CandidateRecord::title));
            Ok(titles.collect::<Result<Vec<_>, _>>()?.join(&format!("{} ", say!("lesson-then"))))
        }
        (Ask::Number { unit, .. }, Answer::Number(number)) if number.is_finite() => {
            Ok(with_unit(*number, unit))
        }
        (Ask::Scale { .. }, Answer::Number(number)) => Ok(decimal(*number, 2)),
        (Ask::Pick { most, parameters }, Answer::Pick(ids)) => {
            let picked = ids.iter().map(known).collect::<Result<Vec<_>, _>>()?;
            let added: i64 = picked.iter().map(|candidate| candidate.params_delta).sum();
            if picked.is_empty() || picked.len() > *most {
                return Err(say!("lesson-tick", count = picked.len(), most = *most));
            }
            if added > *parameters {
                return Err(say!("lesson-too-many-parameters", added = signed(added), most = *parameters));
            }
            Ok(picked.iter().map(|candidate| candidate.title()).collect::<Vec<_>>().join(", "))
        }
        (Ask::Write { words }, Answer::Sentence(text)) => {
            let found = text.split_whitespace().count();
            match found < *words {
                true => Err(say!("lesson-short-sentence", words = *words, found = found)),
                false => Ok(text.trim().to_owned()),
            }
        }
        _ => Err(say!("lesson-no-answer").into()),
    }
}

/// A stage's name in the language of the thread.
fn named(stage: Stage) -> &'static str {
    term(stage.name(), &format!("stage-{}", stage.name()))
}

fn done(until: &Until, facts: &Facts<'_>) -> Result<String, String> {
    match until {
        Until::Stage(stage) if facts.is_over(*stage) => Ok(say!("lesson-done").into()),
        Until::Stage(Stage::Done) => Err(say!("lesson-run-not-over").into()),
        Until::Stage(stage) => Err(say!("lesson-stage-not-over", stage = named(*stage))),
        Until::Race(_) if facts.race.is_some() => Ok(say!("lesson-done").into()),
        Until::Race(_) => Err(say!("lesson-race-not-over").into()),
    }
}

fn with_unit(number: f64, unit: &str) -> String {
    let number = local(format!("{}", (number * 1e5).round() / 1e5));
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

fn look(step: &Step, context: &Context<'_>, answer: &Answer, words: String) -> Result<Found, String> {
    let facts = &context.facts;
    match (step.check, answer) {
        (Check::Answer, Answer::Choice(place)) => {
            let Ask::Choose { options, answer: Some(right) } = &step.ask else {
                return Err(say!("lesson-answer-unknown").to_owned());
            };
            Ok(Found::new(place == right, words, options[*right].clone()))
        }
        (Check::Answer, Answer::Number(number)) => match &step.ask {
            Ask::Number { answer: Some(right), .. } => Ok(near(step, *number, *right, words)),
            _ => Err(say!("lesson-answer-unknown").to_owned()),
        },
        (Check::ChanceLevel, Answer::Number(number)) => {
            Ok(near(step, *number, 100.0 / facts.classes.max(1) as f64, words))
        }
        (Check::LargestError, Answer::Candidate(id)) => largest_error(facts, id, words),
        (Check::BestEstimate, Answer::Candidate(id)) => {
            let estimator = facts.round().ok_or_else(|| say!("lesson-estimate-unknown"))?.estimator;
            let estimate = |candidate: &CandidateRecord| candidate.estimate_by(estimator);
            let all = facts.round().into_iter().flat_map(|round| &round.candidates);
            let best = all.filter_map(|one| Some((one, estimate(one)?))).max_by(|a, b| a.1.total_cmp(&b.1));
            let (best, most) = best.ok_or_else(|| say!("lesson-estimate-unknown"))?;
            let right = facts.candidate(id).and_then(estimate) == Some(most);
            Ok(Found::new(right, words, best.title()))
        }
        (Check::MostMisjudged, Answer::Candidate(id)) => misjudged(step, context, id, words),
        (Check::SmallestMeanError, Answer::Choice(_)) => smallest_mean_error(facts, words),
        (Check::SeenOrNew, Answer::Choice(place)) => {
            let before = facts.round().and_then(|round| round.before);
            let scores = before.and_then(|before| Some((before.train?.accuracy, before.held_out.accuracy)));
            let (seen, new) = scores.ok_or_else(|| say!("lesson-scores-unknown"))?;
            let Ask::Choose { options, .. } = &step.ask else {
                return Err(say!("lesson-answer-unknown").to_owned());
            };
            let right = usize::from(new > seen);
            let found = Found::new(*place == right, words, options[right].clone());
            Ok(found.with("seen", percent(seen)).with("new", percent(new)))
        }
        (Check::RaceWinner, Answer::Choice(place)) => race_winner(step, context, *place, words),
        (Check::Parting, Answer::Number(number)) => {
            let along = facts.along.ok_or(say!("lesson-choose-a-change"))?;
            let truth = parting(along).ok_or(say!("lesson-never-part"))?;
            Ok(near(step, *number, truth, words))
        }
        (Check::SplitAndPrune, Answer::Vote { split, prune }) => {
            let is = |id: &String, of: fn(&CandidateRecord) -> bool| facts.candidate(id).is_none_or(of);
            let splits = is(split, |one| morph(one.family).splits_channel());
            let prunes = is(prune, |one| morph(one.family).removes_channel());
            Ok(Found::new(splits && prunes, words.clone(), words))
        }
        (Check::BeatsMethod, Answer::Pick(picked)) => beats_method(context, picked, words),
        (Check::AddsUp, Answer::Pick(picked)) => {
            let joint = chosen_joint(facts, picked)?;
            if picked.len() < 2 {
                return Err(say!("lesson-tick-two").into());
            }
            let kept = joint.promised / joint.sum_of_single;
            let found = Found::new(kept >= ADDS_UP, words, percent(ADDS_UP));
            Ok(found.with("sum", gain(joint.sum_of_single)).with("came", gain(joint.promised)))
        }
        (Check::ShareThatCame, Answer::Number(number)) => {
            let joint = facts.round().and_then(|round| round.joint);
            let numbers = joint.and_then(|joint| Some((joint.sum_of_single, joint.came?)));
            let known = numbers.filter(|(sum, _)| *sum > 0.0);
            let (sum, came) = known.ok_or_else(|| say!("lesson-joint-unknown"))?;
            let found = near(step, *number, (100.0 * came / sum).round(), words);
            Ok(found.with("sum", gain(sum)).with("came", gain(came)))
        }
        (Check::GainAtOnce, Answer::Number(number)) => {
            let round = facts.round();
            let losses =
                round.and_then(|round| Some((round.before?.held_out.loss, round.after?.held_out.loss)));
            let (before, after) = losses.ok_or_else(|| say!("lesson-loss-after-growth-unknown"))?;
            Ok(near(step, *number, before - after, words))
        }
        (Check::GainByTraining, Answer::Number(number)) => {
            let after = facts.round().and_then(|round| round.after);
            let last = facts.state.record(2).and_then(|round| round.before);
            let losses = after.zip(last).map(|(after, last)| (after.held_out.loss, last.held_out.loss));
            let (after, last) = losses.ok_or_else(|| say!("lesson-loss-after-training-unknown"))?;
            Ok(near(step, *number, after - last, words))
        }
        _ => Err(say!("lesson-no-answer").into()),
    }
}

/// A number against the right one, which the step's tolerance may miss.
fn near(step: &Step, number: f64, truth: f64, words: String) -> Found {
    let (within, said) = match &step.ask {
        Ask::Number { within, unit, .. } => (*within, with_unit(truth, unit)),
        Ask::Scale { within } => (*within, decimal(truth, 2)),
        _ => (0.0, local(truth.to_string())),
    };
    // A tolerance of .1 takes .1 too, however it is rounded.
    Found::new((number - truth).abs() <= within + 1e-9, words, said)
}

fn largest_error(facts: &Facts<'_>, id: &str, words: String) -> Result<Found, String> {
    let errors = facts.errors();
    let by_size = |a: &&(_, f64), b: &&(_, f64)| a.1.abs().total_cmp(&b.1.abs());
    let (worst, largest) = *errors.iter().max_by(by_size).ok_or(say!("lesson-nothing-measured"))?;
    let own = errors.iter().find(|(candidate, _)| candidate.id() == id);
    let (_, error) = *own.ok_or(say!("lesson-not-measured"))?;
    let right = error.abs() >= AS_LARGE * largest.abs();
    let found = Found::new(right, words, worst.title());
    Ok(found.with("error", gain(error)).with("largest", gain(largest)))
}

/// Which card of an earlier order stood furthest from its true place.
fn misjudged(step: &Step, context: &Context<'_>, id: &str, words: String) -> Result<Found, String> {
    let facts = &context.facts;
    let Ask::Candidate { of: Some(of) } = &step.ask else { return Err(say!("lesson-no-order").into()) };
    let Some(Answer::Order(order)) = context.progress.answers.get(of).map(|answered| &answered.answer) else {
        return Err(say!("lesson-order-first", step = of));
    };
    let estimator = facts.round().map(|round| round.estimator);
    let gains = order.iter().map(|id| {
        let candidate = facts.candidate(id)?;
        Some((candidate.estimate_by(estimator?)?, candidate.actual?))
    });
    let gains: Vec<(f64, f64)> = gains.collect::<Option<_>>().ok_or(say!("lesson-cards-not-measured"))?;
    let off = |place: usize| {
        let above = gains.iter().filter(|other| other.1 > gains[place].1).count();
        // Equal gains share a place.
        let equal = gains.iter().filter(|other| other.1 == gains[place].1).count();
        place.saturating_sub(above + equal - 1).max(above.saturating_sub(place))
    };
    let own = order.iter().position(|card| card == id).ok_or(say!("lesson-choose-a-card"))?;
    let most = (0..order.len()).map(off).max().unwrap_or(0);
    let furthest = (0..order.len()).find(|place| off(*place) == most).unwrap_or(0);
    let (person, formula, all) = pairs_right(&gains);
    let found = Found::new(off(own) == most, words, facts.title(&order[furthest]));
    let found = found.with("pairs", person.to_string()).with("formula", formula.to_string());
    Ok(found.with("all", all.to_string()))
}

fn smallest_mean_error(facts: &Facts<'_>, words: String) -> Result<Found, String> {
    let mean = |estimator: Estimator| {
        let all = facts.round().into_iter().flat_map(|round| &round.candidates);
        let errors: Vec<f64> =
            all.filter_map(|one| Some((one.estimate_by(estimator)? - one.actual?).abs())).collect();
        let count = errors.len();
        (count > 0).then(|| errors.into_iter().sum::<f64>() / count as f64)
    };
    let known = Estimator::ALL.into_iter().filter_map(|estimator| Some((estimator, mean(estimator)?)));
    let best = known.min_by(|a, b| a.1.total_cmp(&b.1));
    let (best, smallest) = best.ok_or(say!("lesson-nothing-measured"))?;
    let chosen = words.parse::<Estimator>()?;
    let own = mean(chosen).ok_or(say!("lesson-formula-without-estimates"))?;
    let found = Found::new(own <= smallest, words, best.name());
    Ok(found.with("error", decimal(own, 5)).with("smallest", decimal(smallest, 5)))
}

/// Which entrant was best on the mean over the seeds, or that the difference is within its own spread.
fn race_winner(step: &Step, context: &Context<'_>, place: usize, words: String) -> Result<Found, String> {
    let (Some(race), Some(asked)) = (context.facts.race, context.race) else {
        return Err(say!("lesson-race-not-over").into());
    };
    let Ask::Choose { options, .. } = &step.ask else { return Err(say!("lesson-choose-a-text").into()) };
    let accuracies = |name: &str| -> Vec<f64> {
        let runs = race.runs.iter().filter(|run| run.name == name);
        runs.filter_map(|run| Some(run.curve.last()?.quality.held_out.accuracy)).collect()
    };
    let mean = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len().max(1) as f64;
    let mut ranked: Vec<(usize, Vec<f64>)> =
        asked.entrants.iter().map(|entrant| accuracies(&entrant.name)).enumerate().collect();
    ranked.sort_by(|a, b| mean(&b.1).total_cmp(&mean(&a.1)));
    let [(winner, best), (_, second), ..] = &ranked[..] else {
        return Err(say!("lesson-race-needs-two").into());
    };
    // Runs of one seed belong together.
    let differences: Vec<f64> = best.iter().zip(second).map(|(best, second)| best - second).collect();
    let difference = mean(&differences);
    let squares: f64 = differences.iter().map(|one| (one - difference).powi(2)).sum();
    let spread = (squares / (differences.len().max(2) - 1) as f64).sqrt();
    let right = if difference > spread { *winner } else { asked.entrants.len() };
    let truth = options.get(right).cloned().unwrap_or_default();
    let points = |share: f64| say!("lesson-points", points = decimal(100.0 * share, 1));
    let found = Found::new(place == right, words, truth);
    Ok(found.with("difference", points(difference)).with("spread", points(spread)))
}

/// What the picked changes should bring together; they must be those that are ticked.
fn chosen_joint(facts: &Facts<'_>, picked: &[String]) -> Result<crate::lab::JointRecord, String> {
    let round = facts.round().filter(|round| round.decided).ok_or(say!("lesson-not-chosen"))?;
    let mut ticked = round.chosen();
    let mut picked = picked.to_vec();
    ticked.sort();
    picked.sort();
    match round.joint {
        Some(joint) if ticked == picked => Ok(joint),
        Some(_) => Err(say!("lesson-not-ticked").into()),
        None => Err(say!("lesson-not-joint").into()),
    }
}

fn beats_method(context: &Context<'_>, picked: &[String], words: String) -> Result<Found, String> {
    let joint = chosen_joint(&context.facts, picked)?;
    let method = context.method.ok_or(say!("lesson-choice-not-seen"))?;
    if !context.facts.is_over(Stage::Grow) {
        return Err(say!("lesson-grow-first").into());
    }
    if !context.facts.by_hand {
        return Err(say!("lesson-own-changes").into());
    }
    let came = joint.came.ok_or(say!("lesson-came-unknown"))?;
    let found = Found::new(came >= method.came, words, gain(method.came));
    let found = found.with("sum", gain(joint.sum_of_single)).with("promised", gain(joint.promised));
    Ok(Found { words: format!("{} ({})", gain(came), found.words), ..found })
}

#[cfg(test)]
mod tests;
