//! The session as a front end drives it: commands in, events out. On the device `KINDLING_DEVICE` names, with the generated
//! stand-in as data, so that it runs anywhere.

mod common;

use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::future::LocalBoxFuture;
use kindling::data::{DataSet, stand_in};
use kindling::session::{DataPort, DataProgress, EventSink, MemoryStore, Session, StorePort};
use kindling_protocol::{
    Command, DeviceChoice, EngineKind, EpochMetrics, Event, ExperimentConfig, GraphExample,
    GraphNodeKind, Inspection, Outcome, Preset, Reply, RequestId, RunId, TensorCommand,
    TensorExpression, TensorSource, VerdictKind,
};
use pollster::block_on;
use std::cell::RefCell;
use std::rc::Rc;

struct StandIn;

impl DataPort for StandIn {
    fn load(
        &self,
        rows: usize,
        _: DataProgress,
    ) -> LocalBoxFuture<'static, Result<Rc<DataSet>, String>> {
        Box::pin(async move { Ok(Rc::new(stand_in::data_set(rows, "A test.").unwrap())) })
    }
}

struct Broken;

impl DataPort for Broken {
    fn load(
        &self,
        _: usize,
        _: DataProgress,
    ) -> LocalBoxFuture<'static, Result<Rc<DataSet>, String>> {
        Box::pin(async { Err("train-images-idx3-ubyte.gz fails its checksum".to_string()) })
    }
}

fn device() -> DeviceChoice {
    let name = std::env::var("KINDLING_DEVICE").unwrap_or_else(|_| "cpu".into());
    DeviceChoice::from_key(&name).unwrap()
}

fn small() -> ExperimentConfig {
    ExperimentConfig {
        hidden: vec![16],
        rows: 100,
        epochs: 3,
        batch_size: 16,
        ..Preset::Improved.config()
    }
}

fn start(config: &ExperimentConfig, resume: bool) -> Command {
    Command::Start {
        run: config.run_id(),
        config: config.clone(),
        device: device(),
        resume,
    }
}

/// Sends `first`; `answer` hears each event and may send more. Ends when the sender is dropped by `answer` returning true.
fn drive(
    data: Rc<dyn DataPort>,
    store: MemoryStore,
    first: Vec<Command>,
    mut answer: impl FnMut(&Event, &UnboundedSender<Command>) -> bool + 'static,
) -> Vec<Event> {
    let (sender, receiver) = unbounded();
    for command in first {
        sender.unbounded_send(command).unwrap();
    }
    let seen = Rc::new(RefCell::new(vec![]));
    let heard = seen.clone();
    let sender = RefCell::new(Some(sender));
    let answer =
        RefCell::new(move |event: &Event, sender: &UnboundedSender<Command>| answer(event, sender));
    let events: EventSink = Rc::new(move |event, _| {
        let mut sender = sender.borrow_mut();
        let done = sender
            .as_ref()
            .is_some_and(|s| (answer.borrow_mut())(&event, s));
        if done {
            sender.take();
        }
        heard.borrow_mut().push(event);
    });
    block_on(Session::new(EngineKind::Native, events, data, Rc::new(store)).serve(receiver));
    seen.take()
}

fn ends(event: &Event) -> bool {
    matches!(event, Event::Finished { .. } | Event::Failed { .. })
}

fn to_the_end(store: MemoryStore, config: &ExperimentConfig, resume: bool) -> Vec<Event> {
    drive(
        Rc::new(StandIn),
        store,
        vec![start(config, resume)],
        |event, _| ends(event),
    )
}

fn epochs(events: &[Event]) -> Vec<EpochMetrics> {
    events
        .iter()
        .filter_map(|e| {
            if let Event::Epoch { metrics, .. } = e {
                Some(*metrics)
            } else {
                None
            }
        })
        .collect()
}

