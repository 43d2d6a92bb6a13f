//! The matrix product, with which convolutions are compared.

use super::clock::{Effort, Time};
use super::dispatches::{compare, random, time};
use crate::engine::webgpu::shaders::MATMUL;
use crate::engine::webgpu::{Commands, Context, GpuError, Span, read};

/// A product of two square matrices, ready to run.
pub struct Product {
    side: usize,
    commands: Commands,
}

impl Product {
    /// Made ready, run once, and compared with what the processor computes.
    pub async fn new(context: &mut Context, side: usize) -> Result<Self, GpuError> {
        let count = side * side;
        let a = random(context, count, "the first matrix").await?;
        let b = random(context, count, "the second matrix").await?;
        let c = context.upload(&vec![f32::NAN; count], "the product").await?;
        let mut recording = context.recording();
        let grid = [(side / 16).div_ceil(16) as u32, (side / 16).div_ceil(4) as u32, 1];
        let spans = [&a, &b, &c].map(Span::from);
        let buffers = [("a", &spans[0]), ("b", &spans[1]), ("c", &spans[2])];
        recording.run(MATMUL, &[], &[("side", side.into())], &buffers, grid, 1)?;
        let commands = context.realise(recording).await?;
        context.gpu.finished(commands.submit(&context.gpu, 1), "a matrix product").await?;
        let a: Vec<f32> = read(&context.gpu, &a, count).await?;
        let b: Vec<f32> = read(&context.gpu, &b, count).await?;
        let c: Vec<f32> = read(&context.gpu, &c, count).await?;
        // A step without a common divisor with the side comes by every row and column of a tile.
        let places = || (0..count).step_by(side - 1);
        let found: Vec<f32> = places().map(|place| c[place]).collect();
        let entry = |place: usize| -> f32 {
            let (row, column) = (place / side, place % side);
            let terms = (0..side).map(|k| f64::from(a[row * side + k]) * f64::from(b[k * side + column]));
            terms.sum::<f64>() as f32
        };
        let expected: Vec<f32> = places().map(entry).collect();
        compare(&format!("the product of {side} × {side} matrices"), &found, &expected, side)?;
        Ok(Self { side, commands })
    }

    /// Rows and columns of each matrix.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Floating-point operations: two for each multiply-add.
    pub fn flops(&self) -> u64 {
        2 * (self.side as u64).pow(3)
    }

    /// What it takes.
    pub async fn time(&self, context: &Context, effort: Effort) -> Result<Time, GpuError> {
        time(context, &self.commands, effort).await
    }
}
