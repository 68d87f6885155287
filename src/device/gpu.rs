//! The wgpu devices: WebGPU in a browser and Vulkan natively. Burn's runtime makes the device with the adapter's real
//! limits; we keep its name, and hear of its loss.

use super::{Device, DeviceError, Opened, report_loss};
use burn::backend::DispatchDevice;
use burn::tensor::{BoolStore, IntDType};
use burn_wgpu::graphics::AutoGraphicsApi;
use burn_wgpu::{RuntimeOptions, WgpuBackend, WgpuDevice, WgpuSetup, try_init_setup_async};
use kindling_protocol::DeviceKind;

/// Kernels that are handed to the GPU together: several training steps, for each handing over costs as much as a small kernel.
const TASKS_A_SUBMIT: usize = 128;

pub(super) async fn open(device: Device) -> Result<Opened, DeviceError> {
    let kind = device.kind().key();
    let backend = match device.kind() {
        DeviceKind::Vulkan => WgpuBackend::Vulkan,
        _ => WgpuBackend::WebGpu,
    };
    let wgpu_device = WgpuDevice::default().on(backend);
    let not_found = |reason: String| DeviceError::NotFound { kind, reason };
    let options = RuntimeOptions::with_tasks_max(Some(TASKS_A_SUBMIT))
        .map_err(|e| not_found(e.to_string()))?;
    let setup = try_init_setup_async::<AutoGraphicsApi>(&wgpu_device, options)
        .await
        .map_err(|e| {
            let cure = match device.kind() {
                DeviceKind::Vulkan => {
                    "Install a Vulkan driver (Debian: mesa-vulkan-drivers), or use --device cpu."
                }
                _ => "Use a browser with WebGPU, or the CPU.",
            };
            not_found(format!("{e}. {cure}"))
        })?;
    listen(&setup);
    let info = setup.adapter.get_info();
    let name = match crate::platform::adapter_name().await {
        Some(name) => name,
        None if info.name.is_empty() => format!("{kind} adapter"),
        None => info.name.clone(),
    };
    let known_software = ["swiftshader", "llvmpipe", "lavapipe", "software"];
    let software = info.device_type == wgpu::DeviceType::Cpu
        || known_software
            .iter()
            .any(|s| name.to_lowercase().contains(s));
    Ok(Opened {
        device,
        burn: DispatchDevice::from(wgpu_device),
        name,
        software,
        bools: BoolStore::U32,
        ints: IntDType::I32,
    })
}

fn listen(setup: &WgpuSetup) {
    setup.device.set_device_lost_callback(|reason, message| {
        // Dropping the device at the end of the program is no loss.
        if reason != wgpu::DeviceLostReason::Destroyed {
            report_loss(&format!("{reason:?}: {message}"));
        }
    });
    setup
        .device
        .on_uncaptured_error(std::sync::Arc::new(|error: wgpu::Error| {
            log::error!("the GPU reported: {error}");
            report_loss(&error.to_string());
        }));
}
