//! A machine for the Python that PyTorch lessons are written in.
//!
//! Source text becomes compact code ([`compile`]), which a [`machine::Machine`] runs on a stack of its own. Functions of ours that may
//! read from a device or call a script are async, so a run can be held at any line, stopped, and resumed from an event loop.

pub mod builtins;
pub mod code;
pub mod compile;
pub mod host;
pub mod machine;
pub mod modules;
pub mod text;
pub mod value;

pub use compile::Mode;
pub use host::{Host, Stream};
pub use machine::{Machine, Outcome, Raised};
