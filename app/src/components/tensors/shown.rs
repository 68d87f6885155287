//! The tensor, and where an operation was applied, the other operand and what came of it.

use super::facts::Facts;
use super::grid::Grid;
use crate::state::tensor_room::Shown;
use crate::state::{lab, tensor_room};
use crate::model::routing::EngineStatus;
use kindling_protocol::TensorView;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn ShownTensors() -> impl IntoView {
    let room = tensor_room();
    let lab = lab();
    let waiting = move || {
        if lab.engines.with(|e| matches!(e.cpu, EngineStatus::Missing(_))) {
            "There is no engine to make a tensor: reload the page."
        } else {
            "The engine is on its way."
        }
    };
    move || match room.shown.get() {
        None => view! { <section class="panel"><p class="empty">{waiting}</p></section> }.into_any(),
        Some(shown) => view! { <Both shown=shown /> }.into_any(),
    }
}

#[component]
fn Both(shown: Shown) -> impl IntoView {
    let operation = shown.operation.clone().unwrap_or_default();
    let applied = shown.after.is_some();
    view! {
        <div class="tensors" data-applied=applied.to_string()>
            <OneTensor title=if applied { "Before".into() } else { "The tensor".to_string() } tensor=shown.before testid="before" />
            {shown.operand.map(|operand| view! { <OneTensor title="With".to_string() tensor=operand testid="operand" /> })}
            {shown.after.map(|after| view! { <OneTensor title=format!("After {operation}") tensor=after testid="after" /> })}
        </div>
        <section class="panel" aria-label="The same in PyTorch">
            <h2>"The same in PyTorch"</h2>
            <pre class="code" data-testid="tensor-code" tabindex="0">{shown.code}</pre>
        </section>
    }
}

#[component]
fn OneTensor(title: String, tensor: TensorView, testid: &'static str) -> impl IntoView {
    let (text, label) = (tensor.text.clone(), title.clone());
    view! {
        <section class="panel tensor" data-testid=format!("tensor-{testid}") aria-label=label>
            <h2>{title}</h2>
            <Grid tensor=tensor.clone() />
            <Facts tensor=tensor />
            <pre class="code" data-testid="tensor-text" tabindex="0">{text}</pre>
        </section>
    }
}
