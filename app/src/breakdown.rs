//! What a visitor sees if the page itself fails: a sentence and a button, never a blank page.

/// The overlay's id in index.html, where it waits hidden.
const OVERLAY: &str = "breakdown";

/// Shows the overlay at a panic, after the console has the details.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let overlay = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.get_element_by_id(OVERLAY));
        if let Some(overlay) = overlay {
            // Nothing is left to do where even this fails.
            let _ = overlay.remove_attribute("hidden");
        }
    }));
}
