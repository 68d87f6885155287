//! Text to bytes and back: utf-8, ascii, latin-1, utf-16, utf-32.

/// Why something cannot be encoded or decoded: what a UnicodeError says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecFault {
    /// The codec's name.
    pub encoding: &'static str,
    /// First byte or character.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
    /// In words.
    pub reason: &'static str,
}

/// What becomes of what cannot be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFault {
    /// It is an error.
    Strict,
    /// It is left out.
    Ignore,
    /// A mark stands for it.
    Replace,
    /// `\x..`
    Backslash,
    /// `&#…;`
    Xml,
}

impl OnFault {
    /// From Python's name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "strict" | "surrogateescape" | "surrogatepass" => Self::Strict,
            "ignore" => Self::Ignore,
            "replace" => Self::Replace,
            "backslashreplace" | "namereplace" => Self::Backslash,
            "xmlcharrefreplace" => Self::Xml,
            _ => return None,
        })
    }
}

/// A codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// utf-8
    Utf8,
    /// utf-8 with a mark at the start
    Utf8Mark,
    /// ascii
    Ascii,
    /// latin-1
    Latin1,
    /// utf-16 with a mark at the start
    Utf16,
    /// utf-16, low byte first
    Utf16Le,
    /// utf-16, high byte first
    Utf16Be,
    /// utf-32 with a mark at the start
    Utf32,
}

