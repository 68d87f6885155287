//! Kindling's page: views and state. It computes nothing; the engines in the workers do.

mod breakdown;
mod components;
mod console;
mod engine_link;
mod model;
mod state;

fn main() {
    console::install();
    breakdown::install();
    leptos::mount::mount_to_body(components::App);
}
