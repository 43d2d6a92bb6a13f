//! `seedling draw`: a run's pictures as SVG and PNG files, and its growth as a movie, without a window.

use std::process::ExitCode;

use super::arguments::{DrawArguments, PictureFormat, Theme, from_here};
use super::console::Console;
use super::failure::Failure;
use crate::exchange::{Wanted, write_movie, write_pictures};
use crate::files::with_ending;
use crate::pictures::RunRecord;
use crate::words::in_language;

/// The movie's name where none is given.
const MOVIE: &str = "growth.png";

/// Runs the command.
pub fn draw(arguments: &DrawArguments, console: &Console) -> Result<ExitCode, Failure> {
    let DrawArguments { theme, format, language, .. } = *arguments;
    if arguments.out.is_none() && arguments.movie.is_none() {
        let why = "draw: found no place for the pictures, expected --out DIR, or --movie FILE";
        return Err(Failure::Usage(why.into()));
    }
    let run = RunRecord::read(&from_here(&arguments.run))?;
    let wanted = Wanted {
        light: theme != Theme::Dark,
        dark: theme != Theme::Light,
        svg: format != PictureFormat::Png,
        png: format != PictureFormat::Svg,
    };
    let (mut written, mut missing) = (Vec::new(), Vec::new());
    let out = arguments.out.as_deref().map(from_here);
    if let Some(out) = &out {
        (written, missing) = in_language(language, || write_pictures(&run, wanted, out))?;
    }
    if let Some(file) = &arguments.movie {
        // Without a name it lies among the pictures.
        let usual = out.unwrap_or_default().join(MOVIE);
        let to = file.as_deref().map_or(usual, from_here);
        let movie = || write_movie(&run, theme == Theme::Dark, &with_ending(to, "png"));
        match in_language(language, movie)? {
            Some(path) => written.push(path),
            None => missing.push("growth: nothing is scored yet".into()),
        }
    }
    for why in missing {
        console.error(&format!("note: {why}"));
    }
    for path in &written {
        console.line(&path.display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}
