//! The recorded graph as boxes and lines; the node in hand is lit, what is not reached yet is faint.

use crate::model::graph_layout::{GraphLayout, HEIGHT, WIDTH};
use crate::model::words;
use crate::state::graph_room;
use kindling_protocol::{GraphDirection, GraphNode, GraphNodeKind, GraphView};
use leptos::html::Div;
use leptos::prelude::*;

/// Left and right of the words in a box.
const MARGIN: f64 = 11.0;
/// Letters of the small type that fit into a box.
const WIDEST_LINE: usize = 25;

/// See the module.
#[component]
pub fn GraphDrawing() -> impl IntoView {
    let room = graph_room();
    move || match room.graph.get() {
        None => view! { <p class="empty">"The engine is on its way."</p> }.into_any(),
        Some((graph, layout)) => view! { <Picture graph=graph layout=layout /> }.into_any(),
    }
}

#[component]
fn Picture(graph: GraphView, layout: GraphLayout) -> impl IntoView {
    let room = graph_room();
    let scroller = NodeRef::<Div>::new();
    let current = Memo::new({
        let graph = graph.clone();
        move |_| room.walk.get().node(&graph)
    });
    let corners = layout.corners.clone();
    Effect::new(move |_| {
        if let (Some((node, _)), Some(area)) = (current.get(), scroller.get())
            && let Some(corner) = corners.get(node)
        {
            keep_in_sight(&area, *corner);
        }
    });
    let nodes = graph
        .nodes
        .iter()
        .zip(&layout.corners)
        .map(|(node, corner)| {
            let id = node.id;
            let graph = graph.clone();
            let state = Memo::new(move |_| {
                let walk = room.walk.get();
                (walk.has_value(&graph, id), walk.has_gradient(&graph, id))
            });
            view! { <NodeBox node=node.clone() corner=*corner state=state current=current /> }
        })
        .collect_view();
    let edges = layout
        .edges
        .iter()
        .map(|edge| {
            let (from, to) = (edge.from, edge.to);
            let state = move || match current.get() {
                Some((node, GraphDirection::Forward)) if node == to => "forward",
                Some((node, GraphDirection::Backward)) if node == to || node == from => "backward",
                _ => "rest",
            };
            view! { <path class="graph-edge" data-state=state d=edge.path.clone() marker-end="url(#graph-arrow)"></path> }
        })
        .collect_view();
    let summary = format!(
        "Graph of {} nodes; the panel below says the step in words",
        graph.nodes.len()
    );
    view! {
        <div class="graph-scroll" tabindex="0" role="region" aria-label="Graph, scrollable" node_ref=scroller>
            <svg
                data-testid="graph-svg"
                class="graph-svg"
                role="img"
                aria-label=summary
                width=layout.width
                height=layout.height
                viewBox=format!("0 0 {} {}", layout.width, layout.height)
            >
                <defs>
                    <marker id="graph-arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
                        <path class="graph-arrow" d="M0 0L8 4L0 8z"></path>
                    </marker>
                </defs>
                {edges}
                {nodes}
            </svg>
        </div>
    }
}

fn keep_in_sight(area: &web_sys::HtmlDivElement, corner: (f64, f64)) {
    let (left, top) = (f64::from(area.scroll_left()), f64::from(area.scroll_top()));
    let (width, height) = (
        f64::from(area.client_width()),
        f64::from(area.client_height()),
    );
    if corner.0 < left || corner.0 + WIDTH > left + width {
        area.set_scroll_left((corner.0 + WIDTH / 2.0 - width / 2.0) as i32);
    }
    if corner.1 < top || corner.1 + HEIGHT > top + height {
        area.set_scroll_top((corner.1 + HEIGHT / 2.0 - height / 2.0) as i32);
    }
}

/// A value or gradient in short: the number of a scalar, the norm of anything larger.
pub fn short(numbers: &[f64], norm: f64, shape: &[usize]) -> String {
    match numbers {
        [] => "–".into(),
        [only] if shape.iter().product::<usize>() == 1 => words::value(*only),
        _ => format!("‖·‖ {}", words::value(norm)),
    }
}

#[component]
fn NodeBox(
    node: GraphNode,
    corner: (f64, f64),
    state: Memo<(bool, bool)>,
    current: Memo<Option<(usize, GraphDirection)>>,
) -> impl IntoView {
    let room = graph_room();
    let id = node.id;
    let kind = match node.kind {
        GraphNodeKind::Constant => "constant",
        GraphNodeKind::Leaf => "leaf",
        GraphNodeKind::Operation => "operation",
    };
    let title = if node.label.is_empty() {
        node.name.clone()
    } else {
        node.label.clone()
    };
    let shape = words::shape(&node.shape);
    let below = match node.kind {
        GraphNodeKind::Operation if node.label.is_empty() => shape.clone(),
        GraphNodeKind::Operation => format!("{} {shape}", node.name),
        GraphNodeKind::Leaf | GraphNodeKind::Constant => format!("{kind} {shape}"),
    };
    // PyTorch's name of an operation is never cut: a long one is set narrower.
    let squeezed =
        (below.chars().count() > WIDEST_LINE).then(|| format!("{:.0}", WIDTH - 2.0 * MARGIN));
    let value = short(&node.value, node.value_norm, &node.shape);
    // A constant gets no gradient, so there is none to wait for.
    let takes_gradient = node.kind != GraphNodeKind::Constant;
    let gradient = short(&node.gradient, node.gradient_norm, &node.shape);
    let lit = move || match current.get() {
        Some((node, GraphDirection::Forward)) if node == id => "forward",
        Some((node, GraphDirection::Backward)) if node == id => "backward",
        _ => "no",
    };
    let look = move |_| room.chosen.set(Some(id));
    view! {
        <g
            class="graph-node"
            data-kind=kind
            data-lit=lit
            data-known=move || state.get().0.to_string()
            transform=format!("translate({:.1} {:.1})", corner.0, corner.1)
            on:click=look
        >
            <title>{format!("{title} {shape}")}</title>
            <rect width=WIDTH height=HEIGHT rx="9"></rect>
            <text class="graph-name" x="11" y="19">{cut(&title)}</text>
            <text class="graph-shape" x="11" y="35" textLength=squeezed lengthAdjust="spacingAndGlyphs">{below}</text>
            <text class="graph-number" x="11" y="51">{move || if state.get().0 { format!("value {value}") } else { "value …".into() }}</text>
            {takes_gradient.then(move || view! {
                <text class="graph-number graph-gradient" x="11" y="66">
                    {move || if state.get().1 { format!("grad {gradient}") } else { "grad …".into() }}
                </text>
            })}
        </g>
    }
}

/// A title as long as the box is wide.
fn cut(title: &str) -> String {
    const MOST: usize = 19;
    if title.chars().count() <= MOST {
        return title.to_string();
    }
    let mut short: String = title.chars().take(MOST - 1).collect();
    short.push('…');
    short
}
