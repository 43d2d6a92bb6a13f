//! A model on the device: all trained tensors in one block, so that one dispatch moves them all.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Tensor};

use super::arena::{ALIGNMENT, Slice};
use super::commands::Context;
use super::record::Span;
use super::{GpuError, read_all};
use crate::engine::EngineError;
use crate::network::{AsType, Model, Network, NetworkError, OptimizerState, Tensors, is_trained};

/// Numbers that every tensor's place is a multiple of.
const GRAIN: usize = (ALIGNMENT / 4) as usize;

/// Where each tensor lies in a block.
#[derive(Clone, Debug, Default)]
pub struct BlockLayout {
    places: BTreeMap<String, TensorPlace>,
    total: usize,
}

#[derive(Clone, Debug)]
struct TensorPlace {
    offset: usize,
    shape: Vec<usize>,
}

impl TensorPlace {
    fn count(&self) -> usize {
        self.shape.iter().product()
    }
}

impl BlockLayout {
    /// Places for `tensors`, concatenated.
    pub fn new<'a>(tensors: impl Iterator<Item = (&'a String, &'a Tensor)>) -> Self {
        let mut layout = Self::default();
        for (name, tensor) in tensors {
            let place = TensorPlace { offset: layout.total, shape: tensor.dims().to_vec() };
            layout.total += place.count().next_multiple_of(GRAIN);
            layout.places.insert(name.clone(), place);
        }
        layout.total = layout.total.max(GRAIN);
        layout
    }

    /// Numbers of the block, gaps included.
    pub fn total(&self) -> usize {
        self.total
    }

    /// For each grain of the block, whether weight decay applies: to matrices and kernels.
    pub fn decays(&self) -> Vec<u32> {
        let mut decays = vec![0; self.total / GRAIN];
        for place in self.places.values().filter(|place| place.shape.len() >= 2) {
            let first = place.offset / GRAIN;
            decays[first..first + place.count().div_ceil(GRAIN)].fill(1);
        }
        decays
    }

    /// `tensors` as the numbers of a block; 0 in gaps and for tensors that are absent.
    pub fn pack(&self, tensors: &Tensors) -> Result<Vec<f32>, EngineError> {
        let mut numbers = vec![0.0; self.total];
        for (name, place) in &self.places {
            let Some(tensor) = tensors.get(name) else { continue };
            if tensor.dims() != place.shape.as_slice() {
                return Err(NetworkError::Parameter {
                    name: name.clone(),
                    found: format!("shape {:?}", tensor.dims()),
                    expected: format!("{:?}", place.shape),
                }
                .into());
            }
            let values = tensor.as_type(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
            numbers[place.offset..place.offset + values.len()].copy_from_slice(&values);
        }
        Ok(numbers)
    }

    /// A block's numbers as tensors.
    pub fn unpack(&self, numbers: &[f32]) -> Result<Tensors, EngineError> {
        let mut tensors = Tensors::new();
        for (name, place) in &self.places {
            let values = numbers[place.offset..place.offset + place.count()].to_vec();
            tensors.insert(name.clone(), Tensor::from_vec(values, place.shape.as_slice(), &Device::Cpu)?);
        }
        Ok(tensors)
    }

    fn place(&self, name: &str) -> Result<&TensorPlace, GpuError> {
        self.places.get(name).ok_or_else(|| GpuError::Refused {
            what: format!("parameter \"{name}\""),
            message: "found nothing, expected a tensor".into(),
        })
    }

    /// The shape of tensor `name`.
    pub fn shape(&self, name: &str) -> Result<&[usize], GpuError> {
        Ok(&self.place(name)?.shape)
    }

    /// The part of `block` that holds tensor `name`.
    pub fn span(&self, block: &Span, name: &str) -> Result<Span, GpuError> {
        let place = self.place(name)?;
        block.part(4 * place.offset as u64, 4 * place.count().max(1) as u64)
    }
}

