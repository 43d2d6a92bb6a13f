//! What closed-form learners need of an example: the patches that a kernel reads, one in each row, and the slopes at
//! a reader, sorted by the positions that it reads.

use candle_core::Tensor;

use super::super::families::Scene;
use super::super::tape::{Cotangents, Values};
use super::{Task, numbers};
use crate::engine::{EngineError, Place, ReaderNode, stretched, weight_size};
use crate::morphism::{Morphism, Pool};

/// A stack of planes of one example.
#[derive(Clone, Copy)]
pub struct Planes {
    /// How many.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Planes {
    /// Those of a node's value or cotangent `[examples, …]`.
    pub fn of(tensor: &Tensor) -> candle_core::Result<Self> {
        let (_, channels, height, width) = tensor.dims4()?;
        Ok(Self { channels, height, width })
    }

    /// What a "same" kernel of `kernel` rows and columns reads at each position, `[positions, channels · kernel²]`,
    /// zeros outside; with `ones`, one more column of ones, for the bias.
    pub fn patches(self, x: &[f64], kernel: usize, ones: bool) -> Vec<f64> {
        let Self { channels, height, width } = self;
        let reach = kernel / 2;
        let taps = channels * kernel * kernel + usize::from(ones);
        let mut patches = vec![0.0; height * width * taps];
        for (position, patch) in patches.chunks_exact_mut(taps).enumerate() {
            let (row, column) = (position / width, position % width);
            for (tap, slot) in patch.iter_mut().enumerate().take(channels * kernel * kernel) {
                let (channel, dy, dx) = (tap / kernel / kernel, tap / kernel % kernel, tap % kernel);
                let (y, x_) = (row + dy, column + dx);
                if (reach..height + reach).contains(&y) && (reach..width + reach).contains(&x_) {
                    *slot = x[(channel * height + y - reach) * width + x_ - reach];
                }
            }
            if ones {
                patch[taps - 1] = 1.0;
            }
        }
        patches
    }
}

/// Means of the rows over the windows of a pool: `[positions, taps]` to `[windows, taps]`.
fn pooled(rows: &[f64], taps: usize, (height, width): (usize, usize), pool: Pool) -> Vec<f64> {
    let size = match pool {
        Pool::None => return rows.to_vec(),
        Pool::Max(size) | Pool::Average(size) => size,
    };
    let (high, wide) = (height / size, width / size);
    let mut means = vec![0.0; high * wide * taps];
    for (window, mean) in means.chunks_exact_mut(taps).enumerate() {
        for inside in 0..size * size {
            let (row, column) = (window / wide * size + inside / size, window % wide * size + inside % size);
            let from = &rows[(row * width + column) * taps..][..taps];
            mean.iter_mut().zip(from).for_each(|(mean, x)| *mean += x / (size * size) as f64);
        }
    }
    means
}

/// The mean of all rows.
fn mean_row(rows: &[f64], taps: usize) -> Vec<f64> {
    let count = rows.len() / taps;
    let mut mean = vec![0.0; taps];
    for row in rows.chunks_exact(taps) {
        mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x / count as f64);
    }
    mean
}

/// New channels at a layer, and their reader. Everything is linear in the incoming weights φ: at φ = 0 the
/// slope of the ReLU is taken as 1, and all positions of a pool's window tie, so that each gets the same
/// share and a maximum counts as a mean.
pub struct Growth {
    /// The layer's place.
    pub place: Place,
    /// The reader.
    pub reader: ReaderNode,
    /// How many channels there shall be.
    pub width: usize,
    /// Incoming weights of each.
    pub taps: usize,
    /// Channels of the reader.
    pub outputs: usize,
}

impl Growth {
    /// Of a widening.
    pub fn of(task: &Task<'_>, morphism: &Morphism) -> Result<Self, EngineError> {
        let place = Place::of(&task.plan.architecture, &morphism.candidate)?;
        let missing = |what: &str| EngineError::Request {
            what: morphism.candidate.id(),
            found: "nothing".into(),
            expected: what.to_owned(),
        };
        let reader = place.reader.ok_or_else(|| missing("one reader"))?;
        let incoming = morphism.phi.get("phi_in").ok_or_else(|| missing("φ's phi_in"))?;
        let outgoing = morphism.phi.get("omega").ok_or_else(|| missing("φ's omega"))?;
        let width = morphism.candidate.width;
        Ok(Self { place, reader, width, taps: incoming.elem_count() / width, outputs: outgoing.dim(0)? })
    }

    /// Outgoing weights of each.
    pub fn outgoing(&self) -> usize {
        self.outputs * self.reader.kernel() * self.reader.kernel()
    }

    /// What the new channel's activation is made of at each position that the reader reads, `[positions, taps]`.
    pub fn readings(&self, values: &Values, example: usize) -> candle_core::Result<Vec<f64>> {
        let x = values.at(self.place.x)?;
        let planes = Planes::of(x)?;
        let patches = planes.patches(&numbers(&x.get(example)?)?, self.place.kernel, false);
        let rows = pooled(&patches, self.taps, (planes.height, planes.width), self.place.pool);
        Ok(match self.reader {
            ReaderNode::Conv { .. } => rows,
            ReaderNode::Head(_) => mean_row(&rows, self.taps),
        })
    }

