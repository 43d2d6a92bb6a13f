//! Learning φ on the device: one forward pass, one sweep of cotangents and one Adam step for every candidate of every
//! layer, recorded once and replayed.

use candle_core::DType;
use web_time::Instant;

use super::backward::Gradients;
use super::families::{Group, Groups, PhiGradient, Probe, Scene};
use super::foresight::Foresight;
use super::interface::buffers;
use super::ops::{CONTROL, SQUARE_SHARES};
use super::record::{Recording, Span};
use super::sweep::{
    Piece, Setup, Subject, SweepBuffers, differentiate, diverged, forward_pass, piece_examples, pull_back,
};
use super::{GpuError, read_all};
use crate::engine::{
    ADAM_EPSILON, Batches, ChannelMeans, Draws, EngineError, LearnRequest, Learner, OptimizerConfig,
    PartlyLearned, Phase, Rule, Schedule, Watch, first_phi, label_draws,
};
use crate::estimate::Estimator;
use crate::morphism::{Candidate, Morphism, morph};
use crate::network::Network;

/// Most steps scheduled at once.
const WINDOW: usize = 16;
/// Seconds that steps scheduled at once should take: how long cancelling waits.
const PATIENCE: f64 = 0.5;

/// Adam's memory and what else the steps need.
struct Memory {
    gradient: Span,
    first: Span,
    second: Span,
    decays: Span,
    rates: Span,
    losses: Span,
    score: Span,
}

/// Learns φ for the request's candidates, from where it stands if it was begun; `network` has the device's weights.
pub async fn learn(
    setup: &mut Setup<'_>,
    network: &Network,
    partly: &mut Option<PartlyLearned>,
    request: &LearnRequest,
    watch: &dyn Watch,
) -> Result<Vec<Morphism>, EngineError> {
    let beginning = match partly {
        Some(partly) => {
            partly.check(&network.architecture, request)?;
            partly.clone()
        }
        None => PartlyLearned::beginning(first_morphisms(setup, network, request, watch).await?)?,
    };
    let learned = |morphism: &Morphism| morph(morphism.candidate.family).is_learned();
    if !beginning.morphisms.iter().any(learned) || request.learner == Learner::Random {
        *partly = None;
        return Ok(beginning.morphisms);
    }
    descend(setup, partly.insert(beginning), request, watch).await?;
    Ok(partly.take().unwrap_or_default().morphisms)
}

/// The candidates with their first φ.
async fn first_morphisms(
    setup: &mut Setup<'_>,
    network: &Network,
    request: &LearnRequest,
    watch: &dyn Watch,
) -> Result<Vec<Morphism>, EngineError> {
    let first = |candidate: &Candidate| {
        let phi = first_phi(network, candidate, request)?;
        Ok(Morphism { candidate: candidate.clone(), phi, scale: 1.0 })
    };
    let mut morphisms = request.candidates.iter().map(first).collect::<Result<Vec<_>, EngineError>>()?;
    fold_means(setup, &mut morphisms, watch).await?;
    Ok(morphisms)
}

