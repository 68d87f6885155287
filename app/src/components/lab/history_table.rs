//! The charts' numbers as a table, an epoch a row.

use crate::model::words;
use crate::state::lab;
use leptos::prelude::*;

/// See the module.
#[component]
pub fn HistoryTable() -> impl IntoView {
    let lab = lab();
    let rows = move || {
        lab.runs.with(|runs| {
            runs.focused().map_or_else(Vec::new, |run| {
                run.history.iter().rev().map(|m| (run.id.clone(), *m)).collect()
            })
        })
    };
    view! {
        <details class="numbers">
            <summary>"The numbers, epoch by epoch"</summary>
            <div class="numbers-scroll" tabindex="0" role="region" aria-label="Table of the run's numbers">
                <table data-testid="history-table">
                    <thead>
                        <tr>
                            <th scope="col">"Epoch"</th>
                            <th scope="col">"Step loss"</th>
                            <th scope="col">"Train loss"</th>
                            <th scope="col">"Test loss"</th>
                            <th scope="col">"Train accuracy"</th>
                            <th scope="col">"Test accuracy"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=rows
                            key=|(run, m)| (run.clone(), m.epoch, m.train_loss.to_bits())
                            children=|(_, m)| {
                                view! {
                                    <tr data-first-batch-loss=m.first_batch_loss.to_string()>
                                        <th scope="row">{m.epoch}</th>
                                        <td data-value=m.step_loss.to_string()>{words::loss(m.step_loss)}</td>
                                        <td data-value=m.train_loss.to_string()>{words::loss(m.train_loss)}</td>
                                        <td data-value=m.test_loss.to_string()>{words::loss(m.test_loss)}</td>
                                        <td data-value=m.train_acc.to_string()>{words::percent(m.train_acc)}</td>
                                        <td data-value=m.test_acc.to_string()>{words::percent(m.test_acc)}</td>
                                    </tr>
                                }
                            }
                        />
                    </tbody>
                </table>
            </div>
        </details>
    }
}
