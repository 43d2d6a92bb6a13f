//! The worker's own end: it takes the orders one by one, and writes what happens on the board.

use std::cell::Cell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_channel::Receiver;
use web_time::Instant;

use super::board::{Failure, Look, Moment, Progress, Repair, Shared, inside, why_in_words};
use super::failing::report;
use super::open_run::OpenRun;
use super::orders::{Door, Order, Until};
use super::past::earlier;
use super::runs;
use crate::app::platform;
use crate::data::{self, Data, DataConfig};
use crate::engine::{EngineError, Part};
use crate::lab::{
    Command, EngineChoice, Event, Lab, LabError, Observer, Output, Recording, Session, Stage, State,
    Unobserved, caught, start_engine,
};
use crate::study::RunError;
use crate::turn;
use crate::words::{Language, say};

/// How often an unfinished training phase is saved.
const SAVE_EVERY: Duration = Duration::from_secs(10);
/// The longest sleep between two looks at whether to stop.
const NAP: Duration = Duration::from_millis(50);

/// Writes the progress of a stage on the board.
struct Reporter<'a> {
    desk: &'a Desk,
    /// The stage and the round under way.
    under_way: (Stage, u64),
    done: Cell<Option<(Stage, u64)>>,
}

impl Observer for Reporter<'_> {
    fn event(&self, event: Event) {
        match event {
            Event::StageStarted { .. } => self.desk.shared.write(|board| {
                board.progress = Some(Progress::of(self.under_way));
            }),
            Event::Progress { done, total, loss } => self.desk.shared.write(|board| {
                // A phase of training that was paused goes on without being started again.
                let progress = board.progress.get_or_insert_with(|| Progress::of(self.under_way));
                progress.advance(done, total, loss);
            }),
            Event::StageDone { stage, round, .. } => {
                self.done.set(Some((stage, round)));
                self.desk.shared.write(|board| (board.progress, board.began) = (None, None));
            }
            Event::Notice(text) => self.desk.shared.write(|board| board.notice(text)),
            Event::Warning(text) => {
                // Before the run goes on, a person decides.
                self.desk.shared.pause.store(true, Ordering::Relaxed);
                self.desk.shared.write(|board| {
                    board.notice(text.clone());
                    let (advice, repair) = (say!("worker-undo-advice").to_owned(), Some(Repair::TakeBack));
                    board.failure = Some(Failure { text, advice, repair });
                });
            }
        }
    }

    fn cancelled(&self) -> bool {
        self.desk.given_up()
    }

    fn language(&self) -> Language {
        self.desk.shared.language()
    }

    fn wants_foreseen(&self) -> bool {
        true
    }

    fn foreseen(&self, gains: &[f64]) {
        self.desk.shared.write(|board| {
            if let Some(snapshot) = &mut board.snapshot {
                *snapshot = Arc::new(snapshot.foreseeing(gains));
            }
        });
    }
}

/// The worker's own end.
pub(super) struct Desk {
    orders: Receiver<Order>,
    /// Orders that came while another was carried out.
    kept: VecDeque<Order>,
    pub(super) shared: Arc<Shared>,
    pub(super) home: Option<PathBuf>,
    runs: u64,
    /// Replacements of the experiment carried out so far.
    replaced: u64,
}

impl Desk {
    /// Takes the orders from `orders`. Each run is kept in a folder of its own in `home`, if given.
    pub(super) fn new(orders: Receiver<Order>, shared: Arc<Shared>, home: Option<PathBuf>) -> Self {
        Self { orders, kept: VecDeque::new(), shared, home, runs: 0, replaced: 0 }
    }

    /// Whether a waiting order replaces the experiment, or the screen is gone.
    fn superseded(&self) -> bool {
        self.orders.is_closed() || self.shared.replacements.load(Ordering::Relaxed) > self.replaced
    }

    /// Whether the current unit of work is to be aborted.
    pub(super) fn given_up(&self) -> bool {
        self.shared.cancel.load(Ordering::Relaxed) || self.superseded()
    }

    fn stopping(&self) -> bool {
        self.shared.stopping() || self.superseded()
    }

