//! Sentences to the visitor, above the room, until they are dismissed.

use crate::state::lab;
use crate::state::notices::Tone;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn NoticeList() -> impl IntoView {
    let notices = lab().notices;
    view! {
        <div class="notices" role="status" aria-live="polite">
            <For each=move || notices.list.get() key=|notice| notice.id let:notice>
                <div
                    class="notice"
                    data-testid="notice"
                    data-tone=match notice.tone {
                        Tone::Note => "note",
                        Tone::Warning => "warning",
                        Tone::Error => "error",
                    }
                >
                    <p>{notice.text.clone()}</p>
                    <button
                        class="notice-dismiss"
                        aria-label="Dismiss this notice"
                        on:click=move |_| notices.dismiss(notice.id)
                    >
                        "×"
                    </button>
                </div>
            </For>
        </div>
    }
}
