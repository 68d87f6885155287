//! The recorded graph: which operation made a tensor, from what, and how gradients flow back through it.
//!
//! Burn's own autodiff consumes its tape, keeps no intermediate gradients and has no second order; a tool that exists to
//! show the graph needs all of that, so the graph is Kindling's own and every derivative rule is written in terms of the
//! same recorded operations.

mod backward;
mod node;
pub mod snapshot;

pub use backward::{BackwardOptions, backward, gradients};
pub use node::{Edge, Node, Rule, Saved, Saves};

use crate::tensor::Tensor;
use std::cell::Cell;
use std::rc::Rc;

/// What a tensor knows of the graph.
#[derive(Default)]
pub(crate) struct AutogradMeta {
    pub(crate) requires_grad: bool,
    pub(crate) retains_grad: bool,
    pub(crate) grad: Option<Tensor>,
    pub(crate) grad_fn: Option<Rc<Node>>,
}

thread_local! {
    static RECORDING: Cell<bool> = const { Cell::new(true) };
}

/// `torch.is_grad_enabled()`
pub fn is_grad_enabled() -> bool {
    RECORDING.get()
}

/// Restores the recording mode when it goes out of scope.
#[must_use = "recording goes back to what it was when the guard is dropped"]
pub struct GradModeGuard(bool);

impl Drop for GradModeGuard {
    fn drop(&mut self) {
        RECORDING.set(self.0);
    }
}

/// `torch.set_grad_enabled(on)` for as long as the guard lives.
pub fn set_grad_enabled(on: bool) -> GradModeGuard {
    GradModeGuard(RECORDING.replace(on))
}

/// `with torch.no_grad():` for as long as the guard lives.
///
/// A guard must not be held across an await: other work of the same thread would run unrecorded. Wrap the plain
/// functions between awaits instead.
pub fn no_grad() -> GradModeGuard {
    set_grad_enabled(false)
}
