//! Growth methods of the literature: the families' rewrites with a given φ instead of a learned one. Without noise no
//! form changes what the network computes.

use candle_core::{Device, Tensor};

use super::morph::root_mean_square;
use super::{Candidate, Family, Morphism, MorphismError, Phi, Place, apply, initial_phi, morph};
use crate::network::{Model, Network};
use crate::random::Stream;

/// A form of growth from the literature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A channel is copied.
    Net2Wider,
    /// An identity layer.
    Net2Deeper,
    /// A channel that nothing reads yet.
    PaddedWidth,
    /// A kernel padded with zeros.
    PaddedKernel,
    /// A pair of channels that cancel.
    R2Wider,
    /// A residual block that adds nothing.
    R2Deeper,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 6] = [
        Form::Net2Wider,
        Form::Net2Deeper,
        Form::PaddedWidth,
        Form::PaddedKernel,
        Form::R2Wider,
        Form::R2Deeper,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Form::Net2Wider => "net2wider",
            Form::Net2Deeper => "net2deeper",
            Form::PaddedWidth => "padded-width",
            Form::PaddedKernel => "padded-kernel",
            Form::R2Wider => "r2-wider",
            Form::R2Deeper => "r2-deeper",
        }
    }

    /// The family whose rewrite it is.
    pub fn family(self) -> Family {
        match self {
            Form::Net2Wider => Family::Split,
            Form::Net2Deeper => Family::Deepen,
            Form::PaddedWidth | Form::R2Wider => Family::Widen,
            Form::PaddedKernel => Family::Kernel,
            Form::R2Deeper => Family::Residual,
        }
    }

    /// What φ is, in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Form::Net2Wider => {
                "A channel is copied and the outgoing weights are shared: φ₁ = 0, and φ₂ = 0 or noise that tells \
                 the copies apart."
            }
            Form::Net2Deeper => {
                "A convolution whose kernel is the identity, a 1×1 identity padded with zeros: φ = 0."
            }
            Form::PaddedWidth => "A channel with random incoming weights that nothing reads yet: ω = 0.",
            Form::PaddedKernel => "A kernel padded with zeros: φ_ring = 0.",
            Form::R2Wider => {
                "Two channels with the same random incoming weights and opposite outgoing ones, which cancel: \
                 [W; U; U], read by [W′, V, −V]."
            }
            Form::R2Deeper => "A residual block whose last convolution is zero: A random, B = 0.",
        }
    }

    /// The publication it comes from.
    pub fn source(self) -> &'static str {
        match self {
            Form::Net2Wider => "Chen, Goodfellow, Shlens: Net2Net, 2016",
            Form::Net2Deeper => {
                "Chen, Goodfellow, Shlens: Net2Net, 2016; Wei, Wang, Rui, Chen: Network Morphism (depth), 2016"
            }
            Form::PaddedWidth => "Wei, Wang, Rui, Chen: Network Morphism (width), 2016",
            Form::PaddedKernel => "Wei, Wang, Rui, Chen: Network Morphism (kernel size), 2016",
            Form::R2Wider | Form::R2Deeper => {
                "Painter: Towards a More Complete Theory of Function Preserving Transforms (R2R), arXiv 2410.11038"
            }
        }
    }

    /// φ of each step of the form for a candidate of its family.
    fn phis(
        self,
        network: &Network,
        candidate: &Candidate,
        noise: f64,
        seed: u64,
        draw: u64,
    ) -> Result<Vec<Phi>, MorphismError> {
        let place = Place::of(&network.architecture, candidate)?;
        let mut stream = Stream::new(seed, &format!("{} at {}", self.name(), candidate.id()), draw);
        self.steps(&place, network, noise, &mut stream)
    }

    /// φ of each step of the form at a place; most have one step.
    fn steps(
        self,
        place: &Place,
        network: &Network,
        noise: f64,
        stream: &mut Stream,
    ) -> Result<Vec<Phi>, MorphismError> {
        let mut random = |name: &str, shape: &[usize]| -> Result<Tensor, MorphismError> {
            // He initialisation: of ω and of a bias-free kernel alike, all but the first dimension of kernels fan in.
            let of_a_channel = |shape: &[usize]| shape.iter().product::<usize>() / place.candidate.width;
            let deviation = match (self, name) {
                (Form::Net2Wider, "phi2") => noise * root_mean_square(place, network)?,
                (Form::PaddedWidth | Form::R2Wider, "phi_in" | "omega") => he(of_a_channel(shape)),
                (Form::R2Deeper, "A") => he(shape.iter().skip(1).product()),
                _ => 0.0,
            };
            let values = stream.normals(shape.iter().product(), deviation);
            Ok(Tensor::from_vec(values, shape, &Device::Cpu)?)
        };
        let mut phi = Phi::new();
        for (name, shape) in morph(self.family()).phi_shapes(place) {
            phi.insert(name.to_owned(), random(name, &shape)?);
        }
        let with_omega = |factor: f64| {
            let mut phi = phi.clone();
            if let Some(omega) = phi.get_mut("omega") {
                *omega = omega.affine(factor, 0.0)?;
            }
            Ok::<Phi, MorphismError>(phi)
        };
        match self {
            Form::R2Wider => Ok(vec![with_omega(1.0)?, with_omega(-1.0)?]),
            Form::PaddedWidth => Ok(vec![with_omega(0.0)?]),
            _ => Ok(vec![phi]),
        }
    }
}

