//! Integers as Python reads and writes them.

use num_bigint::BigInt;

/// Digits of a decimal text at most, as in CPython 3.11.
pub const MOST_DIGITS: usize = 4300;

/// Why a text is no integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerFault {
    /// It is none in this base.
    Invalid,
    /// It has more decimal digits than are converted, so many.
    TooLong(usize),
}

/// `int(text, base)`; a base of 0 is told by the text's prefix.
///
/// # Errors
/// It is no integer of that base, or too long.
pub fn parse(text: &str, base: u32) -> Result<BigInt, IntegerFault> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{1f}');
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefix = rest.get(..2).map(str::to_ascii_lowercase);
    let prefixed = match prefix.as_deref() {
        Some("0x") => Some(16),
        Some("0o") => Some(8),
        Some("0b") => Some(2),
        _ => None,
    };
    let (base, digits) = match prefixed {
        Some(told) if base == 0 || base == told => {
            let digits = &rest[2..];
            (told, digits.strip_prefix('_').unwrap_or(digits))
        }
        _ if base == 0 => {
            let is_zero = rest.chars().all(|digit| matches!(digit, '0' | '_'));
            if rest.starts_with('0') && !is_zero {
                return Err(IntegerFault::Invalid);
            }
            (10, rest)
        }
        _ => (base, rest),
    };
    let mut plain = String::with_capacity(digits.len());
    let mut before = '_';
    for letter in digits.chars() {
        if letter == '_' {
            if before == '_' {
                return Err(IntegerFault::Invalid);
            }
        } else {
            let digit = letter.to_digit(base).ok_or(IntegerFault::Invalid)?;
            plain.push(char::from_digit(digit, base).ok_or(IntegerFault::Invalid)?);
        }
        before = letter;
    }
    if before == '_' {
        return Err(IntegerFault::Invalid);
    }
    if plain.len() > MOST_DIGITS && !base.is_power_of_two() {
        return Err(IntegerFault::TooLong(plain.len()));
    }
    let value = BigInt::parse_bytes(plain.as_bytes(), base).ok_or(IntegerFault::Invalid)?;
    Ok(if negative { -value } else { value })
}

/// The digits of an integer in a base, with its sign.
#[must_use]
pub fn render(value: &BigInt, base: u32) -> String {
    value.to_str_radix(base)
}
