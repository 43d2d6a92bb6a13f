//! What a page has: the event loop in place of threads, memory in place of a disk, downloads in place of dialogs.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Context, DroppedFile, FontData, FontDefinitions, FontFamily, FontTweak};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use super::Dialog;
use crate::data::{self, DataConfig, DataError, embedded};
use crate::files::archive::{Archive, ArchiveError};
use crate::format::decimal;
use crate::words::{Language, in_english, say};
use crate::{files, lab, lesson, turn};

/// Functions of web/page.js.
#[wasm_bindgen(js_namespace = ["globalThis", "seedling"])]
extern "C" {
    #[wasm_bindgen(js_name = fetchBytes, catch)]
    async fn fetch_bytes(name: &str, progress: &Closure<dyn Fn(f64, f64)>) -> Result<JsValue, JsValue>;
    /// The bytes of a file beside the page, of so many at most.
    #[wasm_bindgen(js_name = fetchRun, catch)]
    async fn fetch_run_bytes(address: &str, most: f64) -> Result<JsValue, JsValue>;
    fn language() -> String;
    #[wasm_bindgen(js_name = keepLanguage)]
    fn keep(language: &str);
    fn speak(language: &str);
    /// A font that the page has fetched.
    fn font(name: &str) -> Uint8Array;
    /// The recorded run that the page has fetched; nothing if it could not.
    fn recorded() -> Option<Uint8Array>;
    fn download(name: &str, bytes: Uint8Array);
    #[wasm_bindgen(js_name = pickFile)]
    async fn pick_file(accept: &str) -> JsValue;
    /// Sets the part of the address after `#`, and returns the whole address.
    #[wasm_bindgen(js_name = setFragment)]
    fn set_fragment(fragment: &str) -> String;
}

/// Hands on the recorded run, if the page could fetch it.
pub fn take_recorded() {
    if let Some(run) = recorded() {
        lesson::provide_recorded(run.to_vec());
    }
}

/// The language of the last visit, or the browser's; English where the screen has neither.
pub fn read_language(_home: Option<&Path>) -> Language {
    Language::of_tag(&language()).unwrap_or_default()
}

/// Has the browser keep the language that was chosen for the next visit.
pub fn keep_language(_home: Option<&Path>, language: Language) -> Result<(), String> {
    keep(language.name());
    Ok(())
}

/// Tells the page what the screen's texts are in, for what reads it aloud.
pub fn speaks(language: Language) {
    speak(language.name());
}

/// Egui's own fonts, in its own order. The page fetches them beside the program, which they would make a fifth larger.
pub fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for name in ["Hack", "Ubuntu-Light", "egui-icons"] {
        let data = FontData::from_owned(font(name).to_vec());
        let scale = if name == "egui-icons" { 0.9 } else { 1.0 };
        fonts
            .font_data
            .insert(name.into(), Arc::new(data.tweak(FontTweak { scale, ..FontTweak::default() })));
    }
    let family = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    fonts.families.insert(FontFamily::Monospace, family(&["Hack", "Ubuntu-Light", "egui-icons"]));
    fonts.families.insert(FontFamily::Proportional, family(&["Ubuntu-Light", "egui-icons"]));
    fonts
}

/// The longest that news of the worker may wait to be drawn. Where the Candle engine computes, the browser often draws on the
/// processor too: a frame for each training step cost a quarter of the speed.
pub const NEWS: Duration = Duration::from_millis(250);

/// The lab's task.
#[derive(Default)]
pub struct Thread;

impl Thread {
    /// Runs `work` to its end between the page's other tasks.
    pub fn start<W: Future<Output = ()> + 'static>(work: impl FnOnce() -> W + Send + 'static) -> Self {
        spawn_local(work());
        Self
    }

    /// Does nothing: a page cannot wait.
    pub fn join(&mut self) {}
}

/// Sleeps without blocking the page.
pub async fn sleep(duration: Duration) {
    turn::wait(duration).await;
}

/// The folder that runs are kept in.
pub fn home() -> Option<PathBuf> {
    Some(files::KEPT.into())
}

/// A page has no folder that a person would know: names are all there is.
pub fn documents() -> PathBuf {
    PathBuf::new()
}

