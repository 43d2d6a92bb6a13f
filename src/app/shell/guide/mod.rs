//! The lesson at the left: what is asked, what is answered, and what the run must do for it.
//!
//! - [`Guide`]: the lesson that is open, how far it is, and the run that it is about;
//! - `card`: how it is drawn; `asks`: the kinds of answers, made in `drafts`;
//! - `run`: what it knows and asks of the run; `store`: progress, kept beside the runs.

mod asks;
mod card;
mod drafts;
mod run;
mod store;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Context, Ui};
use web_time::Instant;

use self::drafts::{Drafts, panel, plan};
use self::run::{before_growth, facts, landmark, one_stage};
use crate::app::drawing::landmarks;
use crate::app::drawing::tokens::Tokens;
use crate::app::panels::predict;
use crate::app::view::{Paint, Prediction, View};
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::lab::{Command, EngineChoice, Stage};
use crate::lesson::{self, Answer, Ask, Course, Lesson, On};
use crate::study;
use crate::words::say;

/// What is asked for in a lesson's card.
pub enum Wanted {
    /// Something for the worker.
    Order(Order),
    /// The card with the results.
    Results,
    /// The lesson is left.
    Leave,
}

/// What the guide sees and changes.
pub struct Seen<'a> {
    /// What the worker tells.
    pub board: &'a Board,
    /// The run.
    pub snapshot: &'a Snapshot,
    /// What the person looks at.
    pub view: &'a mut View,
    /// What is to compute new runs.
    pub engine: EngineChoice,
}

/// How long a stage that was ordered may take to begin.
const PATIENCE: Duration = Duration::from_secs(3);

/// A stage that was ordered.
struct Ordered {
    /// The position in the history then.
    at: usize,
    /// Whether it was seen under way.
    begun: bool,
    /// When.
    since: Instant,
}

/// A lesson that is open.
pub struct Guide {
    course: Course,
    drafts: Drafts,
    /// Why the last answer could not be judged.
    complaint: Option<String>,
    /// Whether the hint is shown.
    hinted: bool,
    /// The step that the screen was prepared for, with its run.
    entered: Option<(usize, u64)>,
    /// The lesson's own runs, by their kind.
    runs: [Option<u64>; 2],
    /// A run that was ordered, and the run that was shown then.
    ordered_run: Option<(On, u64)>,
    /// The stage that was ordered to bring the run to this step.
    ordered_stage: Option<Ordered>,
    /// Whether bringing the run to this step was stopped.
    halted: bool,
    /// Whether picked changes are to be judged once the network has grown by them.
    growing: bool,
    /// Where progress is kept.
    home: Option<PathBuf>,
}

impl Guide {
    /// Puts the lesson into the language of the screen, if it came with the program; what was answered stays as it is.
    pub fn speak(&mut self) {
        if let Some(Ok(lesson)) = lesson::built_in(&self.course.lesson().name)
            && lesson.steps.len() == self.course.lesson().steps.len()
        {
            self.course.translate(Arc::new(lesson));
        }
    }

    /// Opens a lesson where it was left, or at its step `at`.
    pub fn open(lesson: Arc<Lesson>, at: Option<usize>, home: Option<PathBuf>) -> Self {
        let mut course = match home.as_deref().and_then(|home| store::load(home, &lesson.name)) {
            Some(progress) if !progress.finished => Course::resume(lesson, progress),
            _ => Course::new(lesson),
        };
        if let Some(place) = at {
            course.go_to(place);
        }
        Self {
            course,
            drafts: Drafts::default(),
            complaint: None,
            hinted: false,
            entered: None,
            runs: [None, None],
            ordered_run: None,
            ordered_stage: None,
            halted: false,
            growing: false,
            home,
        }
    }

    /// The lesson with what was answered.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// The lesson with the place of the step that is asked.
    pub fn place(&self) -> (Lesson, Option<usize>) {
        (Lesson::clone(self.course.lesson()), Some(self.course.progress().step))
    }

