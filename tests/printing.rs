//! `print(tensor)` against what PyTorch 2.15 prints for the same tensors (its recorded outputs for printing).

use kindling::tensor::parse_literal;
use kindling::{DType, Device, Tensor};
use pollster::block_on;

fn text(tensor: &Tensor) -> String {
    block_on(tensor.to_text()).unwrap()
}

fn typed(literal: &str) -> Tensor {
    parse_literal(literal).unwrap().tensor(Device::CPU).unwrap()
}

fn arange(n: usize, dtype: DType, by: f64) -> Tensor {
    // PyTorch computes `torch.arange(25.0) * by` in float32.
    let values = (0..n).map(|i| f64::from(i as f32 * by as f32)).collect();
    Tensor::from_f64(values, &[n], dtype, Device::CPU).unwrap()
}

#[test]
fn floats() {
    for (literal, want) in [
        ("1.0", "tensor(1.)"),
        ("0.1", "tensor(0.1000)"),
        ("1e-8", "tensor(1.0000e-08)"),
        ("123456.789", "tensor(123456.7891)"),
        ("1e10", "tensor(1.0000e+10)"),
        ("[1.0, 2.0, 3.0]", "tensor([1., 2., 3.])"),
        (
            "[1.5, 200.25, -3000.125]",
            "tensor([ 1.5000e+00,  2.0025e+02, -3.0001e+03])",
        ),
        ("[0.0001, 1.0]", "tensor([1.0000e-04, 1.0000e+00])"),
        ("[1.0, 1e8]", "tensor([1.0000e+00, 1.0000e+08])"),
        ("[100000.0, 200000.0]", "tensor([100000., 200000.])"),
        (
            "[0.1, 0.12345678, 10.0]",
            "tensor([ 0.1000,  0.1235, 10.0000])",
        ),
        ("[-1.0, 1.0]", "tensor([-1.,  1.])"),
        ("[nan, 1.0, inf, -inf]", "tensor([nan, 1., inf, -inf])"),
        ("[nan, inf]", "tensor([nan, inf])"),
        ("[1.0, nan, 2.5]", "tensor([1.0000,    nan, 2.5000])"),
        (
            "[[1.0, -2.5], [1000.0, 3.14159]]",
            "tensor([[   1.0000,   -2.5000],\n        [1000.0000,    3.1416]])",
        ),
        ("[0.0, 0.0]", "tensor([0., 0.])"),
        ("[-0.0]", "tensor([-0.])"),
        ("[999.9999, 0.1]", "tensor([1.0000e+03, 1.0000e-01])"),
        ("[1e20, 1.0]", "tensor([1.0000e+20, 1.0000e+00])"),
        (
            "[1.0, 1000.0, 100000.0]",
            "tensor([1.0000e+00, 1.0000e+03, 1.0000e+05])",
        ),
    ] {
        assert_eq!(text(&typed(literal)), want, "{literal}");
    }
}

#[test]
fn integers_and_truth_values() {
    for (literal, want) in [
        ("[1, 10, 100, -5]", "tensor([  1,  10, 100,  -5])"),
        (
            "[[1, -2], [300, 4]]",
            "tensor([[  1,  -2],\n        [300,   4]])",
        ),
        ("[True, False, True]", "tensor([ True, False,  True])"),
        (
            "[[True, False], [False, False]]",
            "tensor([[ True, False],\n        [False, False]])",
        ),
        ("5", "tensor(5)"),
        ("True", "tensor(True)"),
        (
            "[1000000000000, 1]",
            "tensor([1000000000000,             1])",
        ),
        (
            "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]",
            "tensor([[[1, 2],\n         [3, 4]],\n\n        [[5, 6],\n         [7, 8]]])",
        ),
    ] {
        assert_eq!(text(&typed(literal)), want, "{literal}");
    }
}

#[test]
fn empty_and_deep_tensors() {
    let zeros = |sizes: &[usize]| Tensor::zeros(sizes, Device::CPU).unwrap();
    assert_eq!(text(&zeros(&[0, 3])), "tensor([], size=(0, 3))");
    assert_eq!(
        text(&Tensor::from_i64(&[], &[0], Device::CPU).unwrap()),
        "tensor([], dtype=torch.int64)"
    );
    assert_eq!(text(&zeros(&[1, 1, 1, 1])), "tensor([[[[0.]]]])");
    assert_eq!(
        text(&zeros(&[2, 1, 2, 1])),
        "tensor([[[[0.],\n          [0.]]],\n\n\n        [[[0.],\n          [0.]]]])"
    );
}

