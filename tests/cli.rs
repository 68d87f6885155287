//! The headless program as a user meets it: what it prints, writes and exits with.

use kindling_protocol::{EpochMetrics, ExperimentConfig, Preset};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

type Test = Result<(), Box<dyn std::error::Error>>;

/// A run of seconds on generated pictures.
const SMALL: [&str; 12] = [
    "train", "--data", "stand-in", "--device", "cpu", "--rows", "200", "--epochs", "2", "--layers",
    "16", "--json",
];

fn kindling(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kindling"));
    command.args(arguments).env_remove("KINDLING_DATA");
    command
}

fn run(arguments: &[&str]) -> Result<Output, std::io::Error> {
    kindling(arguments).output()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_string()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A folder of this test's own, not there yet.
fn no_folder(name: &str) -> Result<PathBuf, std::io::Error> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("cli")
        .join(name);
    // A test that failed may have left a folder, or the file of the test on unwritable ones.
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
    } else if folder.exists() {
        std::fs::remove_file(&folder)?;
    }
    Ok(folder)
}

/// Fails with one sentence and the exit code, having printed nothing else.
#[track_caller]
fn refused(output: &Output, code: i32, sentence: &str) {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(sentence), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert_eq!(stdout(output), "");
}

#[test]
fn a_device_that_is_not_there_is_refused_before_any_work() -> Test {
    let out = no_folder("no-device")?;
    let path = out.display().to_string();
    // No native build has WebGPU. The data folder, which would fail later, is not looked at.
    let output = run(&[
        "train", "--device", "webgpu", "--data", "/nowhere", "--out", &path,
    ])?;
    refused(&output, 3, "no webgpu");
    assert!(!out.exists());
    Ok(())
}

#[test]
fn a_configuration_out_of_bounds_is_refused_before_any_work() -> Test {
    for (flags, sentence) in [
        (&["--rows", "0"][..], "0 rows of data: use 10 to 60000."),
        (&["--rows", "70000"], "70000 rows of data"),
        (
            &["--rows", "20", "--batch-size", "17"],
            "larger than the 16 training rows",
        ),
        (&["--batch-size", "0"], "batch_size should be a positive"),
        (
            &["--preset", "improved", "--batch-size", "1"],
            "more than 1 value per channel",
        ),
        (&["--lr", "0"], "Invalid learning rate: 0."),
        (&["--dropout", "1.5"], "between 0 and 1, but got 1.5"),
        (&["--epochs", "0"], "0 epochs: use 1 to 1000."),
        (&["--layers", "0"], "Hidden layer 1 has 0 units"),
    ] {
        let mut arguments = vec!["train", "--data", "/nowhere"];
        arguments.extend(flags);
        refused(&run(&arguments)?, 2, sentence);
    }
    let output = run(&["train", "--layers", "12x3"])?;
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("such as 128-64"));
    Ok(())
}

