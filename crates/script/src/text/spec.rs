//! The format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::FormatError;
use super::float::{exponential, fixed, float_repr, general};

/// A format spec, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// What fills up to the width.
    pub fill: char,
    /// `<`, `>`, `^` or `=`.
    pub align: Option<char>,
    /// `+`, `-` or a space.
    pub sign: Option<char>,
    /// `z`: a negative zero is a zero.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// `0` before the width.
    pub zero: bool,
    /// Characters at least.
    pub width: usize,
    /// `,` or `_`.
    pub grouping: Option<char>,
    /// After the point.
    pub precision: Option<usize>,
    /// The type's letter.
    pub kind: Option<char>,
}

/// Widths and precisions beyond this are refused.
const MOST: usize = 1 << 31;

/// "Unknown format code 'y' for object of type 'int'"
fn unknown(kind: char, of: &str) -> FormatError {
    let shown = if kind > ' ' && kind < '\u{7f}' {
        format!("'{kind}'")
    } else {
        format!("'\\x{:x}'", u32::from(kind))
    };
    FormatError::value(format!(
        "Unknown format code {shown} for object of type '{of}'"
    ))
}

impl Spec {
    /// Reads a spec for a value of the type `of`.
    ///
    /// # Errors
    /// ValueError as CPython words it.
    pub fn parse(text: &str, of: &str) -> Result<Self, FormatError> {
        let mut spec = Self {
            fill: ' ',
            align: None,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            zero: false,
            width: 0,
            grouping: None,
            precision: None,
            kind: None,
        };
        let letters: Vec<char> = text.chars().collect();
        let mut at = 0;
        let is_align = |letter: Option<&char>| matches!(letter, Some('<' | '>' | '^' | '='));
        let mut filled = false;
        if is_align(letters.get(1)) {
            spec.fill = letters[0];
            spec.align = letters.get(1).copied();
            filled = true;
            at = 2;
        } else if is_align(letters.first()) {
            spec.align = letters.first().copied();
            at = 1;
        }
        if let Some(sign @ ('+' | '-' | ' ')) = letters.get(at) {
            spec.sign = Some(*sign);
            at += 1;
        }
        if letters.get(at) == Some(&'z') {
            spec.no_negative_zero = true;
            at += 1;
        }
        if letters.get(at) == Some(&'#') {
            spec.alternate = true;
            at += 1;
        }
        if !filled && letters.get(at) == Some(&'0') {
            spec.zero = true;
            spec.fill = '0';
            if spec.align.is_none() && of != "str" {
                spec.align = Some('=');
            }
            at += 1;
        }
        let number = |at: &mut usize| -> Result<Option<usize>, FormatError> {
            let start = *at;
            let mut value = 0_usize;
            while let Some(digit) = letters.get(*at).and_then(|letter| letter.to_digit(10)) {
                value = value.saturating_mul(10).saturating_add(digit as usize);
                *at += 1;
            }
            if value > i64::MAX as usize / 2 {
                return Err(FormatError::value(
                    "Too many decimal digits in format string",
                ));
            }
            Ok((*at > start).then_some(value))
        };
        spec.width = number(&mut at)?.unwrap_or(0);
        for _ in 0..2 {
            if let Some(grouping @ (',' | '_')) = letters.get(at) {
                match spec.grouping {
                    None => spec.grouping = Some(*grouping),
                    Some(first) if first != *grouping => {
                        return Err(FormatError::value("Cannot specify both ',' and '_'."));
                    }
                    Some(first) => {
                        return Err(FormatError::value(format!(
                            "Cannot specify '{first}' with '{grouping}'."
                        )));
                    }
                }
                at += 1;
            }
        }
        if letters.get(at) == Some(&'.') {
            at += 1;
            spec.precision = number(&mut at)?;
            if spec.precision.is_none() {
                return Err(FormatError::value("Format specifier missing precision"));
            }
        }
        match letters.len() - at {
            0 => {}
            1 => spec.kind = letters.get(at).copied(),
            _ => return Err(FormatError::value("Invalid format specifier")),
        }
        if spec.width.max(spec.precision.unwrap_or(0)) > MOST {
            return Err(FormatError::value(
                "Too many decimal digits in format string",
            ));
        }
        if let Some(grouping) = spec.grouping {
            let fits = match spec.kind {
                None => of != "str",
                Some('d' | 'e' | 'f' | 'g' | 'E' | 'F' | 'G' | '%') => true,
                Some('b' | 'o' | 'x' | 'X') => grouping == '_',
                _ => false,
            };
            if !fits {
                let kind = spec.kind.unwrap_or('s');
                return Err(FormatError::value(format!(
                    "Cannot specify '{grouping}' with '{kind}'."
                )));
            }
        }
        Ok(spec)
    }

    fn padding(&self, length: usize) -> usize {
        self.width.saturating_sub(length)
    }

    fn filled(&self, count: usize) -> String {
        std::iter::repeat_n(self.fill, count).collect()
    }

