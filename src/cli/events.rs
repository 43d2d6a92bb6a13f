//! `--json`: one JSON object a line on standard output for each event, for programs that drive this one. The lines keep to
//! `docs/driving.md`; fields are added, never renamed.

use std::cell::Cell;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::console::Console;
use crate::engine::EngineInfo;
use crate::lab::{Event, KeptLab, Lab, Stage, record_json, round_json};
use crate::search::trials::{Tree, Trial};

/// Version of the lines.
const SCHEMA: u32 = 1;
/// Least time between two lines of progress.
const PAUSE: Duration = Duration::from_millis(500);

/// Writes the lines.
pub struct Lines<'a> {
    console: &'a Console,
    stage: Cell<Option<(Stage, u64)>>,
    last: Cell<Option<Instant>>,
}

impl<'a> Lines<'a> {
    /// Onto this console.
    pub fn new(console: &'a Console) -> Self {
        Self { console, stage: Cell::default(), last: Cell::default() }
    }

    /// The first line: what is run, with every setting.
    pub fn start(&self, lab: &Lab, engine: &EngineInfo) {
        self.line(json!({
            "event": "start",
            "schema": SCHEMA,
            "seedling": env!("CARGO_PKG_VERSION"),
            "engine": engine,
            "config": lab.config(),
            "warnings": lab.warnings(),
        }));
    }

    /// An event of the lab.
    pub fn event(&self, event: &Event) {
        match event {
            Event::StageStarted { stage, round } => {
                self.stage.set(Some((*stage, *round)));
                self.line(json!({"event": "stage-started", "stage": stage, "round": round}));
            }
            Event::Progress { done, total, loss } => {
                if self.last.get().is_some_and(|last| last.elapsed() < PAUSE) {
                    return;
                }
                self.last.set(Some(Instant::now()));
                let (stage, round) = self.stage.get().unzip();
                self.line(json!({
                    "event": "progress", "stage": stage, "round": round, "done": done, "total": total, "loss": loss
                }));
            }
            Event::StageDone { stage, round, cost } => {
                self.line(json!({"event": "stage-done", "stage": stage, "round": round, "cost": cost}));
            }
            Event::Notice(text) => self.line(json!({"event": "notice", "text": text})),
            Event::Warning(text) => self.line(json!({"event": "warning", "text": text})),
        }
    }

    /// A round that grew the network: its part of `run.json`.
    pub fn round(&self, lab: &Lab, round: u64) {
        if let Some(record) = lab.state().record(round) {
            self.line(json!({"event": "round", "round": round_json(record)}));
        }
    }

    /// A trial of a search that has ended.
    pub fn trial(&self, trial: &Trial, tree: &Tree) {
        let gain = tree.gain(trial.id);
        self.line(json!({"event": "trial", "trial": trial, "gain": gain}));
    }

    /// The last line: the content of `run.json`.
    pub fn result(&self, kept: &KeptLab, engine: &EngineInfo) {
        self.line(json!({"event": "result", "run": record_json(&kept.lab, engine), "folder": folder(kept)}));
    }

    /// The last line of a run that was asked to stop.
    pub fn stopped(&self, kept: &KeptLab) {
        self.line(json!({"event": "stopped", "folder": folder(kept)}));
    }

    fn line(&self, value: Value) {
        self.console.line(&value.to_string());
    }
}

fn folder(kept: &KeptLab) -> Option<String> {
    kept.output().map(|output| output.folder().display().to_string())
}
