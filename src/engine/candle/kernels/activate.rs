//! ψ: what stands between a convolution and the next linear layer, batch norm's affine map, ReLU and pool, in
//! one pass over each channel's plane.

use std::mem::MaybeUninit;

pub use super::activation::Activation;
use super::fresh::written;
use super::{in_vectors, pool_2x2};
use crate::engine::candle::real::Real;
use crate::morphism::Pool;

/// Scale and shift of one channel; the identity where there is no norm. `affine` is `[2, channels]`.
pub fn channel_affine<T: Real>(affine: Option<&[T]>, channel: usize) -> (T, T) {
    match affine {
        Some(affine) => (affine[channel], affine[affine.len() / 2 + channel]),
        None => (T::one(), T::zero()),
    }
}

/// Planes that one task handles: enough work to be worth a task.
pub fn planes_a_task(plane: usize) -> usize {
    (16_384 / plane).max(1)
}

/// ψ over `[examples, channels]` planes.
pub fn forward<T: Real>(activation: &Activation, channels: usize, u: &[T], affine: Option<&[T]>) -> Vec<T> {
    let (before, after) = (activation.before(), activation.after());
    let task = planes_a_task(before);
    let write = |index: usize, z: &mut [MaybeUninit<T>], room: &mut Vec<T>| {
        let first = index * task;
        let u = &u[first * before..][..z.len() / after * before];
        if !pool_2x2::covers(activation) {
            room.resize(z.len(), T::zero());
            in_vectors(
                #[inline(always)]
                || {
                    for (plane, (z, u)) in room.chunks_mut(after).zip(u.chunks(before)).enumerate() {
                        activation.plane(u, channel_affine(affine, (first + plane) % channels), z);
                    }
                },
            );
            z.write_copy_of_slice(room);
        } else if affine.is_none() {
            pool_2x2::forward(activation, u, z);
        } else if activation.pool == Pool::None {
            for (plane, (z, u)) in z.chunks_mut(after).zip(u.chunks(before)).enumerate() {
                affine_plane(u, channel_affine(affine, (first + plane) % channels), activation.relu, z);
            }
        } else {
            room.clear();
            for (plane, u) in u.chunks(before).enumerate() {
                let (scale, shift) = channel_affine(affine, (first + plane) % channels);
                room.extend(u.iter().map(|u| scale * *u + shift));
            }
            pool_2x2::forward(activation, room, z);
        }
    };
    // SAFETY: each way through `write` writes all of z.
    unsafe { written(u.len() / before * after, task * after, Vec::new, write) }.0
}

/// Gradient with respect to u (`scaled`), or to the affine map's output (not `scaled`: what batch norm's own
/// backward pass wants), for `[sets, examples, channels]` gradients over `[examples, channels]` planes.
pub fn gradient<T: Real>(
    activation: &Activation,
    channels: usize,
    u: &[T],
    affine: Option<&[T]>,
    dz: &[T],
    scaled: bool,
) -> Vec<T> {
    let (before, after) = (activation.before(), activation.after());
    let planes = u.len() / before;
    let task = planes_a_task(before);
    let write = |index: usize, du: &mut [MaybeUninit<T>], room: &mut Vec<T>| {
        let (first, count) = (index * task, du.len() / before);
        let dz = &dz[first * after..][..count * after];
        let affine_of = |plane: usize| channel_affine(affine, plane % planes % channels);
        let u_of = |plane: usize| &u[plane % planes * before..][..before];
        if !pool_2x2::covers(activation) {
            room.resize(du.len(), T::zero());
            in_vectors(
                #[inline(always)]
                || {
                    for (plane, (du, dz)) in room.chunks_mut(before).zip(dz.chunks(after)).enumerate() {
                        let affine = affine_of(first + plane);
                        let factor = if scaled { affine.0 } else { T::one() };
                        let u = u_of(first + plane);
                        activation.plane_gradient::<T, false>(u, affine, dz, factor, du);
                    }
                },
            );
            du.write_copy_of_slice(room);
        } else if affine.is_none() && first % planes + count <= planes {
            pool_2x2::gradient(activation, &u[first % planes * before..][..du.len()], dz, du);
        } else if activation.pool == Pool::None {
            for (plane, (du, dz)) in du.chunks_mut(before).zip(dz.chunks(after)).enumerate() {
                let affine = affine_of(first + plane);
                let factor = if scaled { affine.0 } else { T::one() };
                affine_plane_gradient(u_of(first + plane), affine, activation.relu, (factor, dz), du);
            }
        } else {
            room.clear();
            for plane in first..first + count {
                let (scale, shift) = affine_of(plane);
                room.extend(u_of(plane).iter().map(|u| scale * *u + shift));
            }
            for (plane, dz) in dz.chunks(after).enumerate() {
                let factor = if scaled { affine_of(first + plane).0 } else { T::one() };
                room.extend(dz.iter().map(|dz| factor * *dz));
            }
            let (u, dz) = room.split_at(du.len());
            pool_2x2::gradient(activation, u, dz, du);
        }
    };
    // SAFETY: each way through `write` writes all of du.
    unsafe { written(dz.len() / after * before, task * before, Vec::new, write) }.0
}

