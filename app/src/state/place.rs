//! The page's address: the room in its hash, the experiment in its query.

use crate::model::room::Room;
use kindling_protocol::{DeviceChoice, ExperimentConfig, to_query};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

/// The query the page was opened with, `?` included.
pub fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// The room of the address; follows it.
pub fn room() -> RwSignal<Room> {
    let read = || Room::from_hash(&window().location().hash().unwrap_or_default());
    let room = RwSignal::new(read());
    let changed = Closure::<dyn Fn()>::new(move || room.set(read()));
    window().set_onhashchange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
    room
}

/// Writes the experiment into the address, without a new entry in the browser's history.
pub fn write(config: &ExperimentConfig, device: DeviceChoice) {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let hash = location.hash().unwrap_or_default();
    let query = to_query(config, device);
    let address = if query.is_empty() {
        format!("{path}{hash}")
    } else {
        format!("{path}?{query}{hash}")
    };
    let written = window()
        .history()
        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
    if written.is_err() {
        log::warn!("the address could not be written");
    }
}
