//! ψ: what stands between a convolution and the next linear layer, batch norm's affine map, ReLU and pool, in
//! one pass over each channel's plane.

use std::mem::MaybeUninit;

use rayon::prelude::*;

use super::{quarters, vectorised};
use crate::engine::candle::real::Real;
use crate::morphism::Pool;

/// What ψ does to planes of `height`×`width`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activation {
    /// Rows before the pool.
    pub height: usize,
    /// Columns before the pool.
    pub width: usize,
    /// Whether there is a ReLU.
    pub relu: bool,
    /// The pool.
    pub pool: Pool,
}

impl Activation {
    /// Rows and columns after the pool.
    pub fn pooled(&self) -> (usize, usize) {
        match self.pool {
            Pool::None => (self.height, self.width),
            Pool::Max(size) | Pool::Average(size) => (self.height / size, self.width / size),
        }
    }

    /// Numbers of a plane before the pool.
    pub fn before(&self) -> usize {
        self.height * self.width
    }

    /// Numbers of a plane after the pool.
    pub fn after(&self) -> usize {
        self.pooled().0 * self.pooled().1
    }

    /// One plane: `z = pool(relu(scale·u + shift))`. Inlined, so that the caller's vector instructions apply.
    #[inline(always)]
    pub fn plane<T: Real>(&self, u: &[T], (scale, shift): (T, T), z: &mut [T]) {
        let relu = |value: T| if !self.relu || value > T::zero() { value } else { T::zero() };
        match self.pool {
            Pool::None => {
                for (z, u) in z.iter_mut().zip(u) {
                    *z = relu(scale * *u + shift);
                }
            }
            Pool::Max(2) => {
                let columns = self.pooled().1;
                for (y, z) in z.chunks_exact_mut(columns).enumerate() {
                    let (top, bottom) = self.row_pair(u, y);
                    for ((z, top), bottom) in
                        z.iter_mut().zip(top.chunks_exact(2)).zip(bottom.chunks_exact(2))
                    {
                        let [a, b] = [top[0], top[1]].map(|u| scale * u + shift);
                        let [c, d] = [bottom[0], bottom[1]].map(|u| scale * u + shift);
                        *z = relu(larger(larger(a, b), larger(c, d)));
                    }
                }
            }
            Pool::Max(size) => self.windows(size, |window, position| {
                let values = window.map(|index| scale * u[index] + shift);
                z[position] = relu(values.reduce(larger).expect("windows are not empty"));
            }),
            Pool::Average(2) => {
                let (columns, quarter) = (self.pooled().1, T::from_f64(0.25));
                for (y, z) in z.chunks_exact_mut(columns).enumerate() {
                    let (top, bottom) = self.row_pair(u, y);
                    for ((z, top), bottom) in
                        z.iter_mut().zip(top.chunks_exact(2)).zip(bottom.chunks_exact(2))
                    {
                        let [a, b] = [top[0], top[1]].map(|u| relu(scale * u + shift));
                        let [c, d] = [bottom[0], bottom[1]].map(|u| relu(scale * u + shift));
                        *z = quarter * ((a + b) + (c + d));
                    }
                }
            }
            Pool::Average(size) => {
                let share = T::one() / T::from_f64((size * size) as f64);
                self.windows(size, |window, position| {
                    z[position] = share * window.map(|index| relu(scale * u[index] + shift)).sum::<T>();
                });
            }
        }
    }

