//! Which adapter computes, and why that one.

use std::fmt;

use super::GpuError;

/// Which adapters may be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AdapterChoice {
    /// The best there is, software ones too.
    #[default]
    Any,
    /// A real GPU only.
    Hardware,
    /// One whose name contains this, whatever the case.
    Named(String),
}

/// An adapter, and why it can or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterReport {
    /// Its name, as the driver gives it.
    pub name: String,
    /// `vulkan`, `metal`, `dx12`, `gl` or `webgpu`.
    pub backend: String,
    /// Driver and version, where known.
    pub driver: String,
    /// What kind of device it is.
    pub kind: AdapterKind,
    /// What it offers; the engine keeps to WebGPU's baseline.
    pub limits: wgpu::Limits,
    /// Why it cannot be used, if it cannot.
    pub obstacle: Option<String>,
    /// Why it was taken; empty for the others.
    pub reason: String,
}

/// Kinds of adapters, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdapterKind {
    /// A graphics card with memory of its own.
    Discrete,
    /// On the processor's chip.
    Integrated,
    /// A share of one, in a virtual machine.
    Virtual,
    /// Unknown (browsers do not tell).
    Unknown,
    /// A driver that computes on the processor, such as lavapipe.
    Software,
}

impl fmt::Display for AdapterKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            AdapterKind::Discrete => "discrete GPU",
            AdapterKind::Integrated => "integrated GPU",
            AdapterKind::Virtual => "virtual GPU",
            AdapterKind::Unknown => "unknown device",
            AdapterKind::Software => "software adapter",
        })
    }
}

impl fmt::Display for AdapterReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}, {}", self.name, self.kind, self.backend)?;
        match self.driver.as_str() {
            "" => formatter.write_str(")"),
            driver => write!(formatter, ", {driver})"),
        }
    }
}

/// Every adapter of this machine, best first, usable or not.
pub async fn survey() -> Vec<AdapterReport> {
    ranked().await.into_iter().map(|(_, report)| report).collect()
}

/// The adapter to take.
pub(super) async fn choose(choice: &AdapterChoice) -> Result<(wgpu::Adapter, AdapterReport), GpuError> {
    let all = ranked().await;
    let found = match all.len() {
        0 => "none".to_owned(),
        _ => all.iter().map(|(_, report)| describe(report)).collect::<Vec<_>>().join("; "),
    };
    let count = all.len();
    let allowed = |report: &AdapterReport| match choice {
        AdapterChoice::Any => true,
        AdapterChoice::Hardware => report.kind != AdapterKind::Software,
        AdapterChoice::Named(part) => report.name.to_lowercase().contains(&part.to_lowercase()),
    };
    let taken = all.into_iter().find(|(_, report)| report.obstacle.is_none() && allowed(report));
    let Some((adapter, mut report)) = taken else {
        let expected = match choice {
            AdapterChoice::Any => "one with compute shaders and WebGPU's baseline limits".to_owned(),
            AdapterChoice::Hardware => "a real GPU with WebGPU's baseline limits".to_owned(),
            AdapterChoice::Named(part) => format!("a usable one whose name contains \"{part}\""),
        };
        return Err(GpuError::NoAdapter { found, expected });
    };
    report.reason = match (choice, count) {
        (AdapterChoice::Named(part), _) => format!("its name contains \"{part}\""),
        (_, 1) => "the only adapter here".to_owned(),
        _ => format!("a {} ranks first among the usable of {count} adapters", report.kind),
    };
    Ok((adapter, report))
}

fn describe(report: &AdapterReport) -> String {
    match &report.obstacle {
        Some(obstacle) => format!("{report}: {obstacle}"),
        None => report.to_string(),
    }
}

/// The adapters of the modern interfaces. OpenGL is asked only where those have none: it reaches the same hardware with
/// more emulation, and some drivers print on standard error as soon as it is asked.
async fn ranked() -> Vec<(wgpu::Adapter, AdapterReport)> {
    let modern = found(wgpu::Backends::PRIMARY).await;
    // In a browser only WebGPU computes.
    let older = modern.is_empty() && cfg!(not(target_arch = "wasm32"));
    let mut all = if older { found(wgpu::Backends::GL).await } else { modern };
    all.sort_by_key(|(_, report)| (report.obstacle.is_some(), report.kind));
    all
}

async fn found(backends: wgpu::Backends) -> Vec<(wgpu::Adapter, AdapterReport)> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapters = instance.enumerate_adapters(backends).await;
    adapters
        .into_iter()
        .map(|adapter| {
            let report = inspect(&adapter);
            (adapter, report)
        })
        .collect()
}

fn inspect(adapter: &wgpu::Adapter) -> AdapterReport {
    let info = adapter.get_info();
    let kind = match info.device_type {
        wgpu::DeviceType::DiscreteGpu => AdapterKind::Discrete,
        wgpu::DeviceType::IntegratedGpu => AdapterKind::Integrated,
        wgpu::DeviceType::VirtualGpu => AdapterKind::Virtual,
        wgpu::DeviceType::Other => AdapterKind::Unknown,
        wgpu::DeviceType::Cpu => AdapterKind::Software,
    };
    let mut obstacle = None;
    if !adapter.get_downlevel_capabilities().flags.contains(wgpu::DownlevelFlags::COMPUTE_SHADERS) {
        obstacle = Some("no compute shaders".to_owned());
    }
    let limits = adapter.limits();
    wgpu::Limits::default().check_limits_with_fail_fn(&limits, false, |name, wanted, offered| {
        obstacle.get_or_insert(format!("{name} is {offered}, baseline WebGPU has {wanted}"));
    });
    AdapterReport {
        name: if info.name.is_empty() { "an adapter without a name".to_owned() } else { info.name },
        backend: info.backend.to_str().to_owned(),
        driver: [info.driver, info.driver_info].join(" ").trim().to_owned(),
        kind,
        limits,
        obstacle,
        reason: String::new(),
    }
}
