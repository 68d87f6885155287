//! The product on the CPU, into memory made once: Burn's flex makes the result of zeros and then copies it to an aligned place,
//! which cost a sixth of a training step.

use super::{After, in_memory, on_host};
use crate::platform::product::{Matrix, multiply};
use crate::tensor::kernels::Primitive;
use burn::backend::flex::FlexTensor;

/// `bias + a · b`; `None` for other element types, and for a bias that is not one row, `[1, columns]`.
pub(super) fn product(
    a: &Primitive,
    b: &Primitive,
    bias: Option<&Primitive>,
    after: After<'_>,
) -> Option<Primitive> {
    let row = match bias.map(on_host) {
        Some(Some(bias)) if bias.layout().shape()[0] == 1 => Some(bias.as_slice::<f32>()?),
        Some(_) => return None,
        None => None,
    };
    let mask = match after {
        After::Where(mask) => Some(on_host(mask)?.as_slice::<f32>()?),
        After::Nothing | After::Relu => None,
    };
    let (left, right) = (matrix(on_host(a)?)?, matrix(on_host(b)?)?);
    let mut made = matrices(&left, &right, row)?;
    match mask {
        Some(mask) if mask.len() != made.len() => return None,
        Some(mask) => {
            for (value, mask) in made.iter_mut().zip(mask) {
                // Written so that NaN passes, as in PyTorch.
                *value = if *mask <= 0.0 { 0.0 } else { *value };
            }
        }
        None if matches!(after, After::Relu) => {
            for value in &mut made {
                *value = if *value <= 0.0 { 0.0 } else { *value };
            }
        }
        None => {}
    }
    let sizes = vec![left.sizes[0], right.sizes[1]];
    Some(in_memory(made, sizes, a))
}

/// The matrix a tensor is; `None` if it reaches out of its memory or runs backwards through it.
fn matrix(t: &FlexTensor) -> Option<Matrix<'_>> {
    let layout = t.layout();
    let sizes: [usize; 2] = layout.shape().as_slice().try_into().ok()?;
    let strides: [isize; 2] = layout.strides().try_into().ok()?;
    if sizes.contains(&0) || strides.iter().any(|s| *s < 0) {
        return None;
    }
    let strides = strides.map(isize::unsigned_abs);
    let last: usize = (0..2).map(|d| (sizes[d] - 1) * strides[d]).sum();
    let elements = t.storage::<f32>().get(layout.start_offset()..)?;
    (last < elements.len()).then_some(Matrix {
        elements,
        sizes,
        strides,
    })
}

#[allow(unsafe_code)]
fn matrices(a: &Matrix<'_>, b: &Matrix<'_>, row: Option<&[f32]>) -> Option<Vec<f32>> {
    let ([rows, inner], [same, columns]) = (a.sizes, b.sizes);
    if inner != same || row.is_some_and(|row| row.len() != columns) {
        return None;
    }
    let mut made: Vec<f32> = Vec::with_capacity(rows * columns);
    multiply(a, b, row, &mut made.spare_capacity_mut()[..rows * columns]);
    // SAFETY: there is room for so many, and `multiply` has written all of them.
    unsafe { made.set_len(rows * columns) };
    Some(made)
}
