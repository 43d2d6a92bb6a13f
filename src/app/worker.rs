//! The lab at work: orders in, a board out. It lives on its own thread, so the screen never waits for it.

use std::cell::Cell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_channel::{Receiver, Sender};
use web_time::Instant;

use super::bench::Bench;
use super::board::{Board, Failure, Look, Moment, Progress, Shared};
use super::platform;
use super::runs;
use super::studying::Study;
use crate::data::{self, Data, DataConfig};
use crate::engine::{EngineError, Part};
use crate::lab::{
    Command, Config, EngineChoice, Event, Lab, LabError, Observer, Output, Session, Stage, Unobserved,
    start_engine,
};
use crate::network::NetworkError;
use crate::turn;

/// How often an unfinished training phase is saved.
const SAVE_EVERY: Duration = Duration::from_secs(10);
/// The longest sleep between two looks at whether to stop.
const NAP: Duration = Duration::from_millis(50);

/// How far to go without being told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To the end of the stage.
    StageDone,
    /// To the end of the round's growth.
    RoundDone,
    /// To the end of the experiment.
    Done,
}

/// What the screen asks for.
#[derive(Clone, Debug)]
pub enum Order {
    /// A new experiment.
    New {
        /// Its settings.
        config: Box<Config>,
        /// What is to compute it.
        engine: EngineChoice,
    },
    /// The experiment kept in a folder, by this program or the command line; its own engine goes on with it.
    Open {
        /// The folder.
        folder: PathBuf,
    },
    /// Go on, with a rest between stages.
    Run {
        /// How far.
        until: Until,
        /// Rest after each stage.
        rest: Duration,
    },
    /// A command of the lab that takes no computing.
    Do(Command),
    /// Every node's output for an image.
    Look {
        /// From this part.
        part: Part,
        /// Which image of it.
        index: usize,
    },
    /// A copy of the run's files.
    Copy {
        /// A folder that holds no run.
        to: PathBuf,
    },
    /// A race or a figure.
    Study(Box<Study>),
}

/// The screen's end of the worker.
pub struct Worker {
    orders: Option<Sender<Order>>,
    /// The board and the flags.
    pub shared: Arc<Shared>,
    thread: platform::Thread,
}

impl Worker {
    /// Starts the worker; each run is kept in a folder of its own in `home`, if there is such a place.
    pub fn start(shared: Arc<Shared>, home: Option<PathBuf>) -> Self {
        let (sender, receiver) = async_channel::unbounded();
        let desk = Desk {
            orders: receiver,
            kept: VecDeque::new(),
            shared: shared.clone(),
            home,
            runs: 0,
            replaced: 0,
        };
        Self { orders: Some(sender), shared, thread: platform::Thread::start(|| desk.work()) }
    }

    /// Gives an order; it is carried out after those before it.
    pub fn order(&self, order: Order) {
        if matches!(order, Order::New { .. } | Order::Open { .. }) {
            self.shared.replacements.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(orders) = &self.orders {
            // The worker only ends when this end closes.
            let _ = orders.try_send(order);
        }
    }

    /// Stops the worker, and waits until what is done is saved.
    pub fn stop(&mut self) {
        // Closing gives up what is under way.
        self.orders = None;
        self.thread.join();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A listener that keeps the board up to date.
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
                self.desk.shared.write(|board| board.progress = None);
            }
            Event::Notice(text) => self.desk.shared.write(|board| board.notice(text)),
        }
    }

    fn cancelled(&self) -> bool {
        self.desk.given_up()
    }
}

/// The worker's own end.
pub(super) struct Desk {
    orders: Receiver<Order>,
    /// Orders that came while another was carried out.
    kept: VecDeque<Order>,
    pub(super) shared: Arc<Shared>,
    home: Option<PathBuf>,
    runs: u64,
    /// Replacements of the experiment carried out so far.
    replaced: u64,
}

impl Desk {
    /// Whether what is under way has been replaced by an order that waits, or the screen is gone.
    fn superseded(&self) -> bool {
        self.orders.is_closed() || self.shared.replacements.load(Ordering::Relaxed) > self.replaced
    }

    /// Whether what is under way is to be given up.
    pub(super) fn given_up(&self) -> bool {
        self.shared.cancel.load(Ordering::Relaxed) || self.superseded()
    }

    fn stopping(&self) -> bool {
        self.shared.stopping() || self.superseded()
    }

