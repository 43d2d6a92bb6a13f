//! The closed-form learners against their definitions, written down once more with loops and central differences, in f64
//! on networks small enough for that.

mod common;

use std::sync::Arc;

use candle_core::{DType, Tensor};
use common::{noise_data, numbers, part_images, random_network, to_dtype};
use pollster::block_on;
use seedling::data::Data;
use seedling::engine::candle::CandleEngine;
use seedling::engine::{Engine, LearnRequest, Learned, Learner, Unwatched};
use seedling::estimate::{Estimator, log_sum_exp};
use seedling::morphism::{Candidate, Family, Phi, propose};
use seedling::network::{Model, Network, Tensors, plain};

const CLASSES: usize = 3;
const EXAMPLES: usize = 7;

/// Planes of one example, addressed by channel, row and column; zero outside.
struct Planes {
    values: Vec<f64>,
    channels: usize,
    side: usize,
}

impl Planes {
    fn of(tensor: &Tensor, example: usize) -> Self {
        let tensor = tensor.get(example).unwrap();
        let (channels, side) = match tensor.dims() {
            [channels, side, _] => (*channels, *side),
            dims => (dims[0], 1),
        };
        Self { values: numbers(&tensor), channels, side }
    }

    fn at(&self, channel: usize, row: i64, column: i64) -> f64 {
        let side = self.side as i64;
        if !(0..side).contains(&row) || !(0..side).contains(&column) {
            return 0.0;
        }
        self.values[(channel * self.side + row as usize) * self.side + column as usize]
    }

    /// What a 3×3 kernel reads around a position, channel by channel, row by row.
    fn patch(&self, row: i64, column: i64) -> Vec<f64> {
        let mut patch = Vec::new();
        for channel in 0..self.channels {
            for (dy, dx) in (0..9).map(|tap| (tap / 3 - 1, tap % 3 - 1)) {
                patch.push(self.at(channel, row + dy, column + dx));
            }
        }
        patch
    }
}

/// Slopes of each example's loss with respect to a node, by central differences: `[example][number]`.
fn slopes(network: &Network, images: &Tensor, labels: &[u8], node: &str) -> Vec<Vec<f64>> {
    let value = common::activations(network, images)[node].clone();
    let each = value.elem_count() / EXAMPLES;
    let losses = |shift: usize, step: f64| -> Vec<f64> {
        let mut moved = numbers(&value);
        (0..EXAMPLES).for_each(|example| moved[example * each + shift] += step);
        let moved = Tensor::from_vec(moved, value.dims(), value.device()).unwrap();
        let logits = common::logits_with(network, images, &Tensors::from([(node.to_owned(), moved)]));
        let rows = logits.reshape((EXAMPLES, CLASSES)).unwrap().to_vec2::<f64>().unwrap();
        rows.iter().zip(labels).map(|(row, label)| log_sum_exp(row) - row[usize::from(*label)]).collect()
    };
    let mut slopes = vec![vec![0.0; each]; EXAMPLES];
    for shift in 0..each {
        let (up, down) = (losses(shift, 1e-5), losses(shift, -1e-5));
        for ((slopes, up), down) in slopes.iter_mut().zip(up).zip(down) {
            slopes[shift] = (up - down) / 2e-5;
        }
    }
    slopes
}

