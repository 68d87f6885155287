//! The tensor room: makes a tensor, applies an operation of the table to it, and shows both.

use crate::device::Device;
use crate::error::{Error, Result};
use crate::ops::{self, Argument, Operation};
use crate::random::Generator;
use crate::tensor::{DType, Tensor, parse_literal};
use crate::train::TrainError;
use kindling_protocol::{
    DeviceChoice, DeviceKind, Reply, TensorCommand, TensorExpression, TensorSource, TensorView,
    ValueKind,
};

/// A room for looking: more elements are neither readable nor quick to send.
const MOST_ELEMENTS: usize = 65_536;

/// Operations that need a module's state or are the derivative of another are not offered.
const NOT_OFFERED: [&str; 3] = ["batch_norm", "threshold_backward", "addmm"];

pub(super) async fn answer(
    ask: &TensorCommand,
    gpu: Option<DeviceKind>,
) -> Result<Reply, TrainError> {
    match ask {
        TensorCommand::Operations => {
            let offered = ops::all().iter().filter(|o| !NOT_OFFERED.contains(&o.name));
            Ok(Reply::Operations {
                operations: offered.map(|o| o.info()).collect(),
            })
        }
        TensorCommand::Show { expression, device } => {
            let device = choose(*device, gpu).await?;
            Ok(show(expression, device).await?)
        }
    }
}

/// The device of a room: the CPU, or the GPU this engine has.
pub(super) async fn choose(
    choice: DeviceChoice,
    gpu: Option<DeviceKind>,
) -> Result<Device, TrainError> {
    Ok(match (choice, gpu) {
        (DeviceChoice::Cpu | DeviceChoice::Auto, _) => Device::CPU,
        (DeviceChoice::Webgpu, _) => Device::open(DeviceKind::Webgpu).await?,
        (DeviceChoice::Vulkan, _) => Device::open(DeviceKind::Vulkan).await?,
        (DeviceChoice::Cuda, _) => Device::open(DeviceKind::Cuda).await?,
    })
}

async fn show(expression: &TensorExpression, device: Device) -> Result<Reply> {
    let (before, mut code) = make(expression, device)?;
    let mut operand = None;
    let mut after = None;
    if let Some(name) = &expression.operation {
        let operation = ops::find(name)
            .ok_or_else(|| Error::Value(format!("There is no operation {name} in the table.")))?;
        let (mut arguments, written) = arguments(operation, &expression.arguments, device)?;
        if let Some(Argument::Tensor(other)) =
            arguments.iter().find(|a| matches!(a, Argument::Tensor(_)))
        {
            operand = Some(view(other, None).await?);
        }
        arguments.insert(0, Argument::Tensor(before.clone()));
        let result = operation.call(arguments)?;
        if result.numel() > MOST_ELEMENTS {
            return Err(Error::Value(format!(
                "The result of shape {:?} has more than {MOST_ELEMENTS} elements: choose smaller sizes to look at.",
                result.sizes()
            )));
        }
        code.push_str(&call_text(operation, &written));
        after = Some(view(&result, Some(&before)).await?);
    }
    code.push_str(if after.is_some() {
        "print(y)"
    } else {
        "print(x)"
    });
    Ok(Reply::Tensor {
        before: view(&before, None).await?,
        operand,
        after,
        code,
    })
}

fn make(expression: &TensorExpression, device: Device) -> Result<(Tensor, String)> {
    let sizes = &expression.shape;
    let numel = sizes
        .iter()
        .try_fold(1_usize, |n, &s| n.checked_mul(s))
        .unwrap_or(usize::MAX);
    if numel > MOST_ELEMENTS {
        return Err(Error::Value(format!(
            "A tensor of shape {sizes:?} has more than {MOST_ELEMENTS} elements: choose smaller sizes to look at."
        )));
    }
    let shape: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    let shape = format!(
        "({}{})",
        shape.join(", "),
        if sizes.len() == 1 { "," } else { "" }
    );
    let place = if device.is_cpu() {
        String::new()
    } else {
        ", device=\"cuda\"".into()
    };
    let mut code = "import torch\n\n".to_string();
    let tensor = match &expression.source {
        TensorSource::Zeros => {
            code.push_str(&format!("x = torch.zeros({shape}{place})\n"));
            Tensor::zeros(sizes, device)?
        }
        TensorSource::Ones => {
            code.push_str(&format!("x = torch.ones({shape}{place})\n"));
            Tensor::ones(sizes, device)?
        }
        TensorSource::Arange => {
            code.push_str(&format!(
                "x = torch.arange({numel}{place}).reshape({shape})\n"
            ));
            let values: Vec<i64> = (0..numel as i64).collect();
            Tensor::from_i64(&values, sizes, device)?
        }
        TensorSource::Rand { seed } => {
            code.push_str(&format!(
                "torch.manual_seed({seed})\nx = torch.rand({shape}{place})\n"
            ));
            Tensor::from_f32(Generator::new(*seed).rand(numel), sizes, device)?
        }
        TensorSource::Randn { seed } => {
            code.push_str(&format!(
                "torch.manual_seed({seed})\nx = torch.randn({shape}{place})\n"
            ));
            Tensor::from_f32(Generator::new(*seed).randn(numel), sizes, device)?
        }
        TensorSource::Values { text } => {
            code.push_str(&format!("x = torch.tensor({}{place})\n", text.trim()));
            let literal = parse_literal(text)?;
            if literal.values.len() > MOST_ELEMENTS {
                return Err(Error::Value(format!(
                    "More than {MOST_ELEMENTS} values were typed."
                )));
            }
            literal.tensor(device)?
        }
    };
    Ok((tensor, code))
}

