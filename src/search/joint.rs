//! The convex problem behind the joint choice: how far to go along many changes at once.
//!
//! Single gains do not add, because every change repairs the same errors. To first order in the logits the sum of
//! changes is known, though: with the logits oₙ of example n and dₙ𝒸 = J Δz𝒸, what candidate c adds to them, the
//! shares s ∈ [0, 1] of all candidates give the loss
//!
//! f(s) = mean over n of CE(oₙ + Σ𝒸 s𝒸·dₙ𝒸, yₙ) + Σ𝒸 penalty𝒸·s𝒸,
//!
//! a cross-entropy of an affine function, so that every local minimum is the minimum. [`Joint::solve`] finds it by
//! projected Newton steps (Bertsekas, "Projected Newton methods for optimization problems with simple constraints",
//! SIAM J. Control Optim. 20, 1982): a Newton step in the shares that no bound holds, bent back into the box, halved
//! until the true objective falls enough.
//!
//! Part of a gain is only training: what the existing weights would take for nothing. [`Joint::beyond`] sets their own
//! step against the candidates: a column of logits that costs nothing, is never made, and always has the share that
//! serves best. Whatever then still lowers the loss is growth.

use candle_core::{Device, Tensor};

use crate::engine::JointTable;

/// Newton steps at most; about ten are usual.
const STEPS: usize = 100;
/// A share counts as optimal if the gradient (nats a unit of share) would move it by no more than this.
const TOLERANCE: f64 = 1e-9;
/// Halvings of a step at most.
const HALVINGS: usize = 40;
/// Part of the predicted decrease that a step must bring (Armijo's rule).
const ARMIJO: f64 = 1e-4;
/// Added to the Hessian's diagonal, relative to its mean: equal candidates make it singular, and then share alike.
const RIDGE: f64 = 1e-9;
/// Examples of one matrix product.
const PIECE: usize = 256;

/// A share's range: `FREE`, or one value.
pub type Bounds = (f64, f64);
/// Any share from 0 to 1.
pub const FREE: Bounds = (0.0, 1.0);
/// Left out.
pub const OUT: Bounds = (0.0, 0.0);
/// Made as it is.
pub const WHOLE: Bounds = (1.0, 1.0);
/// The existing weights' own step: training goes on for longer than it took to find it.
const OWN: Bounds = (0.0, 10.0);

/// The problem of one table.
pub struct Joint<'a> {
    table: &'a JointTable,
    /// What the existing weights' own step adds to the logits, where it competes.
    own: Option<&'a [f32]>,
}

/// A point of the box.
struct Point {
    shares: Vec<f64>,
    /// Softmax of the moved logits, `[example][class]`.
    probabilities: Vec<f64>,
    /// The objective there.
    value: f64,
}

impl<'a> Joint<'a> {
    /// Of this table.
    pub fn new(table: &'a JointTable) -> Self {
        Self { table, own: None }
    }

    /// Beside the existing weights' own step, which adds `own` to the logits, `[example][class]`: every loss is the lowest
    /// that it leaves, every gain what comes beyond it.
    pub fn beyond(table: &'a JointTable, own: &'a [f32]) -> Self {
        Self { table, own: Some(own) }
    }

    /// Number of candidates.
    pub fn candidates(&self) -> usize {
        self.table.changes.len()
    }

    fn examples(&self) -> usize {
        self.table.labels.len()
    }

    /// Number of columns: the candidates, then the own step.
    fn columns(&self) -> usize {
        self.candidates() + usize::from(self.own.is_some())
    }

    fn column(&self, index: usize) -> &[f32] {
        match self.own {
            Some(own) if index == self.candidates() => own,
            _ => &self.table.changes[index],
        }
    }

    /// A value for each candidate, and one for the own step where it competes.
    fn with_own<T: Copy>(&self, candidates: &[T], own: T) -> Vec<T> {
        candidates.iter().copied().chain(self.own.map(|_| own)).collect()
    }

    /// Shares of all columns: the candidates' as they are, the own step's the best beside them.
    fn settled(&self, shares: &[f64]) -> Vec<f64> {
        match self.own {
            None => shares.to_vec(),
            Some(_) => {
                let held: Vec<Bounds> = shares.iter().map(|share| (*share, *share)).collect();
                self.solve_columns(&vec![0.0; self.candidates()], &held, shares)
            }
        }
    }