    /// Draws the card, and sees to it that the run is where the step needs it.
    pub fn ui(&mut self, ui: &mut Ui, seen: &mut Seen<'_>) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        self.find_run(seen, &mut wanted);
        if self.has_run(seen.snapshot) {
            self.enter(seen, &mut wanted);
            self.bring(seen, &mut wanted);
            self.look(seen, &mut wanted);
        }
        self.point(ui.ctx(), seen);
        self.card_ui(ui, seen, &mut wanted);
        wanted
    }

    /// Whether the run on the screen is the one that the step is about.
    fn has_run(&self, snapshot: &Snapshot) -> bool {
        self.runs[self.course.step().on as usize] == Some(snapshot.run)
    }

    /// Orders the run that the step is about, when the step is entered.
    fn find_run(&mut self, seen: &Seen<'_>, wanted: &mut Vec<Wanted>) {
        let shown = seen.snapshot.run;
        if let Some((on, before)) = self.ordered_run {
            // A run that was ordered by another lesson may come first.
            if shown != before && seen.snapshot.recorded == (on == On::Recorded) {
                self.runs[on as usize] = Some(shown);
                self.ordered_run = None;
            }
            return;
        }
        let place = self.course.progress().step;
        let is_new = self.entered.is_none_or(|(entered, _)| entered != place);
        if self.has_run(seen.snapshot) || !is_new {
            return;
        }
        let on = self.course.step().on;
        // The recorded run that the program opens with will do, if no other is about to be opened.
        if on == On::Recorded && seen.snapshot.recorded && !seen.board.busy {
            self.runs[on as usize] = Some(shown);
            return;
        }
        self.order_run(seen, wanted);
    }

    /// Orders the run that the step is about.
    fn order_run(&mut self, seen: &Seen<'_>, wanted: &mut Vec<Wanted>) {
        let (step, lesson) = (self.course.step(), self.course.lesson());
        let order = match step.on {
            On::Run => lesson
                .settings
                .clone()
                .map(|config| Order::New { config: Box::new(config), engine: run::engine(seen.engine) }),
            On::Recorded => {
                let recorded =
                    lesson.recorded.as_deref().and_then(|name| Some((name, lesson::recorded(name)?)));
                recorded.map(|(name, bytes)| Order::Replay { path: name.into(), bytes: bytes.into() })
            }
        };
        match order {
            Some(order) => {
                self.ordered_run = Some((step.on, seen.snapshot.run));
                wanted.push(Wanted::Order(order));
            }
            None => self.complaint = Some(say!("guide-no-recording").to_owned()),
        }
    }

    /// Prepares the screen for a step that is new.
    fn enter(&mut self, seen: &mut Seen<'_>, wanted: &mut Vec<Wanted>) {
        let here = (self.course.progress().step, seen.snapshot.run);
        if self.entered == Some(here) {
            return;
        }
        self.entered = Some(here);
        (self.drafts, self.complaint, self.hinted) = (Drafts::of(self.course.answered()), None, false);
        (self.ordered_stage, self.halted, self.growing) = (None, false, false);
        let step = self.course.step();
        if let Some(name) = &step.show {
            seen.view.tab = panel(name);
        }
        seen.view.paint = if step.ask == Ask::Vote { Paint::Activation } else { Paint::Gain };
        (seen.view.candidate, seen.view.channel) = (None, None);
        (seen.view.predict_next, seen.view.prediction, seen.view.round) = (false, None, None);
        if let (Ask::Pick { .. }, Some(back)) = (&step.ask, before_growth(seen.snapshot)) {
            wanted.push(Wanted::Order(Order::Do(Command::GoTo(back))));
        }
    }

    /// Lets the run go through the stages that the step needs, one by one.
    fn bring(&mut self, seen: &Seen<'_>, wanted: &mut Vec<Wanted>) {
        let facts = facts(seen.board, seen.snapshot, None);
        self.course.note(&facts);
        if self.course.step().needs.is_none_or(|stage| facts.is_over(stage)) {
            return;
        }
        if seen.board.busy {
            self.ordered_stage.iter_mut().for_each(|ordered| ordered.begun = true);
            return;
        }
        if self.halted {
            return;
        }
        let at = seen.snapshot.at;
        match &self.ordered_stage {
            // It has not begun yet.
            Some(ordered) if ordered.at == at && !ordered.begun && ordered.since.elapsed() < PATIENCE => {}
            // It has begun and is over, and nothing has come of it: somebody cancelled it, or it failed.
            Some(ordered) if ordered.at == at => self.halted = true,
            _ => {
                self.ordered_stage = Some(Ordered { at, begun: false, since: Instant::now() });
                wanted.push(Wanted::Order(one_stage()));
            }
        }
    }