fn learn(network: &Network, data: &Arc<Data>, learner: Learner, candidates: &[Candidate]) -> Learned {
    let mut engine = CandleEngine::new();
    block_on(engine.set_data(data.clone())).unwrap();
    block_on(engine.load(&Model::new(network.clone()))).unwrap();
    let request = LearnRequest {
        seed: 1,
        round: 1,
        candidates: candidates.to_vec(),
        learner,
        estimator: Estimator::Sampled,
        together: false,
        steps: 3,
        batch: EXAMPLES,
        learning_rate: 0.01,
    };
    block_on(engine.learn(&request, &Unwatched)).unwrap()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn normalised(vector: &[f64]) -> Vec<f64> {
    vector.iter().map(|number| number / dot(vector, vector).sqrt()).collect()
}

fn times(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

fn transposed(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..matrix[0].len()).map(|column| matrix.iter().map(|row| row[column]).collect()).collect()
}

/// The largest singular value with its vectors, by plain power iteration.
fn power(matrix: &[Vec<f64>]) -> (f64, Vec<f64>, Vec<f64>) {
    let turned = transposed(matrix);
    let mut right: Vec<f64> = (0..turned.len()).map(|index| 1.0 + (index as f64).sin()).collect();
    for _ in 0..20_000 {
        right = normalised(&times(&turned, &times(matrix, &right)));
    }
    let left = times(matrix, &right);
    (dot(&left, &left).sqrt(), normalised(&left), right)
}

/// Solves a linear system by elimination with the largest pivots.
fn solve(mut matrix: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let size = b.len();
    for column in 0..size {
        let best =
            (column..size).max_by(|x, y| matrix[*x][column].abs().total_cmp(&matrix[*y][column].abs()));
        matrix.swap(column, best.unwrap());
        b.swap(column, best.unwrap());
        for row in 0..size {
            if row != column {
                let factor = matrix[row][column] / matrix[column][column];
                let pivot = matrix[column].clone();
                matrix[row].iter_mut().zip(&pivot).for_each(|(x, pivot)| *x -= factor * pivot);
                b[row] -= factor * b[column];
            }
        }
    }
    (0..size).map(|row| b[row] / matrix[row][row]).collect()
}

/// Adds the ridge that the learners add before they factor.
fn with_ridge(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mean = (0..matrix.len()).map(|at| matrix[at][at]).sum::<f64>() / matrix.len() as f64;
    (0..matrix.len()).for_each(|at| matrix[at][at] += 1e-6 * mean);
    matrix
}

#[test]
fn steepest_descends_along_the_lowest_eigenvector_of_the_splitting_matrix() {
    let data = noise_data(EXAMPLES, CLASSES as u8, 2);
    let images = part_images(&data, &data.train);
    for (layers, norm, layer, x, sigma, z) in [
        ("A-A-A-2-M-2", false, "conv1", "pool3", "conv1", "pool4"),
        ("A-A-A-2-M-2", true, "conv1", "pool3", "norm1", "pool4"),
        ("A-A-A-3-2", false, "conv2", "relu1", "conv2", "relu2"),
    ] {
        let network = random_network(plain(layers, norm, CLASSES).unwrap(), 4);
        let network = to_dtype(&network, DType::F64);
        let all = propose(&network.architecture, &[Family::Split, Family::SplitSymmetric]).unwrap();
        let candidates: Vec<Candidate> =
            all.into_iter().filter(|candidate| candidate.layer() == layer).collect();
        let learned = learn(&network, &data, Learner::Steepest, &candidates);
        let outputs = common::activations(&network, &images);
        let slopes = slopes(&network, &images, &data.train.labels, z);
        for (morphism, score) in learned.morphisms.iter().zip(&learned.scores) {
            let channel = morphism.candidate.channel().unwrap();
            // σ = ReLU(αu + β): its second derivative in u is α² times the bend at αu + β.
            let factor = match norm {
                true => {
                    let number =
                        |suffix: &str| numbers(&network.tensors[&format!("norm1.{suffix}")])[channel];
                    number("weight").powi(2) / (number("running_var") + 1e-5)
                }
                false => 1.0,
            };
            let mut s: Vec<Vec<f64>> = Vec::new();
            for (example, slopes) in slopes.iter().enumerate() {
                let (x, sigma) = (Planes::of(&outputs[x], example), Planes::of(&outputs[sigma], example));
                let z = Planes::of(&outputs[z], example);
                let window = (sigma.side / z.side) as i64;
                for (row, column) in
                    (0..(z.side * z.side) as i64).map(|at| (at / z.side as i64, at % z.side as i64))
                {
                    // The position of the window with the largest pre-activation.
                    let inside = (0..window * window)
                        .map(|at| (row * window + at / window, column * window + at % window));
                    let (r, c) = inside
                        .max_by(|a, b| sigma.at(channel, a.0, a.1).total_cmp(&sigma.at(channel, b.0, b.1)))
                        .unwrap();
                    let slope = slopes[(channel * z.side + row as usize) * z.side + column as usize];
                    let gate = 1.0 / (1.0 + (-3.0 * sigma.at(channel, r, c)).exp());
                    let weight = slope * factor * 3.0 * gate * (1.0 - gate) / EXAMPLES as f64;
                    let mut patch = x.patch(r, c);
                    patch.push(1.0);
                    if s.is_empty() {
                        s = vec![vec![0.0; patch.len()]; patch.len()];
                    }
                    for (i, a) in patch.iter().enumerate() {
                        for (j, b) in patch.iter().enumerate() {
                            s[i][j] += weight * a * b;
                        }
                    }
                }
            }
            let id = morphism.candidate.id();
            let mut direction = numbers(&morphism.phi["phi1"]);
            direction.extend(numbers(&morphism.phi["phi1_bias"]));
            if morphism.candidate.family == Family::Split {
                let mut second = numbers(&morphism.phi["phi2"]);
                second.extend(numbers(&morphism.phi["phi2_bias"]));
                assert!(direction.iter().zip(&second).all(|(a, b)| *a == -b), "{id}");
            }
            let weights = numbers(&network.tensors[&format!("{layer}.weight")]);
            let expected = dot(&weights, &weights) / weights.len() as f64 * direction.len() as f64;
            assert!(
                (dot(&direction, &direction) / expected - 1.0).abs() < 1e-9,
                "{id} is as long as weights"
            );
            // The lowest eigenvalue, by power iteration on what is turned around and made positive.
            let bound: f64 = s.iter().flatten().map(|x| x * x).sum::<f64>().sqrt();
            let size = s.len();
            let turned: Vec<Vec<f64>> = (0..size)
                .map(|i| (0..size).map(|j| if i == j { bound } else { 0.0 } - s[i][j]).collect())
                .collect();
            let (largest, ..) = power(&turned);
            let lowest = bound - largest;
            let direction = normalised(&direction);
            let rayleigh = dot(&direction, &times(&s, &direction));
            assert!((rayleigh - lowest).abs() < 1e-6 * bound, "{id}: {rayleigh} {lowest}");
            assert!((score.unwrap() + lowest).abs() < 1e-6 * bound, "{id}: {score:?} {lowest}");
            assert!(lowest < 0.0 || score.unwrap() <= 1e-6 * bound);
        }
    }
}

/// A widening of conv1 by hand: what the new channel reads at every position of the reader (maxima counted as means),
/// the reader's slopes, and what the reader reads now.
struct ByHand {
    /// `[example][position][tap]`.
    readings: Vec<Vec<Vec<f64>>>,
    /// `[example][output][position]`, of the loss.
    slopes: Vec<Vec<Vec<f64>>>,
    /// `[example][position][tap]`, with the one.
    existing: Vec<Vec<Vec<f64>>>,
    side: usize,
    /// Taps of the reader's kernel: offsets of what a position reads.
    offsets: Vec<(i64, i64)>,
}

impl ByHand {
    fn new(network: &Network, data: &Data, images: &Tensor, head: bool) -> Self {
        let outputs = common::activations(network, images);
        let (x, z, reader) = if head { ("pool3", "relu1", "head") } else { ("pool3", "pool4", "conv2") };
        let slopes = slopes(network, images, &data.train.labels, reader);
        let mut by_hand = Self {
            readings: Vec::new(),
            slopes: Vec::new(),
            existing: Vec::new(),
            side: if head { 1 } else { 2 },
            offsets: if head { vec![(0, 0)] } else { (0..9).map(|tap| (tap / 3 - 1, tap % 3 - 1)).collect() },
        };
        for (example, slopes) in slopes.into_iter().enumerate() {
            let (x, z) = (Planes::of(&outputs[x], example), Planes::of(&outputs[z], example));
            let window = (x.side / by_hand.side) as i64;
            let (mut readings, mut existing) = (Vec::new(), Vec::new());
            for (row, column) in by_hand.positions() {
                let inside: Vec<Vec<f64>> = (0..window * window)
                    .map(|at| x.patch(row * window + at / window, column * window + at % window))
                    .collect();
                let mean =
                    |tap: usize| inside.iter().map(|patch| patch[tap]).sum::<f64>() / inside.len() as f64;
                readings.push((0..inside[0].len()).map(mean).collect());
                let mut known = match head {
                    true => (0..z.channels)
                        .map(|channel| {
                            let area = z.side * z.side;
                            z.values[channel * area..][..area].iter().sum::<f64>() / area as f64
                        })
                        .collect(),
                    false => z.patch(row, column),
                };
                known.push(1.0);
                existing.push(known);
            }
            let positions = readings.len();
            by_hand.readings.push(readings);
            by_hand.existing.push(existing);
            by_hand.slopes.push(slopes.chunks(positions).map(<[f64]>::to_vec).collect());
        }
        by_hand
    }

    fn positions(&self) -> Vec<(i64, i64)> {
        let side = self.side as i64;
        (0..side * side).map(|at| (at / side, at % side)).collect()
    }

    /// E[slope · xᵀ] over outgoing weights (output, tap) and incoming ones.
    fn moment(&self, slopes: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
        let side = self.side as i64;
        let mut moment = Vec::new();
        for output in 0..slopes[0].len() {
            for (dy, dx) in &self.offsets {
                let mut row = vec![0.0; self.readings[0][0].len()];
                for (slopes, readings) in slopes.iter().zip(&self.readings) {
                    for (position, (y, x)) in self.positions().into_iter().enumerate() {
                        let (from_y, from_x) = (y + dy, x + dx);
                        if (0..side).contains(&from_y) && (0..side).contains(&from_x) {
                            let reading = &readings[(from_y * side + from_x) as usize];
                            for (sum, x) in row.iter_mut().zip(reading) {
                                *sum += slopes[output][position] * x / EXAMPLES as f64;
                            }
                        }
                    }
                }
                moment.push(row);
            }
        }
        moment
    }
}

fn assert_parallel(a: &[f64], b: &[f64], what: &str) -> f64 {
    let cosine = dot(&normalised(a), &normalised(b));
    assert!((cosine.abs() - 1.0).abs() < 1e-6, "{what}: cosine {cosine}");
    cosine.signum()
}

/// conv1 read by a convolution after a pool, and by the head.
fn widenings() -> [(Network, bool); 2] {
    [("A-A-A-2-M-3", false), ("A-A-A-3", true)].map(|(layers, head)| {
        let network = random_network(plain(layers, false, CLASSES).unwrap(), 6);
        (to_dtype(&network, DType::F64), head)
    })
}

/// φ_in and ω of each of `width` new channels.
fn channels(phi: &Phi, width: usize) -> Vec<[Vec<f64>; 2]> {
    if width == 1 {
        return vec![[numbers(&phi["phi_in"]), numbers(&phi["omega"])]];
    }
    let of = |channel| [phi["phi_in"].narrow(0, channel, 1), phi["omega"].narrow(1, channel, 1)];
    (0..width)
        .map(|channel| of(channel).map(|tensor| numbers(&tensor.unwrap().contiguous().unwrap())))
        .collect()
}

/// Takes a singular pair away from a matrix.
fn deflate(matrix: &mut [Vec<f64>], value: f64, left: &[f64], right: &[f64]) {
    for (row, left) in matrix.iter_mut().zip(left) {
        row.iter_mut().zip(right).for_each(|(number, right)| *number -= value * left * right);
    }
}

fn length(numbers: &[f64]) -> f64 {
    dot(numbers, numbers).sqrt()
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() < 1e-5 * expected.abs(), "{what}: {found} {expected}");
}

