//! One setting of the form.

use crate::model::form::{Field, Form};
use crate::state::lab;
use leptos::prelude::*;

/// What a number field offers; the configuration's own check decides.
#[derive(Clone)]
pub struct Bounds {
    min: String,
    max: Option<String>,
    step: String,
}

impl Bounds {
    /// A number with decimals; `step` is what the arrows change it by.
    pub fn decimal(min: f64, max: f64, step: f64) -> Self {
        Self { min: min.to_string(), max: Some(max.to_string()), step: step.to_string() }
    }

    /// A whole number.
    pub fn whole(min: usize, max: usize, step: usize) -> Self {
        Self { min: min.to_string(), max: Some(max.to_string()), step: step.to_string() }
    }

    /// A whole number without an upper bound.
    pub fn from(min: usize) -> Self {
        Self { min: min.to_string(), max: None, step: "1".into() }
    }
}

/// A number.
#[component]
pub fn NumberField(
    /// Its name.
    label: &'static str,
    /// Its hook for tests.
    testid: &'static str,
    /// Which setting.
    field: Field,
    /// What it offers.
    bounds: Bounds,
    /// Where its text is.
    text: fn(&mut Form) -> &mut String,
) -> impl IntoView {
    let lab = lab();
    let invalid = move || {
        lab.problem.with(|p| p.as_ref().is_some_and(|p| p.field == Some(field))).then_some("true")
    };
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type="number"
                inputmode="decimal"
                autocomplete="off"
                data-testid=testid
                min=bounds.min
                max=bounds.max
                step=bounds.step
                aria-invalid=invalid
                prop:value=move || text(&mut lab.form.get()).clone()
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    lab.form.update(|form| *text(form) = typed);
                }
            />
        </label>
    }
}

/// A yes or no.
#[component]
pub fn CheckField(
    /// Its name.
    label: &'static str,
    /// Its hook for tests.
    testid: &'static str,
    /// Where it is kept.
    flag: fn(&mut Form) -> &mut bool,
) -> impl IntoView {
    let lab = lab();
    view! {
        <label class="check">
            <input
                type="checkbox"
                data-testid=testid
                prop:checked=move || *flag(&mut lab.form.get())
                on:change=move |event| {
                    let checked = event_target_checked(&event);
                    lab.form.update(|form| *flag(form) = checked);
                }
            />
            <span>{label}</span>
        </label>
    }
}
