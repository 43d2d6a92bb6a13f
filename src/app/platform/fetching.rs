//! A data set by name being fetched, on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_channel::Receiver;

use crate::data::fetch::{Patience, Set, Watch, fetch};
use crate::words::say;

/// Shorter than the command line's: a person looks on, and can press the button again.
const PATIENCE: Patience =
    Patience { silence: Duration::from_secs(15), tries: 3, pause: Duration::from_secs(1) };
/// Bytes that come between two redraws.
const REDRAW: u64 = 1 << 20;

/// A data set under way. Dropping it stops it; what has come is kept, and the next time goes on from there.
pub struct Fetching {
    /// Which.
    pub set: &'static Set,
    watched: Arc<Watched>,
    answer: Receiver<Result<PathBuf, String>>,
}

/// What both threads know.
struct Watched {
    done: AtomicU64,
    stop: AtomicBool,
    redraw: Box<dyn Fn() + Send + Sync>,
    /// What to do without a connection, in the language of the thread that draws.
    way_on: String,
}

impl Fetching {
    /// Begins to fetch into `cache`, from the authors' address or from `from`, another one or a file; `redraw` is called
    /// when there is news.
    pub fn start(
        set: &'static Set,
        from: Option<String>,
        cache: PathBuf,
        redraw: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let watched = Arc::new(Watched {
            done: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            redraw: Box::new(redraw),
            way_on: say!("fetch-way-on", archive = set.archive),
        });
        let (sender, answer) = async_channel::bounded(1);
        let watch = watched.clone();
        let work = move || {
            let fetched = fetch(set, from.as_deref(), &cache, &PATIENCE, watch.as_ref());
            // Nobody may wait for it any more.
            let _ = sender.try_send(fetched.map_err(|error| error.to_string()));
            (watch.redraw)();
        };
        // Where the system gives no thread, the sender is gone, which `answer` tells.
        let _ = std::thread::Builder::new().name("seedling fetch".into()).spawn(work);
        Self { set, watched, answer }
    }

    /// Bytes that are there.
    pub fn done(&self) -> u64 {
        self.watched.done.load(Ordering::Relaxed)
    }

    /// Whether it was told to stop.
    pub fn is_stopping(&self) -> bool {
        self.watched.stop.load(Ordering::Relaxed)
    }

    /// Has it stop; it answers with an error soon.
    pub fn stop(&self) {
        self.watched.stop.store(true, Ordering::Relaxed);
    }

    /// The folder with the files, or why there is none; none while it is under way.
    pub fn answer(&self) -> Option<Result<PathBuf, String>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(answer),
            Err(async_channel::TryRecvError::Empty) => None,
            Err(async_channel::TryRecvError::Closed) => Some(Err(say!("fetch-no-thread").to_owned())),
        }
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Watch for Watched {
    /// How far it is says enough.
    fn say(&self, _text: &str) {}

    fn progress(&self, done: u64, total: u64) {
        let before = self.done.swap(done, Ordering::Relaxed);
        if before / REDRAW != done / REDRAW || done == total {
            (self.redraw)();
        }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn way_on(&self, _set: &Set) -> String {
        self.way_on.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;
    use crate::data::fetch::SETS;

    /// Waits until there is an answer.
    fn wait(fetching: &Fetching) -> Result<PathBuf, String> {
        let since = Instant::now();
        loop {
            if let Some(answer) = fetching.answer() {
                return answer;
            }
            assert!(since.elapsed() < Duration::from_secs(60), "no answer");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A server that sends a part of an archive and then waits.
    fn slow_server() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/x", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", SETS[0].bytes);
            let _ = stream.write_all(head.as_bytes());
            for _ in 0..2000 {
                // The other side goes at some time.
                if stream.write_all(&[7; 1000]).is_err() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        url
    }

    #[test]
    fn it_tells_how_far_it_is_and_stops_when_told_so() {
        let cache = tempfile::tempdir().unwrap();
        let drawn = Arc::new(AtomicU64::new(0));
        let count = drawn.clone();
        let redraw = move || {
            count.fetch_add(1, Ordering::Relaxed);
        };
        let fetching = Fetching::start(&SETS[0], Some(slow_server()), cache.path().to_owned(), redraw);
        let since = Instant::now();
        while fetching.done() == 0 {
            assert!(since.elapsed() < Duration::from_secs(30), "nothing comes: {:?}", fetching.answer());
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(fetching.answer(), None);
        fetching.stop();
        assert!(fetching.is_stopping());
        let why = wait(&fetching).unwrap_err();
        assert!(why.starts_with("stopped; ") && why.contains("fetching again goes on"), "{why}");
        assert!(drawn.load(Ordering::Relaxed) > 0);
        let part = cache.path().join("cifar-10-binary.tar.gz.part");
        assert_eq!(part.metadata().unwrap().len(), fetching.done());
    }

    #[test]
    fn what_is_there_is_taken_and_what_is_wrong_is_said_with_a_way_on() {
        let cache = tempfile::tempdir().unwrap();
        let file = cache.path().join("other.tar.gz");
        std::fs::write(&file, "something else").unwrap();
        let from = Some(file.display().to_string());
        let start = |from| Fetching::start(&SETS[1], from, cache.path().to_owned(), || {});
        let why = wait(&start(from)).unwrap_err();
        assert!(why.contains("found 14 bytes") && why.contains("drop it on the window"), "{why}");
        let folder = cache.path().join(SETS[1].folder);
        std::fs::create_dir(&folder).unwrap();
        assert_eq!(wait(&start(None)).unwrap(), folder);
    }
}
