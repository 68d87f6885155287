//! Tracebacks as CPython 3.11 prints them: frames, source lines, the part of the line that failed, chains.

use std::rc::Rc;

use super::{Machine, Outcome};
use crate::builtins::exception::ExceptionBody;
use crate::code::Position;
use crate::compile::carets::caret_anchors;
use crate::value::{Str, Value};

/// One frame that an exception came through.
#[derive(Clone)]
pub struct TraceLine {
    /// The file's name.
    pub file: Rc<str>,
    /// The name of the frame's code.
    pub name: Rc<Str>,
    /// The instruction's place in the source.
    pub position: Position,
}

/// How often CPython prints the same frame before it counts.
const REPEATS: usize = 3;

impl Machine {
    /// The whole text for an exception nobody handled, a line end at its end.
    ///
    /// # Errors
    /// None of its own: an exception whose text cannot be made says so in the text.
    pub async fn format_exception(&self, exception: &Value) -> Outcome<String> {
        let mut links = vec![(exception.clone(), "")];
        loop {
            let Some((last, _)) = links.last() else { break };
            let Some(body) = last.payload::<ExceptionBody>() else {
                break;
            };
            let cause = body.cause.borrow().clone();
            let context = body.context.borrow().clone();
            let next = match (cause, context) {
                (Some(cause), _) => (
                    cause,
                    "\nThe above exception was the direct cause of the following exception:\n\n",
                ),
                (None, Some(context)) if !body.suppress_context.get() => (
                    context,
                    "\nDuring handling of the above exception, another exception occurred:\n\n",
                ),
                _ => break,
            };
            if links.iter().any(|(known, _)| known.is(&next.0)) {
                break;
            }
            links.push(next);
        }
        let mut text = String::new();
        for (link, after) in links.into_iter().rev() {
            text += &self.format_one(&link).await;
            text += after;
        }
        Ok(text)
    }

    async fn format_one(&self, exception: &Value) -> String {
        let mut text = String::new();
        if let Some(body) = exception.payload::<ExceptionBody>() {
            let trace = body.trace.borrow();
            if !trace.is_empty() {
                text += "Traceback (most recent call last):\n";
                text += &self.format_trace(&trace);
            }
        }
        text + &self.format_last_lines(exception).await
    }

    /// The frames, the outermost first. They are kept as they were left, the innermost first.
    fn format_trace(&self, trace: &[TraceLine]) -> String {
        let mut text = String::new();
        let mut before: Option<(&str, u32, &str)> = None;
        let mut same = 0;
        let repeated = |count: usize| match count.checked_sub(REPEATS) {
            None | Some(0) => String::new(),
            Some(more) => format!(
                "  [Previous line repeated {more} more time{}]\n",
                if more == 1 { "" } else { "s" }
            ),
        };
        for line in trace.iter().rev() {
            let key = (&*line.file, line.position.line, line.name.as_str());
            if before == Some(key) {
                same += 1;
            } else {
                text += &repeated(same);
                same = 1;
                before = Some(key);
            }
            if same > REPEATS {
                continue;
            }
            text += &format!(
                "  File \"{}\", line {}, in {}\n",
                line.file,
                line.position.line,
                line.name.as_str()
            );
            if let Some(source) = self.source_line(&line.file, line.position.line as usize) {
                text += &format!("    {}\n", source.trim());
                if let Some(marks) = marks(&source, line.position) {
                    text += &format!("    {marks}\n");
                }
            }
        }
        text + &repeated(same)
    }

    /// `ValueError: text`, and what follows it: notes, the line of a SyntaxError.
    pub async fn format_last_lines(&self, exception: &Value) -> String {
        let class = self.type_of(exception);
        let mut name = class.qualified_name().as_str().to_owned();
        let module = class.find(&self.names().module);
        if let Some(Value::Str(module)) = module
            && module.as_str() != "__main__"
            && module.as_str() != "builtins"
        {
            name = format!("{}.{name}", module.as_str());
        }
        if let Some(text) = crate::builtins::exception_fields::syntax_error_lines(self, exception) {
            return format!(
                "{text}{name}: {}\n",
                crate::builtins::exception_fields::syntax_error_message(exception)
            );
        }
        let said = match self.str(exception).await {
            Ok(said) => said,
            Err(_) => "<exception str() failed>".to_owned(),
        };
        let mut text = if said.is_empty() {
            format!("{name}\n")
        } else {
            format!("{name}: {said}{}\n", self.suggestion(exception))
        };
        let notes = exception
            .payload::<ExceptionBody>()
            .map(|body| body.notes.borrow().clone())
            .unwrap_or_default();
        for note in notes {
            if let Ok(note) = self.str(&note).await {
                text += &note;
                text.push('\n');
            }
        }
        text
    }
}

/// The line of `^` and `~` under a source line that is printed without its indent; `None` where CPython prints none.
fn marks(source: &str, position: Position) -> Option<String> {
    let indent = source.len() - source.trim_start().len();
    let start = (position.column as usize).checked_sub(indent)?;
    let shown = source.trim();
    let one_line = position.end_line == position.line;
    let end = if one_line {
        (position.end_column as usize).checked_sub(indent)?
    } else {
        shown.len()
    };
    if start >= end || end > shown.len() || position.end_column == 0 && one_line {
        return None;
    }
    let segment = shown.get(start..end)?;
    let anchors = if one_line {
        caret_anchors(segment)
    } else {
        None
    };
    if anchors.is_none() && start == 0 && end == shown.len() {
        return None;
    }
    let width = |text: &str| text.chars().count();
    let mut line = " ".repeat(width(&shown[..start]));
    match anchors {
        Some((from, to)) => {
            line += &"~".repeat(width(segment.get(..from)?));
            line += &"^".repeat(width(segment.get(from..to)?));
            line += &"~".repeat(width(segment.get(to..)?));
        }
        None => line += &"^".repeat(width(segment)),
    }
    Some(line)
}
