//! The native window.

use std::sync::Arc;

use eframe::egui::ViewportBuilder;
use eframe::{NativeOptions, egui_wgpu};

use super::platform;
use super::screen::{Screen, Start};

/// Opens the window; returns when it is closed.
pub fn open() -> eframe::Result<()> {
    let viewport = ViewportBuilder::default()
        .with_title("Seedling")
        .with_app_id("seedling")
        .with_inner_size([1280.0, 720.0])
        .with_min_inner_size([960.0, 600.0])
        .with_drag_and_drop(true);
    let mut options = NativeOptions { viewport, ..NativeOptions::default() };
    options.wgpu_options.on_surface_status = Arc::new(|_| egui_wgpu::SurfaceErrorAction::RecreateSurface);
    let start = Start { home: platform::home(), ..Start::default() };
    eframe::run_native(
        "seedling",
        options,
        Box::new(|context| Ok(Box::new(Screen::new(&context.egui_ctx, start)))),
    )
}
