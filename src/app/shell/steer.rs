//! What a page around this one may ask for and what it is told, as messages of docs/embedding.md.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_channel::Receiver;
use serde::Deserialize;
use serde_json::{Value, json};

use super::post::Post;
use super::show::Show;
use super::visit::Visit;
use crate::app::worker::board::{Board, Snapshot};
use crate::lab::Round;

/// An order from outside. It goes before what the link has switched off: who embeds a page decides that.
#[derive(Clone, Debug, PartialEq)]
pub enum Steer {
    /// Plays, if it does not yet.
    Play,
    /// Pauses, if it plays.
    Pause,
    /// One stage.
    Step,
    /// To the end of the round.
    Round,
    /// Aborts the stage under way.
    Cancel,
    /// Back to before the last stage or edit.
    Undo,
    /// Takes the last undo back.
    Redo,
    /// Begins again as a link says.
    Load(Box<Visit>),
    /// Has something be looked at.
    Show(Box<Show>),
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    link: String,
}

impl Steer {
    /// Reads a message, such as `{"do": "load", "link": "#preset=small"}`.
    ///
    /// # Errors
    ///
    /// A sentence for who wrote the message.
    pub fn read(text: &str) -> Result<Self, String> {
        let expected = "expected {do: \"play\", …}";
        let message: Message =
            serde_json::from_str(text).map_err(|error| format!("found {error}, {expected}"))?;
        let link = || Visit::read(&message.link).map_err(|error| error.to_string());
        Ok(match message.what.as_str() {
            "play" => Steer::Play,
            "pause" => Steer::Pause,
            "step" => Steer::Step,
            "round" => Steer::Round,
            "cancel" => Steer::Cancel,
            "undo" => Steer::Undo,
            "redo" => Steer::Redo,
            "load" => {
                let visit = link()?;
                if visit.embed.is_some() {
                    return Err("link: found embed, which only the page's own address may say".into());
                }
                Steer::Load(Box::new(visit))
            }
            "show" => {
                let visit = link()?;
                let show = visit.show.clone();
                if visit != (Visit { show: show.clone(), ..Visit::default() }) {
                    return Err(
                        "link: found settings of a run, expected only what is looked at; load takes all"
                            .into(),
                    );
                }
                Steer::Show(Box::new(show))
            }
            other => {
                return Err(format!(
                    "do: found \"{other}\", expected one of play, pause, step, round, cancel, undo, redo, load, show, ask"
                ));
            }
        })
    }
}

/// The page around this one.
pub struct Host {
    orders: Receiver<Steer>,
    post: Post,
}

impl Host {
    /// One that orders through a channel, and reads what it is told in a text.
    pub fn new(orders: Receiver<Steer>, told: Arc<Mutex<String>>) -> Self {
        Self { orders, post: Post::new(told) }
    }

    /// Its next order.
    pub(super) fn next(&self) -> Option<Steer> {
        self.orders.try_recv().ok()
    }

    /// In how long it may be told again; none if it may be now.
    pub(super) fn later(&self) -> Option<Duration> {
        self.post.later()
    }

    /// Tells it how things are.
    pub(super) fn tell(&mut self, board: &Board, link: Option<String>) {
        self.post.write(told(board, link).to_string());
    }
}

/// What the page around this one is told: how the run stands, its numbers by round, and the link to all of it.
fn told(board: &Board, link: Option<String>) -> Value {
    let failure = board.failure.as_ref().map(|failure| format!("{} {}", failure.text, failure.advice));
    json!({
        "busy": board.busy,
        "playing": board.playing,
        "progress": board.progress.map(|progress| progress.fraction()),
        "failure": failure.map(|text| text.trim_end().to_owned()),
        "run": board.snapshot.as_deref().map(told_run),
        "link": link,
    })
}

fn told_run(snapshot: &Snapshot) -> Value {
    let state = &snapshot.state;
    json!({
        "number": snapshot.run,
        "engine": snapshot.engine.name,
        "stage": state.stage.name(),
        "round": state.round,
        "of": snapshot.config.rounds,
        "seed": state.seed,
        "rounds": state.rounds.iter().map(|round| told_round(round)).collect::<Vec<_>>(),
    })
}

fn told_round(round: &Round) -> Value {
    json!({
        "round": round.round,
        "before": round.before,
        "after": round.after,
        "candidates": round.candidates.len(),
        "chosen": round.chosen(),
        "agreement": round.agreement(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_wrong_ones_named() {
        assert_eq!(Steer::read(r##"{"do": "step", "id": 7}"##), Ok(Steer::Step));
        let Ok(Steer::Load(visit)) = Steer::read(r##"{"do": "load", "link": "#seed=3&at=grow&tab=table"}"##)
        else {
            panic!("not to be loaded");
        };
        assert_eq!((visit.config.seed, visit.show.tab), (3, Some("table")));
        let Ok(Steer::Show(show)) = Steer::read(r#"{"do": "show", "link": "tab=curves&theme=dark"}"#) else {
            panic!("not to be shown");
        };
        assert_eq!(*show, Show { tab: Some("curves"), dark: Some(true), ..Show::default() });
        for (text, part) in [
            ("play", "expected {do:"),
            ("{}", "missing field `do`"),
            (r#"{"do": "explode"}"#, "found \"explode\", expected one of play"),
            (r#"{"do": "load", "link": "sed=3"}"#, "sed"),
            (r#"{"do": "load", "link": "run=https://evil.example/a.zip"}"#, "another host"),
            (r#"{"do": "load", "link": "embed=https://evil.example"}"#, "only the page's own address"),
            (r#"{"do": "show", "link": "seed=3"}"#, "load takes all"),
        ] {
            let said = Steer::read(text).unwrap_err();
            assert!(said.contains(part), "{text}: {said}");
        }
    }
}
