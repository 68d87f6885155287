//! `%` formatting: the parts of a format, and each kind of value rendered.

use num_bigint::BigInt;
use num_traits::Signed;

use super::FormatError;
use super::float::{exponential, fixed, general};

/// A width or a precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// As written.
    Given(usize),
    /// `*`: the next argument says it.
    Argument,
}

/// One conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// `%(key)s`
    pub key: Option<String>,
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    /// Characters at least.
    pub width: Option<Number>,
    /// After the point.
    pub precision: Option<Number>,
    /// The letter.
    pub kind: char,
}

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it is; `%%` is a percent sign in it.
    Text(String),
    /// A conversion.
    Value(Conversion),
}

/// The parts of a format.
///
/// # Errors
/// ValueError as CPython words it.
pub fn parse(format: &str) -> Result<Vec<Part>, FormatError> {
    let letters: Vec<char> = format.chars().collect();
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        at += 1;
        if letter != '%' {
            text.push(letter);
            continue;
        }
        if letters.get(at) == Some(&'%') {
            text.push('%');
            at += 1;
            continue;
        }
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text)));
        }
        let (conversion, after) = conversion(&letters, at)?;
        parts.push(Part::Value(conversion));
        at = after;
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

fn conversion(letters: &[char], start: usize) -> Result<(Conversion, usize), FormatError> {
    let mut at = start;
    let mut found = Conversion {
        key: None,
        left: false,
        plus: false,
        space: false,
        alternate: false,
        zero: false,
        width: None,
        precision: None,
        kind: 's',
    };
    if letters.get(at) == Some(&'(') {
        let mut depth = 1;
        let mut key = String::new();
        loop {
            at += 1;
            match letters.get(at) {
                None => return Err(FormatError::value("incomplete format key")),
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                Some(_) => {}
            }
            if depth == 0 {
                break;
            }
            key.push(letters[at]);
        }
        at += 1;
        found.key = Some(key);
    }
    loop {
        match letters.get(at) {
            Some('-') => found.left = true,
            Some('+') => found.plus = true,
            Some(' ') => found.space = true,
            Some('#') => found.alternate = true,
            Some('0') => found.zero = true,
            _ => break,
        }
        at += 1;
    }
    let number = |at: &mut usize| {
        if letters.get(*at) == Some(&'*') {
            *at += 1;
            return Some(Number::Argument);
        }
        let mut value = None;
        while let Some(digit) = letters.get(*at).and_then(|letter| letter.to_digit(10)) {
            value = Some(value.unwrap_or(0_usize).saturating_mul(10) + digit as usize);
            *at += 1;
        }
        value.map(Number::Given)
    };
    found.width = number(&mut at);
    if letters.get(at) == Some(&'.') {
        at += 1;
        found.precision = Some(number(&mut at).unwrap_or(Number::Given(0)));
    }
    if matches!(letters.get(at), Some('h' | 'l' | 'L')) {
        at += 1;
    }
    let Some(&kind) = letters.get(at) else {
        return Err(FormatError::value("incomplete format"));
    };
    if !"diouxXeEfFgGcrsa".contains(kind) {
        let code = u32::from(kind);
        return Err(FormatError::value(format!(
            "unsupported format character '{kind}' ({code:#x}) at index {at}"
        )));
    }
    found.kind = kind;
    Ok((found, at + 1))
}

impl Conversion {
    fn sign(&self, negative: bool) -> &'static str {
        if negative {
            "-"
        } else if self.plus {
            "+"
        } else if self.space {
            " "
        } else {
            ""
        }
    }

    fn number(&self, sign: &str, prefix: &str, digits: &str, width: usize) -> String {
        let length = sign.len() + prefix.len() + digits.len();
        let padding = width.saturating_sub(length);
        if self.left {
            format!("{sign}{prefix}{digits}{}", " ".repeat(padding))
        } else if self.zero {
            format!("{sign}{prefix}{}{digits}", "0".repeat(padding))
        } else {
            format!("{}{sign}{prefix}{digits}", " ".repeat(padding))
        }
    }

    /// `%d`, `%x`, `%o` and their kin.
    #[must_use]
    pub fn integer(&self, value: &BigInt, width: usize, precision: Option<usize>) -> String {
        let (base, prefix) = match self.kind {
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = value.abs().to_str_radix(base);
        if self.kind == 'X' {
            digits.make_ascii_uppercase();
        }
        if let Some(least) = precision {
            digits = format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
        }
        let prefix = if self.alternate { prefix } else { "" };
        self.number(self.sign(value.is_negative()), prefix, &digits, width)
    }

    /// `%f`, `%e`, `%g` and their kin.
    #[must_use]
    pub fn float(&self, value: f64, width: usize, precision: Option<usize>) -> String {
        let negative = value.is_sign_negative() && !value.is_nan();
        let mut digits = if value.is_finite() {
            let precision = precision.unwrap_or(6);
            let mut text = match self.kind {
                'e' | 'E' => exponential(value, precision),
                'f' | 'F' => fixed(value, precision),
                _ => general(value, precision, self.alternate),
            };
            if self.alternate && precision == 0 && !text.contains('.') {
                let at = text.find('e').unwrap_or(text.len());
                text.insert(at, '.');
            }
            text
        } else if value.is_nan() {
            "nan".to_owned()
        } else {
            "inf".to_owned()
        };
        if self.kind.is_ascii_uppercase() {
            digits.make_ascii_uppercase();
        }
        self.number(self.sign(negative), "", &digits, width)
    }

    /// `%s` and its kin, and `%c`.
    #[must_use]
    pub fn text(&self, text: &str, width: usize, precision: Option<usize>) -> String {
        let cut: String = match precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_owned(),
        };
        let padding = " ".repeat(width.saturating_sub(cut.chars().count()));
        if self.left {
            format!("{cut}{padding}")
        } else {
            format!("{padding}{cut}")
        }
    }
}
