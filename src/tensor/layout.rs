//! Where a tensor's elements lie in its storage: offset, sizes and strides, in elements, as in PyTorch.

use crate::error::{Error, Result, python_list, signed};

/// Offset, sizes and strides of a view, in elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// First element's place in the storage.
    pub offset: usize,
    /// Size of each dimension; empty for a scalar.
    pub sizes: Vec<usize>,
    /// Distance between neighbours along each dimension; 0 where the dimension is expanded.
    pub strides: Vec<usize>,
}

/// Row-major strides. As in PyTorch, a dimension of size 0 counts as 1.
pub fn contiguous_strides(sizes: &[usize]) -> Vec<usize> {
    let mut strides = vec![1_usize; sizes.len()];
    for at in (1..sizes.len()).rev() {
        // Sizes beside a 0 may multiply beyond any memory.
        strides[at - 1] = strides[at].saturating_mul(sizes[at].max(1));
    }
    strides
}

/// Turns a possibly negative dimension into an index below `rank`.
///
/// # Errors
/// PyTorch's `Dimension out of range`.
pub fn wrap_dim(dim: i64, rank: usize) -> Result<usize> {
    let bound = rank.max(1) as i64;
    if (-bound..bound).contains(&dim) {
        Ok(if dim < 0 { dim + bound } else { dim } as usize)
    } else {
        Err(Error::Dimension {
            dim,
            min: -bound,
            max: bound - 1,
        })
    }
}

/// The sizes two tensors broadcast to.
///
/// # Errors
/// PyTorch's sentence on sizes that do not match.
pub fn broadcast_sizes(a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    let rank = a.len().max(b.len());
    let mut sizes = vec![0; rank];
    for back in 1..=rank {
        let of = |sizes: &[usize]| sizes.len().checked_sub(back).map_or(1, |at| sizes[at]);
        let (x, y) = (of(a), of(b));
        sizes[rank - back] = match (x, y) {
            _ if x == y => x,
            (1, y) => y,
            (x, 1) => x,
            _ => {
                return Err(Error::Broadcast {
                    a: x,
                    b: y,
                    dim: rank - back,
                });
            }
        };
    }
    Ok(sizes)
}

/// Fills in a `-1` and checks the number of elements.
///
/// # Errors
/// PyTorch's `shape '…' is invalid for input of size …`.
pub fn infer_shape(shape: &[i64], numel: usize) -> Result<Vec<usize>> {
    let invalid = || Error::InvalidShape {
        shape: shape.to_vec(),
        numel,
    };
    if let Some((at, size)) = shape.iter().enumerate().find(|(_, s)| **s < -1) {
        return Err(Error::Value(format!(
            "invalid shape dimension {size} at index {at} of shape {}",
            python_list(shape)
        )));
    }
    let known: Vec<usize> = shape
        .iter()
        .filter(|&&s| s >= 0)
        .map(|&s| usize::try_from(s).map_err(|_| invalid()))
        .collect::<Result<_>>()?;
    let unknown = shape.len() - known.len();
    let known = count(&known).ok_or_else(invalid)?;
    match unknown {
        0 if known == numel => {}
        1 if known == 0 && numel == 0 => {
            return Err(Error::Value(format!(
                "cannot reshape tensor of 0 elements into shape {} because the unspecified dimension size -1 can be any value and is ambiguous",
                python_list(shape)
            )));
        }
        1 if known > 0 && numel.is_multiple_of(known) => {}
        0 | 1 => return Err(invalid()),
        _ => return Err(Error::Value("only one dimension can be inferred".into())),
    }
    Ok(shape
        .iter()
        .map(|&s| if s == -1 { numel / known } else { s as usize })
        .collect())
}

/// How many elements the sizes make; `None` where no memory could hold them.
pub(crate) fn count(sizes: &[usize]) -> Option<usize> {
    if sizes.contains(&0) {
        return Some(0);
    }
    sizes
        .iter()
        .try_fold(1_usize, |n, &size| n.checked_mul(size))
}

impl Layout {
    /// Row-major from the storage's start.
    pub fn contiguous(sizes: Vec<usize>) -> Self {
        let strides = contiguous_strides(&sizes);
        Self {
            offset: 0,
            sizes,
            strides,
        }
    }

    /// Elements in all.
    pub fn numel(&self) -> usize {
        // `expanded` and `infer_shape` refuse what cannot be counted.
        count(&self.sizes).unwrap_or(usize::MAX)
    }

