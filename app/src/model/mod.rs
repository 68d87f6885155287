//! What the page knows, as plain values with methods: no signals and no document, so that tests run natively.

pub mod brush;
pub mod curves;
pub mod form;
pub mod graph_layout;
pub mod graph_walk;
pub mod palette;
pub mod room;
pub mod routing;
pub mod runs;
pub mod tensor_form;
pub mod words;