    /// One plane's gradient: `du = factor · dψ/d(scale·u + shift) · dz`, or added to du if `ADD`. A maximum's
    /// gradient goes to the first of equals; ReLU's derivative at 0 is 0. Inlined like [`Self::plane`].
    #[inline(always)]
    pub fn plane_gradient<T: Real, const ADD: bool>(
        &self,
        u: &[T],
        (scale, shift): (T, T),
        dz: &[T],
        factor: T,
        du: &mut [T],
    ) {
        let put = |du: &mut T, gradient: T| if ADD { *du += gradient } else { *du = gradient };
        let open = |value: T| !self.relu || value > T::zero();
        let covered = self.pooled().0 * 2 == self.height && self.pooled().1 * 2 == self.width;
        let assigns = matches!(self.pool, Pool::Max(2) | Pool::Average(2)) && covered;
        if !ADD && !assigns && self.pool != Pool::None {
            du.fill(T::zero());
        }
        match self.pool {
            Pool::None => {
                for ((du, u), dz) in du.iter_mut().zip(u).zip(dz) {
                    let gradient = factor * *dz;
                    put(du, if open(scale * *u + shift) { gradient } else { T::zero() });
                }
            }
            Pool::Max(2) => {
                let columns = self.pooled().1;
                for (y, dz) in dz.chunks_exact(columns).enumerate() {
                    let rows = self.row_pair(u, y);
                    let (du_top, du_bottom) =
                        du[2 * y * self.width..][..2 * self.width].split_at_mut(self.width);
                    let u = rows.0.chunks_exact(2).zip(rows.1.chunks_exact(2));
                    let du = du_top.chunks_exact_mut(2).zip(du_bottom.chunks_exact_mut(2));
                    for ((dz, (top, bottom)), (du_top, du_bottom)) in dz.iter().zip(u).zip(du) {
                        let [a, b] = [top[0], top[1]].map(|u| scale * u + shift);
                        let [c, d] = [bottom[0], bottom[1]].map(|u| scale * u + shift);
                        let most = larger(larger(a, b), larger(c, d));
                        let gradient = if open(most) { factor * *dz } else { T::zero() };
                        let to_a = a == most;
                        let to_b = (b == most) & !to_a;
                        let to_c = (c == most) & !(to_a | to_b);
                        let to_d = !(to_a | to_b | to_c);
                        let give = |to: bool| if to { gradient } else { T::zero() };
                        put(&mut du_top[0], give(to_a));
                        put(&mut du_top[1], give(to_b));
                        put(&mut du_bottom[0], give(to_c));
                        put(&mut du_bottom[1], give(to_d));
                    }
                }
            }
            Pool::Average(2) => {
                let (columns, share) = (self.pooled().1, factor * T::from_f64(0.25));
                for (row, (du, u)) in
                    du.chunks_exact_mut(self.width).zip(u.chunks_exact(self.width)).enumerate()
                {
                    let Some(dz) = dz.chunks_exact(columns).nth(row / 2) else { break };
                    let pairs = du.chunks_exact_mut(2).zip(u.chunks_exact(2));
                    for (dz, (du, u)) in dz.iter().zip(pairs) {
                        let give = |u: T| if open(scale * u + shift) { share * *dz } else { T::zero() };
                        put(&mut du[0], give(u[0]));
                        put(&mut du[1], give(u[1]));
                    }
                }
            }
            Pool::Max(size) => self.windows(size, |mut window, position| {
                let value = |index: usize| scale * u[index] + shift;
                let first = window.next().expect("windows are not empty");
                let most =
                    window.fold(first, |best, index| if value(index) > value(best) { index } else { best });
                if open(value(most)) {
                    du[most] += factor * dz[position];
                }
            }),
            Pool::Average(size) => {
                let share = factor / T::from_f64((size * size) as f64);
                self.windows(size, |window, position| {
                    for index in window {
                        if open(scale * u[index] + shift) {
                            du[index] += share * dz[position];
                        }
                    }
                });
            }
        }
    }

    #[inline(always)]
    fn row_pair<'a, T>(&self, u: &'a [T], y: usize) -> (&'a [T], &'a [T]) {
        u[2 * y * self.width..][..2 * self.width].split_at(self.width)
    }

    /// Calls `visit` with the indices of each window and the position that it is pooled to.
    fn windows(&self, size: usize, mut visit: impl FnMut(WindowIndices, usize)) {
        let (rows, columns) = self.pooled();
        for (y, x) in (0..rows * columns).map(|position| (position / columns, position % columns)) {
            let corner = y * size * self.width + x * size;
            let window = WindowIndices { corner, size, width: self.width, next: 0 };
            visit(window, y * columns + x);
        }
    }
}