#[test]
fn gradmax_takes_the_top_singular_pairs_of_the_slopes_and_readings() {
    let data = noise_data(EXAMPLES, CLASSES as u8, 3);
    let images = part_images(&data, &data.train);
    for ((network, head), width) in widenings().into_iter().flat_map(|case| [(case.clone(), 1), (case, 2)]) {
        let candidate = propose(&network.architecture, &[Family::Widen]).unwrap().remove(0).of_width(width);
        let learned = learn(&network, &data, Learner::Gradmax, &[candidate]);
        let by_hand = ByHand::new(&network, &data, &images, head);
        let mut moment = by_hand.moment(&by_hand.slopes);
        let channels = channels(&learned.morphisms[0].phi, width);
        let (mut square, mut largest) = (0.0, None);
        for [incoming, outgoing] in &channels {
            let (value, left, right) = power(&moment);
            let into = assert_parallel(incoming, &right, "incoming");
            let out = assert_parallel(outgoing, &left, "outgoing");
            assert_eq!(into, -out, "the loss shall fall");
            let share = value / *largest.get_or_insert(value);
            assert_near(length(incoming) / length(&channels[0][0]), share, "a first step's length");
            assert_near(length(outgoing), length(&channels[0][1]), "outgoing lengths");
            square += value * value;
            deflate(&mut moment, value, &left, &right);
        }
        assert_near(learned.scores[0].unwrap(), square.sqrt(), "score");
    }
}

