//! What devices there are, how one is picked, and what an unavailable one says.

use crate::tensor::DType;
use burn::backend::DispatchDevice;
use burn::tensor::{BoolStore, FloatDType, IntDType};
use kindling_protocol::{DeviceInfo, DeviceKind};
use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError, RwLock};

#[cfg(feature = "gpu")]
mod gpu;

/// Why a device cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum DeviceError {
    #[error("This build has no {kind}: {cure}")]
    NotBuilt {
        kind: &'static str,
        cure: &'static str,
    },
    #[error("No {kind} device was found: {reason}")]
    NotFound { kind: &'static str, reason: String },
    #[error("The {device} device was lost: {reason}")]
    Lost { device: String, reason: String },
}

/// A device on which tensors live. Cheap to copy; equal when it is the same hardware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Device {
    kind: DeviceKind,
}

struct Opened {
    device: Device,
    burn: DispatchDevice,
    name: String,
    software: bool,
    bools: BoolStore,
    ints: IntDType,
}

// wgpu calls back from wherever it likes, so this is a plain lock and not a thread-local.
static LOSS: Mutex<Option<String>> = Mutex::new(None);

/// Notes that a GPU was lost or reported an error, so that its results cannot be trusted from here on.
pub fn report_loss(reason: &str) {
    if let Ok(mut loss) = LOSS.lock() {
        loss.get_or_insert_with(|| reason.to_string());
    }
}

/// What was reported since the last call, if anything.
pub fn take_loss() -> Option<String> {
    LOSS.lock().ok()?.take()
}

// Burn's runtimes belong to the process: one is initialised once, whichever thread asks first.
static OPENED: RwLock<Vec<Opened>> = RwLock::new(Vec::new());
/// Held while a device is opened, so that two threads do not open it twice.
static OPENING: LazyLock<futures_util::lock::Mutex<()>> = LazyLock::new(Default::default);

impl fmt::Display for Device {
    /// `cpu`, `webgpu:0`, `cuda:0`, as PyTorch writes devices.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            DeviceKind::Cpu => f.write_str("cpu"),
            kind => write!(f, "{}:0", kind.key()),
        }
    }
}

impl Device {
    /// The CPU: Burn's flex, natively and in wasm. Always there.
    pub const CPU: Self = Self {
        kind: DeviceKind::Cpu,
    };

    /// What kind it is.
    pub fn kind(self) -> DeviceKind {
        self.kind
    }

    /// True for the CPU.
    pub fn is_cpu(self) -> bool {
        self.kind == DeviceKind::Cpu
    }

    /// Opens a device of this kind, or gives the one already open.
    ///
    /// # Errors
    /// It is not in this build, or not on this machine; the error says which and what to do.
    pub async fn open(kind: DeviceKind) -> Result<Self, DeviceError> {
        let device = Self { kind };
        if device.is_cpu() {
            return Ok(device);
        }
        let _turn = OPENING.lock().await;
        if device.opened(|_| ()).is_none() {
            let opened = open(device).await?;
            // A poisoned list is whole all the same: it is only pushed to.
            let mut all = OPENED.write().unwrap_or_else(PoisonError::into_inner);
            all.push(opened);
        }
        Ok(device)
    }

    /// Its name and whether it is a software adapter.
    pub fn describe(self) -> DeviceInfo {
        let (name, software) = self
            .opened(|o| (o.name.clone(), o.software))
            .unwrap_or_else(|| (cpu_name(), false));
        DeviceInfo {
            kind: self.kind,
            name,
            software,
            missing: None,
            steps_per_second: None,
            self_check: None,
        }
    }

    /// True for a GPU that is played by software, whose kernels are chosen otherwise.
    #[cfg(feature = "gpu")]
    pub(crate) fn is_software(self) -> bool {
        self.opened(|o| o.software).unwrap_or(false)
    }

    pub(crate) fn burn(self) -> DispatchDevice {
        self.opened(|o| o.burn.clone())
            .unwrap_or_else(|| DispatchDevice::Flex(Default::default()))
    }

