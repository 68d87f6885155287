//! The page: Trunk's build with the engines and the data beside it, and the sizes of what is served.

use crate::project::{self, Project};
use crate::steps::{Steps, Tally};
use crate::{engines, setup};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// Set-up, data and `dist/` for `cargo xtask play`.
///
/// # Errors
/// The first thing that failed.
pub fn build_for_play(project: &Project, steps: &mut Steps) -> Result<()> {
    steps.run("set-up", || {
        setup::for_build(project)?;
        setup::data_package(project);
        Ok(())
    })?;
    steps.run("data", || setup::page_data(project))?;
    build(project, steps)
}

/// `cargo xtask dist`: everything a static host needs, and its sizes against the budgets.
///
/// # Errors
/// The first thing that failed; a file over its budget.
pub fn build_and_measure(project: &Project, steps: &mut Steps) -> Result<()> {
    build_for_play(project, steps)?;
    steps.run("sizes", || check_sizes(project, &mut Tally::default()))
}

/// The engines and the page into `dist/`.
///
/// # Errors
/// The first thing that failed.
pub fn build(project: &Project, steps: &mut Steps) -> Result<()> {
    steps.run("engines", || engines::build(project))?;
    steps.run("page", || {
        let mut trunk = project.command("trunk");
        // Offline: the programs Trunk would fetch have been put on its path by the set-up.
        trunk.args([
            "build",
            "--release",
            "--offline",
            "--skip-version-check",
            "--public-url",
            "./",
        ]);
        // Trunk reads NO_COLOR as a flag that must be true or false.
        trunk.env_remove("NO_COLOR");
        project::run(&mut trunk)?;
        engines::copy_into(project, &project.dist().join("engines"))?;
        check_parts(project)
    })
}

/// What the page fetches by name must be there.
fn check_parts(project: &Project) -> Result<()> {
    for part in [
        "index.html",
        "engines/cpu/kindling_engine_bg.wasm",
        "engines/cpu-fma/kindling_engine_bg.wasm",
        "engines/gpu/kindling_engine_bg.wasm",
    ] {
        if !project.dist().join(part).is_file() {
            bail!("dist/{part} is missing");
        }
    }
    Ok(())
}

/// A part of `dist/` that a visitor loads as one, and how large it may be.
struct Budget {
    name: &'static str,
    /// Bytes at most, compressed with brotli.
    brotli: u64,
    holds: fn(&Path) -> bool,
}

const BUDGETS: [Budget; 4] = [
    Budget {
        name: "page",
        brotli: 400_000,
        holds: |path| !path.starts_with("engines") && !path.starts_with("data"),
    },
    Budget {
        name: "CPU engine",
        brotli: 1_200_000,
        holds: |path| path.starts_with("engines/cpu-fma"),
    },
    Budget {
        name: "plain SIMD",
        brotli: 1_200_000,
        holds: |path| path.starts_with("engines/cpu"),
    },
    Budget {
        name: "GPU engine",
        brotli: 2_200_000,
        holds: |path| path.starts_with("engines/gpu"),
    },
];

/// Prints the sizes of `dist/` and holds them to the budgets, a test each.
///
/// # Errors
/// When a part is over its budget.
pub fn check_sizes(project: &Project, tally: &mut Tally) -> Result<()> {
    let dist = project.dist();
    let mut files = vec![];
    list(&dist, &dist, &mut files)?;
    let mut too_large = vec![];
    println!(
        "   {:<12}{:>14}{:>14}{:>14}{:>14}",
        "bytes", "raw", "gzip", "brotli", "budget"
    );
    for budget in BUDGETS {
        let paths: Vec<PathBuf> = files
            .iter()
            .filter(|path| (budget.holds)(path))
            .map(|path| dist.join(path))
            .collect();
        let [raw, gzip, brotli] = compressed(project, &paths)?;
        println!(
            "   {:<12}{raw:>14}{gzip:>14}{brotli:>14}{:>14}",
            budget.name, budget.brotli
        );
        if brotli == 0 || brotli > budget.brotli {
            tally.failed += 1;
            too_large.push(format!(
                "{} is {brotli} bytes, its budget is {}",
                budget.name, budget.brotli
            ));
        } else {
            tally.passed += 1;
        }
    }
    if !too_large.is_empty() {
        bail!("{}", too_large.join("; "));
    }
    Ok(())
}

/// Bytes of the files as they are, with gzip and with brotli, each at its best, summed. Node has
/// both built in, and a thread a file.
fn compressed(project: &Project, paths: &[PathBuf]) -> Result<[u64; 3]> {
    const SCRIPT: &str = "
        const { promisify } = require('node:util'), zlib = require('node:zlib'), fs = require('node:fs');
        const gzip = promisify(zlib.gzip), brotli = promisify(zlib.brotliCompress);
        Promise.all(process.argv.slice(1).map(async (path) => {
            const bytes = fs.readFileSync(path);
            const packed = await Promise.all([gzip(bytes, { level: 9 }), brotli(bytes)]);
            return [bytes.length, ...packed.map((p) => p.length)];
        })).then((sizes) => console.log([0, 1, 2].map((i) => sizes.reduce((sum, s) => sum + s[i], 0)).join(' ')));
    ";
    let mut node = project.command("node");
    node.args(["-e", SCRIPT, "--"]).args(paths);
    let text = project::output(&mut node).context("node could not compress the files")?;
    let numbers: Vec<u64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    <[u64; 3]>::try_from(numbers)
        .map_err(|_| anyhow::anyhow!("node printed \"{text}\" for the sizes"))
}

/// All files under `folder`, relative to `base`.
fn list(base: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| {
        format!(
            "{} cannot be read: run `cargo xtask dist`",
            folder.display()
        )
    })?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            list(base, &path, files)?;
        } else if let Ok(relative) = path.strip_prefix(base) {
            files.push(relative.to_owned());
        }
    }
    Ok(())
}
