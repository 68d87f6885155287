//! The two charts, side by side where there is room: loss and accuracy, one cursor over both.

use super::chart::Chart;
use crate::model::curves::curves;
use crate::state::lab;
use kindling_plot::{ChartKind, YScale};
use leptos::prelude::*;

/// See the module.
#[component]
pub fn Charts() -> impl IntoView {
    let lab = lab();
    let data = Memo::new(move |_| lab.runs.with(curves));
    let spread = RwSignal::new(YScale::Linear);
    let cursor = RwSignal::new(None::<usize>);
    view! {
        <div class="charts">
            <Chart kind=ChartKind::Loss data=data spread=spread cursor=cursor>
                <label class="check chart-log">
                    <input
                        type="checkbox"
                        data-testid="log-scale"
                        on:change=move |event| {
                            spread.set(if event_target_checked(&event) { YScale::Log } else { YScale::Linear });
                        }
                    />
                    <span>"log scale"</span>
                </label>
            </Chart>
            <Chart kind=ChartKind::Accuracy data=data spread=spread cursor=cursor>
                ""
            </Chart>
        </div>
    }
}