    pub(super) async fn work(mut self) {
        let mut open: Option<OpenRun> = None;
        let mut studies_shown = false;
        loop {
            let order = match self.kept.pop_front() {
                Some(order) => order,
                None => match self.orders.recv().await {
                    Ok(order) => order,
                    Err(_) => break,
                },
            };
            if self.orders.is_closed() {
                break;
            }
            // This takes a moment; buttons that turn grey and back would only flicker.
            let shown = !matches!(order, Order::Look { .. });
            self.shared.write(|board| board.busy = shown);
            let replaced = self.replaced;
            // A fault of the program must not end the thread: the window would wait for it for ever.
            let result = caught(self.obey(order, &mut open)).await;
            let result = result.unwrap_or_else(|said| Err(LabError::Fault { work: "This".into(), said }));
            if self.replaced > replaced {
                platform::hold_only(open.as_ref().and_then(|open| open.folder.as_deref())).await;
            }
            self.shared.write(|board| {
                (board.busy, board.playing, board.progress, board.opening) = (false, false, None, None);
                (board.study, board.began) = (None, None);
                if let Err(error) = result {
                    report(board, &error);
                }
            });
            // After the first order: the run comes first.
            if !std::mem::replace(&mut studies_shown, true) {
                self.show_last_studies().await;
                platform::hold_only(open.as_ref().and_then(|open| open.folder.as_deref())).await;
            }
        }
        if let Some(open) = &mut open {
            self.keep(open, None, false);
        }
    }

    async fn obey(&mut self, order: Order, open: &mut Option<OpenRun>) -> Result<(), LabError> {
        match order {
            Order::New { config, engine } => {
                self.replaced += 1;
                self.fresh(|| say!("worker-loading"));
                let data = self.load(&config.data, config.seed, open.as_ref()).await?;
                self.fresh(|| say!("worker-starting"));
                turn::yield_now().await;
                let lab = Lab::new(*config, data)?;
                *open = Some(self.set_up(lab, engine, None).await?);
            }
            Order::Open { folder } => {
                self.replaced += 1;
                self.fresh(|| say!("worker-opening"));
                platform::bring_back(&folder).await;
                let mut session = Session::load(&folder)?;
                session.find_images()?;
                // What the run began with is what it goes on with: another engine's results would differ.
                let engine = match session.engine.name.as_str() {
                    "webgpu" => EngineChoice::WebGpu,
                    _ => EngineChoice::Candle,
                };
                let data = self.load(&session.config.data, session.config.seed, open.as_ref()).await?;
                session.check_data(&data)?;
                let lab = Lab::at(session.config, data, session.state);
                // The run that is open is opened anew: its folder has one writer at a time.
                if let Some(same) = open.as_mut().filter(|open| open.folder.as_ref() == Some(&folder)) {
                    same.output = None;
                }
                let earlier = earlier(&folder, lab.state());
                let set_up = self.set_up(lab, engine, Some(folder)).await?;
                let opened = open.insert(OpenRun { earlier, ..set_up });
                self.publish(opened);
            }
            Order::Replay { path, bytes } => {
                self.replaced += 1;
                self.fresh(|| say!("worker-opening-recorded"));
                let recording = Recording::from_bytes(&bytes, &path)?;
                let (wanted, seed) = (&recording.config.data, recording.config.seed);
                let data = self.load(wanted, seed, open.as_ref()).await?;
                let lab = recording.open(data, (Stage::Choose, 1))?;
                let set_up = self.set_up(lab, EngineChoice::Candle, None).await?;
                let replayed = open.insert(OpenRun { recorded: true, ..set_up });
                self.publish(replayed);
            }
            Order::Along { id } => {
                let open = present(open)?;
                let along = open.lab.along(open.engine.as_mut(), &id).await?;
                self.shared.write(|board| board.along = Some((open.run, Arc::new(along))));
            }
            Order::Compare { of } => {
                self.begin(false);
                self.compare(present(open)?, &of).await?;
            }
            Order::Run { until, rest } => {
                let open = present(open)?;
                open.recorded = false;
                self.begin(true);
                self.run(open, until, rest).await?;
            }
            Order::Do(command) => {
                let open = present(open)?;
                self.begin(false);
                // They are of the network as it was.
                self.shared.write(|board| board.repairs = None);
                open.lab.execute(open.engine.as_mut(), command, &Unobserved).await?;
                self.publish(open);
                self.keep(open, None, false);
            }
            Order::Look { part, index } => self.look(present(open)?, part, index).await?,
            Order::Copy { to } => self.copy(present(open)?, &to)?,
            Order::Export { door, to } => self.export(present(open)?, door, &to)?,
            Order::Study(study) => {
                self.begin(false);
                self.shared.write(|board| board.began = Some(Instant::now()));
                match self.study(*study, open.as_mut()).await {
                    Err(error) if error.is_cancelled() => self.shared.write(|board| {
                        board.notice(say!("worker-study-stopped").into());
                    }),
                    Err(RunError::Lab(error)) => return Err(*error),
                    // What can be done about it stands in its own message.
                    Err(error) => self.shared.write(|board| {
                        let text = error.to_string();
                        board.failure = Some(Failure { text, advice: String::new(), repair: None });
                    }),
                    Ok(()) => {}
                }
            }
        }
        Ok(())
    }

