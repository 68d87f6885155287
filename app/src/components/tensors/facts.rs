//! What a tensor is, apart from its numbers.

use crate::model::words;
use kindling_protocol::TensorView;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Facts(tensor: TensorView) -> impl IntoView {
    let mut facts = vec![
        ("shape", words::shape(&tensor.shape)),
        ("dtype", tensor.dtype),
        ("stride", words::shape(&tensor.strides)),
        ("offset", tensor.offset.to_string()),
        ("device", tensor.device),
        ("numel", words::count(tensor.numel)),
        ("contiguous", yes(tensor.contiguous)),
    ];
    if tensor.shares_storage {
        facts.push(("storage", "shared with the tensor before".into()));
    }
    if let Some(grad_fn) = tensor.grad_fn {
        facts.push(("grad_fn", grad_fn));
    }
    let lines = facts
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd data-fact=name>{value}</dd></div> })
        .collect_view();
    view! { <dl class="facts">{lines}</dl> }
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.into()
}
