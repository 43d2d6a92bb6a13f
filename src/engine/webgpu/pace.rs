//! Submitting recorded lists in pieces short enough that a screen stays alive and no watchdog fires.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use web_time::Instant;

use super::adapter::AdapterKind;
use super::commands::{Commands, FIRST_MOST};
use super::device::Ticket;
use super::{Gpu, GpuError};

/// What a submission should last. The bound is 50 ms: kernels may be three times as slow as measured before.
const TARGET_NANOSECONDS: f64 = 16e6;
/// What no submission should exceed.
const BOUND: Duration = Duration::from_millis(50);
/// Assumed time of one unit of work of a kernel not yet measured: that of a slow software adapter.
const FIRST_GUESS: f64 = TARGET_NANOSECONDS / FIRST_MOST as f64;
/// What a dispatch takes, however little it does.
const DISPATCH_NANOSECONDS: f64 = 20e3;
/// A shorter submission says little of its kernels: what every submission costs outweighs them.
const TELLING_NANOSECONDS: f64 = 2e6;
/// Time between two checks whether a submission has ended, and so the accuracy of its measured end.
const GLANCE: Duration = Duration::from_micros(500);
/// Submissions under way at once: one runs while the next is encoded.
const IN_FLIGHT: usize = 2;

/// What a submission holds: its dispatches, and the work of each kernel.
#[derive(Debug, Default)]
struct Load {
    dispatches: usize,
    work: BTreeMap<&'static str, u64>,
}

impl Load {
    fn add(&mut self, kernel: &'static str, work: u64) {
        self.dispatches += 1;
        *self.work.entry(kernel).or_default() += work.max(1);
    }
}

/// Nanoseconds that a device takes for a unit of work of each kernel, as measured. One rate for all would not do: they
/// differ tenfold, and lists that use one kernel follow lists that use another.
#[derive(Debug, Default)]
struct Rates(BTreeMap<&'static str, f64>);

impl Rates {
    fn of(&self, kernel: &str) -> f64 {
        self.0.get(kernel).copied().unwrap_or(FIRST_GUESS)
    }

    fn nanoseconds(&self, kernel: &str, work: u64) -> f64 {
        DISPATCH_NANOSECONDS + work as f64 * self.of(kernel)
    }

    /// Whether a submission that would last `so_far` has room for more.
    fn fits(&self, load: &Load, so_far: f64, kernel: &str, work: u64) -> bool {
        // A kernel not yet measured goes alone: so that its time is not hidden by that of others.
        let known = |kernel: &str| self.0.contains_key(kernel);
        load.dispatches == 0
            || (known(kernel)
                && load.work.keys().all(|kernel| known(kernel))
                && so_far + self.nanoseconds(kernel, work) <= TARGET_NANOSECONDS)
    }

    /// Learns from a submission.
    fn learn(&mut self, load: &Load, took: Duration) {
        let took = took.as_nanos() as f64;
        let telling = took >= TELLING_NANOSECONDS;
        let spent = (took - load.dispatches as f64 * DISPATCH_NANOSECONDS).max(1.0);
        let expected: f64 = load.work.iter().map(|(kernel, work)| *work as f64 * self.of(kernel)).sum();
        let ratio = spent / expected;
        for (kernel, work) in &load.work {
            let before = self.of(kernel);
            let known = self.0.contains_key(kernel);
            // Slow down at once, speed up by degrees; the kernel expected to take most is adjusted most.
            let step = match ratio > 1.0 {
                true if !telling => 0.0,
                false if known => 0.3,
                _ => 1.0,
            };
            let meant = *work as f64 * before / expected;
            self.0.insert(*kernel, (before * (1.0 + step * meant * (ratio - 1.0))).max(1e-6));
        }
    }
}

/// A submission under way.
#[derive(Debug)]
struct Flight {
    ticket: Ticket,
    load: Load,
    /// When it began, where nothing was before it.
    began: Option<Instant>,
    /// When it was last known not to have ended.
    running: Instant,
}

impl Flight {
    /// Looks whether it has ended, unless that was just done.
    fn watch(&mut self, gpu: &Gpu) {
        if self.running.elapsed() >= GLANCE && gpu.under_way(&self.ticket) {
            self.running = Instant::now();
        }
    }
}

/// How many submissions there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// In all.
    pub all: u64,
    /// Those whose beginning and end were both seen: while the host is busy elsewhere, the end of one is not seen.
    pub seen: u64,
    /// Those of them that lasted more than 50 ms.
    pub long: u64,
}

