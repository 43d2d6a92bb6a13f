//! What can be wrong before anything is served.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::files::FileError;

/// Why the page cannot be served, or not be copied.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No place has a built page.
    #[error(
        "found no page (a folder with index.html and {needed}) in {}; web/build in Seedling's sources makes it in \
         web/dist, `seedling serve --copy DIR` where there is one copies it with the program, and --page DIR says \
         where it is",
        listed(places)
    )]
    NoPage {
        /// Where it was looked for.
        places: Vec<PathBuf>,
        /// A file that is always in it.
        needed: &'static str,
    },
    /// A folder that is more than the page.
    #[error("{}: found more than {} MB, expected the folder of the page alone", folder.display(), most >> 20)]
    TooLarge {
        /// The folder.
        folder: PathBuf,
        /// The most bytes.
        most: u64,
    },
    /// Another program listens there.
    #[error(
        "port {} of {} is taken by another program (perhaps Seedling itself); expected a free one: --port {}, or \
         --port 0 for any",
        address.port(), address.ip(), address.port().wrapping_add(1)
    )]
    Taken {
        /// What was asked for.
        address: SocketAddr,
    },
    /// The system refuses to listen there.
    #[error("cannot listen at {address} (--address, --port): {source}")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system answers.
        source: std::io::Error,
    },
    /// No certificate could be made.
    #[error("--https: cannot make a certificate: {0}")]
    Certificate(String),
    /// A copy into the page itself.
    #[error("--copy: found {}, where the page itself is, expected another folder", folder.display())]
    Onto {
        /// The folder.
        folder: PathBuf,
    },
    /// A file that could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Where this program itself is, to copy it, or that it cannot be run from there.
    #[error("--copy: cannot copy this program: {0}")]
    Program(std::io::Error),
}

fn listed(places: &[PathBuf]) -> String {
    places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", ")
}