/// Indices of a pool window, row by row.
struct WindowIndices {
    corner: usize,
    size: usize,
    width: usize,
    next: usize,
}

impl Iterator for WindowIndices {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let index = self.next;
        self.next += 1;
        (index < self.size * self.size)
            .then(|| self.corner + index / self.size * self.width + index % self.size)
    }
}

#[inline(always)]
pub(super) fn larger<T: Real>(a: T, b: T) -> T {
    if b > a { b } else { a }
}

/// Scale and shift of one channel; the identity where there is no norm. `affine` is `[2, channels]`.
pub fn channel_affine<T: Real>(affine: Option<&[T]>, channel: usize) -> (T, T) {
    match affine {
        Some(affine) => (affine[channel], affine[affine.len() / 2 + channel]),
        None => (T::one(), T::zero()),
    }
}

/// Planes that one task handles: enough work to be worth a task.
fn planes_a_task(plane: usize) -> usize {
    (16_384 / plane).max(1)
}

/// Fresh memory of `count` numbers, written once by `write`, task by task of `task` numbers; `write` gets room of
/// its own to work in, and must write all that it is given.
fn written<T: Real>(
    count: usize,
    task: usize,
    write: impl Fn(usize, &mut [MaybeUninit<T>], &mut Vec<T>) + Sync,
) -> Vec<T> {
    let mut numbers: Vec<T> = Vec::with_capacity(count);
    numbers.spare_capacity_mut()[..count]
        .par_chunks_mut(task)
        .enumerate()
        .for_each_init(Vec::new, |room, (index, numbers)| write(index, numbers, room));
    // SAFETY: the tasks cover all `count` numbers, and each wrote all of its own.
    unsafe { numbers.set_len(count) };
    numbers
}

/// ψ over `[examples, channels]` planes.
pub fn forward<T: Real>(activation: &Activation, channels: usize, u: &[T], affine: Option<&[T]>) -> Vec<T> {
    let (before, after) = (activation.before(), activation.after());
    let task = planes_a_task(before);
    written(u.len() / before * after, task * after, |index, z, room| {
        let first = index * task;
        let u = &u[first * before..][..z.len() / after * before];
        if !quarters::covers(activation) {
            room.resize(z.len(), T::zero());
            vectorised(
                #[inline(always)]
                || {
                    for (plane, (z, u)) in room.chunks_mut(after).zip(u.chunks(before)).enumerate() {
                        activation.plane(u, channel_affine(affine, (first + plane) % channels), z);
                    }
                },
            );
            z.write_copy_of_slice(room);
        } else if affine.is_none() {
            quarters::forward(activation, u, z);
        } else {
            room.clear();
            for (plane, u) in u.chunks(before).enumerate() {
                let (scale, shift) = channel_affine(affine, (first + plane) % channels);
                room.extend(u.iter().map(|u| scale * *u + shift));
            }
            quarters::forward(activation, room, z);
        }
    })
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
    written(dz.len() / after * before, task * before, |index, du, room| {
        let (first, count) = (index * task, du.len() / before);
        let dz = &dz[first * after..][..count * after];
        let affine_of = |plane: usize| channel_affine(affine, plane % planes % channels);
        let u_of = |plane: usize| &u[plane % planes * before..][..before];
        if !quarters::covers(activation) {
            room.resize(du.len(), T::zero());
            vectorised(
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
            quarters::gradient(activation, &u[first % planes * before..][..du.len()], dz, du);
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
            quarters::gradient(activation, u, dz, du);
        }
    })
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
    fn equals_give_their_gradient_to_the_first_and_zero_is_closed() {
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
