//! An engine behind a line of messages: in a browser, Candle computes in a background worker, so that the page never
//! waits for it.

#[cfg(target_arch = "wasm32")]
pub mod page;
mod serve;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use async_channel::Receiver;

pub use serve::serve;

use self::wire::{Answer, Call, EstimateHead, Parcel};
use super::{
    Engine, EngineError, EngineInfo, EstimateRequest, Estimates, JointTable, LearnRequest, Learned, Learner,
    Part, PartlyLearned, Pending, Score, TrainReport, TrainRequest, Unwatched, Watch,
};
use crate::data::Data;
use crate::morphism::Morphism;
use crate::network::{Model, Tensors};

/// A line of messages to an engine; dropping it ends the engine.
pub trait Line {
    /// Sends a message to the engine.
    fn say(&self, message: Vec<u8>);

    /// The engine's messages; the channel closes when the engine is gone.
    fn heard(&self) -> &Receiver<Vec<u8>>;
}

/// Opens a line to a fresh engine, or says why there is none.
pub type Open = Box<dyn Fn() -> Result<Box<dyn Line>, String>>;

/// The engine behind a line.
pub struct RemoteEngine {
    info: EngineInfo,
    open: Open,
    line: Box<dyn Line>,
}

impl RemoteEngine {
    /// Opens the line. `info` is what the engine behind it says of itself.
    pub fn new(info: EngineInfo, open: Open) -> Result<Self, EngineError> {
        let line = open().map_err(|why| EngineError::Stopped { why })?;
        Ok(Self { info, open, line })
    }

    /// Says `call`, and passes on how it goes until the answer comes.
    async fn ask(&self, call: Parcel<Call>, watch: &dyn Watch) -> Result<Parcel<Answer>, EngineError> {
        self.line.say(call.pack()?);
        let mut cancelling = false;
        loop {
            let heard = self.line.heard().recv().await;
            let gone = |_| EngineError::Stopped { why: "it does not answer".into() };
            let answer = Parcel::<Answer>::unpack(&heard.map_err(gone)?)?;
            match answer.head {
                Answer::Alive => {}
                Answer::Progress { done, total, loss } => watch.progress(done, total, loss),
                Answer::Foreseen(gains) => watch.foreseen(&gains),
                Answer::Failed(fault) => return Err(fault.error()),
                _ => return Ok(answer),
            }
            if !cancelling && watch.cancelled() {
                cancelling = true;
                self.line.say(Parcel::bare(Call::Cancel).pack()?);
            }
        }
    }

    async fn ask_bare(&self, call: Call, watch: &dyn Watch) -> Result<Parcel<Answer>, EngineError> {
        self.ask(Parcel::bare(call), watch).await
    }
}

/// The answer to another question.
fn unasked(answer: &Answer) -> EngineError {
    EngineError::Background(format!("the engine in the background answered something else: {answer:?}"))
}

impl Engine for RemoteEngine {
    fn info(&self) -> EngineInfo {
        self.info.clone()
    }

