//! Templates of `str.format`: literal text and fields, read but not filled in.

use super::FormatError;

/// A step from a field's value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`
    Attribute(String),
    /// `[3]`
    Index(i64),
    /// `[key]`
    Key(String),
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Text(String),
    /// A field.
    Field {
        /// The argument's name or number; empty where it is counted.
        name: String,
        /// From the argument to the value.
        steps: Vec<Step>,
        /// `r`, `s` or `a`.
        conversion: Option<char>,
        /// A template of its own.
        spec: String,
    },
}

/// The parts of a template.
///
/// # Errors
/// ValueError as CPython words it.
pub fn parse(template: &str) -> Result<Vec<Part>, FormatError> {
    let letters: Vec<char> = template.chars().collect();
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        match letter {
            '{' | '}' if next == Some(letter) => {
                text.push(letter);
                at += 2;
            }
            '}' => {
                return Err(FormatError::value(
                    "Single '}' encountered in format string",
                ));
            }
            '{' => {
                if next.is_none() {
                    return Err(FormatError::value(
                        "Single '{' encountered in format string",
                    ));
                }
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                let (field, after) = field(&letters, at + 1)?;
                parts.push(field);
                at = after;
            }
            letter => {
                text.push(letter);
                at += 1;
            }
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

/// A field from after its brace; the position after its closing one.
fn field(letters: &[char], start: usize) -> Result<(Part, usize), FormatError> {
    let mut at = start;
    let mut in_brackets = false;
    let mut expression = String::new();
    loop {
        match letters.get(at) {
            None => return Err(FormatError::value("expected '}' before end of string")),
            Some('[') => in_brackets = true,
            Some(']') => in_brackets = false,
            Some('}' | ':' | '!') if !in_brackets => break,
            Some('{') => {
                return Err(FormatError::value("unexpected '{' in field name"));
            }
            Some(_) => {}
        }
        expression.push(letters[at]);
        at += 1;
    }
    let mut conversion = None;
    if letters.get(at) == Some(&'!') {
        match letters.get(at + 1) {
            None => {
                return Err(FormatError::value(
                    "end of string while looking for conversion specifier",
                ));
            }
            Some('}') => {
                return Err(FormatError::value("unmatched '{' in format spec"));
            }
            Some(letter) => conversion = Some(*letter),
        }
        at += 2;
        match letters.get(at) {
            Some(':' | '}') => {}
            None => return Err(FormatError::value("unmatched '{' in format spec")),
            Some(_) => {
                return Err(FormatError::value(
                    "expected ':' after conversion specifier",
                ));
            }
        }
    }
    let mut spec = String::new();
    if letters.get(at) == Some(&':') {
        at += 1;
        let mut depth = 1;
        loop {
            match letters.get(at) {
                None => return Err(FormatError::value("unmatched '{' in format spec")),
                Some('{') => depth += 1,
                Some('}') => depth -= 1,
                Some(_) => {}
            }
            if depth == 0 {
                break;
            }
            spec.push(letters[at]);
            at += 1;
        }
    }
    let (name, steps) = steps(&expression)?;
    let field = Part::Field {
        name,
        steps,
        conversion,
        spec,
    };
    Ok((field, at + 1))
}

/// The argument of a field and the steps from it.
fn steps(expression: &str) -> Result<(String, Vec<Step>), FormatError> {
    let end = expression.find(['.', '[']).unwrap_or(expression.len());
    let (name, mut rest) = expression.split_at(end);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (attribute, next) = after.split_at(end);
            if attribute.is_empty() {
                return Err(FormatError::value("Empty attribute in format string"));
            }
            steps.push(Step::Attribute(attribute.to_owned()));
            rest = next;
        } else if let Some(after) = rest.strip_prefix('[') {
            let Some((key, next)) = after.split_once(']') else {
                return Err(FormatError::value("Missing ']' in format string"));
            };
            if key.is_empty() {
                return Err(FormatError::value("Empty attribute in format string"));
            }
            steps.push(match key.parse() {
                Ok(index) if key.bytes().all(|byte| byte.is_ascii_digit()) => Step::Index(index),
                _ => Step::Key(key.to_owned()),
            });
            rest = next;
        } else {
            return Err(FormatError::value(
                "Only '.' or '[' may follow ']' in format field specifier",
            ));
        }
    }
    Ok((name.to_owned(), steps))
}
