//! What somebody guessed in a lesson, line by line, for a card and for their teacher.

use super::answer::{Answered, Standing};
use super::course::Course;
use super::kinds::Ask;
use crate::words::say;

/// A line: the question, the answer, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The question.
    pub question: String,
    /// The answer in words.
    pub answer: String,
    /// What came of it, in a few words.
    pub outcome: String,
}

/// The results of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// The lesson's title.
    pub title: String,
    /// How many questions were answered right, of those that can be.
    pub score: (usize, usize),
    /// A line for each question that was answered.
    pub lines: Vec<Line>,
    /// The sentences that were written.
    pub sentences: Vec<String>,
}

/// The results so far.
pub fn results(course: &Course) -> Results {
    let lesson = course.lesson();
    let mut results =
        Results { title: lesson.title.clone(), score: (0, 0), lines: Vec::new(), sentences: Vec::new() };
    for step in &lesson.steps {
        if step.check.can_fail() {
            results.score.1 += 1;
        }
        let Some(answered) = course.progress().answers.get(&step.name) else { continue };
        results.score.0 += usize::from(answered.standing == Standing::Right);
        match step.ask {
            Ask::Read | Ask::Do(_) => {}
            Ask::Write { .. } => results.sentences.push(answered.words.clone()),
            _ => results.lines.push(Line {
                question: step.title.clone(),
                answer: answered.words.clone(),
                outcome: outcome(answered),
            }),
        }
    }
    results
}

fn outcome(answered: &Answered) -> String {
    let truth = answered.truth.clone().unwrap_or_default();
    match (answered.standing, answered.tries) {
        (Standing::Right, 1) => say!("lesson-right-at-once").into(),
        (Standing::Right, tries) => say!("lesson-right-later", tries = tries),
        (Standing::Kept, _) => say!("lesson-kept").into(),
        (Standing::Wrong, _) => say!("lesson-not-yet", truth = truth),
        (Standing::Shown, _) => say!("lesson-shown", truth = truth),
    }
}

impl Results {
    /// How many answers were right.
    pub fn score_in_words(&self) -> String {
        let (right, all) = self.score;
        say!("lesson-score", right = right, all = all)
    }

    /// As a text file.
    pub fn text(&self) -> String {
        let mut text = format!("Seedling: {}\n{}\n", self.title, self.score_in_words());
        for line in &self.lines {
            text += &format!("\n{}\n    {} ({})\n", line.question, line.answer, line.outcome);
        }
        for sentence in &self.sentences {
            text += &format!("\n\u{201c}{sentence}\u{201d}\n");
        }
        text
    }
}
