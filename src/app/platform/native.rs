//! What a window has: threads, a disk, the system's dialogs.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{DroppedFile, FontDefinitions};

use super::Dialog;
use crate::data::{DataConfig, DataError};

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

/// Opens a dialog on another thread; the answer comes when it closes.
pub fn ask(dialog: Dialog, context: eframe::egui::Context) -> async_channel::Receiver<Option<PathBuf>> {
    let (sender, receiver) = async_channel::bounded(1);
    let open = async move {
        let asked = rfd::AsyncFileDialog::new();
        let answer = match dialog {
            Dialog::Folder => asked.pick_folder().await,
            Dialog::OpenFile(extension) => asked.add_filter(extension, &[extension]).pick_file().await,
            Dialog::SaveFile(name) => asked.set_file_name(name).save_file().await,
        };
        let _ = sender.send(answer.map(|handle| handle.path().to_owned())).await;
        context.request_repaint();
    };
    // If no thread can be had, no answer comes, and the path can still be typed.
    let _ = std::thread::Builder::new().name("file dialog".into()).spawn(move || pollster::block_on(open));
    receiver
}

/// What may be dropped on the window.
pub const DROPPED: &str = "a run's folder, one of its files, or settings (.toml)";

/// The path of a dropped file.
pub fn take_dropped(
    file: Arc<dyn DroppedFile>,
    _context: eframe::egui::Context,
) -> async_channel::Receiver<Result<PathBuf, String>> {
    let (sender, receiver) = async_channel::bounded(1);
    let _ = sender.try_send(Ok(file.path().to_owned()));
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
