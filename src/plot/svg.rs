//! A scene as the text of an SVG file.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::scene::{Anchor, Ink, Item, Place, Scene, Text};

/// Fonts without serifs, the first that there is.
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// The file's text, with the colours of a light ground, and those of a dark one where the reader prefers it.
pub fn svg(scene: &Scene) -> String {
    written(scene, None)
}

/// The file's text, with the colours of one ground.
pub fn svg_on(scene: &Scene, dark: bool) -> String {
    written(scene, Some(dark))
}

/// The file's text, for the ground given, or for the one that the reader prefers.
fn written(scene: &Scene, dark: Option<bool>) -> String {
    let colour = |ink: Ink| hex(ink.rgb(dark.unwrap_or(false)));
    let (width, height) = (scene.width.ceil(), scene.height.ceil());
    let mut classes: BTreeMap<String, Ink> = BTreeMap::new();
    let mut body = String::new();
    let mut class = |ink: Ink| {
        let name = name(ink);
        classes.insert(name.clone(), ink);
        name
    };
    let ground = class(Ink::Ground);
    let fill = colour(Ink::Ground);
    let _ = writeln!(body, r#"<rect class="f{ground}" width="{width}" height="{height}" fill="{fill}"/>"#);
    for item in &scene.items {
        match item {
            Item::Line { points, width, ink, dashed } => {
                let dash = if *dashed { r#" stroke-dasharray="4 3""# } else { "" };
                let _ = writeln!(
                    body,
                    r#"<polyline class="s{}" points="{}" fill="none" stroke="{}" stroke-width="{width}"{dash}/>"#,
                    class(*ink),
                    places(points),
                    colour(*ink)
                );
            }
            Item::Surface { points, ink } => {
                let (class, fill) = (class(*ink), colour(*ink));
                let points = places(points);
                let _ = writeln!(body, r#"<polygon class="f{class}" points="{points}" fill="{fill}"/>"#);
            }
            Item::Text(text) => write_text(&mut body, text, &class(text.ink), &colour(text.ink)),
            Item::Spot { .. } => {}
        }
    }
    let mut style = String::new();
    if dark.is_none() {
        style.push_str("<style>@media (prefers-color-scheme: dark){");
        for (name, ink) in &classes {
            let colour = hex(ink.rgb(true));
            let _ = write!(style, ".f{name}{{fill:{colour}}}.s{name}{{stroke:{colour}}}");
        }
        style.push_str("}</style>\n");
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         {style}{body}</svg>\n"
    )
}

fn write_text(body: &mut String, text: &Text, class: &str, fill: &str) {
    let (x, y) = text.at;
    let anchor = match text.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let turn =
        if text.upwards { format!(r#" transform="rotate(-90 {x:.1} {y:.1})""#) } else { String::new() };
    let weight = if text.bold { r#" font-weight="bold""# } else { "" };
    // The line's middle is a third of its height above where letters stand.
    let _ = writeln!(
        body,
        r#"<text class="f{class}" x="{x:.1}" y="{:.1}" font-family="{FONTS}" font-size="{}" text-anchor="{anchor}" fill="{fill}"{weight}{turn}>{}</text>"#,
        y + 0.35 * text.size,
        text.size,
        escaped(&text.text)
    );
}

fn name(ink: Ink) -> String {
    let hundredths = |share: f64| (100.0 * share.clamp(0.0, 1.0)).round() as u32;
    match ink {
        Ink::Text => "text".into(),
        Ink::Weak => "weak".into(),
        Ink::Grid => "grid".into(),
        Ink::Ground => "ground".into(),
        Ink::Series(index) => format!("series{index}"),
        Ink::Along(share) => format!("along{}", hundredths(share)),
        Ink::Split(share) => format!("split{}", hundredths(share)),
        Ink::Prune(share) => format!("prune{}", hundredths(share)),
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn places(points: &[Place]) -> String {
    let one = |(x, y): &Place| format!("{x:.1},{y:.1}");
    points.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_grounds_are_in_the_file_and_texts_are_escaped() {
        let mut scene = Scene { width: 100.0, height: 50.0, items: Vec::new() };
        scene.line(vec![(0.0, 0.0), (10.0, 5.0)], 2.0, Ink::Series(0));
        scene.text("a < b & c", (5.0, 5.0), 12.0, Ink::Text, Anchor::Middle).upwards = true;
        scene.spot((5.0, 5.0), 3.0, "only on the screen".into());
        let text = svg(&scene);
        for part in [
            r#"viewBox="0 0 100 50""#,
            "a &lt; b &amp; c",
            "rotate(-90 5.0 5.0)",
            "stroke=\"#0072b2\"",
            ".sseries0{stroke:#4095c5}",
            "prefers-color-scheme: dark",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("only on the screen"));
        // Of one ground, there is nothing to be chosen.
        let [light, dark] = [false, true].map(|dark| svg_on(&scene, dark));
        assert!(light.contains("stroke=\"#0072b2\"") && dark.contains("stroke=\"#4095c5\""));
        assert!(!(light + &dark).contains("<style>"));
    }
}