#[test]
fn data_that_is_not_there_is_refused() -> Test {
    let output = run(&["train", "--device", "cpu", "--data", "/nowhere"])?;
    refused(
        &output,
        1,
        "There is no train-images-idx3-ubyte.gz in /nowhere.",
    );
    let out = no_folder("prepared")?;
    let path = out.display().to_string();
    let output = run(&["prepare-data", "--data", "stand-in", "--out", &path])?;
    refused(&output, 1, "The site needs the real data");
    assert!(!out.exists());
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_before_training() -> Test {
    let file = no_folder("a-file")?;
    std::fs::create_dir_all(file.parent().ok_or("no parent")?)?;
    std::fs::write(&file, "")?;
    let path = file.display().to_string();
    let output = run(&[
        "train", "--device", "cpu", "--data", "/nowhere", "--out", &path,
    ])?;
    refused(&output, 1, "cannot be written to");
    std::fs::remove_file(&file)?;
    Ok(())
}

#[test]
fn json_has_an_object_an_epoch_with_pytorch_s_field_names() -> Test {
    let output = run(&SMALL)?;
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let lines: Vec<Value> = stdout(&output)
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert_eq!(lines.len(), 2);

    let recorded: Value = serde_json::from_str(include_str!("golden/presets.json"))?;
    let fields = recorded["runs"][0]["history"][0]
        .as_object()
        .ok_or("no history")?;
    let mut wanted: Vec<&str> = fields.keys().map(String::as_str).collect();
    wanted.extend(["epoch", "run", "device"]);
    wanted.sort_unstable();
    let config = ExperimentConfig {
        rows: 200,
        epochs: 2,
        hidden: vec![16],
        ..Preset::Baseline.config()
    };
    for (at, line) in lines.iter().enumerate() {
        let mut names: Vec<&str> = line
            .as_object()
            .ok_or("no object")?
            .keys()
            .map(String::as_str)
            .collect();
        names.sort_unstable();
        assert_eq!(names, wanted);
        assert_eq!(line["epoch"], at + 1);
        assert_eq!(line["run"], config.run_id().0);
        assert_eq!(line["device"], "cpu");
    }
    assert!(lines[1]["train_loss"].as_f64() < lines[0]["first_batch_loss"].as_f64());
    // The stand-in is named where a reader of the terminal sees it.
    assert!(stderr(&output).contains("standing in for Fashion-MNIST"));
    // The same command gives the same numbers.
    assert_eq!(stdout(&run(&SMALL)?), stdout(&output));
    Ok(())
}

#[test]
fn out_leaves_history_curves_and_a_state_dict() -> Test {
    let out = no_folder("out")?;
    let path = out.display().to_string();
    let output = run(&[
        "train", "--data", "stand-in", "--device", "cpu", "--preset", "improved", "--rows", "200",
        "--epochs", "6", "--layers", "16-8", "--out", &path,
    ])?;
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let printed = stdout(&output);
    assert!(
        printed.contains("200 rows of the stand-in, not Fashion-MNIST, on cpu"),
        "{printed}"
    );
    assert!(printed.contains("epoch 6/6  loss: train "), "{printed}");

    let csv = std::fs::read_to_string(out.join("history.csv"))?;
    let mut rows = csv.lines();
    assert_eq!(
        rows.next(),
        Some("epoch,step_loss,first_batch_loss,train_loss,test_loss,train_acc,test_acc")
    );
    assert_eq!(rows.clone().count(), 6);
    assert!(rows.all(|r| {
        r.split(',')
            .all(|v| v.parse::<f64>().is_ok_and(f64::is_finite))
    }));
    let svg = std::fs::read_to_string(out.join("curves.svg"))?;
    assert!(svg.trim_start().starts_with("<svg") && svg.contains("stand-in"));
    assert_eq!(
        std::fs::read(out.join("curves.png"))?[..8],
        *b"\x89PNG\r\n\x1a\n"
    );

    let bytes = std::fs::read(out.join("model.safetensors"))?;
    let model = SafeTensors::deserialize(&bytes)?;
    // PyTorch's names for Sequential(Linear, BatchNorm1d, ReLU, Dropout, Linear, BatchNorm1d, ReLU, Dropout, Linear).
    let mut names: Vec<&str> = model.names().into_iter().collect();
    names.sort_unstable();
    let fields = [
        "weight",
        "bias",
        "running_mean",
        "running_var",
        "num_batches_tracked",
    ];
    let mut wanted: Vec<String> = ["1", "5"]
        .iter()
        .flat_map(|norm| fields.map(|f| format!("{norm}.{f}")))
        .chain(
            ["0", "4", "8"]
                .iter()
                .flat_map(|linear| fields[..2].iter().map(move |f| format!("{linear}.{f}"))),
        )
        .collect();
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    let first = model.tensor("0.weight")?;
    assert_eq!((first.dtype(), first.shape()), (Dtype::F32, &[16, 784][..]));
    let batches = model.tensor("1.num_batches_tracked")?;
    assert_eq!((batches.dtype(), batches.shape()), (Dtype::I64, &[][..]));
    // 160 training rows in batches of 32, six times.
    assert_eq!(batches.data(), 30i64.to_le_bytes());
    Ok(())
}

#[test]
fn a_run_that_diverges_ends_with_a_sentence_and_keeps_its_curves() -> Test {
    let out = no_folder("diverged")?;
    let path = out.display().to_string();
    // Each step multiplies the weights by 1 - 100 * 10: they overflow within the second epoch.
    let mut arguments = SMALL.to_vec();
    arguments.extend([
        "--epochs",
        "50",
        "--lr",
        "100",
        "--weight-decay",
        "10",
        "--out",
        &path,
    ]);
    let arguments: Vec<&str> = without_first(&arguments, "--epochs");
    let output = run(&arguments)?;
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(4), "{text}");
    assert!(
        text.contains("The loss is no longer a number at step"),
        "{text}"
    );
    assert!(
        text.contains("Diverged in epoch") && text.contains("Try learning rate"),
        "{text}"
    );
    assert!(out.join("history.csv").is_file());
    assert!(!out.join("model.safetensors").exists());
    Ok(())
}

/// Drops the first `flag` and its value: clap takes a flag once.
fn without_first<'a>(arguments: &[&'a str], flag: &str) -> Vec<&'a str> {
    let mut kept = arguments.to_vec();
    if let Some(at) = kept.iter().position(|a| *a == flag) {
        kept.drain(at..at + 2);
    }
    kept
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_and_keeps_what_was_done() -> Test {
    let out = no_folder("stopped")?;
    let path = out.display().to_string();
    let mut arguments = without_first(&SMALL, "--epochs");
    arguments.extend(["--epochs", "1000", "--out", &path]);
    let mut child = kindling(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no stdout")?).lines();
    let first: EpochMetrics = epoch_of(&lines.next().ok_or("no line")??)?;
    assert_eq!(first.epoch, 1);
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()?;
    assert!(interrupt.success());
    let rest = lines.count();
    let mut text = String::new();
    child
        .stderr
        .take()
        .ok_or("no stderr")?
        .read_to_string(&mut text)?;
    assert_eq!(child.wait()?.code(), Some(130), "{text}");
    assert!(text.contains("of 1000 epochs."), "{text}");
    let csv = std::fs::read_to_string(out.join("history.csv"))?;
    assert_eq!(csv.lines().count(), 1 + 1 + rest);
    assert!(rest < 900);
    assert!(out.join("model.safetensors").is_file());
    Ok(())
}

/// A line of `--json` without what `EpochMetrics` does not have.
fn epoch_of(line: &str) -> Result<EpochMetrics, serde_json::Error> {
    let mut value: Value = serde_json::from_str(line)?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| name != "run" && name != "device");
    }
    serde_json::from_value(value)
}

#[test]
fn devices_are_listed_with_their_speed_or_why_they_are_missing() -> Test {
    let output = run(&["devices"])?;
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let printed = stdout(&output);
    let line = |key: &str| {
        printed
            .lines()
            .find(|l| l.starts_with(key))
            .unwrap_or_default()
            .to_string()
    };
    assert!(
        line("cpu").contains("steps/s with batches of 32"),
        "{printed}"
    );
    for key in ["vulkan", "cuda"] {
        let line = line(key);
        assert!(
            line.contains("steps/s") || line.contains("missing: "),
            "{printed}"
        );
    }
    if !cfg!(feature = "cuda") {
        assert!(line("cuda").contains("--features cuda"), "{printed}");
    }
    Ok(())
}
