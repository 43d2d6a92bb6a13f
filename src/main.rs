//! Native start: no argument opens the window, a subcommand runs headless.

use std::process::ExitCode;

fn main() -> ExitCode {
    seedling::cli::main()
}
