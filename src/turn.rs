//! Pauses in long computations. In a browser, computing and drawing share one thread, so that long work must give the
//! page a turn now and then.

use std::future::Future;

/// Lets the page draw and answer, if it has waited long enough for that; a program with threads goes right on.
#[cfg(not(target_arch = "wasm32"))]
pub fn yield_now() -> impl Future<Output = ()> {
    std::future::ready(())
}

/// Lets the page draw and answer, if it has waited long enough for that.
#[cfg(target_arch = "wasm32")]
pub fn yield_now() -> impl Future<Output = ()> {
    page::yield_now()
}

#[cfg(target_arch = "wasm32")]
pub use page::wait;

#[cfg(target_arch = "wasm32")]
mod page {
    use std::cell::Cell;
    use std::time::Duration;

    use js_sys::{Function, Promise};
    use wasm_bindgen::JsValue;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::MessageChannel;
    use web_time::Instant;

    /// How long the page waits at most, while units of work are short: two frames.
    const SLICE: Duration = Duration::from_millis(30);

    thread_local! {
        static LAST: Cell<Option<Instant>> = const { Cell::new(None) };
    }

    pub async fn yield_now() {
        if LAST.get().is_some_and(|last| last.elapsed() < SLICE) {
            return;
        }
        // A message arrives as soon as the browser has done its waiting work; a timer would fire 4 ms later, and
        // only once a second in a hidden tab.
        if let Ok(channel) = MessageChannel::new() {
            let mut post = |resolve: Function, _: Function| {
                channel.port1().set_onmessage(Some(&resolve));
                // The message is null, which can always be posted.
                let _ = channel.port2().post_message(&JsValue::NULL);
            };
            let _ = JsFuture::from(Promise::new(&mut post)).await;
            channel.port1().close();
        }
        LAST.set(Some(Instant::now()));
    }

    /// Waits for a time.
    pub async fn wait(time: Duration) {
        let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
        let mut set = |resolve: Function, _: Function| {
            if let Some(window) = web_sys::window() {
                let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
            }
        };
        let _ = JsFuture::from(Promise::new(&mut set)).await;
    }
}