    /// The images for a run: those of the open one, where they are the same.
    async fn load(
        &self,
        wanted: &DataConfig,
        seed: u64,
        open: Option<&OpenRun>,
    ) -> Result<Arc<Data>, LabError> {
        // What is in a folder may have changed.
        if let Some(OpenRun { lab, .. }) = open
            && wanted.dir.is_none()
            && (wanted, seed) == (&lab.config().data, lab.config().seed)
        {
            return Ok(lab.data().clone());
        }
        self.fetch_images(wanted).await?;
        Ok(Arc::new(data::load(wanted, seed).map_err(LabError::Data)?))
    }

    /// Fetches the images that come with the program where they are not part of it; the board tells the progress.
    pub(super) async fn fetch_images(&self, wanted: &DataConfig) -> Result<(), LabError> {
        let shared = self.shared.clone();
        let say = move |text| shared.write(|board| board.opening = Some(text));
        platform::fetch_images(wanted, say).await.map_err(LabError::Data)
    }

    fn begin(&self, playing: bool) {
        self.shared.pause.store(false, Ordering::Relaxed);
        self.shared.cancel.store(false, Ordering::Relaxed);
        self.shared.write(|board| {
            (board.failure, board.playing) = (None, playing);
            // What was said before was about something else.
            board.is_news = false;
        });
    }

    fn fresh(&self, opening: impl FnOnce() -> &'static str) {
        self.begin(false);
        self.shared.write(|board| board.opening = Some(opening().to_owned()));
    }

    /// An experiment with its engine, kept in `folder` or else in the program's own place.
    async fn set_up(
        &mut self,
        lab: Lab,
        engine: EngineChoice,
        folder: Option<PathBuf>,
    ) -> Result<OpenRun, LabError> {
        let started = start_engine(engine).await?;
        self.runs += 1;
        let info = started.engine.info();
        let output = folder.as_deref().map(|folder| Output::open(folder, info.clone())).transpose()?;
        let planned = || {
            self.home.as_deref().map(|home| runs::next_folder(home, lab.config(), &lab.data().class_names))
        };
        let folder = folder.or_else(planned);
        for warning in lab.warnings() {
            self.shared.write(|board| board.notice(warning));
        }
        if cfg!(target_arch = "wasm32") && info.adapter.is_none() {
            self.shared.write(|board| {
                board.notice(say!("worker-one-core", why = why_in_words(&started.why)));
            });
        }
        let (engine, why, saved) = (started.engine, started.why, Instant::now());
        let begun = output.is_some();
        let (recorded, earlier) = (false, Arc::default());
        let run = self.runs;
        let open = OpenRun { run, lab, engine, why, folder, output, begun, recorded, earlier, saved };
        self.shared.write(|board| (board.look, board.repairs) = (None, None));
        self.list_kept();
        self.publish(&open);
        Ok(open)
    }

    async fn run(&mut self, open: &mut OpenRun, until: Until, rest: Duration) -> Result<(), LabError> {
        while !open.lab.is_done() && !self.stopping() {
            let state = open.lab.state();
            let under_way = (state.stage, state.round);
            self.shared.write(|board| {
                board.began.get_or_insert_with(Instant::now);
            });
            let reporter = Reporter { desk: self, under_way, done: Cell::new(None) };
            let result = open.lab.execute(open.engine.as_mut(), Command::Step, &reporter).await;
            let done = reporter.done.take();
            self.publish(open);
            self.keep(open, done, result.is_err());
            match result {
                Err(LabError::Engine(EngineError::Cancelled)) if self.superseded() => return Ok(()),
                Err(LabError::Engine(EngineError::Cancelled)) => {
                    let State { stage, partly, .. } = open.lab.state();
                    let (stage, steps) = (*stage, partly.as_ref().map(|partly| partly.steps));
                    self.shared.write(|board| {
                        board.notice(match steps {
                            Some(steps) => say!("worker-goes-on", stage = inside(stage), step = steps),
                            None => say!("worker-begins-again", stage = inside(stage)),
                        });
                    });
                    return Ok(());
                }
                other => other?,
            }
            turn::yield_now().await;
            self.serve_meanwhile(open).await?;
            match done {
                Some((stage, _)) if until.is_reached(stage) => return Ok(()),
                Some(_) => self.rest(rest).await,
                None => {}
            }
        }
        Ok(())
    }

