//! The page's state: signals made once at the root and changed by events and by what the visitor does.

pub mod appearance;
pub mod gpu;
pub mod graph_room;
pub mod insight;
pub mod lab;
pub(crate) mod lab_events;
mod lab_visit;
pub mod notices;
pub mod place;
pub mod store;
pub mod tensor_room;

use appearance::Appearance;
use graph_room::GraphRoom;
use lab::Lab;
use leptos::prelude::*;
use tensor_room::TensorRoom;

/// Makes everything and puts it where components find it.
pub fn provide() {
    let appearance = Appearance::new();
    provide_context(appearance);
    let lab = Lab::new();
    provide_context(lab);
    provide_context(TensorRoom::new(lab));
    provide_context(GraphRoom::new(lab));
    lab.open();
}

/// The page's theme.
pub fn appearance() -> Appearance {
    expect_context()
}

/// The lab, and with it the engines.
pub fn lab() -> Lab {
    expect_context()
}

/// The tensor room.
pub fn tensor_room() -> TensorRoom {
    expect_context()
}

/// The graph room.
pub fn graph_room() -> GraphRoom {
    expect_context()
}