fn failure(events: &[Event]) -> String {
    let found = events.iter().find_map(|e| {
        if let Event::Failed { error, .. } = e {
            Some(error.message.clone())
        } else {
            None
        }
    });
    found.unwrap_or_else(|| panic!("no failure in {events:#?}"))
}

#[test]
fn a_run_begins_reports_and_ends() {
    let events = to_the_end(MemoryStore::default(), &small(), false);
    assert!(matches!(
        events[0],
        Event::Ready {
            protocol: 1,
            engine: EngineKind::Native,
            ..
        }
    ));
    assert_eq!(
        epochs(&events).iter().map(|m| m.epoch).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(matches!(
        events.last(),
        Some(Event::Finished {
            outcome: Outcome::Completed,
            ..
        })
    ));
    let losses = epochs(&events);
    assert!(
        losses[2].train_loss < losses[0].train_loss,
        "it learns: {losses:?}"
    );
}

#[test]
fn stopped_and_taken_up_again_it_is_the_run_that_was_never_stopped() {
    // Momentum, dropout and batch norm: everything a checkpoint must hold.
    let config = ExperimentConfig {
        momentum: 0.5,
        epochs: 4,
        ..small()
    };
    let whole = epochs(&to_the_end(MemoryStore::default(), &config, false));
    let store = MemoryStore::default();
    let run = config.run_id();
    let part = drive(
        Rc::new(StandIn),
        store.clone(),
        vec![start(&config, false)],
        move |event, sender| {
            if matches!(event, Event::Epoch { metrics, .. } if metrics.epoch == 2) {
                sender
                    .unbounded_send(Command::Stop { run: run.clone() })
                    .unwrap();
            }
            ends(event)
        },
    );
    assert!(matches!(
        part.last(),
        Some(Event::Finished {
            outcome: Outcome::Stopped,
            ..
        })
    ));
    let rest = to_the_end(store, &config, true);
    let Some(Event::Started {
        history,
        note: Some(note),
        ..
    }) = rest.iter().find(|e| matches!(e, Event::Started { .. }))
    else {
        panic!("{rest:?}");
    };
    assert!(
        note.contains("Goes on from the checkpoint after epoch"),
        "{note}"
    );
    let mut joined = history.clone();
    joined.extend(epochs(&rest));
    assert_eq!(joined.len(), whole.len());
    for (a, b) in joined.iter().zip(&whole) {
        // The same bits on the CPU; a GPU may add up in another order, but does not here.
        assert_eq!(a, b);
    }
}

#[test]
fn pause_holds_and_resume_goes_on() {
    let config = ExperimentConfig {
        epochs: 3,
        ..small()
    };
    let run = config.run_id();
    let events = drive(
        Rc::new(StandIn),
        MemoryStore::default(),
        vec![start(&config, false)],
        move |event, sender| {
            match event {
                Event::Epoch { metrics, .. } if metrics.epoch == 1 => {
                    sender
                        .unbounded_send(Command::Pause { run: run.clone() })
                        .unwrap();
                }
                Event::Paused { run } => sender
                    .unbounded_send(Command::Resume { run: run.clone() })
                    .unwrap(),
                _ => {}
            }
            ends(event)
        },
    );
    let place = |wanted: fn(&Event) -> bool| events.iter().position(wanted).unwrap();
    let paused = place(|e| matches!(e, Event::Paused { .. }));
    let resumed = place(|e| matches!(e, Event::Resumed { .. }));
    assert!(paused < resumed);
    assert!(
        !events[paused..resumed]
            .iter()
            .any(|e| matches!(e, Event::Epoch { .. }))
    );
    assert_eq!(epochs(&events).len(), 3);
}

#[test]
fn reset_forgets_weights_and_checkpoint() {
    let (config, store) = (small(), MemoryStore::default());
    let run = config.run_id();
    let asked = run.clone();
    let events = drive(
        Rc::new(StandIn),
        store.clone(),
        vec![start(&config, false)],
        move |event, sender| {
            match event {
                Event::Finished { run, .. } => sender
                    .unbounded_send(Command::Reset { run: run.clone() })
                    .unwrap(),
                Event::Forgotten { .. } => {
                    let inspection = Inspection::Confusion;
                    let question = Command::Inspect {
                        request: RequestId(9),
                        run: asked.clone(),
                        inspection,
                    };
                    sender.unbounded_send(question).unwrap();
                }
                _ => {}
            }
            matches!(event, Event::Failed { .. })
        },
    );
    assert!(failure(&events).contains(&format!("There is no run {run} here")));
    assert!(block_on(store.names()).is_empty());
}

#[test]
fn a_diverging_run_stops_with_a_sentence_and_keeps_its_curves() {
    // Each step takes weights times 1 - 100 · 10: they outgrow float32 in a dozen steps.
    let config = ExperimentConfig {
        learning_rate: 100.0,
        weight_decay: 10.0,
        batch_norm: false,
        epochs: 50,
        ..small()
    };
    let events = to_the_end(MemoryStore::default(), &config, false);
    let Some(Event::Finished {
        outcome: Outcome::Diverged { message, .. },
        verdict,
        ..
    }) = events.last()
    else {
        panic!("{:?}", events.last());
    };
    assert!(
        message.contains("no longer a number")
            && message.contains("Lower the learning rate from 100 to 10"),
        "{message}"
    );
    assert_eq!(verdict.kind, VerdictKind::Diverged);
    assert!(!events.iter().any(|e| matches!(e, Event::Progress { points, .. } if points.iter().any(|p| !p.loss.is_finite()))));
}

#[test]
fn bad_wishes_are_refused_with_sentences() {
    let refused =
        |config: ExperimentConfig| failure(&to_the_end(MemoryStore::default(), &config, false));
    assert!(refused(ExperimentConfig { rows: 0, ..small() }).contains("0 rows of data"));
    assert!(
        refused(ExperimentConfig {
            batch_size: 90,
            ..small()
        })
        .contains("larger than the 80 training rows")
    );
    assert!(
        refused(ExperimentConfig {
            batch_size: 79,
            ..small()
        })
        .contains("more than 1 value per channel")
    );
    let absent = if device() == DeviceChoice::Cuda {
        DeviceChoice::Webgpu
    } else {
        DeviceChoice::Cuda
    };
    let config = small();
    let command = Command::Start {
        run: config.run_id(),
        config,
        device: absent,
        resume: false,
    };
    let events = drive(
        Rc::new(StandIn),
        MemoryStore::default(),
        vec![command],
        |event, _| ends(event),
    );
    assert!(
        failure(&events).contains(absent.key()),
        "{}",
        failure(&events)
    );
    let events = drive(
        Rc::new(Broken),
        MemoryStore::default(),
        vec![start(&small(), false)],
        |event, _| ends(event),
    );
    assert!(failure(&events).contains("fails its checksum"));
}

#[test]
fn a_damaged_or_foreign_checkpoint_is_refused_with_a_sentence() {
    let (config, store) = (small(), MemoryStore::default());
    to_the_end(store.clone(), &config, false);
    let name = format!("{}.safetensors", config.run_id());
    let good = block_on(store.get(name.clone())).unwrap();
    let cut = good[..good.len() / 2].to_vec();
    block_on(store.put(name.clone(), cut)).unwrap();
    let said = failure(&to_the_end(store.clone(), &config, true));
    assert!(
        said.contains("The checkpoint cannot be read") && said.contains("Start the run again"),
        "{said}"
    );
    let other = ExperimentConfig { seed: 1, ..small() };
    block_on(store.put(format!("{}.safetensors", other.run_id()), good)).unwrap();
    let said = failure(&to_the_end(store, &other, true));
    assert!(said.contains("The checkpoint is of run"), "{said}");
}

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
