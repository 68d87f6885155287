//! `repr` of text and bytes.

/// Whether Python prints a character as it is.
#[must_use]
pub fn is_printable(letter: char) -> bool {
    if letter.is_ascii() {
        return (' '..='~').contains(&letter);
    }
    // Separators other than the space, controls, formats, surrogates, private and unassigned characters are escaped.
    !(letter.is_control()
        || letter.is_whitespace()
        || matches!(letter, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
            | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{10ffff}'))
}

fn escape(letter: char, text: &mut String) {
    let code = u32::from(letter);
    if code < 0x100 {
        text.push_str(&format!("\\x{code:02x}"));
    } else if code < 0x10000 {
        text.push_str(&format!("\\u{code:04x}"));
    } else {
        text.push_str(&format!("\\U{code:08x}"));
    }
}

/// The quotes that need the fewest escapes, as Python chooses them.
fn quote(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

/// `repr(text)`
#[must_use]
pub fn str_repr(text: &str) -> String {
    let quote = quote(text.contains('\''), text.contains('"'));
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push(quote);
    for letter in text.chars() {
        match letter {
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            letter if letter == quote => {
                shown.push('\\');
                shown.push(letter);
            }
            letter if is_printable(letter) => shown.push(letter),
            letter => escape(letter, &mut shown),
        }
    }
    shown.push(quote);
    shown
}

/// `repr(bytes)`
#[must_use]
pub fn bytes_repr(bytes: &[u8]) -> String {
    let quote = quote(bytes.contains(&b'\''), bytes.contains(&b'"'));
    let mut shown = String::with_capacity(bytes.len() + 3);
    shown.push('b');
    shown.push(quote);
    for &byte in bytes {
        match byte {
            b'\\' => shown.push_str("\\\\"),
            b'\n' => shown.push_str("\\n"),
            b'\r' => shown.push_str("\\r"),
            b'\t' => shown.push_str("\\t"),
            byte if char::from(byte) == quote => {
                shown.push('\\');
                shown.push(quote);
            }
            b' '..=b'~' => shown.push(char::from(byte)),
            byte => shown.push_str(&format!("\\x{byte:02x}")),
        }
    }
    shown.push(quote);
    shown
}

/// A text with what is not ASCII escaped: `ascii()` of what its argument is the `repr` of.
#[must_use]
pub fn ascii_of(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            shown.push(letter);
        } else {
            escape(letter, &mut shown);
        }
    }
    shown
}
