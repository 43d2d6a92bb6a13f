//! The network as it grew: its blocks before the first growth and after each.

use super::record::RunRecord;
use crate::format::{decimal, percent, thousands};
use crate::lab::{CandidateRecord, Quality, Round};
use crate::morphism::morph;
use crate::network::{Architecture, Diagram, Layer, Pooling, Shortcut};
use crate::plot::{Block, Blocks, Bypass, Content, Fate, Picture};
use crate::words::say;

/// The picture: every growth so far.
pub(super) fn network(run: &RunRecord) -> Picture {
    let moments = (0..run.networks.len()).map(|growths| moment(run, growths)).collect();
    let mut notes = vec![say!("pictures-network-note").to_owned()];
    if run.networks.len() == 1 {
        notes.push(say!("pictures-not-grown").into());
    }
    Picture { title: say!("pictures-network").into(), notes, content: Content::Blocks(moments) }
}

/// The picture after so many growths alone.
pub fn network_after(run: &RunRecord, growths: usize) -> Picture {
    Picture {
        title: say!("pictures-network").into(),
        notes: vec![],
        content: Content::Blocks(vec![moment(run, growths)]),
    }
}

/// The network after so many growths, with what the last of them changed.
pub(super) fn moment(run: &RunRecord, growths: usize) -> Blocks {
    let now = &run.networks[growths];
    let made = growths.checked_sub(1).and_then(|last| Some((&run.networks[last], run.grown().nth(last)?)));
    let title = match made {
        None => say!("pictures-seed").to_owned(),
        Some(_) if run.search.tries() => say!("pictures-found").to_owned(),
        Some((_, round)) => say!("pictures-after-round", round = round.round),
    };
    let quality = match made {
        Some((_, round)) => round.after,
        None => run.state.seed,
    };
    let mut said = quality.map_or(String::new(), |quality| sentence(&quality));
    if let Some((_, round)) = made.filter(|_| !run.search.tries()) {
        said = format!("{}; {said}", changes(round));
    }
    compare(made.map(|(before, round)| (before, round.candidates.as_slice())), now, title, said)
}

/// Size and accuracy.
pub(super) fn sentence(quality: &Quality) -> String {
    say!(
        "pictures-size",
        parameters = thousands(quality.parameters),
        loss = decimal(quality.held_out.loss, 3),
        accuracy = percent(quality.held_out.accuracy)
    )
}

fn changes(round: &Round) -> String {
    say!("pictures-made", changes = round.chosen().len())
}

/// The blocks of a network, beside those of the one that it grew from by the chosen candidates, if it has grown.
fn compare(
    before: Option<(&Architecture, &[CandidateRecord])>,
    now: &Architecture,
    title: String,
    said: String,
) -> Blocks {
    let new = Diagram::of(now);
    let (old, candidates) = match before {
        Some((before, candidates)) => (Diagram::of(before), candidates),
        None => (new.clone(), &[][..]),
    };
    let along = |index: usize| index as f64 / (new.layers.len().max(2) - 1) as f64;
    let earlier = |layer: &Layer| old.layers.iter().find(|other| other.name == layer.name);
    let mut blocks: Vec<Block> = new
        .layers
        .iter()
        .enumerate()
        .map(|(index, layer)| block(layer, earlier(layer), candidates, along(index)))
        .collect();
    let place = |blocks: &[Block], name: &str| blocks.iter().position(|block| block.name == name);
    for (index, gone) in old.layers.iter().enumerate() {
        if place(&blocks, &gone.name).is_none() {
            // Where it was: after the one before it, which may have gone as well.
            let at = index.checked_sub(1).and_then(|last| place(&blocks, &old.layers[last].name));
            let outline = Block {
                fate: Fate::Gone,
                channels: vec![Fate::Gone; gone.channels],
                ..block(gone, Some(gone), &[], 0.0)
            };
            blocks.insert(at.map_or(0, |at| at + 1), outline);
        }
    }
    let arcs = |diagram: &Diagram, fate: &dyn Fn(&str) -> Option<Fate>| -> Vec<Bypass> {
        let arc = |skip: &Shortcut| {
            let named = |index: usize| place(&blocks, &diagram.layers[index].name);
            let from = match skip.from {
                Some(from) => Some(named(from)?),
                None => None,
            };
            Some(Bypass { from, to: named(skip.to)?, fate: fate(&skip.node)? })
        };
        diagram.skips.iter().filter_map(arc).collect()
    };
    let is_in = |diagram: &Diagram, node: &str| diagram.skips.iter().any(|skip| skip.node == node);
    let mut all = arcs(&new, &|node| Some(if is_in(&old, node) { Fate::Kept } else { Fate::New }));
    all.extend(arcs(&old, &|node| (!is_in(&new, node)).then_some(Fate::Gone)));
    let classes = now.classes().unwrap_or_default();
    Blocks { title, said, classes, blocks, arcs: all }
}

