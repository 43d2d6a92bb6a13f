//! The settings of an experiment: everything that decides its numbers.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::data::DataConfig;
use crate::engine::{LearnRequest, Learner, OptimizerConfig};
use crate::estimate::Estimator;
use crate::files::{self, MOST_TEXT};
use crate::morphism::{self, Candidate, Family, Memory};
use crate::names;
use crate::search::trials::Search;
use crate::search::{Budget, Strategy};

/// A setting that makes no sense, or a file of settings that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value out of its range.
    #[error("setting \"{field}\": found {found}, expected {expected}")]
    Value {
        /// Its dotted name in the file.
        field: String,
        /// Its value.
        found: String,
        /// What is allowed.
        expected: String,
    },
    /// A name that no setting has.
    #[error("no setting is called \"{name}\"; the nearest are {nearest}")]
    Unknown {
        /// As it was asked for.
        name: String,
        /// Names like it, with commas between them.
        nearest: String,
    },
    /// A text that sets nothing.
    #[error("found \"{0}\", expected NAME=VALUE, such as training.epochs=2")]
    Assignment(String),
    /// A file that is not such a TOML file; the message shows the place.
    #[error("{path}: {message}")]
    Syntax {
        /// The file.
        path: String,
        /// Place and fault.
        message: String,
    },
    /// The file system.
    #[error(transparent)]
    File(#[from] files::FileError),
}

impl ConfigError {
    /// What is wrong, as said beside the setting itself.
    pub fn beside(&self) -> String {
        match self {
            ConfigError::Value { field, found, expected } => {
                format!("{field}: found {found}, expected {expected}")
            }
            other => other.to_string(),
        }
    }
}

/// An experiment's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    /// The seed network: a preset's name, or layers in the presets' notation (`8-8-M-16`).
    pub preset: String,
    /// A saved network to start from instead of the preset: a `.safetensors` file of a run, a run's folder for its
    /// final network, or an ONNX file of any program (`.onnx`).
    pub network: Option<PathBuf>,
    /// Whether the saved network gives its weights too; otherwise only its layers.
    pub inherit: bool,
    /// Names every random stream of the run.
    pub seed: u64,
    /// Growth rounds; each trains before it grows, and a last training follows.
    pub rounds: u64,
    /// Families of morphisms to propose.
    #[serde(with = "names::list")]
    pub families: Vec<Family>,
    /// The convolutions whose candidates are proposed, by name; without it, all.
    pub layers: Option<Vec<String>>,
    /// Which candidates' actual gains are measured.
    pub measure: Measure,
    /// Whether each choice must prove itself: gains do not simply add, so a candidate is only kept if the
    /// network grown by it and those before it really has a lower loss on the validation part, by its cost.
    pub confirm: bool,
    /// The images.
    pub data: DataConfig,
    /// Training phases.
    pub training: Training,
    /// Learning φ.
    pub learning: Learning,
    /// How candidates are chosen.
    pub strategy: Strategy,
    /// What a choice may spend.
    pub budget: Budget,
    /// How what was chosen is made.
    pub growth: Growth,
    /// What is only to be seen.
    pub instrument: Instrument,
    /// How the network to train last is found: in growth rounds, or by trying whole networks.
    pub search: Search,
}

/// What the run shows beside what it does. Results of the method never depend on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Instrument {
    /// Whether gains are estimated on the held-out part, by every formula and jointly.
    pub estimates: bool,
    /// Whether networks are scored on the training part too.
    pub train_scores: bool,
    /// Epochs between two scores on the held-out part while the network trains; with 0 it is scored at the end alone.
    pub while_training: usize,
    /// Of how many candidates of each family twins are trained through the next phase, to see what they are worth in
    /// the end; each costs as much as the phase.
    pub in_the_end: usize,
    /// Whether each of these twins is trained a second time, with the batches in another order: to see how much of what
    /// is left in the end is chance.
    pub in_the_end_again: bool,
    /// Whether methods of the literature score the candidates that are followed, on engines that have them.
    pub literature: bool,
    /// Whether each candidate's gain is also said beyond what training would gain for nothing.
    pub beyond_training: bool,
}

impl Default for Instrument {
    fn default() -> Self {
        Self {
            estimates: true,
            train_scores: true,
            while_training: 0,
            in_the_end: 0,
            in_the_end_again: false,
            literature: false,
            beyond_training: false,
        }
    }
}

