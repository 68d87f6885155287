//! Batch normalisation (Ioffe and Szegedy, 2015), as PyTorch's `native_batch_norm` computes it.

use super::argument::Arguments;
use super::{Argument, Computed, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::{self, Saved, Saves};
use crate::error::{Error, Result, signed};
use crate::tensor::Tensor;
use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use kindling_protocol::ValueKind;

/// The running statistics and settings of a `BatchNorm1d`, beside its input.
pub struct BatchNorm<'a> {
    /// Scale, `[features]`.
    pub weight: &'a Tensor,
    /// Shift, `[features]`.
    pub bias: &'a Tensor,
    /// Written in training, read in evaluation, `[features]`.
    pub running_mean: &'a Tensor,
    /// Written in training (with the unbiased variance), read in evaluation, `[features]`.
    pub running_var: &'a Tensor,
    /// Use the batch's own statistics.
    pub training: bool,
    /// Weight of the batch in the running statistics; PyTorch's default is 0.1.
    pub momentum: f64,
    /// Added to the variance; PyTorch's default is 1e-5.
    pub eps: f64,
}

const TENSOR: ValueKind = ValueKind::Tensor;

pub(super) static BATCH_NORM: Operation = Operation {
    name: "batch_norm",
    category: "normalization",
    doc: "Each feature scaled to mean 0 and variance 1 over the batch, then by weight and bias.",
    parameters: &[
        Parameter {
            name: "weight",
            kind: TENSOR,
            default: None,
        },
        Parameter {
            name: "bias",
            kind: TENSOR,
            default: None,
        },
        Parameter {
            name: "running_mean",
            kind: TENSOR,
            default: None,
        },
        Parameter {
            name: "running_var",
            kind: TENSOR,
            default: None,
        },
        Parameter {
            name: "training",
            kind: ValueKind::Bool,
            default: Some("False"),
        },
        Parameter {
            name: "momentum",
            kind: ValueKind::Scalar,
            default: Some("0.1"),
        },
        Parameter {
            name: "eps",
            kind: ValueKind::Scalar,
            default: Some("1e-05"),
        },
    ],
    reads: Reads::Nothing,
    forward,
    gradient: Gradient::Rule(Derivative {
        node: |_| "NativeBatchNormBackward0",
        symbols: "∂L/∂x = w/σ · (g − mean(g) − x̂ · mean(g·x̂)),  ∂L/∂w = Σ g·x̂,  ∂L/∂b = Σ g",
        words: "Scaling by the batch's own statistics takes out of the gradient its mean and its part along the normalised input.",
        saves: &[Saves::Input(0), Saves::Input(1)],
        rule,
    }),
    samples: |s| {
        let call = |s: &mut super::Samples, training: bool| -> Result<Vec<Argument>> {
            Ok(vec![
                s.signed(&[5, 3])?,
                s.positive(&[3])?,
                s.signed(&[3])?,
                s.signed(&[3])?,
                s.positive(&[3])?,
                Argument::Bool(training),
                Argument::Scalar(0.1),
                Argument::Scalar(1e-5),
            ])
        };
        Ok(vec![call(s, true)?, call(s, false)?])
    },
};

/// Mean and 1/σ of each feature, `[1, features]`, through recorded operations.
fn statistics(x: &Tensor, eps: f64) -> Result<(Tensor, Tensor)> {
    let mean = x.mean(Some(&[0][..]), true)?;
    let centred = x.sub(&mean)?;
    let variance = centred.mul(&centred)?.mean(Some(&[0][..]), true)?;
    Ok((mean, variance.add(eps)?.pow(-0.5)?))
}

