//! Where parts of the screen are, for whoever points at them: parts say where they are drawn, and those that are wanted get
//! an outline.

use std::collections::BTreeMap;

use eframe::egui::{Context, Id, LayerId, Order, Rect, Stroke, StrokeKind};

use super::tokens::Tokens;

/// The parts that are wanted, by their names, and where they were found in this frame.
#[derive(Clone, Default)]
struct Landmarks(BTreeMap<String, Option<Rect>>);

fn id() -> Id {
    Id::unique("landmarks")
}

/// Says which parts are wanted from now on.
pub fn want(context: &Context, names: impl IntoIterator<Item = String>) {
    let wanted = Landmarks(names.into_iter().map(|name| (name, None)).collect());
    context.data_mut(|data| data.insert_temp(id(), wanted));
}

/// Says where a part is drawn.
pub fn note(context: &Context, name: &str, rect: Rect) {
    context.data_mut(|data| {
        if let Some(place) = data.get_temp_mut_or_default::<Landmarks>(id()).0.get_mut(name) {
            *place = Some(rect);
        }
    });
}

/// Outlines what was wanted and found in this frame; whether anything was.
pub fn outline(context: &Context, tokens: &Tokens) -> bool {
    let found = context.data(|data| data.get_temp::<Landmarks>(id())).unwrap_or_default();
    let painter = context.layer_painter(LayerId::new(Order::Middle, id()));
    let mut any = false;
    for rect in found.0.into_values().flatten() {
        any = true;
        painter.rect_stroke(rect, 5.0, Stroke::new(2.0, tokens.accent), StrokeKind::Outside);
    }
    any
}
