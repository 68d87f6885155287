//! Which engine a run goes to, and on which device.

use kindling_protocol::{DeviceChoice, DeviceInfo, DeviceKind};

/// One of the two engines a page can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// CPU only: small, there at once.
    Cpu,
    /// CPU and WebGPU.
    Gpu,
}

impl Engine {
    /// The name in the worker's address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

/// How an engine is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EngineStatus {
    /// Not asked for yet.
    #[default]
    Absent,
    /// Its file is on its way.
    Loading,
    /// It takes commands.
    Ready,
    /// It cannot be had; the sentence says why.
    Missing(String),
}

/// What the page knows of its engines and their devices.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Engines {
    /// The CPU engine.
    pub cpu: EngineStatus,
    /// The GPU engine.
    pub gpu: EngineStatus,
    /// What the CPU engine measured.
    pub cpu_devices: Vec<DeviceInfo>,
    /// What the GPU engine measured.
    pub gpu_devices: Vec<DeviceInfo>,
}

/// Where a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The engine that gets the command.
    pub engine: Engine,
    /// The device named in it.
    pub device: DeviceChoice,
}

impl Engines {
    /// The CPU, as measured.
    pub fn cpu_device(&self) -> Option<&DeviceInfo> {
        self.cpu_devices.iter().find(|d| d.kind == DeviceKind::Cpu)
    }

    /// The GPU, where there is one that can be used.
    pub fn gpu_device(&self) -> Option<&DeviceInfo> {
        self.gpu_devices
            .iter()
            .find(|d| d.kind == DeviceKind::Webgpu && d.missing.is_none())
    }

    /// The device `Auto` means now: the faster by the measured steps per second, the CPU until both are measured.
    pub fn fastest(&self) -> DeviceKind {
        let speed = |device: Option<&DeviceInfo>| device.and_then(|d| d.steps_per_second);
        match (speed(self.cpu_device()), speed(self.gpu_device())) {
            (Some(cpu), Some(gpu)) if gpu > cpu && self.gpu == EngineStatus::Ready => {
                DeviceKind::Webgpu
            }
            _ => DeviceKind::Cpu,
        }
    }

    /// What `fastest` names, as it is known.
    pub fn fastest_device(&self) -> Option<&DeviceInfo> {
        match self.fastest() {
            DeviceKind::Webgpu => self.gpu_device(),
            _ => self.cpu_device(),
        }
    }

    /// Finds the engine for a choice.
    ///
    /// # Errors
    /// A sentence where the chosen device cannot be had here.
    pub fn route(&self, choice: DeviceChoice) -> Result<Route, String> {
        let cpu = Route {
            engine: Engine::Cpu,
            device: DeviceChoice::Cpu,
        };
        let gpu = Route {
            engine: Engine::Gpu,
            device: DeviceChoice::Webgpu,
        };
        match choice {
            DeviceChoice::Cpu => Ok(cpu),
            DeviceChoice::Auto if self.fastest() == DeviceKind::Webgpu => Ok(gpu),
            DeviceChoice::Auto => Ok(cpu),
            DeviceChoice::Webgpu => self.webgpu().map(|()| gpu),
            DeviceChoice::Vulkan | DeviceChoice::Cuda => Err(format!(
                "{} is a device of the terminal program: choose CPU or WebGPU here.",
                choice.key()
            )),
        }
    }

    /// Whether WebGPU can be used, and why not.
    ///
    /// # Errors
    /// A sentence.
    pub fn webgpu(&self) -> Result<(), String> {
        if let EngineStatus::Missing(reason) = &self.gpu {
            return Err(reason.clone());
        }
        let missing = self
            .gpu_devices
            .iter()
            .find(|d| d.kind == DeviceKind::Webgpu)
            .and_then(|d| d.missing.clone());
        match (missing, &self.gpu) {
            (Some(reason), _) => Err(reason),
            (None, EngineStatus::Ready) => Ok(()),
            (None, _) => Err("The WebGPU engine is still loading: wait a moment or choose the CPU.".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(kind: DeviceKind, speed: Option<f64>) -> DeviceInfo {
        DeviceInfo {
            kind,
            name: "x".into(),
            software: false,
            missing: None,
            steps_per_second: speed,
            self_check: None,
        }
    }

    fn engines(cpu: Option<f64>, gpu: Option<f64>) -> Engines {
        Engines {
            cpu: EngineStatus::Ready,
            gpu: EngineStatus::Ready,
            cpu_devices: vec![device(DeviceKind::Cpu, cpu)],
            gpu_devices: vec![device(DeviceKind::Webgpu, gpu)],
        }
    }

    #[test]
    fn auto_is_the_faster_and_the_cpu_until_the_gpu_is_measured() {
        let auto = |e: &Engines| e.route(DeviceChoice::Auto).unwrap().engine;
        assert_eq!(auto(&engines(Some(900.0), Some(8.0))), Engine::Cpu);
        assert_eq!(auto(&engines(Some(900.0), Some(4_000.0))), Engine::Gpu);
        assert_eq!(auto(&engines(Some(900.0), None)), Engine::Cpu);
        assert_eq!(auto(&Engines::default()), Engine::Cpu);
    }

    #[test]
    fn a_chosen_device_is_kept_or_refused_in_a_sentence() {
        let mut known = engines(Some(900.0), Some(8.0));
        let route = known.route(DeviceChoice::Webgpu).unwrap();
        assert_eq!((route.engine, route.device), (Engine::Gpu, DeviceChoice::Webgpu));
        known.gpu = EngineStatus::Missing("This browser has no WebGPU.".into());
        assert_eq!(known.route(DeviceChoice::Webgpu).unwrap_err(), "This browser has no WebGPU.");
        assert!(known.route(DeviceChoice::Cuda).unwrap_err().contains("terminal"));
    }
}