fn he(fan_in: usize) -> f64 {
    (2.0 / fan_in.max(1) as f64).sqrt()
}

/// The model grown by `form` at `candidate`, which is of the form's family, with the optimiser's memory as
/// [`apply`] makes it. `noise` is the standard deviation of the noise that makes Net2Wider's copies differ, as a share of the
/// root mean square of the layer's weights; the other forms have none. `draw` numbers the random stream, so that two
/// trials of one change do not begin with the same numbers.
pub fn grow_by(
    model: &Model,
    form: Form,
    candidate: &Candidate,
    noise: f64,
    seed: u64,
    draw: u64,
) -> Result<Model, MorphismError> {
    if candidate.family != form.family() {
        let reason =
            format!("found family {}, expected {} for {}", candidate.family, form.family(), form.name());
        return Err(MorphismError::Place { id: candidate.id(), reason });
    }
    let mut grown = model.clone();
    for phi in form.phis(&model.network, candidate, noise, seed, draw)? {
        grown = apply(&grown, &[Morphism { candidate: candidate.clone(), phi, scale: 1.0 }])?;
    }
    Ok(grown)
}

/// A change that leaves what the network computes as it was: by the literature's form of its family where there is one, else
/// by a neutral φ. What only removes has none and is made as it is. `draw` numbers the random stream.
pub fn preserving(
    network: &Network,
    candidate: &Candidate,
    seed: u64,
    draw: u64,
) -> Result<Morphism, MorphismError> {
    let of_family = |form: &Form| form.family() == candidate.family && *form != Form::R2Wider;
    let phi = match Form::ALL.into_iter().find(of_family) {
        Some(form) => form.phis(network, candidate, 0.0, seed, draw)?.swap_remove(0),
        None => {
            let phi = initial_phi(network, candidate, seed, draw)?;
            Morphism { candidate: candidate.clone(), phi, scale: 0.0 }.scaled()?
        }
    };
    Ok(Morphism { candidate: candidate.clone(), phi, scale: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn a_pair_of_channels_cancels_and_neither_is_silent() {
        let model = Model::new(Network::initialise(preset("tiny", 10).unwrap(), 3).unwrap());
        let candidate = Candidate::named(Family::Widen, "conv1", None).unwrap();
        let grown = grow_by(&model, Form::R2Wider, &candidate, 0.0, 3, 0).unwrap().network;
        let column = |channel: usize| {
            let weight = grown.tensor("conv2.weight").unwrap().narrow(1, channel, 1).unwrap();
            weight.flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        let row = |channel: usize| {
            let weight = grown.tensor("conv1.weight").unwrap().get(channel).unwrap();
            weight.flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        assert_eq!(row(8), row(9));
        assert!(column(8).iter().zip(column(9)).all(|(v, w)| *v == -w && *v != 0.0));
    }

    #[test]
    fn a_form_of_another_family_is_refused() {
        let model = Model::new(Network::initialise(preset("tiny", 10).unwrap(), 3).unwrap());
        let candidate = Candidate::named(Family::Deepen, "conv1", None).unwrap();
        let message = grow_by(&model, Form::R2Wider, &candidate, 0.0, 3, 0).unwrap_err().to_string();
        assert_eq!(message, "deepen:conv1: found family deepen, expected widen for r2-wider");
    }
}
