//! Progress on standard error: bars on a terminal, else one line a stage, nothing if quiet.

use std::cell::{Cell, RefCell};
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::console::Console;
use super::events::Lines;
use super::interrupt::Interrupt;
use super::report::named;
use crate::format::{decimal, seconds};
use crate::lab::{Event, Observer, Stage, StepCost};
use crate::words::{Language, in_language, say};

/// How much is shown.
#[derive(Clone, Copy, PartialEq)]
enum Show {
    Nothing,
    Lines,
    Bars,
}

/// How long a stretch of training, which takes about a second, may go on once the program is asked to end: what it has
/// done by then is saved, and a longer one is given up.
const LAST_STRETCH: Duration = Duration::from_secs(1);

/// An observer that shows progress, and passes on that the program is asked to end.
pub struct Progress<'a> {
    console: &'a Console,
    show: Show,
    interrupt: Interrupt,
    /// Where every event is written as JSON, if it is.
    lines: Option<Lines<'a>>,
    /// The stage under way.
    stage: Cell<Option<Stage>>,
    rounds: Cell<u64>,
    language: Language,
    /// Whether trials of a search have begun.
    searching: Cell<bool>,
    bar: RefCell<Option<ProgressBar>>,
}

impl<'a> Progress<'a> {
    /// For a run of `rounds` rounds, in words of `language`.
    pub fn new(
        console: &'a Console,
        quiet: bool,
        rounds: u64,
        language: Language,
        interrupt: Interrupt,
        lines: Option<Lines<'a>>,
    ) -> Self {
        let show = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Show::Nothing,
            (false, true) => Show::Bars,
            (false, false) => Show::Lines,
        };
        Self {
            console,
            show,
            interrupt,
            lines,
            stage: Cell::default(),
            rounds: Cell::new(rounds),
            language,
            searching: Cell::default(),
            bar: RefCell::default(),
        }
    }

    /// Where events are written as JSON, if they are.
    pub fn lines(&self) -> Option<&Lines<'a>> {
        self.lines.as_ref()
    }

    /// Removes an unfinished bar.
    pub fn clear(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Prints a line, above the bar if there is one.
    pub fn say(&self, text: &str) {
        if self.show != Show::Nothing {
            match self.bar.borrow().as_ref() {
                Some(bar) => bar.suspend(|| self.console.error(text)),
                None => self.console.error(text),
            }
        }
    }

    fn label(&self, stage: Stage, round: u64) -> String {
        let name = named(stage);
        match stage {
            Stage::Seed => name.into(),
            Stage::Ask | Stage::Assess | Stage::Adopt => say!("report-search-stage", stage = name),
            _ if round > self.rounds.get() => say!("report-final-stage", stage = name),
            _ => say!("report-round-stage", round = round, rounds = self.rounds.get(), stage = name),
        }
    }

    fn started(&self, stage: Stage, round: u64) {
        if self.show != Show::Bars {
            return;
        }
        let bar = ProgressBar::new(1).with_prefix(self.label(stage, round));
        let template = "{prefix:<28}{bar:30.green} {pos:>5}/{len:<5} {elapsed:>4}  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.tick();
        *self.bar.borrow_mut() = Some(bar);
    }

    fn finished(&self, stage: Stage, round: u64, cost: StepCost) {
        let done = say!("report-done-in", time = seconds(cost.seconds));
        let line = format!("{:<28}{done}", self.label(stage, round));
        match self.show {
            // A trial has one line of its own.
            _ if self.searching.get() && round <= self.rounds.get() => self.clear(),
            Show::Nothing => {}
            Show::Lines => self.console.error(&line),
            Show::Bars => {
                self.clear();
                self.console.error(&line);
            }
        }
    }
}

impl Observer for Progress<'_> {
    fn event(&self, event: Event) {
        if let Some(lines) = &self.lines {
            lines.event(&event);
        }
        in_language(self.language, || self.tell(event));
    }

    fn language(&self) -> Language {
        self.language
    }

    fn cancelled(&self) -> bool {
        match self.stage.get() {
            Some(Stage::Train) => self.interrupt.waiting().is_some_and(|waiting| waiting > LAST_STRETCH),
            _ => self.interrupt.requested(),
        }
    }
}

impl Progress<'_> {
    fn tell(&self, event: Event) {
        match event {
            Event::StageStarted { stage, round } => {
                self.stage.set(Some(stage));
                self.searching.set(self.searching.get() || stage == Stage::Ask);
                self.started(stage, round);
            }
            Event::Progress { done, total, loss } => {
                if let Some(bar) = self.bar.borrow().as_ref() {
                    bar.set_length(total);
                    bar.set_position(done);
                    if let Some(loss) = loss {
                        bar.set_message(say!("report-trial-loss", loss = decimal(loss.into(), 3)));
                    }
                }
            }
            Event::StageDone { stage, round, cost } => {
                self.finished(stage, round, cost);
            }
            Event::Notice(text) => self.say(&say!("report-notice", text = text)),
            Event::Warning(text) => self.say(&say!("report-warned", text = text)),
        }
    }
}
