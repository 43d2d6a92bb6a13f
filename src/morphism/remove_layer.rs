//! remove-layer: a convolution goes, with its norm and its ReLU; what read z reads the layer's input x instead.
//!
//! Δz = x − z. Nothing is learned and nothing is neutral: the estimate says what the layer is worth.

use candle_core::Tensor;

use super::rewrite::redirect;
use super::site::Sites;
use super::sketch::{COLUMNS, Ink, ROWS, Sketch, Stroke};
use super::{
    About, At, Candidate, Mark, Morph, MorphismError, Phi, Place, Pool, Rewrite, RewriteOrder, Shape, Site,
    SiteValues, Work,
};
use crate::network::{Architecture, NetworkError};

/// The family.
pub struct RemoveLayer;

impl Morph for RemoveLayer {
    fn about(&self) -> About {
        About {
            verb: "Remove",
            mark: Mark::filled(Shape::Left),
            sketch: Sketch::Layers(&[
                Stroke::Channels { x: COLUMNS[1], rows: &ROWS, ink: Ink::Gone },
                Stroke::Cross((COLUMNS[1], ROWS[1]), Ink::Gone),
            ]),
            sentence: "The layer goes; what read its output reads its input instead.",
            formula: "x − z, at z",
            neutral: "none: exact only where the layer passes everything on unchanged",
            candidates: "one for each layer with a ReLU and no pool whose input and output have equal shapes",
            source: "Elsken, Metzen, Hutter: approximate network morphisms (LEMONADE), 2019",
        }
    }

    fn order(&self) -> RewriteOrder {
        RewriteOrder::Remove
    }

    fn work(&self, _place: &Place) -> Work {
        Work::of_site(0)
    }

    fn sites(&self, architecture: &Architecture, at: &At) -> Result<Option<Sites>, NetworkError> {
        let layer = at.layer();
        let site = Site::of(architecture, layer)?.filter(|site| site.pool == Pool::None);
        Ok(site.map(|site| Sites { source: Some(site.input.clone()), site }))
    }

    fn no_site(&self) -> &'static str {
        "the layer is not a convolution with a ReLU and no pool after it"
    }

    fn obstacle(&self, place: &Place) -> Option<String> {
        place.unequal_shapes()
    }

    fn delta(&self, values: &SiteValues, _: &Candidate, _: &Phi) -> Result<Tensor, MorphismError> {
        Ok(values.x.sub(&values.z)?)
    }

    fn edit(&self, place: &Place, architecture: &mut Architecture) -> Result<(), NetworkError> {
        redirect(architecture, &place.site.z, &place.site.input);
        architecture.drop_unread();
        Ok(())
    }

    fn rewrite(&self, rewrite: &mut Rewrite, place: &Place, _phi: &Phi) -> Result<(), MorphismError> {
        Ok(rewrite.follow(self, place)?)
    }
}
