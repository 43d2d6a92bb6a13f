use std::cell::{Cell, RefCell};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;

/// A server on this machine: each connection is one request, which `answer` gets with its number and whose
/// answer it writes.
struct Server {
    url: String,
    /// The requests' heads.
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(answer: impl Fn(usize, &str, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/archive.tar.gz", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = seen.clone();
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let head: Vec<String> =
                    lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
                let head = head.join("\n").to_lowercase();
                kept.lock().unwrap().push(head.clone());
                answer(number, &head, &mut stream);
            }
        });
        Self { url, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// Writes what may be written: the other side may have gone.
fn send(stream: &mut TcpStream, head: &str, content: &[u8]) {
    let _ = stream.write_all(format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").as_bytes());
    let _ = stream.write_all(content);
}

/// Where the range of a request begins.
fn begin(head: &str) -> Option<usize> {
    head.lines().find_map(|line| line.strip_prefix("range: bytes="))?.strip_suffix('-')?.parse().ok()
}

/// Answers as a good server does, but breaks off after `most` bytes.
fn serve(archive: &[u8], head: &str, stream: &mut TcpStream, most: usize) {
    let total = archive.len();
    let from = begin(head).unwrap_or(0);
    let content = &archive[from..total.min(from.saturating_add(most))];
    let length = total - from;
    match begin(head) {
        None => send(stream, &format!("200 OK\r\nContent-Length: {length}"), content),
        Some(from) => {
            let range = format!("Content-Range: bytes {from}-{}/{total}", total - 1);
            send(stream, &format!("206 Partial Content\r\n{range}\r\nContent-Length: {length}"), content);
        }
    }
}

/// The archive of tests/images, as a data set.
fn set() -> (Set, Vec<u8>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images/cifar-10-binary.tar.gz");
    let archive = fs::read(path).unwrap();
    let sum = |text: String| -> &'static str { text.leak() };
    let set = Set {
        bytes: archive.len() as u64,
        md5: sum(hexadecimal(&Md5::digest(&archive))),
        sha256: sum(hexadecimal(&Sha256::digest(&archive))),
        ..SETS[0].clone()
    };
    (set, archive)
}

const QUICK: Patience =
    Patience { silence: Duration::from_millis(300), tries: 3, pause: Duration::from_millis(10) };

/// Takes note of everything, and stops after some bytes if asked.
#[derive(Default)]
struct Notes {
    said: RefCell<Vec<String>>,
    done: Cell<u64>,
    stop_at: Option<u64>,
}

impl Watch for Notes {
    fn say(&self, text: &str) {
        self.said.borrow_mut().push(text.to_owned());
    }

    fn progress(&self, done: u64, total: u64) {
        assert!(done <= total);
        self.done.set(done);
    }

    fn stopped(&self) -> bool {
        self.stop_at.is_some_and(|most| self.done.get() >= most)
    }

    fn way_on(&self, set: &Set) -> String {
        format!("Bring {} here", set.archive)
    }
}

/// Fetches from `url` into a new folder; the cache, and how it ended.
fn fetch_from(url: &str, notes: &Notes) -> (tempfile::TempDir, Result<PathBuf, String>) {
    let cache = tempfile::tempdir().unwrap();
    let result = fetch(&set().0, Some(url), cache.path(), &QUICK, notes).map_err(|error| error.to_string());
    (cache, result)
}

/// Whether the folder has the six files, and nothing unfinished or locked is beside it.
fn check_installed(cache: &Path) {
    let names = files::files_in(&cache.join("cifar-10-batches-bin")).unwrap();
    assert_eq!(names.len(), 6, "{names:?}");
    let left: Vec<_> = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["cifar-10-batches-bin"]);
}

#[test]
fn an_archive_is_fetched_once_checked_and_unpacked() {
    let archive = set().1;
    let server = Server::new(move |_, head, stream| serve(&archive, head, stream, usize::MAX));
    let notes = Notes::default();
    let (cache, folder) = fetch_from(&server.url, &notes);
    assert_eq!(folder.unwrap(), cache.path().join("cifar-10-batches-bin"));
    check_installed(cache.path());
    assert_eq!(notes.done.get(), set().0.bytes);
    assert!(notes.said.borrow().iter().any(|text| text.contains(set().0.sha256)), "{:?}", notes.said);
    let again = fetch(&set().0, Some(&server.url), cache.path(), &QUICK, &notes).unwrap();
    assert!(again.is_dir());
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_connection_that_breaks_off_is_resumed() {
    let archive = set().1;
    let server = Server::new(move |_, head, stream| serve(&archive, head, stream, 250));
    let notes = Notes::default();
    let (cache, folder) = fetch_from(&server.url, &notes);
    folder.unwrap();
    check_installed(cache.path());
    let ranges: Vec<_> = server.seen().iter().map(|head| begin(head)).collect();
    assert_eq!(ranges, [None, Some(250), Some(500)]);
}

#[test]
fn what_an_earlier_time_left_is_gone_on_with_or_fetched_anew_if_it_does_not_fit() {
    let (set, archive) = set();
    for (left, wrong) in [(archive[..300].to_vec(), false), (vec![1; 300], true), (vec![1; 5000], true)] {
        let kept = archive.clone();
        let server = Server::new(move |_, head, stream| serve(&kept, head, stream, usize::MAX));
        let cache = tempfile::tempdir().unwrap();
        let length = left.len();
        fs::write(cache.path().join("cifar-10-binary.tar.gz.part"), left).unwrap();
        fetch(&set, Some(&server.url), cache.path(), &QUICK, &Notes::default()).unwrap();
        check_installed(cache.path());
        let ranges: Vec<_> = server.seen().iter().map(|head| begin(head)).collect();
        match (wrong, length) {
            (false, _) => assert_eq!(ranges, [Some(300)]),
            (true, 300) => assert_eq!(ranges, [Some(300), None]),
            _ => assert_eq!(ranges, [None]),
        }
    }
}

#[test]
fn a_server_without_ranges_sends_all_of_it_again() {
    let archive = set().1;
    let server = Server::new(move |number, _, stream| {
        let most = if number == 0 { 200 } else { usize::MAX };
        serve(&archive, "", stream, most);
    });
    let (cache, folder) = fetch_from(&server.url, &Notes::default());
    folder.unwrap();
    check_installed(cache.path());
    assert_eq!(begin(&server.seen()[1]), Some(200));
}

#[test]
fn a_slow_server_is_waited_for_and_a_silent_one_is_not() {
    let archive = set().1;
    let slow = Server::new(move |_, head, stream| {
        // Slower in all than the patience for one piece.
        send(stream, &format!("200 OK\r\nContent-Length: {}", archive.len()), b"");
        assert_eq!(begin(head), None);
        for piece in archive.chunks(100) {
            std::thread::sleep(Duration::from_millis(60));
            let _ = stream.write_all(piece);
        }
    });
    let (cache, folder) = fetch_from(&slow.url, &Notes::default());
    folder.unwrap();
    check_installed(cache.path());
    let silent = Server::new(|_, _, _| std::thread::sleep(Duration::from_secs(3)));
    let (_, error) = fetch_from(&silent.url, &Notes::default());
    let error = error.unwrap_err();
    assert!(error.contains("0 of 681 bytes are there") && error.contains("Bring cifar-10"), "{error}");
}

#[test]
fn redirects_are_followed() {
    let archive = set().1;
    let server = Server::new(move |_, head, stream| match head.starts_with("get /archive") {
        true => send(stream, "302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0", b""),
        false => serve(&archive, head, stream, usize::MAX),
    });
    let (cache, folder) = fetch_from(&server.url, &Notes::default());
    folder.unwrap();
    check_installed(cache.path());
    let round =
        Server::new(|_, _, stream| send(stream, "302 Found\r\nLocation: /x\r\nContent-Length: 0", b""));
    let (_, error) = fetch_from(&round.url, &Notes::default());
    assert!(error.unwrap_err().contains("redirect"));
}

#[test]
fn another_file_is_refused_and_not_kept() {
    let mut other = set().1;
    let last = other.len() - 1;
    other[last] ^= 1;
    let cases: [(Vec<u8>, &str); 2] =
        [(other, "found MD5"), (b"<html>Please log in</html>".to_vec(), "found 26 bytes, expected 681")];
    for (content, part) in cases {
        let server = Server::new(move |_, head, stream| serve(&content, head, stream, usize::MAX));
        let (cache, error) = fetch_from(&server.url, &Notes::default());
        let error = error.unwrap_err();
        assert!(error.contains(part) && error.contains("Bring cifar-10"), "{error}");
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 0);
        assert_eq!(server.seen().len(), 1);
    }
    for (answer, part) in [("404 Not Found", "found the answer 404"), ("503 Busy", "503")] {
        let server =
            Server::new(move |_, _, stream| send(stream, &format!("{answer}\r\nContent-Length: 0"), b""));
        let (_, error) = fetch_from(&server.url, &Notes::default());
        let error = error.unwrap_err();
        assert!(error.contains(part) && error.contains("Bring cifar-10"), "{error}");
        assert_eq!(server.seen().len(), if answer.starts_with('4') { 1 } else { 3 });
    }
}

#[test]
fn nobody_there_is_said_with_the_way_on() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (_, error) = fetch_from(&format!("http://127.0.0.1:{port}/x"), &Notes::default());
    let error = error.unwrap_err();
    for part in ["refused", "0 of 681 bytes are there", "Bring cifar-10-binary.tar.gz here"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_stop_keeps_what_is_there() {
    let (set, archive) = set();
    let kept = archive.clone();
    let server = Server::new(move |_, head, stream| {
        serve(&kept, head, stream, 100);
        std::thread::sleep(Duration::from_millis(100));
        let _ = stream.write_all(&kept[100..]);
    });
    let notes = Notes { stop_at: Some(1), ..Notes::default() };
    let (cache, error) = fetch_from(&server.url, &notes);
    assert!(error.unwrap_err().starts_with("stopped; "));
    let part = fs::read(cache.path().join("cifar-10-binary.tar.gz.part")).unwrap();
    assert!(!part.is_empty() && archive.starts_with(&part));
    let file = cache.path().join("stick.tar.gz");
    fs::write(&file, &archive).unwrap();
    fetch(&set, Some(file.to_str().unwrap()), cache.path(), &QUICK, &notes).unwrap();
}

#[test]
fn a_file_or_its_folder_serves_as_well_and_stays() {
    let (set, archive) = set();
    let stick = tempfile::tempdir().unwrap();
    let file = stick.path().join("cifar-10-binary.tar.gz");
    fs::write(&file, &archive).unwrap();
    for from in [&file, &stick.path().to_owned()] {
        let (cache, folder) = fetch_from(from.to_str().unwrap(), &Notes::default());
        folder.unwrap();
        check_installed(cache.path());
        assert_eq!(fs::read(&file).unwrap(), archive);
    }
    let (_, error) = fetch_from("/nowhere/x.tar.gz", &Notes::default());
    assert!(error.unwrap_err().contains("found no file /nowhere/x.tar.gz"));
    fs::write(&file, &archive[1..]).unwrap();
    let (_, error) = fetch_from(file.to_str().unwrap(), &Notes::default());
    assert!(error.unwrap_err().contains("found 680 bytes, expected 681"));
    // A killed one's unfinished folder is no obstacle.
    fs::write(&file, &archive).unwrap();
    let cache = tempfile::tempdir().unwrap();
    fs::create_dir(cache.path().join("cifar-10-batches-bin.part")).unwrap();
    fs::write(cache.path().join("cifar-10-batches-bin.part/x"), "old").unwrap();
    fetch(&set, Some(file.to_str().unwrap()), cache.path(), &QUICK, &Notes::default()).unwrap();
    check_installed(cache.path());
}

#[test]
fn two_do_not_fetch_into_one_folder() {
    let cache = tempfile::tempdir().unwrap();
    let lock = lock_folder(cache.path()).unwrap();
    let error = fetch(&set().0, Some("/x"), cache.path(), &QUICK, &Notes::default()).unwrap_err();
    assert!(matches!(error, FetchError::Lock(_)), "{error}");
    assert!(error.to_string().contains("is being written by process"), "{error}");
    drop(lock);
}
