//! Lessons: a TOML file of steps, each with one question, and a machine that checks the answers against the run.
//!
//! - [`Lesson`], [`Step`], [`Ask`], [`Check`]: what a file says, read by [`Lesson::read`] and [`Lesson::parse`];
//! - [`Facts`]: what is known of the run; [`judge`]: whether an answer is right, by these facts;
//! - [`Course`]: a lesson that somebody takes, with what they answered so far ([`Progress`]);
//! - [`results`]: what they guessed, for their teacher; [`built_in`]: the lessons that come with the program.
//!
//! `docs/workshop.md` says how to write one.

mod answer;
mod check;
mod course;
mod error;
mod facts;
mod fields;
mod judge;
mod kinds;
mod library;
mod part;
mod read;
mod results;

pub use answer::{Answer, Answered, Progress, Standing};
pub use check::Check;
pub use course::{Course, TRIES};
pub use error::LessonError;
pub use facts::{Facts, Method, pairs_right, parting};
pub use judge::{Context, Verdict, judge};
pub use kinds::{Ask, Entrant, Lesson, On, RECORDED, Race, Step, Until};
#[cfg(target_arch = "wasm32")]
pub use library::provide_recorded;
pub use library::{built_in, names, recorded};
pub use part::{Part, Place};
pub use results::{Line, Results, results};
