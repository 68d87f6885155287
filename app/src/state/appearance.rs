//! Light or dark: the visitor's choice, or the system's.

use crate::model::palette::Ground;
use crate::state::store;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system has it.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl ThemeChoice {
    /// Every choice, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The name, also in the document's `data-theme`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The page's theme.
#[derive(Clone, Copy)]
pub struct Appearance {
    /// What was chosen.
    pub choice: RwSignal<ThemeChoice>,
    system_dark: RwSignal<bool>,
}

impl Appearance {
    /// Reads the choice of an earlier visit and follows the system.
    pub fn new() -> Self {
        let chosen = store::theme();
        let choice = ThemeChoice::ALL
            .into_iter()
            .find(|c| Some(c.key()) == chosen.as_deref())
            .unwrap_or(ThemeChoice::Auto);
        let query = window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten();
        let system_dark = RwSignal::new(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
        if let Some(query) = query {
            let asked = query.clone();
            let changed = Closure::<dyn Fn()>::new(move || system_dark.set(asked.matches()));
            query.set_onchange(Some(changed.as_ref().unchecked_ref()));
            changed.forget();
        }
        let appearance = Self {
            choice: RwSignal::new(choice),
            system_dark,
        };
        Effect::new(move |_| {
            let choice = appearance.choice.get();
            let Some(root) = document().document_element() else {
                return;
            };
            let done = match choice {
                ThemeChoice::Auto => root.remove_attribute("data-theme"),
                _ => root.set_attribute("data-theme", choice.key()),
            };
            if done.is_err() {
                log::warn!("the theme could not be set");
            }
            store::set_theme((choice != ThemeChoice::Auto).then(|| choice.key()));
        });
        appearance
    }

    /// The ground colours stand on now.
    pub fn ground(self) -> Ground {
        match self.choice.get() {
            ThemeChoice::Light => Ground::Light,
            ThemeChoice::Dark => Ground::Dark,
            ThemeChoice::Auto if self.system_dark.get() => Ground::Dark,
            ThemeChoice::Auto => Ground::Light,
        }
    }
}
