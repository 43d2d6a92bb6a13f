//! The held-out images that a change repairs and those that it breaks: of the selected candidate, or of the last
//! growth.

use std::sync::Arc;

use eframe::egui::{self, Align, Color32, ColorImage, Label, Layout, RichText, Sense, Ui, vec2};

use super::selected::{only_now, selected};
use crate::app::drawing::pictures::{Strip, picture};
use crate::app::panels::{Asked, PanelContext};
use crate::app::view::present_round;
use crate::app::worker::Order;
use crate::app::worker::board::Snapshot;
use crate::format::decimal;
use crate::lab::{Change, Flip, Repairs};
use crate::words::say;

/// Images of each kind that are shown, at most.
const SHOWN: usize = 12;
/// Side of one, in points.
const IMAGE: f32 = 44.0;
/// Width of the text beside it.
const WIDTH: f32 = 88.0;

/// What is kept between frames: the pictures of the images that are shown.
#[derive(Default)]
pub struct ImageRows {
    pictures: Option<(Arc<Repairs>, Strip)>,
}

impl ImageRows {
    /// Draws both rows, or what finds them.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut PanelContext<'_>, layer: &str) {
        let (board, snapshot) = (context.board, context.snapshot);
        let (wanted, round, words) = match wanted(context, layer) {
            Ok(wanted) => wanted,
            Err(why) => return drop(ui.label(RichText::new(why).weak())),
        };
        let is_it =
            |found: &Repairs, run: u64| run == snapshot.run && (&found.of, found.round) == (&wanted, round);
        let shown = board.repairs.as_ref().filter(|(run, found)| is_it(found, *run));
        let Some((_, found)) = shown else {
            let count = snapshot.data.held_out.len();
            ui.label(say!("channel-compare-question", count = count, what = words));
            let button = ui.add_enabled_ui(!board.busy, |ui| ui.button(say!("channel-compare")));
            if button.inner.clicked() {
                context.asked.push(Asked::Order(Order::Compare { of: wanted }));
            }
            return;
        };
        ui.label(sentence(found, &words)).on_hover_text(say!("channel-verdict-hint"));
        if found.repaired.is_empty() && found.broken.is_empty() {
            return;
        }
        let strip = self.strip(ui, snapshot, found);
        let count = found.repaired.len().min(SHOWN);
        let repaired = say!("channel-repaired", count = found.repaired.len());
        let broken = say!("channel-broken", count = found.broken.len());
        for (title, flips, from) in [(repaired, &found.repaired, 0), (broken, &found.broken, count)] {
            ui.horizontal(|ui| {
                let side_by_side = Layout::left_to_right(Align::Center);
                ui.allocate_ui_with_layout(vec2(76.0, IMAGE), side_by_side, |ui| {
                    ui.set_min_width(76.0);
                    ui.label(title);
                });
                for (place, flip) in flips.iter().take(SHOWN).enumerate() {
                    if flip_ui(ui, snapshot, flip, &strip, from + place) {
                        context.view.image = flip.image;
                    }
                }
                if let Some(more) = flips.len().checked_sub(SHOWN).filter(|more| *more > 0) {
                    ui.label(RichText::new(say!("channel-more", count = more)).small().weak());
                }
            });
        }
    }

    /// The pictures of the images that are shown, the repaired ones first.
    fn strip(&mut self, ui: &Ui, snapshot: &Snapshot, found: &Arc<Repairs>) -> Strip {
        if let Some((shown, strip)) = &self.pictures
            && Arc::ptr_eq(shown, found)
        {
            return strip.clone();
        }
        let flips = found.repaired.iter().take(SHOWN).chain(found.broken.iter().take(SHOWN));
        let images: Vec<ColorImage> =
            flips.map(|flip| picture(&snapshot.data.held_out, flip.image)).collect();
        let strip = Strip::stacked(ui.ctx(), "repairs", &images);
        self.pictures = Some((found.clone(), strip.clone()));
        strip
    }
}

/// What to compare: the selected candidate, or the last growth once the network has grown; with its round, and in
/// words.
fn wanted(context: &PanelContext<'_>, layer: &str) -> Result<(Change, u64, String), &'static str> {
    let snapshot = context.snapshot;
    if snapshot.is_past() {
        return Err(only_now());
    }
    if let Some(round) = present_round(snapshot) {
        let (candidate, morphism) = selected(context, layer)?;
        if morphism.is_neutral() {
            return Err(say!("channel-neutral"));
        }
        let words = say!("channel-what-change", change = candidate.title());
        return Ok((Change::Candidate(candidate.id()), round.round, words));
    }
    let grown = snapshot.grown_from.as_ref().and(snapshot.state.round.checked_sub(1));
    let round = grown.ok_or_else(|| say!("channel-not-comparable"))?;
    Ok((Change::Growth, round, say!("channel-what-growth", round = round)))
}

/// The counts, and how much they say.
fn sentence(found: &Repairs, words: &str) -> String {
    let (repaired, broken) = (found.repaired.len(), found.broken.len());
    let right = found.right + repaired - broken;
    let by_chance = found.by_chance();
    let share = |decimals: usize| decimal(100.0 * by_chance, decimals);
    let verdict = match by_chance {
        _ if repaired + broken == 0 => say!("channel-verdict-none").to_owned(),
        0.3.. => say!("channel-verdict-chance", share = share(0)),
        0.05.. => say!("channel-verdict-maybe", share = share(0)),
        _ => say!("channel-verdict-hardly", share = share(1)),
    };
    say!(
        "channel-compared",
        images = found.images,
        what = words,
        repaired = repaired,
        broken = broken,
        verdict = verdict,
        before = found.right,
        after = right
    )
}

/// One image with both answers; whether it was clicked.
fn flip_ui(ui: &mut Ui, snapshot: &Snapshot, flip: &Flip, strip: &Strip, place: usize) -> bool {
    let name = |class: usize| snapshot.data.class_names.get(class).map_or("?", String::as_str);
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let said = [flip.before, flip.after].map(|one| (name(one.class), percent(one.probability)));
    let [(before, before_share), (after, after_share)] = &said;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = vec2(5.0, 1.0);
        let (rect, response) = ui.allocate_exact_size(vec2(IMAGE, IMAGE), Sense::click());
        let (texture, part) = strip.of(place);
        ui.painter().image(texture.id(), rect, part, Color32::WHITE);
        ui.vertical(|ui| {
            ui.set_width(WIDTH);
            for text in [format!("{before} {before_share}"), format!("→ {after} {after_share}")] {
                ui.add(Label::new(RichText::new(text).small()).truncate());
            }
        });
        let label = name(flip.label);
        let text = say!(
            "channel-flip",
            number = flip.image + 1,
            label = label,
            before = *before,
            before_share = before_share,
            after = *after,
            after_share = after_share
        );
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &text));
        response.on_hover_text(&text).clicked()
    })
    .inner
}
