//! The product on a GPU that software plays: each unit makes a tile of eight by eight results in registers, alone. Loads are what
//! costs there, and a tile of that size makes 64 products of 16 of them.

// What the macro writes.
#![allow(missing_docs)]

use super::After;
use crate::tensor::kernels::Primitive;
use burn::backend::{BackendTensor, DispatchTensorKind};
use burn_cubecl::cubecl::{self, prelude::*};
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;

/// Rows and columns of a tile.
const SIDE: usize = 8;
/// Units of a workgroup: few, so that the small products of a batch keep every core busy.
const UNITS: u32 = 16;

/// The tensor on a GPU, if it is one of 32-bit floats.
pub(in crate::ops) fn on_gpu(p: &Primitive) -> Option<&CubeTensor> {
    match &p.kind {
        DispatchTensorKind::Cube(BackendTensor::Float(t))
            if t.dtype == burn::tensor::DType::F32 =>
        {
            Some(t)
        }
        _ => None,
    }
}

/// A tensor of a GPU's as Burn passes them, in the same graph of Burn's as `like`, which is none.
pub(in crate::ops) fn from_gpu(t: CubeTensor, like: &Primitive) -> Primitive {
    Primitive {
        kind: DispatchTensorKind::Cube(BackendTensor::Float(t)),
        autodiff: like.autodiff,
    }
}

/// A tensor of 32-bit floats on the GPU of `like`, whose elements are yet to be written.
pub(in crate::ops) fn unwritten(sizes: Vec<usize>, like: &CubeTensor) -> CubeTensor {
    empty_device_contiguous_dtype(
        like.client.clone(),
        like.device.clone(),
        burn::tensor::Shape::from(sizes),
        like.dtype,
    )
}

/// `bias + a · b`; `None` for other element types, and for a bias or mask that is not laid out row by row.
pub(super) fn product(
    a: &Primitive,
    b: &Primitive,
    bias: Option<&Primitive>,
    after: After<'_>,
) -> Option<Primitive> {
    let (left, right) = (on_gpu(a)?, on_gpu(b)?);
    let beside = match (bias, after) {
        (Some(_), After::Where(_)) => return None,
        (Some(bias), _) => Some(on_gpu(bias)?).filter(|bias| bias.meta.shape()[0] == 1),
        (None, After::Where(mask)) => Some(on_gpu(mask)?),
        (None, _) => Some(right),
    };
    let beside = beside
        .filter(|t| t.is_contiguous() || bias.is_none() && !matches!(after, After::Where(_)))?;
    let out = unwritten(vec![left.meta.shape()[0], right.meta.shape()[1]], left);
    let nowhere = unwritten(vec![1], left);
    let how = How {
        bias: bias.is_some(),
        relu: matches!(after, After::Relu),
        mask: matches!(after, After::Where(_)),
        row_sums: false,
    };
    launch(left, right, beside, &out, &nowhere, how);
    Some(from_gpu(out, a))
}

/// `a · b`, and the sum of each row of `a`.
pub(super) fn product_and_row_sums(a: &Primitive, b: &Primitive) -> Option<(Primitive, Primitive)> {
    let (left, right) = (on_gpu(a)?, on_gpu(b)?);
    let rows = left.meta.shape()[0];
    let out = unwritten(vec![rows, right.meta.shape()[1]], left);
    let sums = unwritten(vec![rows], left);
    let how = How {
        row_sums: true,
        ..How::default()
    };
    launch(left, right, right, &out, &sums, how);
    Some((from_gpu(out, a), from_gpu(sums, a)))
}

/// What the kernel does beside the product.
#[derive(Clone, Copy, Default)]
struct How {
    bias: bool,
    relu: bool,
    mask: bool,
    row_sums: bool,
}

#[allow(unsafe_code)]
fn launch(
    a: &CubeTensor,
    b: &CubeTensor,
    beside: &CubeTensor,
    out: &CubeTensor,
    sums: &CubeTensor,
    how: How,
) {
    let (rows, columns) = (out.meta.shape()[0], out.meta.shape()[1]);
    let tiles = rows.div_ceil(SIDE) * columns.div_ceil(SIDE);
    let groups = tiles.div_ceil(UNITS as usize) as u32;
    // A dimension of the grid holds 65,535 workgroups.
    let across = groups.clamp(1, 65_535);
    // SAFETY: the kernel reads rows and columns below the shapes it is given and writes below those of `out`.
    unsafe {
        tile_kernel::launch_unchecked(
            &out.client,
            CubeCount::Static(across, groups.div_ceil(across), 1),
            CubeDim::new_1d(UNITS),
            a.clone().into_tensor_arg(),
            b.clone().into_tensor_arg(),
            beside.clone().into_tensor_arg(),
            out.clone().into_tensor_arg(),
            sums.clone().into_tensor_arg(),
            how.bias,
            how.relu,
            how.mask,
            how.row_sums,
        );
    }
}

