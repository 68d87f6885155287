//! Typed values: nested lists of numbers as Python writes them, such as `[[1, 2.5], [3, -4e-1]]`.

use super::{DType, Tensor};
use crate::Device;
use crate::error::{Error, Result};

/// Nested lists after reading: elements in row-major order, sizes, and the type `torch.tensor` infers.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// In row-major order.
    pub values: Vec<f64>,
    /// Empty for a single number.
    pub sizes: Vec<usize>,
    /// Truth values, whole numbers, or float32 as soon as one number has a point.
    pub dtype: DType,
}

impl Literal {
    /// The tensor of these values.
    ///
    /// # Errors
    /// A whole number that the device cannot hold.
    pub fn tensor(self, device: Device) -> Result<Tensor> {
        Tensor::from_f64(self.values, &self.sizes, self.dtype, device)
    }
}

/// Reads nested lists.
///
/// # Errors
/// What cannot be read, and where; ragged lists in PyTorch's words.
pub fn parse_literal(text: &str) -> Result<Literal> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        values: vec![],
        dtype: DType::Bool,
    };
    reader.blanks();
    if reader.at == text.len() {
        return Err(Error::Value(
            "No values were typed: write nested lists, such as [[1, 2], [3, 4]].".into(),
        ));
    }
    let sizes = reader.item(0)?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.unexpected("the end"));
    }
    let dtype = if reader.values.is_empty() {
        DType::Float32
    } else {
        reader.dtype
    };
    Ok(Literal {
        values: reader.values,
        sizes,
        dtype,
    })
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    values: Vec<f64>,
    dtype: DType,
}

/// PyTorch itself stops at 64 dimensions.
const DEEPEST: usize = 64;

impl Reader<'_> {
    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn unexpected(&self, wanted: &str) -> Error {
        let rest = String::from_utf8_lossy(&self.text[self.at.min(self.text.len())..]);
        let found: String = rest.chars().take(8).collect();
        let found = if found.is_empty() {
            "the end".into()
        } else {
            format!("\u{201c}{found}\u{201d}")
        };
        Error::Value(format!(
            "The values cannot be read at character {}: found {found} where {wanted} should be. Write nested lists, such as [[1, 2], [3, 4]].",
            self.at + 1
        ))
    }

    fn item(&mut self, depth: usize) -> Result<Vec<usize>> {
        self.blanks();
        let close = match self.text.get(self.at) {
            Some(b'[') => b']',
            Some(b'(') => b')',
            _ => return self.number().map(|()| vec![]),
        };
        if depth == DEEPEST {
            return Err(Error::Value(format!(
                "Lists nested deeper than {DEEPEST} are no tensor."
            )));
        }
        self.at += 1;
        let mut inner: Option<Vec<usize>> = None;
        let mut count = 0;
        loop {
            self.blanks();
            if self.text.get(self.at) == Some(&close) {
                self.at += 1;
                break;
            }
            let sizes = self.item(depth + 1)?;
            match &inner {
                None => inner = Some(sizes),
                Some(first) if *first == sizes => {}
                Some(first) => {
                    let (want, got) = (
                        first.first().copied().unwrap_or(0),
                        sizes.first().copied().unwrap_or(0),
                    );
                    return Err(Error::Value(format!(
                        "expected sequence of length {want} at dim {} (got {got})",
                        depth + 1
                    )));
                }
            }
            count += 1;
            self.blanks();
            match self.text.get(self.at) {
                Some(b',') => self.at += 1,
                Some(c) if *c == close => {}
                _ => {
                    return Err(self.unexpected(if close == b']' {
                        "a comma or ]"
                    } else {
                        "a comma or )"
                    }));
                }
            }
        }
        let mut sizes = vec![count];
        sizes.extend(inner.unwrap_or_default());
        Ok(sizes)
    }

    fn number(&mut self) -> Result<()> {
        let start = self.at;
        let ends =
            |c: &u8| matches!(c, b',' | b']' | b')' | b'[' | b'(') || c.is_ascii_whitespace();
        while self.text.get(self.at).is_some_and(|c| !ends(c)) {
            self.at += 1;
        }
        let word = String::from_utf8_lossy(&self.text[start..self.at]).replace('_', "");
        let (value, dtype) = match word.as_str() {
            "True" => (1.0, DType::Bool),
            "False" => (0.0, DType::Bool),
            "inf" | "+inf" => (f64::INFINITY, DType::Float32),
            "-inf" => (f64::NEG_INFINITY, DType::Float32),
            "nan" => (f64::NAN, DType::Float32),
            word => {
                let plain = word
                    .chars()
                    .all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
                let value: Option<f64> = word.parse().ok().filter(|_| plain);
                let whole = word.parse::<i64>().is_ok();
                match value {
                    Some(value) => (value, if whole { DType::Int64 } else { DType::Float32 }),
                    None => {
                        self.at = start;
                        return Err(self.unexpected("a number"));
                    }
                }
            }
        };
        self.values.push(value);
        self.dtype = self.dtype.promote(dtype);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_python_writes() {
        let read = parse_literal(" [[1, 2.5], [-3e-1, 4_0],]").unwrap();
        assert_eq!(
            (read.values, read.sizes, read.dtype),
            (vec![1.0, 2.5, -0.3, 40.0], vec![2, 2], DType::Float32)
        );
        assert_eq!(parse_literal("[True, False]").unwrap().dtype, DType::Bool);
        assert_eq!(parse_literal("(1, 2)").unwrap().dtype, DType::Int64);
        assert_eq!(parse_literal("7").unwrap().sizes, Vec::<usize>::new());
        assert_eq!(parse_literal("[]").unwrap().sizes, [0]);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let says = |text: &str| parse_literal(text).unwrap_err().to_string();
        // torch.tensor([[1, 2], [3]]): ValueError
        assert_eq!(
            says("[[1, 2], [3]]"),
            "expected sequence of length 2 at dim 1 (got 1)"
        );
        assert!(says("[1, banana]").contains("character 5: found \u{201c}banana]\u{201d}"));
        assert!(says("[1 2]").contains("a comma or ]"));
        assert!(says("[1, 2").contains("found the end"));
        assert!(says("").contains("No values"));
        assert!(says(&"[".repeat(100)).contains("deeper than 64"));
    }
}