    /// True when elements lie in row-major order without gaps; dimensions of size 1 do not matter.
    pub fn is_contiguous(&self) -> bool {
        if self.sizes.contains(&0) {
            return true;
        }
        let mut expected = 1;
        for (&size, &stride) in self.sizes.iter().zip(&self.strides).rev() {
            if size != 1 && stride != expected {
                return false;
            }
            expected *= size;
        }
        true
    }

    /// Two dimensions swapped.
    pub fn transposed(&self, a: usize, b: usize) -> Self {
        let mut layout = self.clone();
        if !layout.sizes.is_empty() {
            layout.sizes.swap(a, b);
            layout.strides.swap(a, b);
        }
        layout
    }

    /// Dimensions in the order of `axes`.
    pub fn permuted(&self, axes: &[usize]) -> Self {
        Self {
            offset: self.offset,
            sizes: axes.iter().map(|&a| self.sizes[a]).collect(),
            strides: axes.iter().map(|&a| self.strides[a]).collect(),
        }
    }

    /// `length` indices of `dim`, from `start`.
    pub fn narrowed(&self, dim: usize, start: usize, length: usize) -> Self {
        let mut layout = self.clone();
        layout.offset += start * layout.strides[dim];
        layout.sizes[dim] = length;
        layout
    }

    /// Index `index` of `dim`; the dimension goes.
    pub fn selected(&self, dim: usize, index: usize) -> Self {
        let mut layout = self.narrowed(dim, index, 1);
        layout.sizes.remove(dim);
        layout.strides.remove(dim);
        layout
    }

    /// A new dimension of size 1 before `dim`.
    pub fn unsqueezed(&self, dim: usize) -> Self {
        let mut layout = self.clone();
        let stride = match layout.sizes.get(dim) {
            Some(size) => size * layout.strides[dim],
            None => 1,
        };
        layout.sizes.insert(dim, 1);
        layout.strides.insert(dim, stride);
        layout
    }

    /// Without dimension `dim`, which must have size 1.
    pub fn squeezed(&self, dim: usize) -> Self {
        let mut layout = self.clone();
        layout.sizes.remove(dim);
        layout.strides.remove(dim);
        layout
    }

    /// Broadcast to `target`, -1 keeping a size.
    ///
    /// # Errors
    /// PyTorch's sentence on expanded sizes.
    pub fn expanded(&self, target: &[i64]) -> Result<Self> {
        let fail = |expanded, existing, dim| Error::Expand {
            expanded,
            existing,
            dim,
            target: target.to_vec(),
            sizes: signed(&self.sizes),
        };
        let uncountable = || Error::Value("numel: integer multiplication overflow".into());
        let Some(lead) = target.len().checked_sub(self.sizes.len()) else {
            return Err(Error::Argument {
                op: "expand",
                message: format!(
                    "the number of sizes provided ({}) must be greater or equal to the number of dimensions in the tensor ({})",
                    target.len(),
                    self.sizes.len()
                ),
            });
        };
        let mut layout = Self {
            offset: self.offset,
            sizes: vec![],
            strides: vec![],
        };
        for (dim, &want) in target.iter().enumerate() {
            let own = dim
                .checked_sub(lead)
                .map(|at| (self.sizes[at], self.strides[at]));
            let (size, stride) = match own {
                None if want == -1 => {
                    return Err(Error::Value(format!(
                        "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension {dim}"
                    )));
                }
                None => (usize::try_from(want).map_err(|_| uncountable())?, 0),
                Some((size, stride)) if want == -1 || want == size as i64 => (size, stride),
                Some((1, _)) if want >= 0 => (usize::try_from(want).map_err(|_| uncountable())?, 0),
                Some((size, _)) => return Err(fail(want, size, dim)),
            };
            layout.sizes.push(size);
            layout.strides.push(stride);
        }
        match count(&layout.sizes) {
            Some(_) => Ok(layout),
            None => Err(uncountable()),
        }
    }

