//! What a change was worth after the next training.
//!
//! A gain at once may be gone as soon as training had its turn, and a change that gains nothing at once may be what
//! training needed. So some candidates are followed: twins of the network, each grown by one of them alone, are trained
//! through the next phase with the same batches in the same order, beside a twin that was not grown. What a change is
//! worth *in the end* is by how much its twin's held-out loss is lower. The run itself goes on as if nobody had looked.
//!
//! How much of that is chance, a second training of each twin says, with the batches in another order.

use std::collections::BTreeMap;

use super::error::LabError;
use super::events::{Observer, Relay, Silent, notice};
use super::machine::Lab;
use super::making::{self, made};
use super::record::InTheEnd;
use super::state::State;
use super::{Spent, scores, stages, under_way};
use crate::engine::{Engine, EngineError, Part, Phase, TrainRequest};
use crate::lab::ledger::Ledger;
use crate::morphism::{Family, Morphism};
use crate::network::Model;
use crate::words::say;

impl Lab {
    /// Follows candidates of the state, whose choice is made and which has not grown yet; what that cost. The engine
    /// holds the state's network again afterwards.
    pub(super) async fn follow(
        &self,
        engine: &mut dyn Engine,
        state: &mut State,
        observer: &dyn Observer,
    ) -> Result<Spent, LabError> {
        let followed = self.followed(state)?;
        if followed.is_empty() {
            return Ok(Spent::default());
        }
        let mut spent = scores::score(self.config(), self.data(), state, &followed, engine, observer).await?;
        spent += stages::measure_those(self.data(), state, &followed, engine, observer).await?;
        let (model, morphisms, round) = (state.model.clone(), state.morphisms.clone(), state.round);
        let record = under_way::record(state)?;
        let chosen: Vec<(usize, f64)> = record
            .candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| candidate.chosen)
            .map(|(index, candidate)| (index, candidate.share.unwrap_or(1.0)))
            .collect();
        let grown = |set: &[(usize, f64)]| -> Result<Model, LabError> {
            let set = set
                .iter()
                .map(|(index, share)| made(self.config(), round, &model.network, &morphisms[*index], *share));
            making::grown(self.config(), &model, &set.collect::<Result<Vec<Morphism>, _>>()?)
        };
        // The ungrown twin first, then the made set if there is one, then each candidate alone.
        let mut sets: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
        sets.extend((!chosen.is_empty()).then_some(chosen.clone()));
        sets.extend(followed.iter().map(|index| vec![(*index, 1.0)]));
        let mut orders = vec![Phase::Train(round + 1)];
        orders.extend(self.config().instrument.in_the_end_again.then_some(Phase::Again(round + 1)));
        let total = orders.len() * sets.len();
        for (order, phase) in orders.into_iter().enumerate() {
            let mut losses = Vec::new();
            for (twin, set) in sets.iter().enumerate() {
                let number = order * sets.len() + twin + 1;
                notice(observer, || say!("lab-twin", number = number, total = total));
                let (loss, flops) = self.twin(engine, &grown(set)?, phase, state, observer).await?;
                losses.push(loss);
                spent += Spent::instrument(flops);
            }
            let alone = losses.split_off(sets.len() - followed.len());
            let Some(nothing) = losses[0] else {
                notice(observer, || say!("lab-twin-diverged").into());
                continue;
            };
            let made = losses.get(1).copied().flatten().map(|loss| nothing - loss);
            let record = under_way::record(state)?;
            let is_first = order == 0;
            if is_first {
                record.in_the_end = Some(InTheEnd { nothing, made });
            }
            for (index, loss) in followed.iter().zip(alone) {
                let candidate = &mut record.candidates[*index];
                let worth =
                    if is_first { &mut candidate.in_the_end } else { &mut candidate.in_the_end_again };
                *worth = loss.map(|loss| nothing - loss);
            }
        }
        engine.load(&model).await?;
        Ok(spent)
    }

    /// The candidates to follow: of each family so many as the instrument asks for, drawn at random among those whose
    /// scale is not 0.
    fn followed(&self, state: &mut State) -> Result<Vec<usize>, LabError> {
        let most = self.config().instrument.in_the_end;
        if most == 0 {
            return Ok(Vec::new());
        }
        let mut families: BTreeMap<Family, Vec<(f64, usize)>> = BTreeMap::new();
        for (index, offer) in under_way::offers(self.config().seed, state)?.into_iter().enumerate() {
            if offer.scale > 0.0 {
                families.entry(offer.candidate.family).or_default().push((offer.ticket, index));
            }
        }
        let mut followed = Vec::new();
        for mut members in families.into_values() {
            members.sort_by(|a, b| b.0.total_cmp(&a.0));
            followed.extend(members.into_iter().take(most).map(|(_, index)| index));
        }
        followed.sort_unstable();
        Ok(followed)
    }

    /// The held-out loss of a network after the next phase, with the batches of `phase`, none if it diverges; what finding
    /// it cost.
    async fn twin(
        &self,
        engine: &mut dyn Engine,
        model: &Model,
        phase: Phase,
        state: &State,
        observer: &dyn Observer,
    ) -> Result<(Option<f64>, u64), LabError> {
        let steps = self.config().training.epochs * self.epoch_steps();
        let next = State { round: state.round + 1, ..state.clone() };
        let request = TrainRequest { phase, ..self.train_request(&next, 0..steps, steps)? };
        let ledger = Ledger::new(&model.network.architecture)?;
        let held_out = self.data().held_out.len() as u64;
        let flops = ledger.train(steps * request.batch as u64)? + ledger.evaluate(held_out);
        engine.load(model).await?;
        let score = match engine.train(&request, &Relay::new(observer)).await {
            Ok(_) => engine.evaluate(Part::HeldOut, &Silent(observer)).await,
            Err(error) => Err(error),
        };
        match score {
            Ok(score) => Ok((Some(score.loss), flops)),
            Err(EngineError::Diverged { .. }) => Ok((None, flops)),
            Err(error) => Err(error.into()),
        }
    }
}
