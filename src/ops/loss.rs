//! Losses: negative log likelihood, cross entropy on logits, binary cross entropy.

use super::argument::Arguments;
use super::fused;
use super::{Argument, Derivative, Gradient, Operation, Parameter, Reads};
use crate::autograd::{self, Saves};
use crate::error::{Error, Result};
use crate::tensor::{DType, Tensor};
use kindling_protocol::ValueKind;

/// What becomes of the losses of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reduction {
    /// Their mean, a scalar.
    #[default]
    Mean,
    /// Their sum, a scalar.
    Sum,
    /// Each for itself, `[batch]`.
    None,
}

impl Reduction {
    fn of(a: &Arguments<'_>, at: usize) -> Self {
        // As ATen numbers them.
        match a.optional_int(at) {
            Some(0) => Self::None,
            Some(2) => Self::Sum,
            _ => Self::Mean,
        }
    }

    pub(super) fn number(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Mean => 1,
            Self::Sum => 2,
        }
    }

    fn apply(self, losses: &Tensor) -> Result<Tensor> {
        match self {
            Self::Mean => losses.mean(None, false),
            Self::Sum => losses.sum(None, false),
            Self::None => Ok(losses.clone()),
        }
    }
}

const TARGET: Parameter = Parameter {
    name: "target",
    kind: ValueKind::Tensor,
    default: None,
};
/// 0 none, 1 mean, 2 sum: ATen's numbers, which is what the table passes.
const REDUCTION: Parameter = Parameter {
    name: "reduction",
    kind: ValueKind::Int,
    default: Some("1"),
};

pub(super) fn check_targets(x: &Tensor, target: &Tensor) -> Result<()> {
    if x.dim() != 2 || target.dim() != 1 {
        return Err(Error::Value(format!(
            "0D or 1D target tensor expected, multi-target not supported: input has {} dimensions, target {}",
            x.dim(),
            target.dim()
        )));
    }
    if x.sizes()[0] != target.sizes()[0] {
        return Err(Error::Value(format!(
            "Expected input batch_size ({}) to match target batch_size ({}).",
            x.sizes()[0],
            target.sizes()[0]
        )));
    }
    if target.dtype() != DType::Int64 {
        return Err(Error::Value(format!(
            "expected target dtype to be Long or Byte, but got {}",
            target.dtype().scalar_name()
        )));
    }
    let classes = x.sizes()[1] as i64;
    match target
        .host_integers()
        .iter()
        .flatten()
        .find(|t| !(0..classes).contains(*t))
    {
        Some(&target) => Err(Error::Target { target }),
        None => Ok(()),
    }
}

pub(super) static NLL_LOSS: Operation = Operation {
    name: "nll_loss",
    category: "loss",
    doc: "Minus the log-probability of the target class, averaged over the batch.",
    parameters: &[TARGET, REDUCTION],
    reads: Reads::Nothing,
    forward: |list| {
        let a = Arguments {
            op: "nll_loss",
            list,
        };
        let (x, target) = (a.tensor(0)?, a.tensor(1)?);
        check_targets(x, target)?;
        if !x.dtype().is_floating_point() {
            return Err(Error::DType {
                op: "nll_loss_out_frame",
                dtype: x.dtype().scalar_name(),
            });
        }
        let _unrecorded = autograd::no_grad();
        let picked = x.gather(1, &target.unsqueeze(1)?)?.reshape(&[-1])?.neg()?;
        Ok(Reduction::of(&a, 2).apply(&picked)?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "NllLossBackward0",
        symbols: "∂L/∂xᵢⱼ = −g / n where j is row i's target, else 0",
        words: "Only the target's log-probability is pulled, upwards.",
        saves: &[Saves::Input(1)],
        rule: |s| {
            let target = s.input(1)?;
            let rows = s.sizes(0)[0];
            let g = match s.argument(2).int() {
                Some(0) => s.grad().reshape(&[-1, 1])?,
                Some(2) => s.grad().reshape(&[1, 1])?.expand(&[rows as i64, 1])?,
                _ => s
                    .grad()
                    .div(rows as f64)?
                    .reshape(&[1, 1])?
                    .expand(&[rows as i64, 1])?,
            };
            let zeros = Tensor::full(s.sizes(0), 0.0, s.grad().dtype(), s.grad().device())?;
            Ok(vec![
                Some(zeros.scatter_add(1, &target.unsqueeze(1)?, &g.neg()?)?),
                None,
            ])
        },
    }),
    samples: |s| {
        Ok(vec![
            vec![s.signed(&[4, 3])?, s.indices(&[4], 3)?],
            vec![s.signed(&[4, 3])?, s.indices(&[4], 3)?, Argument::Int(2)],
            vec![s.signed(&[4, 3])?, s.indices(&[4], 3)?, Argument::Int(0)],
        ])
    },
};