    /// The same elements under other sizes, where that needs no copy (PyTorch's `computeStride`).
    pub fn viewed(&self, sizes: &[usize]) -> Option<Self> {
        if self.numel() == 0 || self.is_contiguous() {
            let strides = contiguous_strides(sizes);
            return Some(Self {
                offset: self.offset,
                sizes: sizes.to_vec(),
                strides,
            });
        }
        let mut strides = vec![1; sizes.len()];
        let mut at = sizes.len();
        let mut chunk_stride = *self.strides.last()?;
        let (mut have, mut wanted) = (1, 1);
        for dim in (0..self.sizes.len()).rev() {
            have *= self.sizes[dim];
            // A chunk ends where the next dimension outwards does not continue this one.
            let ends = dim == 0
                || self.sizes[dim - 1] != 1 && self.strides[dim - 1] != have * chunk_stride;
            if !ends {
                continue;
            }
            while at > 0 && (wanted < have || sizes[at - 1] == 1) {
                strides[at - 1] = wanted * chunk_stride;
                wanted *= sizes[at - 1];
                at -= 1;
            }
            if wanted != have {
                return None;
            }
            if dim > 0 {
                chunk_stride = self.strides[dim - 1];
                (have, wanted) = (1, 1);
            }
        }
        (at == 0).then(|| Self {
            offset: self.offset,
            sizes: sizes.to_vec(),
            strides,
        })
    }

    /// Storage places of all elements in row-major order.
    pub fn places(&self) -> Vec<usize> {
        let mut places = vec![self.offset];
        for (&size, &stride) in self.sizes.iter().zip(&self.strides) {
            places = places
                .iter()
                .flat_map(|&p| (0..size).map(move |i| p + i * stride))
                .collect();
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_follow_pytorch() {
        // Strides as torch.empty(2, 3, 4).transpose(0, 1) and its views report them.
        let base = Layout::contiguous(vec![2, 3, 4]);
        assert_eq!(base.strides, [12, 4, 1]);
        let swapped = base.transposed(0, 1);
        assert_eq!(
            (swapped.sizes.clone(), swapped.strides.clone()),
            (vec![3, 2, 4], vec![4, 12, 1])
        );
        assert!(!swapped.is_contiguous());
        assert_eq!(swapped.viewed(&[3, 8]), None);
        assert_eq!(
            swapped.viewed(&[3, 2, 2, 2]).unwrap().strides,
            [4, 12, 2, 1]
        );
        assert_eq!(base.viewed(&[6, 4]).unwrap().strides, [4, 1]);
        let column = base.selected(2, 1);
        assert_eq!((column.offset, column.strides.clone()), (1, vec![12, 4]));
        assert_eq!(column.viewed(&[6]).unwrap().strides, [4]);
    }

    #[test]
    fn sizes_of_0_and_sizes_beyond_memory() {
        // torch.zeros(3, 0): contiguous, strides (1, 1).
        let empty = Layout::contiguous(vec![3, 0]);
        assert!(empty.is_contiguous());
        assert_eq!(empty.strides, [1, 1]);
        let huge = vec![1 << 16, 0, 1 << 16, 1 << 16, 1 << 16, 1 << 16];
        assert_eq!(Layout::contiguous(huge).numel(), 0);
        let three = Layout::contiguous(vec![3]);
        let says = |target: &[i64]| three.expanded(target).unwrap_err().to_string();
        let overflow = "numel: integer multiplication overflow";
        assert_eq!(says(&[i64::MAX, i64::MAX, 3]), overflow);
        assert_eq!(says(&[-2, 3]), overflow);
        assert_eq!(
            says(&[-1, 3]),
            "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension 0"
        );
    }

    #[test]
    fn shapes_are_inferred_or_refused_in_pytorchs_words() {
        assert_eq!(infer_shape(&[-1, 4], 12).unwrap(), [3, 4]);
        let error = infer_shape(&[5, -1], 12).unwrap_err().to_string();
        assert_eq!(error, "shape '[5, -1]' is invalid for input of size 12");
        let says = |shape: &[i64], numel| infer_shape(shape, numel).unwrap_err().to_string();
        assert_eq!(says(&[-1, -1], 3), "only one dimension can be inferred");
        assert_eq!(
            says(&[-2, 3], 3),
            "invalid shape dimension -2 at index 0 of shape [-2, 3]"
        );
        assert_eq!(
            says(&[-1, 0], 0),
            "cannot reshape tensor of 0 elements into shape [-1, 0] because the unspecified dimension size -1 can be any value and is ambiguous"
        );
        assert_eq!(
            says(&[1 << 32, 1 << 32, 1 << 32], 3),
            "shape '[4294967296, 4294967296, 4294967296]' is invalid for input of size 3"
        );
        let error = broadcast_sizes(&[2, 3], &[4]).unwrap_err().to_string();
        assert_eq!(
            error,
            "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1"
        );
    }
}
