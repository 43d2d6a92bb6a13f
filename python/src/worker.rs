//! An engine on a thread of its own, and Python waiting for it: without the interpreter's lock, with a bar,
//! and awake to Ctrl-C.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pollster::block_on;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use seedling::data::{Data, Normalization};
use seedling::engine::{Engine, EngineError, EngineInfo, Watch};
use seedling::lab::{EngineChoice, Event, Observer, said, start_engine};
use seedling::network::Model;

use crate::error::{OrRefuse, refusal};

/// How often Python looks up while it waits.
const TICK: Duration = Duration::from_millis(50);

/// What a computation says of itself, and whether it shall end.
#[derive(Default)]
pub struct Watcher {
    cancelled: AtomicBool,
    progress: Mutex<Option<(u64, u64, Option<f32>)>>,
    sayings: Mutex<Vec<(Saying, String)>>,
}

/// How loud something is said.
#[derive(Clone, Copy)]
enum Saying {
    Notice,
    Warning,
}

impl Watch for Watcher {
    fn progress(&self, done: u64, total: u64, loss: Option<f32>) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some((done, total, loss));
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

impl Observer for Watcher {
    fn event(&self, event: Event) {
        let (saying, text) = match event {
            Event::Progress { done, total, loss } => return self.progress(done, total, loss),
            Event::Notice(text) => (Saying::Notice, text),
            Event::Warning(text) => (Saying::Warning, text),
            Event::StageStarted { .. } | Event::StageDone { .. } => return,
        };
        self.sayings.lock().unwrap_or_else(PoisonError::into_inner).push((saying, text));
    }

    fn cancelled(&self) -> bool {
        Watch::cancelled(self)
    }
}

/// An engine, and what it holds.
pub struct Bench {
    /// The engine.
    pub engine: Box<dyn Engine>,
    data: Option<(Arc<Data>, Option<Normalization>)>,
    model: Option<Arc<Model>>,
}

impl Bench {
    /// Computes with these images, normalised as the network is used to, and this model. A lost device is
    /// opened again.
    pub fn on<T>(
        &mut self,
        (data, normalization): (&Arc<Data>, &Option<Normalization>),
        model: &Arc<Model>,
        work: impl Fn(&mut dyn Engine) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let attempt = |bench: &mut Self| {
            bench.hold(data, normalization, model)?;
            work(bench.engine.as_mut())
        };
        match attempt(self) {
            Err(error) if error.is_lost() => {
                self.forget();
                block_on(self.engine.restart())?;
                attempt(self)
            }
            outcome => outcome,
        }
    }

    /// Says that the engine's model is another now.
    pub fn model_changed(&mut self) {
        self.model = None;
    }

    fn forget(&mut self) {
        (self.data, self.model) = (None, None);
    }

    fn hold(
        &mut self,
        data: &Arc<Data>,
        normalization: &Option<Normalization>,
        model: &Arc<Model>,
    ) -> Result<(), EngineError> {
        let same = |(held, used): &(Arc<Data>, Option<Normalization>)| {
            Arc::ptr_eq(held, data) && used == normalization
        };
        if !self.data.as_ref().is_some_and(same) {
            self.forget();
            let used = match normalization {
                Some(normalization) => {
                    Arc::new(Data { normalization: normalization.clone(), ..Data::clone(data) })
                }
                None => data.clone(),
            };
            block_on(self.engine.set_data(used))?;
            self.data = Some((data.clone(), normalization.clone()));
        }
        if !self.model.as_ref().is_some_and(|held| Arc::ptr_eq(held, model)) {
            self.model = None;
            block_on(self.engine.load(model))?;
            self.model = Some(model.clone());
        }
        Ok(())
    }
}

type Job = Box<dyn FnOnce(&mut Bench) + Send>;

/// The thread with the engine. It ends when this is dropped.
pub struct Worker {
    jobs: Sender<Job>,
    /// Which engine it is.
    pub info: EngineInfo,
    /// Why it is this one.
    pub why: String,
    progress: bool,
}

/// What a computation gave, whether Python was interrupted or not.
pub struct Answer<T> {
    /// What it gave.
    pub value: T,
    /// Why Python shall not go on.
    pub interruption: Option<PyErr>,
}

impl<T> Answer<T> {
    /// The value, unless Python was interrupted.
    pub fn uninterrupted(self) -> PyResult<T> {
        self.interruption.map_or(Ok(self.value), Err)
    }
}

impl Worker {
    /// Starts an engine by its name; with `progress`, computations show bars and notices.
    pub fn start(py: Python<'_>, engine: &str, progress: bool) -> PyResult<Self> {
        Self::choose(py, engine.parse().map_err(|error: String| refusal(error))?, progress)
    }

