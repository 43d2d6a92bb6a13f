//! Submitting recorded lists in pieces short enough that a screen stays alive and no watchdog fires.

use std::collections::VecDeque;
use std::time::Duration;

use web_time::Instant;

use super::commands::Commands;
use super::device::Ticket;
use super::{Gpu, GpuError};

/// What a submission should last; the bound is 50 ms.
const TARGET_NANOSECONDS: f64 = 35e6;
/// Assumed time of one unit of work on a device not yet measured: that of a slow software adapter.
const FIRST_GUESS: f64 = 1.0;
/// Submissions under way at once: one runs while the next is encoded.
const IN_FLIGHT: usize = 2;

/// Learns how long this device takes for a unit of work, and cuts submissions to size.
#[derive(Debug)]
pub struct Pace {
    nanoseconds_per_work: f64,
    measured: bool,
    flying: VecDeque<(Ticket, u64, Instant)>,
    last_done: Option<Instant>,
    slowest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            nanoseconds_per_work: FIRST_GUESS,
            measured: false,
            flying: VecDeque::new(),
            last_done: None,
            slowest: Duration::ZERO,
        }
    }
}

impl Pace {
    /// Runs `commands` `times` times over, in few submissions. Returns when all are submitted; the last may
    /// still run.
    pub async fn run(&mut self, gpu: &Gpu, commands: &Commands, times: usize) -> Result<(), GpuError> {
        let total = commands.len() * times;
        let mut next = 0;
        while next < total {
            let budget = (TARGET_NANOSECONDS / self.nanoseconds_per_work) as u64;
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            let mut work = 0;
            {
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                while next < total {
                    let index = next % commands.len();
                    let more = commands.work(index);
                    if work > 0 && work + more > budget {
                        break;
                    }
                    commands.encode(index, &mut pass);
                    work += more.max(1);
                    next += 1;
                }
            }
            let ticket = gpu.submit(encoder.finish());
            self.flying.push_back((ticket, work, Instant::now()));
            if self.flying.len() >= IN_FLIGHT {
                self.land(gpu).await?;
            }
        }
        gpu.check()
    }

    /// Waits until everything submitted has run.
    pub async fn drain(&mut self, gpu: &Gpu) -> Result<(), GpuError> {
        while !self.flying.is_empty() {
            self.land(gpu).await?;
        }
        gpu.check()
    }

    /// The longest submission so far, the first of an unmeasured device apart.
    pub fn slowest(&self) -> Duration {
        self.slowest
    }

    async fn land(&mut self, gpu: &Gpu) -> Result<(), GpuError> {
        let Some((ticket, work, submitted)) = self.flying.pop_front() else { return Ok(()) };
        gpu.finished(ticket, "a piece of recorded work").await?;
        let now = Instant::now();
        // It began when it was submitted or when its forerunner was done, whichever came later.
        let began = self.last_done.map_or(submitted, |done| done.max(submitted));
        let took = now.duration_since(began);
        self.last_done = Some(now);
        let rate = took.as_nanos() as f64 / work as f64;
        if self.measured {
            self.slowest = self.slowest.max(took);
            // Slow down at once, speed up by degrees.
            let share = if rate > self.nanoseconds_per_work { 1.0 } else { 0.3 };
            self.nanoseconds_per_work += share * (rate - self.nanoseconds_per_work);
        } else {
            self.nanoseconds_per_work = rate.max(1e-6);
            self.measured = true;
        }
        Ok(())
    }
}
