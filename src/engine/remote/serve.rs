//! The engine's side: calls in, answers out, one call after the other.

use std::cell::Cell;
use std::time::Duration;

use async_channel::Receiver;
use web_time::Instant;

use super::wire::{self, Answer, Call, Fault, Parcel};
use crate::engine::{Engine, EngineError, EstimateRequest, Watch};

/// How often a long computation says that it goes on, so that the other side can cancel it.
const BEAT: Duration = Duration::from_millis(50);

/// Answers calls with `engine` until nobody can call any more.
pub async fn serve(mut engine: Box<dyn Engine>, calls: Receiver<Vec<u8>>, answer: impl Fn(Vec<u8>)) {
    let send = |parcel: &Parcel<Answer>| {
        // What cannot be packed is a fault, and faults can be.
        let failed = |error| Parcel::bare(Answer::Failed(Fault::of(error)));
        if let Ok(bytes) = parcel.pack().or_else(|error| failed(error).pack()) {
            answer(bytes);
        }
    };
    while let Ok(bytes) = calls.recv().await {
        let listener = Listener {
            calls: &calls,
            send: &send,
            foreseen: Cell::new(false),
            cancelled: Cell::new(false),
            spoke: Cell::new(Instant::now()),
        };
        let answered = match Parcel::<Call>::unpack(&bytes) {
            // It came after its call was answered.
            Ok(Parcel { head: Call::Cancel, .. }) => continue,
            Ok(call) => obey(engine.as_mut(), call, &listener).await,
            Err(error) => Err(error),
        };
        send(&answered.unwrap_or_else(|error| Parcel::bare(Answer::Failed(Fault::of(error)))));
    }
}

/// Passes on what the engine says of a computation.
struct Listener<'a> {
    calls: &'a Receiver<Vec<u8>>,
    send: &'a dyn Fn(&Parcel<Answer>),
    /// Whether the call wants to know what is foreseen.
    foreseen: Cell<bool>,
    cancelled: Cell<bool>,
    spoke: Cell<Instant>,
}

impl Watch for Listener<'_> {
    fn progress(&self, done: u64, total: u64, loss: Option<f32>) {
        self.spoke.set(Instant::now());
        (self.send)(&Parcel::bare(Answer::Progress { done, total, loss }));
    }

    fn cancelled(&self) -> bool {
        if self.spoke.get().elapsed() > BEAT {
            self.spoke.set(Instant::now());
            (self.send)(&Parcel::bare(Answer::Alive));
        }
        // While a call is under way, nothing else is said.
        if self.calls.try_recv().is_ok() || self.calls.is_closed() {
            self.cancelled.set(true);
        }
        self.cancelled.get()
    }

    fn wants_foreseen(&self) -> bool {
        self.foreseen.get()
    }

    fn foreseen(&self, gains: &[f64]) {
        // The text of a message has no word for what is no number; learning says itself that it diverges.
        if gains.iter().all(|gain| gain.is_finite()) {
            (self.send)(&Parcel::bare(Answer::Foreseen(gains.to_vec())));
        }
    }
}

async fn obey(
    engine: &mut dyn Engine,
    call: Parcel<Call>,
    watch: &Listener<'_>,
) -> Result<Parcel<Answer>, EngineError> {
    let Parcel { head, tensors, pixels } = call;
    Ok(match head {
        Call::SetData(head) => {
            engine.set_data(wire::to_data(head, pixels)?.into()).await?;
            Parcel::bare(Answer::Done)
        }
        Call::Load(head) => {
            engine.load(&wire::to_model(head, &tensors)?).await?;
            Parcel::bare(Answer::Done)
        }
        Call::ReadBack => {
            let (head, tensors) = wire::from_model(&engine.read_back().await?);
            Parcel::with(Answer::Model(head), tensors)
        }
        Call::Train(request) => Parcel::bare(Answer::Trained(engine.train(&request, watch).await?)),
        Call::Distil { request, teacher } => {
            let teacher = wire::to_model(teacher, &tensors)?;
            Parcel::bare(Answer::Trained(engine.distil(&request, &teacher, watch).await?))
        }
        Call::Evaluate(part) => Parcel::bare(Answer::Scored(engine.evaluate(part, watch).await?)),
        Call::Learn { request, steps, foreseen } => {
            watch.foreseen.set(foreseen);
            let mut partly = wire::to_partly(steps, &request, &tensors);
            match engine.learn_from(&mut partly, &request, watch).await {
                Ok(learned) => {
                    let (morphisms, tensors) = wire::from_morphisms(&learned.morphisms);
                    Parcel::with(Answer::Learned { morphisms, scores: learned.scores }, tensors)
                }
                Err(EngineError::Cancelled) => {
                    let (steps, tensors) = wire::from_partly(partly.as_ref());
                    Parcel::with(Answer::PartlyLearned { steps }, tensors)
                }
                Err(error) => return Err(error),
            }
        }
        Call::Estimate(head) => {
            let morphisms = wire::to_morphisms(head.morphisms, &tensors);
            let request = EstimateRequest {
                seed: head.seed,
                round: head.round,
                morphisms: &morphisms,
                scales: head.scales,
                part: head.part,
                estimators: head.estimators,
            };
            Parcel::bare(Answer::Estimated(engine.estimate(&request, watch).await?))
        }
        Call::Joint { morphisms, part } => {
            let morphisms = wire::to_morphisms(morphisms, &tensors);
            wire::from_table(engine.joint(&morphisms, part, watch).await?)?
        }
        Call::Measure { morphisms, part } => {
            let morphisms = wire::to_morphisms(morphisms, &tensors);
            Parcel::bare(Answer::Measured(engine.measure(&morphisms, part, watch).await?))
        }
        Call::Activations { part, index } => {
            Parcel::with(Answer::Activations, engine.activations(part, index).await?)
        }
        Call::Cancel => Parcel::bare(Answer::Done),
    })
}