/// Learns how long this device takes for a unit of work, and cuts submissions to size.
#[derive(Debug, Default)]
pub struct Pace {
    rates: Rates,
    flying: VecDeque<Flight>,
    /// The end of the last one that landed, if it was seen.
    ended: Option<Instant>,
    slowest: Duration,
    count: Count,
    slowest_warming: Duration,
}

impl Pace {
    /// Runs `commands` `times` times over, in few submissions. Returns when all are submitted; the last may
    /// still run.
    pub async fn run(&mut self, gpu: &Gpu, commands: &Commands, times: usize) -> Result<(), GpuError> {
        self.warm(gpu, commands).await?;
        let in_flight = match gpu.report.kind {
            // Drivers that compute on the processor only take the next one when the last is done; waiting here shows
            // when. In a browser the end is reported.
            AdapterKind::Software if !cfg!(target_arch = "wasm32") => 1,
            _ => IN_FLIGHT,
        };
        let total = commands.len() * times;
        let mut next = 0;
        while next < total {
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            let (mut load, mut lasts) = (Load::default(), 0.0);
            {
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                while next < total {
                    let index = next % commands.len();
                    let (kernel, work) = (commands.kernel(index), commands.work(index));
                    if !self.rates.fits(&load, lasts, kernel, work) {
                        break;
                    }
                    self.flying.iter_mut().for_each(|flight| flight.watch(gpu));
                    commands.encode(index, &mut pass);
                    lasts += self.rates.nanoseconds(kernel, work);
                    load.add(kernel, work);
                    next += 1;
                }
            }
            let piece = encoder.finish();
            while self.flying.len() >= in_flight {
                self.land(gpu).await?;
            }
            let began = self.flying.is_empty().then(Instant::now);
            let ticket = gpu.submit(piece);
            self.flying.push_back(Flight { ticket, load, began, running: Instant::now() });
        }
        gpu.check()
    }

    /// Runs `commands` `times` times over and waits until everything submitted has run.
    pub async fn run_through(
        &mut self,
        gpu: &Gpu,
        commands: &Commands,
        times: usize,
    ) -> Result<(), GpuError> {
        self.run(gpu, commands, times).await?;
        self.drain(gpu).await
    }

    /// Uses pipelines that never were used, each in a submission without workgroups: what compiling them takes is then
    /// neither taken for their rate nor added to a submission that computes.
    async fn warm(&mut self, gpu: &Gpu, commands: &Commands) -> Result<(), GpuError> {
        for index in 0..commands.len() {
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            if commands.warm(index, &mut encoder) {
                self.drain(gpu).await?;
                let began = Instant::now();
                let ended = gpu.finished(gpu.submit(encoder.finish()), "the first use of a kernel").await?;
                self.slowest_warming = self.slowest_warming.max(ended.duration_since(began));
            }
        }
        Ok(())
    }

    /// Waits until everything submitted has run.
    pub async fn drain(&mut self, gpu: &Gpu) -> Result<(), GpuError> {
        while !self.flying.is_empty() {
            self.land(gpu).await?;
        }
        gpu.check()
    }

    /// Work that one dispatch should hold at most, judged by the convolutions, which take most of the time.
    pub fn most(&self) -> u64 {
        ((TARGET_NANOSECONDS - DISPATCH_NANOSECONDS) / self.rates.of("convolve_3")) as u64
    }

    /// The longest submission so far, of those whose beginning and end were both seen.
    pub fn slowest(&self) -> Duration {
        self.slowest
    }

    /// How many submissions there were.
    pub fn count(&self) -> Count {
        self.count
    }

    /// The longest first use of a kernel, which computes nothing: drivers compile then.
    pub fn slowest_warming(&self) -> Duration {
        self.slowest_warming
    }