/// Goes on learning from where `partly` stands; afterwards it stands at the end, or where it was cancelled.
async fn descend(
    setup: &mut Setup<'_>,
    partly: &mut PartlyLearned,
    request: &LearnRequest,
    watch: &dyn Watch,
) -> Result<(), EngineError> {
    let learned = |morphism: &&Morphism| morph(morphism.candidate.family).is_learned();
    let chosen = |morphisms: &[Morphism]| morphisms.iter().filter(learned).cloned().collect::<Vec<_>>();
    let mut phi = chosen(&partly.morphisms);
    // Adam's memory lies on the device as φ does.
    let mut means = chosen(&partly.with_memory(&partly.means));
    let mut mean_squares = chosen(&partly.with_memory(&partly.mean_squares));
    let groups = Groups::new(setup.context, setup.graph, &phi).await?;
    let count = setup.part.labels.len();
    let stride = request.batch.min(count);
    let window = WINDOW.min(request.steps.max(1) as usize);
    let mut recording = setup.context.recording();
    let shared = SweepBuffers::new(&mut recording, setup.graph, window, stride);
    let memory = Memory::new(&mut recording, &groups, window);
    let sets = request.estimator.bank().size(setup.graph.classes());
    let counts = [stride, sets, setup.graph.classes()];
    let mut foresight = Foresight::of(watch.wants_foreseen(), &groups, counts);
    let buffers = (&shared, &memory);
    record(&mut recording, setup.subject(), &groups, buffers, request, stride, foresight.as_mut())?;
    let commands = setup.context.realise(recording).await?;
    for (span, held) in [(&memory.first, &means), (&memory.second, &mean_squares)] {
        setup.context.write(&commands.slice(span)?, &groups.pack(setup.graph, held)?);
    }
    let mut batches = Batches::new(request.seed, Phase::Learn(request.round), count, request.batch);
    let mut next = partly.steps;
    // A short window first: how long a step takes decides the others, so that cancelling does not wait long.
    let mut length = 1;
    let mut outcome = Ok(());
    while next < request.steps {
        if watch.cancelled() {
            outcome = Err(EngineError::Cancelled);
            break;
        }
        let began = Instant::now();
        let end = request.steps.min(next + length);
        let (mut examples, mut draws, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        for step in next..end {
            examples.extend_from_slice(batches.at(step).indices);
            draws.extend(label_draws(request.seed, request.round, Draws::Learning(step), stride));
            let power = i32::try_from(step + 1).unwrap_or(i32::MAX);
            let correction = |beta: f64| (1.0 / (1.0 - beta.powi(power))) as f32;
            rates.extend([request.learning_rate as f32, correction(0.9), correction(0.999)]);
        }
        shared.schedule(setup, &commands, &examples, &draws)?;
        setup.context.write(&commands.slice(&memory.rates)?, &rates);
        let verdict = [(&shared.control, CONTROL)];
        let control = setup.answers::<u32>(&commands, (end - next) as usize, &verdict).await?.concat();
        if control[1] != 0 {
            let step = next + u64::from(control[1]) - 1;
            return Err(diverged("learning", step, "the gradient of φ".into()));
        }
        let pace = began.elapsed().as_secs_f64() / (end - next) as f64;
        length = ((PATIENCE / pace.max(1e-9)) as u64).clamp(1, window as u64);
        next = end;
        if let Some(foresight) = foresight.as_mut()
            && foresight.is_due(end - 1, end == request.steps)
        {
            let newest = (batches.at(end - 1).indices, &draws[draws.len() - stride..]);
            let found = foresight.gains(setup, (&commands, &groups), request.estimator, newest).await?;
            let mut gains = vec![0.0; partly.morphisms.len()];
            let learning = (0..gains.len()).filter(|&at| learned(&&partly.morphisms[at]));
            learning.zip(found).collect::<Vec<_>>().into_iter().for_each(|(at, gain)| gains[at] = gain);
            watch.foreseen(&gains);
        }
        watch.progress(next, request.steps, None);
    }
    let total = groups.layout.total();
    let slices = [groups.block.clone(), commands.slice(&memory.first)?, commands.slice(&memory.second)?];
    let wanted: Vec<_> = slices.iter().map(|slice| (slice, total)).collect();
    let numbers: Vec<Vec<f32>> = read_all(&setup.context.gpu, &wanted).await?;
    if !numbers.iter().flatten().all(|number| number.is_finite()) {
        return Err(diverged("learning", next, "φ".into()));
    }
    for (numbers, morphisms) in numbers.iter().zip([&mut phi, &mut means, &mut mean_squares]) {
        groups.store(numbers, morphisms)?;
    }
    partly.steps = next;
    let positions = (0..partly.morphisms.len()).filter(|&at| learned(&&partly.morphisms[at]));
    for (member, at) in positions.collect::<Vec<_>>().into_iter().enumerate() {
        partly.morphisms[at].phi = phi[member].phi.clone();
        partly.means[at] = means[member].phi.clone();
        partly.mean_squares[at] = mean_squares[member].phi.clone();
    }
    outcome
}

impl Memory {
    /// All zeros: Adam begins so, no weight decays, and the steps have no loss to report.
    fn new(recording: &mut Recording, groups: &Groups, window: usize) -> Self {
        let total = groups.layout.total();
        Self {
            gradient: recording.buffer(total, "gradient of φ"),
            first: recording.buffer(total, "Adam's first moments"),
            second: recording.buffer(total, "Adam's second moments"),
            decays: recording.buffer(total / 64, "decays"),
            rates: recording.buffer(3 * window, "rates"),
            losses: recording.buffer(window, "losses"),
            score: recording.buffer(2, "no score"),
        }
    }
}

/// Records one whole step of `batch` examples, in pieces whose gradients add up.
fn record(
    recording: &mut Recording,
    subject: Subject<'_>,
    groups: &Groups,
    (shared, memory): (&SweepBuffers, &Memory),
    request: &LearnRequest,
    batch: usize,
    mut foresight: Option<&mut Foresight>,
) -> Result<(), GpuError> {
    let bank = request.estimator.bank();
    let classes = subject.graph.classes();
    let sets = bank.size(classes);
    let size = piece_examples(subject.graph, sets);
    let keep: Vec<usize> = groups.all.iter().map(|group| group.reach.target()).collect();
    let Memory { gradient, first, second, decays, rates, losses, score } = memory;
    let (control, zeros) = (&shared.control, &shared.zeros);
    for start in (0..batch).step_by(size) {
        let images = size.min(batch - start);
        let values = forward_pass(recording, subject, shared, [images, start])?;
        let gradients = pull_back(recording, subject, shared, &values, (bank, start), &keep)?;
        let scene = Scene { graph: subject.graph, parameters: subject.parameters, values: &values, zeros };
        let piece = StepPiece {
            scene: &scene,
            groups,
            cotangents: &gradients,
            estimator: request.estimator,
            sets,
            counts: [images, classes, start, batch],
            logits: values.at(subject.graph.last())?,
            keeps: foresight.is_some(),
        };
        let responses = match request.together {
            true => piece.together(recording, shared, gradient)?,
            false => piece.alone(recording, shared, gradient)?,
        };
        if let Some(foresight) = foresight.as_deref_mut() {
            let count = images * classes;
            let kept = recording.buffer(count, "logits of the newest step");
            recording.sum_members([count, 1], [piece.logits, &kept], false)?;
            foresight.keep(images, kept, responses);
        }
        gradients.release(recording);
        values.release(recording);
    }
    let total = groups.layout.total();
    let sums = recording.scratch(SQUARE_SHARES, "squares");
    recording.squares(total, gradient, &sums)?;
    recording.judge([1, 0], 0.0, &buffers! { score, sums, control, losses })?;
    let adam = OptimizerConfig {
        rule: Rule::Adamw,
        learning_rate: request.learning_rate,
        schedule: Schedule::Constant,
        weight_decay: 0.0,
        clip: 0.0,
        ..Default::default()
    };
    let weights = groups.span();
    let buffers = buffers! { weights, gradient, decays, control, rates, first, second };
    recording.optimise(total, &adam, [ADAM_EPSILON as f32, 1.0], &buffers)?;
    recording.tick(control)
}

/// A piece of a step's batch of examples, its cotangents known: what the gradients of φ are recorded from.
struct StepPiece<'a> {
    scene: &'a Scene<'a>,
    groups: &'a Groups,
    cotangents: &'a Gradients,
    estimator: Estimator,
    /// Sets of cotangents.
    sets: usize,
    /// Images of the piece, classes, the piece's first example in the batch, examples of the batch.
    counts: [usize; 4],
    logits: &'a Span,
    /// Whether responses stay readable after the step.
    keeps: bool,
}

