//! The element types of results, and what is refused, as PyTorch 2.15 has them.

// A test may stop at the first thing that is not so, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::calls::{Case, assert_prints, assert_refused, tensor};
use kindling::ops::{self, Argument};
use kindling::{Device, Tensor};
use pollster::block_on;

#[test]
fn whole_numbers_stay_whole_where_pytorch_keeps_them() {
    let device = block_on(common::device());
    let d = "[1, -2, 3, -4]";
    assert_prints(
        &[
            ("abs", d, &[], "tensor([1, 2, 3, 4])"),
            ("neg", d, &[], "tensor([-1,  2, -3,  4])"),
            ("relu", d, &[], "tensor([1, 0, 3, 0])"),
            ("pow", d, &["2"], "tensor([ 1,  4,  9, 16])"),
            ("pow", d, &["3"], "tensor([  1,  -8,  27, -64])"),
            ("pow", d, &["0"], "tensor([1, 1, 1, 1])"),
            ("pow", d, &["2.0"], "tensor([ 1.,  4.,  9., 16.])"),
            ("rsub", d, &["1"], "tensor([ 0,  3, -2,  5])"),
            (
                "rsub",
                d,
                &["1.5"],
                "tensor([ 0.5000,  3.5000, -1.5000,  5.5000])",
            ),
            (
                "add",
                "[1, -2, 3]",
                &["[1, -2, 3]", "2"],
                "tensor([ 3, -6,  9])",
            ),
            (
                "sub",
                "[1, -2, 3]",
                &["[1, -2, 3]", "2"],
                "tensor([-1,  2, -3])",
            ),
            ("add", "[1, -2, 3]", &["2", "2"], "tensor([5, 2, 7])"),
            ("add", "[1, -2, 3]", &["2.0", "2"], "tensor([5., 2., 7.])"),
            (
                "add",
                "[1, -2]",
                &["[1.5, -2.5]", "1.5"],
                "tensor([ 3.2500, -5.7500])",
            ),
            ("clamp", "[1, -2, 3]", &["0", "2"], "tensor([1, 0, 2])"),
            ("clamp", "[1, -2, 3]", &["3", "1"], "tensor([1, 1, 1])"),
            (
                "clamp",
                "[1, -2, 3]",
                &["0.5"],
                "tensor([1.0000, 0.5000, 3.0000])",
            ),
            (
                "clamp",
                "[1, -2, 3]",
                &["0", "2.5"],
                "tensor([1.0000, 0.0000, 2.5000])",
            ),
            (
                "div",
                "[1, -2, 3]",
                &["2"],
                "tensor([ 0.5000, -1.0000,  1.5000])",
            ),
            ("div", "[1, -2, 3]", &["0"], "tensor([inf, -inf, inf])"),
            ("sum", "[[1, 2], [3, 4]]", &[], "tensor(10)"),
            (
                "gt",
                "[1, -2, 3]",
                &["1.5"],
                "tensor([False, False,  True])",
            ),
            (
                "eq",
                "[1, -2, 3]",
                &["1.5"],
                "tensor([False, False, False])",
            ),
            (
                "exp",
                "[1, -2, 3]",
                &[],
                "tensor([ 2.7183,  0.1353, 20.0855])",
            ),
        ],
        device,
    );
}

#[test]
fn truth_values_are_0_and_1_where_pytorch_counts_them() {
    let device = block_on(common::device());
    let b = "[True, False]";
    assert_prints(
        &[
            ("add", b, &["1"], "tensor([2, 1])"),
            ("add", b, &["1.5"], "tensor([2.5000, 1.5000])"),
            ("add", b, &[b], "tensor([ True, False])"),
            ("mul", b, &[b], "tensor([ True, False])"),
            ("add", b, &[b, "2"], "tensor([ True, False])"),
            ("add", b, &[b, "0"], "tensor([ True, False])"),
            ("add", "[False, False]", &[b, "0"], "tensor([False, False])"),
            ("mul", b, &["[0.5, 1.5]"], "tensor([0.5000, 0.0000])"),
            ("div", b, &[b], "tensor([1., nan])"),
            ("pow", b, &["2"], "tensor([1, 0])"),
            ("pow", b, &["0.5"], "tensor([1., 0.])"),
            ("clamp", b, &["0", "1"], "tensor([1, 0])"),
            ("clamp", b, &["0.5"], "tensor([1.0000, 0.5000])"),
            ("sum", "[True, False, True]", &[], "tensor(2)"),
            ("sin", b, &[], "tensor([0.8415, 0.0000])"),
            ("eq", b, &["1"], "tensor([ True, False])"),
        ],
        device,
    );
}

