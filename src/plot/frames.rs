//! Pixels as PNG files, with several frames as animated ones.

use png::{BitDepth, ColorType, Encoder};

use super::raster::Pixels;

/// The file of a picture.
pub fn png(pixels: &Pixels) -> Vec<u8> {
    write(&[(pixels, 0)])
}

/// The file of a movie that begins anew when it is over: its frames, all of one size, and for how many milliseconds
/// each is shown. A program that knows no movies shows the first frame.
pub fn movie(frames: &[(Pixels, u16)]) -> Vec<u8> {
    let frames: Vec<(&Pixels, u16)> = frames.iter().map(|(pixels, shown)| (pixels, *shown)).collect();
    write(&frames)
}

fn write(frames: &[(&Pixels, u16)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(frames, &mut bytes).expect("memory takes every file of equal frames");
    bytes
}

fn encode(frames: &[(&Pixels, u16)], bytes: &mut Vec<u8>) -> Result<(), png::EncodingError> {
    let Some((first, _)) = frames.first() else { return Ok(()) };
    let mut encoder = Encoder::new(bytes, first.width, first.height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    if frames.len() > 1 {
        encoder.set_animated(frames.len() as u32, 0)?;
    }
    let mut writer = encoder.write_header()?;
    for (pixels, shown) in frames {
        if frames.len() > 1 {
            writer.set_frame_delay(*shown, 1000)?;
        }
        writer.write_image_data(&pixels.rgb)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(grey: u8) -> Pixels {
        Pixels { width: 3, height: 2, rgb: vec![grey; 18] }
    }

    #[test]
    fn a_picture_comes_back_from_its_file() {
        let image = image::load_from_memory(&png(&frame(7))).unwrap().into_rgb8();
        assert_eq!((image.dimensions(), image.into_raw()), ((3, 2), frame(7).rgb));
    }

    #[test]
    fn a_movie_has_its_frames_with_their_times_and_never_ends() {
        let bytes = movie(&[(frame(1), 500), (frame(2), 1500)]);
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let control = *reader.info().animation_control().unwrap();
        assert_eq!((control.num_frames, control.num_plays), (2, 0));
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        for (grey, shown) in [(1, 500), (2, 1500)] {
            reader.next_frame(&mut pixels).unwrap();
            let frame = reader.info().frame_control().unwrap();
            assert_eq!((frame.delay_num, frame.delay_den, pixels[0]), (shown, 1000, grey));
        }
    }
}