    fn restart(&mut self) -> Pending<'_, ()> {
        Box::pin(async {
            self.line = (self.open)().map_err(|why| EngineError::Stopped { why })?;
            Ok(())
        })
    }

    fn set_data(&mut self, data: Arc<Data>) -> Pending<'_, ()> {
        Box::pin(async move {
            self.ask(wire::from_data(&data), &Unwatched).await?;
            Ok(())
        })
    }

    fn load<'a>(&'a mut self, model: &'a Model) -> Pending<'a, ()> {
        Box::pin(async {
            let (head, tensors) = wire::from_model(model);
            self.ask(Parcel::with(Call::Load(head), tensors), &Unwatched).await?;
            Ok(())
        })
    }

    fn read_back(&mut self) -> Pending<'_, Model> {
        Box::pin(async {
            let answer = self.ask_bare(Call::ReadBack, &Unwatched).await?;
            match answer.head {
                Answer::Model(head) => wire::to_model(head, &answer.tensors),
                other => Err(unasked(&other)),
            }
        })
    }

    fn train<'a>(&'a mut self, request: &'a TrainRequest, watch: &'a dyn Watch) -> Pending<'a, TrainReport> {
        Box::pin(async {
            match self.ask_bare(Call::Train(request.clone()), watch).await?.head {
                Answer::Trained(report) => Ok(report),
                other => Err(unasked(&other)),
            }
        })
    }

    fn distil<'a>(
        &'a mut self,
        request: &'a TrainRequest,
        teacher: &'a Model,
        watch: &'a dyn Watch,
    ) -> Pending<'a, TrainReport> {
        Box::pin(async {
            let (head, tensors) = wire::from_model(teacher);
            let call = Call::Distil { request: request.clone(), teacher: head };
            match self.ask(Parcel::with(call, tensors), watch).await?.head {
                Answer::Trained(report) => Ok(report),
                other => Err(unasked(&other)),
            }
        })
    }

    fn evaluate<'a>(&'a mut self, part: Part, watch: &'a dyn Watch) -> Pending<'a, Score> {
        Box::pin(async move {
            match self.ask_bare(Call::Evaluate(part), watch).await?.head {
                Answer::Scored(score) => Ok(score),
                other => Err(unasked(&other)),
            }
        })
    }

    /// Behind the line is the Candle engine, which has every learner.
    fn offers(&self, _learner: Learner) -> bool {
        true
    }

    fn learn_from<'a>(
        &'a mut self,
        partly: &'a mut Option<PartlyLearned>,
        request: &'a LearnRequest,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Learned> {
        Box::pin(async {
            let (steps, tensors) = wire::from_partly(partly.as_ref());
            let call = Call::Learn { request: request.clone(), steps, foreseen: watch.wants_foreseen() };
            let answer = self.ask(Parcel::with(call, tensors), watch).await?;
            match answer.head {
                Answer::Learned { morphisms, scores } => {
                    *partly = None;
                    Ok(Learned { morphisms: wire::to_morphisms(morphisms, &answer.tensors), scores })
                }
                Answer::PartlyLearned { steps } => {
                    *partly = wire::to_partly(steps, request, &answer.tensors);
                    Err(EngineError::Cancelled)
                }
                other => Err(unasked(&other)),
            }
        })
    }

    fn estimate<'a>(
        &'a mut self,
        request: &'a EstimateRequest<'a>,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Estimates> {
        Box::pin(async {
            let (morphisms, tensors) = wire::from_morphisms(request.morphisms);
            let head = EstimateHead {
                seed: request.seed,
                round: request.round,
                morphisms,
                scales: request.scales.clone(),
                part: request.part,
                estimators: request.estimators.clone(),
            };
            match self.ask(Parcel::with(Call::Estimate(head), tensors), watch).await?.head {
                Answer::Estimated(estimates) => Ok(estimates),
                other => Err(unasked(&other)),
            }
        })
    }

    fn joint<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, JointTable> {
        Box::pin(async move {
            let (morphisms, tensors) = wire::from_morphisms(morphisms);
            let call = Call::Joint { morphisms, part };
            let answer = self.ask(Parcel::with(call, tensors), watch).await?;
            match answer.head {
                Answer::Joint { classes, labels } => wire::to_table(classes, labels, &answer.tensors),
                other => Err(unasked(&other)),
            }
        })
    }

    fn measure<'a>(
        &'a mut self,
        morphisms: &'a [Morphism],
        part: Part,
        watch: &'a dyn Watch,
    ) -> Pending<'a, Vec<f64>> {
        Box::pin(async move {
            let (morphisms, tensors) = wire::from_morphisms(morphisms);
            let call = Call::Measure { morphisms, part };
            match self.ask(Parcel::with(call, tensors), watch).await?.head {
                Answer::Measured(gains) => Ok(gains),
                other => Err(unasked(&other)),
            }
        })
    }

    fn activations(&mut self, part: Part, index: usize) -> Pending<'_, Tensors> {
        Box::pin(async move {
            let answer = self.ask_bare(Call::Activations { part, index }, &Unwatched).await?;
            match answer.head {
                Answer::Activations => Ok(answer.tensors),
                other => Err(unasked(&other)),
            }
        })
    }
}
