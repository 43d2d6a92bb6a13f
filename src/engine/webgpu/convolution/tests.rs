//! The convolution and its gradients in every form against plain loops in f64, over random shapes: odd sizes, one
//! channel, one image.

use crate::engine::webgpu::adapter::AdapterKind;
use crate::engine::webgpu::convolution::Conv;
use crate::engine::webgpu::interface::buffers;
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::testing::{as_if, close, close_sums, context, look, numbers, put, room, run};
use crate::random::Stream;

/// Images, channels, height, width, outputs, kernel.
const SHAPES: [[usize; 6]; 14] = [
    [1, 1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1, 3],
    [2, 3, 8, 8, 5, 3],
    [3, 2, 9, 12, 4, 3],
    [1, 5, 7, 5, 6, 3],
    [2, 4, 2, 4, 1, 3],
    [5, 1, 3, 7, 2, 5],
    [2, 3, 4, 8, 3, 5],
    [2, 6, 5, 6, 7, 1],
    [1, 2, 11, 9, 3, 7],
    [9, 7, 16, 16, 9, 3],
    [2, 5, 33, 24, 3, 3],
    [3, 33, 5, 4, 34, 3],
    [2, 8, 16, 16, 8, 3],
];

/// The convolution by its definition: y, and with dy the gradients dx, dw, db.
struct Naive {
    y: Vec<f64>,
    dx: Vec<f64>,
    dw: Vec<f64>,
    db: Vec<f64>,
}

fn naive(conv: Conv, x: &[f32], w: &[f32], b: &[f32], dy: &[f32]) -> Naive {
    let Conv { images, channels, height, width, outputs, kernel } = conv;
    let half = kernel as isize / 2;
    let mut found = Naive {
        y: vec![0.0; images * outputs * height * width],
        dx: vec![0.0; x.len()],
        dw: vec![0.0; w.len()],
        db: vec![0.0; outputs],
    };
    for n in 0..images {
        for (o, bias) in b.iter().enumerate() {
            for (i, j) in (0..height).flat_map(|i| (0..width).map(move |j| (i, j))) {
                let at = ((n * outputs + o) * height + i) * width + j;
                found.y[at] += f64::from(*bias);
                found.db[o] += f64::from(dy[at]);
                for c in 0..channels {
                    for (a, e) in (0..kernel).flat_map(|a| (0..kernel).map(move |e| (a, e))) {
                        let (row, column) = (i as isize + a as isize - half, j as isize + e as isize - half);
                        if row < 0 || column < 0 || row >= height as isize || column >= width as isize {
                            continue;
                        }
                        let from = ((n * channels + c) * height + row as usize) * width + column as usize;
                        let weight = ((o * channels + c) * kernel + a) * kernel + e;
                        found.y[at] += f64::from(w[weight]) * f64::from(x[from]);
                        found.dx[from] += f64::from(w[weight]) * f64::from(dy[at]);
                        found.dw[weight] += f64::from(x[from]) * f64::from(dy[at]);
                    }
                }
            }
        }
    }
    found
}

#[test]
fn convolutions_and_their_gradients() {
    convolutions(AdapterKind::Software, 4, &SHAPES, 3);
}

#[test]
fn convolutions_as_real_gpus_get_them() {
    for most in [1, 2, 4] {
        convolutions(AdapterKind::Discrete, most, &SHAPES[10..12], 1);
    }
}

#[test]
fn small_convolutions_get_small_tiles_on_real_gpus() {
    let large = Conv { images: 256, channels: 3, height: 32, width: 32, outputs: 16, kernel: 3 };
    assert_eq!(large.rows(AdapterKind::Discrete), 4);
    let small = Conv { images: 63, ..large };
    assert_eq!(small.rows(AdapterKind::Discrete), 1);
    assert_eq!(small.rows(AdapterKind::Software), 4);
    // The gradient with respect to three channels has fewer invocations.
    assert_eq!(large.transposed(256).rows(AdapterKind::Discrete), 4);
    assert_eq!(large.transposed(255).rows(AdapterKind::Discrete), 1);
}

