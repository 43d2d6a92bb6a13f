//! The machine that is measured.

use serde::Serialize;

use super::clock::{Clock, cores};
use crate::engine::webgpu::Gpu;

/// The machine, but for its graphics adapter.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// `linux`, `macos`, `windows`, …
    pub system: &'static str,
    /// `x86_64`, `aarch64`, …
    pub architecture: &'static str,
    /// The processor's name, where the system tells it.
    pub processor: Option<String>,
    /// Its cores that this program may use.
    pub cores: usize,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let processor = processor().map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
        Self {
            system: std::env::consts::OS,
            architecture: std::env::consts::ARCH,
            processor: processor.filter(|name| !name.is_empty()),
            cores: cores(),
        }
    }
}

#[cfg(target_os = "linux")]
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.to_owned())
}

#[cfg(target_os = "macos")]
fn processor() -> Option<String> {
    let mut command = std::process::Command::new("/usr/sbin/sysctl");
    let output = command.args(["-n", "machdep.cpu.brand_string"]).output().ok()?;
    String::from_utf8(output.stdout).ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn processor() -> Option<String> {
    // Windows sets it.
    std::env::var("PROCESSOR_IDENTIFIER").ok()
}

/// The graphics adapter.
#[derive(Clone, Debug, Serialize)]
pub struct Device {
    /// Its name, as the driver gives it.
    pub name: String,
    /// `vulkan`, `metal`, `dx12` or `gl`.
    pub backend: String,
    /// Driver and version, where known.
    pub driver: String,
    /// A discrete GPU, an integrated one, a software adapter, …
    pub kind: String,
    /// Why it was taken.
    pub reason: String,
    /// What is timed on it.
    pub clock: Clock,
    /// What it offers.
    pub limits: Limits,
    /// What the engine takes of it: WebGPU's baseline.
    pub limits_in_use: Limits,
}

impl Device {
    /// Of an open device.
    pub fn of(gpu: &Gpu) -> Self {
        let report = gpu.report.clone();
        Self {
            name: report.name,
            backend: report.backend,
            driver: report.driver,
            kind: report.kind.to_string(),
            reason: report.reason,
            clock: Clock::of_adapter(report.kind),
            limits: Limits::of(&report.limits),
            limits_in_use: Limits::of(&gpu.device.limits()),
        }
    }
}

/// The limits that matter to kernels.
#[derive(Clone, Debug, Serialize)]
pub struct Limits {
    /// Of a buffer.
    pub buffer_bytes: u64,
    /// Of a buffer's part that a kernel sees.
    pub binding_bytes: u64,
    /// That the invocations of a workgroup share.
    pub workgroup_memory_bytes: u32,
    /// Of a workgroup.
    pub workgroup_invocations: u32,
    /// Along each dimension of a dispatch.
    pub workgroups_per_dimension: u32,
    /// That one kernel sees.
    pub storage_buffers: u32,
}

impl Limits {
    fn of(limits: &wgpu::Limits) -> Self {
        Self {
            buffer_bytes: limits.max_buffer_size,
            binding_bytes: limits.max_storage_buffer_binding_size,
            workgroup_memory_bytes: limits.max_compute_workgroup_storage_size,
            workgroup_invocations: limits.max_compute_invocations_per_workgroup,
            workgroups_per_dimension: limits.max_compute_workgroups_per_dimension,
            storage_buffers: limits.max_storage_buffers_per_shader_stage,
        }
    }
}
