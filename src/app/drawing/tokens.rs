//! Colours and sizes of the screen: the only file that names any.

use eframe::egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Theme, Ui, Vec2, Visuals,
};

use crate::app::platform;
use crate::plot::Ink;

/// Zoom of the presenter's size, for a projector.
pub const PRESENTER_ZOOM: f32 = 1.45;

/// Height of a row in a table.
pub const ROW: f32 = 22.0;

/// How far towards an end of the diverging scale a cell has a sign besides its colour, which can be seen there.
pub const STRONG: f32 = 0.7;

/// The colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tokens {
    /// Behind everything.
    pub back: Color32,
    /// Panels.
    pub panel: Color32,
    /// What stands out from a panel: cards, chips.
    pub raised: Color32,
    /// Lines between things.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Text that can be skipped.
    pub weak: Color32,
    /// What is selected, or to be pressed next.
    pub accent: Color32,
    /// Text on it.
    pub on_accent: Color32,
    /// Something that needs attention.
    pub alarm: Color32,
    /// New channels.
    pub new: Color32,
    /// The middle of the diverging scale.
    pub middle: Color32,
    /// Its end where splitting gains most.
    pub warm: Color32,
    /// Its end where pruning costs least.
    pub cold: Color32,
}

/// The dark theme.
pub const DARK: Tokens = Tokens {
    back: Color32::from_rgb(18, 20, 23),
    panel: Color32::from_rgb(24, 27, 31),
    raised: Color32::from_rgb(36, 40, 46),
    line: Color32::from_rgb(54, 60, 68),
    text: Color32::from_rgb(226, 230, 235),
    weak: Color32::from_rgb(155, 163, 173),
    accent: Color32::from_rgb(103, 190, 120),
    on_accent: Color32::from_rgb(12, 26, 16),
    alarm: Color32::from_rgb(245, 176, 92),
    new: Color32::from_rgb(250, 214, 85),
    middle: Color32::from_rgb(70, 75, 83),
    warm: Color32::from_rgb(239, 95, 77),
    cold: Color32::from_rgb(72, 150, 230),
};

const LIGHT: Tokens = Tokens {
    back: Color32::from_rgb(240, 242, 244),
    panel: Color32::from_rgb(252, 253, 253),
    raised: Color32::from_rgb(238, 241, 244),
    line: Color32::from_rgb(208, 213, 219),
    text: Color32::from_rgb(28, 33, 39),
    weak: Color32::from_rgb(92, 101, 112),
    accent: Color32::from_rgb(34, 124, 62),
    on_accent: Color32::WHITE,
    alarm: Color32::from_rgb(152, 76, 2),
    new: Color32::from_rgb(140, 96, 0),
    middle: Color32::from_rgb(214, 218, 224),
    warm: Color32::from_rgb(190, 32, 44),
    cold: Color32::from_rgb(28, 98, 180),
};

impl Tokens {
    /// Of the theme that `ui` is drawn in.
    pub fn of(ui: &Ui) -> Self {
        if ui.visuals().dark_mode { DARK } else { LIGHT }
    }

    /// Red for 1, blue for −1, grey for 0: told apart by every kind of colour vision.
    pub fn diverging(&self, value: f32) -> Color32 {
        let end = if value > 0.0 { self.warm } else { self.cold };
        self.middle.lerp_to_gamma(end, value.abs().clamp(0.0, 1.0))
    }

    /// The colour of layer `index` of `count`: dark to light along the network.
    pub fn layer(&self, index: usize, count: usize) -> Color32 {
        let along = index as f64 / (count.max(2) - 1) as f64;
        let [red, green, blue] = Ink::Along(along).rgb(self.back == DARK.back);
        Color32::from_rgb(red, green, blue)
    }
}

/// Sets the colours of both themes, and the sizes of widgets.
pub fn dress(context: &Context) {
    let mut fonts = platform::fonts();
    // The one for code also has the arrows and marks that the other lacks.
    fonts.families.entry(FontFamily::Proportional).or_default().push("Hack".to_owned());
    context.set_fonts(fonts);
    for (theme, tokens) in [(Theme::Dark, DARK), (Theme::Light, LIGHT)] {
        let visuals = visuals(theme, &tokens);
        context.style_mut_of(theme, |style| {
            style.visuals = visuals;
            let font = |size| FontId::new(size, FontFamily::Proportional);
            style.text_styles.insert(TextStyle::Heading, font(17.0));
            style.text_styles.insert(TextStyle::Body, font(13.5));
            style.text_styles.insert(TextStyle::Button, font(13.5));
            style.text_styles.insert(TextStyle::Small, font(11.5));
            style.text_styles.insert(TextStyle::Monospace, FontId::new(12.5, FontFamily::Monospace));
            style.spacing.item_spacing = Vec2::new(8.0, 6.0);
            style.spacing.button_padding = Vec2::new(9.0, 4.0);
            style.spacing.interact_size.y = 24.0;
            style.spacing.menu_margin = Margin::same(8);
            style.interaction.tooltip_delay = 0.25;
        });
    }
}