    /// Mean cross-entropy at these shares, in nats.
    pub fn loss(&self, shares: &[f64]) -> f64 {
        self.cross_entropy(&mut self.moved(&self.settled(shares)))
    }

    /// The share that the own step takes beside no candidate; 0 where it does not compete.
    pub fn own_share(&self) -> f64 {
        let settled = self.settled(&vec![0.0; self.candidates()]);
        settled.get(self.candidates()).copied().unwrap_or(0.0)
    }

    /// The largest gain of each candidate without any other, within its bounds.
    pub fn alone(&self, bounds: &[Bounds]) -> Vec<f64> {
        let none = vec![0.0; self.candidates()];
        let before = self.loss(&none);
        let gain = |candidate: usize| {
            let mut only = vec![OUT; self.candidates()];
            only[candidate] = bounds[candidate];
            before - self.cross_entropy(&mut self.moved(&self.solve_columns(&none, &only, &none)))
        };
        (0..self.candidates()).map(|c| if bounds[c] == OUT { 0.0 } else { gain(c) }).collect()
    }

    /// By how much the loss falls at these shares: the joint promise.
    pub fn gain(&self, shares: &[f64]) -> f64 {
        self.loss(&vec![0.0; self.candidates()]) - self.loss(shares)
    }

    /// By how much the loss would rise if one candidate alone were left out, for each with a share above 0.
    pub fn worths(&self, shares: &[f64]) -> Vec<f64> {
        if self.own.is_some() {
            return self.worths_beyond(shares);
        }
        let moved = self.moved(shares);
        let loss = self.cross_entropy(&mut moved.clone());
        let without = |candidate: usize| {
            let mut left = moved.clone();
            add(&mut left, &self.table.changes[candidate], -shares[candidate]);
            self.cross_entropy(&mut left) - loss
        };
        (0..self.candidates()).map(|c| if shares[c] > 0.0 { without(c) } else { 0.0 }).collect()
    }

    /// By how much the loss would fall further if one candidate alone joined these shares, for each without
    /// any: whole where
    /// `whole` says so, else at the best of the half, the whole and the vertex of the parabola through them.
    /// The own step is
    /// left out.
    pub fn additions(&self, shares: &[f64], whole: &[bool]) -> Vec<f64> {
        let moved = self.moved(shares);
        let loss = self.cross_entropy(&mut moved.clone());
        let with = |candidate: usize, share: f64| {
            let mut more = moved.clone();
            add(&mut more, &self.table.changes[candidate], share);
            loss - self.cross_entropy(&mut more)
        };
        let best = |candidate: usize| {
            let all = with(candidate, 1.0);
            if whole[candidate] {
                return all;
            }
            let half = with(candidate, 0.5);
            // gain(s) = bs − cs² through both.
            let (b, c) = (4.0 * half - all, 4.0 * half - 2.0 * all);
            let vertex = if c > 0.0 { (0.5 * b / c).clamp(0.0, 1.0) } else { 0.0 };
            with(candidate, vertex).max(half).max(all).max(0.0)
        };
        (0..self.candidates()).map(|c| if shares[c] > 0.0 { 0.0 } else { best(c) }).collect()
    }

    /// The same where the own step makes up for what it can.
    fn worths_beyond(&self, shares: &[f64]) -> Vec<f64> {
        let loss = self.loss(shares);
        let without = |candidate: usize| {
            let mut left = shares.to_vec();
            left[candidate] = 0.0;
            self.loss(&left) - loss
        };
        (0..self.candidates()).map(|c| if shares[c] > 0.0 { without(c) } else { 0.0 }).collect()
    }

    /// The shares within `bounds` that minimise the loss plus `penalties`·shares, found from `start`.
    pub fn solve(&self, penalties: &[f64], bounds: &[Bounds], start: &[f64]) -> Vec<f64> {
        let mut shares = self.solve_columns(penalties, bounds, start);
        shares.truncate(self.candidates());
        shares
    }

