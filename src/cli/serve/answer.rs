//! Answers: a file, that it has not changed, or why there is none.

use std::fmt::Write as _;
use std::io::{Result, Write};

use super::request::{Refused, Request};
use super::site::{File, Site};

/// Bytes that are handed to the connection at once: the time that is left is looked at between two of them.
const PIECE: usize = 64 << 10;

/// Says nothing of the content, which the browser has: a length would be taken for the file's (RFC 9110).
const UNCHANGED: &str = "304 Not Modified";
const NO_FILE: &str = "There is no such file here.\n";

/// An answer.
pub struct Answer<'a> {
    status: &'static str,
    kind: &'a str,
    /// Further lines of the head, each with its end.
    lines: String,
    body: &'a [u8],
    /// Whether the body itself is left out (HEAD).
    head_only: bool,
    /// Whether the connection stays open.
    keep: bool,
}

impl<'a> Answer<'a> {
    /// The answer to a request. Browsers ask each time whether a file has changed: after a new version of the page no
    /// old file is used.
    pub fn to(request: &Request, site: &'a Site) -> Self {
        let Some(file) = site.get(&request.path) else {
            return Answer {
                head_only: request.head_only,
                keep: request.keep,
                ..Self::words("404 Not Found", NO_FILE)
            };
        };
        let File { kind, plain, squeezed, tag } = file;
        let mut lines = format!("ETag: {tag}\r\nCache-Control: no-cache\r\n");
        let mut answer = Answer {
            status: "200 OK",
            kind,
            lines: String::new(),
            body: plain,
            head_only: false,
            keep: true,
        };
        if let Some(squeezed) = squeezed {
            lines.push_str("Vary: Accept-Encoding\r\n");
            if request.gzip {
                lines.push_str("Content-Encoding: gzip\r\n");
                answer.body = squeezed;
            }
        }
        let has = request.has.split(',').any(|has| has.trim() == tag || has.trim() == "*");
        if has {
            (answer.status, answer.body) = (UNCHANGED, &[]);
        }
        Answer { lines, head_only: request.head_only, keep: request.keep, ..answer }
    }

    /// The answer to what is refused; none where nobody waits for one.
    pub fn refusing(refused: Refused) -> Option<Self> {
        let answer = match refused {
            Refused::Gone => return None,
            Refused::Bad(why) => Self::words("400 Bad Request", why),
            Refused::TooLong => {
                Self::words("431 Request Header Fields Too Large", "The request is too long.\n")
            }
            Refused::TooSlow => Self::words("408 Request Timeout", "The request took too long.\n"),
            Refused::Method => {
                let lines = "Allow: GET, HEAD\r\n".into();
                Answer {
                    lines,
                    ..Self::words("405 Method Not Allowed", "There are only files to be read here.\n")
                }
            }
        };
        Some(answer)
    }

    /// The answer to one too many.
    pub fn busy() -> Self {
        let lines = "Retry-After: 5\r\n".into();
        Answer {
            lines,
            ..Self::words("503 Service Unavailable", "Too many at once: try again in a few seconds.\n")
        }
    }

    /// The answer to a browser that speaks plainly where the address begins with https.
    pub fn only_https() -> Self {
        Self::words("400 Bad Request", "This address begins with https://, not http://.\n")
    }

    fn words(status: &'static str, text: &'a str) -> Self {
        let kind = "text/plain; charset=utf-8";
        Answer { status, kind, lines: String::new(), body: text.as_bytes(), head_only: false, keep: false }
    }

    /// Whether another request may follow.
    pub fn keeps(&self) -> bool {
        self.keep
    }

    /// How many bytes of content are sent.
    pub fn length(&self) -> usize {
        if self.head_only { 0 } else { self.body.len() }
    }

    /// Sends it.
    pub fn send(&self, stream: &mut impl Write) -> Result<()> {
        let mut head = format!("HTTP/1.1 {}\r\n{}", self.status, self.lines);
        if self.status != UNCHANGED {
            let _ = write!(head, "Content-Type: {}\r\nContent-Length: {}\r\n", self.kind, self.body.len());
        }
        // The types are right, so that no browser need guess; other pages do not learn the address, which has settings.
        head.push_str("X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
        head.push_str(if self.keep { "\r\n" } else { "Connection: close\r\n\r\n" });
        stream.write_all(head.as_bytes())?;
        for piece in self.body[..self.length()].chunks(PIECE) {
            stream.write_all(piece)?;
        }
        stream.flush()
    }
}
