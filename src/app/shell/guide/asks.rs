//! The kinds of answers: how each is given, by pointer or by keys.

use eframe::egui::{self, Button, Key, RichText, TextEdit, Ui};

use super::drafts::plan;
use super::run::{before_growth, channel_id, choice, engine, facts, one_stage};
use super::{Guide, Seen, Wanted};
use crate::app::drawing::tokens::Tokens;
use crate::app::panels::along::{HEIGHT, along_ui};
use crate::app::view::Channel;
use crate::app::worker::Order;
use crate::app::worker::studying::Study;
use crate::format::{decimal, signed, thousands};
use crate::lab::{Command, Stage};
use crate::lesson::{Answer, Ask, Check, Until};
use crate::words::say;

impl Guide {
    /// Draws what the step asks for, and takes the answer.
    pub(super) fn ask_ui(&mut self, ui: &mut Ui, seen: &mut Seen<'_>, wanted: &mut Vec<Wanted>) {
        let answer = match self.course.step().ask.clone() {
            Ask::Read => button_ui(ui, say!("guide-read"), true).then_some(Answer::Done),
            Ask::Do(until) => {
                self.do_ui(ui, seen, &until, wanted);
                None
            }
            Ask::Choose { options, .. } => self.choose_ui(ui, &options),
            Ask::Candidate { .. } => {
                let id = self.selected_ui(ui, seen);
                button_ui(ui, say!("guide-check"), id.is_some())
                    .then_some(id)
                    .flatten()
                    .map(Answer::Candidate)
            }
            Ask::Vote => self.vote_ui(ui, seen),
            Ask::Order => {
                let order = seen.view.prediction.as_ref().map(|asked| asked.order.clone());
                let keep = button_ui(ui, say!("guide-keep-order"), order.is_some());
                keep.then_some(order).flatten().map(Answer::Order)
            }
            Ask::Number { unit, .. } => self.number_ui(ui, &unit),
            Ask::Scale { .. } => self.scale_ui(ui, seen),
            Ask::Pick { most, parameters } => self.pick_ui(ui, seen, most, parameters, wanted),
            Ask::Write { .. } => self.write_ui(ui),
        };
        if let Some(answer) = answer {
            self.judge(answer, seen, false);
        }
    }

    fn do_ui(&mut self, ui: &mut Ui, seen: &Seen<'_>, until: &Until, wanted: &mut Vec<Wanted>) {
        let done = self.course.answered().is_some();
        let Until::Race(race) = until else {
            let text = if done { say!("guide-done") } else { say!("guide-notices-itself") };
            ui.label(RichText::new(text).weak());
            return;
        };
        if button_ui(ui, say!("guide-start-race"), !done && !seen.board.busy) {
            let study = Study::Race { plan: plan(race), engine: engine(seen.engine) };
            wanted.push(Wanted::Order(Order::Study(Box::new(study))));
        }
        if let Some(notes) = &seen.board.study {
            ui.label(RichText::new(&notes.text).weak());
        }
    }

    fn choose_ui(&mut self, ui: &mut Ui, options: &[String]) -> Option<Answer> {
        for (place, option) in options.iter().enumerate() {
            ui.radio_value(&mut self.drafts.choice, Some(place), option);
        }
        let choice = self.drafts.choice;
        button_ui(ui, say!("guide-check"), choice.is_some()).then_some(choice).flatten().map(Answer::Choice)
    }

    /// Says which change is selected.
    fn selected_ui(&self, ui: &mut Ui, seen: &Seen<'_>) -> Option<String> {
        let facts = facts(seen.board, seen.snapshot, None);
        let id = seen.view.candidate.clone().filter(|id| facts.candidate(id).is_some());
        match &id {
            Some(id) => ui.label(say!("guide-selected", what = facts.title(id))),
            None => ui.label(RichText::new(say!("guide-nothing-selected")).weak()),
        };
        id
    }

    fn vote_ui(&mut self, ui: &mut Ui, seen: &Seen<'_>) -> Option<Answer> {
        let name = |channel: &Option<Channel>| match channel {
            Some(Channel { layer, channel }) => say!("guide-channel", channel = *channel, layer = layer),
            None => say!("guide-none-yet").to_owned(),
        };
        let selected = seen.view.channel.clone();
        ui.label(RichText::new(say!("guide-selected", what = name(&selected))).weak());
        ui.horizontal(|ui| {
            if ui.add_enabled(selected.is_some(), Button::new(say!("guide-split"))).clicked() {
                self.drafts.split.clone_from(&selected);
            }
            if ui.add_enabled(selected.is_some(), Button::new(say!("guide-remove"))).clicked() {
                self.drafts.prune = selected;
            }
        });
        ui.label(say!("guide-to-split", what = name(&self.drafts.split)));
        ui.label(say!("guide-to-remove", what = name(&self.drafts.prune)));
        let both = self.drafts.split.as_ref().zip(self.drafts.prune.as_ref());
        let vote = both.map(|(split, prune)| Answer::Vote {
            split: channel_id(split, "split"),
            prune: channel_id(prune, "prune"),
        });
        button_ui(ui, say!("guide-keep"), vote.is_some()).then_some(vote).flatten()
    }

