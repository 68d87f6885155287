//! Fused operations on a GPU.

// What the macro writes.
#![allow(missing_docs)]

use crate::ops::product::tiles::{from_gpu, on_gpu, unwritten};
use crate::tensor::kernels::Primitive;
use burn::backend::{BackendTensor, DispatchTensorKind};
use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::tensor::CubeTensor;

/// Units of the one workgroup that makes a batch's loss, each for its share of the rows.
const UNITS: u32 = 64;
/// Elements that a unit changes.
const EACH: usize = 4;

/// Class indices as a GPU holds them.
fn classes(target: &Primitive) -> Option<&CubeTensor> {
    match &target.kind {
        DispatchTensorKind::Cube(BackendTensor::Int(t)) if t.dtype == burn::tensor::DType::I32 => {
            Some(t)
        }
        _ => None,
    }
}

/// As the host's of this name.
#[allow(unsafe_code)]
pub(super) fn cross_entropy(
    logits: &Primitive,
    target: &Primitive,
) -> Option<(Primitive, Primitive)> {
    let (x, target) = (on_gpu(logits)?, classes(target)?);
    let (rows, columns) = (x.meta.shape()[0], x.meta.shape()[1]);
    if rows == 0 || columns == 0 || !target.is_contiguous() {
        return None;
    }
    let logs = unwritten(vec![rows, columns], x);
    let mean = unwritten(vec![1], x);
    // SAFETY: the kernel reads and writes below the shapes it is given; targets were checked to be classes, or are data's.
    unsafe {
        cross_entropy_kernel::launch_unchecked(
            &x.client,
            CubeCount::Static(1, 1, 1),
            CubeDim::new_1d(UNITS),
            x.clone().into_tensor_arg(),
            target.clone().into_tensor_arg(),
            logs.clone().into_tensor_arg(),
            mean.clone().into_tensor_arg(),
        );
    }
    Some((from_gpu(logs, logits), from_gpu(mean, logits)))
}

#[cube(launch_unchecked)]
fn cross_entropy_kernel(
    x: &Tensor<f32>,
    target: &Tensor<i32>,
    logs: &mut Tensor<f32>,
    mean: &mut Tensor<f32>,
) {
    let rows = x.shape(0);
    let columns = x.shape(1);
    let unit = UNIT_POS as usize;
    let mut partial = Shared::<[f32]>::new_slice(64usize);
    let mut total = 0.0f32;
    for turn in 0..rows.div_ceil(64) {
        let row = turn * 64 + unit;
        if row < rows {
            let from = row * x.stride(0);
            let along = x.stride(1);
            let mut most = x[from];
            for column in 1..columns {
                most = max(most, x[from + column * along]);
            }
            // Four sums of every fourth: a shorter chain of roundings.
            let mut first = 0.0f32;
            let mut second = 0.0f32;
            let mut third = 0.0f32;
            let mut fourth = 0.0f32;
            for four in 0..columns.div_ceil(4) {
                let column = four * 4;
                first += (x[from + column * along] - most).exp();
                if column + 1 < columns {
                    second += (x[from + (column + 1) * along] - most).exp();
                }
                if column + 2 < columns {
                    third += (x[from + (column + 2) * along] - most).exp();
                }
                if column + 3 < columns {
                    fourth += (x[from + (column + 3) * along] - most).exp();
                }
            }
            let log = ((first + third) + (second + fourth)).ln();
            for column in 0..columns {
                logs[row * columns + column] = x[from + column * along] - most - log;
            }
            total -= x[from + (target[row] as usize) * along] - most - log;
        }
    }
    partial[unit] = total;
    sync_cube();
    if unit == 0 {
        let mut sum = 0.0f32;
        for other in 0..64usize {
            sum += partial[other];
        }
        mean[0] = sum / (rows as f32);
    }
}

/// As the host's of this name.
#[allow(unsafe_code)]
pub(super) fn cross_entropy_gradient(
    logs: &Primitive,
    target: &Primitive,
    grad: &Primitive,
) -> Option<Primitive> {
    let (values, target, g) = (on_gpu(logs)?, classes(target)?, on_gpu(grad)?);
    let (rows, columns) = (values.meta.shape()[0], values.meta.shape()[1]);
    if !target.is_contiguous() || !values.is_contiguous() {
        return None;
    }
    let made = unwritten(vec![rows, columns], values);
    // SAFETY: as above.
    unsafe {
        cross_entropy_gradient_kernel::launch_unchecked(
            &values.client,
            CubeCount::Static(((rows * columns) as u32).div_ceil(UNITS), 1, 1),
            CubeDim::new_1d(UNITS),
            values.clone().into_tensor_arg(),
            target.clone().into_tensor_arg(),
            g.clone().into_tensor_arg(),
            made.clone().into_tensor_arg(),
        );
    }
    Some(from_gpu(made, logs))
}