/// Where what is written goes before it is downloaded.
const OUTBOX: &str = "/downloads";
/// Where uploaded files go.
const INBOX: &str = "/uploads";

/// Has the person upload a file, or proposes a name to download one by. A folder comes as a zip file.
pub fn ask(dialog: Dialog, context: Context) -> async_channel::Receiver<Option<Result<PathBuf, String>>> {
    let (sender, receiver) = async_channel::bounded(1);
    spawn_local(async move {
        let answer = match dialog {
            Dialog::SaveFile(name) => Some(Ok(Path::new(OUTBOX).join(name))),
            Dialog::OpenFile(extensions) => upload(&format!(".{}", extensions.join(",."))).await,
            Dialog::Folder => upload(".zip").await,
        };
        let _ = sender.send(answer).await;
        context.request_repaint();
    });
    receiver
}

/// A file that the person picks, put into memory; of a zip file what is in it, in a folder of its name.
async fn upload(accept: &str) -> Option<Result<PathBuf, String>> {
    let picked: Array = pick_file(accept).await.dyn_into().ok()?;
    let name = picked.get(0).as_string()?;
    let bytes = Uint8Array::new(&picked.get(1)).to_vec();
    Some(take(&name, &bytes).await)
}

/// Puts a file into memory. What is no zip file by its content stays one file, whatever its name.
async fn take(name: &str, bytes: &[u8]) -> Result<PathBuf, String> {
    let path = Path::new(INBOX).join(name);
    let Ok(archive) = Archive::open(bytes) else {
        // Memory takes everything.
        let _ = files::write_atomically(&path, bytes);
        return Ok(path);
    };
    let folder = path.with_extension("");
    files::forget(&folder);
    unpack(archive, &folder).await.map_err(|error| {
        files::forget(&folder);
        format!("{name}: {error}")
    })?;
    Ok(innermost(folder))
}

/// Puts what is in a zip file into a folder. Of pictures only what images are made of is kept, in small files: what a
/// camera makes is a thousand times as large.
async fn unpack(mut archive: Archive<'_>, folder: &Path) -> Result<(), ArchiveError> {
    while let Some((name, content)) = archive.next_file()? {
        let path = folder.join(name);
        let small = if data::is_picture(&path) { data::shrunk(&content) } else { None };
        let _ = files::write_atomically(&path, small.as_deref().unwrap_or(&content));
        turn::yield_now().await;
    }
    Ok(())
}

/// The folder that holds all: many archives have one folder around everything.
fn innermost(mut folder: PathBuf) -> PathBuf {
    while files::files_in(&folder).is_ok_and(|names| names.is_empty())
        && let [only] = &files::folders_in(&folder)[..]
    {
        folder = only.clone();
    }
    folder
}

/// The images that may be dropped on the page.
pub fn images() -> &'static str {
    say!("page-images")
}

/// What may be dropped on the page besides images.
pub fn dropped() -> &'static str {
    say!("page-dropped")
}

/// Puts a dropped file into memory, and has `see` look at its path there.
pub fn take_dropped<T: 'static>(
    file: Arc<dyn DroppedFile>,
    context: Context,
    see: impl FnOnce(PathBuf) -> Result<T, String> + 'static,
) -> async_channel::Receiver<Result<T, String>> {
    let (sender, receiver) = async_channel::bounded(1);
    spawn_local(async move {
        let name = file.path().display().to_string();
        let taken = match file.bytes_async().await {
            Ok(bytes) => take(&name, &bytes).await,
            Err(why) => Err(format!("{name}: {why}")),
        };
        let _ = sender.send(taken.and_then(see)).await;
        context.request_repaint();
    });
    receiver
}

/// The most bytes of a run's zip file; one of the default settings has one million.
const MOST_OF_A_RUN: f64 = 64e6;

/// Fetches a run's zip file by its address, which only leads to the page's own host, and puts it into memory; the run's
/// folder there.
pub async fn bring_run(address: &str) -> Result<PathBuf, String> {
    let fetched = fetch_run_bytes(address, MOST_OF_A_RUN).await;
    let fetched = fetched.map_err(|error| format!("{address}: {}", words(&error)))?;
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let folder = take(name, &Uint8Array::new(&fetched).to_vec()).await?;
    if !lab::holds_a_run(&folder) {
        return Err(say!("page-no-run", address = address));
    }
    Ok(folder)
}

