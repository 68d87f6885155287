//! Expressions: each leaves one value on the stack.

use std::rc::Rc;

use num_bigint::BigInt;
use ruff_python_ast::{
    Arguments, BoolOp, CmpOp, ConversionFlag, Expr, ExprCall, ExprCompare, FStringPart,
    InterpolatedStringElement, InterpolatedStringElements, Number, UnaryOp,
};
use ruff_text_size::Ranged;

use super::Compiler;
use super::assemble::Label;
use crate::code::{Comparison, Conversion, Op, Operator, UnaryOperator};
use crate::value::Value;

/// The machine's operator of the parser's.
pub(super) fn operator(of: ruff_python_ast::Operator) -> Operator {
    use ruff_python_ast::Operator as Parsed;
    match of {
        Parsed::Add => Operator::Add,
        Parsed::Sub => Operator::Subtract,
        Parsed::Mult => Operator::Multiply,
        Parsed::MatMult => Operator::MatrixMultiply,
        Parsed::Div => Operator::Divide,
        Parsed::Mod => Operator::Modulo,
        Parsed::Pow => Operator::Power,
        Parsed::LShift => Operator::LeftShift,
        Parsed::RShift => Operator::RightShift,
        Parsed::BitOr => Operator::Or,
        Parsed::BitXor => Operator::Xor,
        Parsed::BitAnd => Operator::And,
        Parsed::FloorDiv => Operator::FloorDivide,
    }
}

fn comparison(of: CmpOp) -> Comparison {
    match of {
        CmpOp::Eq => Comparison::Equal,
        CmpOp::NotEq => Comparison::NotEqual,
        CmpOp::Lt => Comparison::Less,
        CmpOp::LtE => Comparison::LessEqual,
        CmpOp::Gt => Comparison::Greater,
        CmpOp::GtE => Comparison::GreaterEqual,
        CmpOp::Is => Comparison::Is,
        CmpOp::IsNot => Comparison::IsNot,
        CmpOp::In => Comparison::In,
        CmpOp::NotIn => Comparison::NotIn,
    }
}