    /// Starts the engine of a choice.
    pub fn choose(py: Python<'_>, choice: EngineChoice, progress: bool) -> PyResult<Self> {
        let (jobs, orders) = channel::<Job>();
        let (tell, told) = channel();
        let serve = move || {
            let started = match block_on(start_engine(choice)) {
                Ok(started) => started,
                Err(error) => return drop(tell.send(Err(error.to_string()))),
            };
            let _ = tell.send(Ok((started.engine.info(), started.why)));
            let mut bench = Bench { engine: started.engine, data: None, model: None };
            for job in orders {
                job(&mut bench);
            }
        };
        std::thread::Builder::new().name("seedling".into()).spawn(serve).or_refuse()?;
        let (info, why) = py.detach(move || told.recv()).or_refuse()?.or_refuse()?;
        Ok(Self { jobs, info, why, progress })
    }

    /// Computes; Python's other threads go on meanwhile. Ctrl-C and a bar that fails ask the computation to
    /// end, and are the answer's interruption.
    pub fn run<T: Send + 'static>(
        &self,
        py: Python<'_>,
        label: &str,
        work: impl FnOnce(&mut Bench, &Watcher) -> T + Send + 'static,
    ) -> PyResult<Answer<T>> {
        let watcher = Arc::new(Watcher::default());
        let (tell, mut told) = channel();
        let seen = watcher.clone();
        let job = move |bench: &mut Bench| {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(bench, &seen)));
            if outcome.is_err() {
                bench.forget();
            }
            let _ = tell.send(outcome.map_err(|fault| said(&*fault)));
        };
        let stopped = || PyRuntimeError::new_err("the engine has stopped; make another");
        self.jobs.send(Box::new(job)).map_err(|_| stopped())?;
        let mut bar = Bar::new(py, label, self.progress)?;
        let mut interruption = None;
        let outcome = loop {
            let (answer, back) = wait(py, told);
            told = back;
            match answer {
                Ok(outcome) => break outcome,
                Err(RecvTimeoutError::Disconnected) => return Err(stopped()),
                Err(RecvTimeoutError::Timeout) if interruption.is_some() => {}
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(error) = bar.show(&watcher).and_then(|()| py.check_signals()) {
                        watcher.cancelled.store(true, Ordering::Relaxed);
                        interruption = Some(error);
                    }
                }
            }
        };
        let (shown, closed) = (bar.show(&watcher), bar.close());
        let value = outcome.map_err(|said| {
            PyRuntimeError::new_err(format!(
                "{label} failed by a fault of Seedling ({said}); please report it"
            ))
        })?;
        Ok(Answer { value, interruption: interruption.or(shown.err()).or(closed.err()) })
    }
}

/// Waits a tick without the interpreter's lock.
fn wait<T: Send>(py: Python<'_>, told: Receiver<T>) -> (Result<T, RecvTimeoutError>, Receiver<T>) {
    py.detach(move || (told.recv_timeout(TICK), told))
}

/// A bar of tqdm's, where that is installed and wanted.
struct Bar<'py> {
    module: Bound<'py, PyModule>,
    bar: Option<Bound<'py, PyAny>>,
}

impl<'py> Bar<'py> {
    fn new(py: Python<'py>, label: &str, shown: bool) -> PyResult<Self> {
        let module = py.import("seedling._progress")?;
        let bar = match shown {
            true => Some(module.call_method1("bar", (label,))?),
            false => None,
        };
        Ok(Self { module, bar: bar.filter(|bar| !bar.is_none()) })
    }

    fn show(&self, watcher: &Watcher) -> PyResult<()> {
        let progress = watcher.progress.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(bar), Some(progress)) = (&self.bar, progress) {
            bar.call_method1("show", progress)?;
        }
        let sayings = std::mem::take(&mut *watcher.sayings.lock().unwrap_or_else(PoisonError::into_inner));
        for (saying, text) in sayings {
            match saying {
                Saying::Warning => self.module.call_method1("warn", (text,))?,
                Saying::Notice if self.bar.is_some() => self.module.call_method1("note", (text,))?,
                Saying::Notice => continue,
            };
        }
        Ok(())
    }

    fn close(&mut self) -> PyResult<()> {
        match self.bar.take() {
            Some(bar) => bar.call_method0("close").map(drop),
            None => Ok(()),
        }
    }
}