    /// Rests between stages, so that a person can follow.
    async fn rest(&self, rest: Duration) {
        let start = Instant::now();
        while start.elapsed() < rest && !self.stopping() {
            platform::sleep(NAP.min(rest)).await;
        }
    }

    /// Activations, copies and exports asked for in the middle of a run need not wait for its end; other orders do.
    async fn serve_meanwhile(&mut self, open: &mut OpenRun) -> Result<(), LabError> {
        while let Ok(order) = self.orders.try_recv() {
            let written = match order {
                Order::Look { part, index } => {
                    self.look(open, part, index).await?;
                    Ok(())
                }
                Order::Copy { to } => self.copy(open, &to),
                Order::Export { door, to } => self.export(open, door, &to),
                other => {
                    self.kept.push_back(other);
                    Ok(())
                }
            };
            if let Err(error) = written {
                self.shared.write(|board| report(board, &error));
            }
        }
        Ok(())
    }

    async fn look(&self, open: &mut OpenRun, part: Part, index: usize) -> Result<(), LabError> {
        let (at, step) = (open.lab.history().at(), open.lab.state().step);
        let of = Moment { run: open.run, at, step };
        let model = open.lab.state().model.clone();
        let outputs = match open.lab.activations(open.engine.as_mut(), part, index).await {
            // The next unit of work opens the device again, and says so.
            Err(LabError::Engine(error)) if error.is_lost() => return Ok(()),
            outcome => outcome?,
        };
        self.shared.write(|board| board.look = Some(Arc::new(Look { of, part, index, model, outputs })));
        Ok(())
    }

    fn copy(&self, open: &mut OpenRun, to: &Path) -> Result<(), LabError> {
        let files = open.copy(to)?;
        let name = platform::hand_over(to);
        self.shared.write(|board| {
            board.notice(match name {
                Some(name) => say!("exchange-files-downloaded", files = files, name = name),
                None => say!("exchange-files-copied", files = files, path = to.display().to_string()),
            });
        });
        Ok(())
    }

    fn export(&self, open: &mut OpenRun, door: Door, to: &Path) -> Result<(), LabError> {
        let written = open.export(door, to, self.shared.language())?;
        let name = platform::hand_over(to);
        self.shared.write(|board| {
            board.notice(match (name, written.as_slice()) {
                (Some(name), _) => say!("exchange-downloaded", name = name),
                (None, [one]) => say!("exchange-written", path = one.display().to_string()),
                (None, several) => {
                    let path = to.display().to_string();
                    say!("exchange-files-written", files = several.len(), path = path)
                }
            });
        });
        Ok(())
    }

    /// Lists the runs kept so far.
    fn list_kept(&self) {
        let recent = self.home.as_deref().map(runs::recent).unwrap_or_default();
        self.shared.write(|board| board.recent = recent);
    }

    fn publish(&self, open: &OpenRun) {
        let snapshot = open.snapshot();
        self.shared.write(|board| board.snapshot = Some(snapshot));
    }

    /// Saves the run at the end of a stage, after trouble, and now and then. If writing fails, the run goes on without files.
    fn keep(&self, open: &mut OpenRun, done: Option<(Stage, u64)>, trouble: bool) {
        let due = done.is_some() || trouble || open.saved.elapsed() > SAVE_EVERY || self.orders.is_closed();
        // A recorded run is only kept once it goes on.
        if !due || open.recorded || open.lab.history().at() == 0 {
            return;
        }
        open.saved = Instant::now();
        if let Err(error) = open.save(done) {
            let why = error.to_string();
            self.shared.write(|board| board.notice(say!("worker-not-kept", why = why)));
            (open.folder, open.output) = (None, None);
        }
        if done.is_some() {
            self.list_kept();
        }
    }
}

fn present(open: &mut Option<OpenRun>) -> Result<&mut OpenRun, LabError> {
    open.as_mut().ok_or(LabError::Command { command: "run", reason: "no experiment is open".into() })
}

#[cfg(test)]
mod tests;
