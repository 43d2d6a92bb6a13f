//! A log of what a person does, for those who study that: only where it was asked for, in a file of their own, sent nowhere.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use web_time::Instant;

use super::show::Show;
use crate::app::platform;
use crate::app::view::View;
use crate::app::worker::board::{Board, Snapshot};
use crate::files::write_atomically;
use crate::words::say;

/// The log while it is kept: one JSON object a line, the file whole after each.
pub struct Log {
    path: PathBuf,
    lines: String,
    began: Instant,
    seen: Seen,
}

/// What the last lines were about: only what changes is written.
#[derive(Default, PartialEq)]
struct Seen {
    show: Show,
    /// The run's number, stage and round.
    place: Option<(u64, &'static str, u64)>,
    chosen: Vec<String>,
    /// The order of a prediction, and whether it was revealed.
    prediction: Option<(Vec<String>, bool)>,
    failure: Option<String>,
}

impl Seen {
    fn of(view: &View, board: &Board) -> Self {
        let snapshot = board.snapshot.as_deref();
        let place = |snapshot: &Snapshot| (snapshot.run, snapshot.state.stage.name(), snapshot.state.round);
        let decided = |snapshot: &Snapshot| Some(snapshot.state.record(snapshot.state.round)?.chosen());
        Self {
            show: Show::of(view),
            place: snapshot.map(place),
            chosen: snapshot.and_then(decided).unwrap_or_default(),
            prediction: view.prediction.as_ref().map(|told| (told.order.clone(), told.revealed)),
            failure: board.failure.as_ref().map(|failure| failure.text.clone()),
        }
    }
}

impl Log {
    /// Begins one, with the run as it is.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be written.
    pub fn begin(path: &Path, link: &str) -> Result<Self, String> {
        let seen = Seen::default();
        let mut log = Self { path: path.to_owned(), lines: String::new(), began: Instant::now(), seen };
        log.note("log", json!({ "schema": 1, "seedling": env!("CARGO_PKG_VERSION"), "link": link }))?;
        Ok(log)
    }

    /// Writes a line: seconds since the beginning, what happened, and its details.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be written.
    pub fn note(&mut self, what: &str, details: Value) -> Result<(), String> {
        let seconds = (self.began.elapsed().as_secs_f64() * 1e3).round() / 1e3;
        let mut line = Map::from_iter([("at".to_owned(), json!(seconds)), ("what".to_owned(), json!(what))]);
        if let Value::Object(details) = details {
            line.extend(details);
        }
        self.lines.push_str(&format!("{}\n", Value::Object(line)));
        write_atomically(&self.path, self.lines.as_bytes()).map_err(|error| error.to_string())
    }

    /// Writes what has changed since the last frame.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be written.
    pub fn frame(&mut self, view: &View, board: &Board) -> Result<(), String> {
        let now = Seen::of(view, board);
        if now == self.seen {
            return Ok(());
        }
        let before = std::mem::replace(&mut self.seen, now);
        if self.seen.show != before.show {
            let mut looked = Map::new();
            self.seen.show.write(&mut |name, value| {
                looked.extend(value.map(|value| (name.to_owned(), json!(value))));
            });
            self.note("look", Value::Object(looked))?;
        }
        if let Some((run, stage, round)) = self.seen.place.filter(|place| before.place != Some(*place)) {
            self.note("stage", json!({ "run": run, "stage": stage, "round": round }))?;
        }
        if self.seen.chosen != before.chosen && !self.seen.chosen.is_empty() {
            self.note("choice", json!({ "chosen": self.seen.chosen }))?;
        }
        if let Some((order, revealed)) =
            self.seen.prediction.clone().filter(|_| self.seen.prediction != before.prediction)
        {
            self.note("prediction", json!({ "order": order, "revealed": revealed }))?;
        }
        if let Some(why) = self.seen.failure.clone().filter(|_| self.seen.failure != before.failure) {
            self.note("failure", json!({ "why": why }))?;
        }
        Ok(())
    }

    /// Ends it, and returns what to say of it.
    pub fn end(self) -> String {
        match platform::hand_over(&self.path) {
            Some(name) => say!("log-downloaded", name = name),
            None => say!("log-written", path = self.path.display().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &Path) -> Vec<Value> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn only_what_changes_is_written_and_the_file_is_whole_after_each_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        let mut log = Log::begin(&path, "seed=3").unwrap();
        assert_eq!(
            (lines(&path)[0]["what"].as_str(), lines(&path)[0]["link"].as_str()),
            (Some("log"), Some("seed=3"))
        );
        let (mut view, board) = (View::default(), Board::default());
        log.frame(&view, &board).unwrap();
        assert_eq!(lines(&path).len(), 1, "nothing has happened");
        view.candidate = Some("split:conv1:3".into());
        view.tab = "curves";
        for _ in 0..3 {
            log.frame(&view, &board).unwrap();
        }
        log.note("action", json!({ "name": "undo" })).unwrap();
        let written = lines(&path);
        assert_eq!(written.len(), 3);
        assert_eq!(
            (&written[1]["what"], &written[1]["candidate"], &written[1]["tab"]),
            (&json!("look"), &json!("split:conv1:3"), &json!("curves"))
        );
        assert_eq!((&written[2]["what"], &written[2]["name"]), (&json!("action"), &json!("undo")));
        assert!(written.windows(2).all(|pair| pair[0]["at"].as_f64() <= pair[1]["at"].as_f64()));
        assert!(log.end().contains("log.jsonl is written"));
        let nowhere = Log::begin(&folder.path().join("none/log.jsonl"), "").map(|_| ()).unwrap_err();
        assert!(nowhere.contains("none"), "{nowhere}");
    }
}
