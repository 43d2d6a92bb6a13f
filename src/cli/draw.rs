//! `seedling draw`: a run's pictures as SVG and PNG files, and its growth as a movie, without a window.

use std::process::ExitCode;

use super::arguments::{DrawArguments, PictureFormat, Theme, from_here};
use super::console::Console;
use super::failure::Failure;
use crate::files::{create_folder, write_atomically};
use crate::lab::LabError;
use crate::pictures::{RunRecord, pictures, story};
use crate::plot::{Pixels, movie, pixels, png, svg_on};

/// Pixels a point of a picture.
const SCALE: f32 = 2.0;
/// Frames that a movie of that size may have; a longer one is drawn smaller, so that its file stays small.
const FRAMES: usize = 24;
/// For how many milliseconds a frame of the movie is shown, and the last one.
const SHOWN: (u16, u16) = (1200, 4000);

/// Runs the command.
pub fn draw(arguments: &DrawArguments, console: &Console) -> Result<ExitCode, Failure> {
    let run = RunRecord::read(&from_here(&arguments.run))?;
    let out = from_here(&arguments.out);
    create_folder(&out).map_err(LabError::from)?;
    let mut written = Vec::new();
    let mut write = |name: String, bytes: &[u8]| -> Result<(), LabError> {
        write_atomically(&out.join(&name), bytes)?;
        written.push(name);
        Ok(())
    };
    let themes = match arguments.theme {
        Theme::Light => &[false][..],
        Theme::Dark => &[true],
        Theme::Both => &[false, true],
    };
    let (drawn, missing) = pictures(&run);
    for (name, picture) in drawn {
        let page = picture.page();
        for &dark in themes {
            let name = format!("{name}-{}", if dark { "dark" } else { "light" });
            if arguments.format != PictureFormat::Png {
                write(format!("{name}.svg"), svg_on(&page, dark).as_bytes())?;
            }
            if arguments.format != PictureFormat::Svg {
                write(format!("{name}.png"), &png(&pixels(&page, dark, SCALE)))?;
            }
        }
    }
    for why in missing {
        console.error(&format!("note: {why}"));
    }
    if arguments.movie {
        match growth(&run, arguments.theme == Theme::Dark) {
            Some(bytes) => write("growth.png".into(), &bytes)?,
            None => console.error("note: growth: nothing is scored yet"),
        }
    }
    for name in &written {
        console.line(&out.join(name).display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}

/// The movie's file, if there is a frame to show.
fn growth(run: &RunRecord, dark: bool) -> Option<Vec<u8>> {
    let scenes = story(run);
    let scale = if scenes.len() > FRAMES { SCALE / 2.0 } else { SCALE };
    let last = scenes.len().checked_sub(1)?;
    let shown = |index: usize| if index == last { SHOWN.1 } else { SHOWN.0 };
    let frames: Vec<(Pixels, u16)> =
        scenes.iter().enumerate().map(|(index, scene)| (pixels(scene, dark, scale), shown(index))).collect();
    Some(movie(&frames))
}
