//! A study's picture and tables on the screen.

use eframe::egui::{self, Align2, Color32, FontId, Rect, RichText, Sense, Ui, pos2, vec2};
use egui_plot::{HoverPosition, Line, MarkerShape, Plot, PlotPoints, Points, uniform_grid_spacer};

use super::ticks::{lines, round_step};
use super::tokens::Tokens;
use crate::plot::{COLOURS, Cell, Column, Panel, Picture, short};
use crate::study::Table;

/// The narrowest that a chart may be.
const LEAST: f32 = 225.0;
/// Height of a chart.
const HEIGHT: f32 = 210.0;

/// Draws a picture as wide as there is room.
pub fn picture_ui(ui: &mut Ui, picture: &Picture) {
    match picture {
        Picture::Panels { columns, panels, .. } => panels_ui(ui, *columns, panels),
        Picture::Cells { notes, columns, .. } => {
            ui.label(RichText::new(&notes[0]).small().weak());
            cells_ui(ui, columns);
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

fn panels_ui(ui: &mut Ui, columns: usize, panels: &[Panel]) {
    // As many as there is room for, so that rows keep what belongs together in the file's rows.
    let fit = |count: &usize| columns.is_multiple_of(*count) && *count as f32 * LEAST <= ui.available_width();
    let columns = (1..=columns).rev().find(fit).unwrap_or(1);
    let names =
        |panel: &Panel| -> Vec<String> { panel.series.iter().map(|series| series.name.clone()).collect() };
    let mut named: Vec<String> = Vec::new();
    for (row, panels) in panels.chunks(columns).enumerate() {
        // Neighbours mostly show the same series: they are named once.
        if let Some(panel) = panels.first().filter(|panel| panel.series.len() > 1 && names(panel) != named) {
            named = names(panel);
            ui.horizontal_wrapped(|ui| {
                for (index, name) in named.iter().enumerate() {
                    let (shape, colour) = (["●", "▲", "×"][index % 3], colour(ui, index));
                    ui.label(RichText::new(shape).color(colour));
                    ui.label(RichText::new(name).small());
                }
            });
        }
        ui.columns(columns, |cells| {
            for (column, (ui, panel)) in cells.iter_mut().zip(panels).enumerate() {
                panel_ui(ui, (row, column), panel);
            }
        });
    }
}

/// The colour of series `index`, on the ground that `ui` has.
fn colour(ui: &Ui, index: usize) -> Color32 {
    let [red, green, blue] = COLOURS[index % COLOURS.len()];
    let colour = Color32::from_rgb(red, green, blue);
    if ui.visuals().dark_mode { colour.lerp_to_gamma(Color32::WHITE, 0.25) } else { colour }
}

fn panel_ui(ui: &mut Ui, place: (usize, usize), panel: &Panel) {
    let tokens = Tokens::of(ui);
    ui.label(RichText::new(&panel.title).small().strong());
    let said = |name: &str, x: f64, y: f64| {
        format!("{name}\n{}: {}\n{}: {}", panel.x, panel.x_label(x), panel.y, short(y))
    };
    let colours: Vec<Color32> = (0..panel.series.len()).map(|index| colour(ui, index)).collect();
    Plot::new(("panel", place))
        .height(HEIGHT)
        .grid_color(tokens.line)
        .x_axis_label(RichText::new(&panel.x).small())
        .y_axis_label(RichText::new(&panel.y).small())
        .x_grid_spacer(uniform_grid_spacer(|input| lines(round_step(6.0 * input.base_step_size))))
        .y_grid_spacer(uniform_grid_spacer(|input| lines(round_step(4.0 * input.base_step_size))))
        .x_axis_formatter(|mark, _| panel.x_label(mark.value))
        .y_axis_formatter(|mark, _| short(mark.value))
        .allow_scroll(false)
        .set_margin_fraction(vec2(0.06, 0.08))
        .label_formatter(move |hover| match hover {
            HoverPosition::NearDataPoint { plot_name, position, .. } => {
                Some(said(plot_name, position.x, position.y))
            }
            HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, |plot| {
            let places = panel.places();
            if panel.diagonal {
                let ends = places.iter().flatten().flat_map(|(x, point)| [*x, point.y]);
                let (low, high) =
                    ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
                let line = Line::new("estimate is right", vec![[low, low], [high, high]]);
                plot.line(line.color(tokens.accent).width(1.2).allow_hover(false));
            }
            for (index, (series, points)) in panel.series.iter().zip(&places).enumerate() {
                let at: Vec<[f64; 2]> = points.iter().map(|(x, point)| [*x, point.y]).collect();
                if series.joined {
                    let line = Line::new(&series.name, at.clone()).color(colours[index]).width(1.8);
                    plot.line(line.allow_hover(false).allow_band(false));
                }
                for (x, point) in points.iter().filter(|(_, point)| point.spread > 0.0) {
                    let bar = vec![[*x, point.y - point.spread], [*x, point.y + point.spread]];
                    let bar = Line::new(&series.name, bar).color(colours[index]).width(1.0);
                    plot.line(bar.allow_hover(false).allow_band(false));
                }
                let shape = [MarkerShape::Circle, MarkerShape::Up, MarkerShape::Cross][index % 3];
                let marks = Points::new(&series.name, PlotPoints::from(at)).shape(shape).radius(3.4);
                plot.points(marks.color(colours[index]));
            }
        });
}

/// A network, one column a layer, one cell a channel.
fn cells_ui(ui: &mut Ui, columns: &[Column]) {
    let tokens = Tokens::of(ui);
    let tallest = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    let (height, below, gap) = (17.0, 22.0, 16.0);
    let width = ui.available_width();
    let size = vec2(width, tallest as f32 * height + below);
    let (area, response) = ui.allocate_exact_size(size, Sense::hover());
    let pitch = ((width + gap) / columns.len().max(1) as f32).min(110.0);
    let mut pointed: Option<(&str, usize, Cell)> = None;
    for (index, column) in columns.iter().enumerate() {
        let left = area.left() + index as f32 * pitch;
        for (channel, cell) in column.cells.iter().enumerate() {
            let top = area.top() + channel as f32 * height;
            let rect = Rect::from_min_size(pos2(left, top), vec2(pitch - gap, height - 3.0));
            let (split, prune) = rect.split_left_right_at_fraction(0.5);
            for (half, share, end) in [(split, cell.split, tokens.warm), (prune, cell.prune, tokens.cold)] {
                let tint = tokens.middle.lerp_to_gamma(end, share.clamp(0.0, 1.0) as f32);
                ui.painter().rect_filled(half, 0.0, tint);
            }
            if response.hover_pos().is_some_and(|pointer| rect.contains(pointer)) {
                pointed = Some((&column.name, channel, *cell));
            }
        }
        let at = pos2(left, area.top() + column.cells.len() as f32 * height + 4.0);
        ui.painter().text(at, Align2::LEFT_TOP, &column.name, FontId::proportional(11.5), tokens.weak);
    }
    if let Some((layer, channel, cell)) = pointed {
        response.on_hover_text_at_pointer(format!(
            "Channel {channel} of {layer}\nsplitting gains {:.0} % of the most\npruning costs less than for {:.0} % of the channels",
            100.0 * cell.split,
            100.0 * cell.prune
        ));
    }
}
