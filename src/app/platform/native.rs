//! What a window has: threads, a disk, the system's dialogs.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Context, DroppedFile, FontDefinitions};

use super::Dialog;
use crate::data::{DataConfig, DataError};
use crate::files;
use crate::words::{Language, say};

/// Egui's own fonts.
pub fn fonts() -> FontDefinitions {
    FontDefinitions::default()
}

/// The longest that news of the worker may wait to be drawn.
pub const NEWS: Duration = Duration::ZERO;

/// The lab's thread.
#[derive(Default)]
pub struct Thread(Option<std::thread::JoinHandle<()>>);

impl Thread {
    /// Runs `work` to its end on a thread of its own.
    pub fn start<W: Future<Output = ()>>(work: impl FnOnce() -> W + Send + 'static) -> Self {
        let thread = std::thread::Builder::new().name("seedling lab".into());
        // Nothing can run where the system gives no thread; the board then stays empty.
        Self(thread.spawn(move || pollster::block_on(work())).ok())
    }

    /// Waits until the work has ended.
    pub fn join(&mut self) {
        if let Some(thread) = self.0.take() {
            let _ = thread.join();
        }
    }
}

/// Sleeps.
pub async fn sleep(duration: Duration) {
    std::thread::sleep(duration);
}

/// The folder that runs are kept in; none if the system names no folder for data.
pub fn home() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join("seedling").join("runs"))
}

/// The file in the runs' folder that keeps the language.
const LANGUAGE_FILE: &str = "language";

/// The language that was chosen before, or the system's; English where the screen has neither.
pub fn read_language(home: Option<&Path>) -> Language {
    let kept = home.and_then(|home| files::read_at_most(&home.join(LANGUAGE_FILE), files::MOST_TEXT).ok());
    let kept = kept.and_then(|bytes| String::from_utf8(bytes).ok()?.trim().parse().ok());
    kept.or_else(|| Language::of_tag(&sys_locale::get_locale()?)).unwrap_or_default()
}

/// Keeps the language that was chosen for the next time; the error is for people.
pub fn keep_language(home: Option<&Path>, language: Language) -> Result<(), String> {
    let Some(home) = home else { return Ok(()) };
    files::create_folder(home).map_err(|error| error.to_string())?;
    let kept = files::write_atomically(&home.join(LANGUAGE_FILE), language.name().as_bytes());
    kept.map_err(|error| error.to_string())
}

/// Where a person keeps what they write.
pub fn documents() -> PathBuf {
    dirs::document_dir().or_else(dirs::home_dir).unwrap_or_default()
}

/// Opens a dialog on another thread; the answer comes when it closes.
pub fn ask(dialog: Dialog, context: Context) -> async_channel::Receiver<Option<Result<PathBuf, String>>> {
    let (sender, receiver) = async_channel::bounded(1);
    let open = async move {
        let asked = rfd::AsyncFileDialog::new();
        let answer = match dialog {
            Dialog::Folder => asked.pick_folder().await,
            Dialog::OpenFile(extensions) => {
                asked.add_filter(extensions.join(", "), extensions).pick_file().await
            }
            Dialog::SaveFile(name) => asked.set_file_name(name).save_file().await,
        };
        let _ = sender.send(answer.map(|handle| Ok(handle.path().to_owned()))).await;
        context.request_repaint();
    };
    // If no thread can be had, no answer comes, and the path can still be typed.
    let _ = std::thread::Builder::new().name("file dialog".into()).spawn(move || pollster::block_on(open));
    receiver
}

/// The images that may be dropped on the window.
pub fn images() -> &'static str {
    say!("native-images")
}

/// What may be dropped on the window besides images.
pub fn dropped() -> &'static str {
    say!("native-dropped")
}

/// Has `see` look at the path of a dropped file, on another thread.
pub fn take_dropped<T: Send + 'static>(
    file: Arc<dyn DroppedFile>,
    context: Context,
    see: impl FnOnce(PathBuf) -> Result<T, String> + Send + 'static,
) -> async_channel::Receiver<Result<T, String>> {
    look_at(file.path().to_owned(), context, see)
}

/// Has `see` look at a path, on another thread.
pub fn look_at<T: Send + 'static>(
    path: PathBuf,
    context: Context,
    see: impl FnOnce(PathBuf) -> Result<T, String> + Send + 'static,
) -> async_channel::Receiver<Result<T, String>> {
    let (sender, receiver) = async_channel::bounded(1);
    beside(move || {
        // Nobody may wait for it any more.
        let _ = sender.try_send(see(path));
        context.request_repaint();
    });
    receiver
}

/// Runs a short piece of work on another thread.
pub fn beside(work: impl FnOnce() + Send + 'static) {
    let _ = std::thread::Builder::new().name("seedling files".into()).spawn(work);
}

/// Loads the images that come with the program. Here they are part of it.
pub async fn fetch_images(
    _config: &DataConfig,
    _say: impl Fn(String) + Clone + 'static,
) -> Result<(), DataError> {
    Ok(())
}

/// Gives the person the file that was written. Here it is on their disk already.
pub fn hand_over(_path: &Path) -> Option<String> {
    None
}

/// Makes a kept run readable. Here it is on a disk already.
pub async fn bring_back(_folder: &Path) {}

/// Makes the files of these names in a kept folder readable. Here they are on a disk already.
pub async fn bring_back_only(_folder: &Path, _names: &[&str]) {}

/// Drops the kept runs but the open one from memory. Here a disk holds them, and there is nothing to drop.
pub async fn hold_only(_open: Option<&Path>) {}

/// A run by its address. Only a page has an address that it could be beside.
pub fn fetch_run<T: Send + 'static>(
    address: String,
    _context: Context,
    _see: impl FnOnce(PathBuf) -> Result<T, String> + Send + 'static,
) -> async_channel::Receiver<Result<T, String>> {
    let (sender, receiver) = async_channel::bounded(1);
    let _ = sender.try_send(Err(say!("native-no-address", address = address)));
    receiver
}