#[cube(launch_unchecked)]
fn cross_entropy_gradient_kernel(
    logs: &Tensor<f32>,
    target: &Tensor<i32>,
    grad: &Tensor<f32>,
    made: &mut Tensor<f32>,
) {
    let columns = logs.shape(1);
    let at = ABSOLUTE_POS;
    if at >= logs.shape(0) * columns {
        terminate!();
    }
    let picked = -(grad[0] / (logs.shape(0) as f32));
    let here = (target[at / columns] as usize) == at % columns;
    made[at] = select(here, picked, 0.0) - logs[at].exp() * picked;
}

/// Whether a parameter on a GPU can be changed where it lies: as it is laid out and by a gradient laid out likewise.
pub(super) fn can_descend(parameter: &crate::Tensor, grad: &crate::Tensor) -> bool {
    parameter.is_contiguous()
        && parameter.sizes() == grad.sizes()
        && on_gpu(&parameter.primitive()).is_some_and(CubeTensor::is_contiguous)
        && on_gpu(&grad.primitive()).is_some_and(CubeTensor::is_contiguous)
}

/// Changes one parameter or two.
pub(super) fn descend(parameters: &[(&crate::Tensor, crate::Tensor)], lr: f32, weight_decay: f32) {
    let [(first, grad), others @ ..] = parameters else {
        return;
    };
    first.replace(|mut p| {
        own(&mut p);
        match others.first() {
            Some((second, other_grad)) => second.replace(|mut q| {
                own(&mut q);
                let other = (&q, &other_grad.primitive());
                launch_descend((&p, &grad.primitive()), Some(other), lr, weight_decay);
                q
            }),
            None => launch_descend((&p, &grad.primitive()), None, lr, weight_decay),
        }
        p
    });
}

/// Copies a parameter whose memory somebody else holds too.
fn own(p: &mut Primitive) {
    if let DispatchTensorKind::Cube(BackendTensor::Float(t)) = &mut p.kind
        && !t.can_mut()
    {
        *t = t.copy();
    }
}

#[allow(unsafe_code)]
fn launch_descend(
    first: (&Primitive, &Primitive),
    second: Option<(&Primitive, &Primitive)>,
    lr: f32,
    weight_decay: f32,
) {
    let (Some(p), Some(g)) = (on_gpu(first.0), on_gpu(first.1)) else {
        return;
    };
    let second = second.and_then(|(q, h)| Some((on_gpu(q)?, on_gpu(h)?)));
    let elements = p.meta.num_elements();
    let others = second.map_or(0, |(q, _)| q.meta.num_elements());
    let groups = (elements.max(others).div_ceil(EACH) as u32).div_ceil(UNITS);
    let across = groups.clamp(1, 65_535);
    let count = CubeCount::Static(across, groups.div_ceil(across), 1);
    let dim = CubeDim::new_1d(UNITS);
    let (p_arg, g_arg) = (p.clone().into_tensor_arg(), g.clone().into_tensor_arg());
    // SAFETY: the kernels change elements below the lengths they are given.
    unsafe {
        match second {
            None => descend_one_kernel::launch_unchecked(
                &p.client,
                count,
                dim,
                p_arg,
                g_arg,
                elements,
                lr,
                weight_decay,
            ),
            Some((q, h)) => descend_two_kernel::launch_unchecked(
                &p.client,
                count,
                dim,
                p_arg,
                g_arg,
                q.clone().into_tensor_arg(),
                h.clone().into_tensor_arg(),
                elements,
                others,
                lr,
                weight_decay,
            ),
        }
    }
}

#[cube(launch_unchecked)]
fn descend_one_kernel(
    p: &mut Tensor<f32>,
    g: &Tensor<f32>,
    elements: usize,
    lr: f32,
    weight_decay: f32,
) {
    change(p, g, elements, lr, weight_decay);
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn descend_two_kernel(
    p: &mut Tensor<f32>,
    g: &Tensor<f32>,
    q: &mut Tensor<f32>,
    h: &Tensor<f32>,
    elements: usize,
    others: usize,
    lr: f32,
    weight_decay: f32,
) {
    change(p, g, elements, lr, weight_decay);
    change(q, h, others, lr, weight_decay);
}

#[cube]
fn change(p: &mut Tensor<f32>, g: &Tensor<f32>, elements: usize, lr: f32, weight_decay: f32) {
    for step in 0..4usize {
        let at = ABSOLUTE_POS * 4 + step;
        if at < elements {
            let old = p[at];
            p[at] = old - lr * (g[at] + weight_decay * old);
        }
    }
}
