//! What stands beside the picture for those who do not see it: the screen in words, and buttons for what can be
//! done. A page puts them among its own elements (web/beside.js), which a screen reader reads and presses.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_channel::Receiver;
use serde_json::{Value, json};

use super::action::Action;
use super::post::Post;
use crate::app::controls::{Controls, frozen};
use crate::app::panels::PANELS;
use crate::app::panels::aloud::{best, head, network, said, standing};
use crate::app::view::View;
use crate::app::worker::board::{Board, Snapshot};
use crate::words::say;

/// The end that the screen holds.
pub struct Beside {
    pressed: Receiver<Action>,
    post: Post,
}

impl Beside {
    /// One whose buttons come through a channel, and whose words are read in a text as JSON.
    pub fn new(pressed: Receiver<Action>, told: Arc<Mutex<String>>) -> Self {
        Self { pressed, post: Post::new(told) }
    }

    /// The next button that was pressed.
    pub(super) fn next(&self) -> Option<Action> {
        self.pressed.try_recv().ok()
    }

    /// In how long it may be told again; none if it may be now.
    pub(super) fn later(&self) -> Option<Duration> {
        self.post.later()
    }

    /// Tells how things are; `shown` is the moment of the run that the panels show.
    pub(super) fn tell(&mut self, board: &Board, shown: Option<&Snapshot>, view: &View, controls: &Controls) {
        self.post.write(told(board, shown, view, controls).to_string());
    }
}

/// All of it: `said` is to be read out when it changes, `panel` as well.
fn told(board: &Board, snapshot: Option<&Snapshot>, view: &View, controls: &Controls) -> Value {
    let best = snapshot.and_then(|snapshot| best(snapshot, view));
    json!({
        "said": said(board, view),
        "panel": say!("beside-panel", panel = (PANELS[shown(view)].tab)()),
        "standing": snapshot.map_or(String::new(), |snapshot| standing(board, snapshot)),
        "network": snapshot.map(network).unwrap_or_default(),
        "best": best.map(|best| json!({ "title": best.title, "head": head(), "rows": best.rows })),
        "buttons": buttons(board, view, controls),
    })
}

/// The place of the panel that is shown at the right.
fn shown(view: &View) -> usize {
    PANELS.iter().position(|entry| entry.name == view.tab).unwrap_or(0)
}

/// The main line's actions in their order: the name that presses each, what it says, and why it is off.
fn buttons(board: &Board, view: &View, controls: &Controls) -> Vec<Value> {
    let next = (1..PANELS.len()).map(|step| Action::Show((shown(view) + step) % PANELS.len()));
    let next = next.into_iter().find(|action| !controls.freezes(&action.control()));
    let always = [
        Action::PlayPause,
        Action::Step,
        Action::Round,
        Action::RunThrough,
        Action::Cancel,
        Action::Undo,
        Action::Redo,
        Action::OneMoreRound,
        Action::OwnRun,
    ];
    let all = always.into_iter().chain(next).filter(|action| !controls.hides(&action.control()));
    all.map(|action| {
        let text = match action {
            Action::PlayPause if board.playing => say!("transport-pause").to_owned(),
            Action::PlayPause => say!("transport-play").to_owned(),
            Action::Show(place) => say!("beside-next-panel", panel = (PANELS[place].tab)()),
            other => other.label().to_owned(),
        };
        let off = if controls.freezes(&action.control()) { Some(frozen()) } else { action.refusal(board) };
        json!({ "do": action.control(), "text": text, "off": off })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(buttons: &[Value]) -> Vec<&str> {
        buttons.iter().filter_map(|button| button["do"].as_str()).collect()
    }

    #[test]
    fn buttons_press_what_they_are_named_after_and_say_why_they_are_off() {
        let (board, view) = (Board::default(), View::default());
        let all = buttons(&board, &view, &Controls::default());
        assert_eq!(names(&all)[..3], ["play-or-pause", "one-stage", "to-the-end-of-the-round"]);
        for button in &all {
            let action = Action::named(button["do"].as_str().unwrap()).expect("an action");
            assert_eq!(button["off"].as_str(), action.refusal(&board), "{button}");
        }
        assert!(all[1]["off"].is_string(), "there is no run yet");
        let playing = Board { playing: true, ..Board::default() };
        assert_eq!(buttons(&playing, &view, &Controls::default())[0]["text"], "Pause");
        assert_eq!(Action::named("explode"), None);
    }

    #[test]
    fn what_a_link_hides_has_no_button_and_what_it_freezes_says_so() {
        let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let controls = Controls { hidden: set(&["undo"]), frozen: set(&["one-stage", "curves"]) };
        let all = buttons(&Board::default(), &View::default(), &controls);
        assert!(!names(&all).contains(&"undo") && names(&all).contains(&"redo"));
        assert_eq!(all[1]["off"], frozen());
        assert_eq!(*names(&all).last().unwrap(), "table", "the panel after the frozen one");
    }

    #[test]
    fn the_panels_are_gone_through_one_after_another() {
        let mut view = View::default();
        for step in 1..=2 * PANELS.len() {
            let all = buttons(&Board::default(), &view, &Controls::default());
            let entry = &PANELS[step % PANELS.len()];
            let last = all.last().unwrap();
            assert_eq!(
                (last["do"].as_str(), last["text"].as_str()),
                (Some(entry.name), Some(&*format!("Next panel: {}", (entry.tab)())))
            );
            view.tab = entry.name;
            assert!(
                told(&Board::default(), None, &view, &Controls::default())["panel"]
                    .as_str()
                    .unwrap()
                    .contains((entry.tab)())
            );
        }
    }
}
