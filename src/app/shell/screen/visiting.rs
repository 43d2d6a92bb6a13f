//! What a link or the page around this one asks for, done step by step, and what that page and a log are told.

use std::path::Path;

use eframe::egui::Context;

use super::Screen;
use super::arrival::Arrival;
use super::dialog::Dialog;
use crate::app::controls::Controls;
use crate::app::platform;
use crate::app::shell::action::Action;
use crate::app::shell::beside::Beside;
use crate::app::shell::exchange::Given;
use crate::app::shell::guide::Guide;
use crate::app::shell::log::Log;
use crate::app::shell::show::Show;
use crate::app::shell::steer::{Host, Steer};
use crate::app::shell::visit::Visit;
use crate::app::view::View;
use crate::app::worker::Order;
use crate::app::worker::board::{Board, Snapshot};
use crate::lab::Stage;
use crate::lesson::names;
use crate::words::say;

impl Screen {
    /// Has the screen look and the first run go on as a link says.
    pub fn welcome(&mut self, visit: Visit, context: &Context) {
        self.take_visit(visit, 0, context);
    }

    /// The same for the run that comes after the one of a number.
    fn take_visit(&mut self, visit: Visit, after: u64, context: &Context) {
        let Visit { at, choices, show, controls, .. } = visit;
        if controls.hides("introduction") && matches!(self.dialog, Some(Dialog::Help(_))) {
            self.dialog = None;
        }
        controls.install(context);
        self.look_as(&show, context);
        self.arrival = Some(Arrival { at, choices, show, after, asked: None });
    }

    fn look_as(&mut self, show: &Show, context: &Context) {
        if let Some(large) = show.apply(&mut self.view, context) {
            self.presenter = large;
        }
    }

    /// Goes the next step to where the link leads: a stage, or a choice.
    pub(super) fn arrive(&mut self, context: &Context, board: &Board) {
        let Some(arrival) = &mut self.arrival else { return };
        let Some(snapshot) = board.snapshot.as_deref().filter(|snapshot| snapshot.run > arrival.after) else {
            return;
        };
        if board.busy || arrival.asked == Some(snapshot.at) && board.failure.is_none() {
            return;
        }
        let next = arrival.next(snapshot).filter(|_| board.failure.is_none());
        arrival.asked = Some(snapshot.at);
        match next {
            Some(order) => self.worker.order(order),
            None => {
                let show = std::mem::take(&mut arrival.show);
                self.arrival = None;
                self.look_as(&show, context);
            }
        }
    }

    /// Does what the page around this one orders.
    pub(super) fn steered(&mut self, context: &Context, board: &Board) {
        while let Some(steer) = self.host.as_ref().and_then(Host::next) {
            match steer {
                Steer::Play if board.playing => {}
                Steer::Pause if !board.playing => {}
                // Whoever steers from outside says where to stop.
                Steer::Play => self.act(Action::RunThrough, context, board),
                Steer::Pause => self.act(Action::PlayPause, context, board),
                Steer::Step => self.act(Action::Step, context, board),
                Steer::Round => self.act(Action::Round, context, board),
                Steer::Cancel => self.act(Action::Cancel, context, board),
                Steer::Undo => self.act(Action::Undo, context, board),
                Steer::Redo => self.act(Action::Redo, context, board),
                Steer::Show(show) => self.look_as(&show, context),
                Steer::Load(visit) => {
                    let after = board.snapshot.as_deref().map_or(0, |snapshot| snapshot.run);
                    self.load(*visit, after, context);
                }
            }
        }
    }

    fn load(&mut self, mut visit: Visit, after: u64, context: &Context) {
        self.dialog = None;
        if visit.controls == Controls::default() {
            visit.controls = (*Controls::of(context)).clone();
        }
        match &visit.run {
            Some(address) => {
                let fetched =
                    platform::fetch_run(address.clone(), context.clone(), |folder| Ok(Given::Run(folder)));
                self.given = Some(fetched);
            }
            None => {
                self.engine = visit.engine;
                self.worker
                    .order(Order::New { config: Box::new(visit.config.clone()), engine: visit.engine });
            }
        }
        self.take_visit(visit, after, context);
    }

    /// Tells the page around this one how things are, not too often.
    pub(super) fn tell_host(&mut self, context: &Context, board: &Board) {
        let Some(host) = &self.host else { return };
        if let Some(later) = host.later() {
            return context.request_repaint_after(later);
        }
        let link = board.snapshot.as_deref().map(|snapshot| self.visit(snapshot, context).write());
        if let Some(host) = &mut self.host {
            host.tell(board, link);
        }
    }

    /// Presses what was pressed beside the picture. As with keys, nothing is done that the link has switched off.
    pub(super) fn pressed(&mut self, context: &Context, board: &Board) {
        while let Some(action) = self.beside.as_ref().and_then(Beside::next) {
            if Controls::of(context).freezes(&action.control()) {
                continue;
            }
            // Who goes on has no use for the introduction, which they may not see.
            if matches!(self.dialog, Some(Dialog::Help(_))) {
                self.dialog = None;
            }
            self.act(action, context, board);
        }
    }

    /// Says beside the picture how things are, not too often.
    pub(super) fn tell_beside(&mut self, context: &Context, board: &Board) {
        let Some(beside) = &self.beside else { return };
        if let Some(later) = beside.later() {
            return context.request_repaint_after(later);
        }
        let shown = board.snapshot.as_ref().map(|now| self.looked_at(now));
        if let Some(beside) = &mut self.beside {
            beside.tell(board, shown.as_deref(), &self.view, &Controls::of(context));
        }
    }

    /// Begins a log of what is done.
    pub(super) fn begin_log(&mut self, path: &Path, snapshot: &Snapshot, context: &Context) {
        match Log::begin(path, &self.visit(snapshot, context).write()) {
            Ok(log) => {
                self.log = Some(log);
                self.tell(say!("screen-log-begun", path = path.display().to_string()));
            }
            Err(why) => self.complain(why),
        }
    }

    /// Has the log take note of something, if there is one; it ends where it cannot be written.
    pub(super) fn log(&mut self, note: impl FnOnce(&mut Log, &View) -> Result<(), String>) {
        let Some(log) = &mut self.log else { return };
        if let Err(why) = note(log, &self.view) {
            self.log = None;
            self.complain(say!("screen-log-ended", why = why));
        }
    }

    /// The whole link to what is on the screen.
    pub(super) fn visit(&self, snapshot: &Snapshot, context: &Context) -> Visit {
        let state = &snapshot.state;
        let begun = state.stage != Stage::Seed;
        let decided = state.rounds.iter().filter(|round| begun && round.decided);
        Visit {
            config: snapshot.config.clone(),
            engine: self.engine,
            at: begun.then_some((state.stage, state.round)),
            // A lesson of a file cannot be linked to.
            lesson: self
                .guide
                .as_ref()
                .map(Guide::place)
                .filter(|(lesson, _)| names().any(|name| name == lesson.name)),
            choices: decided.map(|round| (round.round, round.chosen())).collect(),
            show: Show::of(&self.view),
            controls: (*Controls::of(context)).clone(),
            ..Visit::default()
        }
    }
}