    pub(crate) fn bool_dtype(self) -> BoolStore {
        self.opened(|o| o.bools).unwrap_or(BoolStore::Native)
    }

    pub(crate) fn int_dtype(self) -> IntDType {
        self.opened(|o| o.ints).unwrap_or(IntDType::I64)
    }

    pub(crate) fn float_dtype(self, dtype: DType) -> FloatDType {
        if dtype == DType::Float64 {
            FloatDType::F64
        } else {
            FloatDType::F32
        }
    }

    /// True where 64-bit integers are held in 32 bits (WGSL has no others, pitfall P50).
    pub(crate) fn narrow_integers(self) -> bool {
        self.int_dtype() == IntDType::I32
    }

    /// True where there is no float64 (WebGPU and, through the same kernels, Vulkan).
    pub(crate) fn lacks_double(self) -> bool {
        matches!(self.kind, DeviceKind::Webgpu | DeviceKind::Vulkan)
    }

    fn opened<T>(self, of: impl FnOnce(&Opened) -> T) -> Option<T> {
        if self.is_cpu() {
            return None;
        }
        let all = OPENED.read().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|o| o.device == self).map(of)
    }
}

/// Every kind of device with its name, or why it is missing.
pub async fn survey() -> Vec<DeviceInfo> {
    let mut found = vec![Device::CPU.describe()];
    for kind in [DeviceKind::Webgpu, DeviceKind::Vulkan, DeviceKind::Cuda] {
        // A browser has no Vulkan and no CUDA, a terminal no WebGPU: what cannot be is not listed.
        if (kind == DeviceKind::Webgpu) != cfg!(target_family = "wasm") {
            continue;
        }
        found.push(match Device::open(kind).await {
            Ok(device) => device.describe(),
            Err(error) => DeviceInfo {
                kind,
                name: kind.key().into(),
                software: false,
                missing: Some(error.to_string()),
                steps_per_second: None,
                self_check: None,
            },
        });
    }
    found
}

fn cpu_name() -> String {
    if cfg!(target_family = "wasm") {
        "CPU, WebAssembly SIMD".into()
    } else {
        format!("CPU, {}", std::env::consts::ARCH)
    }
}

async fn open(device: Device) -> Result<Opened, DeviceError> {
    match device.kind {
        #[cfg(feature = "webgpu")]
        DeviceKind::Webgpu => gpu::open(device).await,
        #[cfg(feature = "vulkan")]
        DeviceKind::Vulkan => gpu::open(device).await,
        #[cfg(feature = "cuda")]
        DeviceKind::Cuda => open_cuda(device),
        kind => Err(not_built(kind)),
    }
}

fn not_built(kind: DeviceKind) -> DeviceError {
    let cure = match kind {
        DeviceKind::Cpu | DeviceKind::Webgpu => {
            "WebGPU runs in the page; natively use --device vulkan or cuda."
        }
        DeviceKind::Vulkan => "build it with `cargo build --release --features vulkan`.",
        DeviceKind::Cuda => "build it with `cargo build --release --features cuda`.",
    };
    DeviceError::NotBuilt {
        kind: kind.key(),
        cure,
    }
}

#[cfg(feature = "cuda")]
fn open_cuda(device: Device) -> Result<Opened, DeviceError> {
    use burn::tensor::{Device as BurnDevice, DeviceType};
    let missing = |reason: &str| DeviceError::NotFound {
        kind: "cuda",
        reason: reason.into(),
    };
    let found = BurnDevice::enumerate(DeviceType::Cuda).into_vec();
    let first = found.first().ok_or_else(|| {
        missing("the NVIDIA driver reports none. Check that `nvidia-smi` lists a card, or use --device cpu.")
    })?;
    let settings = first.settings();
    let name = first
        .identity()
        .map_or_else(|| "CUDA device 0".into(), |i| format!("{i:?}"));
    Ok(Opened {
        device,
        burn: first.as_dispatch().clone(),
        name,
        software: false,
        bools: settings.bool_dtype,
        ints: IntDType::I64,
    })
}
