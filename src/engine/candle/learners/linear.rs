//! Linear algebra for closed-form learners: row-major f64 matrices of a few hundred rows.

use crate::engine::candle::real::matmul;
use crate::random::Stream;

/// Largest Krylov space before a restart.
const KRYLOV: usize = 40;
/// Restarts at most.
const RESTARTS: usize = 50;
/// A residual below this share of the largest eigenvalue seen ends the search.
const PRECISION: f64 = 1e-11;
/// A singular value below this share of the largest is rounding: slopes come as f32.
const RANK: f64 = 1e-5;
/// Share of the mean of a matrix's diagonal that is added to it before it is factored: moments of few or silent
/// channels are singular.
const RIDGE: f64 = 1e-6;

/// Inner product.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// A matrix times a vector.
pub fn apply(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    matrix.chunks_exact(vector.len()).map(|row| dot(row, vector)).collect()
}

/// `out += leftᵀ · right`, left `[k, m]`, right `[k, n]`, out `[m, n]`.
pub fn add_moment(out: &mut [f64], left: &[f64], m: usize, right: &[f64], n: usize) {
    let k = left.len() / m;
    matmul((m, k, n), out, true, left, (1, m), right, (n, 1));
}

/// The lowest eigenvalue of a symmetric operator on `size` numbers, and its eigenvector of length 1: Lanczos with full
/// reorthogonalisation, restarted from the best vector so far.
pub fn lowest(size: usize, operator: impl Fn(&[f64]) -> Vec<f64>) -> (f64, Vec<f64>) {
    let mut stream = Stream::new(0, "start of Lanczos", 0);
    let mut start: Vec<f64> = (0..size).map(|_| stream.normal()).collect();
    let mut value = 0.0;
    for _ in 0..RESTARTS {
        let length = norm(&start);
        let mut basis = vec![start.iter().map(|number| number / length).collect::<Vec<f64>>()];
        let steps = KRYLOV.min(size);
        let mut projected = vec![0.0; steps * steps];
        let mut used = 0;
        for step in 0..steps {
            let mut next = operator(&basis[step]);
            used = step + 1;
            // Twice is enough to keep the basis orthogonal; the first pass gives the projection.
            for pass in 0..2 {
                for (index, vector) in basis.iter().enumerate() {
                    let along = dot(vector, &next);
                    next.iter_mut().zip(vector).for_each(|(next, vector)| *next -= along * vector);
                    if pass == 0 && index == step {
                        projected[step * steps + step] = along;
                    }
                }
            }
            let length = norm(&next);
            if step + 1 == steps || length <= 1e-14 * projected[0].abs().max(f64::MIN_POSITIVE) {
                break;
            }
            (projected[step * steps + step + 1], projected[(step + 1) * steps + step]) = (length, length);
            basis.push(next.iter().map(|number| number / length).collect());
        }
        let small: Vec<f64> = (0..used * used).map(|at| projected[at / used * steps + at % used]).collect();
        let (values, vectors) = jacobi(used, small);
        let best = (0..used).min_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap_or(0);
        value = values[best];
        start = vec![0.0; size];
        for (index, vector) in basis.iter().enumerate().take(used) {
            let share = vectors[index * used + best];
            start.iter_mut().zip(vector).for_each(|(start, vector)| *start += share * vector);
        }
        let image = operator(&start);
        let residual: Vec<f64> = image.iter().zip(&start).map(|(image, v)| image - value * v).collect();
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        if norm(&residual) <= PRECISION * largest {
            break;
        }
    }
    let length = norm(&start);
    (value, start.iter().map(|number| number / length).collect())
}

/// Eigenvalues of a symmetric matrix, and its eigenvectors as columns: Jacobi's rotations, row by row.
pub fn jacobi(size: usize, mut matrix: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    let mut vectors: Vec<f64> =
        (0..size * size).map(|at| f64::from(u8::from(at / size == at % size))).collect();
    let total = norm(&matrix);
    for _ in 0..60 {
        let off: f64 =
            (0..size * size).filter(|at| at / size != at % size).map(|at| matrix[at].powi(2)).sum();
        if off.sqrt() <= 1e-15 * total {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                let apq = matrix[p * size + q];
                if apq == 0.0 {
                    continue;
                }
                let theta = (matrix[q * size + q] - matrix[p * size + p]) / (2.0 * apq);
                let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for k in 0..size {
                    let (kp, kq) = (matrix[k * size + p], matrix[k * size + q]);
                    (matrix[k * size + p], matrix[k * size + q]) =
                        (cosine * kp - sine * kq, sine * kp + cosine * kq);
                    let (vp, vq) = (vectors[k * size + p], vectors[k * size + q]);
                    (vectors[k * size + p], vectors[k * size + q]) =
                        (cosine * vp - sine * vq, sine * vp + cosine * vq);
                }
                for k in 0..size {
                    let (pk, qk) = (matrix[p * size + k], matrix[q * size + k]);
                    (matrix[p * size + k], matrix[q * size + k]) =
                        (cosine * pk - sine * qk, sine * pk + cosine * qk);
                }
            }
        }
    }
    ((0..size).map(|at| matrix[at * size + at]).collect(), vectors)
}

