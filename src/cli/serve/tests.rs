//! The real server over a socket: what it sends, and what it does not let be done to it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::error::ServeError;
use super::server::{Patience, Server};
use super::site::Site;
use super::{certificate, copy};

/// Shorter than in earnest, so that the tests are.
const PATIENCE: Patience = Patience {
    connections: 8,
    request: Duration::from_millis(600),
    answer: Duration::from_millis(600),
    rate: 1 << 20,
};

/// A page that is larger than what a connection holds on its way.
fn page() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    std::fs::create_dir(folder.path().join("runs")).unwrap();
    write("index.html", b"<!doctype html><title>Seedling</title>");
    write("page.js", "export const one = 1;\n".repeat(200).as_bytes());
    write("seedling.js", b"export default 1;");
    write("seedling_bg.wasm", &[0; 50_000]);
    write("train.png", &noise(8 << 20));
    write(".secret", b"hidden");
    write("runs/mine.zip", b"PK");
    folder
}

/// Bytes that cannot be compressed.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}

/// A server at work, until it is dropped.
struct Served {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<(u64, u64)>>,
    _page: tempfile::TempDir,
}

impl Served {
    fn start(https: Option<Arc<rustls::ServerConfig>>) -> Self {
        let page = page();
        let site = Site::find(Some(page.path())).unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::listen(address, site, https, PATIENCE).unwrap();
        let address = server.address();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = spawn(move || {
            server.serve(|| stopped.load(Ordering::Relaxed));
            server.sent()
        });
        Self { address, stop, thread: Some(thread), _page: page }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends a text, and returns all that comes until the connection ends.
    fn ask(&self, text: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(text.as_bytes()).unwrap();
        Answer::read(&mut stream)
    }

    /// A file by its path, asked for on a connection of its own; further lines of the head.
    fn get(&self, path: &str, lines: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{lines}\r\n"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn read(stream: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        match stream.read_to_end(&mut bytes) {
            Ok(_) => {}
            // A connection may end without a farewell.
            Err(error) if error.kind() == ErrorKind::ConnectionReset && !bytes.is_empty() => {}
            Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&bytes)),
        }
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn line(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }
}

