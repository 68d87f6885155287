//! The graph room: records one of the examples with the engine's own operations and shows the graph that backward walked.

use super::tensor_room::choose;
use crate::autograd::snapshot::{Named, snapshot};
use crate::data::DataSet;
use crate::device::Device;
use crate::nn::Reduction;
use crate::tensor::{DType, Tensor};
use crate::train::{TrainError, Trainer};
use kindling_protocol::{
    DeviceChoice, DeviceKind, ExperimentConfig, GraphExample, GraphView, Reply,
};
use std::rc::Rc;

pub(super) async fn answer(
    example: &GraphExample,
    device: DeviceChoice,
    gpu: Option<DeviceKind>,
    data: Option<Rc<DataSet>>,
) -> Result<Reply, TrainError> {
    let device = choose(device, gpu).await?;
    let graph = match example {
        GraphExample::Square { x } => square(*x, device).await?,
        GraphExample::Chain { x } => chain(*x, device).await?,
        GraphExample::Perceptron { x, y, w, b } => perceptron([*x, *y, *w, *b], device).await?,
        GraphExample::Network { config } => network(config, device, data).await?,
    };
    Ok(Reply::Graph { graph })
}

fn leaf(value: f64, device: Device) -> crate::Result<Tensor> {
    let tensor = Tensor::scalar(value, DType::Float32, device)?;
    tensor.requires_grad_(true)?;
    Ok(tensor)
}

/// A number as Python writes a float.
fn python(value: f64) -> String {
    if value.is_finite() {
        format!("{value:?}")
    } else {
        format!("float('{value}')").to_lowercase()
    }
}

async fn square(x: f64, device: Device) -> crate::Result<GraphView> {
    let leaf_x = leaf(x, device)?;
    let y = leaf_x.pow(2.0)?;
    let code = format!(
        "import torch\n\nx = torch.tensor({}, requires_grad=True)\ny = x ** 2\ny.backward()\nprint(x.grad)\n",
        python(x)
    );
    let names = [Named::new(&leaf_x, "x", ""), Named::new(&y, "y", "x ** 2")];
    snapshot(&y, &names, &[], code).await
}

async fn chain(x: f64, device: Device) -> crate::Result<GraphView> {
    let leaf_x = leaf(x, device)?;
    let a = leaf_x.pow(2.0)?;
    let b = a.sin()?;
    let y = b.exp()?;
    let code = format!(
        "import torch\n\nx = torch.tensor({}, requires_grad=True)\na = x ** 2\nb = torch.sin(a)\ny = torch.exp(b)\ny.backward()\nprint(x.grad)\n",
        python(x)
    );
    let names = [
        Named::new(&leaf_x, "x", ""),
        Named::new(&a, "a", "x ** 2"),
        Named::new(&b, "b", "torch.sin(a)"),
        Named::new(&y, "y", "torch.exp(b)"),
    ];
    snapshot(&y, &names, &[], code).await
}

async fn perceptron([x, y, w, b]: [f64; 4], device: Device) -> crate::Result<GraphView> {
    if !(0.0..=1.0).contains(&y) {
        return Err(crate::Error::Value(format!(
            "all elements of target should be between 0 and 1: y is {y}."
        )));
    }
    let input = Tensor::scalar(x, DType::Float32, device)?;
    let target = Tensor::scalar(y, DType::Float32, device)?;
    let (weight, bias) = (leaf(w, device)?, leaf(b, device)?);
    let product = weight.mul(&input)?;
    let z = product.add(&bias)?;
    let probability = z.sigmoid()?;
    let loss = probability.binary_cross_entropy(&target, Reduction::Mean)?;
    let code = format!(
        "import torch\nimport torch.nn.functional as F\n\nx = torch.tensor({})\ny = torch.tensor({})\nw = torch.tensor({}, requires_grad=True)\nb = torch.tensor({}, requires_grad=True)\n\nz = w * x + b\np = torch.sigmoid(z)\nloss = F.binary_cross_entropy(p, y)\nloss.backward()\nprint(w.grad, b.grad)\n",
        python(x),
        python(y),
        python(w),
        python(b)
    );
    let names = [
        Named::new(&input, "x", ""),
        Named::new(&target, "y", ""),
        Named::new(&weight, "w", ""),
        Named::new(&bias, "b", ""),
        Named::new(&product, "", "w * x"),
        Named::new(&z, "z", "w * x + b"),
        Named::new(&probability, "p", "torch.sigmoid(z)"),
        Named::new(&loss, "loss", "F.binary_cross_entropy(p, y)"),
    ];
    let constants = [(input, product), (target, loss.clone())];
    snapshot(&loss, &names, &constants, code).await
}

async fn network(
    config: &ExperimentConfig,
    device: Device,
    data: Option<Rc<DataSet>>,
) -> Result<GraphView, TrainError> {
    let Some(data) = data else {
        return Err(TrainError::TooFewRows {
            wanted: config.rows,
            there: 0,
        });
    };
    let mut trainer = Trainer::new(config.clone(), device, data)?;
    let recorded = trainer.record_first_step().await?;
    let mut names: Vec<Named> = trainer
        .state_dict()
        .iter()
        .map(|(name, tensor)| Named::new(tensor, name, ""))
        .collect();
    names.push(Named::new(&recorded.input, "xb", ""));
    names.push(Named::new(&recorded.target, "tb", ""));
    names.push(Named::new(&recorded.logits, "logits", "model(xb)"));
    names.push(Named::new(&recorded.loss, "loss", "criterion(logits, tb)"));
    // The input meets the first layer, which is the first node that was recorded; the target meets the loss.
    let mut constants = vec![(recorded.target.clone(), recorded.loss.clone())];
    if let Some(first) = recorded.results.first().cloned() {
        constants.push((recorded.input.clone(), first));
    }
    let code = format!(
        "# One step of the network on its first batch\nmodel = nn.{}\nlogits = model(xb)\nloss = criterion(logits, tb)\nloss.backward()\n",
        trainer.description()
    );
    Ok(snapshot(&recorded.loss, &names, &constants, code).await?)
}
