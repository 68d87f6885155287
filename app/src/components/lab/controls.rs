//! The experiment: presets, the button that trains it, and every setting.

use super::data_line::DataLine;
use super::device_field::DeviceField;
use super::field::{Bounds, CheckField, NumberField};
use super::layers::Layers;
use crate::model::form::{Field, Form};
use crate::model::routing::EngineStatus;
use crate::model::words;
use crate::state::lab;
use kindling_protocol::{Activation, LIMITS, Preset};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Controls() -> impl IntoView {
    let lab = lab();
    let preset = move || lab.form.with(|form| form.config().ok().and_then(|c| c.preset()));
    let no_engine = move || lab.engines.with(|e| matches!(e.cpu, EngineStatus::Missing(_)));
    let disabled = move || lab.problem.with(Option::is_some) || no_engine();
    // Settings start folded where the page is narrow, so that the curves are in sight.
    let wide = window().match_media("(min-width: 900px)").ok().flatten().is_none_or(|q| q.matches());
    view! {
        <section class="panel" aria-label="Experiment">
            <h2>"Experiment"</h2>
            <div class="segments" role="group" aria-label="Presets">
                {Preset::ALL
                    .map(|choice| {
                        view! {
                            <button
                                data-testid=format!("preset-{}", choice.key())
                                aria-pressed=move || (preset() == Some(choice)).to_string()
                                on:click=move |_| lab.choose(choice)
                            >
                                {choice.label()}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <p class="summary" data-testid="summary">
                {move || lab.form.with(summary)}
            </p>
            <button
                class="primary train"
                data-testid="train"
                disabled=disabled
                on:click=move |_| lab.train()
            >
                "Train"
            </button>
            <p class="problem" role="alert" data-testid="problem">
                {move || lab.problem.get().map(|problem| problem.sentence)}
            </p>
            <DataLine />
            <details class="settings" open=wide>
                <summary data-testid="settings">"All settings"</summary>
                <Settings />
            </details>
        </section>
    }
    .into_any()
}

/// The experiment in a line: "784-128-64-10 · ReLU · 109,386 numbers to learn".
fn summary(form: &Form) -> String {
    form.config().map_or_else(
        |_| String::new(),
        |config| {
            let mut widths = vec![784];
            widths.extend(&config.hidden);
            widths.push(10);
            let layers: Vec<String> = widths.iter().map(ToString::to_string).collect();
            format!(
                "{} · {} weights · {} training and {} test pictures",
                layers.join("-"),
                words::count(config.parameters()),
                words::count(config.train_rows()),
                words::count(config.test_rows()),
            )
        },
    )
}

#[component]
fn Settings() -> impl IntoView {
    let lab = lab();
    view! {
        <fieldset>
            <legend>"Network"</legend>
            <Layers />
            <div class="fields">
                <label class="field">
                    <span>"Activation"</span>
                    <select
                        data-testid="activation"
                        prop:value=move || lab.form.with(|form| form.activation.key())
                        on:change=move |event| {
                            if let Some(chosen) = Activation::from_key(&event_target_value(&event)) {
                                lab.form.update(|form| form.activation = chosen);
                            }
                        }
                    >
                        {Activation::ALL.map(|a| view! { <option value=a.key()>{a.label()}</option> }).collect_view()}
                    </select>
                </label>
                <NumberField label="Dropout" testid="dropout" field=Field::Dropout bounds=Bounds::decimal(0.0, 0.95, 0.05) text=|f| &mut f.dropout />
            </div>
            <CheckField label="Batch norm after every hidden layer" testid="batch-norm" flag=|f| &mut f.batch_norm />
        </fieldset>
        <fieldset>
            <legend>"Optimizer (SGD)"</legend>
            <div class="fields">
                <NumberField label="Learning rate" testid="learning-rate" field=Field::LearningRate bounds=Bounds::decimal(0.0, LIMITS.learning_rate, 0.01) text=|f| &mut f.learning_rate />
                <NumberField label="Momentum" testid="momentum" field=Field::Momentum bounds=Bounds::decimal(0.0, 0.99, 0.1) text=|f| &mut f.momentum />
                <NumberField label="Weight decay" testid="weight-decay" field=Field::WeightDecay bounds=Bounds::decimal(0.0, LIMITS.weight_decay, 0.0001) text=|f| &mut f.weight_decay />
                <NumberField label="Batch size" testid="batch-size" field=Field::BatchSize bounds=Bounds::whole(1, LIMITS.rows.1, 1) text=|f| &mut f.batch_size />
            </div>
        </fieldset>
        <fieldset>
            <legend>"Data and length"</legend>
            <div class="fields">
                <NumberField label="Rows of data" testid="rows" field=Field::Rows bounds=Bounds::whole(LIMITS.rows.0, LIMITS.rows.1, 1) text=|f| &mut f.rows />
                <NumberField label="Epochs" testid="epochs" field=Field::Epochs bounds=Bounds::whole(LIMITS.epochs.0, LIMITS.epochs.1, 1) text=|f| &mut f.epochs />
                <NumberField label="Seed" testid="seed" field=Field::Seed bounds=Bounds::from(0) text=|f| &mut f.seed />
            </div>
            <DeviceField />
        </fieldset>
    }
    .into_any()
}