impl Codec {
    /// From Python's name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        Some(match plain.as_str() {
            "utf8" | "u8" | "utf" | "cp65001" => Self::Utf8,
            "utf8sig" => Self::Utf8Mark,
            "ascii" | "usascii" | "646" => Self::Ascii,
            "latin1" | "latin" | "iso88591" | "88591" | "l1" | "cp1252" => Self::Latin1,
            "utf16" | "u16" => Self::Utf16,
            "utf16le" => Self::Utf16Le,
            "utf16be" => Self::Utf16Be,
            "utf32" | "u32" => Self::Utf32,
            _ => return None,
        })
    }

    /// `text.encode(self, on_fault)`
    ///
    /// # Errors
    /// A character that the codec does not have.
    pub fn encode(self, text: &str, on_fault: OnFault) -> Result<Vec<u8>, CodecFault> {
        let (most, encoding, reason) = match self {
            Self::Utf8 => return Ok(text.as_bytes().to_vec()),
            Self::Utf8Mark => return Ok([&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()),
            Self::Utf16 => {
                let mut bytes = vec![0xff, 0xfe];
                bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
                return Ok(bytes);
            }
            Self::Utf16Le => return Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => return Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Utf32 => {
                let mut bytes = vec![0xff, 0xfe, 0, 0];
                bytes.extend(
                    text.chars()
                        .flat_map(|letter| u32::from(letter).to_le_bytes()),
                );
                return Ok(bytes);
            }
            Self::Ascii => (0x7f, "ascii", "ordinal not in range(128)"),
            Self::Latin1 => (0xff, "latin-1", "ordinal not in range(256)"),
        };
        let mut bytes = Vec::with_capacity(text.len());
        for (at, letter) in text.chars().enumerate() {
            let code = u32::from(letter);
            match u8::try_from(code) {
                Ok(byte) if code <= most => bytes.push(byte),
                _ => match on_fault {
                    OnFault::Strict => {
                        let run = text
                            .chars()
                            .skip(at)
                            .take_while(|letter| u32::from(*letter) > most)
                            .count();
                        return Err(CodecFault {
                            encoding,
                            start: at,
                            end: at + run,
                            reason,
                        });
                    }
                    OnFault::Ignore => {}
                    OnFault::Replace => bytes.push(b'?'),
                    OnFault::Backslash => {
                        bytes.extend(super::repr::ascii_of(&letter.to_string()).bytes());
                    }
                    OnFault::Xml => bytes.extend(format!("&#{code};").bytes()),
                },
            }
        }
        Ok(bytes)
    }

    /// `bytes.decode(self, on_fault)`
    ///
    /// # Errors
    /// Bytes that are none of the codec's.
    pub fn decode(self, bytes: &[u8], on_fault: OnFault) -> Result<String, CodecFault> {
        match self {
            Self::Utf8 => utf8(bytes, on_fault),
            Self::Utf8Mark => utf8(
                bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes),
                on_fault,
            ),
            Self::Latin1 => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
            Self::Ascii => {
                let mut text = String::with_capacity(bytes.len());
                for (at, &byte) in bytes.iter().enumerate() {
                    if byte.is_ascii() {
                        text.push(char::from(byte));
                    } else {
                        let fault = CodecFault {
                            encoding: "ascii",
                            start: at,
                            end: at + 1,
                            reason: "ordinal not in range(128)",
                        };
                        put_fault(&mut text, &[byte], on_fault, fault)?;
                    }
                }
                Ok(text)
            }
            Self::Utf16 | Self::Utf16Le | Self::Utf16Be => self.utf16(bytes, on_fault),
            Self::Utf32 => {
                let bytes = bytes.strip_prefix(&[0xff, 0xfe, 0, 0]).unwrap_or(bytes);
                let mut text = String::new();
                for (at, four) in bytes.chunks(4).enumerate() {
                    let letter = <[u8; 4]>::try_from(four)
                        .ok()
                        .and_then(|four| char::from_u32(u32::from_le_bytes(four)));
                    match letter {
                        Some(letter) => text.push(letter),
                        None => {
                            let fault = CodecFault {
                                encoding: "utf-32-le",
                                start: 4 * at,
                                end: 4 * at + four.len(),
                                reason: "code point not in range(0x110000)",
                            };
                            put_fault(&mut text, four, on_fault, fault)?;
                        }
                    }
                }
                Ok(text)
            }
        }
    }

    fn utf16(self, bytes: &[u8], on_fault: OnFault) -> Result<String, CodecFault> {
        let (bytes, high_first) = match (self, bytes) {
            (Self::Utf16, [0xff, 0xfe, rest @ ..]) => (rest, false),
            (Self::Utf16, [0xfe, 0xff, rest @ ..]) => (rest, true),
            (Self::Utf16Be, all) => (all, true),
            (_, all) => (all, false),
        };
        let encoding = if high_first { "utf-16-be" } else { "utf-16-le" };
        let units = bytes.chunks_exact(2).map(|pair| {
            let pair = [pair[0], pair[1]];
            if high_first {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
        });
        let mut text = String::new();
        let mut at = 0;
        for letter in char::decode_utf16(units) {
            match letter {
                Ok(letter) => {
                    text.push(letter);
                    at += 2 * letter.len_utf16();
                }
                Err(_) => {
                    let fault = CodecFault {
                        encoding,
                        start: at,
                        end: at + 2,
                        reason: "illegal encoding",
                    };
                    put_fault(&mut text, &bytes[at..at + 2], on_fault, fault)?;
                    at += 2;
                }
            }
        }
        if bytes.len() % 2 == 1 {
            let fault = CodecFault {
                encoding,
                start: bytes.len() - 1,
                end: bytes.len(),
                reason: "truncated data",
            };
            put_fault(&mut text, &bytes[bytes.len() - 1..], on_fault, fault)?;
        }
        Ok(text)
    }
}

fn utf8(bytes: &[u8], on_fault: OnFault) -> Result<String, CodecFault> {
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len();
        let bad = chunk.invalid();
        if bad.is_empty() {
            continue;
        }
        let truncated = at + bad.len() == bytes.len() && bad[0] >= 0xc2 && bad[0] < 0xf5;
        let reason = if truncated {
            "unexpected end of data"
        } else if (0xc2..0xf5).contains(&bad[0]) {
            "invalid continuation byte"
        } else {
            "invalid start byte"
        };
        let fault = CodecFault {
            encoding: "utf-8",
            start: at,
            end: at + bad.len(),
            reason,
        };
        put_fault(&mut text, bad, on_fault, fault)?;
        at += bad.len();
    }
    Ok(text)
}

fn put_fault(
    text: &mut String,
    bad: &[u8],
    on_fault: OnFault,
    fault: CodecFault,
) -> Result<(), CodecFault> {
    match on_fault {
        OnFault::Strict | OnFault::Xml => return Err(fault),
        OnFault::Ignore => {}
        OnFault::Replace => text.push('\u{fffd}'),
        OnFault::Backslash => {
            for byte in bad {
                text.push_str(&format!("\\x{byte:02x}"));
            }
        }
    }
    Ok(())
}
