//! A run as a movie: a frame for each moment at which its network was scored.

use super::curves::{Curves, panels};
use super::network::{moment, sentence};
use super::record::RunRecord;
use crate::lab::{Moment, curve};
use crate::plot::{Content, Picture, Scene};
use crate::words::say;

/// The frames in order, all of one size: the curves so far, and the network as it was.
pub fn story(run: &RunRecord) -> Vec<Scene> {
    let whole = Curves::of(run.name.clone(), &run.state);
    let mut growths = 0;
    let mut pictures = Vec::new();
    // What was only tried is not on the run's way, and looks within a training show no other network.
    let some = [Moment::Tried, Moment::Training];
    let way = curve(&run.state).into_iter().filter(|point| !some.contains(&point.moment));
    for (index, point) in way.enumerate() {
        let run_name = run.name.as_str();
        let title = match point.moment {
            Moment::Seed => say!("pictures-seed-untrained", run = run_name),
            Moment::Training | Moment::Trained | Moment::Tried => {
                say!("pictures-trained", run = run_name, phase = point.round)
            }
            Moment::Grown => {
                growths += 1;
                say!("pictures-grown", run = run_name, round = point.round)
            }
        };
        let mut network = moment(run, growths);
        // Of a growth, how many changes were made as well.
        let said = match point.moment {
            Moment::Grown => std::mem::take(&mut network.said),
            Moment::Seed | Moment::Training | Moment::Trained | Moment::Tried => sentence(&point.quality),
        };
        network.said.clear();
        pictures.push(Picture {
            title,
            notes: vec![said],
            content: Content::Parts(vec![
                panels(&whole.until(index + 1), &[], Some(&whole)),
                Content::Blocks(vec![network]),
            ]),
        });
    }
    let width = pictures.iter().map(Picture::width).fold(0.0, f32::max);
    let mut frames: Vec<Scene> = pictures.iter().map(|picture| picture.page_of(width)).collect();
    let height = frames.iter().map(|frame| frame.height).fold(0.0, f32::max);
    frames.iter_mut().for_each(|frame| frame.height = height);
    frames
}
