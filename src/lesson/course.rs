//! A lesson that somebody takes.

use std::sync::Arc;

use super::answer::{Answer, Answered, Progress, Standing};
use super::facts::{Facts, Method};
use super::judge::{Context, judge};
use super::kinds::{Lesson, Race, Step};
use crate::words::say;

/// Wrong answers after which the right one may be shown.
pub const TRIES: u32 = 2;

/// A lesson with what was answered so far.
#[derive(Clone, Debug)]
pub struct Course {
    lesson: Arc<Lesson>,
    progress: Progress,
    /// What the method's own choice came to, once it was seen.
    method: Option<Method>,
}

impl Course {
    /// A lesson from its beginning.
    pub fn new(lesson: Arc<Lesson>) -> Self {
        let progress = Progress { lesson: lesson.name.clone(), ..Progress::default() };
        Self { lesson, progress, method: None }
    }

    /// A lesson that goes on; what does not fit it, because it was changed since, is left out.
    pub fn resume(lesson: Arc<Lesson>, mut progress: Progress) -> Self {
        progress.lesson.clone_from(&lesson.name);
        progress.step = progress.step.min(lesson.steps.len() - 1);
        progress.answers.retain(|name, _| lesson.steps.iter().any(|step| step.name == *name));
        Self { lesson, progress, method: None }
    }

    /// Takes the same lesson in another language.
    pub fn translate(&mut self, lesson: Arc<Lesson>) {
        self.lesson = lesson;
    }

    /// The lesson.
    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    /// How far it is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The step that is asked now.
    pub fn step(&self) -> &Step {
        &self.lesson.steps[self.progress.step]
    }

    /// What was answered to it.
    pub fn answered(&self) -> Option<&Answered> {
        self.progress.answers.get(&self.step().name)
    }

    /// The race that this step or an earlier one asks for.
    pub fn race(&self) -> Option<&Race> {
        self.lesson.race_before(self.progress.step)
    }

    /// What the method's own choice came to.
    pub fn method(&self) -> Option<&Method> {
        self.method.as_ref()
    }

    /// Takes note of what the run shows.
    pub fn note(&mut self, facts: &Facts<'_>) {
        if self.method.is_none() {
            self.method = Method::of(facts);
        }
    }

    /// Judges an answer and keeps it with what came of it.
    ///
    /// # Errors
    /// Why it cannot be judged yet; nothing is kept then.
    pub fn answer(&mut self, answer: Answer, facts: Facts<'_>) -> Result<&Answered, String> {
        let context =
            Context { facts, progress: &self.progress, method: self.method.as_ref(), race: self.race() };
        let verdict = judge(self.step(), &context, &answer)?;
        let tries = self.answered().map_or(0, |before| before.tries) + 1;
        let answered = Answered {
            answer,
            words: verdict.words,
            truth: verdict.truth,
            standing: verdict.standing,
            said: verdict.said,
            tries,
        };
        let name = self.step().name.clone();
        Ok(self.progress.answers.entry(name).insert_entry(answered).into_mut())
    }

    /// Whether the right answer may be shown: after some wrong ones.
    pub fn may_be_shown(&self) -> bool {
        self.answered().is_some_and(|last| last.standing == Standing::Wrong && last.tries >= TRIES)
    }

    /// Shows the right answer, if it may be shown.
    pub fn show(&mut self) {
        if !self.may_be_shown() {
            return;
        }
        let name = self.step().name.clone();
        if let Some(last) = self.progress.answers.get_mut(&name) {
            last.standing = Standing::Shown;
            last.said = say!("lesson-it-is", truth = last.truth.clone().unwrap_or_default());
        }
    }

    /// Whether the step is answered, so that the next may come.
    pub fn may_go_on(&self) -> bool {
        self.answered().is_some_and(|last| last.standing != Standing::Wrong)
    }

    /// Whether this is the last step.
    pub fn is_last(&self) -> bool {
        self.progress.step + 1 == self.lesson.steps.len()
    }

    /// Goes to the next step, or to the end; nothing happens while the step is not answered.
    pub fn next(&mut self) {
        if !self.may_go_on() {
            return;
        }
        match self.is_last() {
            true => self.progress.finished = true,
            false => self.progress.step += 1,
        }
    }

    /// Goes back one step, from the end to the last one.
    pub fn back(&mut self) {
        match std::mem::take(&mut self.progress.finished) {
            true => {}
            false => self.progress.step = self.progress.step.saturating_sub(1),
        }
    }

    /// Goes to a step, whether those before it were answered or not.
    pub fn go_to(&mut self, place: usize) {
        self.progress.step = place.min(self.lesson.steps.len() - 1);
        self.progress.finished = false;
    }
}

#[cfg(test)]
mod tests;
