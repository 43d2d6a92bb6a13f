//! What the examples that draw the app share.

use eframe::egui::Theme;
use egui_kittest::Harness;
use seedling::app::{Screen, Start};

/// The app as it begins, dark, 1280 × 720 points, drawn without a window.
pub fn open(start: Start) -> Harness<'static, Screen> {
    Harness::builder()
        .with_size([1280.0, 720.0])
        .with_theme(Theme::Dark)
        .with_step_dt(0.1)
        .with_render_cursor(false)
        .wgpu()
        .build_eframe(move |context| Screen::new(&context.egui_ctx, start))
}
