//! Compute pipelines, built once for each kernel and each set of its compile-time values.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::expand::{bindings, expand};
use super::shaders::Kernel;
use super::{Gpu, GpuError};

/// Compile-time values of a kernel (tile sizes, kernel widths, switches): its shape class.
pub type Defines = Vec<(&'static str, i32)>;

/// A pipeline with the layout of its one bind group: binding 0 a uniform block, then storage buffers.
#[derive(Debug)]
pub struct Pipeline {
    /// The pipeline.
    pub pipeline: wgpu::ComputePipeline,
    /// The layout of bind group 0.
    pub layout: wgpu::BindGroupLayout,
    /// Bindings after the uniform block.
    pub bindings: usize,
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
        let text = expand(kernel.source, defines)
            .map_err(|message| GpuError::Shader { kernel: kernel.name.into(), message })?;
        let pipeline = Arc::new(build(&self.gpu, kernel, text).await?);
        self.cache.insert(key, Arc::clone(&pipeline));
        Ok(pipeline)
    }

    /// How many have been built.
    pub fn built(&self) -> usize {
        self.cache.len()
    }
}

async fn build(gpu: &Gpu, kernel: Kernel, text: String) -> Result<Pipeline, GpuError> {
    let entries: Vec<wgpu::BindGroupLayoutEntry> = bindings(&text)
        .into_iter()
        .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        })
        .collect();
    let bindings = entries.len().saturating_sub(1);
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
            source: wgpu::ShaderSource::Wgsl(text.into()),
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
        Pipeline { pipeline, layout, bindings, used: AtomicBool::new(false) }
    })
    .await
}