#[test]
fn files_come_as_they_are_with_their_types_and_compressed_where_that_is_taken() {
    let served = Served::start(None);
    let file = |name: &str| std::fs::read(served._page.path().join(name)).unwrap();
    for (path, name, kind) in [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/seedling_bg.wasm?v=1", "seedling_bg.wasm", "application/wasm"),
        ("/train.png", "train.png", "image/png"),
        ("/runs/mine%2Ezip", "runs/mine.zip", "application/zip"),
    ] {
        let answer = served.get(path, "");
        assert_eq!((answer.status, answer.line("Content-Type")), (200, Some(kind)), "{path}");
        assert!(answer.body == file(name), "{path}: other bytes");
        assert_eq!(answer.line("Content-Length"), Some(answer.body.len().to_string().as_str()));
        assert_eq!(answer.line("X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(answer.line("Content-Encoding"), None);
    }
    let squeezed = served.get("/seedling_bg.wasm", "Accept-Encoding: br, gzip\r\n");
    assert_eq!(squeezed.line("Content-Encoding"), Some("gzip"));
    assert!(squeezed.body.len() < 1000);
    let mut plain = Vec::new();
    GzDecoder::new(&squeezed.body[..]).read_to_end(&mut plain).unwrap();
    assert!(plain == file("seedling_bg.wasm"));
    let picture = served.get("/train.png", "Accept-Encoding: gzip\r\n");
    assert_eq!(picture.line("Content-Encoding"), None, "noise gets no smaller");

    let tag = squeezed.line("ETag").unwrap();
    let again = served.get("/seedling_bg.wasm", &format!("If-None-Match: \"x\", {tag}\r\n"));
    assert_eq!((again.status, again.body.len(), again.line("Content-Length")), (304, 0, None));
    let head = served.ask("HEAD /page.js HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!((head.status, head.body.len(), head.line("Content-Length")), (200, 0, Some("4400")));
}

#[test]
fn nothing_outside_the_page_can_be_read_and_nothing_written() {
    let served = Served::start(None);
    let outside = served._page.path().parent().unwrap().join("seedling-outside.txt");
    std::fs::write(&outside, "outside").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, served._page.path().join("link.txt")).unwrap();
    let name = served._page.path().file_name().unwrap().to_str().unwrap().to_owned();
    for path in [
        "/../seedling-outside.txt".to_owned(),
        "/runs/../../seedling-outside.txt".into(),
        "/%2e%2e/seedling-outside.txt".into(),
        "/..%2fseedling-outside.txt".into(),
        "/..\\seedling-outside.txt".into(),
        format!("//{}", outside.display()),
        format!("/runs/../../{name}/index.html"),
        "/.secret".into(),
        "/link.txt".into(),
        "/runs".into(),
        "/none.js".into(),
    ] {
        let answer = served.get(&path, "");
        assert_eq!(answer.status, 404, "{path}: {}", String::from_utf8_lossy(&answer.body));
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT"] {
        let answer = served.ask(&format!("{method} /page.js HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"));
        assert_eq!((answer.status, answer.line("Allow")), (405, Some("GET, HEAD")), "{method}");
    }
    std::fs::remove_file(&outside).unwrap();
}

#[test]
fn what_is_no_request_is_answered_and_the_connection_closed() {
    let served = Served::start(None);
    assert_eq!(served.ask("hello\r\n\r\n").status, 400);
    assert_eq!(served.ask(&format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(9000))).status, 431);
    assert_eq!(served.ask(&format!("GET / HTTP/1.1\r\n{}\r\n", "A: 1\r\n".repeat(100))).status, 431);
    // Half a request, and then nothing more.
    let mut stream = served.connect();
    stream.write_all(b"GET / HT").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(Answer::read(&mut stream).status, 400);
    assert_eq!(served.get("/page.js", "").status, 200, "others are served all the same");
}

#[test]
fn a_connection_serves_many_requests_and_ends_when_no_more_come() {
    let served = Served::start(None);
    let mut stream = served.connect();
    stream.write_all(b"GET /seedling.js HTTP/1.1\r\n\r\nGET /runs/mine.zip HTTP/1.1\r\n\r\n").unwrap();
    let since = Instant::now();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert_eq!(all.matches("HTTP/1.1 200 OK").count(), 2, "{all}");
    assert!(all.ends_with("PK"));
    assert!(since.elapsed() >= PATIENCE.request / 2, "it was kept for a while");
}

#[test]
fn slow_clients_are_let_go_and_others_do_not_wait_for_them() {
    let served = Served::start(None);
    let since = Instant::now();
    // One that sends a letter now and then, and one that takes nothing of a large file.
    let mut dripping = served.connect();
    let mut deaf = served.connect();
    deaf.write_all(b"GET /train.png HTTP/1.1\r\n\r\n").unwrap();
    let mut refused = None;
    for letter in b"GET / HTTP/1.1\r\nUser-Agent: ".iter().cycle() {
        if dripping.write_all(&[*letter]).is_err() || since.elapsed() > Duration::from_secs(15) {
            break;
        }
        assert_eq!(served.get("/seedling.js", "").status, 200);
        sleep(Duration::from_millis(40));
        dripping.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        let mut bytes = [0; 500];
        if let Ok(count) = dripping.read(&mut bytes) {
            refused = Some(String::from_utf8_lossy(&bytes[..count]).into_owned());
            break;
        }
    }
    assert!(refused.is_some_and(|answer| answer.starts_with("HTTP/1.1 408")), "let go after its time");
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    // What the system holds on its way still comes; the rest does not.
    sleep(Duration::from_secs(9));
    let mut taken = Vec::new();
    let _ = deaf.read_to_end(&mut taken);
    assert!(taken.len() < 8 << 20, "{} bytes", taken.len());
}

#[test]
fn a_class_is_served_at_once_and_one_too_many_is_told_to_come_again() {
    let served = Served::start(None);
    let expected = std::fs::read(served._page.path().join("page.js")).unwrap();
    let address = served.address;
    let clients: Vec<_> = (0..30)
        .map(|_| {
            let expected = expected.clone();
            spawn(move || {
                for _ in 0..200 {
                    let mut stream = TcpStream::connect(address).unwrap();
                    stream.write_all(b"GET /page.js HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
                    let answer = Answer::read(&mut stream);
                    if answer.status == 200 {
                        assert!(answer.body == expected);
                        return true;
                    }
                    assert_eq!((answer.status, answer.line("Retry-After")), (503, Some("5")));
                    sleep(Duration::from_millis(20));
                }
                false
            })
        })
        .collect();
    assert!(clients.into_iter().all(|client| client.join().unwrap()), "everybody gets the file");
    // All places taken by connections that say nothing.
    let silent: Vec<TcpStream> = (0..PATIENCE.connections).map(|_| served.connect()).collect();
    sleep(Duration::from_millis(200));
    assert_eq!(served.get("/page.js", "").status, 503);
    drop(silent);
    let since = Instant::now();
    while served.get("/page.js", "").status != 200 {
        assert!(since.elapsed() < Duration::from_secs(20), "their places are never free again");
        sleep(Duration::from_millis(50));
    }
}

/// A client that knows this one certificate, and trusts it for names that are in it.
fn trusting(made: &certificate::Made) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(made.certificate.clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

#[test]
fn the_made_certificate_is_good_for_its_addresses_and_for_no_other() {
    let made =
        certificate::make(vec!["localhost".into(), "127.0.0.1".into(), "192.168.1.20".into()]).unwrap();
    let served = Served::start(Some(made.config.clone()));
    let client = trusting(&made);
    let ask = |name: &str| -> Result<Answer, std::io::Error> {
        let connection = ClientConnection::new(client.clone(), name.to_owned().try_into().unwrap()).unwrap();
        let mut stream = StreamOwned::new(connection, served.connect());
        stream.write_all(b"GET /page.js HTTP/1.1\r\nConnection: close\r\n\r\n")?;
        Ok(Answer::read(&mut stream))
    };
    for name in ["localhost", "127.0.0.1", "192.168.1.20"] {
        let answer = ask(name).unwrap();
        assert_eq!((answer.status, answer.body.len()), (200, 4400), "{name}");
    }
    let refused = ask("192.168.1.21").map(|answer| answer.status).unwrap_err();
    assert!(refused.to_string().contains("not valid for name"), "{refused}");
    let other = certificate::make(vec!["localhost".into()]).unwrap();
    let stranger =
        ClientConnection::new(trusting(&other), "localhost".to_owned().try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(stranger, served.connect());
    assert!(stream.write_all(b"GET / HTTP/1.1\r\n\r\n").is_err(), "another program's certificate");
    let print = made.fingerprint();
    assert_eq!((print.len(), print.matches(':').count()), (95, 31));
    assert_ne!(print, other.fingerprint());

    // Who forgets the s is told so, and no connection that says nothing is kept.
    let plain = served.get("/", "");
    assert_eq!(plain.status, 400);
    assert!(String::from_utf8_lossy(&plain.body).contains("https://"));
    let mut silent = served.connect();
    let mut said = Vec::new();
    let _ = silent.read_to_end(&mut said);
    assert!(said.len() < 400);
}

#[test]
fn a_taken_port_and_a_missing_page_are_said_with_a_way_on() {
    let served = Served::start(None);
    let site = || Site::find(Some(served._page.path())).unwrap();
    let error = Server::listen(served.address, site(), None, PATIENCE).map(|_| ()).unwrap_err();
    let (said, port) = (error.to_string(), served.address.port());
    assert!(matches!(error, ServeError::Taken { .. }) && said.contains(&port.to_string()), "{said}");
    assert!(said.contains(&format!("--port {}", port.wrapping_add(1))), "{said}");
    let elsewhere = SocketAddr::from(([203, 0, 113, 77], 0));
    let error = Server::listen(elsewhere, site(), None, PATIENCE).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("--address"), "{error}");
    let empty = tempfile::tempdir().unwrap();
    let said = Site::find(Some(empty.path())).map(|_| ()).unwrap_err().to_string();
    for part in [empty.path().to_str().unwrap(), "seedling_bg.wasm", "web/build", "--copy", "--page"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_copy_is_served_like_the_page_and_never_written_over_it() {
    let page = page();
    let site = Site::find(Some(page.path())).unwrap();
    let stick = tempfile::tempdir().unwrap();
    let written = copy::copy(&site, stick.path()).unwrap();
    let program = std::env::current_exe().unwrap();
    let copied = stick.path().join(program.file_name().unwrap());
    assert_eq!(copied.metadata().unwrap().permissions(), program.metadata().unwrap().permissions());
    assert_eq!(copied.metadata().unwrap().len(), program.metadata().unwrap().len());
    let words = std::fs::read_to_string(stick.path().join("READ ME.txt")).unwrap();
    let name = program.file_name().unwrap().to_str().unwrap();
    assert!(words.contains(&format!("{name} serve")) && !words.contains("PROGRAM"), "{words}");
    let again = Site::find(Some(&stick.path().join("page"))).unwrap();
    let list = |site: &Site| -> Vec<(String, String)> {
        site.files().map(|(path, file)| (path.to_owned(), file.tag.clone())).collect()
    };
    assert_eq!(list(&again), list(&site));
    assert!(list(&site).iter().any(|(path, _)| path == "/runs/mine.zip"));
    let plain: Vec<PathBuf> = written.iter().filter(|file| file.starts_with(stick.path())).cloned().collect();
    assert_eq!(plain.len(), list(&site).len() + 2);
    let onto = |to: &Path| copy::copy(&again, to).map(|_| ()).unwrap_err().to_string();
    assert!(onto(stick.path()).contains("expected another folder"), "{}", onto(stick.path()));
}
