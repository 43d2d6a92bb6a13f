//! What differs between a window and a browser page: threads, sleep, where runs are kept.

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

/// The lab's thread.
#[derive(Default)]
pub struct Thread(#[cfg(not(target_arch = "wasm32"))] Option<std::thread::JoinHandle<()>>);

#[cfg(not(target_arch = "wasm32"))]
impl Thread {
    /// Runs `work` to its end on a thread of its own.
    pub fn start<W: Future<Output = ()>>(work: impl FnOnce() -> W + Send + 'static) -> Self {
        let thread = std::thread::Builder::new().name("seedling lab".into());
        // Without another thread there is no program to speak of; the board then stays empty.
        Self(thread.spawn(move || pollster::block_on(work())).ok())
    }

    /// Waits for its end.
    pub fn join(&mut self) {
        if let Some(thread) = self.0.take() {
            let _ = thread.join();
        }
    }
}

/// Lets others go on between two units of work.
#[cfg(not(target_arch = "wasm32"))]
pub async fn breathe() {}

/// Waits.
#[cfg(not(target_arch = "wasm32"))]
pub async fn sleep(duration: Duration) {
    std::thread::sleep(duration);
}

/// The folder that runs are kept in, where the system has a place for such things.
#[cfg(not(target_arch = "wasm32"))]
pub fn home() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join("seedling").join("runs"))
}

/// One of the system's dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// A folder.
    Folder,
    /// A file of this extension that is there.
    OpenFile(&'static str),
    /// A file to be written, with a name to begin with.
    SaveFile(&'static str),
}

/// Opens a dialog beside the screen's thread; the answer comes when it closes.
#[cfg(not(target_arch = "wasm32"))]
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

/// Runs a short piece of work beside the screen's thread.
#[cfg(not(target_arch = "wasm32"))]
pub fn beside(work: impl FnOnce() + Send + 'static) {
    let _ = std::thread::Builder::new().name("seedling files".into()).spawn(work);
}