/// Three classes have slopes of rank two at the head: a third channel has nothing to serve, and starts as any
/// does.
#[test]
fn channels_beyond_the_rank_start_silent() {
    let data = noise_data(EXAMPLES, CLASSES as u8, 3);
    let [_, (network, _)] = widenings();
    for learner in [Learner::Gradmax, Learner::Tiny] {
        let candidate = propose(&network.architecture, &[Family::Widen]).unwrap().remove(0).of_width(3);
        let learned = learn(&network, &data, learner, &[candidate]);
        let channels = channels(&learned.morphisms[0].phi, 3);
        let silent: Vec<bool> = channels.iter().map(|[_, outgoing]| length(outgoing) == 0.0).collect();
        assert_eq!(silent, [false, false, true], "{learner}");
        assert!(length(&channels[2][0]) > 0.0, "{learner}: it can learn");
    }
}

#[test]
fn tiny_serves_best_what_the_layers_own_weights_cannot() {
    let data = noise_data(EXAMPLES, CLASSES as u8, 4);
    let images = part_images(&data, &data.train);
    for ((network, head), width) in widenings().into_iter().flat_map(|case| [(case.clone(), 1), (case, 2)]) {
        let candidate = propose(&network.architecture, &[Family::Widen]).unwrap().remove(0).of_width(width);
        let learned = learn(&network, &data, Learner::Tiny, &[candidate]);
        let by_hand = ByHand::new(&network, &data, &images, head);
        let known: Vec<&Vec<f64>> = by_hand.existing.iter().flatten().collect();
        let size = known[0].len();
        let second = |rows: &[&Vec<f64>], size: usize| -> Vec<Vec<f64>> {
            (0..size)
                .map(|i| (0..size).map(|j| rows.iter().map(|row| row[i] * row[j]).sum::<f64>()).collect())
                .collect()
        };
        let gram = with_ridge(second(&known, size));
        // V⊥, output by output, each by its own least-squares problem.
        let mut rest = by_hand.slopes.clone();
        for output in 0..rest[0].len() {
            let wishes: Vec<f64> =
                by_hand.slopes.iter().flat_map(|slopes| slopes[output].iter().map(|slope| -slope)).collect();
            let right =
                (0..size).map(|i| known.iter().zip(&wishes).map(|(row, wish)| row[i] * wish).sum()).collect();
            let own = solve(gram.clone(), right);
            let mut at = 0;
            for slopes in &mut rest {
                for slope in &mut slopes[output] {
                    *slope = wishes[at] - dot(&own, known[at]);
                    at += 1;
                }
            }
        }
        let moment = by_hand.moment(&rest);
        let readings: Vec<&Vec<f64>> = by_hand.readings.iter().flatten().collect();
        let taps = readings[0].len();
        let mut gram = with_ridge(second(&readings, taps));
        gram.iter_mut().flatten().for_each(|number| *number /= EXAMPLES as f64);
        // The best pair maximises (ωᵀNᵀα)² over |ω| = 1 and αᵀSα = 1: with ω the top eigenvector of NᵀS⁻¹N, which needs
        // no square root of S.
        let solved: Vec<Vec<f64>> = moment.iter().map(|row| solve(gram.clone(), row.clone())).collect();
        let mut product: Vec<Vec<f64>> =
            moment.iter().map(|row| solved.iter().map(|other| dot(row, other)).collect()).collect();
        let channels = channels(&learned.morphisms[0].phi, width);
        let (mut score, mut largest) = (0.0, None);
        for [phi_in, omega] in &channels {
            let (square, outgoing, _) = power(&product);
            let mut incoming = vec![0.0; taps];
            for (weight, row) in outgoing.iter().zip(&solved) {
                incoming.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x);
            }
            let a = assert_parallel(phi_in, &incoming, "incoming");
            let b = assert_parallel(omega, &outgoing, "outgoing");
            assert_eq!(a, b, "the change serves the wish");
            // λ_k = √square; both sides get √λ_k.
            let share = (square / *largest.get_or_insert(square)).powf(0.25);
            assert_near(length(omega) / length(&channels[0][1]), share, "outgoing length");
            score += square;
            deflate(&mut product, square, &outgoing, &outgoing);
        }
        assert_near(learned.scores[0].unwrap(), score, "score");
    }
}
