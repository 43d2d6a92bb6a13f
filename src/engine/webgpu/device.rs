//! The device: opening it, errors of what it is asked to create, its loss, and waiting with a time limit.

use std::sync::{Arc, Mutex, PoisonError};

use web_time::Instant;

use super::GpuError;
use super::adapter::{AdapterChoice, AdapterReport, choose};

/// Longest wait for anything the device was asked to do.
#[cfg(not(target_arch = "wasm32"))]
const PATIENCE_SECONDS: u64 = 60;
/// Longest wait for another thread to call back.
const PATIENCE_MILLISECONDS: u64 = 500;

/// What went wrong outside any error scope, told by wgpu's callbacks.
#[derive(Debug, Default)]
struct Faults {
    first: Mutex<Option<GpuError>>,
}

impl Faults {
    /// Keeps the first fault, except that a loss outranks everything: the rest is its consequence.
    fn note(&self, fault: GpuError) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let outranked = matches!(&*first, Some(GpuError::Lost { .. }));
        if first.is_none() || (matches!(fault, GpuError::Lost { .. }) && !outranked) {
            *first = Some(fault);
        }
    }

    fn seen(&self) -> Option<GpuError> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An open device with its queue. Clones share it.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// The device.
    pub device: wgpu::Device,
    /// Its queue.
    pub queue: wgpu::Queue,
    /// The adapter and why it was taken.
    pub report: AdapterReport,
    faults: Arc<Faults>,
}

