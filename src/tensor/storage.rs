//! What tensors share: a Burn primitive, its version, and how a view reads from it and writes through to it.

use super::dtype::DType;
use super::kernels::{self, Primitive};
use super::layout::Layout;
use crate::Device;
use std::cell::{Cell, RefCell};

/// Elements in a device's memory, shared by all views of them.
///
/// The primitive is always the whole storage in row-major order, under whatever sizes it was made with.
#[derive(Debug)]
pub(crate) struct Storage {
    primitive: RefCell<Option<Primitive>>,
    version: Cell<u64>,
    pub(crate) dtype: DType,
    pub(crate) device: Device,
    pub(crate) numel: usize,
}

impl Storage {
    pub(crate) fn new(primitive: Primitive, dtype: DType, device: Device, numel: usize) -> Self {
        Self {
            primitive: RefCell::new(Some(primitive)),
            version: Cell::new(0),
            dtype,
            device,
            numel,
        }
    }

    /// How often the storage was written since it was made.
    pub(crate) fn version(&self) -> u64 {
        self.version.get()
    }

    fn whole(&self) -> Primitive {
        match &*self.primitive.borrow() {
            Some(primitive) => primitive.clone(),
            // `write` puts a primitive back before it returns, and nothing reads in between.
            None => unreachable!("a storage is read while it is being written"),
        }
    }

    /// The elements of `layout` as a primitive of the layout's own sizes.
    pub(crate) fn read(&self, layout: &Layout) -> Primitive {
        if layout.numel() == 0 {
            return kernels::full(&layout.sizes, 0.0, self.dtype, self.device);
        }
        let whole = self.whole();
        if self.is_whole(layout) {
            return kernels::reshape(whole, self.dtype, &layout.sizes);
        }
        match Window::of(layout, self.numel) {
            Some(window) => window.read(whole, self.dtype),
            None => {
                let places: Vec<i64> = layout.places().into_iter().map(|p| p as i64).collect();
                let index = kernels::int_from_host(&places, &[places.len()], self.device);
                let flat = kernels::reshape(whole, self.dtype, &[self.numel]);
                let picked = kernels::select(flat, self.dtype, 0, index);
                kernels::reshape(picked, self.dtype, &layout.sizes)
            }
        }
    }

    /// Replaces the elements of `layout` by what `change` makes of them. The primitive is taken out first, so that
    /// it is unique and Burn can reuse its buffer.
    pub(crate) fn write(&self, layout: &Layout, change: impl FnOnce(Primitive) -> Primitive) {
        if layout.numel() == 0 {
            self.version.set(self.version.get() + 1);
            return;
        }
        let taken = self.primitive.borrow_mut().take();
        let Some(whole) = taken else {
            unreachable!("a storage is written while it is being written")
        };
        let written = if self.is_whole(layout) {
            change(kernels::reshape(whole, self.dtype, &layout.sizes))
        } else if let Some(window) = Window::of(layout, self.numel) {
            let changed = change(window.read(whole.clone(), self.dtype));
            window.write(whole, self.dtype, changed)
        } else {
            let places: Vec<i64> = layout.places().into_iter().map(|p| p as i64).collect();
            let index = kernels::int_from_host(&places, &[places.len()], self.device);
            let flat = kernels::reshape(whole, self.dtype, &[self.numel]);
            let old = kernels::select(flat.clone(), self.dtype, 0, index.clone());
            let shaped = kernels::reshape(old, self.dtype, &layout.sizes);
            let new = kernels::reshape(change(shaped), self.dtype, &[places.len()]);
            kernels::put(flat, self.dtype, index, new, self.device)
        };
        *self.primitive.borrow_mut() = Some(written);
        self.version.set(self.version.get() + 1);
    }

    fn is_whole(&self, layout: &Layout) -> bool {
        layout.offset == 0 && layout.numel() == self.numel && layout.is_contiguous()
    }
}

