//! The graph room: which example, its values, the recorded graph, and where the walk is.

use crate::model::graph_layout::{GraphLayout, lay_out};
use crate::model::graph_walk::Walk;
use crate::model::routing::Engine;
use crate::state::lab::Lab;
use crate::state::lab_events::sentence;
use kindling_protocol::{Command, DeviceChoice, GraphExample, GraphView, Reply};
use leptos::prelude::*;

/// One of the four examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// x²
    Square,
    /// exp(sin(x²))
    Chain,
    /// A perceptron with binary cross entropy.
    Perceptron,
    /// A training step of the network itself.
    Network,
}

impl Example {
    /// Every example, from small to large.
    pub const ALL: [Self; 4] = [Self::Square, Self::Chain, Self::Perceptron, Self::Network];

    /// A short name without signs, for tests and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Chain => "chain",
            Self::Perceptron => "perceptron",
            Self::Network => "network",
        }
    }

    /// What the button says.
    pub fn label(self) -> &'static str {
        match self {
            Self::Square => "y = x²",
            Self::Chain => "y = exp(sin(x²))",
            Self::Perceptron => "Perceptron",
            Self::Network => "The lab's network",
        }
    }

    /// What there is to see.
    pub fn words(self) -> &'static str {
        match self {
            Self::Square => "One leaf, one operation: the smallest graph there is.",
            Self::Chain => "Three operations in a row: the chain rule, link by link.",
            Self::Perceptron => "A neuron with a sigmoid and its binary cross entropy: where w and b get their gradients.",
            Self::Network => "One training step of the lab's network on its first batch, as the engine recorded it.",
        }
    }
}

/// See the module.
#[derive(Clone, Copy)]
pub struct GraphRoom {
    /// Which example.
    pub example: RwSignal<Example>,
    /// The values typed: x, y, w, b.
    pub values: RwSignal<[String; 4]>,
    /// The recorded graph and its layout.
    pub graph: RwSignal<Option<(GraphView, GraphLayout)>>,
    /// Where the walk is.
    pub walk: RwSignal<Walk>,
    /// True while it walks by itself.
    pub playing: RwSignal<bool>,
    /// The node looked at although the walk is elsewhere.
    pub chosen: RwSignal<Option<usize>>,
    /// What was wrong.
    pub problem: RwSignal<Option<String>>,
    lab: Lab,
    newest: StoredValue<u32>,
}

impl GraphRoom {
    /// Nothing recorded yet.
    pub fn new(lab: Lab) -> Self {
        Self {
            example: RwSignal::new(Example::Chain),
            values: RwSignal::new(["1.5".into(), "1".into(), "0.8".into(), "-0.3".into()]),
            graph: RwSignal::default(),
            walk: RwSignal::default(),
            playing: RwSignal::new(false),
            chosen: RwSignal::default(),
            problem: RwSignal::default(),
            lab,
            newest: StoredValue::new(0),
        }
    }

    /// Records the example anew.
    pub fn record(self) {
        self.playing.set(false);
        let example = match self.question() {
            Ok(example) => example,
            Err(reason) => return self.problem.set(Some(reason)),
        };
        let number = self.newest.get_value() + 1;
        self.newest.set_value(number);
        self.lab.link().ask(
            Engine::Cpu,
            |request| Command::Graph { request, example, device: DeviceChoice::Cpu },
            move |answer| {
                if self.newest.get_value() != number {
                    return;
                }
                match answer {
                    Ok((Reply::Graph { graph }, _)) => {
                        let layout = lay_out(&graph);
                        self.problem.set(None);
                        self.chosen.set(None);
                        self.walk.set(Walk::default());
                        self.graph.set(Some((graph, layout)));
                    }
                    Ok(_) => {}
                    Err(error) => self.problem.set(Some(sentence(&error))),
                }
            },
        );
    }

    fn question(self) -> Result<GraphExample, String> {
        let values = self.values.get_untracked();
        let number = |at: usize, name: &str| {
            values[at].trim().parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(|| {
                format!("{name} cannot be read from “{}”: type a number such as 1.5.", values[at].trim())
            })
        };
        Ok(match self.example.get_untracked() {
            Example::Square => GraphExample::Square { x: number(0, "x")? },
            Example::Chain => GraphExample::Chain { x: number(0, "x")? },
            Example::Perceptron => {
                let y = number(1, "y")?;
                if !(0.0..=1.0).contains(&y) {
                    return Err(format!("The target y is {y}: binary cross entropy takes 0 to 1."));
                }
                GraphExample::Perceptron { x: number(0, "x")?, y, w: number(2, "w")?, b: number(3, "b")? }
            }
            Example::Network => {
                let config = self.lab.form.with_untracked(|form| form.config()).map_err(|p| p.sentence)?;
                GraphExample::Network { config: Box::new(config) }
            }
        })
    }

    /// One step on.
    pub fn next(self) {
        self.chosen.set(None);
        self.graph.with_untracked(|graph| {
            if let Some((graph, _)) = graph {
                self.walk.update(|walk| *walk = walk.next(graph));
            }
        });
    }

    /// One step back.
    pub fn back(self) {
        self.chosen.set(None);
        self.walk.update(|walk| *walk = walk.back());
    }

    /// True when there is no step left.
    pub fn at_end(self) -> bool {
        self.graph.with(|graph| {
            graph.as_ref().is_none_or(|(graph, _)| self.walk.get().step >= Walk::steps(graph))
        })
    }
}
