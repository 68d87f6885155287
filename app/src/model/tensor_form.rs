//! The tensor room's form: what is typed, and the expression it makes.

use kindling_protocol::{OperationInfo, TensorExpression, TensorSource};

/// Where the numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `torch.zeros`
    Zeros,
    /// `torch.ones`
    Ones,
    /// `torch.arange`
    Arange,
    /// `torch.rand`
    Rand,
    /// `torch.randn`
    Randn,
    /// `torch.tensor`
    Values,
}

impl Source {
    /// Every source, in the order of the list.
    pub const ALL: [Self; 6] = [Self::Randn, Self::Rand, Self::Arange, Self::Zeros, Self::Ones, Self::Values];

    /// PyTorch's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Zeros => "zeros",
            Self::Ones => "ones",
            Self::Arange => "arange",
            Self::Rand => "rand",
            Self::Randn => "randn",
            Self::Values => "tensor",
        }
    }

    /// What it makes, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Zeros => "zeros",
            Self::Ones => "ones",
            Self::Arange => "0, 1, 2, …",
            Self::Rand => "uniform in [0, 1)",
            Self::Randn => "normal, mean 0",
            Self::Values => "typed values",
        }
    }

    /// True where a seed is wanted.
    pub fn is_random(self) -> bool {
        matches!(self, Self::Rand | Self::Randn)
    }

    /// The inverse of [`Self::label`].
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.label() == label)
    }
}

/// The form's texts.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorForm {
    /// Where the numbers come from.
    pub source: Source,
    /// Sizes with commas between.
    pub shape: String,
    /// Seed of the random sources.
    pub seed: String,
    /// Nested lists.
    pub values: String,
    /// Name of an operation, or empty.
    pub operation: String,
    /// A text for each of its parameters.
    pub arguments: Vec<String>,
}

impl Default for TensorForm {
    fn default() -> Self {
        Self {
            source: Source::Randn,
            shape: "3, 4".into(),
            seed: "0".into(),
            values: "[[1, 2, 3], [4, 5, 6]]".into(),
            operation: String::new(),
            arguments: vec![],
        }
    }
}

/// Elements a tensor of this room has at most.
const MOST_ELEMENTS: usize = 1_000_000;

impl TensorForm {
    /// Chooses an operation, its arguments empty (their defaults).
    pub fn choose(&mut self, operation: Option<&OperationInfo>) {
        self.operation = operation.map(|o| o.name.clone()).unwrap_or_default();
        self.arguments = vec![String::new(); operation.map_or(0, |o| o.parameters.len())];
    }

    /// Reads the texts; what is in the lists and arguments is the engine's to judge.
    ///
    /// # Errors
    /// A sentence where the shape or the seed cannot be read, or the tensor would be too large.
    pub fn expression(&self) -> Result<TensorExpression, String> {
        let seed = || {
            self.seed.trim().parse::<u64>().map_err(|_| {
                format!("The seed cannot be read from “{}”: type a whole number such as 42.", self.seed.trim())
            })
        };
        let source = match self.source {
            Source::Zeros => TensorSource::Zeros,
            Source::Ones => TensorSource::Ones,
            Source::Arange => TensorSource::Arange,
            Source::Rand => TensorSource::Rand { seed: seed()? },
            Source::Randn => TensorSource::Randn { seed: seed()? },
            Source::Values => TensorSource::Values { text: self.values.clone() },
        };
        let shape = match self.source {
            Source::Values => vec![],
            _ => read_shape(&self.shape)?,
        };
        Ok(TensorExpression {
            source,
            shape,
            operation: (!self.operation.is_empty()).then(|| self.operation.clone()),
            arguments: self.arguments.clone(),
        })
    }
}

fn read_shape(text: &str) -> Result<Vec<usize>, String> {
    let inner = text.trim().trim_matches(['[', ']', '(', ')']);
    let sizes: Vec<usize> = inner
        .split(',')
        .map(str::trim)
        .filter(|size| !size.is_empty())
        .map(|size| {
            size.parse()
                .map_err(|_| format!("The shape has “{size}” in it: type whole numbers with commas between, such as 3, 4."))
        })
        .collect::<Result<_, String>>()?;
    let elements = sizes.iter().try_fold(1_usize, |n, size| n.checked_mul(*size));
    match elements {
        Some(n) if n <= MOST_ELEMENTS => Ok(sizes),
        _ => Err(format!("A tensor of shape [{inner}] is too large for this room: use {MOST_ELEMENTS} elements at most.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_read_as_pytorch_writes_them() {
        assert_eq!(read_shape("3, 4"), Ok(vec![3, 4]));
        assert_eq!(read_shape("(5,)"), Ok(vec![5]));
        assert_eq!(read_shape("[]"), Ok(vec![]), "a scalar");
        assert!(read_shape("3, x").unwrap_err().contains("“x”"));
        assert!(read_shape("99999, 99999").unwrap_err().contains("too large"));
        assert!(read_shape("18446744073709551615, 2").is_err());
    }

    #[test]
    fn the_expression_names_what_was_chosen() {
        let mut form = TensorForm { seed: "7".into(), ..TensorForm::default() };
        let made = form.expression().unwrap();
        assert_eq!(made.source, TensorSource::Randn { seed: 7 });
        assert_eq!((made.shape, made.operation), (vec![3, 4], None));
        form.seed = "-1".into();
        assert!(form.expression().unwrap_err().contains("seed"));
        form.source = Source::Values;
        assert_eq!(form.expression().unwrap().shape, Vec::<usize>::new());
    }
}
