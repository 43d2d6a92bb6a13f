//! What a person answered, as it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is read, or done.
    Done,
    /// The text at this place, from 0.
    Choice(usize),
    /// This candidate.
    Candidate(String),
    /// These channels, as the candidates that split and remove them.
    Vote {
        /// The one to split.
        split: String,
        /// The one to remove.
        prune: String,
    },
    /// These candidates, the largest gain first.
    Order(Vec<String>),
    /// This number.
    Number(f64),
    /// These changes together.
    Pick(Vec<String>),
    /// This sentence.
    Sentence(String),
}

/// How an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Right.
    Right,
    /// Wrong so far.
    Wrong,
    /// Neither: it is kept.
    Kept,
    /// The person had the right one shown.
    Shown,
}

/// An answer with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// The last answer.
    pub answer: Answer,
    /// It in words.
    pub words: String,
    /// The right one in words, where there is one.
    pub truth: Option<String>,
    /// How it stands.
    pub standing: Standing,
    /// What was said of it.
    pub said: String,
    /// How many answers were given.
    pub tries: u32,
}

/// How far somebody is in a lesson.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The lesson's name.
    pub lesson: String,
    /// The place of the step, from 0.
    pub step: usize,
    /// Whether the last step was left.
    #[serde(default)]
    pub finished: bool,
    /// Answers by the steps' names.
    #[serde(default)]
    pub answers: BTreeMap<String, Answered>,
}