    async fn work(mut self) {
        let mut bench: Option<Bench> = None;
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
            // Looking takes moments; the buttons need not blink for it.
            let shown = !matches!(order, Order::Look { .. });
            self.shared.write(|board| board.busy = shown);
            let replaced = self.replaced;
            let result = self.obey(order, &mut bench).await;
            if self.replaced > replaced {
                platform::hold_only(bench.as_ref().and_then(|bench| bench.folder.as_deref())).await;
            }
            self.shared.write(|board| {
                (board.busy, board.playing, board.progress, board.opening) = (false, false, None, None);
                board.study = None;
                if let Err(error) = result {
                    report(board, &error);
                }
            });
        }
        if let Some(bench) = &mut bench {
            self.keep(bench, None);
        }
    }

    async fn obey(&mut self, order: Order, bench: &mut Option<Bench>) -> Result<(), LabError> {
        match order {
            Order::New { config, engine } => {
                self.replaced += 1;
                self.fresh("Loading the images");
                let data = self.load(&config.data, config.seed, bench.as_ref()).await?;
                self.fresh("Starting the engine");
                turn::give().await;
                let lab = Lab::new(*config, data)?;
                *bench = Some(self.set_up(lab, engine, None).await?);
            }
            Order::Open { folder } => {
                self.replaced += 1;
                self.fresh("Opening the run");
                platform::bring_back(&folder).await;
                let session = Session::load(&folder)?;
                // What the run began with is what it goes on with: another engine's results would differ.
                let engine = match session.engine.name.as_str() {
                    "webgpu" => EngineChoice::WebGpu,
                    _ => EngineChoice::Candle,
                };
                let data = self.load(&session.config.data, session.config.seed, bench.as_ref()).await?;
                session.check_data(&data)?;
                let lab = Lab::at(session.config, data, session.state);
                *bench = Some(self.set_up(lab, engine, Some(folder)).await?);
            }
            Order::Run { until, rest } => {
                let bench = present(bench)?;
                self.begin(true);
                self.run(bench, until, rest).await?;
            }
            Order::Do(command) => {
                let bench = present(bench)?;
                self.begin(false);
                bench.lab.execute(bench.engine.as_mut(), command, &Unobserved).await?;
                self.publish(bench);
                self.keep(bench, None);
            }
            Order::Look { part, index } => self.look(present(bench)?, part, index).await?,
            Order::Copy { to } => self.copy(present(bench)?, &to)?,
            Order::Study(study) => {
                self.begin(false);
                match self.study(*study).await {
                    Err(LabError::Engine(EngineError::Cancelled)) => {
                        self.shared.write(|board| board.notice("The study is cancelled".into()));
                    }
                    outcome => outcome?,
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
        bench: Option<&Bench>,
    ) -> Result<Arc<Data>, LabError> {
        // What is in a folder may have changed.
        if let Some(Bench { lab, .. }) = bench
            && wanted.dir.is_none()
            && (wanted, seed) == (&lab.config().data, lab.config().seed)
        {
            return Ok(lab.data().clone());
        }
        platform::fetch_images(wanted, &self.shared).await.map_err(LabError::Data)?;
        Ok(Arc::new(data::load(wanted, seed).map_err(LabError::Data)?))
    }

    fn begin(&self, playing: bool) {
        self.shared.pause.store(false, Ordering::Relaxed);
        self.shared.cancel.store(false, Ordering::Relaxed);
        self.shared.write(|board| (board.failure, board.playing) = (None, playing));
    }

    fn fresh(&self, opening: &str) {
        self.begin(false);
        self.shared.write(|board| board.opening = Some(opening.to_owned()));
    }

    /// An experiment with its engine, kept in `folder` or else in the program's own place.
    async fn set_up(
        &mut self,
        lab: Lab,
        engine: EngineChoice,
        folder: Option<PathBuf>,
    ) -> Result<Bench, LabError> {
        let started = start_engine(engine).await?;
        self.runs += 1;
        let info = started.engine.info();
        let output = folder.as_deref().map(|folder| Output::open(folder, info.clone()));
        let planned = || self.home.as_deref().map(|home| runs::next_folder(home, lab.config()));
        let folder = folder.or_else(planned);
        for notice in &lab.data().notices {
            self.shared.write(|board| board.notice(notice.clone()));
        }
        if cfg!(target_arch = "wasm32") && info.adapter.is_none() {
            self.shared.write(|board| {
                board.notice(format!(
                    "Computing on one core in this page, which takes longer: {}",
                    started.why
                ))
            });
        }
        let (engine, why, saved) = (started.engine, started.why, Instant::now());
        let bench = Bench { run: self.runs, lab, engine, why, folder, output, saved };
        self.shared.write(|board| board.look = None);
        self.list_kept();
        self.publish(&bench);
        Ok(bench)
    }

    async fn run(&mut self, bench: &mut Bench, until: Until, rest: Duration) -> Result<(), LabError> {
        while !bench.lab.is_done() && !self.stopping() {
            let state = bench.lab.state();
            let under_way = (state.stage, state.round);
            let reporter = Reporter { desk: self, under_way, done: Cell::new(None) };
            let result = bench.lab.execute(bench.engine.as_mut(), Command::Step, &reporter).await;
            let done = reporter.done.take();
            self.publish(bench);
            self.keep(bench, done);
            match result {
                Err(LabError::Engine(EngineError::Cancelled)) if self.superseded() => return Ok(()),
                Err(LabError::Engine(EngineError::Cancelled)) => {
                    let stage = bench.lab.state().stage;
                    self.shared.write(|board| board.notice(format!("Cancelled: {stage} will begin again")));
                    return Ok(());
                }
                other => other?,
            }
            turn::give().await;
            self.serve_meanwhile(bench).await?;
            match (done, until) {
                (Some(_), Until::StageDone) | (Some((Stage::Grow, _)), Until::RoundDone) => return Ok(()),
                (Some(_), _) => self.rest(rest).await,
                (None, _) => {}
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

    /// Activations and copies asked for in the middle of a run need not wait for its end; other orders do.
    async fn serve_meanwhile(&mut self, bench: &mut Bench) -> Result<(), LabError> {
        while let Ok(order) = self.orders.try_recv() {
            match order {
                Order::Look { part, index } => self.look(bench, part, index).await?,
                Order::Copy { to } => {
                    if let Err(error) = self.copy(bench, &to) {
                        self.shared.write(|board| report(board, &error));
                    }
                }
                other => self.kept.push_back(other),
            }
        }
        Ok(())
    }

    async fn look(&self, bench: &mut Bench, part: Part, index: usize) -> Result<(), LabError> {
        let (at, step) = (bench.lab.history().at(), bench.lab.state().step);
        let of = Moment { run: bench.run, at, step };
        let outputs = match bench.lab.activations(bench.engine.as_mut(), part, index).await {
            // The next unit of work opens the device again, and says so.
            Err(LabError::Engine(error)) if error.is_lost() => return Ok(()),
            outcome => outcome?,
        };
        self.shared.write(|board| board.look = Some(Arc::new(Look { of, part, index, outputs })));
        Ok(())
    }

    fn copy(&self, bench: &mut Bench, to: &Path) -> Result<(), LabError> {
        let files = bench.copy(to)?;
        let notice = match platform::hand_over(to) {
            Some(name) => format!("{files} files are downloaded as {name}"),
            None => format!("{files} files copied to {}", to.display()),
        };
        self.shared.write(|board| board.notice(notice));
        Ok(())
    }

    /// Lists the runs kept so far.
    fn list_kept(&self) {
        let recent = self.home.as_deref().map(runs::recent).unwrap_or_default();
        self.shared.write(|board| board.recent = recent);
    }

    fn publish(&self, bench: &Bench) {
        let snapshot = bench.snapshot();
        self.shared.write(|board| board.snapshot = Some(snapshot));
    }

    /// Saves what is known. A disk that does not take it costs the files, not the run.
    fn keep(&self, bench: &mut Bench, done: Option<(Stage, u64)>) {
        let due = done.is_some() || bench.saved.elapsed() > SAVE_EVERY || self.orders.is_closed();
        if !due || bench.lab.history().at() == 0 {
            return;
        }
        bench.saved = Instant::now();
        if let Err(error) = bench.save(done) {
            let notice = format!("This run is no longer being kept: {error}");
            self.shared.write(|board| board.notice(notice));
            (bench.folder, bench.output) = (None, None);
        }
        if done.is_some() {
            self.list_kept();
        }
    }
}

fn present(bench: &mut Option<Bench>) -> Result<&mut Bench, LabError> {
    bench.as_mut().ok_or(LabError::Command { command: "run", reason: "no experiment is open".into() })
}

fn report(board: &mut Board, error: &LabError) {
    let advice = match error {
        LabError::Engine(EngineError::Diverged { .. }) => {
            "The last good state is kept. Lower the learning rate in the setup, or undo."
        }
        LabError::Engine(EngineError::Gpu(_)) | LabError::Lost { .. } => {
            "Nothing is lost. Press play to try again, or choose the Candle engine in the setup."
        }
        LabError::Engine(EngineError::Cancelled) => "Nothing is lost. Press play to go on.",
        LabError::NoEngine { .. } => "Choose another engine in the setup.",
        LabError::Config(_) => "Open the setup and change that field.",
        LabError::Data(_) => "Choose another folder, or the built-in images, in the setup.",
        LabError::File(_)
        | LabError::Session { .. }
        | LabError::Occupied { .. }
        | LabError::Network(NetworkError::File(_) | NetworkError::Checkpoint { .. }) => {
            "Choose another folder."
        }
        _ => "The last good state is kept. Undo, or start a new run.",
    };
    board.failure = Some(Failure { text: error.to_string(), advice: advice.to_owned() });
}
