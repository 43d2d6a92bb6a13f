//! `seedling data`: what images there are; `seedling data fetch`; and what `--data` names.

use std::cell::{Cell, RefCell};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::{DataArguments, DataCommand, FetchArguments, from_here};
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::table::aligned;
use crate::data::fetch::{LICENCE, Patience, SETS, Set, Watch, cache, fetch, fetched};
use crate::data::{DataConfig, load};
use crate::files;
use crate::format::thousands;

/// Runs the command.
pub fn data(arguments: &DataArguments, console: &Console) -> Result<ExitCode, Failure> {
    match &arguments.command {
        None => list(console),
        Some(DataCommand::Fetch(arguments)) => {
            let interrupt = Interrupt::listen()?;
            bring(arguments, console, &interrupt)
        }
    }
}

fn bring(arguments: &FetchArguments, console: &Console, interrupt: &Interrupt) -> Result<ExitCode, Failure> {
    // The names are all that the option takes.
    let set =
        Set::named(&arguments.name).ok_or_else(|| Failure::Usage("NAME: expected a known one".into()))?;
    let cache = cache()?;
    let was_there = fetched(set, &cache).is_some();
    let meter = Meter::new(console, arguments.quiet, Some(interrupt), set);
    let folder = fetch(set, arguments.from.as_deref(), &cache, &Patience::default(), &meter);
    let folder = folder.inspect_err(|_| meter.end())?;
    let word = if was_there { "was there already" } else { "is ready" };
    console.line(&format!("{} {word}: {} ({})", set.title, folder.display(), megabytes(size(&folder))));
    console.line(&format!("To use it: seedling grow --data {}\n\n{LICENCE}", set.name));
    Ok(ExitCode::SUCCESS)
}

/// What `--data` says: a folder, an archive or a table, or the name of a known data set, which is fetched if
/// it is not there. A file or folder of that name is meant before it.
pub fn place(
    given: &Path,
    quiet: bool,
    console: &Console,
    interrupt: Option<&Interrupt>,
) -> Result<PathBuf, Failure> {
    let path = from_here(given);
    let Some(set) = given.to_str().and_then(Set::named).filter(|_| !files::exists(&path)) else {
        return Ok(path);
    };
    let meter = Meter::new(console, quiet, interrupt, set);
    let folder = fetch(set, None, &cache()?, &Patience::default(), &meter);
    Ok(folder.inspect_err(|_| meter.end())?)
}

/// Lists what there is.
fn list(console: &Console) -> Result<ExitCode, Failure> {
    let cache = cache()?;
    let embedded = load(&DataConfig::default(), 0)?;
    let images = [embedded.train.len() + embedded.validation.len(), embedded.held_out.len()];
    let counts = |[train, test]: [u64; 2]| [thousands(train), thousands(test)];
    let mut rows = vec![["name", "training", "test", "size", "where"].map(str::to_owned).to_vec()];
    let mut add = |name: &str, images: [u64; 2], size: String, place: String| {
        let [train, test] = counts(images);
        rows.push(vec![name.to_owned(), train, test, size, place]);
    };
    add("(none)", images.map(|count| count as u64), "-".into(), "built in: a part of CIFAR-10".into());
    for set in &SETS {
        match fetched(set, &cache) {
            Some(folder) => add(set.name, set.images, megabytes(size(&folder)), folder.display().to_string()),
            None => {
                let fetch = format!("not here yet: seedling data fetch {}", set.name);
                add(set.name, set.images, megabytes(set.bytes), fetch);
            }
        }
    }
    console.line(aligned(&rows, "", true).trim_end());
    console.line(
        "\nFor --data: one of these names; or a folder with the files of CIFAR or MNIST, of class folders with pictures in\n\
         them, or a table of pictures and labels (CSV); or CIFAR's archive as it is.\n",
    );
    console.line(LICENCE);
    Ok(ExitCode::SUCCESS)
}

/// Bytes of the files in a folder.
fn size(folder: &Path) -> u64 {
    let names = files::files_in(folder).unwrap_or_default();
    names.iter().filter_map(|name| folder.join(name).metadata().ok()).map(|about| about.len()).sum()
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", (bytes + 500_000) / 1_000_000)
}

/// Progress on standard error: a bar on a terminal, else a line for each tenth, nothing if quiet.
struct Meter<'a> {
    console: &'a Console,
    quiet: bool,
    interrupt: Option<&'a Interrupt>,
    name: &'static str,
    bar: RefCell<Option<ProgressBar>>,
    /// Tenths that have been told.
    tenths: Cell<u64>,
}

impl<'a> Meter<'a> {
    fn new(console: &'a Console, quiet: bool, interrupt: Option<&'a Interrupt>, set: &Set) -> Self {
        let (bar, tenths) = Default::default();
        Self { console, quiet, interrupt, name: set.name, bar, tenths }
    }

    /// Removes the bar after an error.
    fn end(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Meter<'_> {
    fn say(&self, text: &str) {
        if self.quiet {
            return;
        }
        match self.bar.borrow().as_ref() {
            Some(bar) => bar.suspend(|| self.console.error(text)),
            None => self.console.error(text),
        }
    }

    fn progress(&self, done: u64, total: u64) {
        if self.quiet {
            return;
        }
        if std::io::stderr().is_terminal() {
            let mut bar = self.bar.borrow_mut();
            let bar = bar.get_or_insert_with(|| {
                let bar = ProgressBar::new(total).with_prefix(self.name).with_position(done);
                let template = "{prefix:<10}{bar:30.green} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
                match ProgressStyle::with_template(template) {
                    Ok(style) => bar.with_style(style.progress_chars("━╸ ")),
                    Err(_) => bar,
                }
            });
            bar.set_position(done);
            if done == total {
                bar.finish_and_clear();
            }
            return;
        }
        let tenths = done * 10 / total;
        if tenths > self.tenths.replace(tenths) {
            self.console.error(&format!("{}: {} of {}", self.name, megabytes(done), megabytes(total)));
        }
    }

    fn stopped(&self) -> bool {
        self.interrupt.is_some_and(Interrupt::requested)
    }

    fn way_on(&self, set: &Set) -> String {
        format!(
            "The way on without a connection: bring {} here from elsewhere, and: seedling data fetch {} --from FILE; or \
             leave --data out, the built-in images are always there",
            set.archive, set.name
        )
    }
}