#[test]
fn whole_numbers_beyond_a_floats_reach_are_exact() {
    // 2⁵³ + 1 is the first whole number that float64 cannot hold: what went through a float would be even.
    let odd = Tensor::from_i64(&[9_007_199_254_740_993], &[1], Device::CPU).unwrap();
    let call = |name: &str, arguments: &[i64]| {
        let mut list = vec![Argument::Tensor(odd.clone())];
        list.extend(arguments.iter().map(|&n| Argument::Int(n)));
        ops::find(name).unwrap().call(list).unwrap()
    };
    let differs = |result: &Tensor, from: i64| {
        let rest = result.sub(from).unwrap();
        block_on(rest.item()).unwrap()
    };
    let n = 9_007_199_254_740_992;
    assert_eq!(differs(&call("neg", &[]), -n), -1.0);
    assert_eq!(differs(&call("abs", &[]), n), 1.0);
    assert_eq!(differs(&call("relu", &[]), n), 1.0);
    assert_eq!(differs(&call("clamp", &[0]), n), 1.0);
    assert_eq!(differs(&call("pow", &[1]), n), 1.0);
    assert_eq!(differs(&call("mul", &[1]), n), 1.0);
    assert_eq!(differs(&call("rsub", &[n + 1]), 0), 0.0);
    assert_eq!(block_on(call("eq", &[n]).item()).unwrap(), 0.0);
    assert_eq!(block_on(call("gt", &[n]).item()).unwrap(), 1.0);
    // torch.tensor([3]) ** 39 is 4052555153018976267.
    let three = tensor("[3]", Device::CPU);
    let power = ops::find("pow")
        .unwrap()
        .call(vec![Argument::Tensor(three), Argument::Int(39)])
        .unwrap();
    assert_eq!(differs(&power, 4_052_555_153_018_976_267), 0.0);
}

#[test]
fn what_pytorch_refuses_is_refused_in_its_words() {
    let (i, b) = ("[1, -2, 3]", "[True, False]");
    let one_bool = "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.";
    let cases: [Case<'_>; 22] = [
        (
            "neg",
            b,
            &[],
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.",
        ),
        ("abs", b, &[], "\"abs_cpu\" not implemented for 'Bool'"),
        ("relu", b, &[], "Boolean inputs not supported for relu"),
        ("sub", b, &["1"], one_bool),
        ("sub", b, &["[1, 2]"], one_bool),
        ("sub", "[1.5, 2.5]", &[b], one_bool),
        ("rsub", b, &["1"], one_bool),
        (
            "sub",
            b,
            &[b],
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.",
        ),
        (
            "add",
            i,
            &[i, "2.5"],
            "For integral input tensors, argument alpha must not be a floating point number.",
        ),
        (
            "add",
            i,
            &["2", "2.5"],
            "For integral input tensors, argument alpha must not be a floating point number.",
        ),
        (
            "pow",
            i,
            &["-1"],
            "Integers to negative integer powers are not allowed.",
        ),
        (
            "pow",
            b,
            &["-1"],
            "Integers to negative integer powers are not allowed.",
        ),
        (
            "clamp",
            i,
            &[],
            "torch.clamp: At least one of 'min' or 'max' must not be None",
        ),
        (
            "mean",
            i,
            &[],
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Long",
        ),
        (
            "mean",
            b,
            &[],
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Bool",
        ),
        (
            "softmax",
            i,
            &["0"],
            "\"softmax_lastdim_kernel_impl\" not implemented for 'Long'",
        ),
        (
            "log_softmax",
            "[[1, 2], [3, 4]]",
            &["0"],
            "\"log_softmax_kernel_impl\" not implemented for 'Long'",
        ),
        ("argmax", b, &[], "argmax(): does not support bool input"),
        (
            "argmax",
            "[]",
            &[],
            "argmax(): Expected reduction dim to be specified for input.numel() == 0.",
        ),
        (
            "argmax",
            "[[], []]",
            &["1"],
            "argmax(): Expected reduction dim 1 to have non-zero size.",
        ),
        (
            "mm",
            "[[True]]",
            &["[[True]]"],
            "\"addmm_impl_cpu_\" not implemented for 'Bool'",
        ),
        (
            "mm",
            "[[1.5]]",
            &["[[1]]"],
            "expected m1 and m2 to have the same dtype, but got: float != long int",
        ),
    ];
    assert_refused(&cases);
}
