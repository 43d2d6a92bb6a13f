//! One change along its scale: how much better the network gets on the way, and what tangent and formula say.

use eframe::egui::{self, RichText, Ui};
use egui_plot::{Legend, Line, LineStyle, Plot, VLine};

use crate::app::drawing::plots::named;
use crate::app::drawing::tokens::Tokens;
use crate::lab::Along;
use crate::words::say;

/// Height of the plot with its axis, where there is room.
pub const HEIGHT: f32 = 190.0;

/// Draws the curves in so much height, with the mark, which a click or the slider moves.
pub fn along_ui(ui: &mut Ui, along: &Along, formula: &str, height: f32, mark: &mut f64) {
    let tokens = Tokens::of(ui);
    let end = along.scales.last().copied().unwrap_or(1.5);
    // Far below it there would be nothing to see of the part above.
    let highest = along.actual.iter().chain(&along.estimated).copied().fold(0.0_f64, f64::max);
    let lowest = along.actual.iter().copied().fold(0.0_f64, f64::min).max(-highest);
    let line = |name: &str, gains: &[f64]| {
        let points: Vec<[f64; 2]> = along.scales.iter().zip(gains).map(|(x, y)| [*x, *y]).collect();
        Line::new(name, points).width(1.8).allow_hover(false)
    };
    let response = Plot::new("along")
        .height(height)
        .legend(Legend::default())
        .x_axis_label(say!("along-part"))
        .show_axes([true, false])
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .include_x(0.0)
        .include_x(end)
        .default_y_bounds(1.1 * lowest, if highest > 0.0 { 1.25 * highest } else { -0.1 * lowest })
        .label_formatter(|_| None)
        .show(ui, |plot| {
            plot.line(line(say!("along-truth"), &along.actual).color(tokens.text).width(2.6));
            plot.line(line(say!("along-tangent"), &along.first_order).color(tokens.warm));
            plot.line(line(formula, &along.estimated).color(tokens.cold).style(LineStyle::dashed_loose()));
            plot.vline(VLine::new(say!("along-mark"), *mark).color(tokens.accent).width(2.0));
            plot.pointer_coordinate()
        });
    named(&response.response, say!("along-plot"));
    if response.response.clicked()
        && let Some(at) = response.inner
    {
        *mark = (at.x * 100.0).round() / 100.0;
    }
    *mark = mark.clamp(0.0, end);
    ui.horizontal(|ui| {
        ui.label(RichText::new(say!("along-mark-at")).small().weak());
        let slider = egui::Slider::new(mark, 0.0..=end).fixed_decimals(2).step_by(0.01);
        let slider = ui.add(slider);
        slider.widget_info(|| egui::WidgetInfo::slider(true, *mark, say!("along-mark-slider")));
    });
}
