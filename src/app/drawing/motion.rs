//! Whether things move on the screen, or stand at once where they belong.

use eframe::egui::{Context, Id, Style, style::ScrollAnimation};

/// Whether the person wants less motion.
pub fn is_calm(context: &Context) -> bool {
    context.data(|data| data.get_temp(place())).unwrap_or_default()
}

/// Has nothing move from now on, or things move again: egui's own animations and ours.
pub fn set_calm(context: &Context, calm: bool) {
    context.data_mut(|data| data.insert_temp(place(), calm));
    let usual = Style::default();
    let (time, scroll) = match calm {
        true => (0.0, ScrollAnimation::none()),
        false => (usual.animation_time, usual.scroll_animation),
    };
    context.all_styles_mut(|style| (style.animation_time, style.scroll_animation) = (time, scroll));
}

/// Seconds that something takes which moves for so long otherwise.
pub fn time(context: &Context, usual: f32) -> f32 {
    if is_calm(context) { 0.0 } else { usual }
}

/// Where that is kept.
fn place() -> Id {
    Id::unique("less motion")
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Theme;

    #[test]
    fn calm_holds_in_both_themes_and_can_be_ended() {
        let context = Context::default();
        assert!(!is_calm(&context));
        assert_eq!(time(&context, 0.5), 0.5);
        set_calm(&context, true);
        for theme in [Theme::Dark, Theme::Light] {
            context.set_theme(theme);
            assert_eq!(context.global_style().animation_time, 0.0);
            assert_eq!(time(&context, 0.5), 0.0);
        }
        set_calm(&context, false);
        assert!(context.global_style().animation_time > 0.0 && !is_calm(&context));
    }
}
