//! Requests to end: Ctrl-C, a scheduler's or `docker stop`'s SIGTERM, a closed terminal's SIGHUP, the closing of a
//! Windows console. The first asks for a stop, which saves; the second ends the program at once.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::lab::{Event, Observer};

/// Exit status of a program that was asked to end.
pub const INTERRUPTED: u8 = 130;

/// Whether the program was asked to end, and since when.
#[derive(Clone)]
pub struct Interrupt {
    requested: Arc<AtomicBool>,
    since: Arc<Mutex<Option<Instant>>>,
}

impl Interrupt {
    /// Starts to listen.
    pub fn listen() -> Result<Self, ctrlc::Error> {
        Self::listen_saying(
            "\nStopping as soon as everything is saved; once more ends at once, without saving.",
        )
    }

    /// The same with other words to say when the first request comes.
    pub fn listen_saying(text: &'static str) -> Result<Self, ctrlc::Error> {
        let interrupt = Self { requested: Arc::default(), since: Arc::default() };
        let heard = interrupt.clone();
        ctrlc::set_handler(move || {
            if heard.requested.load(Ordering::SeqCst) {
                std::process::exit(i32::from(INTERRUPTED));
            }
            heard.ask();
            // Printed at once, whatever is being computed. Standard error may be closed.
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        })?;
        Ok(interrupt)
    }

    /// Asks for a stop as well once standard input ends: it is a pipe from a program that looks after this one, and
    /// ends when that program does, however it ends.
    pub fn when_left_alone(&self) {
        let interrupt = self.clone();
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            interrupt.ask();
        });
    }

    /// Asks for a stop.
    fn ask(&self) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.requested.store(true, Ordering::SeqCst);
    }

    /// Whether to stop.
    pub fn requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// How long ago the program was asked to end; none if it was not.
    pub fn waiting(&self) -> Option<Duration> {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.map(|since| since.elapsed())
    }
}

/// A run that nobody watches, but that may be stopped.
impl Observer for Interrupt {
    fn event(&self, _event: Event) {}

    fn cancelled(&self) -> bool {
        self.requested()
    }
}