    /// A text of the width, aligned; `=` is for numbers.
    fn aligned(&self, text: &str, default: char) -> String {
        let padding = self.padding(text.chars().count());
        if padding == 0 {
            return text.to_owned();
        }
        let before = match self.align.unwrap_or(default) {
            '<' => 0,
            '^' => padding / 2,
            _ => padding,
        };
        format!(
            "{}{text}{}",
            self.filled(before),
            self.filled(padding - before)
        )
    }

    /// `format(text, spec)`
    ///
    /// # Errors
    /// ValueError where the spec is not for text.
    pub fn of_str(&self, text: &str) -> Result<String, FormatError> {
        let refused = |what: &str| {
            Err(FormatError::value(format!(
                "{what} not allowed in string format specifier"
            )))
        };
        if let Some(kind) = self.kind
            && kind != 's'
        {
            return Err(unknown(kind, "str"));
        }
        match self.sign {
            Some(' ') => return refused("Space"),
            Some(_) => return refused("Sign"),
            None => {}
        }
        if self.no_negative_zero {
            return refused("Negative zero coercion (z)");
        }
        if self.alternate {
            return refused("Alternate form (#)");
        }
        if self.align == Some('=') {
            return refused("'=' alignment");
        }
        let cut: String = match self.precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_owned(),
        };
        Ok(self.aligned(&cut, '<'))
    }

    fn sign_of(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        }
    }

    /// Sign, prefix, digits in groups with zeros before them, and the rest, aligned.
    fn number(&self, sign: &str, prefix: &str, digits: &str, rest: &str) -> String {
        let group = match self.kind {
            Some('b' | 'o' | 'x' | 'X') => 4,
            _ => 3,
        };
        let zeros = self.fill == '0' && self.align == Some('=');
        let others = sign.len() + prefix.len() + rest.chars().count();
        let digits = match self.grouping {
            Some(mark) => grouped(
                digits,
                mark,
                group,
                if zeros {
                    self.width.saturating_sub(others)
                } else {
                    0
                },
            ),
            None => digits.to_owned(),
        };
        if self.align == Some('=') {
            let padding = self.padding(others + digits.chars().count());
            return format!("{sign}{prefix}{}{digits}{rest}", self.filled(padding));
        }
        self.aligned(&format!("{sign}{prefix}{digits}{rest}"), '>')
    }

    /// `format(integer, spec)`
    ///
    /// # Errors
    /// ValueError where the spec is not for integers, OverflowError.
    pub fn of_int(&self, value: &BigInt) -> Result<String, FormatError> {
        let kind = self.kind.unwrap_or('d');
        match kind {
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
                let float = value
                    .to_f64()
                    .filter(|float| float.is_finite())
                    .ok_or_else(|| {
                        FormatError::Overflow("int too large to convert to float".to_owned())
                    })?;
                return self.of_float(float);
            }
            'b' | 'c' | 'd' | 'n' | 'o' | 'x' | 'X' => {}
            other => return Err(unknown(other, "int")),
        }
        if self.precision.is_some() {
            return Err(FormatError::value(
                "Precision not allowed in integer format specifier",
            ));
        }
        if self.no_negative_zero {
            return Err(FormatError::value(
                "Negative zero coercion (z) not allowed in format specifier with integer presentation type",
            ));
        }
        if kind == 'c' {
            if self.sign.is_some() {
                return Err(FormatError::value(
                    "Sign not allowed with integer format specifier 'c'",
                ));
            }
            if self.alternate {
                return Err(FormatError::value(
                    "Alternate form (#) not allowed with integer format specifier 'c'",
                ));
            }
            let letter = value
                .to_u32()
                .and_then(char::from_u32)
                .ok_or_else(|| FormatError::Overflow("%c arg not in range(0x110000)".to_owned()))?;
            return Ok(self.number("", "", &letter.to_string(), ""));
        }
        let (base, prefix) = match kind {
            'b' => (2, "0b"),
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = value.abs().to_str_radix(base);
        if kind == 'X' {
            digits.make_ascii_uppercase();
        }
        let prefix = if self.alternate { prefix } else { "" };
        Ok(self.number(self.sign_of(value.is_negative()), prefix, &digits, ""))
    }

    /// The digits of a float without its sign, and what follows them.
    fn digits_of(&self, value: f64, of: &str) -> Result<(String, String), FormatError> {
        let kind = self.kind;
        if !value.is_finite() {
            let text = if value.is_nan() { "nan" } else { "inf" };
            let text = match kind {
                Some('E' | 'F' | 'G') => text.to_uppercase(),
                _ => text.to_owned(),
            };
            let percent = if kind == Some('%') { "%" } else { "" };
            return Ok((text, percent.to_owned()));
        }
        let precision = self.precision.unwrap_or(6);
        let mut text = match kind {
            None => match self.precision {
                None if of == "complex" => super::float::short_general(value.abs()),
                None => float_repr(value.abs()),
                Some(most) if of == "complex" => general(value, most, self.alternate),
                Some(most) => with_dot(value, most.max(1)),
            },
            Some('e' | 'E') => exponential(value, precision),
            Some('f' | 'F') => fixed(value, precision),
            Some('g' | 'G' | 'n') => general(value, precision, self.alternate),
            Some('%') if of == "float" => {
                let scaled = value * 100.0;
                format!("{}%", fixed(scaled, precision))
            }
            Some(other) => return Err(unknown(other, of)),
        };
        if self.alternate
            && matches!(kind, Some('e' | 'E' | 'f' | 'F' | '%'))
            && self.precision == Some(0)
        {
            let at = text
                .find(|letter: char| !letter.is_ascii_digit())
                .unwrap_or(text.len());
            text.insert(at, '.');
        }
        if matches!(kind, Some('E' | 'G' | 'F')) {
            text.make_ascii_uppercase();
        }
        let at = text
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(text.len());
        let rest = text.split_off(at);
        Ok((text, rest))
    }

    /// `format(float, spec)`
    ///
    /// # Errors
    /// ValueError where the spec is not for floats.
    pub fn of_float(&self, value: f64) -> Result<String, FormatError> {
        let (digits, rest) = self.digits_of(value, "float")?;
        let negative = self.is_negative(value, &digits, &rest);
        if !value.is_finite() {
            // No groups in what is no number.
            let bare = Self {
                grouping: None,
                ..self.clone()
            };
            return Ok(bare.number(self.sign_of(negative), "", &digits, &rest));
        }
        Ok(self.number(self.sign_of(negative), "", &digits, &rest))
    }

    fn is_negative(&self, value: f64, digits: &str, rest: &str) -> bool {
        let shows_zero = !digits
            .chars()
            .chain(rest.chars().take_while(|letter| !letter.is_alphabetic()))
            .any(|digit| ('1'..='9').contains(&digit));
        value.is_sign_negative()
            && !value.is_nan()
            && !(self.no_negative_zero && shows_zero && value.is_finite())
    }

    /// `format(complex, spec)`
    ///
    /// # Errors
    /// ValueError where the spec is not for complex numbers.
    pub fn of_complex(&self, real: f64, imaginary: f64) -> Result<String, FormatError> {
        if self.fill == '0' && self.zero {
            return Err(FormatError::value(
                "Zero padding is not allowed in complex format specifier",
            ));
        }
        if self.align == Some('=') {
            return Err(FormatError::value(
                "'=' alignment flag is not allowed in complex format specifier",
            ));
        }
        let bare = Self {
            width: 0,
            align: None,
            fill: ' ',
            ..self.clone()
        };
        let with_sign = Self {
            sign: Some('+'),
            ..bare.clone()
        };
        let part = |spec: &Self, value: f64| -> Result<String, FormatError> {
            let (digits, rest) = spec.digits_of(value, "complex")?;
            let sign = spec.sign_of(spec.is_negative(value, &digits, &rest));
            Ok(spec.number(sign, "", &digits, &rest))
        };
        let second = part(&with_sign, imaginary)?;
        let text = if self.kind.is_some() {
            format!("{}{second}j", part(&bare, real)?)
        } else if real == 0.0 && !real.is_sign_negative() {
            format!("{}j", part(&bare, imaginary)?)
        } else {
            format!("({}{second}j)", part(&bare, real)?)
        };
        Ok(self.aligned(&text, '>'))
    }
}