fn visuals(theme: Theme, tokens: &Tokens) -> Visuals {
    let mut visuals = if theme == Theme::Dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = tokens.panel;
    visuals.window_fill = tokens.panel;
    visuals.extreme_bg_color = tokens.back;
    visuals.faint_bg_color = tokens.raised;
    visuals.window_stroke = Stroke::new(1.0, tokens.line);
    visuals.override_text_color = Some(tokens.text);
    visuals.weak_text_color = Some(tokens.weak);
    visuals.hyperlink_color = tokens.accent;
    visuals.error_fg_color = tokens.alarm;
    visuals.warn_fg_color = tokens.alarm;
    visuals.selection.bg_fill = tokens.accent.gamma_multiply(0.45);
    visuals.selection.stroke = Stroke::new(1.5, tokens.text);
    visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, tokens.line);
    visuals.widgets.inactive.weak_bg_fill = tokens.raised;
    visuals.widgets.inactive.bg_fill = tokens.raised;
    for widget in [
        &mut visuals.widgets.noninteractive,
        &mut visuals.widgets.inactive,
        &mut visuals.widgets.hovered,
        &mut visuals.widgets.active,
        &mut visuals.widgets.open,
    ] {
        widget.corner_radius = CornerRadius::same(5);
        widget.fg_stroke.color = tokens.text;
    }
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG 2 defines it.
    fn luminance(colour: Color32) -> f64 {
        let linear = |value: u8| match f64::from(value) / 255.0 {
            value if value <= 0.04045 => value / 12.92,
            value => ((value + 0.055) / 1.055).powf(2.4),
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    fn contrast(one: Color32, other: Color32) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_what_it_stands_on() {
        for (theme, tokens) in [("dark", DARK), ("light", LIGHT)] {
            let Tokens { back, panel, raised, text, weak, accent, on_accent, alarm, new, .. } = tokens;
            let texts = [("text", text), ("weak", weak), ("accent", accent), ("alarm", alarm), ("new", new)];
            for (name, colour) in texts {
                for (ground, behind) in [("back", back), ("panel", panel), ("raised", raised)] {
                    let found = contrast(colour, behind);
                    assert!(found >= 4.5, "{theme}: {name} on {ground}: {found:.2}");
                }
            }
            let selected = panel.lerp_to_gamma(accent, 0.45);
            let trouble = panel.lerp_to_gamma(alarm, 0.14);
            for (name, colour, behind) in
                [("button", on_accent, accent), ("selected", text, selected), ("trouble", alarm, trouble)]
            {
                let found = contrast(colour, behind);
                assert!(found >= 4.5, "{theme}: {name}: {found:.2}");
            }
        }
    }

    #[test]
    fn layers_go_from_dark_to_light_or_back_so_that_their_colours_are_not_needed() {
        for (theme, tokens) in [("dark", DARK), ("light", LIGHT)] {
            let along: Vec<f64> = (0..9).map(|index| luminance(tokens.layer(index, 9))).collect();
            let rising = along.windows(2).filter(|pair| pair[1] > pair[0]).count();
            assert!(rising == 0 || rising == 8, "{theme}: {along:?}");
            let ends = contrast(tokens.layer(0, 2), tokens.layer(1, 2));
            assert!(ends >= 3.0, "{theme}: the first and the last layer: {ends:.2}");
        }
    }

    #[test]
    fn signs_on_cells_can_be_seen_wherever_they_stand() {
        for (theme, tokens) in [("dark", DARK), ("light", LIGHT)] {
            for value in [-1.0, -0.85, -STRONG, STRONG, 0.85, 1.0] {
                let found = contrast(tokens.back, tokens.diverging(value));
                assert!(found >= 3.0, "{theme}: a sign at {value}: {found:.2}");
            }
        }
    }
}