impl Gpu {
    /// Opens the best adapter that `choice` allows, with baseline WebGPU limits and no optional features, so
    /// that nothing can come to depend on more.
    pub async fn open(choice: &AdapterChoice) -> Result<Self, GpuError> {
        let (adapter, report) = choose(choice).await?;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("seedling"),
            required_limits: wgpu::Limits::default(),
            ..Default::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| GpuError::Open { adapter: report.name.clone(), reason: error.to_string() })?;
        Ok(Self::watching(device, queue, report))
    }

    /// Wraps a device that is open already.
    pub fn watching(device: wgpu::Device, queue: wgpu::Queue, report: AdapterReport) -> Self {
        let faults = Arc::new(Faults::default());
        let uncaptured = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |error| uncaptured.note(named("device", &error))));
        let lost = Arc::clone(&faults);
        device.set_device_lost_callback(move |reason, message| {
            let reason = match message.is_empty() {
                true => format!("{reason:?}"),
                false => format!("{reason:?}: {message}"),
            };
            lost.note(GpuError::Lost { reason });
        });
        Self { device, queue, report, faults }
    }

    /// Fails if the device was lost or an error was reported outside any scope.
    pub fn check(&self) -> Result<(), GpuError> {
        match self.faults.seen() {
            None => Ok(()),
            Some(fault @ GpuError::Lost { .. }) => Err(fault),
            Some(fault) => Err(self.settled().unwrap_or(fault)),
        }
    }

    /// Why something failed: the device's loss, if it tells of one within a moment, else `fault` itself.
    pub(super) async fn cause(&self, fault: GpuError) -> GpuError {
        // In a browser what waits for a lost device fails before the device says that it is lost.
        #[cfg(target_arch = "wasm32")]
        for _ in 0..PATIENCE_MILLISECONDS / 10 {
            if let Some(fault @ GpuError::Lost { .. }) = self.faults.seen() {
                return fault;
            }
            crate::turn::wait(std::time::Duration::from_millis(10)).await;
        }
        self.settled().unwrap_or(fault)
    }

    /// The fault, once the device had the time to report its loss. A lost device refuses new work before it reports the
    /// loss; it reports it when it is polled and its last work has ended.
    fn settled(&self) -> Option<GpuError> {
        // A page cannot wait and need not poll: there the callbacks come by themselves.
        #[cfg(not(target_arch = "wasm32"))]
        {
            let timeout = Some(std::time::Duration::from_secs(1));
            // The callbacks tell more than this result.
            let _ = self.device.poll(wgpu::PollType::Wait { submission_index: None, timeout });
        }
        self.faults.seen()
    }

    /// Runs `create` inside error scopes; errors come back named after `what`.
    pub async fn scoped<T>(&self, what: &str, create: impl FnOnce() -> T) -> Result<T, GpuError> {
        self.check()?;
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let value = create();
        // Scopes are a stack: the last pushed is the first popped.
        let (validation, internal, memory) = (validation.pop(), internal.pop(), memory.pop());
        let found = [validation.await, internal.await, memory.await].into_iter().flatten().next();
        if let Some(found) = found {
            return Err(self.settled().unwrap_or_else(|| named(what, &found)));
        }
        self.check()?;
        Ok(value)
    }

    /// Submits commands and returns what to wait for.
    pub fn submit(&self, commands: wgpu::CommandBuffer) -> Ticket {
        let index = self.queue.submit([commands]);
        let done = Signal::default();
        let signal = done.clone();
        self.queue.on_submitted_work_done(move || signal.set(Instant::now()));
        Ticket { index, done }
    }

    /// Whether a submission is known not to have ended. A browser tells of an end when it comes; elsewhere it is
    /// noticed when asked for.
    pub(super) fn under_way(&self, ticket: &Ticket) -> bool {
        // A fault is reported again when the submission is waited for.
        #[cfg(not(target_arch = "wasm32"))]
        let _ = self.device.poll(wgpu::PollType::Poll);
        cfg!(target_arch = "wasm32") || !ticket.done.is_set()
    }

    /// Waits for a submission. Returns the moment at which its end was noticed.
    pub async fn finished(&self, ticket: Ticket, what: &str) -> Result<Instant, GpuError> {
        self.wait(ticket.done, Some(ticket.index), what).await
    }

    /// Waits for `signal`, which a callback of the device sets.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) async fn wait<T>(
        &self,
        signal: Signal<T>,
        index: Option<wgpu::SubmissionIndex>,
        what: &str,
    ) -> Result<T, GpuError> {
        let timeout = Some(std::time::Duration::from_secs(PATIENCE_SECONDS));
        let polled = self.device.poll(wgpu::PollType::Wait { submission_index: index, timeout });
        self.check()?;
        let mut value = signal.take();
        // Another thread that polls this device may have our callback in hand.
        for _ in 0..PATIENCE_MILLISECONDS {
            if value.is_some() || polled.is_err() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
            self.check()?;
            value = signal.take();
        }
        match (value, polled) {
            (Some(value), _) => Ok(value),
            (None, Err(wgpu::PollError::Timeout)) => {
                Err(GpuError::Timeout { what: what.into(), seconds: PATIENCE_SECONDS })
            }
            (None, other) => {
                // The device dropped what it was given: it is gone, whether or not its callback says so.
                let reason = format!("{what}: the device dropped the work ({other:?})");
                self.faults.note(GpuError::Lost { reason });
                self.check()?;
                Err(GpuError::Lost { reason: what.into() })
            }
        }
    }

    /// Waits for `signal`, which a callback of the device sets. The browser runs the callbacks and its own
    /// watchdog; a loss ends the wait through the lost callback's rejection of pending work.
    #[cfg(target_arch = "wasm32")]
    pub(super) async fn wait<T>(
        &self,
        signal: Signal<T>,
        _index: Option<wgpu::SubmissionIndex>,
        _what: &str,
    ) -> Result<T, GpuError> {
        let value = signal.await;
        self.check()?;
        Ok(value)
    }
}

/// A wgpu error as ours.
fn named(what: &str, error: &wgpu::Error) -> GpuError {
    match error {
        wgpu::Error::OutOfMemory { .. } => GpuError::OutOfMemory { what: what.into() },
        wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
            GpuError::Refused { what: what.into(), message: description.clone() }
        }
    }
}

/// A submission to wait for.
#[derive(Debug)]
pub struct Ticket {
    index: wgpu::SubmissionIndex,
    done: Signal<Instant>,
}

/// A value that a callback leaves for the task that waits for it.
#[derive(Debug)]
pub(super) struct Signal<T>(Arc<Mutex<Slot<T>>>);

#[derive(Debug)]
struct Slot<T> {
    value: Option<T>,
    waker: Option<std::task::Waker>,
}

impl<T> Default for Signal<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Slot { value: None, waker: None })))
    }
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Signal<T> {
    pub(super) fn set(&self, value: T) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.value = Some(value);
        if let Some(waker) = slot.waker.take() {
            waker.wake();
        }
    }

    fn is_set(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).value.is_some()
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).value.take()
    }
}

impl<T> Future for Signal<T> {
    type Output = T;

    fn poll(self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<T> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.value.take() {
            Some(value) => std::task::Poll::Ready(value),
            None => {
                slot.waker = Some(context.waker().clone());
                std::task::Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests;
