//! All runs of a study, several at a time, each in a process of its own: a run that fails or is killed does not stop
//! the others.

use std::collections::VecDeque;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use pollster::block_on;

use super::super::console::Console;
use super::super::failure::Failure;
use super::super::interrupt::{INTERRUPTED, Interrupt};
use crate::files::lock_folder;
use crate::format::{magnitude, seconds};
use crate::lab::{EngineChoice, LabError, start_engine};
use crate::study::{Goal, PLAN_FILE, Plan, Planned, Standing, Total, Until, is_ready, standing, total};

/// How often the processes are checked.
const PAUSE: Duration = Duration::from_millis(50);

/// How a study is to be carried out.
pub struct Request<'a> {
    /// The study's folder.
    pub out: &'a Path,
    /// What computes.
    pub engine: EngineChoice,
    /// Runs at a time, if the option is given.
    pub jobs: Option<usize>,
    /// No progress on standard error.
    pub quiet: bool,
    /// The beginning of every line of progress.
    pub before: &'a str,
    /// Whether to stop.
    pub interrupt: Interrupt,
}

/// Carries out the runs of a plan that are not done yet.
pub fn run_all(plan: &Plan, request: &Request, console: &Console) -> Result<ExitCode, Failure> {
    plan.settle(request.out)?;
    // The folder of each run is locked besides: other machines may do single ones.
    let _lock = lock_folder(request.out).map_err(LabError::from)?;
    let runs = plan.runs();
    let engine = engine(plan, request.engine)?;
    let at_once = at_once(engine, request.jobs);
    let mut jobs = Jobs { request, engine, console, at_once, done: 0, failed: Vec::new() };
    let goal = match (plan.until, plan.cost) {
        (Until::Measured, _) => Goal::Measured,
        (Until::Done, Some(cost)) => Goal::Done(cost),
        (Until::Done, None) => {
            jobs.stage(&runs, Goal::Grown)?;
            match (jobs.ended(&runs)?, total(&runs, request.out)?) {
                (Some(status), _) => return Ok(status),
                (None, Total::Known(total)) => {
                    jobs.say(&format!("All runs are grown; each ends at {}FLOPs in all.", magnitude(total)));
                    Goal::Done(total)
                }
                (None, Total::Missing(_)) => return Ok(ExitCode::from(INTERRUPTED)),
            }
        }
    };
    jobs.stage(&runs, goal)?;
    Ok(jobs.ended(&runs)?.unwrap_or(ExitCode::SUCCESS))
}

/// What computes all runs: decided once, since a run is finished by the engine that began it.
fn engine(plan: &Plan, asked: EngineChoice) -> Result<EngineChoice, Failure> {
    let learners = plan.configurations.iter().map(|configuration| configuration.settings.learning.learner);
    match learners.fold(asked, EngineChoice::having) {
        EngineChoice::Auto => {
            let started = block_on(start_engine(EngineChoice::Auto))?;
            Ok(started.engine.info().name.parse().unwrap_or(EngineChoice::Candle))
        }
        choice => Ok(choice),
    }
}

/// How many runs at a time: single-threaded ones use several cores better than one run with as many threads.
fn at_once(engine: EngineChoice, asked: Option<usize>) -> usize {
    let usual = if engine == EngineChoice::Candle { cores() } else { 1 };
    asked.unwrap_or(usual).max(1)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

struct Jobs<'a> {
    request: &'a Request<'a>,
    engine: EngineChoice,
    console: &'a Console,
    at_once: usize,
    done: usize,
    /// What the processes that failed said last, and their status.
    failed: Vec<(String, Option<i32>)>,
}

/// A run's process.
struct Job {
    id: String,
    child: Child,
    since: Instant,
}

