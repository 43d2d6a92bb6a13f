//! Native start: without an argument it opens the window, with a command it runs without one.

use std::process::ExitCode;

#[cfg(feature = "cli")]
fn main() -> ExitCode {
    seedling::engine::candle::keep_freed_memory();
    seedling::engine::webgpu::silence_wayland();
    seedling::cli::main()
}

/// Without the commands there is only the window.
#[cfg(all(feature = "app", not(feature = "cli")))]
fn main() -> ExitCode {
    if let Some(argument) = std::env::args().nth(1) {
        eprintln!(
            "error: found \"{argument}\", expected no argument: this program was built without its commands \
             (the feature \"cli\")"
        );
        return ExitCode::from(2);
    }
    seedling::engine::candle::keep_freed_memory();
    seedling::engine::webgpu::silence_wayland();
    match seedling::app::open() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot open a window: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(any(feature = "app", feature = "cli")))]
fn main() -> ExitCode {
    eprintln!(
        "error: this program was built without its window (the feature \"app\") and without its commands (the \
         feature \"cli\")"
    );
    ExitCode::from(2)
}