    fn number_ui(&mut self, ui: &mut Ui, unit: &str) -> Option<Answer> {
        let mut entered = false;
        ui.horizontal(|ui| {
            let field = ui.add(TextEdit::singleline(&mut self.drafts.number).desired_width(90.0));
            let name = say!("guide-your-answer");
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
            entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.label(unit);
        });
        let text = self.drafts.number.trim().trim_end_matches(unit).trim().replace(['\u{2212}'], "-");
        // People write a comma where others have a point.
        let number = text.replace(',', ".").parse::<f64>().ok();
        let checked = button_ui(ui, say!("guide-check"), !text.is_empty()) || entered && !text.is_empty();
        if checked && number.is_none() {
            self.complaint = Some(say!("guide-not-a-number", text = &text, example = decimal(12.5, 1)));
        }
        checked.then_some(number).flatten().map(Answer::Number)
    }

    fn scale_ui(&mut self, ui: &mut Ui, seen: &Seen<'_>) -> Option<Answer> {
        let id = self.selected_ui(ui, seen);
        let facts = facts(seen.board, seen.snapshot, None);
        let along = facts.along.filter(|along| id.as_ref() == Some(&along.id));
        match along {
            Some(along) => {
                let formula = seen.snapshot.config.learning.estimator.name();
                along_ui(ui, along, formula, HEIGHT, &mut self.drafts.mark);
            }
            None if id.is_some() => drop(ui.spinner()),
            None => {}
        }
        button_ui(ui, say!("guide-check"), along.is_some()).then_some(Answer::Number(self.drafts.mark))
    }

    fn pick_ui(
        &mut self,
        ui: &mut Ui,
        seen: &Seen<'_>,
        most: usize,
        parameters: i64,
        wanted: &mut Vec<Wanted>,
    ) -> Option<Answer> {
        let facts = facts(seen.board, seen.snapshot, None);
        let round = facts.round()?;
        let chosen: Vec<_> = round.candidates.iter().filter(|candidate| candidate.chosen).collect();
        let added: i64 = chosen.iter().map(|candidate| candidate.params_delta).sum();
        ui.label(ticked(facts.by_hand, (chosen.len(), most), (added, parameters)));
        let ids: Vec<String> = chosen.iter().map(|candidate| candidate.id()).collect();
        if self.course.step().check != Check::BeatsMethod {
            return button_ui(ui, say!("guide-check"), true).then_some(Answer::Pick(ids));
        }
        if let Some(back) = before_growth(seen.snapshot).filter(|_| facts.is_over(Stage::Grow)) {
            // Where the person's own choice stands, it is better taken up again.
            let back = choice(seen.snapshot).unwrap_or(back);
            if ui.add_enabled(!seen.board.busy, Button::new(say!("guide-before-growth"))).clicked() {
                wanted.push(Wanted::Order(Order::Do(Command::GoTo(back))));
            }
            return None;
        }
        let fits = (1..=most).contains(&chosen.len()) && added <= parameters && facts.by_hand;
        if button_ui(ui, say!("guide-grow"), fits && !seen.board.busy) {
            self.growing = true;
            wanted.push(Wanted::Order(one_stage()));
        }
        None
    }

    fn write_ui(&mut self, ui: &mut Ui) -> Option<Answer> {
        let field =
            TextEdit::multiline(&mut self.drafts.sentence).desired_rows(3).desired_width(f32::INFINITY);
        let field = ui.add(field);
        let name = say!("guide-your-sentence");
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, name));
        let text = self.drafts.sentence.clone();
        button_ui(ui, say!("guide-keep"), !text.trim().is_empty()).then_some(Answer::Sentence(text))
    }
}

/// How many changes are ticked, by whom, and how many parameters they add, each with its limit.
fn ticked(by_hand: bool, (count, most): (usize, usize), (added, limit): (i64, i64)) -> String {
    if limit == i64::MAX {
        return match by_hand {
            true => say!("guide-ticked-by-you", count = count, most = most),
            false => say!("guide-ticked-by-method", count = count, most = most),
        };
    }
    let (added, allowed) = (signed(added), thousands(limit as u64));
    match by_hand {
        true => {
            say!("guide-ticked-by-you-within", count = count, most = most, added = added, allowed = allowed)
        }
        false => {
            say!(
                "guide-ticked-by-method-within",
                count = count,
                most = most,
                added = added,
                allowed = allowed
            )
        }
    }
}

/// A button that stands out while it can be pressed; whether it was.
pub fn button_ui(ui: &mut Ui, text: &str, enabled: bool) -> bool {
    let tokens = Tokens::of(ui);
    let (fill, ink) = if enabled { (tokens.accent, tokens.on_accent) } else { (tokens.raised, tokens.weak) };
    ui.add_enabled(enabled, Button::new(RichText::new(text).color(ink)).fill(fill)).clicked()
}