/// A model on the device.
pub struct Parameters {
    /// The trained tensors' places, in `weights` and in every optimiser slot.
    pub layout: BlockLayout,
    /// The running statistics' places.
    pub fixed: BlockLayout,
    /// Trained tensors.
    pub weights: Slice,
    /// Running statistics.
    pub statistics: Slice,
    /// Optimiser slots by name, but for the average.
    pub slots: BTreeMap<String, Slice>,
    /// The average of weights and running statistics, where one is under way ([`OptimizerState::AVERAGE`]).
    pub average: Option<[Slice; 2]>,
    /// Optimiser steps taken.
    pub steps: u64,
}

impl Parameters {
    /// Uploads a model.
    pub async fn new(context: &Context, model: &Model) -> Result<Self, EngineError> {
        let tensors = &model.network.tensors;
        let layout = BlockLayout::new(tensors.iter().filter(|(name, _)| is_trained(name)));
        let fixed = BlockLayout::new(tensors.iter().filter(|(name, _)| !is_trained(name)));
        let weights = context.upload(&layout.pack(tensors)?, "parameters").await?;
        let statistics = context.upload(&fixed.pack(tensors)?, "running statistics").await?;
        let (mut slots, mut average) = (BTreeMap::new(), None);
        for (name, tensors) in &model.optimizer.slots {
            let block = context.upload(&layout.pack(tensors)?, "optimiser state").await?;
            if name == OptimizerState::AVERAGE {
                average = Some([block, context.upload(&fixed.pack(tensors)?, "optimiser state").await?]);
            } else {
                slots.insert(name.clone(), block);
            }
        }
        Ok(Self { layout, fixed, weights, statistics, slots, average, steps: model.optimizer.steps })
    }

    /// The tensor `name`, trained or not.
    pub fn tensor(&self, name: &str) -> Result<Span, GpuError> {
        match is_trained(name) {
            true => self.layout.span(&Span::from(&self.weights), name),
            false => self.fixed.span(&Span::from(&self.statistics), name),
        }
    }

    /// The optimiser slot `name`, made of zeros if there is none.
    pub async fn slot(&mut self, context: &Context, name: &str) -> Result<Slice, GpuError> {
        if !self.slots.contains_key(name) {
            let zeros = vec![0f32; self.layout.total()];
            self.slots.insert(name.to_owned(), context.upload(&zeros, "optimiser state").await?);
        }
        Ok(self.slots[name].clone())
    }

    /// Reads the weights and statistics back.
    pub async fn tensors(&self, context: &Context) -> Result<Tensors, EngineError> {
        self.read([&self.weights, &self.statistics], context).await
    }

    /// Reads a block like the weights' and one like the statistics' as one network's tensors.
    async fn read(
        &self,
        [weights, statistics]: [&Slice; 2],
        context: &Context,
    ) -> Result<Tensors, EngineError> {
        let wanted = [(weights, self.layout.total()), (statistics, self.fixed.total())];
        let numbers = read_all::<f32>(&context.gpu, &wanted).await?;
        let mut tensors = self.layout.unpack(&numbers[0])?;
        tensors.extend(self.fixed.unpack(&numbers[1])?);
        Ok(tensors)
    }

    /// Reads the whole model back.
    pub async fn model(&self, context: &Context, network: &Network) -> Result<Model, EngineError> {
        let tensors = self.tensors(context).await?;
        let wanted: Vec<_> = self.slots.values().map(|slot| (slot, self.layout.total())).collect();
        let numbers = read_all::<f32>(&context.gpu, &wanted).await?;
        let mut optimizer = OptimizerState { steps: self.steps, slots: BTreeMap::new() };
        for (name, numbers) in self.slots.keys().zip(&numbers) {
            optimizer.slots.insert(name.clone(), self.layout.unpack(numbers)?);
        }
        if let Some([weights, statistics]) = &self.average {
            let average = self.read([weights, statistics], context).await?;
            optimizer.slots.insert(OptimizerState::AVERAGE.to_owned(), average);
        }
        let network = Network { architecture: network.architecture.clone(), tensors };
        Ok(Model { network, optimizer })
    }
}
