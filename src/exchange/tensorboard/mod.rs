//! A run's numbers as TensorBoard's event files, by step and by cost.

mod event_file;
mod proto;
mod values;

use std::path::Path;

use event_file::{EventFile, own_files};
use values::{histogram, hyper_parameters, picture, scalar, text};

use crate::files::FileError;
use crate::lab::{Config, Round, curve, trained_steps};
use crate::pictures::{RunRecord, network_after};

/// The run whose steps are training steps.
const BY_STEP: &str = "by-step";
/// The run whose steps are costs.
const BY_COST: &str = "by-cost";
/// Floating-point operations of a step of the run by cost.
const MFLOP: u64 = 1_000_000;

/// Event files of a run, which grow as the run goes on.
#[derive(Debug)]
pub struct TensorBoard {
    by_step: EventFile,
    by_cost: EventFile,
    /// How many training steps, scores, rounds of candidates and networks are written.
    steps: usize,
    scores: usize,
    estimated: usize,
    measured: usize,
    networks: usize,
}

/// Whether `folder` holds event files of a run.
pub fn holds_events(folder: &Path) -> bool {
    [BY_STEP, BY_COST].iter().any(|name| own_files(&folder.join(name)).is_ok_and(|names| !names.is_empty()))
}

impl TensorBoard {
    /// New files in `folder`, in two folders that TensorBoard shows as two runs; older ones of Seedling's are removed.
    pub fn create(folder: &Path, config: &Config) -> Result<Self, FileError> {
        let mut by_step = EventFile::create(&folder.join(BY_STEP))?;
        let by_cost = EventFile::create(&folder.join(BY_COST))?;
        by_step.add(0, vec![text("settings", config), hyper_parameters(config)]);
        Ok(Self { by_step, by_cost, steps: 0, scores: 0, estimated: 0, measured: 0, networks: 0 })
    }

    /// Adds what is known since the last call. Losses and gains are in nats, costs are those of the method.
    pub fn update(&mut self, run: &RunRecord) -> Result<(), FileError> {
        let steps = trained_steps(&run.state);
        for step in steps.iter().skip(self.steps) {
            let loss = f64::from(step.loss);
            self.by_step.add(step.step, vec![scalar("loss/training", loss)]);
            self.by_cost.add(step.cost / MFLOP, vec![scalar("loss by MFLOP/training", loss)]);
        }
        // Steps until the end of a round's training.
        let until = |round: u64| steps.iter().filter(|step| step.round <= round).count() as u64;
        let points = curve(&run.state);
        for point in points.iter().skip(self.scores) {
            let step = steps.iter().filter(|step| step.cost <= point.cost).count() as u64;
            let quality = &point.quality;
            let mut values = vec![
                scalar("loss/held-out", quality.held_out.loss),
                scalar("accuracy/held-out", quality.held_out.accuracy),
                scalar("network/parameters", quality.parameters as f64),
                scalar("network/MFLOP an image", quality.flops as f64 / MFLOP as f64),
            ];
            if let Some(train) = quality.train {
                values.push(scalar("loss/training images", train.loss));
                values.push(scalar("accuracy/training images", train.accuracy));
            }
            self.by_step.add(step, values);
            let values = vec![
                scalar("loss by MFLOP/held-out", quality.held_out.loss),
                scalar("accuracy by MFLOP/held-out", quality.held_out.accuracy),
                scalar("network by MFLOP/parameters", quality.parameters as f64),
            ];
            self.by_cost.add(point.cost / MFLOP, values);
        }
        (self.steps, self.scores) = (steps.len(), points.len());
        let rounds = &run.state.rounds;
        for (round, record) in rounds.iter().enumerate() {
            self.gains(round, record, until(record.round));
        }
        for growths in self.networks..run.networks.len() {
            let step = growths
                .checked_sub(1)
                .and_then(|last| rounds.get(last))
                .map_or(0, |round| until(round.round));
            self.by_step.add(step, vec![picture("network", &network_after(run, growths))]);
        }
        self.networks = run.networks.len();
        self.by_step.flush()?;
        self.by_cost.flush()
    }

    /// Adds how the gains of a round's candidates are distributed, once all are known.
    fn gains(&mut self, index: usize, record: &Round, step: u64) {
        let candidates = &record.candidates;
        let estimated: Vec<f64> =
            candidates.iter().filter_map(|candidate| candidate.estimate_by(record.estimator)).collect();
        if index >= self.estimated && !estimated.is_empty() {
            self.by_step.add(step, vec![histogram("gains/estimated", &estimated)]);
            self.estimated = index + 1;
        }
        let actual: Vec<f64> = candidates.iter().filter_map(|candidate| candidate.actual).collect();
        if index >= self.measured && !actual.is_empty() {
            self.by_step.add(step, vec![histogram("gains/actual", &actual)]);
            self.measured = index + 1;
        }
    }
}
