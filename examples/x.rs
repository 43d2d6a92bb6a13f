use pollster::block_on;
use seedling::data::*;
use seedling::engine::webgpu::*;
use seedling::engine::*;
use seedling::network::*;
use std::sync::Arc;
use std::time::Instant;
struct W;
impl Watch for W {
    fn progress(&self, _: u64, _: u64, _: Option<f32>) {}
    fn cancelled(&self) -> bool {
        false
    }
}
fn main() {
    let config = DataConfig { train: Some(640), held_out: Some(100), ..Default::default() };
    let data = Arc::new(load(&config, 7).unwrap());
    let mut e = block_on(WebGpuEngine::open(&AdapterChoice::Any)).unwrap();
    block_on(e.set_data(data)).unwrap();
    for name in ["tiny", "small"] {
        let model = Model::new(Network::initialise(preset(name, 10).unwrap(), 7).unwrap());
        block_on(e.load(&model)).unwrap();
        let mut r = TrainRequest {
            seed: 7,
            phase: 0,
            steps: 0..1,
            phase_steps: 1000,
            batch: 64,
            optimizer: OptimizerConfig::default(),
            augment: true,
        };
        block_on(e.train(&r, &W)).unwrap();
        for _ in 0..3 {
            r.steps = 0..8;
            let t = Instant::now();
            block_on(e.train(&r, &W)).unwrap();
            println!("{name}: {:.1} ms/step", t.elapsed().as_secs_f64() * 1e3 / 8.0);
        }
        let t = Instant::now();
        let s = block_on(e.evaluate(Part::HeldOut)).unwrap();
        println!("eval {:?} {:?}", s, t.elapsed());
    }
    println!("slowest submit {:?}", e.slowest());
}
