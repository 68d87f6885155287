//! The tensor room: its form, the engine's operations, and the tensor shown.

use crate::model::routing::Engine;
use crate::model::tensor_form::TensorForm;
use crate::state::lab::Lab;
use crate::state::lab_events::sentence;
use kindling_protocol::{Command, DeviceChoice, OperationInfo, Reply, TensorCommand, TensorView};
use leptos::prelude::*;

/// The engine's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The tensor made.
    pub before: TensorView,
    /// The operation's other operand.
    pub operand: Option<TensorView>,
    /// After the operation.
    pub after: Option<TensorView>,
    /// The same as PyTorch code.
    pub code: String,
    /// What was applied.
    pub operation: Option<String>,
}

/// See the module.
#[derive(Clone, Copy)]
pub struct TensorRoom {
    /// The form.
    pub form: RwSignal<TensorForm>,
    /// Where: CPU or WebGPU.
    pub device: RwSignal<DeviceChoice>,
    /// The table of operations.
    pub operations: RwSignal<Vec<OperationInfo>>,
    /// What is shown.
    pub shown: RwSignal<Option<Shown>>,
    /// What was wrong with the last question.
    pub problem: RwSignal<Option<String>>,
    lab: Lab,
    newest: StoredValue<u32>,
}

impl TensorRoom {
    /// Nothing shown yet.
    pub fn new(lab: Lab) -> Self {
        Self {
            form: RwSignal::default(),
            device: RwSignal::new(DeviceChoice::Cpu),
            operations: RwSignal::default(),
            shown: RwSignal::default(),
            problem: RwSignal::default(),
            lab,
            newest: StoredValue::new(0),
        }
    }

    /// Asks for the operations once, and shows the form's tensor.
    pub fn enter(self) {
        if self.operations.with_untracked(Vec::is_empty) {
            self.lab.link().ask(
                Engine::Cpu,
                |request| Command::Tensor { request, ask: TensorCommand::Operations },
                move |answer| {
                    if let Ok((Reply::Operations { operations }, _)) = answer {
                        self.operations.set(operations);
                    }
                },
            );
        }
        if self.shown.with_untracked(Option::is_none) {
            self.show();
        }
    }

    /// Makes what the form says and shows it; an older answer never replaces a newer one.
    pub fn show(self) {
        let form = self.form.get_untracked();
        let expression = match form.expression() {
            Ok(expression) => expression,
            Err(reason) => return self.problem.set(Some(reason)),
        };
        let route = match self.lab.engines.with_untracked(|e| e.route(self.device.get_untracked())) {
            Ok(route) => route,
            Err(reason) => return self.problem.set(Some(reason)),
        };
        let number = self.newest.get_value() + 1;
        self.newest.set_value(number);
        let operation = expression.operation.clone();
        self.lab.link().ask(
            route.engine,
            |request| Command::Tensor {
                request,
                ask: TensorCommand::Show { expression, device: route.device },
            },
            move |answer| {
                if self.newest.get_value() != number {
                    return;
                }
                match answer {
                    Ok((Reply::Tensor { before, operand, after, code }, _)) => {
                        self.problem.set(None);
                        self.shown.set(Some(Shown { before, operand, after, code, operation }));
                    }
                    Ok(_) => {}
                    Err(error) => self.problem.set(Some(sentence(&error))),
                }
            },
        );
    }
}
