//! What can be called: a script's functions, ours, and either with its first argument.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use super::{Str, Table, Value};
use crate::code::Code;
use crate::machine::{Machine, Outcome};

/// A function written in the script.
pub struct Function {
    /// Its code.
    pub code: Rc<Code>,
    /// The names of the module it was made in.
    pub globals: Rc<RefCell<Table>>,
    /// The variables it shares with the functions around it, in the order of `code.free`.
    pub closure: Vec<Rc<RefCell<Value>>>,
    /// Values of the last positional parameters.
    pub defaults: RefCell<Vec<Value>>,
    /// Values of keyword-only parameters, by position in `code`; [`Value::Unbound`] where there is none.
    pub keyword_defaults: RefCell<Vec<Value>>,
    /// `__name__`
    pub name: RefCell<Rc<Str>>,
    /// `__qualname__`
    pub qualified_name: RefCell<Rc<Str>>,
    /// `__annotations__`, `__doc__`, `__module__` and what the script sets.
    pub attributes: RefCell<Table>,
}

/// A function of ours that neither reads from a device nor calls a script: its bound arguments in, its value out.
pub type PlainNative = fn(&Machine, &[Value]) -> Outcome;

/// A function of ours that may read from a device or call a script.
pub type AsyncNative = fn(Machine, Vec<Value>) -> Pin<Box<dyn Future<Output = Outcome>>>;

/// How a function of ours is run.
pub enum NativeKind {
    /// At once.
    Plain(PlainNative),
    /// Awaited.
    Async(AsyncNative),
    /// At once, with what was caught when it was made.
    Closure(Box<dyn Fn(&Machine, &[Value]) -> Outcome>),
}

/// One parameter of a [`Signature`].
#[derive(Clone, Debug)]
pub struct SignatureParameter {
    /// Its name.
    pub name: Rc<str>,
    /// The default as it is written; `None` where the argument must be given.
    pub default: Option<Rc<str>>,
}

/// The parameters of a function of ours, as one writes them in Python: `"sorted(iterable, /, *, key=None, reverse=False)"`.
/// Arguments are bound to them before it is called: a slot each, [`Value::Unbound`] where a default stands,
/// a tuple for `*args`, a dict for `**kwargs`.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The function's name.
    pub name: Rc<str>,
    /// As it was written.
    pub text: Rc<str>,
    /// Positional-only, then either, then keyword-only.
    pub parameters: Vec<SignatureParameter>,
    /// How many are positional-only.
    pub positional_only: usize,
    /// How many may be given by position.
    pub positional: usize,
    /// How many of the positional must be given.
    pub required: usize,
    /// Whether `*args` follows: its slot comes after the positional parameters.
    pub star: bool,
    /// Whether `**kwargs` follows: its slot is the last.
    pub double_star: bool,
    /// Whether it looks at the frame that calls it (`locals()`, `super()`): written with an `@` before the name.
    pub wants_frame: bool,
}

impl Signature {
    /// Reads a signature. What stands in the parentheses is ours and trusted: a mistake shows in tests as a wrong binding.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let (text, wants_frame) = text
            .strip_prefix('@')
            .map_or((text, false), |rest| (rest, true));
        let (name, rest) = text.split_once('(').unwrap_or((text, ")"));
        let mut signature = Self {
            name: name.trim().into(),
            text: text.into(),
            parameters: Vec::new(),
            positional_only: 0,
            positional: 0,
            required: 0,
            star: false,
            double_star: false,
            wants_frame,
        };
        let mut keyword_only = false;
        for part in split_parameters(rest.trim_end().trim_end_matches(')')) {
            if part == "/" {
                signature.positional_only = signature.parameters.len();
            } else if part == "*" {
                keyword_only = true;
            } else if part.starts_with("**") {
                signature.double_star = true;
            } else if part.starts_with('*') {
                signature.star = true;
                keyword_only = true;
            } else {
                let (name, default) = match part.split_once('=') {
                    Some((name, default)) => (name.trim(), Some(default.trim().into())),
                    None => (part, None),
                };
                if !keyword_only {
                    signature.positional += 1;
                    signature.required += usize::from(default.is_none());
                }
                signature.parameters.push(SignatureParameter {
                    name: name.into(),
                    default,
                });
            }
        }
        signature
    }

    /// How many slots the bound arguments fill.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.parameters.len() + usize::from(self.star) + usize::from(self.double_star)
    }

    /// The position of a keyword's parameter.
    #[must_use]
    pub fn keyword(&self, name: &str) -> Option<usize> {
        self.parameters
            .iter()
            .enumerate()
            .skip(self.positional_only)
            .find_map(|(at, parameter)| (&*parameter.name == name).then_some(at))
    }

    /// The slot of a parameter, given its position: `*args` takes one after the positional parameters.
    #[must_use]
    pub fn slot(&self, parameter: usize) -> usize {
        parameter + usize::from(self.star && parameter >= self.positional)
    }
}

/// The parameters between commas that stand in no brackets or quotes.
fn split_parameters(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut quote) = (0_usize, 0, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// A function of ours.
pub struct Native {
    /// Its name and parameters.
    pub signature: Signature,
    /// One line that says what it does; may be empty.
    pub doc: Rc<str>,
    /// How it is run.
    pub kind: NativeKind,
    /// The class or module it belongs to, for messages: `list.append`.
    pub owner: Rc<str>,
    /// Whether it is a method: bound to the instance it is found on.
    pub is_method: bool,
}

/// A callable with its first argument.
pub struct Bound {
    /// What is called.
    pub function: Value,
    /// The first argument.
    pub receiver: Value,
}
