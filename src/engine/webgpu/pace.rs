//! Submitting recorded lists in pieces short enough that a screen stays alive and no watchdog fires.

use std::collections::VecDeque;
use std::time::Duration;

use web_time::Instant;

use super::commands::Commands;
use super::device::Ticket;
use super::{Gpu, GpuError};

/// What a submission should last. The bound is 50 ms: kernels may be 2.5 times as slow as the others' work let expect.
const TARGET_NANOSECONDS: f64 = 20e6;
/// Assumed time of one unit of work on a device not yet measured: that of a slow software adapter.
const FIRST_GUESS: f64 = 1.0;
/// Submissions under way at once: one runs while the next is encoded.
const IN_FLIGHT: usize = 2;

/// What a device takes for a unit of work, as measured.
#[derive(Debug)]
struct Rate {
    nanoseconds_per_work: f64,
    measured: bool,
}

impl Rate {
    fn unknown() -> Self {
        Self { nanoseconds_per_work: FIRST_GUESS, measured: false }
    }

    /// Work that a submission should hold.
    fn budget(&self) -> u64 {
        (TARGET_NANOSECONDS / self.nanoseconds_per_work) as u64
    }

    /// Learns from a submission.
    fn learn(&mut self, work: u64, took: Duration) {
        let rate = (took.as_nanos() as f64 / work.max(1) as f64).max(1e-6);
        // Slow down at once, speed up by degrees.
        let share = if rate > self.nanoseconds_per_work || !self.measured { 1.0 } else { 0.3 };
        self.nanoseconds_per_work += share * (rate - self.nanoseconds_per_work);
        self.measured = true;
    }
}

/// Learns how long this device takes for a unit of work, and cuts submissions to size.
#[derive(Debug)]
pub struct Pace {
    rate: Rate,
    flying: VecDeque<(Ticket, u64, Instant)>,
    last_done: Option<Instant>,
    slowest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rate: Rate::unknown(), flying: VecDeque::new(), last_done: None, slowest: Duration::ZERO }
    }
}

impl Pace {
    /// Runs `commands` `times` times over, in few submissions. Returns when all are submitted; the last may
    /// still run.
    pub async fn run(&mut self, gpu: &Gpu, commands: &Commands, times: usize) -> Result<(), GpuError> {
        let total = commands.len() * times;
        let mut next = 0;
        while next < total {
            let budget = self.rate.budget();
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
        if self.rate.measured {
            self.slowest = self.slowest.max(took);
        }
        self.rate.learn(work, took);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// Milliseconds of each submission when dispatches of random sizes go to a device of `speed` ns a unit of work,
    /// whose kernels are up to 1.5 times as slow or as fast as their work lets expect.
    fn submissions(rate: &mut Rate, speed: f64) -> Vec<f64> {
        let mut stream = Stream::new(1, "pacing", 0);
        let mut dispatches = (0..3000).map(|_| (1 + stream.below(1_000_000) as u64, stream.uniform()));
        let mut next = dispatches.next();
        let mut all = Vec::new();
        while next.is_some() {
            let (mut work, mut nanoseconds) = (0, 0.0);
            while let Some((more, luck)) = next
                && (work == 0 || work + more <= rate.budget())
            {
                work += more;
                nanoseconds += more as f64 * speed * 2.25f64.powf(luck - 0.5);
                next = dispatches.next();
            }
            all.push(nanoseconds / 1e6);
            rate.learn(work, Duration::from_nanos(nanoseconds as u64));
        }
        all
    }

    #[test]
    fn submissions_adapt_to_the_device_and_stay_short() {
        for speed in [0.02, 0.3, 4.0, 15.0] {
            let mut rate = Rate::unknown();
            let found = submissions(&mut rate, speed);
            // Nothing is known at the first; at the second everything is.
            assert!(found[1..].iter().all(|milliseconds| *milliseconds <= 50.0), "{speed}: {found:?}");
        }
        // On a fast device they grow to the size intended: many dispatches at once.
        let mut rate = Rate::unknown();
        let found = submissions(&mut rate, 0.3);
        let mean = found.iter().sum::<f64>() / found.len() as f64;
        assert!((5.0..25.0).contains(&mean), "{mean}");
        // A device that becomes ten times as slow is caught up with after one submission.
        let slow = submissions(&mut rate, 3.0);
        assert!(slow[0] > 50.0 && slow[1..].iter().all(|milliseconds| *milliseconds <= 50.0), "{slow:?}");
    }
}