/// Registers have no indices: each of the 64 sums is a variable, as is the part of it in hand, and the table at the end says of which two
/// factors it is the sum.
macro_rules! tile_kernel {
    (
        rows: $($r:literal $at:ident $a:ident),*;
        columns: $($c:literal $to:ident $b:ident),*;
        sums: $($line:literal: $($sum:ident $part:ident $x:ident $y:ident),*);*
    ) => {
        /// The sum is made in parts of 64 products: a rounding of each part grows with the part, not with the whole.
        /// A tile that reaches over the edge reads the last row or column again, and writes what is inside.
        #[cube(launch_unchecked)]
        fn tile_kernel(
            a: &Tensor<f32>,
            b: &Tensor<f32>,
            beside: &Tensor<f32>,
            out: &mut Tensor<f32>,
            sums: &mut Tensor<f32>,
            #[comptime] with_bias: bool,
            #[comptime] with_relu: bool,
            #[comptime] with_mask: bool,
            #[comptime] with_row_sums: bool,
        ) {
            let rows = out.shape(0);
            let columns = out.shape(1);
            let across = columns.div_ceil(8);
            if ABSOLUTE_POS >= across * rows.div_ceil(8) {
                terminate!();
            }
            let row = ABSOLUTE_POS / across * 8;
            let column = ABSOLUTE_POS % across * 8;
            let down = a.stride(0);
            let along = b.stride(1);
            $(let $at = select(row + $r < rows, row + $r, row) * down;)*
            $(let $to = select(column + $c < columns, column + $c, column) * along;)*
            let depth = a.shape(1);
            let parts = depth.div_ceil(64);
            $($(let mut $sum = 0.0f32;)*)*
            for part in 0..parts {
                $($(let mut $part = 0.0f32;)*)*
                for inner in part * 64..min(depth, (part + 1) * 64) {
                    let in_a = inner * a.stride(1);
                    let in_b = inner * b.stride(0);
                    $(let $a = a[$at + in_a];)*
                    $(let $b = b[$to + in_b];)*
                    $($($part += $x * $y;)*)*
                }
                $($($sum += $part;)*)*
            }
            $(write_row(
                out, beside, row + $line, column, $($sum,)* with_bias, with_relu, with_mask,
            );)*
            if with_row_sums {
                if column == 0 {
                    $(write_sum(a, sums, row + $r);)*
                }
            }
        }
    };
}

