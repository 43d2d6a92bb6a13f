//! Timing: how often something is repeated, and what time counts.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::engine::webgpu::AdapterKind;

/// Repetitions in one timing, at most.
const MOST: u64 = 10_000;

/// How thoroughly something is timed.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// About how long one timing lasts: what takes less is repeated, so that starting it does not count.
    pub lasts: Duration,
    /// Timings, of which the best counts; at least one.
    pub turns: usize,
}

/// Which time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Time that passes.
    Wall,
    /// What the processor's cores have computed for this program, shared out among them: where they do all the work,
    /// other programs disturb it less.
    Processor,
}

impl Clock {
    /// For work on an adapter of this kind.
    pub fn of_adapter(kind: AdapterKind) -> Self {
        match kind {
            AdapterKind::Software => Self::of_processor(),
            _ => Clock::Wall,
        }
    }

    /// For work on the processor.
    pub fn of_processor() -> Self {
        if processor_seconds().is_some() { Clock::Processor } else { Clock::Wall }
    }
}

/// What one repetition takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// Seconds that pass.
    pub wall: f64,
    /// Seconds of all cores together, where the system reports them.
    pub processor: Option<f64>,
}

impl Time {
    /// Seconds by a clock.
    pub fn by(self, clock: Clock) -> f64 {
        match (clock, self.processor) {
            (Clock::Processor, Some(seconds)) => seconds / cores() as f64,
            _ => self.wall,
        }
    }

    /// The lesser of both, for each clock.
    fn least(self, other: Self) -> Self {
        let processor = self.processor.zip(other.processor).map(|(a, b)| a.min(b));
        Self { wall: self.wall.min(other.wall), processor }
    }
}

/// The processor's cores that this program may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Times `act`, which does something as many times as it is told. The first time does not count: what is compiled or
/// set up then is not repeated.
pub async fn best<E>(effort: Effort, mut act: impl AsyncFnMut(u64) -> Result<(), E>) -> Result<Time, E> {
    act(1).await?;
    let wanted = effort.lasts.as_secs_f64();
    let mut times = 1;
    let mut best = once(times, &mut act).await?;
    while best.wall * (times as f64) < wanted / 2.0 && times < MOST {
        // Short times tell little: no more than tenfold at once.
        let factor = (wanted / (best.wall * times as f64).max(1e-9)).clamp(2.0, 10.0);
        times = ((times as f64 * factor).ceil() as u64).min(MOST);
        best = once(times, &mut act).await?;
    }
    for _ in 1..effort.turns {
        best = best.least(once(times, &mut act).await?);
    }
    Ok(best)
}

/// [`best`] for what is done once a call.
pub async fn best_of_each<E>(effort: Effort, mut act: impl AsyncFnMut() -> Result<(), E>) -> Result<Time, E> {
    best(effort, async |times| {
        for _ in 0..times {
            act().await?;
        }
        Ok(())
    })
    .await
}

async fn once<E>(times: u64, act: &mut impl AsyncFnMut(u64) -> Result<(), E>) -> Result<Time, E> {
    let (start, before) = (Instant::now(), processor_seconds());
    act(times).await?;
    let processor = processor_seconds().zip(before).map(|(after, before)| after - before);
    let each = |seconds: f64| seconds / times as f64;
    Ok(Time { wall: each(start.elapsed().as_secs_f64()), processor: processor.map(each) })
}

/// Seconds that this program's threads have computed, where the system reports it.
fn processor_seconds() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let nanoseconds = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    Some(threads.flatten().filter_map(|thread| nanoseconds(thread.path())).sum::<f64>() / 1e9)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use pollster::block_on;

    use super::*;

    #[test]
    fn short_things_are_repeated_and_times_are_of_one_repetition() {
        let effort = Effort { lasts: Duration::from_millis(20), turns: 3 };
        let mut asked = Vec::new();
        let time = block_on(best(effort, async |times| {
            asked.push(times);
            std::thread::sleep(Duration::from_millis(times));
            Ok::<(), Infallible>(())
        }))
        .unwrap();
        assert!((1e-3..10e-3).contains(&time.wall), "{time:?}");
        // Once to set up, once to see how long it takes, then three turns alike of at least half of what was wanted.
        assert_eq!(asked[..2], [1, 1]);
        let turns = &asked[asked.len() - 3..];
        assert!(turns[0] > 1 && turns.iter().all(|times| *times == turns[0]), "{asked:?}");
    }

    #[test]
    fn long_things_are_not_repeated_and_errors_end_it() {
        let effort = Effort { lasts: Duration::ZERO, turns: 1 };
        let mut calls = 0;
        let done = block_on(best(effort, async |times| {
            calls += times;
            if calls > 2 { Err("again") } else { Ok(()) }
        }));
        assert!(done.is_ok(), "{done:?}");
        assert_eq!(calls, 2);
        assert_eq!(block_on(best(effort, async |_| Err("no"))), Err("no"));
    }

    #[test]
    fn processor_time_is_shared_out_among_the_cores() {
        let time = Time { wall: 3.0, processor: Some(4.0) };
        assert_eq!(time.by(Clock::Wall), 3.0);
        assert_eq!(time.by(Clock::Processor), 4.0 / cores() as f64);
        assert_eq!(Time { processor: None, ..time }.by(Clock::Processor), 3.0);
        assert_eq!(Clock::of_adapter(AdapterKind::Discrete), Clock::Wall);
    }
}