    /// [`Self::solve`], with the own step's share at the end.
    fn solve_columns(&self, penalties: &[f64], bounds: &[Bounds], start: &[f64]) -> Vec<f64> {
        let (penalties, bounds) = (&self.with_own(penalties, 0.0)[..], &self.with_own(bounds, OWN)[..]);
        let start = &self.with_own(start, 0.0);
        let inside = |shares: &[f64]| -> Vec<f64> {
            shares.iter().zip(bounds).map(|(share, (low, high))| share.clamp(*low, *high)).collect()
        };
        let mut point = self.point(inside(start), penalties);
        for _ in 0..STEPS {
            let gradient = self.gradient(&point, penalties, bounds);
            let moves = point.shares.iter().zip(&gradient).zip(bounds);
            let moves: Vec<f64> = moves.map(|((s, g), (low, high))| (s - g).clamp(*low, *high) - s).collect();
            let far = moves.iter().fold(0f64, |far, step| far.max(step.abs()));
            if far <= TOLERANCE {
                break;
            }
            // Held by a bound: at it, or nearly, with the gradient pointing out of the box.
            let near = far.min(1e-3);
            let held = |c: usize| {
                let (low, high) = bounds[c];
                low == high
                    || point.shares[c] <= low + near && gradient[c] > 0.0
                    || point.shares[c] >= high - near && gradient[c] < 0.0
            };
            let free: Vec<usize> = (0..self.columns()).filter(|c| !held(*c)).collect();
            let step = self.newton(&point, &gradient, &free);
            match self.descend(&point, &gradient, &free, &step, penalties, bounds) {
                Some(better) => point = better,
                None => break,
            }
        }
        point.shares
    }

    /// The first point on the bent step that brings enough; none where rounding hides any decrease.
    fn descend(
        &self,
        point: &Point,
        gradient: &[f64],
        free: &[usize],
        step: &[f64],
        penalties: &[f64],
        bounds: &[Bounds],
    ) -> Option<Point> {
        let mut is_free = vec![false; self.columns()];
        free.iter().for_each(|c| is_free[*c] = true);
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let mut shares = point.shares.clone();
            let mut promised = 0.0;
            for (c, share) in shares.iter_mut().enumerate() {
                let (low, high) = bounds[c];
                // A held share goes to its bound.
                let to = if is_free[c] { *share + length * step[c] } else { *share - length * gradient[c] };
                let to = to.clamp(low, high);
                promised += gradient[c] * if is_free[c] { length * -step[c] } else { *share - to };
                *share = to;
            }
            let next = self.point(shares, penalties);
            if next.value <= point.value - ARMIJO * promised && next.value < point.value {
                return Some(next);
            }
            length *= 0.5;
        }
        None
    }

    fn point(&self, shares: Vec<f64>, penalties: &[f64]) -> Point {
        let mut probabilities = self.moved(&shares);
        let loss = self.cross_entropy(&mut probabilities);
        let value = loss + penalties.iter().zip(&shares).map(|(penalty, share)| penalty * share).sum::<f64>();
        Point { shares, probabilities, value }
    }

    /// The logits at these shares of all columns.
    fn moved(&self, shares: &[f64]) -> Vec<f64> {
        let mut logits: Vec<f64> = self.table.logits.iter().map(|logit| f64::from(*logit)).collect();
        for (index, share) in shares.iter().enumerate() {
            if *share != 0.0 {
                add(&mut logits, self.column(index), *share);
            }
        }
        logits
    }

    /// Mean cross-entropy of logits, which become probabilities.
    fn cross_entropy(&self, logits: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for (row, label) in logits.chunks_mut(self.table.classes).zip(&self.table.labels) {
            let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let own = row[usize::from(*label)] - largest;
            let mut total = 0.0;
            for logit in row.iter_mut() {
                *logit = (*logit - largest).exp();
                total += *logit;
            }
            row.iter_mut().for_each(|power| *power /= total);
            sum += total.ln() - own;
        }
        sum / self.examples().max(1) as f64
    }

    /// The gradient in the shares that may move; 0 for the others.
    fn gradient(&self, point: &Point, penalties: &[f64], bounds: &[Bounds]) -> Vec<f64> {
        let examples = self.examples().max(1) as f64;
        let mut residual = point.probabilities.clone();
        for (row, label) in residual.chunks_mut(self.table.classes).zip(&self.table.labels) {
            row[usize::from(*label)] -= 1.0;
        }
        let slope = |change: &[f32]| -> f64 {
            change.iter().zip(&residual).map(|(d, r)| f64::from(*d) * r).sum::<f64>() / examples
        };
        let of = |c: usize| match bounds[c].0 == bounds[c].1 {
            true => 0.0,
            false => slope(self.column(c)) + penalties[c],
        };
        (0..self.columns()).map(of).collect()
    }

    /// The Newton step −H⁻¹g in the free shares; 0 for the others.
    fn newton(&self, point: &Point, gradient: &[f64], free: &[usize]) -> Vec<f64> {
        let mut step = vec![0.0; self.columns()];
        let mut hessian = self.hessian(point, free);
        let size = free.len();
        let mean = (0..size).map(|i| hessian[i * size + i]).sum::<f64>() / size.max(1) as f64;
        (0..size).for_each(|i| hessian[i * size + i] += RIDGE * mean + f64::MIN_POSITIVE);
        let right: Vec<f64> = free.iter().map(|c| -gradient[*c]).collect();
        for (c, value) in free.iter().zip(cholesky_solve(hessian, right)) {
            step[*c] = value;
        }
        step
    }

    /// The Hessian in the free shares: (1/N) Σₙ Dₙᵀ(diag p − p pᵀ)Dₙ, as the product AAᵀ/N of one row
    /// √p·(d − p·d) a candidate.
    fn hessian(&self, point: &Point, free: &[usize]) -> Vec<f64> {
        let (size, classes) = (free.len(), self.table.classes);
        let mut hessian = vec![0.0; size * size];
        if size == 0 {
            return hessian;
        }
        for (piece, probabilities) in point.probabilities.chunks(PIECE * classes).enumerate() {
            let roots: Vec<f64> = probabilities.iter().map(|p| p.sqrt()).collect();
            let mut rows = Vec::with_capacity(size * probabilities.len());
            for c in free {
                let change = &self.column(*c)[piece * PIECE * classes..][..probabilities.len()];
                for ((d, p), root) in
                    change.chunks(classes).zip(probabilities.chunks(classes)).zip(roots.chunks(classes))
                {
                    let mean: f64 = d.iter().zip(p).map(|(d, p)| f64::from(*d) * p).sum();
                    rows.extend(d.iter().zip(root).map(|(d, root)| root * (f64::from(*d) - mean)));
                }
            }
            add_products(&mut hessian, rows, size);
        }
        let examples = self.examples().max(1) as f64;
        hessian.iter_mut().for_each(|value| *value /= examples);
        hessian
    }
}