    /// What the reader reads of the site now, with a one for its bias, `[positions, channels · k² + 1]`.
    pub fn existing(&self, values: &Values, example: usize) -> candle_core::Result<Vec<f64>> {
        let z = values.at(self.place.z)?;
        let planes = Planes::of(z)?;
        let rows = planes.patches(&numbers(&z.get(example)?)?, self.reader.kernel(), true);
        Ok(match self.reader {
            ReaderNode::Conv { .. } => rows,
            ReaderNode::Head(_) => mean_row(&rows, planes.channels + 1),
        })
    }

    /// Columns of [`Self::existing`].
    pub fn existing_taps(&self, plan: &super::super::plan::Plan) -> usize {
        plan.shapes[self.place.z].channels * self.reader.kernel() * self.reader.kernel() + 1
    }

    /// An example's slopes at the reader, `[outputs, positions]`.
    pub fn slopes(&self, cotangents: &Cotangents, example: usize) -> candle_core::Result<Vec<f64>> {
        numbers(&cotangents.at(self.reader.node())?.get(example)?)
    }

    /// Slopes at the reader `[outputs, positions]` as seen from each position that is read, `[positions, outgoing]`:
    /// the one that outgoing weight ω(o, t) carries from there.
    pub fn seen_from(&self, scene: &Scene, slopes: &[f64]) -> Vec<f64> {
        let shape = scene.plan.shapes[self.reader.node()];
        let planes = Planes { channels: self.outputs, height: shape.height, width: shape.width };
        // A kernel reads from q what the turned kernel writes to it.
        let mut rows = planes.patches(slopes, self.reader.kernel(), false);
        let area = self.reader.kernel() * self.reader.kernel();
        rows.chunks_exact_mut(area).for_each(<[f64]>::reverse);
        rows
    }

    /// Writes the new channels' directions, incoming and outgoing, as φ, all together at the usual lengths.
    /// Both of a channel may change sign; the sign taken is the one with which its mean input is not
    /// negative, so that its ReLU lets most of it through. Channels beyond the directions there are stay as
    /// they are: silent, and free to learn.
    pub fn put(
        &self,
        task: &Task<'_>,
        morphism: &mut Morphism,
        mean: &[f64],
        directions: &[(Vec<f64>, Vec<f64>)],
    ) -> Result<(), EngineError> {
        let (mut into, mut out) = (Vec::new(), Vec::new());
        for (incoming, outgoing) in directions {
            let sign = if super::linear::dot(incoming, mean) < 0.0 { -1.0 } else { 1.0 };
            into.extend(incoming.iter().map(|number| sign * number));
            out.extend(outgoing.iter().map(|number| sign * number));
        }
        let own = weight_size(task.network, morphism.candidate.layer())?;
        let readers = weight_size(task.network, task.plan.name(self.reader.node()))?;
        let mut phi_in = numbers(morphism.part("phi_in")?)?;
        let mut omega = numbers(morphism.part("omega")?)?;
        phi_in[..into.len()].copy_from_slice(&stretched(&into, own));
        let area = self.outgoing() / self.outputs;
        for (at, number) in stretched(&out, readers).into_iter().enumerate() {
            let (channel, output, tap) = (at / self.outgoing(), at % self.outgoing() / area, at % area);
            omega[(output * self.width + channel) * area + tap] = number;
        }
        task.put(&mut morphism.phi, "phi_in", phi_in)?;
        task.put(&mut morphism.phi, "omega", omega)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_what_a_kernel_reads() {
        let planes = Planes { channels: 2, height: 2, width: 3 };
        let x: Vec<f64> = (1..=12).map(f64::from).collect();
        let patches = planes.patches(&x, 3, true);
        assert_eq!(patches.len(), 6 * 19);
        // The upper left corner of the first channel, then the second's, then the one.
        assert_eq!(patches[..9], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 4.0, 5.0]);
        assert_eq!(patches[9..19], [0.0, 0.0, 0.0, 0.0, 7.0, 8.0, 0.0, 10.0, 11.0, 1.0]);
        assert_eq!(patches[19 + 4], 2.0);
    }

    #[test]
    fn pools_take_means_of_whole_windows() {
        let rows: Vec<f64> = (0..12).flat_map(|at| [f64::from(at), 1.0]).collect();
        // Two taps on 3 × 4 positions; the third row fills no window.
        assert_eq!(pooled(&rows, 2, (3, 4), Pool::Max(2)), [2.5, 1.0, 4.5, 1.0]);
        assert_eq!(pooled(&rows, 2, (3, 4), Pool::None), rows);
        assert_eq!(mean_row(&rows, 2), [5.5, 1.0]);
    }
}
