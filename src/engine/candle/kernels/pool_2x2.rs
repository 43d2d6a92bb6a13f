//! ReLU with a 2×2 pool or none, over many planes at once: what training and estimating spend their activations
//! on, in loops that compile to full vectors whatever the planes' size.
//!
//! The pool's windows are taken apart into four arrays, one for each corner, so that one loop without any shuffle
//! computes all windows of many planes. Each loop is dispatched to the processor's vectors on its own: compiled
//! once for each instruction set, and not again for every pool and width around it.
//! [`super::activation::Activation::plane`] is the other way to the same numbers, for any pool, one plane at a time.

use std::mem::MaybeUninit;

use super::activation::{Activation, larger};
use super::in_vectors;
use crate::engine::candle::real::Real;
use crate::morphism::Pool;

/// Windows taken apart at a time: their corners, and their rows on the way, stay in the first-level cache.
const WINDOWS: usize = 512;

/// The corners of windows: top left, top right, bottom left, bottom right.
type Corners<T> = [[T; WINDOWS]; 4];

/// Whether these loops compute `activation`: the others need windows that cover the plane, of usual width.
pub fn covers(activation: &Activation) -> bool {
    match activation.pool {
        Pool::None => true,
        Pool::Max(2) | Pool::Average(2) => {
            activation.height.is_multiple_of(2) && matches!(activation.width, 4 | 8 | 16 | 32)
        }
        Pool::Max(_) | Pool::Average(_) => false,
    }
}

/// `z = pool(relu(u))` over concatenated planes; writes all of `z`.
pub fn forward<T: Real>(activation: &Activation, u: &[T], z: &mut [MaybeUninit<T>]) {
    let zero = T::zero();
    if activation.relu {
        forward_with(activation, u, z, |value| if value > zero { value } else { zero });
    } else {
        forward_with(activation, u, z, |value| value);
    }
}

fn forward_with<T: Real>(
    activation: &Activation,
    u: &[T],
    z: &mut [MaybeUninit<T>],
    relu: impl Fn(T) -> T + Copy,
) {
    let quarter = T::from_f64(0.25);
    match activation.pool {
        Pool::None => in_vectors(
            #[inline(always)]
            || {
                z.iter_mut().zip(u).for_each(|(z, u)| {
                    z.write(relu(*u));
                });
            },
        ),
        Pool::Max(_) => {
            merge(activation.width, u, z, |[a, b, c, d]| relu(larger(larger(a, b), larger(c, d))))
        }
        Pool::Average(_) => {
            merge(activation.width, u, z, |window| {
                let [a, b, c, d] = window.map(relu);
                quarter * ((a + b) + (c + d))
            });
        }
    }
}

/// `du = dψ/du · dz` over concatenated planes; writes all of `du`.
pub fn gradient<T: Real>(activation: &Activation, u: &[T], dz: &[T], du: &mut [MaybeUninit<T>]) {
    let zero = T::zero();
    if activation.relu {
        gradient_with(activation, u, dz, du, |value, given| if value > zero { given } else { zero });
    } else {
        gradient_with(activation, u, dz, du, |_, given| given);
    }
}

fn gradient_with<T: Real>(
    activation: &Activation,
    u: &[T],
    dz: &[T],
    du: &mut [MaybeUninit<T>],
    pass: impl Fn(T, T) -> T + Copy,
) {
    let (quarter, zero) = (T::from_f64(0.25), T::zero());
    match activation.pool {
        Pool::None => in_vectors(
            #[inline(always)]
            || {
                du.iter_mut().zip(u).zip(dz).for_each(|((du, u), dz)| {
                    du.write(pass(*u, *dz));
                });
            },
        ),
        Pool::Max(_) => spread(activation.width, u, dz, du, |[a, b, c, d], dz| {
            let most = larger(larger(a, b), larger(c, d));
            let given = pass(most, dz);
            let (to_a, to_b, to_c) = (a == most, b == most, c == most);
            [
                if to_a { given } else { zero },
                if to_b & !to_a { given } else { zero },
                if to_c & !(to_a | to_b) { given } else { zero },
                if to_a | to_b | to_c { zero } else { given },
            ]
        }),
        Pool::Average(_) => spread(activation.width, u, dz, du, |window, dz| {
            let share = quarter * dz;
            window.map(|value| pass(value, share))
        }),
    }
}