pub(super) static CROSS_ENTROPY: Operation = Operation {
    name: "cross_entropy",
    category: "loss",
    doc: "log_softmax of logits, then nll_loss against class indices: what nn.CrossEntropyLoss computes.",
    parameters: &[TARGET, REDUCTION],
    reads: Reads::Nothing,
    forward: |list| {
        let a = Arguments {
            op: "cross_entropy",
            list,
        };
        if let Some(loss) = fused::cross_entropy(a.tensor(0)?, a.tensor(1)?, Reduction::of(&a, 2))?
        {
            return Ok(loss.into());
        }
        let reduction = list.get(2).cloned().unwrap_or(Argument::None);
        let logs = a.tensor(0)?.log_softmax(-1)?;
        Ok(NLL_LOSS
            .call(vec![(&logs).into(), a.tensor(1)?.into(), reduction])?
            .into())
    },
    gradient: Gradient::Composite,
    samples: |s| Ok(vec![vec![s.signed(&[4, 3])?, s.indices(&[4], 3)?]]),
};

pub(super) static BINARY_CROSS_ENTROPY: Operation = Operation {
    name: "binary_cross_entropy",
    category: "loss",
    doc: "The loss of probabilities against targets of 0 to 1; logarithms are kept above -100, as in PyTorch.",
    parameters: &[TARGET, REDUCTION],
    reads: Reads::Nothing,
    forward: |list| {
        let a = Arguments {
            op: "binary_cross_entropy",
            list,
        };
        let (x, target) = (a.tensor(0)?, a.tensor(1)?);
        if x.sizes() != target.sizes() {
            return Err(Error::Value(format!(
                "Using a target size (torch.Size({:?})) that is different to the input size (torch.Size({:?})) is deprecated. Please ensure they have the same size.",
                target.sizes(),
                x.sizes()
            )));
        }
        if x.dtype() != target.dtype() {
            return Err(Error::Value(format!(
                "Found dtype {} but expected {}",
                target.dtype().scalar_name(),
                x.dtype().scalar_name()
            )));
        }
        if !x.dtype().is_floating_point() {
            return Err(Error::DType {
                op: "binary_cross_entropy",
                dtype: x.dtype().scalar_name(),
            });
        }
        let _unrecorded = autograd::no_grad();
        // The clamp comes before the logarithm: log(0) is an infinity that WGSL does not promise (pitfall P2).
        let log = |t: &Tensor| {
            t.clamp(Some(TINIEST), None)?
                .log()?
                .clamp(Some(-100.0), None)
        };
        let yes = target.mul(&log(x)?)?;
        let no = target.rsub(1.0)?.mul(&log(&x.rsub(1.0)?)?)?;
        Ok(Reduction::of(&a, 2).apply(&yes.add(&no)?.neg()?)?.into())
    },
    gradient: Gradient::Rule(Derivative {
        node: |_| "BinaryCrossEntropyBackward0",
        symbols: "∂L/∂x = g · (x − t) / (x · (1 − x)) / n",
        words: "The further the probability is from its target, and the surer it is, the stronger the pull.",
        saves: &[Saves::Input(0), Saves::Input(1)],
        rule: |s| {
            let (x, target) = (s.input(0)?, s.input(1)?);
            let slope = x.rsub(1.0)?.mul(&x)?.clamp(Some(1e-12), None)?;
            let g = match s.argument(2).int() {
                Some(0 | 2) => s.grad().clone(),
                _ => s.grad().div(x.numel() as f64)?,
            };
            Ok(vec![Some(x.sub(&target)?.div(&slope)?.mul(&g)?), None])
        },
    }),
    samples: |s| {
        let target = s.probability(&[5])?;
        let target = match target {
            Argument::Tensor(t) => Argument::Tensor(t.detach()),
            other => other,
        };
        Ok(vec![vec![s.probability(&[5])?, target]])
    },
};

/// Its logarithm is below -100, so that clamping to it changes nothing else; a normal float32.
const TINIEST: f64 = 1.2e-38;

impl Tensor {
    /// `F.nll_loss(self, target)`. Shapes: self `[batch, classes]`, target `[batch]`, result a scalar or `[batch]`.
    ///
    /// # Errors
    /// A target that is no class, batches of different sizes.
    pub fn nll_loss(&self, target: &Self, reduction: Reduction) -> Result<Self> {
        NLL_LOSS.call(vec![self.into(), target.into(), reduction.number().into()])
    }

    /// `F.cross_entropy(self, target)`. Shapes: self `[batch, classes]`, target `[batch]`, result a scalar or `[batch]`.
    ///
    /// # Errors
    /// A target that is no class, batches of different sizes.
    pub fn cross_entropy(&self, target: &Self, reduction: Reduction) -> Result<Self> {
        CROSS_ENTROPY.call(vec![self.into(), target.into(), reduction.number().into()])
    }

    /// `F.binary_cross_entropy(self, target)`.
    ///
    /// # Errors
    /// Sizes that differ.
    pub fn binary_cross_entropy(&self, target: &Self, reduction: Reduction) -> Result<Self> {
        BINARY_CROSS_ENTROPY.call(vec![self.into(), target.into(), reduction.number().into()])
    }
}