impl Compiler<'_> {
    /// Pushes a constant.
    pub(super) fn push(&mut self, value: Value) {
        let at = self.asm().constant(value);
        self.asm().emit(Op::Constant(at), 1);
    }

    /// Compiles an expression: one value more on the stack.
    pub(super) fn expression(&mut self, expression: &Expr) {
        self.at(expression.range());
        if let Some(constant) = self.constant_of(expression) {
            self.push(constant);
            return;
        }
        match expression {
            Expr::Name(one) => self.load(&one.id),
            Expr::Named(one) => {
                self.expression(&one.value);
                self.asm().emit(Op::Duplicate, 1);
                self.store_target(&one.target);
            }
            Expr::BoolOp(one) => {
                let end = self.asm().label();
                let jump = if one.op == BoolOp::And {
                    Op::JumpIfFalseOrPop
                } else {
                    Op::JumpIfTrueOrPop
                };
                for (at, value) in one.values.iter().enumerate() {
                    self.expression(value);
                    if at + 1 < one.values.len() {
                        self.asm().jump(jump, end, -1);
                    }
                }
                self.asm().bind(end);
            }
            Expr::BinOp(_) => self.binary(expression),
            Expr::UnaryOp(one) => {
                self.expression(&one.operand);
                self.at(expression.range());
                let operator = match one.op {
                    UnaryOp::Invert => UnaryOperator::Invert,
                    UnaryOp::Not => UnaryOperator::Not,
                    UnaryOp::UAdd => UnaryOperator::Positive,
                    UnaryOp::USub => UnaryOperator::Negative,
                };
                self.asm().emit(Op::Unary(operator), 0);
            }
            Expr::Lambda(one) => self.lambda(one),
            Expr::If(one) => {
                let (otherwise, end) = (self.asm().label(), self.asm().label());
                self.condition(&one.test, false, otherwise);
                let depth = self.asm().depth();
                self.expression(&one.body);
                self.asm().jump(Op::Jump, end, 0);
                self.asm().bind(otherwise);
                self.asm().set_depth(depth);
                self.expression(&one.orelse);
                self.asm().bind(end);
            }
            Expr::Dict(one) => self.dict_display(one),
            Expr::Set(one) => self.display(&one.elts, Display::Set),
            Expr::List(one) => self.display(&one.elts, Display::List),
            Expr::Tuple(one) => self.display(&one.elts, Display::Tuple),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expression)
            }
            Expr::Yield(one) => {
                match &one.value {
                    Some(value) => self.expression(value),
                    None => self.push(Value::None),
                }
                self.at(expression.range());
                self.asm().emit(Op::Yield, 0);
            }
            Expr::YieldFrom(one) => {
                self.expression(&one.value);
                self.at(expression.range());
                self.asm().emit(Op::GetYieldFromIterator, 0);
                self.push(Value::None);
                self.asm().emit(Op::YieldFrom, -1);
            }
            Expr::Compare(one) => self.comparison_chain(one),
            Expr::Call(one) => self.call(one),
            Expr::FString(one) => {
                let mut count = 0;
                for part in one.value.as_slice() {
                    match part {
                        FStringPart::Literal(text) => {
                            self.push(Value::text(&text.value));
                            count += 1;
                        }
                        FStringPart::FString(text) => count += self.interpolated(&text.elements),
                    }
                }
                self.at(expression.range());
                self.asm()
                    .emit(Op::BuildString(count), 1 - i64::from(count));
            }
            Expr::Attribute(one) => {
                self.expression(&one.value);
                self.at(expression.range());
                let name = self.private(&one.attr);
                let site = self.asm().site(&name);
                self.asm().emit(Op::LoadAttribute(site), 0);
            }
            Expr::Subscript(one) => {
                self.expression(&one.value);
                self.index(&one.slice);
                self.at(expression.range());
                self.asm().emit(Op::LoadItem, -1);
            }
            Expr::Slice(_) => self.index(expression),
            Expr::Starred(_) => self.fault("can't use starred expression here", expression.range()),
            Expr::Await(_) => self.fault("'await' outside function", expression.range()),
            Expr::TString(_) => self.fault(
                "template strings are not part of Python 3.11",
                expression.range(),
            ),
            Expr::IpyEscapeCommand(_) => self.fault("invalid syntax", expression.range()),
            // Literals are constants, taken above.
            _ => self.push(Value::None),
        }
    }

    /// What an expression is known to be when it is compiled: literals, their negatives, tuples of such.
    pub(super) fn constant_of(&self, expression: &Expr) -> Option<Value> {
        Some(match expression {
            Expr::NoneLiteral(_) => Value::None,
            Expr::EllipsisLiteral(_) => Value::Ellipsis,
            Expr::BooleanLiteral(one) => Value::Bool(one.value),
            Expr::StringLiteral(one) => Value::text(one.value.to_str()),
            Expr::BytesLiteral(one) => Value::Bytes(one.value.bytes().collect::<Vec<u8>>().into()),
            Expr::NumberLiteral(one) => match &one.value {
                Number::Int(value) => match value.as_i64() {
                    Some(small) => Value::Int(small),
                    None => big(&value.to_string())?,
                },
                Number::Float(value) => Value::Float(*value),
                Number::Complex { real, imag } => self.machine.new_complex(*real, *imag),
            },
            Expr::UnaryOp(one) if one.op == UnaryOp::USub => {
                match self.constant_of(&one.operand)? {
                    Value::Int(value) => Value::integer(-BigInt::from(value)),
                    Value::Float(value) => Value::Float(-value),
                    _ => return None,
                }
            }
            Expr::Tuple(one) if !one.elts.is_empty() => Value::tuple(
                one.elts
                    .iter()
                    .map(|item| self.constant_of(item))
                    .collect::<Option<Vec<_>>>()?,
            ),
            Expr::Tuple(_) => Value::tuple(Vec::new()),
            _ => return None,
        })
    }

    /// `a + b + c + …` is compiled in a loop: a chain may be thousands long.
    fn binary(&mut self, expression: &Expr) {
        let mut chain = Vec::new();
        let mut left = expression;
        while let Expr::BinOp(one) = left {
            chain.push(one);
            left = &one.left;
        }
        self.expression(left);
        for one in chain.into_iter().rev() {
            self.expression(&one.right);
            self.at(one.range);
            self.asm().emit(Op::Binary(operator(one.op)), -1);
        }
    }

    /// `a < b <= c`: each value once, the rest only while it holds.
    fn comparison_chain(&mut self, one: &ExprCompare) {
        self.expression(&one.left);
        let last = one.ops.len() - 1;
        let (cleanup, end) = (self.asm().label(), self.asm().label());
        for (at, (op, right)) in one.ops.iter().zip(&one.comparators).enumerate() {
            self.expression(right);
            self.at(one.range);
            if at < last {
                self.asm().emit(Op::Duplicate, 1);
                self.asm().emit(Op::RotateThree, 0);
                self.asm().emit(Op::Compare(comparison(*op)), -1);
                self.asm().jump(Op::JumpIfFalseOrPop, cleanup, -1);
            } else {
                self.asm().emit(Op::Compare(comparison(*op)), -1);
            }
        }
        if last > 0 {
            self.asm().jump(Op::Jump, end, 0);
            let depth = self.asm().depth();
            self.asm().bind(cleanup);
            // The false answer lies over the value that would have been compared next.
            self.asm().set_depth(depth + 1);
            self.asm().emit(Op::Swap, 0);
            self.asm().emit(Op::Pop, -1);
            self.asm().bind(end);
        }
    }

    /// Jumps to `target` if the expression's truth is `when`; goes on else.
    pub(super) fn condition(&mut self, expression: &Expr, when: bool, target: Label) {
        match expression {
            Expr::UnaryOp(one) if one.op == UnaryOp::Not => {
                self.condition(&one.operand, !when, target)
            }
            Expr::BoolOp(one) => {
                // `and` jumps to false at the first that is false; `or` to true at the first that is true.
                let short = one.op == BoolOp::Or;
                let past = self.asm().label();
                let (last, first) = match one.values.split_last() {
                    Some(parts) => parts,
                    None => return,
                };
                for value in first {
                    self.condition(value, short, if short == when { target } else { past });
                }
                self.condition(last, when, target);
                self.asm().bind(past);
            }
            other => {
                self.expression(other);
                self.at(other.range());
                self.asm().jump(
                    if when {
                        Op::JumpIfTrue
                    } else {
                        Op::JumpIfFalse
                    },
                    target,
                    -1,
                );
            }
        }
    }

    fn dict_display(&mut self, one: &ruff_python_ast::ExprDict) {
        self.asm().emit(Op::BuildDict(0), 1);
        for item in &one.items {
            match &item.key {
                Some(key) => {
                    self.expression(key);
                    self.expression(&item.value);
                    self.asm().emit(Op::DictAdd(1), -2);
                }
                None => {
                    self.expression(&item.value);
                    self.asm().emit(Op::DictUpdate, -1);
                }
            }
        }
    }

    fn display(&mut self, items: &[Expr], kind: Display) {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        if items.iter().any(|item| matches!(item, Expr::Starred(_))) || count > 255 {
            self.asm().emit(
                if kind == Display::Set {
                    Op::BuildSet(0)
                } else {
                    Op::BuildList(0)
                },
                1,
            );
            for item in items {
                if let Expr::Starred(starred) = item {
                    self.expression(&starred.value);
                    self.at(item.range());
                    self.asm().emit(
                        if kind == Display::Set {
                            Op::SetUpdate
                        } else {
                            Op::ListExtend(0)
                        },
                        -1,
                    );
                } else {
                    self.expression(item);
                    self.asm().emit(
                        if kind == Display::Set {
                            Op::SetAdd(1)
                        } else {
                            Op::ListAppend(0)
                        },
                        -1,
                    );
                }
            }
            if kind == Display::Tuple {
                self.asm().emit(Op::ListToTuple, 0);
            }
            return;
        }
        for item in items {
            self.expression(item);
        }
        let op = match kind {
            Display::List => Op::BuildList(count),
            Display::Tuple => Op::BuildTuple(count),
            Display::Set => Op::BuildSet(count),
        };
        self.asm().emit(op, 1 - i64::from(count));
    }

    /// A subscript's index.
    pub(super) fn index(&mut self, index: &Expr) {
        let Expr::Slice(one) = index else {
            self.expression(index);
            return;
        };
        for part in [&one.lower, &one.upper] {
            match part {
                Some(part) => self.expression(part),
                None => self.push(Value::None),
            }
        }
        match &one.step {
            Some(step) => {
                self.expression(step);
                self.asm().emit(Op::BuildSlice(1), -2);
            }
            None => self.asm().emit(Op::BuildSlice(0), -1),
        }
    }

    fn call(&mut self, one: &ExprCall) {
        let spread = one
            .arguments
            .args
            .iter()
            .any(|argument| matches!(argument, Expr::Starred(_)))
            || one
                .arguments
                .keywords
                .iter()
                .any(|keyword| keyword.arg.is_none());
        let method = match &*one.func {
            Expr::Attribute(attribute) if !spread => Some(attribute),
            _ => None,
        };
        if let Some(attribute) = method {
            self.expression(&attribute.value);
            self.at(attribute.range);
            let name = self.private(&attribute.attr);
            let site = self.asm().site(&name);
            self.asm().emit(Op::LoadMethod(site), 1);
        } else {
            self.expression(&one.func);
        }
        if spread {
            self.spread_arguments(&one.arguments);
            self.at(one.range);
            let with_dict = !one.arguments.keywords.is_empty();
            self.asm().emit(
                Op::CallSpread(u32::from(with_dict)),
                -1 - i64::from(with_dict),
            );
            return;
        }
        for argument in &one.arguments.args {
            self.expression(argument);
        }
        let mut names = Vec::new();
        for keyword in &one.arguments.keywords {
            self.expression(&keyword.value);
            if let Some(name) = &keyword.arg {
                names.push(self.private(name));
            }
        }
        self.at(one.range);
        let count = one.arguments.args.len() + names.len();
        let below = 1 + i64::from(method.is_some());
        let change = 1 - below - i64::try_from(count).unwrap_or(0);
        let Ok(short) = u16::try_from(count) else {
            self.fault("more than 65535 arguments", one.range);
            return;
        };
        let op = match (names.is_empty(), method.is_some()) {
            (true, false) => Op::Call(u32::from(short)),
            (true, true) => Op::CallMethod(u32::from(short)),
            (false, method) => {
                let names = self.asm().keywords(names);
                if method {
                    Op::CallMethodKeyword(short, names)
                } else {
                    Op::CallKeyword(short, names)
                }
            }
        };
        self.asm().emit(op, change);
    }

    /// Pushes a list of the positional arguments and, if there are keywords, a dict of them.
    pub(super) fn spread_arguments(&mut self, arguments: &Arguments) {
        self.asm().emit(Op::BuildList(0), 1);
        for argument in &arguments.args {
            if let Expr::Starred(starred) = argument {
                self.expression(&starred.value);
                self.at(argument.range());
                self.asm().emit(Op::ListExtend(1), -1);
            } else {
                self.expression(argument);
                self.asm().emit(Op::ListAppend(0), -1);
            }
        }
        if arguments.keywords.is_empty() {
            return;
        }
        self.asm().emit(Op::BuildDict(0), 1);
        for keyword in &arguments.keywords {
            match &keyword.arg {
                Some(name) => {
                    let name = self.private(name);
                    self.push(Value::Str(name));
                    self.expression(&keyword.value);
                    self.asm().emit(Op::BuildDict(1), -1);
                    self.asm().emit(Op::DictMerge, -1);
                }
                None => {
                    self.expression(&keyword.value);
                    self.at(keyword.range);
                    self.asm().emit(Op::DictMerge, -1);
                }
            }
        }
    }

    /// Pushes the parts of an f-string; says how many.
    fn interpolated(&mut self, elements: &InterpolatedStringElements) -> u32 {
        let mut count = 0;
        for element in elements {
            count += 1;
            match element {
                InterpolatedStringElement::Literal(text) => self.push(Value::text(&text.value)),
                InterpolatedStringElement::Interpolation(one) => {
                    let mut conversion = match one.conversion {
                        ConversionFlag::None => Conversion::None,
                        ConversionFlag::Str => Conversion::Str,
                        ConversionFlag::Ascii => Conversion::Ascii,
                        ConversionFlag::Repr => Conversion::Repr,
                    };
                    if let Some(text) = &one.debug_text {
                        let source = self.text(one.expression.range());
                        self.push(Value::text(&format!(
                            "{}{source}{}",
                            text.leading, text.trailing
                        )));
                        count += 1;
                        if conversion == Conversion::None && one.format_spec.is_none() {
                            conversion = Conversion::Repr;
                        }
                    }
                    self.expression(&one.expression);
                    if let Some(spec) = &one.format_spec {
                        let parts = self.interpolated(&spec.elements);
                        self.asm()
                            .emit(Op::BuildString(parts), 1 - i64::from(parts));
                    }
                    self.at(one.range);
                    let with_spec = one.format_spec.is_some();
                    self.asm().emit(
                        Op::FormatValue(conversion, with_spec),
                        -i64::from(with_spec),
                    );
                }
            }
        }
        count
    }
}

/// What a display makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Display {
    List,
    Tuple,
    Set,
}

/// An integer literal too long for 64 bits, in any base.
fn big(text: &str) -> Option<Value> {
    let digits: String = text
        .chars()
        .filter(|letter| *letter != '_')
        .collect::<String>()
        .to_lowercase();
    let (radix, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits.as_str()),
    };
    let value = BigInt::parse_bytes(digits.as_bytes(), radix)?;
    Some(match Value::integer(value) {
        Value::Big(value) => Value::Big(Rc::clone(&value)),
        small => small,
    })
}
