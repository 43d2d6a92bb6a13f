//! Faults of the program itself, caught where work begins, so that a fault in one piece of work is an error like others.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// What `work` comes to, or what it said when it panicked. What it may have left half done must not be used again. (A
/// page's program ends on a panic, and the page says so.)
pub async fn caught<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let mut work = pin!(work);
    std::future::poll_fn(move |context| {
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
            Err(payload) => Poll::Ready(Err(said(payload.as_ref()))),
        }
    })
    .await
}

/// The text of a panic.
pub fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a word".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer_with_its_text() {
        let none: Option<u8> = std::hint::black_box(None);
        let found = pollster::block_on(caught(async { none.expect("a number") }));
        assert_eq!(found, Err("a number".to_owned()));
        let found = pollster::block_on(caught(async { assert_eq!(std::hint::black_box(1), 2, "{}", "no") }));
        assert!(found.unwrap_err().contains("no"));
        assert_eq!(pollster::block_on(caught(async { 3 })), Ok(3));
    }
}
