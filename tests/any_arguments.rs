//! Whatever an operation is given, it answers with a result or with a sentence: every entry of the table is tried with
//! tensors of all types and many shapes (scalars and empty ones among them) and with arguments that cannot be right.

// A test may stop at the first thing that is not so, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kindling::autograd::{BackwardOptions, backward};
use kindling::ops::{self, Argument, Operation};
use kindling::{DType, Device, Tensor};
use kindling_protocol::ValueKind;
use pollster::block_on;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

const SHAPES: [&[usize]; 8] = [
    &[],
    &[0],
    &[3],
    &[2, 3],
    &[3, 2],
    &[2, 0],
    &[0, 3],
    &[2, 1, 3],
];
const DTYPES: [DType; 4] = [DType::Float32, DType::Int64, DType::Bool, DType::Float64];

fn tensors() -> Vec<Tensor> {
    let of = |&sizes: &&[usize], dtype| {
        let values = (0..sizes.iter().product::<usize>())
            .map(|i| (i % 3) as f64)
            .collect();
        let tensor = Tensor::from_f64(values, sizes, dtype, Device::CPU).unwrap();
        if dtype == DType::Float32 {
            tensor.requires_grad_(true).unwrap();
        }
        tensor
    };
    DTYPES
        .iter()
        .flat_map(|&dtype| SHAPES.iter().map(move |sizes| of(sizes, dtype)))
        .collect()
}

/// Values for a parameter of this kind: usual ones, and ones that cannot be right.
fn values(kind: ValueKind, tensors: &[Tensor]) -> Vec<Argument> {
    let numbers = [0, 1, -1, 2, 5, i64::MAX, i64::MIN];
    let mut values = vec![Argument::None];
    match kind {
        ValueKind::Tensor => {
            values.extend(tensors.iter().cloned().map(Argument::Tensor));
            values.extend([Argument::Int(2), Argument::Scalar(f64::NAN)]);
        }
        ValueKind::Scalar => {
            values.extend(numbers.map(Argument::Int));
            values.extend([0.5, f64::NAN, f64::INFINITY, -1e300].map(Argument::Scalar));
        }
        ValueKind::Int => values.extend(numbers.map(Argument::Int)),
        ValueKind::IntList => {
            let lists: [&[i64]; 12] = [
                &[],
                &[0],
                &[-1],
                &[1, 0],
                &[0, 0],
                &[3, -1],
                &[-1, -1],
                &[2, -1, 3],
                &[-2, 3],
                &[i64::MAX, i64::MAX, 3],
                &[i64::MIN],
                &[0, 1 << 40, 1 << 40],
            ];
            values.extend(lists.map(|list| Argument::Ints(list.to_vec())));
        }
        ValueKind::Bool => values.extend([true, false].map(Argument::Bool)),
    }
    values
}

/// Every combination for up to three parameters; each of the rest is left out.
fn combinations(operation: &Operation, tensors: &[Tensor]) -> Vec<Vec<Argument>> {
    // Of several tensors only the first takes every form, so that the number of tries stays small.
    let few: Vec<Tensor> = tensors.iter().step_by(3).cloned().collect();
    let mut all = vec![vec![]];
    for (at, parameter) in operation.parameters.iter().take(3).enumerate() {
        let choices = values(parameter.kind, if at == 0 { tensors } else { &few });
        all = all
            .iter()
            .flat_map(|head: &Vec<Argument>| {
                choices
                    .iter()
                    .map(move |choice| [head.as_slice(), std::slice::from_ref(choice)].concat())
            })
            .collect();
    }
    all
}

/// Calls the operation, reads its result, and walks backward where a gradient flows. Errors are answers.
fn try_out(operation: &'static Operation, arguments: Vec<Argument>) {
    let Ok(result) = operation.call(arguments) else {
        return;
    };
    // What was expanded beyond any memory cannot be read.
    if result.numel() > 1 << 20 {
        return;
    }
    block_on(async {
        result.to_text().await.unwrap();
        if let Ok(total) = result.sum(None, false)
            && total.requires_grad()
        {
            let _ = backward(&total, None, BackwardOptions::default()).await;
        }
    });
}

#[test]
fn every_operation_answers() {
    let tensors = tensors();
    // What panics is told at the end, once.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let mut panics = vec![];
    for operation in ops::all() {
        let mut found = 0;
        for rest in combinations(operation, &tensors) {
            for x in &tensors {
                let arguments = [&[Argument::Tensor(x.clone())], rest.as_slice()].concat();
                let said = format!("{}({arguments:?})", operation.name);
                let answer = catch_unwind(AssertUnwindSafe(|| try_out(operation, arguments)));
                if answer.is_err() && found < 3 {
                    found += 1;
                    panics.push(said);
                }
            }
        }
    }
    set_hook(hook);
    assert!(panics.is_empty(), "{}", panics.join("\n"));
}
