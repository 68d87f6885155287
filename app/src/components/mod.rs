//! What is seen. Components read the state and pass on what the visitor does.

mod diverging_grid;
mod graph;
mod header;
mod lab;
mod notices;
mod pixels;
mod sees;
mod tensors;

use crate::model::room::Room;
use crate::state::{self, place};
use header::Header;
use leptos::prelude::*;
use notices::NoticeList;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    state::provide();
    let room = place::room();
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <Header room=room />
        <NoticeList />
        <main id="main" class="main" data-testid="main">
            {move || match room.get() {
                Room::Lab => view! { <lab::LabRoom /> }.into_any(),
                Room::Tensors => view! { <tensors::TensorsRoom /> }.into_any(),
                Room::Graph => view! { <graph::GraphRoomView /> }.into_any(),
            }}
        </main>
        <footer class="footer">
            "Kindling computes here, in your browser: nothing you type, draw or train leaves this machine."
        </footer>
    }
}
