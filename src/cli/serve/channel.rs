//! A connection whose time is limited, plain or encrypted.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use rustls::{ServerConnection, StreamOwned};

/// The most bytes that are read of what nobody has asked for, so that the other side still gets its answer.
const REST: usize = 64 << 10;

/// A connection on which nothing takes longer than it may.
pub trait Channel: Read + Write {
    /// Has everything from now on be done until then.
    fn until(&mut self, end: Instant);

    /// Says that nothing follows.
    fn end(&mut self);
}

/// A plain connection.
pub struct Plain {
    stream: TcpStream,
    end: Instant,
}

impl Plain {
    /// A connection of which all must be done until `end`.
    pub fn new(stream: TcpStream, end: Instant) -> Self {
        Self { stream, end }
    }

    /// The first byte that comes, which stays where it is.
    pub fn first(&self) -> Result<u8> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        let mut first = [0];
        match self.stream.peek(&mut first)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(first[0]),
        }
    }

    fn left(&self) -> Result<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(Error::from(ErrorKind::TimedOut)) } else { Ok(left) }
    }
}

impl Read for Plain {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(bytes)
    }
}

impl Write for Plain {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.stream.flush()
    }
}

impl Channel for Plain {
    fn until(&mut self, end: Instant) {
        self.end = end;
    }

    fn end(&mut self) {
        // A connection that is closed with something unread is reset, and the answer may be lost on its way.
        let _ = self.stream.shutdown(Shutdown::Write);
        let mut rest = [0; 4096];
        let mut read = 0;
        while read < REST {
            match self.read(&mut rest) {
                Ok(0) | Err(_) => return,
                Ok(count) => read += count,
            }
        }
    }
}

impl Channel for StreamOwned<ServerConnection, Plain> {
    fn until(&mut self, end: Instant) {
        self.sock.until(end);
    }

    fn end(&mut self) {
        self.conn.send_close_notify();
        let _ = self.flush();
        self.sock.end();
    }
}
