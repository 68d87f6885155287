//! Which part of a failed expression a traceback marks with `^` among `~`: the operator, or the subscript.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

/// Bytes from and to of what is marked in a segment of source; `None` where all of it is. As CPython 3.11 does, only a
/// segment that is one binary operation or one subscript has such a part.
#[must_use]
pub fn caret_anchors(segment: &str) -> Option<(usize, usize)> {
    let parsed = ruff_python_parser::parse_module(segment).ok()?;
    let [Stmt::Expr(one)] = parsed.syntax().body.as_slice() else {
        return None;
    };
    match &*one.value {
        Expr::BinOp(operation) => {
            let left = operation.left.range().end().to_usize();
            let right = operation.right.range().start().to_usize();
            let between = segment.get(left..right)?;
            // Parentheses of the operands are no part of the operator.
            let at = between.find(|letter: char| !letter.is_whitespace() && letter != ')')?;
            let rest = &between[at..];
            let length = rest
                .find(|letter: char| letter.is_whitespace() || letter == '(')
                .unwrap_or(rest.len());
            Some((left + at, left + at + length.min(2)))
        }
        Expr::Subscript(subscript) => {
            let value = subscript.value.range().end().to_usize();
            let open = value + segment.get(value..)?.find('[')?;
            Some((open, subscript.range().end().to_usize()))
        }
        _ => None,
    }
}