    async fn land(&mut self, gpu: &Gpu) -> Result<(), GpuError> {
        let Some(Flight { ticket, load, began, running }) = self.flying.pop_front() else { return Ok(()) };
        let under_way = gpu.under_way(&ticket);
        let ended = gpu.finished(ticket, "a piece of recorded work").await?;
        // It began when it was submitted or, if another was before it, when that was done.
        let began = began.or(self.ended);
        let seen = under_way || ended.duration_since(running) <= 2 * GLANCE;
        self.ended = seen.then_some(ended);
        self.count.all += 1;
        if let (Some(began), Some(ended)) = (began, self.ended) {
            let took = ended.duration_since(began);
            self.slowest = self.slowest.max(took);
            self.count.seen += 1;
            self.count.long += u64::from(took > BOUND);
            self.rates.learn(&load, took);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// Kernels of one list, and how many nanoseconds each takes for a unit of work on a device of speed 1.
    const KERNELS: [(&str, f64); 4] =
        [("convolve", 0.2), ("elementwise", 0.6), ("gather", 1.3), ("reader_change", 0.8)];

    /// Milliseconds of each submission when `count` dispatches of the first `kernels`, each of up to `most` work, go to
    /// a device, and are up to 1.5 times as slow or as fast as usual.
    fn submissions(rates: &mut Rates, speed: f64, kernels: usize, [count, most]: [usize; 2]) -> Vec<f64> {
        let mut stream = Stream::new(1, "pacing", 0);
        let mut dispatches = (0..count).map(|_| {
            let (kernel, rate) = KERNELS[stream.below(kernels)];
            let work = 1 + stream.below(most) as u64;
            (
                kernel,
                work,
                DISPATCH_NANOSECONDS + work as f64 * rate * speed * 2.25f64.powf(stream.uniform() - 0.5),
            )
        });
        let mut next = dispatches.next();
        let mut all = Vec::new();
        while next.is_some() {
            let (mut load, mut lasts, mut nanoseconds) = (Load::default(), 0.0, 0.0);
            while let Some((kernel, work, took)) = next
                && rates.fits(&load, lasts, kernel, work)
            {
                lasts += rates.nanoseconds(kernel, work);
                load.add(kernel, work);
                nanoseconds += took;
                next = dispatches.next();
            }
            all.push(nanoseconds / 1e6);
            rates.learn(&load, Duration::from_nanos(nanoseconds as u64));
        }
        all
    }

    fn short(all: &[f64]) -> bool {
        all.iter().all(|milliseconds| *milliseconds <= 50.0)
    }

    #[test]
    fn submissions_adapt_to_the_device_and_stay_short() {
        for speed in [0.05, 1.0, 10.0] {
            let mut rates = Rates::default();
            let found = submissions(&mut rates, speed, 4, [3000, 1_000_000]);
            assert!(short(&found), "{speed}: {found:?}");
        }
        // On a fast device they grow to the size intended: many dispatches at once.
        let mut rates = Rates::default();
        let found = submissions(&mut rates, 1.0, 4, [3000, 1_000_000]);
        let mean = found.iter().sum::<f64>() / found.len() as f64;
        assert!((5.0..25.0).contains(&mean), "{mean}");
        // A device that becomes ten times as slow is caught up with after few submissions.
        let slow = submissions(&mut rates, 10.0, 4, [3000, 1_000_000]);
        assert!(slow[0] > 50.0 && short(&slow[5..]), "{slow:?}");
    }

    #[test]
    fn a_rate_learnt_on_one_kernel_is_not_believed_of_another() {
        let mut rates = Rates::default();
        submissions(&mut rates, 1.0, 1, [1000, 10_000_000]);
        assert!((0.1..0.4).contains(&rates.of("convolve")), "{rates:?}");
        // Three others, up to 6 times as slow, come in: with one rate for all the first submission of them took 100 ms.
        let found = submissions(&mut rates, 1.0, 4, [1000, 10_000_000]);
        assert!(short(&found), "{found:?}");
        assert!(rates.of("gather") > 2.0 * rates.of("convolve"), "{rates:?}");
    }

    #[test]
    fn submissions_that_did_next_to_nothing_do_not_slow_the_rest_down() {
        let mut rates = Rates::default();
        submissions(&mut rates, 1.0, 1, [1000, 10_000_000]);
        let before = rates.of("convolve");
        let mut load = Load::default();
        load.add("convolve", 100);
        // The host was slow to submit: 1 ms for 100 multiply-adds.
        rates.learn(&load, Duration::from_millis(1));
        assert_eq!(rates.of("convolve"), before);
        // Of many dispatches that do nothing each one's own cost counts.
        let found = submissions(&mut rates, 1.0, 1, [5000, 10]);
        assert!(found.len() >= 5, "{}", found.len());
    }
}
