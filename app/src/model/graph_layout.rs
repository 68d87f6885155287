//! Places of a graph's nodes and the lines between them, by Sugiyama's method: layers from left to right, few crossings.

use kindling_protocol::GraphView;
use rust_sugiyama::configure::{Config, CrossingMinimization, RankingType};

/// Width of a node's box.
pub const WIDTH: f64 = 172.0;
/// Height of a node's box.
pub const HEIGHT: f64 = 74.0;
const BETWEEN_LAYERS: f64 = 56.0;
const BETWEEN_NODES: f64 = 22.0;
const MARGIN: f64 = 14.0;

/// A line from a node to one that takes its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// The node whose value is taken.
    pub from: usize,
    /// The node that takes it.
    pub to: usize,
    /// The line as an SVG path.
    pub path: String,
}

/// A graph laid out, in SVG units.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GraphLayout {
    /// Upper left corner of each node's box, by its place in the graph.
    pub corners: Vec<(f64, f64)>,
    /// The lines.
    pub edges: Vec<Edge>,
    /// Width of the whole.
    pub width: f64,
    /// Height of the whole.
    pub height: f64,
}

/// Lays a graph out from left to right.
pub fn lay_out(graph: &GraphView) -> GraphLayout {
    let count = graph.nodes.len();
    let vertices: Vec<(u32, (f64, f64))> = graph
        .nodes
        .iter()
        .enumerate()
        // The library's layers run downward; ours run to the right, so the sides are swapped.
        .map(|(at, _)| (at as u32, (HEIGHT, WIDTH)))
        .collect();
    let mut pairs: Vec<(usize, usize)> = graph
        .nodes
        .iter()
        .enumerate()
        .flat_map(|(to, node)| node.inputs.iter().map(move |from| (*from, to)))
        .filter(|(from, to)| from < &count && from != to)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let edges: Vec<(u32, u32)> = pairs.iter().map(|(f, t)| (*f as u32, *t as u32)).collect();
    let config = Config {
        minimum_length: 1,
        vertex_spacing: BETWEEN_NODES,
        dummy_vertices: true,
        dummy_size: 1.0,
        ranking_type: RankingType::MinimizeEdgeLength,
        c_minimization: CrossingMinimization::Barycenter,
        transpose: count <= 60,
    };
    let mut corners = vec![(0.0, 0.0); count];
    let mut offset = 0.0;
    for (places, _, _) in rust_sugiyama::from_vertices_and_edges(&vertices, &edges, &config) {
        let layers = layers_of(&places);
        let lowest = places
            .iter()
            .map(|(_, p)| p.0)
            .fold(f64::INFINITY, f64::min);
        let mut deepest: f64 = 0.0;
        for (node, (across, down)) in &places {
            let layer = layers
                .iter()
                .position(|at| (at - down.abs()).abs() < 1.0)
                .unwrap_or_default();
            let y = offset + across - lowest;
            deepest = deepest.max(y + HEIGHT);
            if let Some(corner) = corners.get_mut(*node) {
                *corner = (MARGIN + layer as f64 * (WIDTH + BETWEEN_LAYERS), MARGIN + y);
            }
        }
        offset = deepest + BETWEEN_NODES;
    }
    let extent = |of: &dyn Fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(0.0, f64::max);
    GraphLayout {
        width: extent(&|c| c.0) + WIDTH + MARGIN,
        height: extent(&|c| c.1) + HEIGHT + MARGIN,
        edges: pairs
            .iter()
            .map(|(from, to)| Edge {
                from: *from,
                to: *to,
                path: curve(corners[*from], corners[*to]),
            })
            .collect(),
        corners,
    }
}

/// The distinct depths, ascending: the library spaces layers by their content, we space them evenly.
fn layers_of(places: &[(usize, (f64, f64))]) -> Vec<f64> {
    let mut depths: Vec<f64> = places.iter().map(|(_, (_, down))| down.abs()).collect();
    depths.sort_by(f64::total_cmp);
    depths.dedup_by(|a, b| (*a - *b).abs() < 1.0);
    depths
}

/// From the right side of one box to the left side of another.
fn curve(from: (f64, f64), to: (f64, f64)) -> String {
    let (x0, y0) = (from.0 + WIDTH, from.1 + HEIGHT / 2.0);
    let (x1, y1) = (to.0 - 7.0, to.1 + HEIGHT / 2.0);
    let bend = ((x1 - x0) / 2.0).max(24.0);
    format!(
        "M{x0:.1} {y0:.1}C{:.1} {y0:.1} {:.1} {y1:.1} {x1:.1} {y1:.1}",
        x0 + bend,
        x1 - bend
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use kindling_protocol::{GraphNode, GraphNodeKind};

    fn node(id: usize, inputs: Vec<usize>) -> GraphNode {
        GraphNode {
            id,
            kind: GraphNodeKind::Operation,
            name: "MulBackward0".into(),
            label: String::new(),
            code: String::new(),
            inputs,
            shape: vec![],
            value: vec![],
            gradient: vec![],
            value_norm: 0.0,
            gradient_norm: 0.0,
            rule: String::new(),
            words: String::new(),
        }
    }

    fn graph(inputs: &[&[usize]]) -> GraphView {
        let nodes = inputs
            .iter()
            .enumerate()
            .map(|(id, i)| node(id, i.to_vec()))
            .collect();
        GraphView {
            nodes,
            forward: vec![],
            backward: vec![],
            code: String::new(),
        }
    }

    fn overlap(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < WIDTH && (a.1 - b.1).abs() < HEIGHT
    }

    #[test]
    fn inputs_lie_left_of_what_takes_them_and_no_box_covers_another() {
        // A perceptron's shape, with a value used twice and a long edge.
        let layout = lay_out(&graph(&[
            &[],
            &[],
            &[],
            &[0, 1],
            &[3, 2],
            &[4],
            &[],
            &[5, 6],
            &[7, 4, 4],
        ]));
        for edge in &layout.edges {
            assert!(
                layout.corners[edge.from].0 + WIDTH <= layout.corners[edge.to].0,
                "{edge:?}"
            );
        }
        for (at, a) in layout.corners.iter().enumerate() {
            for b in &layout.corners[at + 1..] {
                assert!(!overlap(*a, *b), "{a:?} and {b:?}");
            }
            assert!(a.0 + WIDTH <= layout.width && a.1 + HEIGHT <= layout.height);
        }
        assert_eq!(
            layout.edges.len(),
            9,
            "ten uses, and a double one is one line"
        );
    }

    #[test]
    fn an_empty_graph_and_a_lone_node_are_laid_out() {
        assert!(lay_out(&graph(&[])).corners.is_empty());
        assert_eq!(lay_out(&graph(&[&[]])).corners.len(), 1);
    }
}