fn convolutions(kind: AdapterKind, at_once: usize, shapes: &[[usize; 6]], random_shapes: usize) {
    let mut context = as_if(kind);
    let mut stream = Stream::new(1, "convolutions", 0);
    let mut random = || {
        let mut up_to = |most| 1 + stream.below(most);
        [up_to(4), up_to(9), up_to(19), up_to(19), up_to(9), 2 * up_to(2) - 1]
    };
    let more: Vec<[usize; 6]> = (0..random_shapes).map(|_| random()).collect();
    for [images, channels, height, width, outputs, kernel] in shapes.iter().copied().chain(more) {
        let conv = Conv { images, channels, height, width, outputs, kernel };
        let x = numbers(&mut stream, images * channels * height * width);
        let w = numbers(&mut stream, outputs * channels * kernel * kernel);
        let b = numbers(&mut stream, outputs);
        let dy = numbers(&mut stream, images * outputs * height * width);
        let expected = naive(conv, &x, &w, &b, &dy);
        // The same sums of the terms' sizes.
        let [x_sizes, w_sizes, b_sizes, dy_sizes] =
            [&x, &w, &b, &dy].map(|values| values.iter().map(|value| value.abs()).collect::<Vec<_>>());
        let sizes = naive(conv, &x_sizes, &w_sizes, &b_sizes, &dy_sizes);
        let [xs, ws, bs, dys] = [&x, &w, &b, &dy].map(|values| put(&context, values));
        for relu in [false, true] {
            let found = run(&mut context, dy.len(), |recording| {
                let packed = recording.scratch(conv.packed(false), "packed");
                let y = recording.scratch(dy.len(), "y");
                recording.pack(conv, false, &ws, &packed)?;
                let buffers = buffers! { x: xs, weights: packed, bias: bs, y };
                recording.convolve_as(at_once, conv, relu, &buffers)?;
                Ok(y)
            });
            let y: Vec<f64> = expected.y.iter().map(|y| if relu { y.max(0.0) } else { *y }).collect();
            close(&format!("{conv:?} relu {relu}"), &found, &y);
        }
        for (gated, add) in [(false, false), (true, false), (true, true)] {
            let start = numbers(&mut stream, x.len());
            let dx = put(&context, &start);
            let found = run(&mut context, x.len(), |recording| {
                let packed = recording.scratch(conv.packed(true), "packed");
                recording.pack(conv, true, &ws, &packed)?;
                let finish = Finish { gate: gated.then_some(&xs), add };
                let buffers = buffers! { dy: dys, weights: packed, dx };
                recording.input_gradient_as(at_once, conv, images, &buffers, finish)?;
                Ok(dx)
            });
            let slopes = expected.dx.iter().zip(&x).zip(&start).map(|((dx, x), start)| {
                (if gated && *x <= 0.0 { 0.0 } else { *dx }) + if add { f64::from(*start) } else { 0.0 }
            });
            close(&format!("{conv:?} dx gated {gated} add {add}"), &found, &slopes.collect::<Vec<_>>());
        }
        let db = room(&context, outputs);
        let found = run(&mut context, w.len(), |recording| {
            let dw = recording.scratch(w.len(), "dw");
            let buffers = buffers! { x: xs, dy: dys, dw, db };
            recording.weight_gradient_as(at_once, conv, &buffers, false)?;
            Ok(dw)
        });
        close_sums(&format!("{conv:?} dw"), &found, &expected.dw, &sizes.dw);
        let found = look(&context, &db, outputs);
        close_sums(&format!("{conv:?} db"), &found, &expected.db, &sizes.db);
    }
}

