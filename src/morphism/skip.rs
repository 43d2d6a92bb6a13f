//! skip: a share of an earlier site of the same shape is added to a site, z_t → z_t + a·z_s.
//!
//! Δz = a·z_s. The graph keeps to its operators: the rewritten network has a 1×1 convolution a·I from z_s and an
//! addition. Every engine and reader of its files knows both, and training can turn the scalar into a projection.

use candle_core::{DType, Device, Tensor};

use super::phi::part;
use super::rewrite::{current_channels, insert_after};
use super::site::Sites;
use super::sketch::{COLUMNS, Ink, ROWS, SHORTCUT, Sketch, Stroke};
use super::values::eye;
use super::{
    About, At, Candidate, Mark, Morph, MorphismError, Phi, Place, Rewrite, RewriteOrder, Shape, Site,
    SiteValues, Work,
};
use crate::network::{Architecture, AsType, Network, NetworkError, Node, Op};

/// The family.
pub struct Skip;

impl Morph for Skip {
    fn about(&self) -> About {
        About {
            verb: "Skip",
            mark: Mark::filled(Shape::Right),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &ROWS, ink: Ink::Kept },
                Stroke::Line(SHORTCUT, Ink::New),
            ]),
            sentence: "A share of an earlier layer's output is added to a later one's, none at first.",
            formula: "a·z_s, at z_t",
            neutral: "a = 0",
            candidates: "one for each pair of layers with ReLUs whose z have equal shapes, called `SOURCE>TARGET`",
            source: "He, Zhang, Ren, Sun: shortcuts, 2016; Elsken, Metzen, Hutter: network morphisms with skip connections, 2018",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Skip
    }

    fn work(&self, _place: &Place) -> Work {
        Work::of_site(0)
    }

    fn places(&self, architecture: &Architecture) -> Vec<At> {
        let layers: Vec<&str> = architecture.convolutions().collect();
        let before = |target: usize| layers[..target].iter().map(move |source| (source, target));
        let pairs = (0..layers.len()).flat_map(before);
        let pair = |source: &str, target: &str| At::Pair { source: source.into(), target: target.into() };
        pairs.map(|(source, target)| pair(source, layers[target])).collect()
    }

    fn sites(&self, architecture: &Architecture, at: &At) -> Result<Option<Sites>, NetworkError> {
        let At::Pair { source, target } = at else {
            return Ok(Site::of(architecture, at.layer())?.map(Sites::from));
        };
        Ok(match (Site::of(architecture, source)?, Site::of(architecture, target)?) {
            (Some(source), Some(site)) => Some(Sites { site, source: Some(source.z) }),
            _ => None,
        })
    }

    fn obstacle(&self, place: &Place) -> Option<String> {
        if place.source.is_none() {
            return Some("found one layer, expected two: source>target".into());
        }
        let order = "found a later layer first, expected an earlier layer, then a later one";
        place.unequal_shapes().or_else(|| (!place.source_is_earlier).then(|| order.into()))
    }

    fn phi_shapes(&self, _place: &Place) -> Vec<(&'static str, Vec<usize>)> {
        vec![("a", vec![1])]
    }

    /// Δ is linear in a, so its gradient is not 0 at 0.
    fn initial_deviation(&self, _: &Place, _: &Network, _: &str) -> Result<f64, MorphismError> {
        Ok(0.0)
    }

    fn delta(&self, values: &SiteValues, candidate: &Candidate, phi: &Phi) -> Result<Tensor, MorphismError> {
        let a = part(phi, candidate, "a")?.reshape((1, 1, 1, 1))?;
        Ok(values.source(candidate)?.broadcast_mul(&a)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        let Some((source, _)) = &place.source else { return Ok(()) };
        let z = &place.site.z;
        let [conv] = architecture.fresh_names("conv");
        let [add] = architecture.fresh_names("add");
        let op = Op::conv(current_channels(architecture, z)?, 1);
        let new = vec![
            Node { name: conv.clone(), op, inputs: vec![source.clone()] },
            Node { name: add, op: Op::Add, inputs: vec![z.clone(), conv] },
        ];
        insert_after(architecture, z, new)
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, phi: &Phi) -> Result<(), MorphismError> {
        let source = place.candidate.at.source().unwrap_or_default();
        let dtype = rewrite.tensor(&place.parameter("bias"))?.dtype();
        let a = part(phi, &place.candidate, "a")?.as_type(DType::F64)?.reshape((1, 1, 1, 1))?;
        let diagonal =
            eye::<f64>(place.channels)?.reshape((place.channels, place.channels, 1, 1))?.broadcast_mul(&a)?;
        let weight = rewrite.written(&place.site.layer, &diagonal, 0)?;
        let weight = rewrite.read(source, &weight, 1)?.as_type(dtype)?;
        let [conv] = rewrite.fresh_names("conv");
        let bias = Tensor::zeros(weight.dim(0)?, dtype, &Device::Cpu)?;
        rewrite.insert(&format!("{conv}.weight"), &weight)?;
        rewrite.insert(&format!("{conv}.bias"), &bias)
    }
}
