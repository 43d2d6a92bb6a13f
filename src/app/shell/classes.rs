//! The classes of the images that a setup names, as chips with a picture each.

use std::path::PathBuf;

use async_channel::Receiver;
use eframe::egui::{self, Button, ColorImage, Context, TextureHandle, TextureOptions, Ui, vec2};

use crate::app::drawing::pictures::picture;
use crate::app::platform;
use crate::data::{DataConfig, Labels, load};
use crate::words::say;

/// Side of a chip's picture, in points.
const PICTURE: f32 = 22.0;
/// Height of many chips, which then scroll.
const MANY: f32 = 124.0;

/// A class as it is found.
type Found = (String, Option<ColorImage>);

/// The classes of some images.
#[derive(Default)]
pub struct Classes {
    /// The images that they are of.
    of: Option<(Option<PathBuf>, Labels)>,
    coming: Option<Receiver<Result<Vec<Found>, String>>>,
    known: Vec<(String, Option<TextureHandle>)>,
}

impl Classes {
    /// Looks at the images of a setup, where they are others than before.
    pub fn follow(&mut self, data: &DataConfig, context: &Context) {
        let of = (data.dir.clone(), data.labels);
        if self.of.as_ref() != Some(&of) {
            let all = DataConfig { dir: of.0.clone(), labels: of.1, ..DataConfig::default() };
            let see = move |_| found(&all);
            let coming = platform::look_at(of.0.clone().unwrap_or_default(), context.clone(), see);
            (self.of, self.coming, self.known) = (Some(of), Some(coming), Vec::new());
        }
        if let Some(found) = self.coming.as_ref().and_then(|coming| coming.try_recv().ok()) {
            self.coming = None;
            // Images that cannot be read are refused when the run begins; then the names are only typed.
            self.known = found
                .unwrap_or_default()
                .into_iter()
                .map(|(name, image)| {
                    let texture =
                        image.map(|image| context.load_texture(&name, image, TextureOptions::NEAREST));
                    (name, texture)
                })
                .collect();
        }
    }

    /// Draws the chips, lit where `text` names their classes; whether that changed. Where it names others they wait, so that
    /// nothing jumps while one types.
    pub fn ui(&self, ui: &mut Ui, text: &mut String) -> bool {
        if self.known.is_empty() {
            return false;
        }
        let names: Vec<&str> = self.known.iter().map(|(name, _)| name.as_str()).collect();
        let found = named(text, &names);
        let (known, mut kept) = (found.is_ok(), found.unwrap_or_default());
        let mut changed = false;
        let chips =
            egui::ScrollArea::vertical().id_salt("classes").max_height(MANY).auto_shrink([false, true]);
        chips.show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                if !known {
                    ui.disable();
                }
                ui.spacing_mut().item_spacing = vec2(5.0, 5.0);
                for (index, (name, texture)) in self.known.iter().enumerate() {
                    let on = kept.contains(&index);
                    let chip = match texture {
                        Some(texture) => {
                            let image = egui::Image::new((texture.id(), vec2(PICTURE, PICTURE)));
                            Button::image_and_text(image, name.as_str()).selected(on)
                        }
                        None => Button::selectable(on, name.as_str()),
                    };
                    let response = ui.add(chip.small());
                    response.widget_info(|| {
                        let text = say!("classes-class", name = name);
                        egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, text)
                    });
                    if response.clicked() {
                        match on {
                            true => kept.retain(|other| *other != index),
                            false => kept.push(index),
                        }
                        changed = true;
                    }
                }
            });
        });
        if changed {
            kept.sort_unstable();
            // A blank would end the name in a list.
            let kept: Vec<String> = kept.iter().map(|index| names[*index].replace(' ', "_")).collect();
            *text = kept.join(", ");
        }
        changed
    }

    /// What is wrong with classes as typed, where those of the images are known.
    pub fn error(&self, text: &str) -> Option<String> {
        let names: Vec<&str> = self.known.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() || text.trim().is_empty() {
            return None;
        }
        let wrong = match named(text, &names) {
            Err(unknown) => say!("classes-unknown", found = unknown, names = names.join(", ")),
            Ok(kept) if kept.len() < 2 => say!("classes-one").to_owned(),
            Ok(_) => return None,
        };
        Some(format!("data.classes: {wrong}"))
    }
}

/// The classes that a text names, by their places; or what is no class.
fn named(text: &str, names: &[&str]) -> Result<Vec<usize>, String> {
    let plain = |name: &str| name.to_lowercase().replace([' ', '-'], "_");
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let by_number = part.parse().ok().filter(|number| *number < names.len());
            let by_name = || names.iter().position(|name| plain(name) == plain(part));
            by_number.or_else(by_name).ok_or_else(|| part.to_owned())
        })
        .collect()
}

/// Every class of some images, with one of its pictures.
fn found(all: &DataConfig) -> Result<Vec<Found>, String> {
    let data = load(all, 0).map_err(|error| error.to_string())?;
    let of_class = |(label, name): (usize, &String)| {
        let place = data.held_out.labels.iter().position(|other| usize::from(*other) == label);
        (name.clone(), place.map(|place| picture(&data.held_out, place)))
    };
    Ok(data.class_names.iter().enumerate().map(of_class).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_named_by_number_or_name_and_what_is_none_is_refused() {
        let names = ["cat", "sweet pepper", "dog"];
        assert_eq!(named("Dog, 0 sweet_pepper", &names), Ok(vec![2, 0, 1]));
        assert_eq!(named("", &names), Ok(vec![]));
        assert_eq!(named("cat, 77", &names), Err("77".into()));
        let known = names.map(|name| (name.to_owned(), None)).to_vec();
        let classes = Classes { known, ..Classes::default() };
        assert!(classes.error("cat, 77").unwrap().contains("found \"77\", expected some of cat"));
        assert!(classes.error("cat").unwrap().contains("at least two"));
        assert_eq!((classes.error("cat dog"), classes.error(" ")), (None, None));
    }

    #[test]
    fn the_built_in_classes_have_a_picture_each() {
        let found = found(&DataConfig::default()).unwrap();
        assert_eq!(found.len(), 10);
        assert!(found.iter().all(|(_, image)| image.is_some()) && found[3].0 == "cat");
    }
}