tile_kernel! {
    rows: 0 at_0 a_0, 1 at_1 a_1, 2 at_2 a_2, 3 at_3 a_3, 4 at_4 a_4, 5 at_5 a_5, 6 at_6 a_6, 7 at_7 a_7;
    columns: 0 to_0 b_0, 1 to_1 b_1, 2 to_2 b_2, 3 to_3 b_3, 4 to_4 b_4, 5 to_5 b_5, 6 to_6 b_6, 7 to_7 b_7;
    sums: 0: s_00 p_00 a_0 b_0, s_01 p_01 a_0 b_1, s_02 p_02 a_0 b_2, s_03 p_03 a_0 b_3, s_04 p_04 a_0 b_4, s_05 p_05 a_0 b_5, s_06 p_06 a_0 b_6, s_07 p_07 a_0 b_7;
    1: s_10 p_10 a_1 b_0, s_11 p_11 a_1 b_1, s_12 p_12 a_1 b_2, s_13 p_13 a_1 b_3, s_14 p_14 a_1 b_4, s_15 p_15 a_1 b_5, s_16 p_16 a_1 b_6, s_17 p_17 a_1 b_7;
    2: s_20 p_20 a_2 b_0, s_21 p_21 a_2 b_1, s_22 p_22 a_2 b_2, s_23 p_23 a_2 b_3, s_24 p_24 a_2 b_4, s_25 p_25 a_2 b_5, s_26 p_26 a_2 b_6, s_27 p_27 a_2 b_7;
    3: s_30 p_30 a_3 b_0, s_31 p_31 a_3 b_1, s_32 p_32 a_3 b_2, s_33 p_33 a_3 b_3, s_34 p_34 a_3 b_4, s_35 p_35 a_3 b_5, s_36 p_36 a_3 b_6, s_37 p_37 a_3 b_7;
    4: s_40 p_40 a_4 b_0, s_41 p_41 a_4 b_1, s_42 p_42 a_4 b_2, s_43 p_43 a_4 b_3, s_44 p_44 a_4 b_4, s_45 p_45 a_4 b_5, s_46 p_46 a_4 b_6, s_47 p_47 a_4 b_7;
    5: s_50 p_50 a_5 b_0, s_51 p_51 a_5 b_1, s_52 p_52 a_5 b_2, s_53 p_53 a_5 b_3, s_54 p_54 a_5 b_4, s_55 p_55 a_5 b_5, s_56 p_56 a_5 b_6, s_57 p_57 a_5 b_7;
    6: s_60 p_60 a_6 b_0, s_61 p_61 a_6 b_1, s_62 p_62 a_6 b_2, s_63 p_63 a_6 b_3, s_64 p_64 a_6 b_4, s_65 p_65 a_6 b_5, s_66 p_66 a_6 b_6, s_67 p_67 a_6 b_7;
    7: s_70 p_70 a_7 b_0, s_71 p_71 a_7 b_1, s_72 p_72 a_7 b_2, s_73 p_73 a_7 b_3, s_74 p_74 a_7 b_4, s_75 p_75 a_7 b_5, s_76 p_76 a_7 b_6, s_77 p_77 a_7 b_7
}

#[cube]
#[allow(clippy::too_many_arguments)]
fn write_row(
    out: &mut Tensor<f32>,
    beside: &Tensor<f32>,
    row: usize,
    column: usize,
    sum_0: f32,
    sum_1: f32,
    sum_2: f32,
    sum_3: f32,
    sum_4: f32,
    sum_5: f32,
    sum_6: f32,
    sum_7: f32,
    #[comptime] with_bias: bool,
    #[comptime] with_relu: bool,
    #[comptime] with_mask: bool,
) {
    if row < out.shape(0) {
        write(
            out, beside, row, column, sum_0, with_bias, with_relu, with_mask,
        );
        write(
            out,
            beside,
            row,
            column + 1,
            sum_1,
            with_bias,
            with_relu,
            with_mask,
        );
        write(
            out,
            beside,
            row,
            column + 2,
            sum_2,
            with_bias,
            with_relu,
            with_mask,
        );
        write(
            out,
            beside,
            row,
            column + 3,
            sum_3,
            with_bias,
            with_relu,
            with_mask,
        );
        write(
            out,
            beside,
            row,
            column + 4,
            sum_4,
            with_bias,
            with_relu,
            with_mask,
        );
        write(
            out,
            beside,
            row,
            column + 5,
            sum_5,
            with_bias,
            with_relu,
            with_mask,
        );
        write(
            out,
            beside,
            row,
            column + 6,
            sum_6,
            with_bias,
            with_relu,
            with_mask,
        );
        write(
            out,
            beside,
            row,
            column + 7,
            sum_7,
            with_bias,
            with_relu,
            with_mask,
        );
    }
}

#[cube]
#[allow(clippy::too_many_arguments)]
fn write(
    out: &mut Tensor<f32>,
    beside: &Tensor<f32>,
    row: usize,
    column: usize,
    sum: f32,
    #[comptime] with_bias: bool,
    #[comptime] with_relu: bool,
    #[comptime] with_mask: bool,
) {
    let columns = out.shape(1);
    if column < columns {
        let at = row * columns + column;
        let mut value = sum;
        if with_bias {
            value += beside[column];
        }
        if with_relu {
            value = select(value <= 0.0, 0.0, value);
        }
        if with_mask {
            value = select(beside[at] <= 0.0, 0.0, value);
        }
        out[at] = value;
    }
}

#[cube]
fn write_sum(a: &Tensor<f32>, sums: &mut Tensor<f32>, row: usize) {
    if row < a.shape(0) {
        let mut sum = 0.0f32;
        for inner in 0..a.shape(1) {
            sum += a[row * a.stride(0) + inner * a.stride(1)];
        }
        sums[row] = sum;
    }
}
