//! A run's pictures, and its growth as a movie, as files.

use std::path::{Path, PathBuf};

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

/// Which files are made of each picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// With the colours of a light ground.
    pub light: bool,
    /// With the colours of a dark one.
    pub dark: bool,
    /// As SVG.
    pub svg: bool,
    /// As PNG.
    pub png: bool,
}

impl Wanted {
    /// Every file that can be made.
    pub const ALL: Self = Self { light: true, dark: true, svg: true, png: true };
}

/// Draws every picture of a run into a folder; those of the same names are replaced. The files that were written, and for
/// the other kinds of pictures, why there is nothing to draw.
///
/// # Errors
///
/// Where a file cannot be written.
pub fn write_pictures(
    run: &RunRecord,
    wanted: Wanted,
    out: &Path,
) -> Result<(Vec<PathBuf>, Vec<String>), LabError> {
    create_folder(out)?;
    let mut written = Vec::new();
    let mut write = |name: String, bytes: &[u8]| -> Result<(), LabError> {
        let path = out.join(name);
        write_atomically(&path, bytes)?;
        written.push(path);
        Ok(())
    };
    let (drawn, missing) = pictures(run);
    for (name, picture) in drawn {
        let page = picture.page();
        for (dark, theme, _) in
            [(false, "light", wanted.light), (true, "dark", wanted.dark)].into_iter().filter(|(.., is)| *is)
        {
            if wanted.svg {
                write(format!("{name}-{theme}.svg"), svg_on(&page, dark).as_bytes())?;
            }
            if wanted.png {
                write(format!("{name}-{theme}.png"), &png(&pixels(&page, dark, SCALE)))?;
            }
        }
    }
    Ok((written, missing))
}

/// Draws a run's growth as an animated PNG that runs round: a frame for each moment at which the network was scored. The
/// file that was written; none where the network was never scored.
///
/// # Errors
///
/// Where the file cannot be written.
pub fn write_movie(run: &RunRecord, dark: bool, to: &Path) -> Result<Option<PathBuf>, LabError> {
    let scenes = story(run);
    let scale = if scenes.len() > FRAMES { SCALE / 2.0 } else { SCALE };
    let Some(last) = scenes.len().checked_sub(1) else { return Ok(None) };
    let shown = |index: usize| if index == last { SHOWN.1 } else { SHOWN.0 };
    let frames: Vec<(Pixels, u16)> =
        scenes.iter().enumerate().map(|(index, scene)| (pixels(scene, dark, scale), shown(index))).collect();
    write_atomically(to, &movie(&frames))?;
    Ok(Some(to.to_owned()))
}