#[test]
fn several_gradients_share_one_gate() {
    let mut context = context();
    let mut stream = Stream::new(2, "gates", 0);
    for (width, at_once) in [(4, 4), (5, 4), (5, 1)] {
        let conv = Conv { images: 2, channels: 3, height: 4, width, outputs: 2, kernel: 3 };
        let gradients = 6;
        let x = numbers(&mut stream, 2 * 3 * 4 * width);
        let w = numbers(&mut stream, 2 * 3 * 9);
        let dy = numbers(&mut stream, gradients * 2 * 4 * width);
        let repeated: Vec<f32> = x.iter().copied().cycle().take(3 * x.len()).collect();
        let all = Conv { images: gradients, ..conv };
        let expected = naive(all, &repeated, &w, &[0.0; 2], &dy);
        let expected: Vec<f64> =
            expected.dx.iter().zip(&repeated).map(|(dx, x)| if *x > 0.0 { *dx } else { 0.0 }).collect();
        let [xs, ws, dys] = [&x, &w, &dy].map(|values| put(&context, values));
        let found = run(&mut context, expected.len(), |recording| {
            let packed = recording.scratch(conv.packed(true), "packed");
            let dx = recording.scratch(expected.len(), "dx");
            recording.pack(conv, true, &ws, &packed)?;
            let finish = Finish { gate: Some(&xs), add: false };
            let buffers = buffers! { dy: dys, weights: packed, dx };
            recording.input_gradient_as(at_once, conv, gradients, &buffers, finish)?;
            Ok(dx)
        });
        close("shared gate", &found, &expected);
    }
}

#[test]
fn a_convolution_and_its_gradients_cut_to_size_are_the_same_to_the_bit() {
    let mut context = context();
    let mut stream = Stream::new(3, "cuts", 0);
    let conv = Conv { images: 4, channels: 4, height: 8, width: 8, outputs: 8, kernel: 3 };
    let gradients = 8;
    let x = numbers(&mut stream, 4 * 4 * 64);
    let w = numbers(&mut stream, 8 * 4 * 9);
    let dy = numbers(&mut stream, gradients * 8 * 64);
    let [xs, ws, bs, dys] = [&x, &w, &vec![0.5; 8], &dy].map(|values| put(&context, values));
    let one_image = (4 * 8 * 64 * 9) as u64;
    let large = Conv { images: 64, ..conv };
    let larges = put(&context, &numbers(&mut stream, 64 * 4 * 64));
    let large_dys = put(&context, &numbers(&mut stream, 64 * 8 * 64));
    for at_once in [4, 2] {
        let mut found = Vec::new();
        // One image at once, as no dispatch holds less; two images at once; whole. The whole comes last, so that what
        // it leaves in memory cannot stand in for what a piece did not write.
        for (most, dispatches) in [(1, [4, 8]), (2 * one_image, [2, 4]), (u64::MAX, [1, 1])] {
            context.most = most;
            let counts = std::cell::RefCell::new(Vec::new());
            let y = run(&mut context, 4 * 8 * 64, |recording| {
                let packed = recording.scratch(conv.packed(false), "packed");
                let y = recording.scratch(4 * 8 * 64, "y");
                recording.pack(conv, false, &ws, &packed)?;
                let before = recording.dispatches().len();
                let buffers = buffers! { x: xs, weights: packed, bias: bs, y };
                recording.convolve_as(at_once, conv, true, &buffers)?;
                counts.borrow_mut().push(recording.dispatches().len() - before);
                Ok(y)
            });
            let dx = run(&mut context, gradients * 4 * 64, |recording| {
                let packed = recording.scratch(conv.packed(true), "packed");
                let dx = recording.scratch(gradients * 4 * 64, "dx");
                recording.pack(conv, true, &ws, &packed)?;
                let finish = Finish { gate: Some(&xs), add: false };
                let before = recording.dispatches().len();
                let buffers = buffers! { dy: dys, weights: packed, dx };
                recording.input_gradient_as(at_once, conv, gradients, &buffers, finish)?;
                counts.borrow_mut().push(recording.dispatches().len() - before);
                Ok(dx)
            });
            assert_eq!(counts.into_inner(), dispatches);
            // Its parts are not images; how many there are depends on the form.
            let mut parts = 0;
            let dw = run(&mut context, 8 * 4 * 9, |recording| {
                let dw = recording.scratch(8 * 4 * 9, "dw");
                let db = recording.scratch(8, "db");
                let buffers = buffers! { x: larges, dy: large_dys, dw, db };
                recording.weight_gradient_as(at_once, large, &buffers, false)?;
                parts = recording.dispatches().len() - 1;
                Ok(dw)
            });
            assert_eq!(parts > 1, most < u64::MAX, "{at_once}: {parts} parts");
            found.push([y, dx, dw].map(|numbers| numbers.into_iter().map(f32::to_bits).collect::<Vec<_>>()));
        }
        assert!(found.windows(2).all(|pair| pair[0] == pair[1]), "{at_once}");
    }
}
