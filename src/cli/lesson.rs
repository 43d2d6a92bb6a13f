//! `seedling lesson`: lessons for the window and the page, listed and checked.

use std::process::ExitCode;

use super::arguments::{LessonCommand, from_here};
use super::console::Console;
use super::failure::Failure;
use crate::lesson::{Lesson, built_in, names};

/// Runs the command.
pub fn lesson(command: &LessonCommand, console: &Console) -> Result<ExitCode, Failure> {
    match command {
        LessonCommand::List => {
            for lesson in names().filter_map(built_in) {
                let Lesson { name, title, minutes, steps, .. } = lesson?;
                console.line(&format!("{name:<12} {title} ({} steps, {minutes} minutes)", steps.len()));
            }
            console.line("Open one in the window (Run menu, Lessons) or by a link to the page: #lesson=NAME");
            Ok(ExitCode::SUCCESS)
        }
        LessonCommand::Check { files } => {
            let mut wrong = 0;
            for file in files {
                match Lesson::read(&from_here(file)) {
                    Ok(lesson) => console.line(&format!(
                        "{}: \"{}\", {} steps, {} minutes",
                        file.display(),
                        lesson.title,
                        lesson.steps.len(),
                        lesson.minutes
                    )),
                    Err(error) if files.len() == 1 => return Err(error.into()),
                    Err(error) => {
                        wrong += 1;
                        console.error(&format!("error: {error}"));
                    }
                }
            }
            match wrong {
                0 => Ok(ExitCode::SUCCESS),
                wrong => Err(Failure::Usage(format!("{wrong} of {} lessons are wrong", files.len()))),
            }
        }
    }
}