/// `z = relu(scale·u + shift)` of a plane that is not pooled; writes all of `z`.
fn affine_plane<T: Real>(u: &[T], (scale, shift): (T, T), relu: bool, z: &mut [MaybeUninit<T>]) {
    in_vectors(
        #[inline(always)]
        || {
            for (z, u) in z.iter_mut().zip(u) {
                let value = scale * *u + shift;
                z.write(if !relu || value > T::zero() { value } else { T::zero() });
            }
        },
    );
}

/// The gradient of [`affine_plane`], `factor` times what passes of `dz`; writes all of `du`.
fn affine_plane_gradient<T: Real>(
    u: &[T],
    (scale, shift): (T, T),
    relu: bool,
    (factor, dz): (T, &[T]),
    du: &mut [MaybeUninit<T>],
) {
    in_vectors(
        #[inline(always)]
        || {
            for ((du, u), dz) in du.iter_mut().zip(u).zip(dz) {
                let open = !relu || scale * *u + shift > T::zero();
                du.write(if open { factor * *dz } else { T::zero() });
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    const POOLS: [Pool; 5] = [Pool::None, Pool::Max(2), Pool::Max(3), Pool::Average(2), Pool::Average(3)];

    #[test]
    fn gradients_match_central_differences() {
        for pool in POOLS {
            for relu in [true, false] {
                let activation = Activation { height: 7, width: 6, relu, pool };
                let mut stream = Stream::new(4, "activation test", 0);
                let u: Vec<f64> = (0..42).map(|_| stream.normal()).collect();
                let dz: Vec<f64> = (0..activation.after()).map(|_| stream.normal()).collect();
                let affine = (-1.3, 0.2);
                let value = |u: &[f64]| {
                    let mut z = vec![0.0; activation.after()];
                    activation.plane(u, affine, &mut z);
                    z.iter().zip(&dz).map(|(z, dz)| z * dz).sum::<f64>()
                };
                let mut du = vec![f64::NAN; 42];
                activation.plane_gradient::<f64, false>(&u, affine, &dz, affine.0, &mut du);
                let mut twice = du.clone();
                activation.plane_gradient::<f64, true>(&u, affine, &dz, affine.0, &mut twice);
                assert!(du.iter().zip(&twice).all(|(once, twice)| *twice == 2.0 * once), "adding");
                for index in 0..42 {
                    let moved = |step: f64| {
                        let mut u = u.clone();
                        u[index] += step;
                        value(&u)
                    };
                    let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                    assert!((du[index] - difference).abs() < 1e-7, "{pool:?} {relu} {index}");
                }
            }
        }
    }

    #[test]
    fn ties_give_their_gradient_to_the_first_and_a_relu_none_at_zero() {
        for pool in [Pool::Max(2), Pool::Max(3)] {
            let Pool::Max(size) = pool else { unreachable!() };
            let activation = Activation { height: size, width: size, relu: true, pool };
            let mut du = vec![0.0; size * size];
            activation.plane_gradient::<f64, false>(
                &vec![1.0; size * size],
                (1.0, 0.0),
                &[5.0],
                1.0,
                &mut du,
            );
            assert_eq!((du[0], du.iter().sum::<f64>()), (5.0, 5.0));
            activation.plane_gradient::<f64, false>(
                &vec![0.0; size * size],
                (1.0, 0.0),
                &[5.0],
                1.0,
                &mut du,
            );
            assert_eq!(du.iter().sum::<f64>(), 0.0);
        }
    }

    #[test]
    fn many_planes_at_once_are_each_plane_alone() {
        let (examples, channels, sets) = (3, 5, 2);
        for (pool, width, height) in [Pool::None, Pool::Max(2), Pool::Average(2), Pool::Max(3)]
            .into_iter()
            .flat_map(|pool| [(pool, 4, 6), (pool, 8, 4), (pool, 16, 16), (pool, 32, 64), (pool, 6, 4)])
        {
            for (relu, with_norm) in [(true, true), (true, false), (false, true), (false, false)] {
                let activation = Activation { height, width, relu, pool };
                let (before, after) = (activation.before(), activation.after());
                let mut stream = Stream::new(9, "activation test", 0);
                // Whole numbers, so that windows have equal maxima and ReLU meets zeros.
                let mut draw = |count: usize| (0..count).map(|_| stream.below(5) as f64 - 2.0).collect();
                let u: Vec<f64> = draw(examples * channels * before);
                let dz: Vec<f64> = draw(sets * examples * channels * after);
                let affine: Vec<f64> = draw(2 * channels);
                let affine = with_norm.then_some(affine.as_slice());
                let (mut z_alone, mut du_alone) = (vec![f64::NAN; u.len() / before * after], Vec::new());
                for (plane, (u, z)) in u.chunks(before).zip(z_alone.chunks_mut(after)).enumerate() {
                    activation.plane(u, channel_affine(affine, plane % channels), z);
                }
                assert_eq!(forward(&activation, channels, &u, affine), z_alone, "{activation:?}");
                for (plane, dz) in dz.chunks(after).enumerate() {
                    let plane = plane % (examples * channels);
                    let (scale, shift) = channel_affine(affine, plane % channels);
                    let mut du = vec![f64::NAN; before];
                    let u = &u[plane * before..][..before];
                    activation.plane_gradient::<f64, false>(u, (scale, shift), dz, scale, &mut du);
                    du_alone.extend(du);
                }
                let du = gradient(&activation, channels, &u, affine, &dz, true);
                assert_eq!(du, du_alone, "{activation:?}");
            }
        }
    }
}
