//! ψ of one plane: batch norm's affine map, ReLU and pool.

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
pub fn larger<T: Real>(a: T, b: T) -> T {
    if b > a { b } else { a }
}