/// How large changes are, and how chosen ones are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Growth {
    /// Channels that each widening adds at once.
    pub width: usize,
    /// How far the children of a split are parted, see [`crate::morphism::Parting::spread`].
    pub spread: f64,
    /// How unequally they are read, see [`crate::morphism::Parting::tilt`].
    pub tilt: f64,
    /// Whether changes are made with the noise that learning starts from instead of the φ that was learned: to tell what
    /// comes from φ and what from the place alone.
    pub noise: bool,
    /// The learning rate of weights that growth made new, in the training phase after it, as a multiple of
    /// the others'. (Each growth's new weights at a rate of their own: Yuan, Savarese, Maire, arXiv
    /// 2306.12700.)
    pub new_rate: f64,
    /// What becomes of the optimiser's memory.
    #[serde(with = "names::one")]
    pub memory: Memory,
}

impl Default for Growth {
    fn default() -> Self {
        let width = morphism::single();
        Self { width, spread: 0.0, tilt: 0.0, noise: false, new_rate: 1.0, memory: Memory::Inherited }
    }
}

/// The candidates whose actual gains are measured on the held-out part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// All.
    All,
    /// The chosen ones: the choice is then made before the measurement.
    Chosen,
    /// None.
    None,
}

/// What the learning rate's schedule spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Each training phase: the network has converged when it grows.
    Phase,
    /// The whole run, by cost if its total is given, else phase by phase: the network grows before it has converged.
    Run,
}

/// A training phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Training {
    /// Passes over the training part in each phase.
    pub epochs: u64,
    /// What the learning rate's schedule spans.
    pub schedule_over: Span,
    /// What the whole run shall cost, in floating-point operations by the ledger: the last phase takes as many steps as
    /// the rest of it allows, at least one, instead of its epochs.
    pub total_flops: Option<u64>,
    /// Examples a step.
    pub batch: usize,
    /// Random flips and crops.
    pub augment: bool,
    /// ε of label smoothing, see [`crate::engine::TrainRequest::label_smoothing`].
    pub label_smoothing: f64,
    /// The decay a step of an average of the weights, see [`crate::engine::TrainRequest::average`]; 0 keeps
    /// none. Each phase ends with its average as the network: it is scored and grown, and the next phase goes
    /// on from it.
    pub average: f64,
    /// Steps in which a network that lost a layer or a skip learns to answer as before, as soon as it is rewritten;
    /// 0 leaves it as it is.
    pub distil_steps: u64,
    /// The optimiser.
    pub optimizer: OptimizerConfig,
}

/// Learning φ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Learning {
    /// How φ is learned.
    #[serde(with = "names::one")]
    pub learner: Learner,
    /// The estimator that φ is learned by (if the learner is `estimate`), its scale chosen by and its gain reported by.
    #[serde(with = "names::one")]
    pub estimator: Estimator,
    /// Whether φ of all candidates descend on the predicted loss of their sum: for growing by many changes at once.
    /// Without it each descends on its own, which is what single estimates are about.
    pub together: bool,
    /// Adam steps.
    pub steps: u64,
    /// Examples a step.
    pub batch: usize,
    /// Adam's learning rate.
    pub learning_rate: f64,
}

impl Learning {
    /// What an engine is asked, to learn φ of these candidates in a round of the run of this seed.
    pub fn request(&self, seed: u64, round: u64, candidates: Vec<Candidate>) -> LearnRequest {
        LearnRequest {
            seed,
            round,
            candidates,
            learner: self.learner,
            estimator: self.estimator,
            together: self.together,
            steps: self.steps,
            batch: self.batch,
            learning_rate: self.learning_rate,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            preset: "tiny".into(),
            network: None,
            inherit: false,
            seed: 7,
            rounds: 3,
            families: vec![Family::Split, Family::Prune, Family::Widen],
            layers: None,
            measure: Measure::All,
            confirm: true,
            data: DataConfig::default(),
            training: Training::default(),
            learning: Learning::default(),
            strategy: Strategy::default(),
            budget: Budget::default(),
            growth: Growth::default(),
            instrument: Instrument::default(),
            search: Search::default(),
        }
    }
}

impl Default for Training {
    fn default() -> Self {
        Self {
            epochs: 20,
            schedule_over: Span::Phase,
            total_flops: None,
            batch: 64,
            augment: true,
            label_smoothing: 0.0,
            average: 0.0,
            distil_steps: 50,
            optimizer: OptimizerConfig::default(),
        }
    }
}

impl Default for Learning {
    fn default() -> Self {
        Self {
            learner: Learner::default(),
            estimator: Estimator::Sampled,
            together: false,
            steps: 60,
            batch: 250,
            learning_rate: 0.005,
        }
    }
}

