//! Operations at their edges, as PyTorch 2.15 has them: no elements, indices smaller than the tensor, numbers beyond a type's
//! reach, and what is refused.

// A test may stop at the first thing that is not so, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::calls::{assert_prints, assert_refused};
use kindling::Device;
use pollster::block_on;

#[test]
fn tensors_without_elements() {
    let device = block_on(common::device());
    assert_prints(
        &[
            ("sum", "[]", &[], "tensor(0.)"),
            ("sum", "[[], []]", &["1"], "tensor([0., 0.])"),
            ("mean", "[]", &[], "tensor(nan)"),
            ("mean", "[[], []]", &["1"], "tensor([nan, nan])"),
            (
                "argmax",
                "[[], []]",
                &["0"],
                "tensor([], dtype=torch.int64)",
            ),
            ("softmax", "[[], []]", &["1"], "tensor([], size=(2, 0))"),
            ("add", "[[], []]", &["[1.0]"], "tensor([], size=(2, 0))"),
            (
                "gt",
                "[[], []]",
                &["1"],
                "tensor([], size=(2, 0), dtype=torch.bool)",
            ),
            ("neg", "[]", &[], "tensor([])"),
            ("select", "[[], []]", &["0", "1"], "tensor([])"),
            (
                "narrow",
                "[1, -2, 3]",
                &["0", "3", "0"],
                "tensor([], dtype=torch.int64)",
            ),
        ],
        device,
    );
}

#[test]
fn an_index_may_be_smaller_than_the_tensor() {
    let device = block_on(common::device());
    let m = "[[0, 1, 2], [3, 4, 5]]";
    assert_prints(
        &[
            ("gather", m, &["0", "[[1, 0]]"], "tensor([[3, 1]])"),
            (
                "gather",
                "[[False, False, False], [True, True, True]]",
                &["0", "[[1, 0]]"],
                "tensor([[ True, False]])",
            ),
            (
                "scatter_add",
                m,
                &["0", "[[0]]", "[[1, 2], [3, 4]]"],
                "tensor([[1, 1, 2],\n        [3, 4, 5]])",
            ),
            (
                "scatter_add",
                m,
                &["1", "[[0, 1, 0, 1]]", "[[1, 2, 3, 4]]"],
                "tensor([[4, 7, 2],\n        [3, 4, 5]])",
            ),
            (
                "scatter_add",
                "[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]",
                &["1", "[[0, 0]]", "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]"],
                "tensor([[3., 0., 0.],\n        [0., 0., 0.]])",
            ),
        ],
        device,
    );
}

#[test]
fn numbers_beyond_a_types_reach() {
    let x = "[0.5, 2.0, 1.0]";
    assert_prints(
        &[
            ("pow", x, &["4294967296.0"], "tensor([0., inf, 1.])"),
            ("pow", x, &["9223372036854775807"], "tensor([0., inf, 1.])"),
            ("pow", x, &["-1.0e300"], "tensor([inf, 0., 1.])"),
            (
                "add",
                "[4611686018427387904]",
                &["[4611686018427387904]"],
                "tensor([-9223372036854775808])",
            ),
            ("mul", "[4611686018427387904]", &["4"], "tensor([0])"),
        ],
        Device::CPU,
    );
}

#[test]
fn indices_and_shapes_are_refused_in_pytorchs_words() {
    let (i, m) = ("[1, -2, 3]", "[[0, 1, 2], [3, 4, 5]]");
    assert_refused(&[
        (
            "select",
            i,
            &["0", "-4"],
            "select(): index -4 out of range for tensor of size [3] at dimension 0",
        ),
        (
            "narrow",
            i,
            &["0", "0", "-1"],
            "narrow(): length must be non-negative.",
        ),
        (
            "narrow",
            i,
            &["0", "-4", "1"],
            "start out of range (expected to be in range of [-3, 3], but got -4)",
        ),
        (
            "narrow",
            i,
            &["0", "-1", "3"],
            "start (2) + length (3) exceeds dimension size (3).",
        ),
        (
            "narrow",
            i,
            &["0", "2", "9223372036854775807"],
            "start (2) + length (9223372036854775807) exceeds dimension size (3).",
        ),
        (
            "gather",
            i,
            &["0", "[3]"],
            "index 3 is out of bounds for dimension 0 with size 3",
        ),
        (
            "gather",
            i,
            &["0", "[1.0]"],
            "gather(): Expected dtype int32/int64 for index",
        ),
        (
            "gather",
            m,
            &["1", "[0]"],
            "Index tensor must have the same number of dimensions as input tensor",
        ),
        (
            "gather",
            m,
            &["0", "[[0, 0, 0, 0]]"],
            "Size does not match at dimension 1 expected index [1, 4] to be no larger than self [2, 3] apart from dimension 0",
        ),
        (
            "scatter_add",
            m,
            &["0", "[[0]]", "[[1.0]]"],
            "scatter(): Expected self.dtype to be equal to src.dtype",
        ),
        (
            "scatter_add",
            m,
            &["0", "[0]", "[1]"],
            "Index tensor must have the same number of dimensions as self tensor",
        ),
        (
            "scatter_add",
            m,
            &["0", "[[0, 1]]", "[[1]]"],
            "Expected index [1, 2] to be no larger than self [2, 3] apart from dimension 0 and to be no larger size than src [1, 1]",
        ),
        (
            "mm",
            i,
            &["[1]"],
            "mm: self must be a matrix, got 1-D tensor",
        ),
        (
            "sum",
            m,
            &["0, -2"],
            "dim 0 appears multiple times in the list of dims",
        ),
        (
            "binary_cross_entropy",
            "[0.5]",
            &["[1]"],
            "Found dtype Long but expected Float",
        ),
        (
            "nll_loss",
            "[[1, 2]]",
            &["[0]"],
            "\"nll_loss_out_frame\" not implemented for 'Long'",
        ),
    ]);
}
