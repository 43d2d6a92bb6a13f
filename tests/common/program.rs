//! The real binary, run to its end.

use std::process::{Command, Output, Stdio};

/// The binary with its arguments.
pub fn seedling(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedling"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs it.
pub fn run(arguments: &[&str]) -> Output {
    seedling(arguments).output().unwrap()
}

/// What was printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs and demands success; standard output.
pub fn succeed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs and demands a failure with this status; standard error.
pub fn fail(arguments: &[&str], status: i32) -> String {
    let output = run(arguments);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {message}");
    message
}
