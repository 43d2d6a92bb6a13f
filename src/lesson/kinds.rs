//! What a lesson is made of, as its file says it.

use super::check::Check;
use super::part::Part;
use crate::lab::{Config, Stage};

/// The recorded run that comes with the program.
pub const RECORDED: &str = "airplanes";

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its file's name without the ending.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// The language that it is written in, as a code such as `en`.
    pub language: String,
    /// About how long it takes.
    pub minutes: u64,
    /// Settings of the run that its steps are about.
    pub settings: Option<Config>,
    /// The recorded run that some or all steps are about, by its name.
    pub recorded: Option<String>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step: one question, one thing to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What other steps and links call it.
    pub name: String,
    /// Its question.
    pub title: String,
    /// Short paragraphs.
    pub text: Vec<String>,
    /// The run that it is about.
    pub on: On,
    /// The panel that is opened with it, by its name.
    pub show: Option<String>,
    /// The stage of the first round that must be over before it can be answered.
    pub needs: Option<Stage>,
    /// What it points at.
    pub point_at: Vec<Part>,
    /// What is asked.
    pub ask: Ask,
    /// What is checked.
    pub check: Check,
    /// What is said of a right answer, or of one that is only kept.
    pub right: String,
    /// What is said of a wrong answer.
    pub wrong: String,
    /// What helps.
    pub hint: String,
}

/// The run that a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The run of the lesson's settings, which this computer makes.
    Run,
    /// The recorded run.
    Recorded,
}

/// What a step asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Only to read.
    Read,
    /// To have the run, or a race, do something.
    Do(Until),
    /// One of these texts; the right one by its place, where the file gives it.
    Choose {
        /// The texts.
        options: Vec<String>,
        /// The place of the right one, from 0.
        answer: Option<usize>,
    },
    /// A candidate, by its cell, its point or its row.
    Candidate {
        /// The step whose order is looked at again.
        of: Option<String>,
    },
    /// One channel to split and another one to remove.
    Vote,
    /// Six cards in an order.
    Order,
    /// A number.
    Number {
        /// What it counts.
        unit: String,
        /// How far it may be off.
        within: f64,
        /// The right one, where the file gives it.
        answer: Option<f64>,
    },
    /// A place on the axis of the plot of loss along the scale.
    Scale {
        /// How far it may be off.
        within: f64,
    },
    /// Changes to make together.
    Pick {
        /// The most changes.
        most: usize,
        /// The most parameters that they add.
        parameters: i64,
    },
    /// A sentence.
    Write {
        /// The fewest words.
        words: usize,
    },
}

impl Ask {
    /// All names, as in files.
    pub const NAMES: [&'static str; 10] =
        ["read", "do", "choose", "candidate", "vote", "order", "number", "scale", "pick", "write"];

    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Ask::Read => "read",
            Ask::Do(_) => "do",
            Ask::Choose { .. } => "choose",
            Ask::Candidate { .. } => "candidate",
            Ask::Vote => "vote",
            Ask::Order => "order",
            Ask::Number { .. } => "number",
            Ask::Scale { .. } => "scale",
            Ask::Pick { .. } => "pick",
            Ask::Write { .. } => "write",
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// The run has been through this stage of its first round; `done` is its end.
    Stage(Stage),
    /// A race has been run.
    Race(Race),
}

/// A race at equal cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Race {
    /// Its seeds.
    pub seeds: Vec<u64>,
    /// Who runs.
    pub entrants: Vec<Entrant>,
}

/// One who runs in a race.
#[derive(Clone, Debug, PartialEq)]
pub struct Entrant {
    /// Its name.
    pub name: String,
    /// Its settings in full.
    pub settings: Config,
}

impl Lesson {
    /// The place of the step of this name, or of this number counted from 1.
    pub fn place(&self, step: &str) -> Option<usize> {
        let named = self.steps.iter().position(|other| other.name == step);
        let numbered =
            || step.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < self.steps.len());
        named.or_else(numbered)
    }

    /// The race that was last asked for before the step at `place`, or in it.
    pub fn race_before(&self, place: usize) -> Option<&Race> {
        self.steps[..=place].iter().rev().find_map(|step| match &step.ask {
            Ask::Do(Until::Race(race)) => Some(race),
            _ => None,
        })
    }
}
