//! A study's picture and tables on the screen.

use eframe::egui::{
    self, Align2, Color32, FontId, Pos2, Rect, Response, RichText, Sense, Shape, Stroke, Ui, pos2, vec2,
};

use crate::plot::{Anchor, Ink, Item, Picture, Place, Scene, Text};
use crate::study::Table;

/// Draws a picture as wide as there is room.
pub fn picture_ui(ui: &mut Ui, picture: &Picture) {
    for note in &picture.notes {
        ui.label(RichText::new(note).small().weak());
    }
    let scene = picture.scene(ui.available_width());
    scene_ui(ui, &scene);
}

/// Draws a scene as it is.
pub fn scene_ui(ui: &mut Ui, scene: &Scene) -> Response {
    let (area, response) = ui.allocate_exact_size(vec2(scene.width, scene.height), Sense::hover());
    if !ui.is_rect_visible(area) {
        return response;
    }
    let dark = ui.visuals().dark_mode;
    let colour = |ink: Ink| match ink {
        Ink::Ground => ui.visuals().panel_fill,
        ink => {
            let [red, green, blue] = ink.rgb(dark);
            Color32::from_rgb(red, green, blue)
        }
    };
    let place = |(x, y): Place| area.min + vec2(x, y);
    let painter = ui.painter_at(area);
    let mut pointed: Option<&str> = None;
    for item in &scene.items {
        match item {
            Item::Line { points, width, ink, dashed } => {
                let points: Vec<Pos2> = points.iter().copied().map(place).collect();
                let stroke = Stroke::new(*width, colour(*ink));
                match dashed {
                    true => painter.extend(Shape::dashed_line(&points, stroke, 4.0, 3.0)),
                    false => {
                        painter.add(Shape::line(points, stroke));
                    }
                }
            }
            Item::Surface { points, ink } => {
                let points = points.iter().copied().map(place).collect();
                painter.add(Shape::convex_polygon(points, colour(*ink), Stroke::NONE));
            }
            Item::Text(text) => paint_text(&painter, text, place(text.at), colour(text.ink)),
            Item::Spot { area, text } => {
                let spot = Rect::from_two_pos(place(area.0), place(area.1));
                if response.hover_pos().is_some_and(|pointer| spot.contains(pointer)) {
                    pointed = Some(text);
                }
            }
        }
    }
    match pointed {
        Some(text) => response.on_hover_text_at_pointer(text),
        None => response,
    }
}

fn paint_text(painter: &egui::Painter, text: &Text, at: Pos2, colour: Color32) {
    let galley = painter.layout_no_wrap(text.text.clone(), FontId::proportional(text.size), colour);
    let size = galley.size();
    let along = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => 0.5,
        Anchor::End => 1.0,
    };
    match text.upwards {
        true => {
            let corner = pos2(at.x - size.y / 2.0, at.y + along * size.x);
            let shape = egui::epaint::TextShape::new(corner, galley, colour);
            painter.add(shape.with_angle(-std::f32::consts::FRAC_PI_2));
        }
        false => {
            let anchored = Align2::LEFT_CENTER.anchor_size(at - vec2(along * size.x, 0.0), size);
            painter.galley(anchored.min, galley, colour);
        }
    }
}

/// Draws a table; a narrow place scrolls.
pub fn table_ui(ui: &mut Ui, name: &str, table: &Table) {
    egui::ScrollArea::horizontal().id_salt(("table", name)).show(ui, |ui| {
        egui::Grid::new(("rows", name)).striped(true).spacing([16.0, 4.0]).show(ui, |ui| {
            for (index, row) in table.rows.iter().enumerate() {
                for (column, cell) in row.iter().enumerate() {
                    let text = RichText::new(cell);
                    ui.label(match (index, column) {
                        (0, _) => text.small().weak(),
                        (_, 0) => text,
                        _ => text.monospace(),
                    });
                }
                ui.end_row();
            }
        });
    });
}
