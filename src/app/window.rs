//! The native window.

use eframe::NativeOptions;
use eframe::egui::ViewportBuilder;

use super::platform;
use super::shell::screen::{Screen, Start};

/// Opens the window; returns when it is closed.
pub fn open() -> eframe::Result<()> {
    let viewport = ViewportBuilder::default()
        .with_title("Seedling")
        .with_app_id("seedling")
        .with_inner_size([1280.0, 720.0])
        .with_min_inner_size([960.0, 600.0])
        .with_drag_and_drop(true);
    let options = NativeOptions { viewport, ..NativeOptions::default() };
    let home = platform::home();
    let language = platform::read_language(home.as_deref());
    let start = Start { language, home, recorded: true, ..Start::default() };
    eframe::run_native(
        "seedling",
        options,
        Box::new(|context| Ok(Box::new(Screen::new(&context.egui_ctx, start)))),
    )
}
