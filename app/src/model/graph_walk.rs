//! Walking a recorded graph a step at a time: the values forward, then the gradients backward.

use kindling_protocol::{GraphDirection, GraphView};

/// Where the walk is: 0 before the first step, then a node a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Walk {
    /// Steps taken.
    pub step: usize,
}

impl Walk {
    /// All steps of a graph, forward and backward.
    pub fn steps(graph: &GraphView) -> usize {
        graph.forward.len() + graph.backward.len()
    }

    /// One step on, as far as there is one.
    pub fn next(self, graph: &GraphView) -> Self {
        Self { step: (self.step + 1).min(Self::steps(graph)) }
    }

    /// One step back.
    pub fn back(self) -> Self {
        Self { step: self.step.saturating_sub(1) }
    }

    /// The node in hand and the direction; `None` before the first step.
    pub fn node(self, graph: &GraphView) -> Option<(usize, GraphDirection)> {
        let at = self.step.checked_sub(1)?;
        match graph.forward.get(at) {
            Some(node) => Some((*node, GraphDirection::Forward)),
            None => graph
                .backward
                .get(at - graph.forward.len())
                .map(|node| (*node, GraphDirection::Backward)),
        }
    }

    /// Whether a node's value is known by now. Nodes that are no step of the walk are known from the start.
    pub fn has_value(self, graph: &GraphView, node: usize) -> bool {
        match graph.forward.iter().position(|n| *n == node) {
            Some(at) => at < self.step,
            None => true,
        }
    }

    /// Whether a node's gradient is known by now: once backward has come to it.
    pub fn has_gradient(self, graph: &GraphView, node: usize) -> bool {
        let reached = self.step.saturating_sub(graph.forward.len());
        graph.backward.iter().take(reached).any(|n| *n == node)
    }

    /// "step 3 of 9 · backward".
    pub fn words(self, graph: &GraphView) -> String {
        let all = Self::steps(graph);
        match self.node(graph) {
            None => format!("{all} steps · not begun"),
            Some((_, GraphDirection::Forward)) => format!("step {} of {all} · forward", self.step),
            Some((_, GraphDirection::Backward)) => format!("step {} of {all} · backward", self.step),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> GraphView {
        GraphView { nodes: vec![], forward: vec![0, 1, 2], backward: vec![2, 1, 0], code: String::new() }
    }

    #[test]
    fn the_walk_goes_forward_then_backward_and_stops_at_both_ends() {
        let graph = graph();
        let mut walk = Walk::default();
        assert_eq!(walk.node(&graph), None);
        assert_eq!(walk.back(), walk);
        for expected in [0, 1, 2] {
            walk = walk.next(&graph);
            assert_eq!(walk.node(&graph), Some((expected, GraphDirection::Forward)));
        }
        assert!(walk.has_value(&graph, 2) && !walk.has_gradient(&graph, 2));
        for expected in [2, 1, 0] {
            walk = walk.next(&graph);
            assert_eq!(walk.node(&graph), Some((expected, GraphDirection::Backward)));
            assert!(walk.has_gradient(&graph, expected));
        }
        assert_eq!(walk.next(&graph), walk);
        assert_eq!(walk.words(&graph), "step 6 of 6 · backward");
    }
}
