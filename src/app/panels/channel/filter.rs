//! The weights of a channel as pictures.

use eframe::egui::{self, Color32, ColorImage, Rect, RichText, Sense, TextureOptions, Ui, pos2, vec2};

use crate::app::drawing::pictures::{diverging, numbers};
use crate::app::drawing::tokens::Tokens;
use crate::app::worker::board::Snapshot;
use crate::words::say;

/// Input channels of a filter that are drawn, at most.
const FILTERS: usize = 24;

/// The kernel of each input channel, red for positive weights and blue for negative ones.
pub fn filter_ui(ui: &mut Ui, snapshot: &Snapshot, layer: &str, channel: usize, tokens: &Tokens) {
    let network = &snapshot.state.model.network;
    let weights = network
        .tensor(&format!("{layer}.weight"))
        .ok()
        .and_then(|weight| Some((weight.dims4().ok()?, numbers(&weight.get(channel).ok()?)?)));
    let Some(((_, inputs, side, _), values)) = weights else { return };
    let plane = side * side;
    let shown = inputs.min(FILTERS);
    let across = if shown <= 3 { shown } else { shown.div_ceil(4).max(3) };
    let cell = if shown <= 3 { 50.0 } else { 24.0 };
    let colours = diverging(&values, tokens);
    let rows = shown.div_ceil(across);
    let (rect, _) = ui
        .allocate_exact_size(vec2(across as f32 * (cell + 4.0), rows as f32 * (cell + 4.0)), Sense::hover());
    for input in 0..shown {
        let corner = rect.min + vec2((input % across) as f32, (input / across) as f32) * (cell + 4.0);
        let image = ColorImage::new([side, side], colours[input * plane..(input + 1) * plane].to_vec());
        let name = format!("kernel {input}");
        let texture = kernel_texture(ui, &name, image);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(
            texture.id(),
            Rect::from_min_size(corner, vec2(cell, cell)),
            whole,
            Color32::WHITE,
        );
    }
    let text = match inputs > shown {
        true => say!("channel-kernels-some", shown = shown, count = inputs),
        false => say!("channel-kernels").to_owned(),
    };
    ui.label(RichText::new(text).small().weak());
}

/// A texture kept in the screen's memory and only sent again when its pixels change.
fn kernel_texture(ui: &Ui, name: &str, image: ColorImage) -> egui::TextureHandle {
    let id = egui::Id::unique(("kernel texture", name));
    let kept: Option<(ColorImage, egui::TextureHandle)> = ui.ctx().data(|data| data.get_temp(id));
    if let Some((shown, texture)) = kept
        && shown == image
    {
        return texture;
    }
    let texture = ui.ctx().load_texture(name, image.clone(), TextureOptions::NEAREST);
    ui.ctx().data_mut(|data| data.insert_temp(id, (image, texture.clone())));
    texture
}
