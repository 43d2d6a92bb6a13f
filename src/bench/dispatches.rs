//! Timing recorded dispatches, and judging what they computed.

use super::clock::{Effort, Time, best};
use crate::engine::webgpu::{Commands, Context, GpuError, Slice};
use crate::random::Stream;

/// `count` numbers of mean 0 and deviation 1 on the device.
pub async fn random(context: &Context, count: usize, purpose: &str) -> Result<Slice, GpuError> {
    context.upload(&Stream::new(1, purpose, count as u64).normals(count, 1.0), purpose).await
}

/// The time of the whole list, which is submitted again and again at once.
pub async fn time(context: &Context, commands: &Commands, effort: Effort) -> Result<Time, GpuError> {
    best(effort, async |times| {
        let ticket = commands.submit(&context.gpu, times);
        context.gpu.finished(ticket, "timing a kernel").await.map(drop)
    })
    .await
}

/// How far apart two ways to add up so many products of [`random`] numbers may be. The sum grows as √n; each of n
/// additions rounds it by up to ε/2 of itself, and such errors add up as their root: n·ε/2 in all, four times that for
/// the largest of millions of sums, twice that for two of them.
pub fn tolerance(products: usize) -> f32 {
    4.0 * products as f32 * f32::EPSILON
}

/// An error if the numbers found are not those expected.
pub fn compare(what: &str, found: &[f32], expected: &[f32], products: usize) -> Result<(), GpuError> {
    let far = |a: f32, b: f32| (a - b).is_nan() || (a - b).abs() > tolerance(products);
    let wrong = found.iter().zip(expected).position(|(found, expected)| far(*found, *expected));
    match wrong {
        None if found.len() == expected.len() => Ok(()),
        at => {
            let at = at.unwrap_or(found.len().min(expected.len()));
            let text = |numbers: &[f32]| numbers.get(at).map_or("none".into(), f32::to_string);
            let message = format!("number {at}: found {}, expected {}", text(found), text(expected));
            Err(GpuError::Refused { what: what.into(), message })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_passes_and_what_was_not_written_does_not() {
        let expected = [1.0, -2.0, 3.0];
        assert!(compare("kernel", &[1.0, -2.0 + 1e-6, 3.0], &expected, 27).is_ok());
        for (found, said) in [
            (vec![1.0, -2.001, 3.0], "number 1: found -2.001, expected -2"),
            (vec![1.0, -2.0, f32::NAN], "number 2: found NaN"),
            (vec![1.0, -2.0], "number 2: found none"),
        ] {
            let message = compare("kernel", &found, &expected, 27).unwrap_err().to_string();
            assert!(message.starts_with("kernel: ") && message.contains(said), "{message}");
        }
    }
}