/// Writes what `window` makes of each window of four.
fn merge<T: Real>(width: usize, u: &[T], z: &mut [MaybeUninit<T>], window: impl Fn([T; 4]) -> T) {
    let mut corners = [[T::zero(); WINDOWS]; 4];
    for (u, z) in u.chunks(4 * WINDOWS).zip(z.chunks_mut(WINDOWS)) {
        take_apart(width, u, &mut corners);
        let [a, b, c, d] = &corners;
        in_vectors(
            #[inline(always)]
            || {
                for ((((z, a), b), c), d) in z.iter_mut().zip(a).zip(b).zip(c).zip(d) {
                    z.write(window([*a, *b, *c, *d]));
                }
            },
        );
    }
}

/// Writes what `window` makes of each window of four and the gradient of what it was pooled to.
fn spread<T: Real>(
    width: usize,
    u: &[T],
    dz: &[T],
    du: &mut [MaybeUninit<T>],
    window: impl Fn([T; 4], T) -> [T; 4],
) {
    let mut corners = [[T::zero(); WINDOWS]; 4];
    for ((u, dz), du) in u.chunks(4 * WINDOWS).zip(dz.chunks(WINDOWS)).zip(du.chunks_mut(4 * WINDOWS)) {
        take_apart(width, u, &mut corners);
        let [a, b, c, d] = &mut corners;
        in_vectors(
            #[inline(always)]
            || {
                for ((((dz, a), b), c), d) in dz.iter().zip(&mut *a).zip(&mut *b).zip(&mut *c).zip(&mut *d) {
                    [*a, *b, *c, *d] = window([*a, *b, *c, *d], *dz);
                }
            },
        );
        put_together(width, &corners, du);
    }
}

fn take_apart<T: Real>(width: usize, u: &[T], corners: &mut Corners<T>) {
    match width {
        32 => in_vectors(
            #[inline(always)]
            || rows_apart::<T, 16>(u, corners),
        ),
        16 => in_vectors(
            #[inline(always)]
            || rows_apart::<T, 8>(u, corners),
        ),
        8 => in_vectors(
            #[inline(always)]
            || rows_apart::<T, 4>(u, corners),
        ),
        _ => in_vectors(
            #[inline(always)]
            || rows_apart::<T, 2>(u, corners),
        ),
    }
}

fn put_together<T: Real>(width: usize, corners: &Corners<T>, u: &mut [MaybeUninit<T>]) {
    match width {
        32 => in_vectors(
            #[inline(always)]
            || rows_together::<T, 16>(corners, u),
        ),
        16 => in_vectors(
            #[inline(always)]
            || rows_together::<T, 8>(corners, u),
        ),
        8 => in_vectors(
            #[inline(always)]
            || rows_together::<T, 4>(corners, u),
        ),
        _ => in_vectors(
            #[inline(always)]
            || rows_together::<T, 2>(corners, u),
        ),
    }
}

/// First even and odd columns apart, over all rows alike, then even and odd rows of `HALF` numbers.
#[inline(always)]
fn rows_apart<T: Real, const HALF: usize>(u: &[T], [a, b, c, d]: &mut Corners<T>) {
    let (mut even, mut odd) = ([T::zero(); 2 * WINDOWS], [T::zero(); 2 * WINDOWS]);
    for ((u, even), odd) in u.as_chunks::<2>().0.iter().zip(&mut even).zip(&mut odd) {
        (*even, *odd) = (u[0], u[1]);
    }
    for (columns, top, bottom) in [(&even, a, c), (&odd, b, d)] {
        let rows = columns[..u.len() / 2].as_chunks::<HALF>().0.as_chunks::<2>().0;
        let halves = top.as_chunks_mut::<HALF>().0.iter_mut().zip(bottom.as_chunks_mut::<HALF>().0);
        for (rows, (top, bottom)) in rows.iter().zip(halves) {
            [*top, *bottom] = *rows;
        }
    }
}

/// Undoes [`rows_apart`].
#[inline(always)]
fn rows_together<T: Real, const HALF: usize>([a, b, c, d]: &Corners<T>, u: &mut [MaybeUninit<T>]) {
    let (mut even, mut odd) = ([T::zero(); 2 * WINDOWS], [T::zero(); 2 * WINDOWS]);
    for (columns, top, bottom) in [(&mut even, a, c), (&mut odd, b, d)] {
        let rows = columns[..u.len() / 2].as_chunks_mut::<HALF>().0.as_chunks_mut::<2>().0;
        let halves = top.as_chunks::<HALF>().0.iter().zip(bottom.as_chunks::<HALF>().0);
        for (rows, (top, bottom)) in rows.iter_mut().zip(halves) {
            *rows = [*top, *bottom];
        }
    }
    for ((u, even), odd) in u.as_chunks_mut::<2>().0.iter_mut().zip(&even).zip(&odd) {
        *u = [MaybeUninit::new(*even), MaybeUninit::new(*odd)];
    }
}
