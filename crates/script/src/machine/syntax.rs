//! A fault of the source as the exception a script sees.

use std::rc::Rc;

use super::{Kind, Machine, Raised};
use crate::compile::{FaultKind, SyntaxFault};
use crate::value::Value;

impl Machine {
    /// SyntaxError, IndentationError or TabError with the fields that CPython gives them.
    #[must_use]
    pub fn syntax_error(&self, fault: &SyntaxFault, file: &str) -> Raised {
        let kind = match fault.kind {
            FaultKind::Syntax => Kind::SyntaxError,
            FaultKind::Indentation => Kind::IndentationError,
            FaultKind::Tab => Kind::TabError,
            FaultKind::Nesting => return self.raise(Kind::RecursionError, fault.message.clone()),
        };
        let place: Rc<[Value]> = Rc::from(vec![
            Value::text(file),
            Value::from(fault.line as usize),
            Value::from(fault.column as usize),
            Value::text(&fault.text),
            Value::from(fault.end_line as usize),
            Value::from(fault.end_column as usize),
        ]);
        self.raise_with(kind, vec![Value::text(&fault.message), Value::Tuple(place)])
    }
}