impl Measure {
    /// All, with their names in options.
    pub const ALL: [(Measure, &str); 3] =
        [(Measure::All, "all"), (Measure::Chosen, "chosen"), (Measure::None, "none")];
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Measure::ALL.iter().find(|(measure, _)| measure == self).map_or("", |(_, name)| name);
        formatter.write_str(name)
    }
}

impl FromStr for Measure {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Measure::ALL.iter().find(|(_, known)| *known == name).map(|(measure, _)| *measure);
        found.ok_or_else(|| format!("unknown measurement \"{name}\": expected one of all, chosen, none"))
    }
}

impl Config {
    /// Rounds before the last training: the growth rounds, or one in which all trials of a search take place.
    pub fn growth_rounds(&self) -> u64 {
        if self.search.tries() { 1 } else { self.rounds }
    }

    /// Reads a TOML file; what it leaves out has its default, and its paths are relative to its own folder. Values are
    /// not checked yet: options may still change them.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let syntax = |message: String| ConfigError::Syntax { path: path.display().to_string(), message };
        let text = String::from_utf8(files::read_at_most(path, MOST_TEXT)?)
            .map_err(|error| syntax(error.to_string()))?;
        let mut config: Self = toml::from_str(&text).map_err(|error| syntax(format!("\n{error}")))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.data.dir = config.data.dir.map(|dir| files::resolve(&dir, folder));
        config.network = config.network.map(|network| files::resolve(&network, folder));
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_sound_and_survives_toml_and_json() {
        let config = Config::default();
        config.check().unwrap();
        let text = toml::to_string(&config).unwrap();
        assert_eq!(toml::from_str::<Config>(&text).unwrap(), config);
        let json = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<Config>(&json).unwrap(), config);
    }

    #[test]
    fn a_file_changes_what_it_names_and_no_more() {
        let config: Config =
            toml::from_str("families = [\"split\"]\n[learning]\nestimator = \"gauss-newton\"").unwrap();
        assert_eq!(
            (config.families, config.learning.estimator),
            (vec![Family::Split], Estimator::GaussNewton)
        );
        assert_eq!(config.learning.steps, 60);
    }

    #[test]
    fn unknown_fields_and_names_are_refused_by_name() {
        for (text, names) in [
            ("sed = 3", ["sed", "seed"]),
            ("[training]\nepoch = 3", ["epoch", "epochs"]),
            ("families = [\"spilt\"]", ["spilt", "split-symmetric"]),
            ("measure = \"some\"", ["some", "chosen"]),
            ("[learning]\nestimator = \"x\"", ["\"x\"", "rank1"]),
            ("[learning]\nlearner = \"x\"", ["\"x\"", "steepest"]),
            ("[growth]\nmemory = \"kept\"", ["kept", "rescaled"]),
        ] {
            let message = toml::from_str::<Config>(text).unwrap_err().to_string();
            assert!(names.iter().all(|name| message.contains(name)), "{message}");
        }
    }

    #[test]
    fn values_out_of_range_name_field_found_and_expected() {
        let changed = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            config.check().unwrap_err().to_string()
        };
        for (message, parts) in [
            (changed(|c| c.preset = "huge".into()), ["\"preset\"", "huge", "vgg-seed"]),
            (changed(|c| c.training.batch = 0), ["training.batch", "found 0", "from 2"]),
            (changed(|c| c.training.average = 1.0), ["training.average", "found 1", "below 1"]),
            (changed(|c| c.growth.new_rate = 0.0), ["growth.new-rate", "found 0", "above 0"]),
            (changed(|c| c.learning.learning_rate = -1.0), ["learning.learning-rate", "-1", "above 0"]),
            (changed(|c| c.training.optimizer.momentum = 1.0), ["momentum", "found 1", "below 1"]),
            (changed(|c| c.families.clear()), ["families", "none", "at least one"]),
            (changed(|c| c.families.push(Family::Split)), ["families", "twice", "once"]),
            (changed(|c| c.training.optimizer.learning_rate = f64::NAN), ["learning-rate", "NaN", "above"]),
            (changed(|c| c.strategy = Strategy::TopK { k: 0 }), ["strategy.k", "found 0", "from 1"]),
            (changed(|c| c.learning.learner = Learner::Gradmax), ["learning.learner", "split", "of widen"]),
            (changed(|c| c.growth.width = 65), ["growth.width", "found 65", "from 1 to 64"]),
            (changed(|c| c.layers = Some(Vec::new())), ["\"layers\"", "none", "at least one"]),
            (changed(|c| c.layers = Some(vec!["conv9".into()])), ["\"layers\"", "conv9", "conv1, conv2"]),
        ] {
            assert!(parts.iter().all(|part| message.contains(part)), "{message}");
        }
    }
}
