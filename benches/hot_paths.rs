//! What a training step is made of, each by itself: `cargo bench`, or `cargo bench -- products` for some. `KINDLING_DEVICE` picks
//! the device, as for the tests; on a GPU a measurement ends when the result was read.

// A bench may stop at the first thing that is not so.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kindling::autograd::{BackwardOptions, backward, no_grad};
use kindling::nn::{Module as _, Reduction, shared};
use kindling::optim::{Sgd, SgdOptions};
use kindling::random::Generator;
use kindling::{Device, Tensor, train};
use kindling_protocol::{DeviceKind, ExperimentConfig, Preset};
use pollster::block_on;
use std::hint::black_box;

/// Batch sizes of the project's bench.
const BATCHES: [usize; 3] = [32, 64, 256];
/// Widths of the course's network: inputs, two hidden layers, classes.
const WIDTHS: [usize; 4] = [784, 128, 64, 10];

fn device() -> Device {
    let kind = match std::env::var("KINDLING_DEVICE").as_deref() {
        Err(_) | Ok("" | "cpu") => DeviceKind::Cpu,
        Ok("vulkan") => DeviceKind::Vulkan,
        Ok("cuda") => DeviceKind::Cuda,
        Ok(other) => panic!("KINDLING_DEVICE={other}: use cpu, vulkan or cuda"),
    };
    block_on(Device::open(kind)).unwrap()
}

fn drawn(generator: &mut Generator, sizes: &[usize], device: Device) -> Tensor {
    let values = generator.randn(sizes.iter().product());
    Tensor::from_f32(values, sizes, device).unwrap()
}

/// Waits until a GPU has made this; nothing is to be waited for on the CPU.
fn settle(tensor: &Tensor) {
    if !tensor.device().is_cpu() {
        block_on(tensor.detach().to_vec()).unwrap();
    }
}

/// The products of a step: each layer forward, the gradient of its weight, and of its input.
fn products(c: &mut Criterion) {
    let device = device();
    let mut group = c.benchmark_group("products");
    let mut generator = Generator::new(1);
    let _unrecorded = no_grad();
    for batch in BATCHES {
        for layer in WIDTHS.windows(2) {
            let (inputs, outputs) = (layer[0], layer[1]);
            let x = drawn(&mut generator, &[batch, inputs], device);
            let w = drawn(&mut generator, &[outputs, inputs], device);
            let b = drawn(&mut generator, &[outputs], device);
            let g = drawn(&mut generator, &[batch, outputs], device);
            let what = format!("{batch}x{inputs}x{outputs}");
            // Floating-point operations, so that the rate is in FLOP/s.
            group.throughput(Throughput::Elements((2 * batch * inputs * outputs) as u64));
            group.bench_function(BenchmarkId::new("forward", &what), |bench| {
                bench.iter(|| settle(&x.linear(&w, Some(&b)).unwrap()));
            });
            group.bench_function(BenchmarkId::new("weight gradient", &what), |bench| {
                bench.iter(|| settle(&g.t().unwrap().mm(&x).unwrap()));
            });
            group.bench_function(BenchmarkId::new("input gradient", &what), |bench| {
                bench.iter(|| settle(&g.mm(&w).unwrap()));
            });
        }
    }
    group.finish();
}

/// The loss forward, and forward with its gradient.
fn loss(c: &mut Criterion) {
    let device = device();
    let mut group = c.benchmark_group("cross entropy");
    let mut generator = Generator::new(2);
    for batch in BATCHES {
        let logits = drawn(&mut generator, &[batch, WIDTHS[3]], device);
        let classes: Vec<i64> = (0..batch).map(|row| (row % WIDTHS[3]) as i64).collect();
        let target = Tensor::from_i64(&classes, &[batch], device).unwrap();
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(BenchmarkId::new("forward", batch), |bench| {
            bench.iter(|| settle(&logits.cross_entropy(&target, Reduction::Mean).unwrap()));
        });
        let leaf = logits.detach();
        leaf.requires_grad_(true).unwrap();
        group.bench_function(BenchmarkId::new("with gradient", batch), |bench| {
            bench.iter(|| {
                leaf.set_grad(None);
                let loss = leaf.cross_entropy(&target, Reduction::Mean).unwrap();
                block_on(backward(&loss, None, BackwardOptions::default())).unwrap();
                settle(&leaf.grad().unwrap());
            });
        });
    }
    group.finish();
}

