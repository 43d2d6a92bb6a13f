//! Textures of images, activations and filters, made anew only when what they show has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use candle_core::{DType, Tensor};
use eframe::egui::{Color32, ColorImage, Context, Rect, TextureHandle, TextureOptions, pos2};

use super::tokens::Tokens;
use crate::app::worker::board::{Look, Moment, Snapshot};
use crate::data::{Images, PIXELS, PLANE, SIDE};
use crate::network::{AsType, Layer};

/// Pictures of all channels of a layer, one below another in one texture.
#[derive(Clone)]
pub struct Strip {
    texture: TextureHandle,
    count: usize,
}

impl Strip {
    /// Images of one size, one below another.
    pub fn stacked(context: &Context, name: &str, images: &[ColorImage]) -> Self {
        let side = images.first().map_or(1, ColorImage::width);
        let pixels = images.iter().flat_map(|image| image.pixels.iter().copied()).collect();
        strip(context, name, images.len(), side, pixels)
    }

    /// The texture, and where channel `channel` lies in it.
    pub fn of(&self, channel: usize) -> (&TextureHandle, Rect) {
        let part = |channel: usize| channel as f32 / self.count as f32;
        (&self.texture, Rect::from_min_max(pos2(0.0, part(channel)), pos2(1.0, part(channel + 1))))
    }
}

/// Every picture on the screen.
#[derive(Default)]
pub struct Pictures {
    image: Option<(u64, usize, TextureHandle)>,
    look: Option<Arc<Look>>,
    activations: BTreeMap<String, Strip>,
    filters_of: Option<(Moment, bool)>,
    filters: BTreeMap<String, Strip>,
}

impl Pictures {
    /// Held-out image `index`.
    pub fn image(&mut self, context: &Context, snapshot: &Snapshot, index: usize) -> TextureHandle {
        if let Some((run, shown, texture)) = &self.image
            && (*run, *shown) == (snapshot.run, index)
        {
            return texture.clone();
        }
        let picture = picture(&snapshot.data.held_out, index);
        let texture = context.load_texture("image", picture, TextureOptions::NEAREST);
        self.image = Some((snapshot.run, index, texture.clone()));
        texture
    }

    /// The activations of `layer` for the image shown.
    pub fn activations(&mut self, context: &Context, look: &Arc<Look>, layer: &Layer) -> Option<Strip> {
        if !self.look.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, look)) {
            self.look = Some(look.clone());
            self.activations.clear();
        }
        if !self.activations.contains_key(&layer.name) {
            let (count, side, values) = planes(look.outputs.get(&layer.shown)?)?;
            let most = values.iter().copied().fold(1e-12, f32::max);
            // The square root lifts weak answers out of the dark.
            let shade =
                |value: &f32| Color32::from_gray((255.0 * (value / most).clamp(0.0, 1.0).sqrt()) as u8);
            let pixels = values.iter().map(shade).collect();
            self.activations.insert(layer.name.clone(), strip(context, &layer.name, count, side, pixels));
        }
        self.activations.get(&layer.name).cloned()
    }

    /// The weights of `layer`: in colour where it reads an image, else their mean over the inputs.
    pub fn filters(
        &mut self,
        context: &Context,
        snapshot: &Snapshot,
        layer: &Layer,
        tokens: &Tokens,
    ) -> Option<Strip> {
        let of = (snapshot.moment(), tokens.back.r() < 128);
        if self.filters_of != Some(of) {
            self.filters_of = Some(of);
            self.filters.clear();
        }
        if !self.filters.contains_key(&layer.name) {
            let weight = snapshot.state.model.network.tensor(&format!("{}.weight", layer.name)).ok()?;
            let (outputs, inputs, side, _) = weight.dims4().ok()?;
            let pixels = if inputs == 3 {
                let values = numbers(weight)?;
                let most = values.iter().fold(1e-12_f32, |most, value| most.max(value.abs()));
                let level = |value: f32| (127.5 + 127.5 * value / most) as u8;
                let plane = side * side;
                let pixel = |place: usize| {
                    let start = place / plane * 3 * plane + place % plane;
                    let colour = |channel: usize| level(values[start + channel * plane]);
                    Color32::from_rgb(colour(0), colour(1), colour(2))
                };
                (0..outputs * plane).map(pixel).collect()
            } else {
                let values = numbers(&weight.mean(1).ok()?)?;
                diverging(&values, tokens)
            };
            self.filters.insert(layer.name.clone(), strip(context, &layer.name, outputs, side, pixels));
        }
        self.filters.get(&layer.name).cloned()
    }
}

/// Signed numbers as colours, the largest in size at the ends of the scale.
pub fn diverging(values: &[f32], tokens: &Tokens) -> Vec<Color32> {
    let most = values.iter().fold(1e-12_f32, |most, value| most.max(value.abs()));
    values.iter().map(|value| tokens.diverging(value / most)).collect()
}

/// A tensor's numbers, in order.
pub fn numbers(tensor: &Tensor) -> Option<Vec<f32>> {
    tensor.as_type(DType::F32).ok()?.flatten_all().ok()?.to_vec1().ok()
}

/// Channels, side and numbers of `[channels, side, side]`.
fn planes(tensor: &Tensor) -> Option<(usize, usize, Vec<f32>)> {
    let (channels, height, width) = tensor.dims3().ok()?;
    (height == width).then_some(())?;
    Some((channels, height, numbers(tensor)?))
}

fn strip(context: &Context, name: &str, count: usize, side: usize, pixels: Vec<Color32>) -> Strip {
    let image = ColorImage::new([side, side * count], pixels);
    Strip { texture: context.load_texture(name, image, TextureOptions::NEAREST), count }
}

/// An image of the data.
pub fn picture(images: &Images, index: usize) -> ColorImage {
    let pixels = &images.pixels[index * PIXELS..(index + 1) * PIXELS];
    let colour = |place| Color32::from_rgb(pixels[place], pixels[PLANE + place], pixels[2 * PLANE + place]);
    ColorImage::new([SIDE, SIDE], (0..PLANE).map(colour).collect())
}
