//! Looking into a session: a finished run, the tensor room and the graph room. A run's device is what `KINDLING_DEVICE` names.

// A test may stop at the first thing that is not so, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::session::{StandIn, drive, small, start};
use kindling::session::MemoryStore;
use kindling_protocol::{
    Command, DeviceChoice, Event, ExperimentConfig, GraphExample, GraphNodeKind, Inspection,
    Preset, Reply, RequestId, RunId, TensorCommand, TensorExpression, TensorSource,
};
use std::rc::Rc;

fn ask(commands: Vec<Command>, replies: usize) -> Vec<Reply> {
    let mut left = replies;
    let events = drive(
        Rc::new(StandIn),
        MemoryStore::default(),
        commands,
        move |event, _| {
            assert!(!matches!(event, Event::Failed { .. }), "{event:?}");
            left -= usize::from(matches!(event, Event::Reply { .. }));
            left == 0
        },
    );
    events
        .into_iter()
        .filter_map(|e| {
            if let Event::Reply { reply, .. } = e {
                Some(reply)
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn a_finished_run_can_be_looked_into() {
    let config = ExperimentConfig {
        epochs: 1,
        ..small()
    };
    let run = config.run_id();
    let inspect = |request, inspection| Command::Inspect {
        request: RequestId(request),
        run: run.clone(),
        inspection,
    };
    let questions = [
        inspect(
            1,
            Inspection::Gallery {
                start: 2,
                count: 5,
                mistakes_only: false,
            },
        ),
        inspect(2, Inspection::Confusion),
        inspect(3, Inspection::Weights),
        inspect(
            4,
            Inspection::Predict {
                pixels: vec![0; 784],
            },
        ),
        Command::Export {
            request: RequestId(5),
            run: run.clone(),
        },
    ];
    let mut pending = Some(questions);
    let mut left = 5;
    let events = drive(
        Rc::new(StandIn),
        MemoryStore::default(),
        vec![start(&config, false)],
        move |event, sender| {
            if matches!(event, Event::Finished { .. }) {
                for question in pending.take().into_iter().flatten() {
                    sender.unbounded_send(question).unwrap();
                }
            }
            left -= usize::from(matches!(event, Event::Reply { .. }));
            left == 0
        },
    );
    let mut replies = events.iter().filter_map(|e| {
        if let Event::Reply { reply, .. } = e {
            Some(reply)
        } else {
            None
        }
    });
    let Some(Reply::Gallery {
        pictures,
        total: 20,
    }) = replies.next()
    else {
        panic!()
    };
    assert_eq!(
        pictures.iter().map(|p| p.row).collect::<Vec<_>>(),
        [2, 3, 4, 5, 6]
    );
    for picture in pictures {
        let sum: f32 = picture.probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-5 && picture.pixels.len() == 784);
    }
    let Some(Reply::Confusion { counts }) = replies.next() else {
        panic!()
    };
    assert_eq!(counts.iter().flatten().sum::<u32>(), 20);
    let Some(Reply::Weights { units, scale }) = replies.next() else {
        panic!()
    };
    assert!(units.len() == 16 && *scale > 0.0);
    let Some(Reply::Prediction { probabilities }) = replies.next() else {
        panic!()
    };
    assert_eq!(probabilities.len(), 10);
    let Some(Reply::File { name, bytes }) = replies.next() else {
        panic!()
    };
    assert!(name.ends_with(".safetensors") && *bytes > 784 * 16 * 4);
}

#[test]
fn the_tensor_room_shows_what_pytorch_prints() {
    let show =
        |source, shape: &[usize], operation: Option<&str>, arguments: &[&str]| Command::Tensor {
            request: RequestId(1),
            ask: TensorCommand::Show {
                expression: TensorExpression {
                    source,
                    shape: shape.to_vec(),
                    operation: operation.map(Into::into),
                    arguments: arguments.iter().map(|a| (*a).to_string()).collect(),
                },
                device: DeviceChoice::Cpu,
            },
        };
    // torch.manual_seed(0); torch.rand(2, 3) and torch.randn(2), as PyTorch 2.15 prints them.
    let replies = ask(
        vec![
            show(TensorSource::Rand { seed: 0 }, &[2, 3], Some("t"), &[]),
            show(
                TensorSource::Values {
                    text: "[[1, 2], [3, 4]]".into(),
                },
                &[],
                Some("sum"),
                &["0", "True"],
            ),
        ],
        2,
    );
    let Reply::Tensor {
        before,
        after: Some(after),
        code,
        ..
    } = &replies[0]
    else {
        panic!()
    };
    assert_eq!(
        before.text,
        "tensor([[0.4963, 0.7682, 0.0885],\n        [0.1320, 0.3074, 0.6341]])"
    );
    assert_eq!(
        (after.shape.as_slice(), after.strides.as_slice()),
        (&[3, 2][..], &[1, 3][..])
    );
    assert!(after.shares_storage && !after.contiguous);
    assert!(
        code.contains("torch.manual_seed(0)\nx = torch.rand((2, 3))\ny = torch.t(x)"),
        "{code}"
    );
    let Reply::Tensor {
        after: Some(after),
        code,
        ..
    } = &replies[1]
    else {
        panic!()
    };
    assert_eq!(after.text, "tensor([[4, 6]])");
    assert!(
        code.contains("y = torch.sum(x, (0,), keepdim=True)"),
        "{code}"
    );
}

#[test]
fn the_graph_room_shows_the_graph_that_backward_walked() {
    let graph = |example| Command::Graph {
        request: RequestId(1),
        example,
        device: DeviceChoice::Cpu,
    };
    let replies = ask(
        vec![
            Command::Load { rows: 100 },
            graph(GraphExample::Square { x: 3.0 }),
            graph(GraphExample::Chain { x: 4.0 }),
            graph(GraphExample::Perceptron {
                x: 6.7,
                y: 0.0,
                w: 1.0,
                b: 0.0,
            }),
        ],
        3,
    );
    let Reply::Graph { graph } = &replies[0] else {
        panic!()
    };
    let names: Vec<&str> = graph.nodes.iter().map(|n| n.name.as_str()).collect();
    assert_eq!(names, ["AccumulateGrad", "PowBackward0"]);
    assert_eq!(
        (graph.nodes[0].gradient[0], graph.nodes[1].value[0]),
        (6.0, 9.0)
    );
    assert_eq!(
        (graph.forward.as_slice(), graph.backward.as_slice()),
        (&[0, 1][..], &[1, 0][..])
    );
    let Reply::Graph { graph } = &replies[1] else {
        panic!()
    };
    let names: Vec<&str> = graph
        .backward
        .iter()
        .map(|&n| graph.nodes[n].name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "ExpBackward0",
            "SinBackward0",
            "PowBackward0",
            "AccumulateGrad"
        ]
    );
    assert!((graph.nodes[0].gradient[0] + 5.7447).abs() < 1e-4);
    let Reply::Graph { graph } = &replies[2] else {
        panic!()
    };
    let constants: Vec<&str> = graph
        .nodes
        .iter()
        .filter(|n| n.kind == GraphNodeKind::Constant)
        .map(|n| n.label.as_str())
        .collect();
    assert_eq!(constants, ["x", "y"]);
    let w = graph.nodes.iter().find(|n| n.label == "w").unwrap();
    assert!((w.gradient[0] - 6.6918).abs() < 2e-3, "{w:?}");
}

#[test]
fn the_networks_own_step_is_a_graph() {
    let config = Box::new(ExperimentConfig {
        rows: 100,
        batch_size: 32,
        ..Preset::Improved.config()
    });
    let run = RunId("x".into());
    // The graph room needs data: the load must have come before the question is answered.
    let events = drive(
        Rc::new(StandIn),
        MemoryStore::default(),
        vec![Command::Start {
            run,
            config: small(),
            device: DeviceChoice::Cpu,
            resume: false,
        }],
        move |event, sender| {
            if matches!(event, Event::Finished { .. }) {
                let example = GraphExample::Network {
                    config: config.clone(),
                };
                sender
                    .unbounded_send(Command::Graph {
                        request: RequestId(2),
                        example,
                        device: DeviceChoice::Cpu,
                    })
                    .unwrap();
            }
            matches!(event, Event::Reply { .. } | Event::Failed { .. })
        },
    );
    let Some(Event::Reply {
        reply: Reply::Graph { graph },
        ..
    }) = events.last()
    else {
        panic!("{:?}", events.last())
    };
    let operations: Vec<&str> = graph
        .nodes
        .iter()
        .filter(|n| n.kind == GraphNodeKind::Operation)
        .map(|n| n.name.as_str())
        .collect();
    let hidden = [
        "TBackward0",
        "AddmmBackward0",
        "NativeBatchNormBackward0",
        "ReluBackward0",
        "MulBackward0",
    ];
    let mut want = [hidden, hidden].concat();
    want.extend([
        "TBackward0",
        "AddmmBackward0",
        "LogSoftmaxBackward0",
        "NllLossBackward0",
    ]);
    assert_eq!(operations, want);
    for node in &graph.nodes {
        assert!(!node.value.is_empty(), "{} has no value", node.name);
        assert_eq!(node.shape.is_empty(), node.name == "NllLossBackward0");
    }
    let weight = graph.nodes.iter().find(|n| n.label == "0.weight").unwrap();
    assert!(weight.gradient_norm > 0.0 && weight.shape == [128, 784]);
    assert_eq!(
        graph.backward.len(),
        graph
            .nodes
            .iter()
            .filter(|n| n.kind != GraphNodeKind::Constant)
            .count()
    );
}
