//! What the browser remembers between visits: the theme, and the run that was being trained.

use kindling_protocol::RunId;

const THEME: &str = "kindling.theme";
const TRAINING: &str = "kindling.training";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// A page in a private window may have no storage; it then forgets.
fn write(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let done = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
    if done.is_err() {
        log::warn!("the browser keeps no settings for this page");
    }
}

/// The theme chosen: "light", "dark", or nothing for the system's.
pub fn theme() -> Option<String> {
    read(THEME)
}

/// Remembers the theme.
pub fn set_theme(theme: Option<&str>) {
    write(THEME, theme);
}

/// The run that was being trained when the page was left.
pub fn training() -> Option<RunId> {
    read(TRAINING).map(RunId)
}

/// Remembers which run is being trained; `None` when none is.
pub fn set_training(run: Option<&RunId>) {
    write(TRAINING, run.map(|run| run.0.as_str()));
}