/// The largest singular value of `[rows, columns]` with its left and right vectors of length 1.
pub fn top_singular(rows: usize, columns: usize, matrix: &[f64]) -> Singular {
    let transposed: Vec<f64> =
        (0..rows * columns).map(|at| matrix[at % rows * columns + at / rows]).collect();
    let (wide, high) = (matrix, transposed.as_slice());
    // The smaller of MMᵀ and MᵀM, turned around so that its largest eigenvalue is the lowest.
    let (size, first, second) = if rows <= columns { (rows, high, wide) } else { (columns, wide, high) };
    let squared = |vector: &[f64]| -> Vec<f64> {
        apply(second, &apply(first, vector)).into_iter().map(|number| -number).collect()
    };
    let (_, vector) = lowest(size, squared);
    let image = apply(first, &vector);
    let value = norm(&image);
    let image: Vec<f64> = image.iter().map(|number| number / value.max(f64::MIN_POSITIVE)).collect();
    if rows <= columns { (value, vector, image) } else { (value, image, vector) }
}

/// A singular value with its left and right vectors of length 1.
pub type Singular = (f64, Vec<f64>, Vec<f64>);

/// The `count` largest singular values with their vectors, the largest first, fewer where the rank is less:
/// each is the largest of what those before it leave.
pub fn top_singulars(rows: usize, columns: usize, matrix: &[f64], count: usize) -> Vec<Singular> {
    let mut rest = matrix.to_vec();
    let mut found: Vec<Singular> = Vec::new();
    for _ in 0..count.min(rows).min(columns) {
        let (value, left, right) = top_singular(rows, columns, &rest);
        if found.first().is_some_and(|(largest, ..)| value <= RANK * largest) {
            break;
        }
        for (row, left) in rest.chunks_exact_mut(columns).zip(&left) {
            row.iter_mut().zip(&right).for_each(|(number, right)| *number -= value * left * right);
        }
        found.push((value, left, right));
    }
    found
}

/// Each singular value as a share of the largest, which is found first.
pub fn shares(found: &[Singular]) -> Vec<f64> {
    let largest = found.first().map_or(1.0, |(value, ..)| *value);
    found.iter().map(|(value, ..)| if *value == largest { 1.0 } else { value / largest }).collect()
}

/// A vector times a number.
pub fn scaled(vector: &[f64], factor: f64) -> Vec<f64> {
    vector.iter().map(|number| number * factor).collect()
}

/// The lower triangle L of a symmetric matrix = LLᵀ that has no negative eigenvalue, with the ridge.
pub fn cholesky(size: usize, matrix: &[f64]) -> Vec<f64> {
    let mean = (0..size).map(|at| matrix[at * size + at]).sum::<f64>() / size as f64;
    let ridge = (RIDGE * mean).max(f64::MIN_POSITIVE);
    let mut lower = vec![0.0; size * size];
    for row in 0..size {
        for column in 0..=row {
            let known = dot(&lower[row * size..][..column], &lower[column * size..][..column]);
            let rest = matrix[row * size + column] - known;
            lower[row * size + column] = match row == column {
                true => (rest + ridge).max(ridge).sqrt(),
                false => rest / lower[column * size + column],
            };
        }
    }
    lower
}

/// Solves Lx = b.
pub fn solve_lower(size: usize, lower: &[f64], b: &[f64]) -> Vec<f64> {
    let mut x: Vec<f64> = Vec::with_capacity(size);
    for row in 0..size {
        let known = dot(&lower[row * size..][..row], &x);
        x.push((b[row] - known) / lower[row * size + row]);
    }
    x
}

