//! What one change would gain at every point of the way along its learned direction: to see where a formula parts from
//! the truth.

use super::error::LabError;
use super::machine::Lab;
use crate::engine::{Engine, EstimateRequest, Part, Unwatched};
use crate::estimate::Estimator;
use crate::morphism::Morphism;

/// Points of the way.
const POINTS: usize = 12;
/// Its end, as a multiple of the learned direction.
const END: f64 = 1.5;

/// A change's gains along its scale, on the held-out images, in nats.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Along {
    /// The candidate.
    pub id: String,
    /// Its round.
    pub round: u64,
    /// The scales, from 0 on.
    pub scales: Vec<f64>,
    /// What comes when the change is made.
    pub actual: Vec<f64>,
    /// What the loss's slope alone predicts: the tangent.
    pub first_order: Vec<f64>,
    /// What the run's own formula predicts.
    pub estimated: Vec<f64>,
}

impl Lab {
    /// The gains of a candidate whose φ is learned, in the network that it was learned for.
    ///
    /// # Errors
    /// A candidate that the history has no φ of, and the engine's own errors.
    pub async fn along(&mut self, engine: &mut dyn Engine, id: &str) -> Result<Along, LabError> {
        let of = |morphism: &&Morphism| morphism.candidate.id() == id;
        let learned = self.history().back().find_map(|state| {
            let morphism = state.morphisms.iter().find(of)?.clone();
            Some((state.model.clone(), morphism, state.round))
        });
        let Some((model, morphism, round)) = learned else {
            let reason = format!("the way of \"{id}\" is not learned, or no longer kept");
            return Err(LabError::Command { command: "look along", reason });
        };
        self.prepare(engine).await?;
        // Whatever comes of it, the engine has another model than the present state's.
        self.engine_has_model = false;
        engine.load(&model).await?;
        let scales: Vec<f64> = (1..=POINTS).map(|point| END * point as f64 / POINTS as f64).collect();
        let estimator = self.config.learning.estimator;
        let request = EstimateRequest {
            seed: self.config.seed,
            round,
            morphisms: std::slice::from_ref(&morphism),
            scales: vec![scales.iter().map(|scale| *scale as f32).collect()],
            part: Part::HeldOut,
            estimators: vec![Estimator::FirstOrder, estimator],
        };
        let estimates = engine.estimate(&request, &Unwatched).await?;
        let made: Vec<Morphism> =
            scales.iter().map(|scale| Morphism { scale: *scale as f32, ..morphism.clone() }).collect();
        let actual = engine.measure(&made, Part::HeldOut, &Unwatched).await?;
        let by = |place: usize| estimates.first().into_iter().flatten().filter_map(move |row| row.get(place));
        // At 0 nothing is changed.
        let from_nothing = |gains: &mut dyn Iterator<Item = f64>| std::iter::once(0.0).chain(gains).collect();
        Ok(Along {
            id: id.to_owned(),
            round,
            actual: from_nothing(&mut actual.into_iter()),
            first_order: from_nothing(&mut by(0).copied()),
            estimated: from_nothing(&mut by(1).copied()),
            scales: from_nothing(&mut scales.into_iter()),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pollster::block_on;

    use super::*;
    use crate::data;
    use crate::lab::fake::FakeEngine;
    use crate::lab::{Command, Config, Stage, Unobserved};

    #[test]
    fn the_way_is_known_after_the_growth_too_and_the_run_goes_on_as_before() {
        let mut config = Config { preset: "2-M-2".into(), rounds: 1, ..Config::default() };
        (config.data.train, config.data.held_out) = (Some(20), Some(20));
        config.training.epochs = 1;
        let images = Arc::new(data::load(&config.data, config.seed).unwrap());
        let mut engine = FakeEngine::default();
        let mut ends = Vec::new();
        for look in [true, false] {
            let mut lab = Lab::new(config.clone(), images.clone()).unwrap();
            while !lab.is_done() {
                block_on(lab.execute(&mut engine, Command::Step, &Unobserved)).unwrap();
                let record = lab.state().record(1);
                let id = record.and_then(|record| Some(record.candidates.first()?.id()));
                if let Some(id) = id.filter(|_| look && lab.state().round == 1) {
                    let along = block_on(lab.along(&mut engine, &id));
                    if lab.state().stage == Stage::Learn {
                        assert!(along.unwrap_err().to_string().contains(&id));
                        continue;
                    }
                    let along = along.unwrap();
                    assert_eq!(along.round, 1);
                    assert_eq!((along.scales[0], along.scales[POINTS]), (0.0, END));
                    assert_eq!([along.actual[0], along.first_order[0], along.estimated[0]], [0.0; 3]);
                    // The fake engine's truth is a parabola with its end at 2.
                    assert!((along.actual[8] / along.actual[4] - 4.0 / 3.0).abs() < 1e-6, "{along:?}");
                    assert_ne!(along.first_order[8], along.estimated[8]);
                }
            }
            ends.push(lab.state().last(1).unwrap());
        }
        assert_eq!(ends[0], ends[1]);
        let mut lab = Lab::new(config, images).unwrap();
        let error = block_on(lab.along(&mut engine, "split:conv1:0")).unwrap_err().to_string();
        assert!(error.contains("split:conv1:0") && error.contains("not learned"), "{error}");
    }
}