impl Jobs<'_> {
    fn say(&self, text: &str) {
        if !self.request.quiet {
            self.console.error(&format!("{}{text}", self.request.before));
        }
    }

    /// Grows all runs that are not there yet, or takes them to their end at this total cost.
    fn stage(&mut self, runs: &[Planned], goal: Goal) -> Result<(), Failure> {
        let mut waiting: VecDeque<&Planned> = VecDeque::new();
        for run in runs {
            match (standing(&run.folder(self.request.out))?, goal) {
                (Standing::Done, _) | (Standing::Grown, Goal::Grown) => {}
                _ => waiting.push_back(run),
            }
        }
        let all = waiting.len();
        let mut under_way: Vec<Job> = Vec::new();
        self.done = 0;
        while !(waiting.is_empty() && under_way.is_empty()) {
            if self.request.interrupt.requested() {
                waiting.clear();
                // The end of its standard input asks each to save and end.
                under_way.iter_mut().for_each(|job| drop(job.child.stdin.take()));
            }
            while under_way.len() < self.at_once
                && let Some(position) = self.next(&waiting, under_way.is_empty())?
                && let Some(run) = waiting.remove(position)
            {
                under_way.push(self.start(run, goal)?);
            }
            let mut position = 0;
            while position < under_way.len() {
                match under_way[position].child.try_wait().map_err(Failure::Process)? {
                    None => position += 1,
                    Some(status) => {
                        let job = under_way.swap_remove(position);
                        self.over(job, status.code(), all);
                    }
                }
            }
            sleep(PAUSE);
        }
        Ok(())
    }

    /// The first waiting run that can begin. Where none can and nothing that is under way (`idle`) can change that, the
    /// first of all: it will say what
    /// it lacks.
    fn next(&self, waiting: &VecDeque<&Planned>, idle: bool) -> Result<Option<usize>, Failure> {
        for (position, run) in waiting.iter().enumerate() {
            if is_ready(run, self.request.out)? {
                return Ok(Some(position));
            }
        }
        Ok((idle && !waiting.is_empty()).then_some(0))
    }

    /// Starts a run's process.
    fn start(&self, run: &Planned, goal: Goal) -> Result<Job, Failure> {
        let program = std::env::current_exe().map_err(Failure::Process)?;
        let threads = (cores() / self.at_once).max(1);
        // The plan in the study's own folder: the file it came from may change meanwhile.
        let child = Command::new(program)
            .args(["study", "run"])
            .arg(self.request.out.join(PLAN_FILE))
            .arg("--out")
            .arg(self.request.out)
            .args(["--only", &run.id(), "--attended"])
            .args(match goal {
                Goal::Measured => Vec::new(),
                Goal::Grown => vec!["--grow-only".to_owned()],
                Goal::Done(total) => vec!["--total".to_owned(), total.to_string()],
            })
            .args(["--engine", self.engine.name()])
            .env("RAYON_NUM_THREADS", threads.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Failure::Process)?;
        Ok(Job { id: run.id(), child, since: Instant::now() })
    }

    fn over(&mut self, mut job: Job, status: Option<i32>, all: usize) {
        let took = seconds(job.since.elapsed().as_secs_f64());
        match status {
            Some(0) => {
                self.done += 1;
                self.say(&format!("{} of {all}: {} in {took}", self.done, job.id));
            }
            Some(status) if status == i32::from(INTERRUPTED) && self.request.interrupt.requested() => {}
            status => {
                let mut said = String::new();
                if let Some(stream) = &mut job.child.stderr {
                    let _ = stream.read_to_string(&mut said);
                }
                let why = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it was killed");
                let why = why.trim_start_matches("error: ").to_owned();
                self.console.error(&format!("{} failed: {why}", job.id));
                self.failed.push((why, status));
            }
        }
    }

    /// The exit status where a stage has not come to its end; an error where runs have failed.
    fn ended(&self, runs: &[Planned]) -> Result<Option<ExitCode>, Failure> {
        if let Some((why, _)) = self.failed.iter().find(|(_, status)| *status == Some(2)) {
            return Err(Failure::Usage(why.clone()));
        }
        if !self.failed.is_empty() {
            return Err(Failure::Runs { failed: self.failed.len(), all: runs.len() });
        }
        if self.request.interrupt.requested() {
            self.console.error("Stopped; every run is saved. The same command resumes.");
            return Ok(Some(ExitCode::from(INTERRUPTED)));
        }
        Ok(None)
    }
}
