//! The operation to apply: from the engine's table, with its parameters.

use crate::state::tensor_room;
use kindling_protocol::{OperationInfo, ParameterInfo, ValueKind};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn OperationForm() -> impl IntoView {
    let room = tensor_room();
    let chosen = Memo::new(move |_| {
        let name = room.form.with(|form| form.operation.clone());
        room.operations.with(|all| all.iter().find(|o| o.name == name).cloned())
    });
    let choose = move |name: String| {
        let found = room.operations.with_untracked(|all| all.iter().find(|o| o.name == name).cloned());
        let ready = found.as_ref().is_none_or(|o| o.parameters.iter().all(|p| p.default.is_some()));
        room.form.update(|form| form.choose(found.as_ref()));
        if ready {
            room.show();
        }
    };
    view! {
        <h2 class="panel-second">"Apply an operation"</h2>
        <label class="field">
            <span>"Operation"</span>
            <select
                data-testid="operation"
                prop:value=move || room.form.with(|form| form.operation.clone())
                on:change=move |event| choose(event_target_value(&event))
            >
                <option value="">"none"</option>
                {move || room.operations.with(|all| groups(all))}
            </select>
        </label>
        {move || chosen.get().map(|operation| view! { <Chosen operation=operation /> })}
    }
}

/// The operations under their categories, in the table's order.
fn groups(all: &[OperationInfo]) -> impl IntoView + use<> {
    let mut categories: Vec<String> = vec![];
    for operation in all {
        if !categories.contains(&operation.category) {
            categories.push(operation.category.clone());
        }
    }
    categories
        .into_iter()
        .map(|category| {
            let options = all
                .iter()
                .filter(|o| o.category == category)
                .map(|o| view! { <option value=o.name.clone()>{o.name.clone()}</option> })
                .collect_view();
            view! { <optgroup label=category>{options}</optgroup> }
        })
        .collect_view()
}

#[component]
fn Chosen(operation: OperationInfo) -> impl IntoView {
    let fields = operation
        .parameters
        .into_iter()
        .enumerate()
        .map(|(at, parameter)| view! { <Argument at=at parameter=parameter /> })
        .collect_view();
    view! {
        <div class="operation" data-testid="operation-doc">
            <code>{operation.signature}</code>
            <p>{operation.doc}</p>
            {operation
                .derivative
                .map(|rule| view! { <p class="operation-rule"><span>"derivative"</span> {rule}</p> })}
        </div>
        <div class="fields">{fields}</div>
    }
}

#[component]
fn Argument(at: usize, parameter: ParameterInfo) -> impl IntoView {
    let room = tensor_room();
    let kind = match parameter.kind {
        ValueKind::Tensor => "tensor, as nested lists",
        ValueKind::Scalar => "number",
        ValueKind::Int => "whole number",
        ValueKind::IntList => "whole numbers",
        ValueKind::Bool => "True or False",
    };
    let placeholder = match (&parameter.default, parameter.kind) {
        (Some(default), _) => default.clone(),
        (None, ValueKind::Tensor) => "[[1, 2], [3, 4]]".into(),
        (None, ValueKind::IntList) => "2, -1".into(),
        (None, ValueKind::Bool) => "True".into(),
        (None, _) => "1".into(),
    };
    view! {
        <label class="field">
            <span>{parameter.name.clone()} <em>{kind}</em></span>
            <input
                type="text"
                autocomplete="off"
                spellcheck="false"
                placeholder=placeholder
                data-testid=format!("argument-{}", parameter.name)
                prop:value=move || room.form.with(|form| form.arguments.get(at).cloned().unwrap_or_default())
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    room.form
                        .update(|form| {
                            if let Some(argument) = form.arguments.get_mut(at) {
                                *argument = typed;
                            }
                        });
                }
                on:change=move |_| room.show()
            />
        </label>
    }
}
