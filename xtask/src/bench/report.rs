//! What the bench found, as ratios and as the tables of `docs/measurements.md`.

use super::IN_THE_BROWSER;
use serde_json::{Value, json};

/// The figures of a speed table: kind and size.
const FIGURES: [&str; 4] = ["train 32", "train 64", "train 256", "infer 1000"];

/// The median of our speed over a peer's, turn by turn.
pub(super) fn ratio(found: &Value, peer: &str, device: &str, figure: &str) -> Option<f64> {
    let (kind, size) = figure.split_once(' ')?;
    let samples = |name: &str| -> Option<Vec<f64>> {
        let all = found["browser"]["contestants"].as_array()?;
        let one = all
            .iter()
            .find(|c| c["name"] == json!(format!("{name} ({device})")))?;
        let samples = one[kind][size]["samples"].as_array()?;
        samples.iter().map(Value::as_f64).collect()
    };
    let (ours, theirs) = (samples("kindling")?, samples(peer)?);
    Some(median(
        ours.iter().zip(&theirs).map(|(a, b)| a / b).collect(),
    ))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[odd / 2],
        even => f64::midpoint(values[even / 2 - 1], values[even / 2]),
    }
}

/// The tables for `docs/measurements.md`.
pub(super) fn table(found: &Value) -> String {
    let contestants = found["browser"]["contestants"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    [
        in_the_browser(&contestants),
        ratios(found),
        loads(&contestants),
        while_training(&found["page"]),
        natively(&found["native"]),
    ]
    .join("\n")
}

/// Speeds, start-up and WebGPU calls of each contestant in the browser.
fn in_the_browser(contestants: &[Value]) -> String {
    let mut text = String::from(
        "| in Chromium | train 32 | train 64 | train 256 | infer 1,000 | first paint, ms | first step, ms | dispatches | submits | writes |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for c in contestants {
        let spread = |value: &Value| {
            let [low, middle, high] = ["min", "median", "max"].map(|name| number(&value[name]));
            format!("{middle} ({low}–{high})")
        };
        text += &row(
            &c["name"],
            &[
                spread(&c["train"]["32"]),
                spread(&c["train"]["64"]),
                spread(&c["train"]["256"]),
                spread(&c["infer"]["1000"]),
                number(&c["startup"]["firstPaintMs"]["median"]),
                number(&c["startup"]["firstStepMs"]["median"]),
                number(&c["gpuCallsPerStep"]["dispatches"]),
                number(&c["gpuCallsPerStep"]["submits"]),
                number(&c["gpuCallsPerStep"]["writes"]),
            ],
        );
    }
    text
}

/// Our speed over each peer's.
fn ratios(found: &Value) -> String {
    let mut text = String::from(
        "| our speed over | train 32 | train 64 | train 256 | infer 1,000 |\n|---|---|---|---|---|\n",
    );
    for (name, device, _) in IN_THE_BROWSER
        .iter()
        .filter(|(name, ..)| *name != "kindling")
    {
        let cells = FIGURES.map(|figure| {
            ratio(found, name, device, figure).map_or("–".into(), |r| format!("{r:.2}"))
        });
        text += &row(&json!(format!("{name} ({device})")), &cells);
    }
    text
}

/// What each contestant fetches before its first step, in kilobytes, and what it holds after a few steps and after many, in megabytes.
fn loads(contestants: &[Value]) -> String {
    let mut text = String::from(
        "| fetched, and held | files | raw, KB | gzip, KB | brotli, KB | steps | renderer, MB | GPU process, MB | JavaScript heap, MB |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for c in contestants {
        let (bytes, memory) = (&c["bytes"], &c["memory"]);
        let kilobytes = |name: &str| scaled(&bytes[name], 1e3);
        let held = |name: &str| {
            let [early, late] = ["early", "late"].map(|when| scaled(&memory[when][name], 1e6));
            format!("{early} → {late}")
        };
        let [early, late] = ["early", "late"].map(|when| number(&memory[when]["steps"]));
        text += &row(
            &c["name"],
            &[
                number(&bytes["files"]),
                kilobytes("raw"),
                kilobytes("gzip"),
                kilobytes("brotli"),
                format!("{early} → {late}"),
                held("renderer"),
                held("gpu"),
                held("heap"),
            ],
        );
    }
    text
}

/// The page's own main thread while it trains: long tasks by the browser's word and by thread time, and the answers to Stop.
fn while_training(found: &Value) -> String {
    let mut text = String::from(
        "| the page while training | seconds | tasks over 50 ms | longest, ms | of its own thread time: over 50 ms | longest, ms | Stop, ms |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for one in found.as_array().into_iter().flatten() {
        let traced = &one["traced"];
        let stops: Vec<f64> = one["stopMs"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .collect();
        let [soonest, latest] = [f64::min, f64::max].map(|pick| stops.iter().copied().reduce(pick));
        text += &row(
            &one["device"],
            &[
                number(&one["seconds"]),
                number(&one["longTasks"]),
                number(&one["longestMs"]),
                number(&traced["overLimitByThread"]),
                number(&traced["longestThreadMs"]),
                format!("{} to {}", number(&json!(soonest)), number(&json!(latest))),
            ],
        );
    }
    text
}

/// Speeds of the native contestants, and ours over PyTorch's of the same turns.
fn natively(found: &Value) -> String {
    let mut text = String::from(
        "| natively | train 32 | train 64 | train 256 | infer 1,000 |\n|---|---|---|---|---|\n",
    );
    let samples = |name: &str, figure: &str| -> Vec<f64> {
        let samples = found[name][figure].as_array().into_iter().flatten();
        samples.filter_map(Value::as_f64).collect()
    };
    let names: Vec<&String> = found
        .as_object()
        .into_iter()
        .flat_map(|o| o.keys())
        .collect();
    for name in &names {
        let cells = FIGURES.map(|figure| number(&json!(median(samples(name, figure)))));
        text += &row(&json!(name), &cells);
    }
    for peer in names.iter().filter(|name| name.starts_with("PyTorch")) {
        let cells = FIGURES.map(|figure| {
            let (ours, theirs) = (samples("kindling (CPU)", figure), samples(peer, figure));
            let ratios = ours.iter().zip(&theirs).map(|(a, b)| a / b);
            format!("{:.2}", median(ratios.collect()))
        });
        text += &row(&json!(format!("ours on the CPU over {peer}")), &cells);
    }
    text
}

/// One line of a table.
fn row(name: &Value, cells: &[String]) -> String {
    format!(
        "| {} | {} |\n",
        name.as_str().unwrap_or_default(),
        cells.join(" | ")
    )
}

/// Three digits or so; a dash where nothing was measured.
fn number(value: &Value) -> String {
    match value.as_f64() {
        None => "–".to_owned(),
        Some(n) if n >= 100.0 || n.fract() == 0.0 => format!("{n:.0}"),
        Some(n) if n >= 10.0 => format!("{n:.1}"),
        Some(n) => format!("{n:.2}"),
    }
}

/// As [`number`], in units of so many.
fn scaled(value: &Value, unit: f64) -> String {
    value
        .as_f64()
        .map_or("–".into(), |n| number(&json!(n / unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_turn_by_turn() {
        let one = |name: &str, samples: [f64; 3]| json!({ "name": name, "train": { "32": { "samples": samples } } });
        let found = json!({ "browser": { "contestants": [
            one("kindling (cpu)", [30.0, 3.0, 40.0]),
            one("jax-js (cpu)", [10.0, 1.0, 10.0]),
        ] } });
        // A machine that is ten times slower in the second turn changes nothing.
        assert_eq!(ratio(&found, "jax-js", "cpu", "train 32"), Some(3.0));
        assert_eq!(ratio(&found, "jax-js", "webgpu", "train 32"), None);
    }
}
