//! What differs between a browser and a native program, behind one name each. The only place in the engine, beside
//! the program's own module, that asks which of the two it is.

#[cfg(not(target_family = "wasm"))]
mod native;
pub(crate) mod product;
#[cfg(target_family = "wasm")]
mod wasm;

#[cfg(not(target_family = "wasm"))]
pub use native::{adapter_name, yield_now};
#[cfg(target_family = "wasm")]
pub use wasm::{adapter_name, yield_now};

/// A monotonic clock that works in both.
pub use web_time::Instant;
