//! What the suites share: the device under test and the real data.

// Each suite is a program of its own and uses its part of this.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

pub mod calls;
pub mod session;

use kindling::Device;
use kindling::data::{DataSet, Images, fashion_mnist};
use kindling_protocol::{DataSource, DeviceKind};
use std::rc::Rc;

/// The device that `KINDLING_DEVICE` names; the CPU where it names none. A device that is not there fails the test:
/// a suite must not pass on nothing.
pub async fn device() -> Device {
    let kind = match std::env::var("KINDLING_DEVICE").as_deref() {
        Err(_) | Ok("" | "cpu") => DeviceKind::Cpu,
        Ok("vulkan") => DeviceKind::Vulkan,
        Ok("cuda") => DeviceKind::Cuda,
        Ok(other) => panic!("KINDLING_DEVICE={other}: use cpu, vulkan or cuda"),
    };
    Device::open(kind).await.unwrap()
}

/// The real training file, from Debian's package `dataset-fashion-mnist` or the folder `KINDLING_DATA`.
pub fn fashion_mnist() -> Rc<DataSet> {
    let folder = std::env::var("KINDLING_DATA")
        .unwrap_or_else(|_| "/usr/share/datasets/fashion-mnist".into());
    let read = |name: &str| {
        let path = format!("{folder}/{name}");
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        fashion_mnist::decode(name, &bytes).unwrap()
    };
    let images = Images::new(
        read("train-images-idx3-ubyte.gz"),
        read("train-labels-idx1-ubyte.gz"),
    )
    .unwrap();
    Rc::new(DataSet {
        images,
        source: DataSource::FashionMnist,
        note: None,
    })
}