/// Arguments as they read in Python: name and text.
type Written = Vec<(String, String)>;

/// The arguments a visitor typed, and how they read in Python.
fn arguments(
    operation: &Operation,
    typed: &[String],
    device: Device,
) -> Result<(Vec<Argument>, Written)> {
    let mut values = vec![];
    let mut written = vec![];
    for (at, parameter) in operation.parameters.iter().enumerate() {
        let text = typed.get(at).map_or("", |t| t.trim());
        let text = match (text, parameter.default) {
            ("", Some(_)) => {
                values.push(Argument::None);
                continue;
            }
            ("", None) => {
                return Err(Error::Value(format!(
                    "{}() needs a value for {}.",
                    operation.name, parameter.name
                )));
            }
            (text, _) => text,
        };
        let wrong = |wanted: &str| {
            Error::Value(format!(
                "{}(): {} must be {wanted}, not \u{201c}{text}\u{201d}.",
                operation.name, parameter.name
            ))
        };
        let value = match parameter.kind {
            _ if text == "None" => Argument::None,
            ValueKind::Tensor => {
                let literal = parse_literal(text)?;
                match (literal.sizes.is_empty(), literal.dtype) {
                    // A plain number stays one, as in Python.
                    (true, DType::Int64) => Argument::Int(literal.values[0] as i64),
                    (true, DType::Float32) => Argument::Scalar(literal.values[0]),
                    _ => Argument::Tensor(literal.tensor(device)?),
                }
            }
            ValueKind::Scalar => match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(whole), _) => Argument::Int(whole),
                (_, Ok(number)) => Argument::Scalar(number),
                _ => return Err(wrong("a number")),
            },
            ValueKind::Int => Argument::Int(text.parse().map_err(|_| wrong("a whole number"))?),
            ValueKind::IntList => {
                let inner = text.trim_matches(|c| "[]()".contains(c));
                let parts = inner.split(',').map(str::trim).filter(|p| !p.is_empty());
                let numbers = parts.map(str::parse).collect::<Result<Vec<i64>, _>>();
                Argument::Ints(numbers.map_err(|_| wrong("whole numbers with commas between"))?)
            }
            ValueKind::Bool => match text.to_lowercase().as_str() {
                "true" | "1" => Argument::Bool(true),
                "false" | "0" => Argument::Bool(false),
                _ => return Err(wrong("True or False")),
            },
        };
        let literal = match (&value, parameter.kind) {
            (Argument::Tensor(_), _) => format!("torch.tensor({text})"),
            (Argument::Ints(numbers), _) => format!("{numbers:?}")
                .replace('[', "(")
                .replace(']', if numbers.len() == 1 { ",)" } else { ")" }),
            (Argument::Bool(on), _) => if *on { "True" } else { "False" }.into(),
            _ => text.to_string(),
        };
        values.push(value);
        written.push((parameter.name.to_string(), literal));
    }
    Ok((values, written))
}

fn call_text(operation: &Operation, written: &[(String, String)]) -> String {
    let functional = [
        "linear",
        "cross_entropy",
        "nll_loss",
        "binary_cross_entropy",
    ]
    .contains(&operation.name);
    let methods_only = ["view", "expand", "reshape"].contains(&operation.name);
    let mut parts = if methods_only {
        vec![]
    } else {
        vec!["x".to_string()]
    };
    for (at, (name, text)) in written.iter().enumerate() {
        // The first argument by place, as people write it; the rest by name.
        parts.push(if at == 0 {
            text.clone()
        } else {
            format!("{name}={text}")
        });
    }
    let function = match (functional, methods_only) {
        (true, _) => format!("torch.nn.functional.{}", operation.name),
        (_, true) => format!("x.{}", operation.name),
        _ => format!("torch.{}", operation.name),
    };
    format!("y = {function}({})\n", parts.join(", "))
}

/// A tensor as it is shown; `origin` is what it may share storage with.
pub(super) async fn view(tensor: &Tensor, origin: Option<&Tensor>) -> Result<TensorView> {
    let mut values = tensor.to_vec().await?;
    values.truncate(TensorView::SHOWN);
    Ok(TensorView {
        shape: tensor.sizes().to_vec(),
        strides: tensor.strides().to_vec(),
        offset: tensor.storage_offset(),
        dtype: tensor.dtype().name().into(),
        device: tensor.device().to_string(),
        numel: tensor.numel(),
        contiguous: tensor.is_contiguous(),
        shares_storage: origin.is_some_and(|o| o.shares_storage(tensor)),
        grad_fn: tensor.grad_fn().map(|n| n.name().into()),
        requires_grad: tensor.requires_grad(),
        values,
        text: tensor.to_text().await?,
    })
}
