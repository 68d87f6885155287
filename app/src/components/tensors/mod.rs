//! The tensor room: make one, look at it, apply an operation, see before and after.

mod facts;
mod form;
mod grid;
mod operation;
mod shown;

use crate::state::tensor_room;
use form::SourceForm;
use leptos::prelude::*;
use operation::OperationForm;
use shown::ShownTensors;

/// See the module.
#[component]
pub fn TensorsRoom() -> impl IntoView {
    let room = tensor_room();
    room.enter();
    view! {
        <section class="intro prose">
            <p class="kicker">"Tensors"</p>
            <h1>"Numbers with a shape"</h1>
            <p>
                "Make a tensor, apply an operation, and see what became of its numbers, its shape and its strides. The text beneath is PyTorch's own, to the letter."
            </p>
        </section>
        <div class="lab">
            <aside class="lab-side">
                <section class="panel" aria-label="Make a tensor">
                    <SourceForm />
                    <OperationForm />
                    <button class="primary train" data-testid="tensor-show" on:click=move |_| room.show()>"Show"</button>
                    <p class="problem" role="alert" data-testid="tensor-problem">{move || room.problem.get()}</p>
                </section>
            </aside>
            <div class="lab-main">
                <ShownTensors />
            </div>
        </div>
    }
    .into_any()
}
