//! The line between a page and a worker beside it.

use std::cell::OnceCell;

use async_channel::{Receiver, Sender};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::{Closure, JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use super::{Line, RemoteEngine, serve};
use crate::engine::Engine;
use crate::engine::candle::CandleEngine;

#[wasm_bindgen]
extern "C" {
    /// A worker beside the page: an object of web/page.js.
    type Side;
    #[wasm_bindgen(method)]
    fn say(this: &Side, bytes: Uint8Array);
    #[wasm_bindgen(method)]
    fn close(this: &Side);
}

/// web/page.js in the page, web/engine.js in a worker.
#[wasm_bindgen(js_namespace = ["globalThis", "seedling"])]
extern "C" {
    /// Starts a worker; `hear` gets the bytes that it says, or a text if it dies.
    #[wasm_bindgen(js_name = openWorker, catch)]
    fn open_worker(hear: &Closure<dyn FnMut(JsValue)>) -> Result<Side, JsValue>;
    /// In a worker: says something to the page.
    fn answer(bytes: Uint8Array);
}

/// The page's end.
struct PageLine {
    side: Side,
    heard: Receiver<Vec<u8>>,
    /// Called for as long as the line is open.
    _hear: Closure<dyn FnMut(JsValue)>,
}

impl Line for PageLine {
    fn say(&self, message: Vec<u8>) {
        self.side.say(Uint8Array::from(message.as_slice()));
    }

    fn heard(&self) -> &Receiver<Vec<u8>> {
        &self.heard
    }
}

impl Drop for PageLine {
    fn drop(&mut self) {
        self.side.close();
    }
}

fn open() -> Result<Box<dyn Line>, String> {
    let (sender, heard) = async_channel::unbounded();
    let hear = Closure::new(move |said: JsValue| match said.dyn_into::<Uint8Array>() {
        // Nobody listens any more.
        Ok(bytes) => drop(sender.try_send(bytes.to_vec())),
        Err(_) => drop(sender.close()),
    });
    let side = open_worker(&hear).map_err(|error| format!("{error:?}"))?;
    Ok(Box::new(PageLine { side, heard, _hear: hear }))
}

/// Candle in a worker; in the page itself, by turns with drawing, if there is no worker to be had.
pub fn beside_the_page() -> Box<dyn Engine> {
    let here = CandleEngine::new();
    match RemoteEngine::new(here.info(), Box::new(open)) {
        Ok(there) => Box::new(there),
        Err(_) => Box::new(here),
    }
}

thread_local! {
    static CALLS: OnceCell<Sender<Vec<u8>>> = const { OnceCell::new() };
}

/// In a worker: takes what the page says; the engine starts at the first call.
#[wasm_bindgen(js_name = takeCall)]
pub fn take_call(bytes: Vec<u8>) {
    CALLS.with(|calls| {
        let calls = calls.get_or_init(|| {
            let (sender, receiver) = async_channel::unbounded();
            let say = |bytes: Vec<u8>| answer(Uint8Array::from(bytes.as_slice()));
            spawn_local(serve(Box::new(CandleEngine::new()), receiver, say));
            sender
        });
        // The engine listens for as long as the worker is there.
        let _ = calls.try_send(bytes);
    });
}
