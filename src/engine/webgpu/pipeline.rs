//! Compute pipelines, built once for each kernel and each set of its compile-time values.

use std::collections::BTreeMap;
use std::sync::Arc;

use naga_oil::compose::{
    ComposableModuleDescriptor, Composer, NagaModuleDescriptor, ShaderDefValue, ShaderType,
};

use super::shaders::{Kernel, SHARED};
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
}

/// The pipelines of one device.
pub struct Pipelines {
    gpu: Gpu,
    composer: Composer,
    cache: BTreeMap<(&'static str, Defines), Arc<Pipeline>>,
}

impl Pipelines {
    /// None built yet.
    pub fn new(gpu: &Gpu) -> Result<Self, GpuError> {
        Ok(Self { gpu: gpu.clone(), composer: composer()?, cache: BTreeMap::new() })
    }

    /// The pipeline of `kernel` with `defines`.
    pub async fn get(&mut self, kernel: Kernel, defines: &Defines) -> Result<Arc<Pipeline>, GpuError> {
        let key = (kernel.name, defines.clone());
        if let Some(pipeline) = self.cache.get(&key) {
            return Ok(Arc::clone(pipeline));
        }
        let module = compose(&mut self.composer, kernel, defines)?;
        let pipeline = Arc::new(build(&self.gpu, kernel, module).await?);
        self.cache.insert(key, Arc::clone(&pipeline));
        Ok(pipeline)
    }

    /// How many have been built.
    pub fn built(&self) -> usize {
        self.cache.len()
    }
}

/// A preprocessor that knows the shared pieces.
pub fn composer() -> Result<Composer, GpuError> {
    let mut composer = Composer::default();
    for (path, source) in SHARED {
        let descriptor = ComposableModuleDescriptor { source, file_path: path, ..Default::default() };
        if let Err(error) = composer.add_composable_module(descriptor) {
            return Err(GpuError::Shader { kernel: path.into(), message: error.emit_to_string(&composer) });
        }
    }
    Ok(composer)
}

/// The kernel's module with its shared pieces and compile-time values in place.
pub fn compose(
    composer: &mut Composer,
    kernel: Kernel,
    defines: &Defines,
) -> Result<wgpu::naga::Module, GpuError> {
    let shader_defs =
        defines.iter().map(|&(name, value)| (name.to_owned(), ShaderDefValue::Int(value))).collect();
    let descriptor = NagaModuleDescriptor {
        source: kernel.source,
        file_path: kernel.name,
        shader_type: ShaderType::Wgsl,
        shader_defs,
        additional_imports: &[],
    };
    composer.make_naga_module(descriptor).map_err(|error| GpuError::Shader {
        kernel: kernel.name.into(),
        message: error.emit_to_string(composer),
    })
}

async fn build(gpu: &Gpu, kernel: Kernel, module: wgpu::naga::Module) -> Result<Pipeline, GpuError> {
    let mut entries: Vec<wgpu::BindGroupLayoutEntry> = Vec::new();
    for (_, variable) in module.global_variables.iter() {
        let Some(place) = variable.binding else { continue };
        let ty = match variable.space {
            wgpu::naga::AddressSpace::Uniform => wgpu::BufferBindingType::Uniform,
            wgpu::naga::AddressSpace::Storage { .. } => {
                // One arena serves all, and a buffer may not be read-only and writable in one dispatch.
                wgpu::BufferBindingType::Storage { read_only: false }
            }
            _ => continue,
        };
        entries.push(wgpu::BindGroupLayoutEntry {
            binding: place.binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        });
    }
    entries.sort_by_key(|entry| entry.binding);
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
            source: wgpu::ShaderSource::Naga(std::borrow::Cow::Owned(module)),
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
        Pipeline { pipeline, layout, bindings }
    })
    .await
}