/// `format(value, ".5")`: as `%g`, but a whole number keeps a digit after the point.
fn with_dot(value: f64, precision: usize) -> String {
    let scaled = format!("{:.*e}", precision - 1, value.abs());
    let exponent: i32 = scaled
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    let most = i32::try_from(precision).unwrap_or(i32::MAX) - 1;
    if value != 0.0 && exponent >= most && exponent >= -4 {
        let text = general(value, precision, false);
        if text.contains('e') {
            return text;
        }
        // One digit too many for the point: written with an exponent.
        let digits: String = text.chars().filter(|digit| *digit != '.').collect();
        let digits = digits.trim_end_matches('0');
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{first}{point}{rest}e+{exponent:02}");
    }
    let text = general(value, precision, false);
    if text.contains(['.', 'e']) {
        text
    } else {
        format!("{text}.0")
    }
}

/// Digits with a mark between groups, zeros added before them up to a width.
fn grouped(digits: &str, mark: char, group: usize, width: usize) -> String {
    let mut plain = digits.to_owned();
    loop {
        let marks = (plain.len().max(1) - 1) / group;
        if plain.len() + marks >= width {
            break;
        }
        plain.insert(0, '0');
    }
    let first = match plain.len() % group {
        0 => group.min(plain.len()),
        some => some,
    };
    let mut text = plain.get(..first).unwrap_or_default().to_owned();
    let mut at = first;
    while at < plain.len() {
        text.push(mark);
        text.push_str(plain.get(at..at + group).unwrap_or_default());
        at += group;
    }
    text
}