/// A layer's block, beside what it was before, if it was there.
fn block(layer: &Layer, before: Option<&Layer>, candidates: &[CandidateRecord], along: f64) -> Block {
    let pruned = |channel: usize| {
        candidates.iter().any(|candidate| {
            candidate.chosen
                && candidate.layer() == layer.name
                && candidate.channel() == Some(channel)
                && morph(candidate.family).removes_channel()
        })
    };
    let mut channels: Vec<Fate> = (0..before.map_or(0, |before| before.channels))
        .map(|channel| if pruned(channel) { Fate::Gone } else { Fate::Kept })
        .collect();
    // New channels come last.
    let kept = channels.iter().filter(|fate| **fate == Fate::Kept).count();
    channels.extend(vec![Fate::New; layer.channels.saturating_sub(kept)]);
    let size = match before {
        Some(before) if before.channels != layer.channels => {
            format!("{} → {} × {}²", before.channels, layer.channels, layer.side)
        }
        _ => format!("{} × {}²", layer.channels, layer.side),
    };
    let kernel = match before {
        Some(before) if before.kernel != layer.kernel => {
            format!("{0}×{0} → {1}×{1}", before.kernel, layer.kernel)
        }
        _ => say!("pictures-kernels", side = layer.kernel),
    };
    let pool = layer.pool.map(|pool| match pool {
        Pooling::Max => say!("pictures-max-pool").to_owned(),
        Pooling::Mean => say!("pictures-mean-pool").to_owned(),
        Pooling::MeanOfAll => say!("pictures-mean-of-all").to_owned(),
    });
    Block {
        name: layer.name.clone(),
        details: [Some(size), Some(kernel), pool].into_iter().flatten().collect(),
        along,
        fate: if before.is_some() { Fate::Kept } else { Fate::New },
        channels,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::morphism::{At, Candidate, CostDelta, Family, rewrite_architecture};
    use crate::network::preset;

    fn chosen(family: Family, at: At) -> CandidateRecord {
        let cost = CostDelta { parameters: 0, flops: 0 };
        CandidateRecord { chosen: true, ..CandidateRecord::new(&Candidate::new(family, at), &cost) }
    }

    fn grown(seed: &str, made: &[CandidateRecord]) -> Blocks {
        let before = preset(seed, 3).unwrap();
        let candidates: Vec<Candidate> = made.iter().map(CandidateRecord::candidate).collect();
        let after = rewrite_architecture(&before, &candidates).unwrap();
        compare(Some((&before, made)), &after, String::new(), String::new())
    }

    fn channel(layer: &str, channel: usize) -> At {
        At::Channel { layer: layer.into(), channel }
    }

    #[test]
    fn channels_and_layers_that_came_and_went_are_told_apart() {
        let made = [
            chosen(Family::Split, channel("conv1", 0)),
            chosen(Family::Prune, channel("conv2", 1)),
            chosen(Family::Deepen, At::Layer("conv1".into())),
        ];
        let Blocks { blocks, classes, .. } = grown("3-M-4", &made);
        let (kept, new, gone) = (Fate::Kept, Fate::New, Fate::Gone);
        let found: Vec<(&str, Fate, &[Fate])> =
            blocks.iter().map(|block| (block.name.as_str(), block.fate, block.channels.as_slice())).collect();
        assert_eq!(
            found,
            [
                ("conv1", kept, &[kept, kept, kept, new][..]),
                ("conv3", new, &[new; 4][..]),
                ("conv2", kept, &[kept, gone, kept, kept][..]),
            ]
        );
        assert_eq!(classes, 3);
        assert_eq!(blocks[0].details[0], "3 → 4 × 32²");
        assert_eq!(blocks[2].details[0], "4 → 3 × 16²");
    }

    #[test]
    fn a_layer_that_went_is_an_outline_where_it_was() {
        let Blocks { blocks, .. } =
            grown("3-3-3-M-4", &[chosen(Family::RemoveLayer, At::Layer("conv2".into()))]);
        let found: Vec<(&str, Fate)> = blocks.iter().map(|block| (block.name.as_str(), block.fate)).collect();
        assert_eq!(
            found,
            [("conv1", Fate::Kept), ("conv2", Fate::Gone), ("conv3", Fate::Kept), ("conv4", Fate::Kept)]
        );
    }

    #[test]
    fn a_new_shortcut_is_marked_and_so_is_the_layer_in_it() {
        let at = At::Pair { source: "conv1".into(), target: "conv2".into() };
        let Blocks { blocks, arcs, .. } = grown("3-3-3-M-4", &[chosen(Family::Skip, at)]);
        // It leads through a 1×1 convolution, which the diagram, a line, has after conv2: what conv2 gives goes around it.
        let fates: Vec<Fate> = blocks.iter().map(|block| block.fate).collect();
        assert_eq!(
            (blocks[1].name.as_str(), &fates[..3]),
            ("conv2", &[Fate::Kept, Fate::Kept, Fate::New][..])
        );
        assert_eq!(arcs, [Bypass { from: Some(1), to: 2, fate: Fate::New }]);
    }
}
