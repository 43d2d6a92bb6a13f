//! What a browser asks for: the head of a request of HTTP/1.1 (RFC 9112), within limits.

use std::io::{ErrorKind, Read};

/// The most bytes of a request's head; browsers send about one thousand.
pub const MOST_HEAD: usize = 8 << 10;
/// The most lines in it.
const MOST_LINES: usize = 64;

/// A request for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The path in plain letters, without what follows a `?`.
    pub path: String,
    /// Whether only the head of the answer is wanted (HEAD).
    pub head_only: bool,
    /// Whether the browser takes files compressed by gzip.
    pub gzip: bool,
    /// The versions that the browser has (`If-None-Match`).
    pub has: String,
    /// Whether more requests may follow on this connection.
    pub keep: bool,
}

/// Why there is no request to answer as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no HTTP, or not of a kind that browsers send.
    Bad(&'static str),
    /// Its head has too many bytes or lines.
    TooLong,
    /// It wants something else than a file.
    Method,
    /// It did not come in time.
    TooSlow,
    /// The other side has gone.
    Gone,
}

/// Reads the next request. `buffer` keeps what has come of the one after it.
pub fn read_request(stream: &mut impl Read, buffer: &mut Vec<u8>) -> Result<Request, Refused> {
    loop {
        if let Some((request, length)) = parse(buffer)? {
            buffer.drain(..length);
            return Ok(request);
        }
        if buffer.len() >= MOST_HEAD {
            return Err(Refused::TooLong);
        }
        let mut piece = [0; 2048];
        match stream.read(&mut piece) {
            Ok(0) if buffer.is_empty() => return Err(Refused::Gone),
            Ok(0) => return Err(Refused::Bad("The request ends in its middle.\n")),
            Ok(count) => buffer.extend_from_slice(&piece[..count]),
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => {}
                // A browser that has nothing to ask for just now is not slow.
                ErrorKind::TimedOut | ErrorKind::WouldBlock if !buffer.is_empty() => {
                    return Err(Refused::TooSlow);
                }
                _ => return Err(Refused::Gone),
            },
        }
    }
}

/// The request at the beginning of these bytes and its length; none while it is not complete.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    let mut lines = [httparse::EMPTY_HEADER; MOST_LINES];
    let mut head = httparse::Request::new(&mut lines);
    let length = match head.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Refused::TooLong),
        Err(_) => return Err(Refused::Bad("This is no request of HTTP.\n")),
    };
    let head_only = match head.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Refused::Method),
    };
    let target = head.path.unwrap_or_default().split('?').next().unwrap_or_default();
    let path = decode(target).filter(|path| path.starts_with('/'));
    let path = path.ok_or(Refused::Bad("Its path is no path of a file.\n"))?;
    let mut request =
        Request { path, head_only, gzip: false, has: String::new(), keep: head.version == Some(1) };
    for line in head.headers.iter() {
        let value = String::from_utf8_lossy(line.value);
        match line.name.to_ascii_lowercase().as_str() {
            "accept-encoding" => request.gzip = takes_gzip(&value),
            "if-none-match" => request.has = value.into_owned(),
            "connection" if value.to_ascii_lowercase().contains("close") => request.keep = false,
            // A file is asked for without any content; whatever follows is not taken for the next request.
            "content-length" if value.trim() == "0" => {}
            "content-length" | "transfer-encoding" => request.keep = false,
            _ => {}
        }
    }
    Ok(Some((request, length)))
}

/// Whether `Accept-Encoding` has gzip, and not with the weight 0, which refuses it.
fn takes_gzip(value: &str) -> bool {
    value.split(',').any(|entry| {
        let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
        let weight = weight.trim().trim_start_matches("q=");
        name.trim().eq_ignore_ascii_case("gzip") && weight.parse::<f32>().map_or(true, |weight| weight > 0.0)
    })
}

/// A path without its percent signs; none if they are broken, or what they say is no text.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Request, Refused> {
        read_request(&mut text.as_bytes(), &mut Vec::new())
    }

    #[test]
    fn what_a_browser_sends_is_understood() {
        let request = read(
            "GET /a%20b.js?x=1 HTTP/1.1\r\nHost: here\r\nAccept-Encoding: br, gzip;q=0.8\r\n\
             If-None-Match: W/\"1\"\r\n\r\n",
        )
        .unwrap();
        let (path, has) = ("/a b.js".to_owned(), "W/\"1\"".to_owned());
        assert_eq!(request, Request { path, head_only: false, gzip: true, has, keep: true });
        let last = read("HEAD / HTTP/1.1\r\nConnection: Close\r\nAccept-Encoding: gzip;q=0\r\n\r\n").unwrap();
        assert!(last.head_only && !last.keep && !last.gzip);
        assert!(!read("GET / HTTP/1.0\r\n\r\n").unwrap().keep);
        assert!(
            !read("GET / HTTP/1.1\r\nContent-Length: 4\r\n\r\n").unwrap().keep,
            "its content is no request"
        );
    }

    #[test]
    fn requests_that_come_together_are_read_one_by_one() {
        let mut text = "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3".as_bytes();
        let mut buffer = Vec::new();
        let mut next = || read_request(&mut text, &mut buffer).map(|request| request.path);
        assert_eq!(next().as_deref(), Ok("/1"));
        assert_eq!(next().as_deref(), Ok("/2"));
        assert_eq!(next(), Err(Refused::Bad("The request ends in its middle.\n")));
    }

    #[test]
    fn what_is_no_request_for_a_file_is_refused() {
        for (text, refused) in [
            ("", Refused::Gone),
            ("POST / HTTP/1.1\r\n\r\n", Refused::Method),
            ("OPTIONS * HTTP/1.1\r\n\r\n", Refused::Method),
            ("GET http://elsewhere/ HTTP/1.1\r\n\r\n", Refused::Bad("Its path is no path of a file.\n")),
            ("GET /%zz HTTP/1.1\r\n\r\n", Refused::Bad("Its path is no path of a file.\n")),
            ("GET /%00 HTTP/1.1\r\n\r\n", Refused::Bad("Its path is no path of a file.\n")),
            ("GET /%ff HTTP/1.1\r\n\r\n", Refused::Bad("Its path is no path of a file.\n")),
            ("\u{16}\u{3}\u{1}", Refused::Bad("This is no request of HTTP.\n")),
        ] {
            assert_eq!(read(text), Err(refused), "{text:?}");
        }
        let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(MOST_HEAD));
        assert_eq!(read(&long), Err(Refused::TooLong));
        let lines = format!("GET / HTTP/1.1\r\n{}\r\n", "A: 1\r\n".repeat(MOST_LINES + 1));
        assert_eq!(read(&lines), Err(Refused::TooLong));
    }
}