/// A view as slicing and permuting of the storage under some row-major sizes: what views made by narrowing, selecting,
/// transposing and expanding come down to. Others (overlapping windows) go through an index.
struct Window {
    /// Row-major sizes under which the storage is sliced.
    base: Vec<usize>,
    /// Start and length along each of them.
    ranges: Vec<(usize, usize)>,
    /// Order of the sliced dimensions in the view, expanded ones left out.
    axes: Vec<usize>,
    /// Sizes of the view with expanded dimensions as 1.
    unexpanded: Vec<usize>,
    /// Sizes of the view.
    sizes: Vec<usize>,
}

impl Window {
    fn of(layout: &Layout, numel: usize) -> Option<Self> {
        // Dimensions that move through the storage, outermost first.
        let mut moving: Vec<usize> = (0..layout.sizes.len())
            .filter(|&d| layout.sizes[d] > 1 && layout.strides[d] > 0)
            .collect();
        moving.sort_by_key(|&d| std::cmp::Reverse(layout.strides[d]));
        let mut base = vec![];
        let mut ranges = vec![];
        let mut rest = layout.offset;
        let mut block = numel;
        for (at, &dim) in moving.iter().enumerate() {
            let (size, stride) = (layout.sizes[dim], layout.strides[dim]);
            if stride == 0 || !block.is_multiple_of(stride) {
                return None;
            }
            let start = rest / stride;
            if start + size > block / stride {
                return None;
            }
            // Two dimensions must not run through each other.
            if moving
                .get(at + 1)
                .is_some_and(|&next| layout.sizes[next] * layout.strides[next] > stride)
            {
                return None;
            }
            base.push(block / stride);
            ranges.push((start, size));
            rest -= start * stride;
            block = stride;
        }
        if block > 1 || base.is_empty() {
            base.push(block);
            ranges.push((rest, 1));
        }
        let mut in_view_order = moving.clone();
        in_view_order.sort_unstable();
        let axes = in_view_order
            .iter()
            .filter_map(|d| moving.iter().position(|m| m == d))
            .collect();
        let expanded = |d: usize| layout.strides[d] == 0;
        let unexpanded = (0..layout.sizes.len())
            .map(|d| {
                if expanded(d) {
                    layout.sizes[d].min(1)
                } else {
                    layout.sizes[d]
                }
            })
            .collect();
        Some(Self {
            base,
            ranges,
            axes,
            unexpanded,
            sizes: layout.sizes.clone(),
        })
    }

    fn moving_sizes(&self) -> Vec<usize> {
        self.ranges
            .iter()
            .take(self.axes.len())
            .map(|r| r.1)
            .collect()
    }

    fn read(&self, whole: Primitive, dtype: DType) -> Primitive {
        let based = kernels::reshape(whole, dtype, &self.base);
        let sliced = kernels::slice(based, dtype, &self.ranges);
        let moving = kernels::reshape(sliced, dtype, &self.moving_sizes());
        let ordered = kernels::permute(moving, dtype, &self.axes);
        let shaped = kernels::reshape(ordered, dtype, &self.unexpanded);
        kernels::expand(shaped, dtype, &self.sizes)
    }

    fn write(&self, whole: Primitive, dtype: DType, values: Primitive) -> Primitive {
        let ordered: Vec<usize> = self.axes.iter().map(|&a| self.ranges[a].1).collect();
        let values = kernels::reshape(values, dtype, &ordered);
        let mut back = vec![0; self.axes.len()];
        for (to, &from) in self.axes.iter().enumerate() {
            back[from] = to;
        }
        let moving = kernels::permute(values, dtype, &back);
        let lengths: Vec<usize> = self.ranges.iter().map(|r| r.1).collect();
        let shaped = kernels::reshape(moving, dtype, &lengths);
        let based = kernels::reshape(whole, dtype, &self.base);
        kernels::slice_assign(based, dtype, &self.ranges, shaped)
    }
}
