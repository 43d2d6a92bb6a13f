//! Every kernel but the convolutions' against plain loops in f64, over random shapes: odd sizes, one channel, one
//! image; and broken kernels against whole ones.

use crate::engine::webgpu::adapter::AdapterKind;
use crate::engine::webgpu::interface::{Word, buffers, words};
use crate::engine::webgpu::ops::Finish;
use crate::engine::webgpu::testing::{ABSOLUTE, as_if, close, context, look, numbers, put, room, run};
use crate::engine::webgpu::{Span, shaders};
use crate::network::Shape;
use crate::random::Stream;

#[test]
fn pools_and_their_gradients() {
    let mut context = context();
    let mut stream = Stream::new(3, "pools", 0);
    for (images, [channels, height, width], size) in [
        (1, [1, 2, 2], 2),
        (3, [2, 5, 7], 2),
        (2, [3, 8, 8], 2),
        (1, [2, 5, 16], 2),
        (2, [1, 7, 6], 3),
        (1, [2, 3, 3], 1),
    ] {
        let input = Shape { channels, height, width };
        let (rows, columns) = (height / size, width / size);
        let x = numbers(&mut stream, images * input.elements());
        let dy = numbers(&mut stream, images * channels * rows * columns);
        for mean in [false, true] {
            let mut y = vec![0.0; dy.len()];
            let mut dx = vec![0.0; x.len()];
            for plane in 0..images * channels {
                for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
                    let to = (plane * rows + i) * columns + j;
                    let window: Vec<usize> = (0..size * size)
                        .map(|k| (plane * height + i * size + k / size) * width + j * size + k % size)
                        .collect();
                    if mean {
                        y[to] = window.iter().map(|at| f64::from(x[*at])).sum::<f64>() / window.len() as f64;
                        window.iter().for_each(|at| dx[*at] += f64::from(dy[to]) / window.len() as f64);
                    } else {
                        let mut first = window[0];
                        for at in window {
                            if x[at] > x[first] {
                                first = at;
                            }
                        }
                        y[to] = f64::from(x[first]);
                        dx[first] += f64::from(dy[to]);
                    }
                }
            }
            let [xs, dys] = [&x, &dy].map(|values| put(&context, values));
            let found = run(&mut context, y.len(), |recording| {
                let ys = recording.scratch(y.len(), "y");
                recording.pool(mean, size, images, input, [&xs, &ys])?;
                Ok(ys)
            });
            close("pool", &found, &y);
            for (gated, add) in [(false, false), (true, true)] {
                let start = numbers(&mut stream, x.len());
                let slopes = put(&context, &start);
                let found = run(&mut context, x.len(), |recording| {
                    let finish = Finish { gate: gated.then_some(&xs), add };
                    let counts = [images, images];
                    let buffers = buffers! { x: xs, dy: dys, dx: slopes };
                    recording.pool_backward(mean, size, counts, input, &buffers, finish)?;
                    Ok(slopes)
                });
                let expected = dx.iter().zip(&x).zip(&start).map(|((dx, x), start)| {
                    (if gated && *x <= 0.0 { 0.0 } else { *dx }) + if add { f64::from(*start) } else { 0.0 }
                });
                close("pool dx", &found, &expected.collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn elementwise_operations() {
    let mut context = context();
    let mut stream = Stream::new(4, "elementwise", 0);
    for count in [1, 64, 1000] {
        let [a, b] = [(); 2].map(|()| numbers(&mut stream, count));
        let [sa, sb] = [&a, &b].map(|values| put(&context, values));
        let wide = |values: &[f32]| values.iter().map(|v| f64::from(*v)).collect::<Vec<f64>>();
        let found = run(&mut context, count, |recording| {
            let y = recording.scratch(count, "y");
            recording.relu(count, &sa, &y)?;
            recording.accumulate(count, &sb, &y)?;
            let z = recording.scratch(count, "z");
            recording.add([count, count], &buffers! { a: y, x: sa, y: z })?;
            Ok(z)
        });
        let expected: Vec<f64> = a.iter().zip(&b).map(|(a, b)| f64::from(a.max(0.0) + b + a)).collect();
        close("relu, accumulate, add", &found, &expected);
        let found = run(&mut context, count, |recording| {
            let y = recording.scratch(count, "y");
            recording.relu_backward([count, count], &buffers! { dy: sb, output: sa, dx: y }, false)?;
            Ok(y)
        });
        let expected: Vec<f32> = a.iter().zip(&b).map(|(a, b)| if *a > 0.0 { *b } else { 0.0 }).collect();
        close("relu backward: nothing at exactly 0", &found, &wide(&expected));
    }
}

#[test]
fn the_head_and_its_gradients() {
    let mut context = context();
    let mut stream = Stream::new(5, "head", 0);
    for [images, inputs, outputs] in [[1, 1, 1], [5, 7, 3], [33, 16, 10]] {
        let input = Shape { channels: inputs, height: 3, width: 5 };
        let z = numbers(&mut stream, images * input.elements());
        let (w, b) = (numbers(&mut stream, inputs * outputs), numbers(&mut stream, outputs));
        let dy = numbers(&mut stream, images * outputs);
        let pooled: Vec<f64> =
            z.chunks(15).map(|plane| plane.iter().map(|v| f64::from(*v)).sum::<f64>() / 15.0).collect();
        let [zs, ws, bs, dys] = [&z, &w, &b, &dy].map(|values| put(&context, values));
        let gap = room(&context, images * inputs);
        let sizes = [images, inputs, outputs];
        let found = run(&mut context, dy.len(), |recording| {
            recording.global_pool(images, input, [&zs, &gap])?;
            let y = recording.scratch(dy.len(), "y");
            recording.linear(sizes, &buffers! { x: gap, w: ws, bias: bs, y })?;
            Ok(y)
        });
        let product = |n: usize, k: usize| {
            (0..inputs).map(|c| f64::from(w[k * inputs + c]) * pooled[n * inputs + c]).sum::<f64>()
        };
        let y: Vec<f64> = (0..images * outputs)
            .map(|at| f64::from(b[at % outputs]) + product(at / outputs, at % outputs))
            .collect();
        close("linear", &found, &y);
        let found = run(&mut context, z.len(), |recording| {
            let dgap = recording.scratch(images * inputs, "dgap");
            recording.linear_input_gradient(sizes, &buffers! { dy: dys, w: ws, dx: dgap })?;
            let dz = recording.scratch(z.len(), "dz");
            let finish = Finish { gate: Some(&zs), add: false };
            let buffers = buffers! { x: zs, dy: dgap, dx: dz };
            recording.global_pool_backward([images, images], input, &buffers, finish)?;
            Ok(dz)
        });
        let dz: Vec<f64> = (0..z.len())
            .map(|at| {
                let (n, c) = (at / 15 / inputs, at / 15 % inputs);
                let slope = |k: usize| f64::from(dy[n * outputs + k]) * f64::from(w[k * inputs + c]);
                if z[at] > 0.0 { (0..outputs).map(slope).sum::<f64>() / 15.0 } else { 0.0 }
            })
            .collect();
        close("head dz", &found, &dz);
        let db = room(&context, outputs);
        let found = run(&mut context, w.len(), |recording| {
            let dw = recording.scratch(w.len(), "dw");
            recording.linear_weight_gradient(sizes, &buffers! { x: gap, dy: dys, dw, db })?;
            Ok(dw)
        });
        let sum = |term: &dyn Fn(usize) -> f64| (0..images).map(term).sum::<f64>();
        let dw: Vec<f64> = (0..w.len())
            .map(|at| {
                let (k, c) = (at / inputs, at % inputs);
                sum(&|n| f64::from(dy[n * outputs + k]) * pooled[n * inputs + c])
            })
            .collect();
        close("head dw", &found, &dw);
        let found = look(&context, &db, outputs);
        let expected: Vec<f64> = (0..outputs).map(|k| sum(&|n| f64::from(dy[n * outputs + k]))).collect();
        close("head db", &found, &expected);
    }
}

#[test]
fn batch_norm_in_both_modes() {
    batch_norm(AdapterKind::Software);
}

#[test]
fn batch_norm_as_real_gpus_get_it() {
    batch_norm(AdapterKind::Discrete);
}

fn batch_norm(kind: AdapterKind) {
    let mut context = as_if(kind);
    let mut stream = Stream::new(6, "norm", 0);
    for (images, [channels, height, width]) in
        [(1, [1, 2, 2]), (4, [3, 5, 3]), (7, [2, 4, 4]), (66, [3, 9, 8])]
    {
        let input = Shape { channels, height, width };
        let (positions, count) = (input.positions(), (images * input.positions()) as f64);
        // A large mean shows whether the variance cancels.
        let x: Vec<f32> = numbers(&mut stream, images * input.elements()).iter().map(|v| v + 30.0).collect();
        let dy = numbers(&mut stream, x.len());
        let (gamma, beta) = (numbers(&mut stream, channels), numbers(&mut stream, channels));
        let mean0 = numbers(&mut stream, channels);
        let variance0: Vec<f32> = (0..channels).map(|_| 0.5 + stream.uniform() as f32).collect();
        let channel = |at: usize| at / positions % channels;
        let average = |values: &dyn Fn(usize) -> f64, c: usize| {
            (0..x.len()).filter(|at| channel(*at) == c).map(values).sum::<f64>() / count
        };
        let means: Vec<f64> = (0..channels).map(|c| average(&|at| f64::from(x[at]), c)).collect();
        let variances: Vec<f64> =
            (0..channels).map(|c| average(&|at| (f64::from(x[at]) - means[c]).powi(2), c)).collect();
        let hat = |at: usize| {
            let c = channel(at);
            (f64::from(x[at]) - means[c]) / (variances[c] + 1e-5).sqrt()
        };
        let slices = [&x, &gamma, &beta, &mean0, &variance0, &dy].map(|values| put(&context, values));
        let [xs, gammas, betas, running_mean, running_variance, dys] = &slices;
        let moments = room(&context, 2 * channels);
        let found = run(&mut context, x.len(), |recording| {
            let y = recording.scratch(x.len(), "y");
            let (x, gamma, beta) = (xs, gammas, betas);
            let buffers = buffers! { x, gamma, beta, running_mean, running_variance, moments, y };
            recording.norm_train(images, input, [1e-5, 0.1], false, &buffers)?;
            Ok(y)
        });
        let y: Vec<f64> = (0..x.len())
            .map(|at| hat(at) * f64::from(gamma[channel(at)]) + f64::from(beta[channel(at)]))
            .collect();
        close("norm", &found, &y);
        let moved = look(&context, running_variance, channels);
        let unbiased = count / (count - 1.0).max(1.0);
        let expected: Vec<f64> =
            (0..channels).map(|c| 0.9 * f64::from(variance0[c]) + 0.1 * variances[c] * unbiased).collect();
        close("running variance", &moved, &expected);
        let [gamma_slope, beta_slope] = [(); 2].map(|()| room(&context, channels));
        let found = run(&mut context, x.len(), |recording| {
            let dx = recording.scratch(x.len(), "dx");
            let (x, dy, gamma) = (xs, dys, gammas);
            let buffers = buffers! { x, dy, gamma, moments, gamma_slope, beta_slope, dx };
            recording.norm_backward(images, input, &buffers, false)?;
            Ok(dx)
        });
        let dx: Vec<f64> = (0..x.len())
            .map(|at| {
                let c = channel(at);
                let flat = average(&|at| f64::from(dy[at]), c);
                let along = average(&|at| f64::from(dy[at]) * hat(at), c);
                f64::from(gamma[c]) / (variances[c] + 1e-5).sqrt()
                    * (f64::from(dy[at]) - flat - hat(at) * along)
            })
            .collect();
        close("norm dx", &found, &dx);
        let found = look(&context, &gamma_slope, channels);
        let expected: Vec<f64> =
            (0..channels).map(|c| count * average(&|at| f64::from(dy[at]) * hat(at), c)).collect();
        close("norm dγ", &found, &expected);
        let (running_mean, running_variance) = (put(&context, &mean0), put(&context, &variance0));
        let found = run(&mut context, x.len(), |recording| {
            let y = recording.scratch(x.len(), "y");
            let (x, gamma, beta) = (xs, gammas, betas);
            let buffers = buffers! { x, gamma, beta, running_mean, running_variance, y };
            recording.norm_evaluate(images, input, 1e-5, true, &buffers)?;
            Ok(y)
        });
        let scale = |c: usize| f64::from(gamma[c]) / (f64::from(variance0[c]) + 1e-5).sqrt();
        let y: Vec<f64> = (0..x.len())
            .map(|at| {
                let c = channel(at);
                ((f64::from(x[at]) - f64::from(mean0[c])) * scale(c) + f64::from(beta[c])).max(0.0)
            })
            .collect();
        close("norm, evaluation", &found, &y);
        let found = run(&mut context, x.len(), |recording| {
            let dx = recording.scratch(x.len(), "dx");
            let buffers = buffers! { dy: dys, gamma: gammas, running_variance, dx };
            recording.norm_evaluate_backward(images, input, 1e-5, &buffers, false)?;
            Ok(dx)
        });
        let dx: Vec<f64> = (0..x.len()).map(|at| f64::from(dy[at]) * scale(channel(at))).collect();
        close("norm dx, evaluation", &found, &dx);
    }
}

/// A copy of `kernel` in which `right` is replaced by `wrong`.
fn broken(kernel: shaders::Kernel, right: &str, wrong: &str) -> shaders::Kernel {
    assert!(kernel.source.contains(right), "{} has no \"{right}\"", kernel.name);
    let source: &'static str = Box::leak(kernel.source.replace(right, wrong).into_boxed_str());
    shaders::Kernel { name: "broken", source }
}

/// Largest |difference| between what a kernel and its broken copy leave in `result`.
fn difference(
    kernel: shaders::Kernel,
    (right, wrong): (&str, &str),
    defines: &[(&'static str, i32)],
    words: &[(&'static str, Word)],
    inputs: &[(&'static str, &[f32])],
    (result, count, grid): (&'static str, usize, [u32; 3]),
) -> f64 {
    let results = [kernel, broken(kernel, right, wrong)].map(|kernel| {
        let mut context = context();
        let spans: Vec<Span> = inputs.iter().map(|(_, values)| put(&context, values)).collect();
        run(&mut context, count, |recording| {
            let written = recording.scratch(count, "result");
            let inputs = inputs.iter().map(|(name, _)| *name).zip(&spans);
            let buffers: Vec<_> = inputs.chain([(result, &written)]).collect();
            recording.run(kernel, defines, words, &buffers, grid, 1)?;
            Ok(written)
        })
    });
    results[0].iter().zip(&results[1]).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max)
}

#[test]
fn broken_kernels_are_far_outside_the_tolerance() {
    let mut stream = Stream::new(7, "broken", 0);
    let x = numbers(&mut stream, 16 * 16);
    let (w, b) = (numbers(&mut stream, 36), numbers(&mut stream, 4));
    let convolve = difference(
        shaders::CONVOLVE_3,
        ("inside = row < shape.height", "inside = row + 1u < shape.height"),
        &[
            ("ROWS", 2),
            ("COLUMNS", 8),
            ("VECTOR", 1),
            ("BIAS", 1),
            ("RELU", 0),
            ("MASK", 0),
            ("ADD", 0),
            ("ALONE", 0),
            ("WIDE", 64),
            ("BLOCKS", 1),
            ("DEEP", 1),
        ],
        &words! {
            images: 1usize, channels: 1usize, height: 16usize, width: 16usize, outputs: 4usize, quads: 4usize,
            gate: 1usize,
        },
        &[("x", &x), ("weights", &w), ("bias", &b)],
        ("y", 4 * 256, [1, 1, 1]),
    );
    let dy = numbers(&mut stream, 4 * 256);
    let weights = difference(
        shaders::WEIGHT_GRADIENT_3,
        ("row + 1u, quad)", "row + 2u, quad)"),
        &[("CHANNELS", 4), ("VECTOR", 1)],
        &words! {
            images: 1usize, channels: 1usize, height: 16usize, width: 16usize, outputs: 4usize, quads: 4usize,
            shares: 1usize, first: 0usize, end: 1usize,
        },
        &[("x", &x), ("dy", &dy)],
        ("shares", 40, [1, 1, 1]),
    );
    let dy = numbers(&mut stream, 64);
    let pool = difference(
        shaders::POOL_BACKWARD,
        ("value > largest", "value >= largest"),
        &[("MEAN", 0), ("MASK", 0), ("ADD", 0)],
        &words! {
            height: 16usize, width: 16usize, rows: 8usize, columns: 8usize, size: 2usize, total: 64usize,
            elements: 256usize, down: 8usize, across: 8usize,
        },
        &[("x", &x.iter().map(|v| v.max(0.0)).collect::<Vec<f32>>()), ("dy", &dy)],
        ("dx", 256, [1, 1, 1]),
    );
    let norm = difference(
        shaders::NORM_STATISTICS,
        ("- mean", "- mean - 1.0"),
        &[("LANES", 1)],
        &words! { positions: 256usize, total: 1usize },
        &[("x", &x.iter().map(|v| v + 3.0).collect::<Vec<f32>>())],
        ("planes", 2, [1, 1, 1]),
    );
    let all = [
        ("convolve_3", convolve),
        ("weight_gradient_3", weights),
        ("pool_backward", pool),
        ("norm_statistics", norm),
    ];
    for (name, difference) in all {
        assert!(difference > 100.0 * ABSOLUTE, "{name}: {difference}");
    }
}