/// A group whose probe is recorded, with the responses of its changes.
struct Answer<'a> {
    group: &'a Group,
    cotangents: &'a Span,
    probe: Box<dyn Probe + 'a>,
    responses: Span,
}

impl<'a> StepPiece<'a> {
    /// Every candidate on its own predicted loss. The responses, by the groups' numbers.
    fn alone(
        &self,
        recording: &mut Recording,
        shared: &SweepBuffers,
        gradient: &Span,
    ) -> Result<Vec<(usize, Span)>, GpuError> {
        let mut responses = Vec::new();
        for (index, group) in self.groups.all.iter().enumerate() {
            let Some(answer) = self.answer(recording, group)? else { continue };
            responses.push((index, answer.responses.clone()));
            let members = answer.group.members.len();
            let derivatives = recording.scratch(self.rows() * members, "derivatives");
            self.differentiate(recording, shared, members, [&answer.responses, &derivatives])?;
            self.slopes(recording, answer, derivatives, gradient)?;
        }
        Ok(responses)
    }

    /// Every candidate on the predicted loss of all changes together: one response a row, the sum of all, and one
    /// derivative, everybody's. The probes wait until the sum is whole. The responses, by the groups' numbers.
    fn together(
        &self,
        recording: &mut Recording,
        shared: &SweepBuffers,
        gradient: &Span,
    ) -> Result<Vec<(usize, Span)>, GpuError> {
        let rows = self.rows();
        let sums = recording.scratch(rows, "summed responses");
        let (mut answers, mut responses) = (Vec::new(), Vec::new());
        for (index, group) in self.groups.all.iter().enumerate() {
            let Some(answer) = self.answer(recording, group)? else { continue };
            responses.push((index, answer.responses.clone()));
            let spans = [&answer.responses, &sums];
            recording.sum_members([rows, group.members.len()], spans, !answers.is_empty())?;
            answers.push(answer);
        }
        let common = recording.scratch(rows, "derivatives of the sum");
        self.differentiate(recording, shared, 1, [&sums, &common])?;
        for answer in answers {
            let members = answer.group.members.len();
            let derivatives = recording.scratch(rows * members, "derivatives");
            recording.spread_to_members([rows, members], [&common, &derivatives])?;
            self.slopes(recording, answer, derivatives, gradient)?;
        }
        [sums, common].into_iter().for_each(|span| recording.release(span));
        Ok(responses)
    }

