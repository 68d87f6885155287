//! `print(tensor)` to the letter: PyTorch's rules for precision, scientific notation, summaries and line breaks
//! (its defaults: precision 4, threshold 1000, edge items 3, line width 80).

use super::{DType, Tensor};
use crate::error::Result;

const PRECISION: usize = 4;
const THRESHOLD: usize = 1_000;
const EDGE: usize = 3;
const LINE_WIDTH: usize = 80;

impl Tensor {
    /// The text that `print(tensor)` shows.
    ///
    /// # Errors
    /// The device is gone.
    pub async fn to_text(&self) -> Result<String> {
        let mut suffixes = vec![];
        if !self.device().is_cpu() {
            suffixes.push(format!("device='{}'", self.device()));
        }
        let body = if self.numel() == 0 {
            if self.dim() != 1 {
                suffixes.push(format!("size={}", python_tuple(self.sizes())));
            }
            if self.dtype() != DType::Float32 {
                suffixes.push(format!("dtype={}", self.dtype().name()));
            }
            "[]".to_string()
        } else {
            if self.dtype() == DType::Float64 {
                suffixes.push("dtype=torch.float64".into());
            }
            let shown = Shown::new(self.sizes(), self.to_vec().await?);
            let formatter = Formatter::new(self.dtype(), &shown);
            let mut text = String::new();
            shown.write(&formatter, 0, &mut vec![], "tensor(".len(), &mut text);
            text
        };
        if let Some(node) = self.grad_fn() {
            suffixes.push(format!("grad_fn=<{}>", node.name()));
        } else if self.requires_grad() {
            suffixes.push("requires_grad=True".into());
        }
        Ok(with_suffixes(&format!("tensor({body}"), &suffixes))
    }
}

/// `(2, 3)`, `(2,)`, `()`.
fn python_tuple(sizes: &[usize]) -> String {
    let parts: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    format!(
        "({}{})",
        parts.join(", "),
        if parts.len() == 1 { "," } else { "" }
    )
}

fn with_suffixes(text: &str, suffixes: &[String]) -> String {
    let indent = "tensor(".len();
    let mut out = text.to_string();
    let last_break = text.rfind('\n').map_or(-1, |at| at as i64);
    let mut line = (text.len() as i64 - last_break + 1) as usize;
    for suffix in suffixes {
        if line + suffix.len() + 2 > LINE_WIDTH {
            out.push_str(",\n");
            out.push_str(&" ".repeat(indent));
            line = indent + suffix.len();
        } else {
            out.push_str(", ");
            line += suffix.len() + 2;
        }
        out.push_str(suffix);
    }
    out.push(')');
    out
}

/// A tensor's elements and which of them are shown.
struct Shown {
    sizes: Vec<usize>,
    values: Vec<f64>,
    summarize: bool,
}

impl Shown {
    fn new(sizes: &[usize], values: Vec<f64>) -> Self {
        Self {
            sizes: sizes.to_vec(),
            summarize: values.len() > THRESHOLD,
            values,
        }
    }

    /// The indices of a dimension that are shown, and whether some in the middle are left out.
    fn indices(&self, size: usize) -> (Vec<usize>, bool) {
        if self.summarize && size > 2 * EDGE {
            ((0..EDGE).chain(size - EDGE..size).collect(), true)
        } else {
            ((0..size).collect(), false)
        }
    }

    /// Every element that is shown, which is what the format is chosen by.
    fn visible(&self) -> Vec<f64> {
        let mut places = vec![0];
        for &size in &self.sizes {
            let (indices, _) = self.indices(size);
            places = places
                .iter()
                .flat_map(|&p| indices.iter().map(move |i| p * size + i))
                .collect();
        }
        places.into_iter().map(|p| self.values[p]).collect()
    }

    fn write(
        &self,
        f: &Formatter,
        dim: usize,
        at: &mut Vec<usize>,
        indent: usize,
        out: &mut String,
    ) {
        let place = |at: &[usize]| {
            at.iter()
                .zip(&self.sizes)
                .fold(0, |p, (i, size)| p * size + i)
        };
        if dim == self.sizes.len() {
            out.push_str(&f.format(self.values[place(at)]));
            return;
        }
        let (indices, cut) = self.indices(self.sizes[dim]);
        if dim + 1 == self.sizes.len() {
            let mut cells: Vec<String> = vec![];
            for (n, &index) in indices.iter().enumerate() {
                if cut && n == EDGE {
                    cells.push(" ...".into());
                }
                at.push(index);
                cells.push(f.format(self.values[place(at)]));
                at.pop();
            }
            let per_line = (LINE_WIDTH.saturating_sub(indent) / (f.width + 2)).max(1);
            let lines: Vec<String> = cells.chunks(per_line).map(|line| line.join(", ")).collect();
            out.push('[');
            out.push_str(&lines.join(&format!(",\n{}", " ".repeat(indent + 1))));
            out.push(']');
            return;
        }
        let breaks = "\n".repeat(self.sizes.len() - dim - 1);
        let between = format!(",{breaks}{}", " ".repeat(indent + 1));
        out.push('[');
        for (n, &index) in indices.iter().enumerate() {
            if n > 0 {
                out.push_str(&between);
            }
            if cut && n == EDGE {
                out.push_str("...");
                out.push_str(&between);
            }
            at.push(index);
            self.write(f, dim + 1, at, indent + 1, out);
            at.pop();
        }
        out.push(']');
    }
}

/// One format for all elements of a tensor.
struct Formatter {
    dtype: DType,
    whole: bool,
    scientific: bool,
    width: usize,
}

impl Formatter {
    fn new(dtype: DType, shown: &Shown) -> Self {
        let mut f = Self {
            dtype,
            whole: true,
            scientific: false,
            width: 1,
        };
        let visible = shown.visible();
        let measured: Vec<f64> = if dtype.is_floating_point() {
            let counted: Vec<f64> = visible
                .into_iter()
                .filter(|v| v.is_finite() && *v != 0.0)
                .collect();
            let largest = counted.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let smallest = counted.iter().fold(f64::INFINITY, |m, v| m.min(v.abs()));
            f.whole = counted.iter().all(|v| v.ceil() == *v);
            // PyTorch divides in float64 whatever the tensor's type.
            f.scientific = !counted.is_empty()
                && (largest / smallest > 1_000.0 || largest > 1e8 || !f.whole && smallest < 1e-4);
            counted
        } else {
            visible
        };
        f.width = measured
            .iter()
            .map(|&v| f.bare(v).len())
            .max()
            .unwrap_or(1)
            .max(1);
        f
    }

    fn bare(&self, value: f64) -> String {
        match self.dtype {
            DType::Bool => if value == 0.0 { "False" } else { "True" }.into(),
            DType::Int64 => format!("{value:.0}"),
            _ if value.is_nan() => "nan".into(),
            _ if value.is_infinite() => if value > 0.0 { "inf" } else { "-inf" }.into(),
            _ if self.scientific => scientific(value),
            _ if self.whole => format!("{value:.0}."),
            _ => format!("{value:.PRECISION$}"),
        }
    }

    fn format(&self, value: f64) -> String {
        format!("{:>width$}", self.bare(value), width = self.width)
    }
}

/// `1.5000e+08`: C's form, with a sign and two digits at least in the exponent.
fn scientific(value: f64) -> String {
    let text = format!("{value:.PRECISION$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = match exponent.strip_prefix('-') {
                Some(digits) => ('-', digits),
                None => ('+', exponent),
            };
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        None => text,
    }
}
