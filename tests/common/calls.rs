//! Operations of the table called with arguments written as in Python.

use kindling::ops::{self, Argument};
use kindling::tensor::parse_literal;
use kindling::{Device, Result, Tensor};
use pollster::block_on;

/// The tensor of a Python literal.
pub fn tensor(literal: &str, device: Device) -> Tensor {
    parse_literal(literal).unwrap().tensor(device).unwrap()
}

/// `torch.<operation>(x, arguments…)`; an argument in brackets is a tensor, one with commas a list, one with a point a float,
/// the others whole.
pub fn call(operation: &str, x: &str, arguments: &[&str], device: Device) -> Result<Tensor> {
    let mut list = vec![Argument::Tensor(tensor(x, device))];
    list.extend(arguments.iter().map(|&text| match text {
        "None" => Argument::None,
        _ if text.starts_with('[') => Argument::Tensor(tensor(text, device)),
        _ if text.contains(',') => {
            Argument::Ints(text.split(", ").map(|n| n.parse().unwrap()).collect())
        }
        _ if text.contains('.') => Argument::Scalar(text.parse().unwrap()),
        _ => Argument::Int(text.parse().unwrap()),
    }));
    ops::find(operation).unwrap().call(list)
}

/// An operation, its tensor, its other arguments, and what comes of it.
pub type Case<'a> = (&'a str, &'a str, &'a [&'a str], &'a str);

/// Each prints as PyTorch prints it.
pub fn assert_prints(cases: &[Case<'_>], device: Device) {
    for (operation, x, arguments, want) in cases {
        let result = call(operation, x, arguments, device)
            .unwrap_or_else(|e| panic!("{operation}({x}, {arguments:?}): {e}"));
        let result = block_on(result.to_device(Device::CPU)).unwrap();
        let text = block_on(result.to_text()).unwrap();
        assert_eq!(&text, want, "{operation}({x}, {arguments:?})");
    }
}

/// Each is refused, on the CPU, with PyTorch's sentence.
pub fn assert_refused(cases: &[Case<'_>]) {
    for (operation, x, arguments, want) in cases {
        match call(operation, x, arguments, Device::CPU) {
            Ok(result) => panic!("{operation}({x}, {arguments:?}) is {result:?}"),
            Err(error) => assert_eq!(&error.to_string(), want, "{operation}({x}, {arguments:?})"),
        }
    }
}