#[test]
fn long_lines_wrap_as_pytorchs_do() {
    assert_eq!(
        text(&arange(30, DType::Int64, 1.0)),
        "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])"
    );
    assert_eq!(
        text(&arange(25, DType::Float32, 1e6)),
        "tensor([       0.,  1000000.,  2000000.,  3000000.,  4000000.,  5000000.,\n         6000000.,  7000000.,  8000000.,  9000000., 10000000., 11000000.,\n        12000000., 13000000., 14000000., 15000000., 16000000., 17000000.,\n        18000000., 19000000., 20000000., 21000000., 22000000., 23000000.,\n        24000000.])"
    );
    let wide = Tensor::full(&[9], 1.0, DType::Float64, Device::CPU).unwrap();
    wide.requires_grad_(true).unwrap();
    assert_eq!(
        text(&wide),
        "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1.], dtype=torch.float64,\n       requires_grad=True)"
    );
}

#[test]
fn more_than_a_thousand_elements_are_summarised() {
    assert_eq!(
        text(&arange(1001, DType::Int64, 1.0)),
        "tensor([   0,    1,    2,  ...,  998,  999, 1000])"
    );
    let table = arange(1200, DType::Int64, 1.0).reshape(&[30, 40]).unwrap();
    assert_eq!(
        text(&table),
        "tensor([[   0,    1,    2,  ...,   37,   38,   39],\n        [  40,   41,   42,  ...,   77,   78,   79],\n        [  80,   81,   82,  ...,  117,  118,  119],\n        ...,\n        [1080, 1081, 1082,  ..., 1117, 1118, 1119],\n        [1120, 1121, 1122,  ..., 1157, 1158, 1159],\n        [1160, 1161, 1162,  ..., 1197, 1198, 1199]])"
    );
}

#[test]
fn history_is_named_as_pytorch_names_it() {
    let x = typed("3.0");
    x.requires_grad_(true).unwrap();
    let says = |t: kindling::Result<Tensor>| text(&t.unwrap());
    assert_eq!(text(&x), "tensor(3., requires_grad=True)");
    assert_eq!(says(x.pow(2.0)), "tensor(9., grad_fn=<PowBackward0>)");
    assert_eq!(says(x.mul(2_i64)), "tensor(6., grad_fn=<MulBackward0>)");
    assert_eq!(says(x.sub(1_i64)), "tensor(2., grad_fn=<SubBackward0>)");
    assert_eq!(says(x.div(2_i64)), "tensor(1.5000, grad_fn=<DivBackward0>)");
    assert_eq!(says(x.neg()), "tensor(-3., grad_fn=<NegBackward0>)");
    assert_eq!(says(x.rsub(1.0)), "tensor(-2., grad_fn=<RsubBackward1>)");
    assert_eq!(says(x.sin()), "tensor(0.1411, grad_fn=<SinBackward0>)");
    assert_eq!(says(x.tanh()), "tensor(0.9951, grad_fn=<TanhBackward0>)");
    let v = typed("[1.0, 2.0, 3.0]");
    v.requires_grad_(true).unwrap();
    assert_eq!(
        says(v.sum(None, false)),
        "tensor(6., grad_fn=<SumBackward0>)"
    );
    assert_eq!(
        says(v.select(0, 0)),
        "tensor(1., grad_fn=<SelectBackward0>)"
    );
    assert_eq!(
        says(v.narrow(0, 1, 2)),
        "tensor([2., 3.], grad_fn=<SliceBackward0>)"
    );
    assert_eq!(
        says(v.unsqueeze(0)),
        "tensor([[1., 2., 3.]], grad_fn=<UnsqueezeBackward0>)"
    );
    assert_eq!(
        says(v.softmax(0)),
        "tensor([0.0900, 0.2447, 0.6652], grad_fn=<SoftmaxBackward0>)"
    );
    assert_eq!(
        says(v.clamp(Some(2.0), None)),
        "tensor([2., 2., 3.], grad_fn=<ClampBackward1>)"
    );
    assert_eq!(text(&v.detach()), "tensor([1., 2., 3.])");
}
