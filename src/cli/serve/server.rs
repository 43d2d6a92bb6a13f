//! A server of a few files to many browsers: a thread a connection, each with little time.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::answer::Answer;
use super::channel::{Channel, Plain};
use super::error::ServeError;
use super::request::read_request;
use super::site::Site;

/// Between two looks at whether somebody has come.
const NAP: Duration = Duration::from_millis(15);
/// How long the other side may take to read that nothing follows.
const BRIEF: Duration = Duration::from_secs(1);
/// How many times as many connections as are served are told that there are too many; any more are only closed.
const CROWD: usize = 4;
/// The first byte of an encrypted connection (a handshake's record, RFC 8446).
const HANDSHAKE: u8 = 0x16;

/// What a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Connections at a time; a browser opens up to six.
    pub connections: usize,
    /// The longest that a request may take to come, or that a browser keeps a connection for its next one.
    pub request: Duration,
    /// The longest that an answer may take beyond the time that its bytes need.
    pub answer: Duration,
    /// Bytes a second that must be taken of an answer: a class shares one radio.
    pub rate: u64,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connections: 512, request: seconds(10), answer: seconds(20), rate: 10_000 }
    }
}

/// The server.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    common: Arc<Common>,
}

/// What all connections share.
struct Common {
    site: Site,
    https: Option<Arc<ServerConfig>>,
    patience: Patience,
    /// Connections that are open.
    open: AtomicUsize,
    answers: AtomicU64,
    bytes: AtomicU64,
}

impl Server {
    /// Listens at an address; port 0 is any free one. With `https` every connection is encrypted.
    ///
    /// # Errors
    ///
    /// Where another program listens there, or the system refuses.
    pub fn listen(
        address: SocketAddr,
        site: Site,
        https: Option<Arc<ServerConfig>>,
        patience: Patience,
    ) -> Result<Self, ServeError> {
        let refused = |source: std::io::Error| match source.kind() {
            ErrorKind::AddrInUse => ServeError::Taken { address },
            _ => ServeError::Listen { address, source },
        };
        let listener = TcpListener::bind(address).map_err(refused)?;
        listener.set_nonblocking(true).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let (open, answers, bytes) = Default::default();
        let common = Arc::new(Common { site, https, patience, open, answers, bytes });
        Ok(Self { listener, address, common })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests were answered so far, and with how many bytes.
    pub fn sent(&self) -> (u64, u64) {
        (self.common.answers.load(Ordering::Relaxed), self.common.bytes.load(Ordering::Relaxed))
    }

    /// Serves until `stop` says so.
    pub fn serve(&self, stop: impl Fn() -> bool) {
        while !stop() {
            match self.listener.accept() {
                Ok((stream, _)) => self.take(stream),
                // Nobody; or somebody who went again, or no more connections can be had for now.
                Err(_) => std::thread::sleep(NAP),
            }
        }
    }

    fn take(&self, stream: TcpStream) {
        // Some systems hand on that the listener does not wait.
        if stream.set_nonblocking(false).is_err() {
            return;
        }
        let _ = stream.set_nodelay(true);
        let guest = Guest::new(self.common.clone());
        if guest.before >= CROWD * self.common.patience.connections {
            // Too many even to be told so.
            return;
        }
        // Where the system gives no thread, the connection is closed, and the browser tries again.
        let _ = std::thread::Builder::new().name("seedling serve".into()).spawn(move || guest.serve(stream));
    }
}

/// A connection that is counted as long as it lives.
struct Guest {
    common: Arc<Common>,
    /// How many were there before it.
    before: usize,
}

impl Guest {
    fn new(common: Arc<Common>) -> Self {
        let before = common.open.fetch_add(1, Ordering::Relaxed);
        Self { before, common }
    }

    fn serve(&self, stream: TcpStream) {
        let mut plain = Plain::new(stream, Instant::now() + self.common.patience.request);
        if self.before >= self.common.patience.connections {
            // An encrypted connection would not understand it.
            if self.common.https.is_none() {
                plain.until(Instant::now() + BRIEF);
                let _ = Answer::busy().send(&mut plain);
                plain.end();
            }
            return;
        }
        match &self.common.https {
            None => self.answer(plain),
            Some(_) if plain.first().ok() != Some(HANDSHAKE) => {
                let _ = Answer::only_https().send(&mut plain);
                plain.end();
            }
            Some(config) => {
                if let Ok(connection) = ServerConnection::new(config.clone()) {
                    self.answer(StreamOwned::new(connection, plain));
                }
            }
        }
    }

    /// Answers one request after another.
    fn answer(&self, mut channel: impl Channel) {
        let Common { site, patience, answers, bytes, .. } = &*self.common;
        let mut buffer = Vec::new();
        loop {
            channel.until(Instant::now() + patience.request);
            let request = read_request(&mut channel, &mut buffer);
            let answer = match &request {
                Ok(request) => Answer::to(request, site),
                Err(refused) => match Answer::refusing(*refused) {
                    Some(answer) => answer,
                    None => return,
                },
            };
            let length = answer.length() as u64;
            channel.until(Instant::now() + patience.answer + Duration::from_secs(length / patience.rate));
            if answer.send(&mut channel).is_err() {
                return;
            }
            answers.fetch_add(1, Ordering::Relaxed);
            bytes.fetch_add(length, Ordering::Relaxed);
            if !answer.keeps() {
                channel.until(Instant::now() + BRIEF);
                return channel.end();
            }
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.common.open.fetch_sub(1, Ordering::Relaxed);
    }
}
