//! Dynamic-rank tensors as PyTorch has them: storage, offset, sizes and strides, with views that alias, over Burn's kernels.

mod create;
mod dtype;
pub(crate) mod kernels;
pub mod layout;
mod literal;
mod print;
mod read;
mod storage;
pub(crate) mod upload;
mod views;

pub(crate) use create::check_integers;
pub use dtype::DType;
pub use literal::{Literal, parse_literal};

use crate::Device;
use crate::autograd::{AutogradMeta, Node};
use crate::error::{Error, Result};
use kernels::Primitive;
use layout::Layout;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};
use storage::Storage;

/// A tensor. Cloning gives another handle to the same tensor (Python's `b = a`), never a copy of its elements.
#[derive(Clone)]
pub struct Tensor(Rc<Inner>);

struct Inner {
    id: u64,
    storage: Rc<Storage>,
    layout: Layout,
    /// The primitive of a view that is not the whole storage, and the storage's version it was read at.
    cache: RefCell<Option<(u64, Primitive)>>,
    autograd: RefCell<AutogradMeta>,
}

/// A tensor that is not kept alive by being known.
pub(crate) struct WeakTensor(Weak<Inner>);

impl WeakTensor {
    pub(crate) fn upgrade(&self) -> Option<Tensor> {
        self.0.upgrade().map(Tensor)
    }
}

thread_local! {
    static NEXT_ID: Cell<u64> = const { Cell::new(1) };
}

impl Tensor {
    pub(crate) fn from_primitive(
        p: Primitive,
        dtype: DType,
        device: Device,
        sizes: Vec<usize>,
    ) -> Self {
        let layout = Layout::contiguous(sizes);
        let storage = Storage::new(p, dtype, device, layout.numel());
        Self::assemble(Rc::new(storage), layout)
    }

    fn assemble(storage: Rc<Storage>, layout: Layout) -> Self {
        let id = NEXT_ID.with(|next| next.replace(next.get() + 1));
        Self(Rc::new(Inner {
            id,
            storage,
            layout,
            cache: RefCell::new(None),
            autograd: RefCell::new(AutogradMeta::default()),
        }))
    }

    /// A tensor on the same storage, without history.
    pub(crate) fn alias(&self, layout: Layout) -> Self {
        Self::assemble(self.0.storage.clone(), layout)
    }

    /// The elements as a primitive of this tensor's sizes (`[1]` for a scalar).
    pub(crate) fn primitive(&self) -> Primitive {
        let (storage, layout) = (&self.0.storage, &self.0.layout);
        if layout.offset == 0 && layout.numel() == storage.numel && layout.is_contiguous() {
            return storage.read(layout);
        }
        let version = storage.version();
        if let Some((at, cached)) = &*self.0.cache.borrow()
            && *at == version
        {
            return cached.clone();
        }
        let read = storage.read(layout);
        *self.0.cache.borrow_mut() = Some((version, read.clone()));
        read
    }

    /// Replaces the elements, in place: every view of the storage sees it, and its version rises.
    pub(crate) fn replace(&self, change: impl FnOnce(Primitive) -> Primitive) {
        self.0.cache.borrow_mut().take();
        self.0.storage.write(&self.0.layout, change);
    }

    /// Numbers tensors in the order they were made.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// `tensor.shape`
    pub fn sizes(&self) -> &[usize] {
        &self.0.layout.sizes
    }

    /// `tensor.stride()`, in elements.
    pub fn strides(&self) -> &[usize] {
        &self.0.layout.strides
    }

    /// `tensor.storage_offset()`, in elements.
    pub fn storage_offset(&self) -> usize {
        self.0.layout.offset
    }

    /// Offset, sizes and strides together.
    pub fn layout(&self) -> &Layout {
        &self.0.layout
    }

    /// `tensor.dim()`
    pub fn dim(&self) -> usize {
        self.0.layout.sizes.len()
    }

    /// `tensor.numel()`
    pub fn numel(&self) -> usize {
        self.0.layout.numel()
    }

    /// `tensor.dtype`
    pub fn dtype(&self) -> DType {
        self.0.storage.dtype
    }

    /// `tensor.device`
    pub fn device(&self) -> Device {
        self.0.storage.device
    }

    /// `tensor.is_contiguous()`
    pub fn is_contiguous(&self) -> bool {
        self.0.layout.is_contiguous()
    }

    /// `tensor._version`
    pub fn version(&self) -> u64 {
        self.0.storage.version()
    }

    /// True when both look at the same storage.
    pub fn shares_storage(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0.storage, &other.0.storage)
    }

    /// True when both are the same tensor (Python's `is`).
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn downgrade(&self) -> WeakTensor {
        WeakTensor(Rc::downgrade(&self.0))
    }

    pub(crate) fn autograd(&self) -> &RefCell<AutogradMeta> {
        &self.0.autograd
    }

    /// `tensor.requires_grad`
    pub fn requires_grad(&self) -> bool {
        let meta = self.0.autograd.borrow();
        meta.requires_grad || meta.grad_fn.is_some()
    }

    /// `tensor.requires_grad_(on)`
    ///
    /// # Errors
    /// Whole numbers and truth values cannot require gradients.
    pub fn requires_grad_(&self, on: bool) -> Result<&Self> {
        if on && !self.dtype().is_floating_point() {
            return Err(Error::GradOfInteger);
        }
        self.0.autograd.borrow_mut().requires_grad = on;
        Ok(self)
    }

    /// `tensor.is_leaf`
    pub fn is_leaf(&self) -> bool {
        self.0.autograd.borrow().grad_fn.is_none()
    }

    /// `tensor.grad`
    pub fn grad(&self) -> Option<Self> {
        self.0.autograd.borrow().grad.clone()
    }

    /// `tensor.grad = grad`; `None` forgets it, as `optimizer.zero_grad()` does.
    pub fn set_grad(&self, grad: Option<Self>) {
        self.0.autograd.borrow_mut().grad = grad;
    }

    /// `tensor.retain_grad()`: keeps the gradient of a tensor that is no leaf.
    pub fn retain_grad(&self) {
        self.0.autograd.borrow_mut().retains_grad = true;
    }

    /// `tensor.grad_fn`
    pub fn grad_fn(&self) -> Option<Rc<Node>> {
        self.0.autograd.borrow().grad_fn.clone()
    }

    /// `tensor.detach()`: the same elements without history.
    pub fn detach(&self) -> Self {
        self.alias(self.0.layout.clone())
    }
}

impl fmt::Debug for Tensor {
    // Elements may lie on a GPU, where printing cannot wait for them; `to_text` reads them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Tensor({:?}, {}, {})",
            self.sizes(),
            self.dtype().name(),
            self.device()
        )
    }
}
