//! What is looked at, as a link says it.

use eframe::egui::{self, Context};

use crate::app::drawing::tokens::PRESENTER_ZOOM;
use crate::app::panels::PANELS;
use crate::app::platform::link::{one_of, parsed};
use crate::app::view::{Channel, Paint, Speed, View};
use crate::estimate::Estimator;
use crate::words::Language;

const PAINTS: [(&str, Paint); 3] =
    [("gain", Paint::Gain), ("activation", Paint::Activation), ("filter", Paint::Filter)];
const SPEEDS: [(&str, Speed); 3] = [("slow", Speed::Slow), ("normal", Speed::Normal), ("fast", Speed::Fast)];
const THEMES: [(&str, bool); 2] = [("light", false), ("dark", true)];
const SIZES: [(&str, bool); 2] = [("normal", false), ("presenter", true)];

/// What a link says of the screen; what it does not say stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Show {
    /// The name of the panel at the right.
    pub tab: Option<&'static str>,
    /// The round whose candidates are shown.
    pub round: Option<u64>,
    /// The candidate that is selected, by its id.
    pub candidate: Option<String>,
    /// The channel whose panel is open.
    pub channel: Option<Channel>,
    /// The held-out image, by its number.
    pub image: Option<usize>,
    /// How the network's cells are painted.
    pub paint: Option<Paint>,
    /// The estimator whose numbers are shown.
    pub formula: Option<Estimator>,
    /// The rest between stages.
    pub speed: Option<Speed>,
    /// Whether the theme is the dark one.
    pub dark: Option<bool>,
    /// Whether everything is large, for a projector.
    pub large: Option<bool>,
    /// What its texts are in.
    pub language: Option<Language>,
}

impl Show {
    /// What is looked at now. Theme, size and language stay out of it: they are the reader's own.
    pub fn of(view: &View) -> Self {
        let usual = View::default();
        Self {
            tab: PANELS.iter().skip(1).map(|entry| entry.name).find(|name| *name == view.tab),
            round: view.round,
            candidate: view.candidate.clone(),
            channel: view.channel.clone(),
            image: Some(view.image).filter(|image| *image != usual.image),
            paint: Some(view.paint).filter(|paint| *paint != usual.paint),
            formula: view.estimator,
            speed: Some(view.speed).filter(|speed| *speed != usual.speed),
            ..Self::default()
        }
    }

    /// Takes a value of a link; false if the name is another's.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Result<bool, String> {
        match name {
            "tab" => {
                let tabs: Vec<_> = PANELS.iter().map(|entry| (entry.name, entry.name)).collect();
                self.tab = Some(one_of(value, &tabs)?);
            }
            "round" => self.round = Some(parsed(value, "a round's number")?),
            "candidate" => self.candidate = Some(value.to_owned()),
            "channel" => {
                let expected = "a layer and a channel's number, as conv1:3";
                let (layer, channel) = value.rsplit_once(':').unwrap_or((value, ""));
                let channel =
                    channel.parse().map_err(|_| format!("found \"{value}\", expected {expected}"))?;
                self.channel = Some(Channel { layer: layer.to_owned(), channel });
            }
            "image" => self.image = Some(parsed(value, "a held-out image's number, from 0")?),
            "paint" => self.paint = Some(one_of(value, &PAINTS)?),
            "formula" => {
                let known: Vec<_> = Estimator::ALL.iter().map(|&formula| (formula.name(), formula)).collect();
                self.formula = Some(one_of(value, &known)?);
            }
            "speed" => self.speed = Some(one_of(value, &SPEEDS)?),
            "theme" => self.dark = Some(one_of(value, &THEMES)?),
            "size" => self.large = Some(one_of(value, &SIZES)?),
            "language" => {
                let known = Language::ALL.map(|language| (language.name(), language));
                self.language = Some(one_of(value, &known)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Hands out its values by name.
    pub(super) fn write(&self, add: &mut dyn FnMut(&str, Option<String>)) {
        add("tab", self.tab.map(str::to_owned));
        add("round", self.round.map(|round| round.to_string()));
        add("candidate", self.candidate.clone());
        add("channel", self.channel.as_ref().map(|here| format!("{}:{}", here.layer, here.channel)));
        add("image", self.image.map(|image| image.to_string()));
        add("paint", self.paint.and_then(|paint| name_of(paint, &PAINTS)));
        add("formula", self.formula.map(|formula| formula.name().to_owned()));
        add("speed", self.speed.and_then(|speed| name_of(speed, &SPEEDS)));
        add("theme", self.dark.and_then(|dark| name_of(dark, &THEMES)));
        add("size", self.large.and_then(|large| name_of(large, &SIZES)));
        add("language", self.language.map(|language| language.name().to_owned()));
    }

    /// Has it be looked at; whether everything is large is returned, if that is said.
    pub fn apply(&self, view: &mut View, context: &Context) -> Option<bool> {
        view.tab = self.tab.unwrap_or(view.tab);
        view.round = self.round.or(view.round);
        view.candidate = self.candidate.clone().or(view.candidate.take());
        view.channel = self.channel.clone().or(view.channel.take());
        view.image = self.image.unwrap_or(view.image);
        view.paint = self.paint.unwrap_or(view.paint);
        view.estimator = self.formula.or(view.estimator);
        view.speed = self.speed.unwrap_or(view.speed);
        view.language = self.language.unwrap_or(view.language);
        if let Some(dark) = self.dark {
            context.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
        }
        if let Some(large) = self.large {
            context.set_zoom_factor(if large { PRESENTER_ZOOM } else { 1.0 });
        }
        self.large
    }
}

fn name_of<T: PartialEq>(value: T, names: &[(&str, T)]) -> Option<String> {
    names.iter().find(|(_, other)| *other == value).map(|(name, _)| (*name).to_owned())
}
