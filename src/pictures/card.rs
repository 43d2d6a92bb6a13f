//! The card at the end of a lesson: what was guessed, and what was written.

use crate::lesson::Results;
use crate::plot::{Anchor, Ink, Scene};

/// Its width, in points.
const WIDTH: f32 = 640.0;
/// Room around everything.
const MARGIN: f32 = 22.0;
/// Letters of a line about as wide as the card.
const LETTERS: usize = 92;
/// Height of a line.
const LINE: f32 = 18.0;

/// The card.
pub fn card(results: &Results) -> Scene {
    let mut scene = Scene { width: WIDTH, ..Scene::default() };
    let mut y = MARGIN + 8.0;
    scene.text(&results.title, (MARGIN, y), 20.0, Ink::Text, Anchor::Start).bold = true;
    scene.text(results.score_in_words(), (WIDTH - MARGIN, y), 15.0, Ink::Series(2), Anchor::End).bold = true;
    y += 20.0;
    scene.line(vec![(MARGIN, y), (WIDTH - MARGIN, y)], 1.0, Ink::Grid);
    y += 20.0;
    for line in &results.lines {
        scene.text(&line.question, (MARGIN, y), 13.0, Ink::Text, Anchor::Start).bold = true;
        y += LINE;
        for part in wrapped(&format!("{} ({})", line.answer, line.outcome), LETTERS) {
            scene.text(part, (MARGIN + 12.0, y), 12.5, Ink::Weak, Anchor::Start);
            y += LINE - 2.0;
        }
        y += 5.0;
    }
    for sentence in &results.sentences {
        y += 6.0;
        for part in wrapped(&format!("\u{201c}{sentence}\u{201d}"), LETTERS - 12) {
            scene.text(part, (MARGIN, y), 14.0, Ink::Text, Anchor::Start);
            y += LINE + 2.0;
        }
    }
    scene.text("Seedling", (WIDTH - MARGIN, y + 6.0), 11.0, Ink::Weak, Anchor::End);
    scene.height = y + MARGIN;
    scene
}

/// A text in lines of at most so many letters; a longer word is cut.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunks(most) {
            let part: String = part.iter().collect();
            let last = lines.last().map_or(0, |line| line.chars().count());
            match lines.last_mut() {
                Some(line) if last == 0 => *line = part,
                Some(line) if last + 1 + part.chars().count() <= most => *line += &format!(" {part}"),
                _ => lines.push(part),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Line;
    use crate::plot::Item;

    #[test]
    fn everything_is_on_the_card_and_inside_of_it() {
        let line = |number: usize| Line {
            question: format!("Question {number}?"),
            answer: "a very long answer ".repeat(12),
            outcome: "right at once".into(),
        };
        let results = Results {
            title: "A lesson".into(),
            score: (3, 4),
            lines: (1..=4).map(line).collect(),
            sentences: vec!["x".repeat(200)],
        };
        let scene = card(&results);
        let texts: Vec<_> = scene
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Text(text) => Some(text),
                _ => None,
            })
            .collect();
        for wanted in ["A lesson", "3 of 4 right", "Question 4?"] {
            assert!(texts.iter().any(|text| text.text == wanted), "{wanted}");
        }
        for text in texts {
            assert!(text.at.1 + text.size / 2.0 <= scene.height, "{}", text.text);
            assert!(text.text.chars().count() <= LETTERS, "{}", text.text);
        }
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("", 7), [""]);
    }
}
