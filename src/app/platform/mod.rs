//! What differs between a window and a browser page: threads, sleep, dialogs, where runs are kept, data sets being
//! fetched; and [`link`], settings as the end of a page's address.

#[cfg(not(target_arch = "wasm32"))]
mod fetching;
pub mod link;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod page;

#[cfg(not(target_arch = "wasm32"))]
pub use fetching::Fetching;
#[cfg(not(target_arch = "wasm32"))]
pub use native::*;
#[cfg(target_arch = "wasm32")]
pub use page::*;

/// A question for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// A folder.
    Folder,
    /// A file of one of these extensions that is there.
    OpenFile(&'static [&'static str]),
    /// A file to be written, with a name to begin with.
    SaveFile(&'static str),
}
