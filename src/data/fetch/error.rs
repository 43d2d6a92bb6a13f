//! Why data could not be fetched, and the way on.

use std::path::PathBuf;

use crate::data::DataError;
use crate::files::{FileError, LockError};
use crate::format::thousands;

/// Data that could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A file or folder that the system would not read or write.
    #[error(transparent)]
    File(#[from] FileError),
    /// Another process fetches.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// An archive that is right but cannot be unpacked.
    #[error(transparent)]
    Data(#[from] DataError),
    /// No place to keep data.
    #[error("found no folder for a user's cache, expected one: set HOME, or give a folder with --data DIR")]
    NoCache,
    /// No file at the place that was given.
    #[error("--from: found no file {}, expected an archive or an address that begins with https://", path.display())]
    NoFile { path: PathBuf },
    /// Nobody answers, or the connection broke off again and again.
    #[error("{url}: {problem}; {} of {} bytes are there, and fetching again goes on from them. {way_on}",
        thousands(*have), thousands(*bytes))]
    Unreachable {
        url: String,
        problem: String,
        /// Bytes that are there.
        have: u64,
        /// Bytes of the archive.
        bytes: u64,
        way_on: String,
    },
    /// The server has an answer of another kind.
    #[error("{url}: found the answer {status}, expected the archive (200). {way_on}")]
    Status { url: String, status: u16, way_on: String },
    /// A file of another size.
    #[error("{place}: found {} bytes, expected {}: it is not the official archive. {way_on}",
        thousands(*found), thousands(*expected))]
    Size { place: String, found: u64, expected: u64, way_on: String },
    /// A file of the right size and another content.
    #[error("{place}: found {kind} {found}, expected {expected}: it is not the official archive. {way_on}")]
    Checksum {
        place: String,
        /// Which checksum.
        kind: &'static str,
        found: String,
        expected: &'static str,
        way_on: String,
    },
    /// The program was asked to end.
    #[error("stopped; {} of {} bytes are there, and fetching again goes on from them",
        thousands(*have), thousands(*bytes))]
    Stopped {
        /// Bytes that are there.
        have: u64,
        /// Bytes of the archive.
        bytes: u64,
    },
}
