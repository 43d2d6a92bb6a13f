//! The site of a layer: the tensor z that its candidates change.

use crate::network::{Architecture, NetworkError, Node, Op};

/// What pools a layer's activations before the next layer reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// Nothing.
    None,
    /// Maximum over size×size windows.
    Max(usize),
    /// Mean over size×size windows.
    Average(usize),
}

/// The one linear layer that reads a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A convolution.
    Conv(String),
    /// The linear layer `name`, through the global average pool `gap`.
    Head {
        /// The pool.
        gap: String,
        /// The linear layer.
        name: String,
    },
}

impl Reader {
    /// The node whose weights read z.
    pub fn name(&self) -> &str {
        match self {
            Reader::Conv(name) | Reader::Head { name, .. } => name,
        }
    }
}

/// A convolution with what stands between it and the next linear layer: x → conv → u → norm, ReLU, pool → z.
///
/// z is taken after the ReLU and after the pool (before a global average pool, which is linear, so that the
/// estimates are the same on both sides of it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The convolution.
    pub layer: String,
    /// The node it reads: x.
    pub input: String,
    /// The batch norm after it, if any.
    pub norm: Option<String>,
    /// The pool after it.
    pub pool: Pool,
    /// The node whose output is z.
    pub z: String,
    /// The one reader of z, if there is just one and it is linear: only then can channels of z be changed.
    pub reader: Option<Reader>,
}

/// What a candidate changes and what else it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sites {
    /// The site it changes.
    pub site: Site,
    /// The earlier node whose value it reads besides the layer's input, or in the layer's stead.
    pub source: Option<String>,
}

impl From<Site> for Sites {
    fn from(site: Site) -> Self {
        Self { site, source: None }
    }
}

impl Site {
    /// The site of convolution `layer`; none where no ReLU follows it directly (the last convolution of a
    /// residual branch, say).
    pub fn of(architecture: &Architecture, layer: &str) -> Result<Option<Site>, NetworkError> {
        let input = match architecture.node(layer)? {
            Node { op: Op::Conv { .. }, inputs, .. } => inputs[0].clone(),
            _ => return Ok(None),
        };
        let only_reader = |name: &str| match architecture.readers(name).as_slice() {
            [reader] => Some(*reader),
            _ => None,
        };
        let mut z = layer.to_owned();
        let mut norm = None;
        if let Some(Node { name, op: Op::Norm { .. }, .. }) = only_reader(&z) {
            norm = Some(name.clone());
            z.clone_from(name);
        }
        match only_reader(&z) {
            Some(Node { name, op: Op::Relu, .. }) => z.clone_from(name),
            _ => return Ok(None),
        }
        let pool = match only_reader(&z) {
            Some(Node { name, op: Op::MaxPool { size }, .. }) => {
                z.clone_from(name);
                Pool::Max(*size)
            }
            Some(Node { name, op: Op::AvgPool { size }, .. }) => {
                z.clone_from(name);
                Pool::Average(*size)
            }
            _ => Pool::None,
        };
        let reader = match only_reader(&z) {
            Some(Node { name, op: Op::Conv { .. }, .. }) => Some(Reader::Conv(name.clone())),
            Some(Node { name: gap, op: Op::GlobalAvgPool, .. }) => match only_reader(gap) {
                Some(Node { name, op: Op::Linear { .. }, .. }) => {
                    Some(Reader::Head { gap: gap.clone(), name: name.clone() })
                }
                _ => None,
            },
            _ => None,
        };
        Ok(Some(Site { layer: layer.to_owned(), input, norm, pool, z, reader }))
    }

    /// The pre-activation u of convolution `layer` as a site: z is u itself. None where `layer` is something else.
    pub fn before_activation(architecture: &Architecture, layer: &str) -> Result<Option<Site>, NetworkError> {
        let Node { op: Op::Conv { .. }, inputs, .. } = architecture.node(layer)? else { return Ok(None) };
        let (layer, input) = (layer.to_owned(), inputs[0].clone());
        Ok(Some(Site { z: layer.clone(), layer, input, norm: None, pool: Pool::None, reader: None }))
    }

    /// The sites of all convolutions that have one, in order.
    pub fn all(architecture: &Architecture) -> Result<Vec<Site>, NetworkError> {
        let mut sites = Vec::new();
        for layer in architecture.convolutions() {
            sites.extend(Site::of(architecture, layer)?);
        }
        Ok(sites)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::preset;

    #[test]
    fn a_site_lies_after_the_pool_and_knows_its_reader() {
        let tiny = preset("tiny", 10).unwrap();
        let site = Site::of(&tiny, "conv2").unwrap().unwrap();
        assert_eq!((site.pool, site.z.as_str()), (Pool::Max(2), "pool1"));
        assert_eq!(site.reader, Some(Reader::Conv("conv3".into())));
        let last = Site::of(&tiny, "conv5").unwrap().unwrap();
        assert_eq!(last.reader, Some(Reader::Head { gap: "gap1".into(), name: "head".into() }));
    }

    #[test]
    fn residual_streams_have_no_single_reader_and_branch_ends_no_site() {
        let network = preset("residual-seed", 10).unwrap();
        assert_eq!(Site::of(&network, "conv1").unwrap().unwrap().reader, None);
        let inside = Site::of(&network, "conv2").unwrap().unwrap();
        assert_eq!(inside.norm.as_deref(), Some("norm2"));
        assert_eq!(inside.reader, Some(Reader::Conv("conv3".into())));
        assert_eq!(Site::of(&network, "conv3").unwrap(), None);
    }
}
