//! Seedling's training step compared with burn's, the same networks on the same adapter in one run:
//! `benches/peers/beside-burn`.
//!
//! Each trains on batches of 64 CIFAR-sized images by SGD with momentum, after steps that compile and tune. Burn gets
//! one batch that lies on the device already; Seedling gathers and augments a new one in every step. Rounds of the two
//! alternate, and the best round of each counts, so that what else the machine does falls on neither alone.

// The types of burn's layers are deep.
#![recursion_limit = "512"]

use std::sync::Arc;
use std::time::Instant;

use burn::backend::wgpu::WgpuDevice;
use burn::backend::{Autodiff, Wgpu};
use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::optim::momentum::MomentumConfig;
use burn::optim::{GradientsParams, Optimizer, SgdConfig};
use burn::tensor::activation::relu;
use burn::tensor::backend::Backend;
use burn::tensor::module::max_pool2d;
use burn::tensor::{Distribution, Int, Tensor};
use pollster::block_on;
use seedling::data::{DataConfig, load};
use seedling::engine::webgpu::{AdapterChoice, WebGpuEngine};
use seedling::engine::{Engine, Phase, TrainRequest, Unwatched};
use seedling::network::{Model, Network, preset};

const BATCH: usize = 64;
const CLASSES: usize = 10;
const WARM_UP: usize = 4;
const ROUNDS: usize = 5;
const STEPS: usize = 3;

/// A layer of the presets, by their names: a convolution's channels, or a 2 × 2 maximum pool.
#[derive(Clone, Copy)]
enum Layer {
    Conv(usize),
    Pool,
}

fn layers(plan: &str) -> Vec<Layer> {
    let layer = |part: &str| part.parse().map_or(Layer::Pool, Layer::Conv);
    plan.split('-').map(layer).collect()
}

#[derive(Module, Debug)]
struct Net<B: Backend> {
    convolutions: Vec<Conv2d<B>>,
    head: Linear<B>,
}

impl<B: Backend> Net<B> {
    fn new(plan: &[Layer], device: &B::Device) -> Self {
        let mut channels = 3;
        let mut convolutions = Vec::new();
        for layer in plan {
            if let Layer::Conv(outputs) = *layer {
                let config = Conv2dConfig::new([channels, outputs], [3, 3]);
                convolutions.push(config.with_padding(PaddingConfig2d::Same).init(device));
                channels = outputs;
            }
        }
        Self { convolutions, head: LinearConfig::new(channels, CLASSES).init(device) }
    }

    fn forward(&self, plan: &[Layer], images: Tensor<B, 4>) -> Tensor<B, 2> {
        let mut convolutions = self.convolutions.iter();
        let mut x = images;
        for layer in plan {
            x = match (layer, convolutions.clone().next()) {
                (Layer::Conv(_), Some(convolution)) => {
                    convolutions.next();
                    relu(convolution.forward(x))
                }
                _ => max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], false),
            };
        }
        let [images, channels, height, width] = x.dims();
        let means = x.reshape([images, channels, height * width]).mean_dim(2).reshape([images, channels]);
        self.head.forward(means)
    }
}

/// Takes steps; ends when the device is done.
type Train<'a> = Box<dyn FnMut(usize) + 'a>;

fn burn(plan: &str) -> Train<'static> {
    type Device = Autodiff<Wgpu>;
    let device = WgpuDevice::default();
    let plan = layers(plan);
    let mut net: Option<Net<Device>> = Some(Net::new(&plan, &device));
    let momentum = MomentumConfig::new().with_momentum(0.9).with_dampening(0.0).with_nesterov(true);
    let mut optimizer = SgdConfig::new().with_momentum(Some(momentum)).init();
    let images = Tensor::<Device, 4>::random([BATCH, 3, 32, 32], Distribution::Default, &device);
    let labels: Vec<i32> = (0..BATCH).map(|index| (index % CLASSES) as i32).collect();
    let labels = Tensor::<Device, 1, Int>::from_ints(labels.as_slice(), &device);
    let criterion = CrossEntropyLossConfig::new().init(&device);
    Box::new(move |steps| {
        let mut last = None;
        for _ in 0..steps {
            let Some(before) = net.take() else { return };
            let loss = criterion.forward(before.forward(&plan, images.clone()), labels.clone());
            let gradients = GradientsParams::from_grads(loss.backward(), &before);
            net = Some(optimizer.step(0.01, before, gradients));
            last = Some(loss);
        }
        // The last step's weights, so that all of it is waited for.
        let weights = net.as_ref().map(|net| net.head.weight.val().sum().into_scalar());
        assert!(last.is_some_and(|loss| loss.into_scalar().is_finite()) && weights.is_some());
    })
}

fn seedling<'a>(engine: &'a mut WebGpuEngine, plan: &str) -> Train<'a> {
    let architecture = preset(plan, CLASSES).expect("a plain network");
    let model = Model::new(Network::initialise(architecture, 7).expect("it initialises"));
    block_on(engine.load(&model)).expect("the model fits");
    Box::new(move |steps| {
        let request =
            TrainRequest { steps: 0..steps as u64, ..TrainRequest::whole(7, Phase::Train(0), 1000, BATCH) };
        block_on(engine.train(&request, &Unwatched)).expect("training goes on");
    })
}

fn main() {
    let mut engine = block_on(WebGpuEngine::open(&AdapterChoice::Any)).expect("a graphics adapter");
    let data = load(&DataConfig { train: Some(640), ..Default::default() }, 7).expect("embedded data");
    block_on(engine.set_data(Arc::new(data))).expect("the data fits");
    println!("{}; milliseconds a training step of {BATCH}", engine.gpu().report);
    for (name, plan) in [("tiny", "8-8-M-16-16-M-16"), ("small", "16-M-32-M-32")] {
        let mut trainers = [burn(plan), seedling(&mut engine, plan)];
        let mut best = [f64::INFINITY; 2];
        trainers.iter_mut().for_each(|train| train(WARM_UP));
        for _ in 0..ROUNDS {
            for (train, best) in trainers.iter_mut().zip(&mut best) {
                let start = Instant::now();
                train(STEPS);
                *best = best.min(start.elapsed().as_secs_f64() * 1e3 / STEPS as f64);
            }
        }
        let [theirs, ours] = best;
        println!("{name} ({plan}): burn {theirs:.1}, seedling {ours:.1}: {:.1} times as fast", theirs / ours);
    }
}