/// A whole step of each preset's network: forward, backward, update.
fn steps(c: &mut Criterion) {
    let device = device();
    let mut group = c.benchmark_group("training step");
    let mut generator = Generator::new(3);
    for preset in [Preset::Baseline, Preset::Improved] {
        let config: ExperimentConfig = preset.config();
        for batch in BATCHES {
            let x = drawn(&mut generator, &[batch, WIDTHS[0]], device);
            let classes: Vec<i64> = (0..batch).map(|row| (row % WIDTHS[3]) as i64).collect();
            let target = Tensor::from_i64(&classes, &[batch], device).unwrap();
            let model = train::network(&config, &shared(Generator::new(42)), device).unwrap();
            let options = SgdOptions {
                lr: 1e-6,
                momentum: config.momentum,
                weight_decay: config.weight_decay,
            };
            let parameters = model.parameters();
            let last = parameters.last().unwrap().clone();
            let mut optimizer = Sgd::new(parameters, options).unwrap();
            group.throughput(Throughput::Elements(batch as u64));
            group.bench_function(BenchmarkId::new(preset.key(), batch), |bench| {
                bench.iter(|| {
                    let logits = block_on(model.forward(&x)).unwrap();
                    let loss = logits.cross_entropy(&target, Reduction::Mean).unwrap();
                    optimizer.zero_grad();
                    block_on(backward(&loss, None, BackwardOptions::default())).unwrap();
                    optimizer.step().unwrap();
                    settle(&last);
                });
            });
        }
    }
    group.finish();
}

/// What recording costs: a small operation with and without it, and a short chain walked backward.
fn recording(c: &mut Criterion) {
    let device = device();
    let mut group = c.benchmark_group("recording");
    let mut generator = Generator::new(4);
    let a = drawn(&mut generator, &[4], device);
    let b = drawn(&mut generator, &[4], device);
    group.bench_function("add, unrecorded", |bench| {
        bench.iter(|| black_box(a.add(&b).unwrap()));
    });
    let leaf = a.detach();
    leaf.requires_grad_(true).unwrap();
    group.bench_function("add, recorded", |bench| {
        bench.iter(|| black_box(leaf.add(&b).unwrap()));
    });
    group.bench_function("square, sin, exp, sum and backward", |bench| {
        bench.iter(|| {
            leaf.set_grad(None);
            let y = leaf.mul(&leaf).unwrap().sin().unwrap().exp().unwrap();
            let y = y.sum(None, false).unwrap();
            block_on(backward(&y, None, BackwardOptions::default())).unwrap();
            settle(&leaf.grad().unwrap());
        });
    });
    group.finish();
}

/// Random numbers as PyTorch draws them: the orders of epochs and the masks of dropout.
fn random(c: &mut Criterion) {
    let mut group = c.benchmark_group("random");
    group.throughput(Throughput::Elements(60_000));
    group.bench_function("randperm", |bench| {
        let mut generator = Generator::new(5);
        bench.iter(|| black_box(generator.randperm(60_000)));
    });
    group.throughput(Throughput::Elements(100_000));
    group.bench_function("randn", |bench| {
        let mut generator = Generator::new(6);
        bench.iter(|| black_box(generator.randn(100_000)));
    });
    group.finish();
}

criterion_group!(all, products, loss, steps, recording, random);
criterion_main!(all);
