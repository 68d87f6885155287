//! The step in hand: what the node computes, its rule in symbols and words, its numbers, and the example's code.

use crate::model::words;
use crate::state::graph_room;
use kindling_protocol::{GraphDirection, GraphNode, GraphNodeKind, GraphView};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn StepPanel() -> impl IntoView {
    let room = graph_room();
    let node = move || {
        let walk = room.walk.get();
        let chosen = room.chosen.get();
        room.graph.with(|graph| {
            let (graph, _) = graph.as_ref()?;
            let (id, direction) = match (chosen, walk.node(graph)) {
                (Some(id), _) => (id, None),
                (None, Some((id, direction))) => (id, Some(direction)),
                (None, None) => return None,
            };
            let node = graph.nodes.get(id)?.clone();
            let known = (walk.has_value(graph, id), walk.has_gradient(graph, id));
            Some((node, direction, known, inputs(graph, id)))
        })
    };
    let code = move || room.graph.with(|g| g.as_ref().map(|(graph, _)| graph.code.clone()));
    view! {
        <div class="graph-below">
            <section class="panel" aria-label="This step" data-testid="graph-rule" aria-live="polite">
                {move || match node() {
                    Some((node, direction, known, inputs)) => view! { <Step node=node direction=direction known=known inputs=inputs /> }.into_any(),
                    None => view! {
                        <h2>"Before the first step"</h2>
                        <p class="graph-words">"Nothing is computed yet. Press Next, or the right arrow key. A click on a node looks at it closely."</p>
                    }
                        .into_any(),
                }}
            </section>
            <section class="panel" aria-label="The same in PyTorch">
                <h2>"The same in PyTorch"</h2>
                <pre class="code" data-testid="graph-code" tabindex="0">{code}</pre>
            </section>
        </div>
    }
}

/// What a node takes, by name.
fn inputs(graph: &GraphView, id: usize) -> String {
    let names: Vec<String> = graph
        .nodes
        .get(id)
        .map(|node| node.inputs.iter().filter_map(|at| graph.nodes.get(*at)).map(called).collect())
        .unwrap_or_default();
    names.join(", ")
}

fn called(node: &GraphNode) -> String {
    if node.label.is_empty() { node.name.clone() } else { node.label.clone() }
}

#[component]
fn Step(
    node: GraphNode,
    direction: Option<GraphDirection>,
    known: (bool, bool),
    inputs: String,
) -> impl IntoView {
    let heading = match direction {
        Some(GraphDirection::Forward) => "Forward: the value",
        Some(GraphDirection::Backward) => "Backward: the gradient",
        None => "The node",
    };
    let has_rule = node.kind != GraphNodeKind::Constant && !node.rule.is_empty();
    let numbers = |numbers: &[f64], known: bool| {
        if known { listed(numbers, &node.shape) } else { "not computed yet".into() }
    };
    let (value, gradient) = (numbers(&node.value, known.0), numbers(&node.gradient, known.1));
    let name = called(&node);
    view! {
        <h2>{heading}</h2>
        <p class="graph-title">
            <b>{name}</b>
            " "
            <span>{node.name.clone()}</span>
        </p>
        {(!node.code.is_empty()).then(|| view! { <pre class="code">{node.code.clone()}</pre> })}
        {has_rule
            .then(|| {
                view! {
                    <p class="graph-symbols">{node.rule.clone()}</p>
                    <p class="graph-words">{node.words.clone()}</p>
                }
            })}
        <dl class="facts">
            <div><dt>"shape"</dt><dd>{words::shape(&node.shape)}</dd></div>
            {(!inputs.is_empty()).then(|| view! { <div><dt>"takes"</dt><dd>{inputs}</dd></div> })}
            <div><dt>"value"</dt><dd>{value}</dd></div>
            <div><dt>"gradient"</dt><dd>{gradient}</dd></div>
        </dl>
    }
}

/// The first numbers, as many as can be read.
fn listed(numbers: &[f64], shape: &[usize]) -> String {
    const MOST: usize = 6;
    if numbers.is_empty() {
        return "none".into();
    }
    let all: usize = shape.iter().product();
    let shown: Vec<String> = numbers.iter().take(MOST).map(|n| words::value(*n)).collect();
    let more = if all > MOST { format!(" … {} in all", words::count(all)) } else { String::new() };
    format!("{}{more}", shown.join("  "))
}