    fn rows(&self) -> usize {
        self.sets * self.counts[0]
    }

    /// Records a group's responses; none where nothing of the loss reaches it.
    fn answer(&self, recording: &mut Recording, group: &'a Group) -> Result<Option<Answer<'a>>, GpuError> {
        let Some(cotangents) = self.cotangents.at(group.reach.target()) else { return Ok(None) };
        let members = group.members.len();
        let probe = self.groups.probe(recording, self.scene, group)?;
        let change = probe.change(recording, &vec![1.0; members])?;
        let count = self.rows() * members;
        let responses = match self.keeps {
            true => recording.buffer(count, "responses"),
            false => recording.scratch(count, "responses"),
        };
        recording.respond(self.scene, group, self.sets, [&change, cotangents, &responses])?;
        recording.release(change);
        Ok(Some(Answer { group, cotangents, probe, responses }))
    }

    fn differentiate(
        &self,
        recording: &mut Recording,
        shared: &SweepBuffers,
        members: usize,
        [responses, derivatives]: [&Span; 2],
    ) -> Result<(), GpuError> {
        let [images, classes, start, batch] = self.counts;
        let counts = [images, members, classes, start, batch];
        differentiate(recording, shared, self.estimator, counts, [responses, self.logits, derivatives])
    }

    /// Records the gradients of a group's φ, and ends its probe.
    fn slopes(
        &self,
        recording: &mut Recording,
        Answer { group, cotangents, probe, responses }: Answer<'a>,
        derivatives: Span,
        gradient: &Span,
    ) -> Result<(), GpuError> {
        let d_change =
            recording.respond_backward(self.scene, group, self.sets, [&derivatives, cotangents])?;
        let block = self.groups.part(group, gradient.clone());
        let wanted = PhiGradient { d_change: &d_change, block, add: self.counts[2] > 0 };
        probe.phi_gradient(recording, &wanted)?;
        [d_change, responses, derivatives].into_iter().for_each(|span| recording.release(span));
        recording.end(probe);
        Ok(())
    }
}

/// Sets the means of the candidates that fold one: each channel's mean at its site over the training part.
async fn fold_means(
    setup: &mut Setup<'_>,
    morphisms: &mut [Morphism],
    watch: &dyn Watch,
) -> Result<(), EngineError> {
    let Some(mut means) = ChannelMeans::wanted(&setup.graph.architecture, morphisms)? else {
        return Ok(());
    };
    let examples = setup.part.labels.len();
    let size = piece_examples(setup.graph, 1).min(examples.max(1));
    let nodes = means.nodes().to_vec();
    let record = |setup: &Setup<'_>, images: usize| {
        let subject = setup.subject();
        let mut recording = setup.context.recording();
        let shared = SweepBuffers::new(&mut recording, subject.graph, 1, size);
        let values = forward_pass(&mut recording, subject, &shared, [images, 0])?;
        let mut wanted = Vec::new();
        for &node in &nodes {
            let shape = subject.graph.shapes[node];
            let span = recording.scratch(images * shape.channels, "means");
            recording.global_pool(images, shape, [values.at(node)?, &span])?;
            wanted.push((span, images * shape.channels));
        }
        Ok((recording, Piece { shared, wanted, about: () }))
    };
    let take = |_: &(), indices: &[usize], numbers: Vec<Vec<f32>>| {
        means.count(indices.len());
        for (place, numbers) in numbers.into_iter().enumerate() {
            means.add(place, numbers.into_iter().map(f64::from));
        }
    };
    setup.in_pieces(size, &vec![0.0; examples], watch, record, take).await?;
    means.store(morphisms, DType::F32)
}