    /// Has the order hidden or shown, and the curves of the selected change computed.
    fn look(&mut self, seen: &mut Seen<'_>, wanted: &mut Vec<Wanted>) {
        let facts = facts(seen.board, seen.snapshot, None);
        let step = self.course.step();
        let ready = step.needs.is_none_or(|stage| facts.is_over(stage));
        if !ready {
            return;
        }
        match &step.ask {
            Ask::Order if !std::mem::replace(&mut self.drafts.laid, true) => {
                predict::toggle(seen.snapshot, seen.view);
            }
            Ask::Candidate { of: Some(of) } if !std::mem::replace(&mut self.drafts.laid, true) => {
                if let Some(Answer::Order(order)) =
                    self.course.progress().answers.get(of).map(|answered| &answered.answer)
                {
                    let of = (seen.snapshot.run, 1);
                    seen.view.prediction = Some(Prediction { of, order: order.clone(), revealed: true });
                }
            }
            Ask::Scale { .. } => {
                let shown = seen.board.along.as_ref().filter(|(run, _)| *run == seen.snapshot.run);
                let selected = seen.view.candidate.clone();
                let is_new = |id: &String| {
                    self.drafts.looked.as_ref() != Some(id) && shown.is_none_or(|(_, along)| along.id != *id)
                };
                if let Some(id) = selected.filter(is_new).filter(|_| !seen.board.busy) {
                    self.drafts.looked = Some(id.clone());
                    wanted.push(Wanted::Order(Order::Along { id }));
                }
            }
            Ask::Do(_) if self.course.answered().is_none() => self.judge(Answer::Done, seen, true),
            Ask::Pick { .. } if self.growing && facts.is_over(Stage::Grow) && !seen.board.busy => {
                self.growing = false;
                let chosen = facts.round().map(|round| round.chosen()).unwrap_or_default();
                self.judge(Answer::Pick(chosen), seen, false);
            }
            _ => {}
        }
    }

    /// Judges an answer and keeps it; `quietly` says nothing where it cannot be judged yet.
    fn judge(&mut self, answer: Answer, seen: &Seen<'_>, quietly: bool) {
        let race = self.race(seen.board).cloned();
        let facts = facts(seen.board, seen.snapshot, race.as_ref());
        match self.course.answer(answer, facts) {
            Ok(_) => {
                self.complaint = None;
                self.keep();
            }
            Err(why) if !quietly => self.complaint = Some(why),
            Err(_) => {}
        }
    }

    /// The lesson's race, if it was run to its end.
    fn race<'a>(&self, board: &'a Board) -> Option<&'a study::Race> {
        let asked = self.course.race()?;
        let done = board.race.as_deref().filter(|studied| studied.is_done())?;
        let plan = plan(asked);
        (done.plan == plan).then_some(&done.race)
    }

    /// Goes on to the next step, or to the results.
    fn next(&mut self, wanted: &mut Vec<Wanted>) {
        self.course.next();
        if self.course.progress().finished {
            wanted.push(Wanted::Results);
        }
        self.keep();
    }

    fn back(&mut self) {
        self.course.back();
        self.keep();
    }

    fn keep(&mut self) {
        if let Some(home) = &self.home
            && let Err(why) = store::save(home, self.course.progress())
        {
            self.complaint = Some(say!("guide-not-kept", why = why));
            self.home = None;
        }
    }

    /// Says which parts of the screen are to be outlined.
    fn point(&self, context: &Context, seen: &Seen<'_>) {
        let facts = facts(seen.board, seen.snapshot, None);
        let parts = &self.course.step().point_at;
        landmarks::want(context, parts.iter().filter_map(|part| landmark(part, &facts)));
    }

    /// Outlines what the step points at, once everything is drawn.
    pub fn outline(ui: &Ui) {
        landmarks::outline(ui.ctx(), &Tokens::of(ui));
    }
}