/// Solves Lᵀx = b.
pub fn solve_upper(size: usize, lower: &[f64], b: &[f64]) -> Vec<f64> {
    let mut x = b.to_vec();
    for row in (0..size).rev() {
        x[row] /= lower[row * size + row];
        let solved = x[row];
        for (column, x) in x.iter_mut().enumerate().take(row) {
            *x -= lower[row * size + column] * solved;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(count: usize, seed: u64) -> Vec<f64> {
        let mut stream = Stream::new(seed, "matrix", 0);
        (0..count).map(|_| stream.normal()).collect()
    }

    fn symmetric(size: usize, seed: u64) -> Vec<f64> {
        let a = random(size * size, seed);
        (0..size * size).map(|at| a[at] + a[at % size * size + at / size]).collect()
    }

    #[test]
    fn jacobi_gives_orthogonal_eigenvectors() {
        for size in [1, 2, 5, 23] {
            let matrix = symmetric(size, size as u64);
            let (values, vectors) = jacobi(size, matrix.clone());
            for (index, value) in values.iter().enumerate() {
                let column =
                    |index: usize| -> Vec<f64> { (0..size).map(|row| vectors[row * size + index]).collect() };
                let vector = column(index);
                for (image, v) in apply(&matrix, &vector).iter().zip(&vector) {
                    assert!((image - value * v).abs() < 1e-11 * size as f64);
                }
                for other in 0..size {
                    let expected = f64::from(u8::from(other == index));
                    assert!((dot(&vector, &column(other)) - expected).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn lanczos_finds_what_jacobi_finds() {
        for size in [1, 3, 40, 90] {
            let matrix = symmetric(size, 100 + size as u64);
            let (values, _) = jacobi(size, matrix.clone());
            let expected = values.into_iter().fold(f64::INFINITY, f64::min);
            let (value, vector) = lowest(size, |vector| apply(&matrix, vector));
            assert!((value - expected).abs() < 1e-9 * expected.abs(), "{size}: {value} {expected}");
            let rayleigh = dot(&vector, &apply(&matrix, &vector));
            assert!((rayleigh - expected).abs() < 1e-9 * expected.abs());
        }
    }

    /// Power iteration, against the eigenvalues of MᵀM by Jacobi.
    #[test]
    fn the_top_singular_pair_is_that_of_power_iteration_and_of_jacobi() {
        for (rows, columns) in [(1, 4), (7, 3), (6, 60), (30, 30)] {
            let matrix = random(rows * columns, (rows * columns) as u64);
            let (value, left, right) = top_singular(rows, columns, &matrix);
            let mut square = vec![0.0; columns * columns];
            add_moment(&mut square, &matrix, columns, &matrix, columns);
            let largest = jacobi(columns, square.clone()).0.into_iter().fold(0.0, f64::max);
            assert!((value * value - largest).abs() < 1e-9 * largest);
            let mut power = vec![1.0; columns];
            for _ in 0..20_000 {
                power = apply(&square, &power);
                let length = norm(&power);
                power.iter_mut().for_each(|number| *number /= length);
            }
            assert!((dot(&power, &right).abs() - 1.0).abs() < 1e-9, "{rows}×{columns}");
            let image = apply(&matrix, &right);
            assert!(image.iter().zip(&left).all(|(image, u)| (image - value * u).abs() < 1e-9 * value));
        }
    }

    #[test]
    fn further_singular_values_are_those_of_jacobi_as_far_as_the_rank_goes() {
        let (rows, columns, rank) = (9, 14, 4);
        let (tall, wide) = (random(rank * rows, 1), random(rank * columns, 2));
        let mut matrix = vec![0.0; rows * columns];
        add_moment(&mut matrix, &tall, rows, &wide, columns);
        let mut square = vec![0.0; columns * columns];
        add_moment(&mut square, &matrix, columns, &matrix, columns);
        let mut expected = jacobi(columns, square).0;
        expected.sort_by(|a, b| b.total_cmp(a));
        let found = top_singulars(rows, columns, &matrix, 6);
        assert_eq!(found.len(), rank);
        for ((value, left, right), expected) in found.iter().zip(expected) {
            assert!((value * value - expected).abs() < 1e-9 * expected, "{value} {expected}");
            let image = apply(&matrix, right);
            assert!(image.iter().zip(left).all(|(image, u)| (image - value * u).abs() < 1e-8 * value));
        }
        let (one, whole) = (top_singulars(rows, columns, &matrix, 1), top_singular(rows, columns, &matrix));
        assert_eq!(one, [whole], "one is computed as before");
    }

    #[test]
    fn a_matrix_is_factored_into_a_triangle_that_solves() {
        let (size, rows) = (12, 40);
        let data = random(rows * size, 5);
        let mut matrix = vec![0.0; size * size];
        add_moment(&mut matrix, &data, size, &data, size);
        let lower = cholesky(size, &matrix);
        let b = random(size, 6);
        let x = solve_upper(size, &lower, &solve_lower(size, &lower, &b));
        // Exact for the matrix with its ridge.
        let ridge = RIDGE * (0..size).map(|at| matrix[at * size + at]).sum::<f64>() / size as f64;
        for ((image, x), b) in apply(&matrix, &x).iter().zip(&x).zip(&b) {
            assert!((image + ridge * x - b).abs() < 1e-10);
        }
    }
}