/// Adds `share`·d to logits.
fn add(logits: &mut [f64], change: &[f32], share: f64) {
    for (logit, d) in logits.iter_mut().zip(change) {
        *logit += share * f64::from(*d);
    }
}

/// Adds AAᵀ of a row-major matrix A of `size` rows.
fn add_products(sums: &mut [f64], rows: Vec<f64>, size: usize) {
    let columns = rows.len() / size;
    let products = Tensor::from_vec(rows, (size, columns), &Device::Cpu)
        .and_then(|a| a.matmul(&a.t()?)?.flatten_all()?.to_vec1::<f64>())
        .expect("a matrix fits its own transpose");
    sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
}

/// Solves Hx = b for a positive definite H (row-major, its lower half is read) by H = LLᵀ. A pivot that rounding
/// made negative is taken for a direction that does not matter: x is then 0 along it.
fn cholesky_solve(mut h: Vec<f64>, mut b: Vec<f64>) -> Vec<f64> {
    let size = b.len();
    for i in 0..size {
        for j in 0..=i {
            let (left, right) = (&h[i * size..i * size + j], &h[j * size..j * size + j]);
            let rest = h[i * size + j] - left.iter().zip(right).map(|(a, b)| a * b).sum::<f64>();
            h[i * size + j] = match (i == j, rest > 0.0) {
                (true, true) => rest.sqrt(),
                (true, false) => f64::INFINITY,
                (false, _) => rest / h[j * size + j],
            };
        }
    }
    for i in 0..size {
        let known: f64 = (0..i).map(|j| h[i * size + j] * b[j]).sum();
        b[i] = (b[i] - known) / h[i * size + i];
    }
    for i in (0..size).rev() {
        let known: f64 = (i + 1..size).map(|j| h[j * size + i] * b[j]).sum();
        b[i] = (b[i] - known) / h[i * size + i];
    }
    b
}

#[cfg(test)]
mod tests;
