//! The lab at work: orders in, a board out. It lives on its own thread, so the screen never waits for it.
//!
//! - [`Worker`]: the screen's end; [`board`]: what the screen reads;
//! - `desk`: the worker's own end, which carries the orders out, with the run that is open in `open_run`;
//!   `failing`: what is said where one fails; `past`: earlier moments;
//! - `comparing`: which images a change repairs; [`studying`]: races and figures; [`runs`] and [`studies`]: the folders
//!   of the runs and studies kept.

pub mod board;
mod comparing;
mod desk;
mod failing;
mod open_run;
mod orders;
mod past;
pub mod runs;
pub mod studies;
pub mod studying;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_channel::Sender;

use self::board::Shared;
use self::desk::Desk;
pub use self::orders::{Door, Order, Study, Until};
use crate::app::platform;

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
        let desk = Desk::new(receiver, shared.clone(), home);
        Self { orders: Some(sender), shared, thread: platform::Thread::start(|| desk.work()) }
    }

    /// Sends an order; orders are carried out one after another.
    pub fn order(&self, order: Order) {
        if matches!(order, Order::New { .. } | Order::Open { .. } | Order::Replay { .. }) {
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