/// The same, beside the screen, which then has `see` look at the folder.
pub fn fetch_run<T: 'static>(
    address: String,
    context: Context,
    see: impl FnOnce(PathBuf) -> Result<T, String> + 'static,
) -> async_channel::Receiver<Result<T, String>> {
    let (sender, receiver) = async_channel::bounded(1);
    spawn_local(async move {
        let _ = sender.send(bring_run(&address).await.and_then(see)).await;
        context.request_repaint();
    });
    receiver
}

/// Has `see` look at a path.
pub fn look_at<T: 'static>(
    path: PathBuf,
    context: Context,
    see: impl FnOnce(PathBuf) -> Result<T, String> + 'static,
) -> async_channel::Receiver<Result<T, String>> {
    let (sender, receiver) = async_channel::bounded(1);
    let _ = sender.try_send(see(path));
    context.request_repaint();
    receiver
}

/// Runs a short piece of work at once.
pub fn beside(work: impl FnOnce() + Send + 'static) {
    work();
}

/// Fetches the images that come with the page, unless they are there or others are asked for; `say` is told how far
/// it is.
pub async fn fetch_images(
    config: &DataConfig,
    say: impl Fn(String) + Clone + 'static,
) -> Result<(), DataError> {
    if config.dir.is_some() || embedded::provided() {
        return Ok(());
    }
    let mut sheets: Vec<Vec<u8>> = Vec::new();
    for (number, file) in embedded::SHEETS.into_iter().enumerate() {
        let say = say.clone();
        let progress = Closure::<dyn Fn(f64, f64)>::new(move |done: f64, total: f64| {
            say(say!(
                "page-fetching",
                number = number + 1,
                count = embedded::SHEETS.len(),
                done = decimal(done / 1e6, 1),
                total = decimal(total / 1e6, 1)
            ));
        });
        let fetched = fetch_bytes(file, &progress).await;
        let bytes = fetched.map_err(|error| DataError::Embedded {
            file,
            problem: in_english(|| format!("it cannot be fetched: {}", words(&error))),
        })?;
        sheets.push(Uint8Array::new(&bytes).to_vec());
    }
    if let Ok(sheets) = sheets.try_into() {
        embedded::provide(sheets);
    }
    Ok(())
}

fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_else(|| say!("page-no-reason").into()),
    }
}

/// Downloads a file, or a folder as a zip file, frees its memory, and returns its name.
pub fn hand_over(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.to_owned();
    let (name, bytes) = match files::read(path) {
        Ok(bytes) => (name, bytes),
        Err(_) => {
            let names = files::files_in(path).ok()?;
            let inside: Vec<(String, Vec<u8>)> = names
                .into_iter()
                .filter_map(|file| Some((file.clone(), files::read(&path.join(file)).ok()?)))
                .collect();
            (format!("{name}.zip"), files::archive::pack(&inside).ok()?)
        }
    };
    download(&name, Uint8Array::from(bytes.as_slice()));
    files::forget(path);
    Some(name)
}

/// Makes a kept run readable, by reading it into memory.
pub async fn bring_back(folder: &Path) {
    files::bring_back(folder, |_| true).await;
}

/// Makes the files of these names in a kept folder readable.
pub async fn bring_back_only(folder: &Path, names: &[&str]) {
    let wanted = |path: &Path| path.file_name().is_some_and(|name| names.iter().any(|other| name == *other));
    files::bring_back(folder, wanted).await;
}

/// Drops the kept runs but the open one from memory.
pub async fn hold_only(open: Option<&Path>) {
    files::hold_only(open).await;
}

/// Whether the browser lets this page copy: only at a secure address.
pub fn can_copy() -> bool {
    web_sys::window().is_some_and(|window| window.is_secure_context())
}

/// Puts `fragment` behind the `#` of the page's address, and returns the whole address.
pub fn set_address(fragment: &str) -> String {
    set_fragment(fragment)
}
