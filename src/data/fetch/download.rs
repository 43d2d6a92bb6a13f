//! One file by HTTP, resumed where it broke off.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{HeaderMap, StatusCode};

use super::error::FetchError;
use super::watch::Watch;
use crate::files::FileError;

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 16;

/// How long what is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a server to answer, and for more bytes to come.
    pub silence: Duration,
    /// Tries in a row that bring nothing.
    pub tries: u32,
    /// Between two tries.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { silence: Duration::from_secs(30), tries: 4, pause: Duration::from_secs(2) }
    }
}

/// What is wanted.
pub struct Wanted<'a> {
    pub url: &'a str,
    /// Bytes of the file.
    pub bytes: u64,
    /// What to do where it cannot be had, for messages.
    pub way_on: &'a str,
}

/// Why a try ended.
enum End {
    /// Another try may go on.
    Broken(String),
    /// No other try would do better.
    Final(FetchError),
}

/// Brings the file to `path`, where a part of it may be from an earlier time. What it is made of is not
/// looked at: the caller knows its checksum, and a part of another file shows there.
pub fn download(
    wanted: &Wanted,
    path: &Path,
    patience: &Patience,
    watch: &dyn Watch,
) -> Result<(), FetchError> {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(patience.silence))
        .timeout_recv_response(Some(patience.silence))
        .timeout_per_read(Some(patience.silence))
        .user_agent(concat!("seedling/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent();
    let mut tries = 0;
    loop {
        let before = there(path);
        if watch.stopped() {
            return Err(FetchError::Stopped { have: before, bytes: wanted.bytes });
        }
        let problem = match attempt(&agent, wanted, path, before, watch) {
            Ok(()) => return Ok(()),
            Err(End::Final(error)) => return Err(error),
            Err(End::Broken(problem)) => problem,
        };
        let have = there(path);
        tries = if have > before { 1 } else { tries + 1 };
        if tries >= patience.tries {
            let (url, way_on) = (wanted.url.to_owned(), wanted.way_on.to_owned());
            return Err(FetchError::Unreachable { url, problem, have, bytes: wanted.bytes, way_on });
        }
        watch.say(&format!("{problem}; trying again"));
        std::thread::sleep(patience.pause);
    }
}

/// Bytes of a file, if it is there.
fn there(path: &Path) -> u64 {
    path.metadata().map_or(0, |about| about.len())
}

/// One request for what is missing.
fn attempt(agent: &Agent, wanted: &Wanted, path: &Path, have: u64, watch: &dyn Watch) -> Result<(), End> {
    if have == wanted.bytes {
        return Ok(());
    }
    let error = |source| End::Final(FileError { path: path.to_owned(), action: "write", source }.into());
    if have > wanted.bytes {
        std::fs::remove_file(path).map_err(error)?;
        return Err(End::Broken("more was there than there can be".into()));
    }
    let mut request = agent.get(wanted.url);
    if have > 0 {
        request = request.header("Range", format!("bytes={have}-"));
    }
    let answer = request.call().map_err(|error| End::Broken(error.to_string()))?;
    let size = |found| FetchError::Size {
        place: wanted.url.to_owned(),
        found,
        expected: wanted.bytes,
        way_on: wanted.way_on.to_owned(),
    };
    let begin = match answer.status() {
        StatusCode::OK => 0,
        StatusCode::PARTIAL_CONTENT => match range(answer.headers()) {
            Some((begin, total)) if begin == have && total == wanted.bytes => have,
            Some((begin, total)) if begin == have => return Err(End::Final(size(total))),
            _ => return Err(End::Broken("another part was sent than was asked for".into())),
        },
        // The part that is there is of another file.
        StatusCode::RANGE_NOT_SATISFIABLE => {
            std::fs::remove_file(path).map_err(error)?;
            return Err(End::Broken("the server has no such part".into()));
        }
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            return Err(End::Broken(format!("found the answer {status}")));
        }
        status => {
            return Err(End::Final(FetchError::Status {
                url: wanted.url.to_owned(),
                status: status.as_u16(),
                way_on: wanted.way_on.to_owned(),
            }));
        }
    };
    let length = header(answer.headers(), "content-length").and_then(|text| text.parse::<u64>().ok());
    if let Some(length) = length.filter(|length| begin + length != wanted.bytes) {
        return Err(End::Final(size(begin + length)));
    }
    let file = match begin {
        0 => File::create(path),
        _ => OpenOptions::new().append(true).open(path),
    };
    let mut file = file.map_err(error)?;
    let mut done = begin;
    let mut content = answer.into_body().into_reader();
    let mut buffer = vec![0; BUFFER];
    while done < wanted.bytes {
        if watch.stopped() {
            return Err(End::Final(FetchError::Stopped { have: done, bytes: wanted.bytes }));
        }
        let read = content.read(&mut buffer);
        let read = read.map_err(|error| End::Broken(format!("the connection broke off ({error})")))?;
        if read == 0 {
            return Err(End::Broken("the connection broke off".into()));
        }
        done += read as u64;
        if done > wanted.bytes {
            return Err(End::Final(size(done)));
        }
        file.write_all(&buffer[..read]).map_err(error)?;
        watch.progress(done, wanted.bytes);
    }
    file.sync_all().map_err(error)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Where a part begins and the size of the whole, of `Content-Range: bytes BEGIN-END/TOTAL`.
fn range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let (part, total) = header(headers, "content-range")?.strip_prefix("bytes ")?.split_once('/')?;
    Some((part.split_once('-')?.0.parse().ok()?, total.parse().ok()?))
}