fn forward(list: &[Argument]) -> Result<Computed> {
    let a = Arguments {
        op: "batch_norm",
        list,
    };
    let (x, weight, bias) = (a.tensor(0)?, a.tensor(1)?, a.tensor(2)?);
    let (training, momentum, eps) = (
        a.bool_or(5, false),
        a.scalar_or(6, 0.1),
        a.scalar_or(7, 1e-5),
    );
    let &[rows, features] = x.sizes() else {
        return Err(Error::Value(format!(
            "expected 2D or 3D input (got {}D input)",
            x.dim()
        )));
    };
    for (name, t) in [
        ("weight", weight),
        ("bias", bias),
        ("running_mean", a.tensor(3)?),
        ("running_var", a.tensor(4)?),
    ] {
        if t.sizes() != [features] {
            return Err(Error::StateShape {
                name: name.into(),
                expected: vec![features as i64],
                found: signed(t.sizes()),
            });
        }
    }
    if training && rows == 1 {
        return Err(Error::BatchNormOfOne {
            sizes: signed(x.sizes()),
        });
    }
    let _unrecorded = autograd::no_grad();
    let row = |t: &Tensor| t.reshape_raw(&[1, -1]);
    let (mean, scale) = if training {
        let mean = x.mean(Some(&[0][..]), true)?;
        let centred = x.sub(&mean)?;
        let variance = centred.mul(&centred)?.mean(Some(&[0][..]), true)?;
        let unbiased = rows as f64 / (rows as f64 - 1.0);
        follow(a.tensor(3)?, &mean, momentum)?;
        follow(a.tensor(4)?, &variance.mul(unbiased)?, momentum)?;
        (mean, inverse_deviation(&variance, eps)?)
    } else {
        (
            row(&a.tensor(3)?.copy_raw())?,
            inverse_deviation(&row(a.tensor(4)?)?, eps)?,
        )
    };
    // y = x · (w/σ) + (b − mean · w/σ): two passes over the batch.
    let factor = scale.mul(&row(weight)?)?;
    let shift = row(bias)?.sub(&mean.mul(&factor)?)?;
    let p = Dispatch::float_mul(x.primitive(), factor.primitive());
    let p = Dispatch::float_add(p, shift.primitive());
    let result = Tensor::from_primitive(p, x.dtype(), x.device(), x.sizes().to_vec());
    Ok(Computed {
        result,
        extra: vec![mean, scale],
    })
}

/// 1/σ by way of the square root, which is rounded better than a power of -½.
fn inverse_deviation(variance: &Tensor, eps: f64) -> Result<Tensor> {
    let deviation = variance.add(eps)?.sqrt()?;
    let p = Dispatch::float_recip(deviation.primitive());
    Ok(Tensor::from_primitive(
        p,
        deviation.dtype(),
        deviation.device(),
        deviation.sizes().to_vec(),
    ))
}

/// `running = (1 − momentum) · running + momentum · batch`, in place.
fn follow(running: &Tensor, batch: &Tensor, momentum: f64) -> Result<()> {
    let batch = batch.reshape_raw(&[-1])?.primitive();
    running.replace(|old| {
        let old = Dispatch::float_mul_scalar(old, (1.0 - momentum).into());
        Dispatch::float_add(old, Dispatch::float_mul_scalar(batch, momentum.into()))
    });
    Ok(())
}

fn rule(s: &Saved<'_>) -> Result<Vec<Option<Tensor>>> {
    let (x, weight) = (s.input(0)?, s.input(1)?);
    let training = matches!(s.argument(5), Argument::Bool(true));
    let eps = s.argument(7).scalar().unwrap_or(1e-5);
    // For a second derivative the statistics must be functions of the input; else what the forward kept will do.
    let (mean, scale) = if training && autograd::is_grad_enabled() {
        statistics(&x, eps)?
    } else {
        (s.extra(0)?.clone(), s.extra(1)?.clone())
    };
    let g = s.grad();
    let normalised = x.sub(&mean)?.mul(&scale)?;
    let along = g.mul(&normalised)?;
    let to_weight = along.sum(Some(&[0][..]), false)?;
    let to_bias = g.sum(Some(&[0][..]), false)?;
    let factor = scale.mul(&weight.reshape(&[1, -1])?)?;
    let to_input = match (s.needs(0), training) {
        (false, _) => None,
        (true, false) => Some(g.mul(&factor)?),
        (true, true) => {
            let share = 1.0 / x.sizes()[0] as f64;
            let common = to_bias.mul(share)?.reshape(&[1, -1])?;
            let own = normalised.mul(&to_weight.mul(share)?.reshape(&[1, -1])?)?;
            Some(g.sub(&common)?.sub(&own)?.mul(&factor)?)
        }
    };
    Ok(vec![to_input, Some(to_weight), Some(to_bias), None, None])
}

impl Tensor {
    /// `F.batch_norm`. Shapes: self `[batch, features]`, the rest `[features]`.
    ///
    /// # Errors
    /// PyTorch's, for a training batch of one row among others.
    pub fn batch_norm(&self, with: &BatchNorm<'_>) -> Result<Self> {
        BATCH_NORM.call(vec![
            self.into(),
            with.weight.into(),
            with.bias.into(),
            with.running_mean.into(),
            with.running_var.into(),
            with.training.into(),
            with.momentum.into(),
            with.eps.into(),
        ])
    }
}
