//! Compute pipelines, built once for each kernel and each set of its compile-time values.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use super::expand::Defines;
use super::expand::{expand, writable};
use super::interface::Interface;
use super::shaders::Kernel;
use super::{Gpu, GpuError};

/// A pipeline with the layout of its one bind group: binding 0 a uniform block, then storage buffers.
#[derive(Debug)]
pub struct Pipeline {
    /// The pipeline.
    pub pipeline: wgpu::ComputePipeline,
    /// The layout of bind group 0.
    pub layout: wgpu::BindGroupLayout,
    /// What it takes, by name.
    pub interface: Interface,
    /// Whether a device was given it before.
    pub used: AtomicBool,
}

/// The pipelines of one device.
pub struct Pipelines {
    gpu: Gpu,
    cache: BTreeMap<(&'static str, Defines), Arc<Pipeline>>,
}

impl Pipelines {
    /// None built yet.
    pub fn new(gpu: &Gpu) -> Self {
        Self { gpu: gpu.clone(), cache: BTreeMap::new() }
    }

    /// The pipeline of `kernel` with `defines`.
    pub async fn get(&mut self, kernel: Kernel, defines: &Defines) -> Result<Arc<Pipeline>, GpuError> {
        let key = (kernel.name, defines.clone());
        if let Some(pipeline) = self.cache.get(&key) {
            return Ok(Arc::clone(pipeline));
        }
        let wrong = |message| GpuError::Shader { kernel: kernel.name.into(), message };
        let text = expand(kernel.source, defines).map_err(wrong)?;
        let interface = Interface::of(&text).map_err(wrong)?;
        let pipeline = Arc::new(build(&self.gpu, kernel, interface, &text).await?);
        self.cache.insert(key, Arc::clone(&pipeline));
        Ok(pipeline)
    }

    /// How many have been built.
    pub fn built(&self) -> usize {
        self.cache.len()
    }
}

async fn build(gpu: &Gpu, kernel: Kernel, interface: Interface, text: &str) -> Result<Pipeline, GpuError> {
    // See `writable`.
    let storage = wgpu::BufferBindingType::Storage { read_only: false };
    let numbers = interface.buffers().iter().map(|buffer| (buffer.number, storage));
    let entries: Vec<wgpu::BindGroupLayoutEntry> = std::iter::once((0, wgpu::BufferBindingType::Uniform))
        .chain(numbers)
        .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        })
        .collect();
    let device = &gpu.device;
    gpu.scoped(kernel.name, || {
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(kernel.name),
            entries: &entries,
        });
        let whole = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(kernel.name),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(kernel.name),
            source: wgpu::ShaderSource::Wgsl(writable(text).into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(kernel.name),
            layout: Some(&whole),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                // Every kernel writes its workgroup memory before it reads it.
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: None,
        });
        Pipeline { pipeline, layout, interface, used: AtomicBool::new(false) }
    })
    .await
}
