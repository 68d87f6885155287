//! The engine files: cargo, wasm-bindgen and wasm-opt, each skipped while its input is unchanged.

use crate::project::{self, Project};
use crate::tools;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, thread};

/// What wasm-opt may use: what rustc's wasm target emits. Never `--all-features`, which makes it
/// write "compact imports", refused by Chromium 156.
pub const WASM_FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
    "--enable-relaxed-simd",
];

/// How hard wasm-opt works. Level 1 gives the smallest download and takes a fifth of the time of
/// -Os, whose files are smaller only before compression (docs/measurements.md).
const LEVEL: &str = "-O1";

/// One of the engine files.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    /// The folder it is built into and served from.
    pub name: &'static str,
    features: &'static [&'static str],
    /// Packages made small before fast.
    small: &'static [&'static str],
}

/// What writes and compiles shaders: run once a shader, and 18 % of the GPU engine's download (docs/measurements.md).
const SHADER_COMPILERS: [&str; 12] = [
    "burn-cubecl",
    "combine",
    "cubecl-core",
    "cubecl-ir",
    "cubecl-opt",
    "cubecl-std",
    "cubecl-wgpu",
    "cubek-matmul",
    "cubek-reduce",
    "cubek-std",
    "cubek-tile",
    "pliron",
];

/// The CPU engine, once plain and once with the fused multiply-add of relaxed SIMD, and the GPU engine that has WebGPU besides.
pub const ENGINES: [Engine; 3] = [
    Engine {
        name: "cpu",
        features: &[],
        small: &[],
    },
    Engine {
        name: "cpu-fma",
        features: &["--features", "relaxed-simd"],
        small: &[],
    },
    Engine {
        name: "gpu",
        features: &["--features", "webgpu"],
        small: &SHADER_COMPILERS,
    },
];

impl Engine {
    /// Where its finished files lie.
    pub fn folder(self, project: &Project) -> PathBuf {
        folder(project).join(self.name)
    }

    /// A copy of the module as cargo made it, with the names of its functions.
    pub fn raw(self, project: &Project) -> PathBuf {
        folder(project).join(format!("{}.raw.wasm", self.name))
    }

    /// The finished module.
    fn module(self, project: &Project) -> PathBuf {
        self.folder(project).join("kindling_engine_bg.wasm")
    }

    /// What its record says when it is made with these tools.
    fn made_by(self, tools: &str) -> String {
        format!("{tools}; small: {}", self.small.join(" "))
    }

    /// What tells cargo which packages to make small.
    fn sizes(self) -> impl Iterator<Item = String> {
        self.small.iter().flat_map(|package| {
            let setting = format!("profile.release.package.{package}.opt-level=\"s\"");
            ["--config".to_owned(), setting]
        })
    }

    /// The record of how the finished files were made, written last.
    fn record(self, project: &Project) -> PathBuf {
        folder(project).join(format!("{}.made-by", self.name))
    }

    /// Cargo's list of the sources the module was made of.
    fn sources(self, project: &Project) -> PathBuf {
        folder(project).join(format!("{}.d", self.name))
    }

    /// Whether the finished files were made in this way of what lies there now. Cargo cannot say: it keeps one module in one place
    /// for all engines, and so links each of them anew whenever another was linked in between.
    fn is_fresh(self, project: &Project, how: &str) -> bool {
        let record = self.record(project);
        let (Ok(made), Ok(recorded)) = (changed_at(&record), fs::read_to_string(&record)) else {
            return false;
        };
        let Ok(listed) = fs::read_to_string(self.sources(project)) else {
            return false;
        };
        let sources = source_paths(&listed);
        let settings = SETTINGS.map(|name| project.root.join(name));
        recorded == how
            && self.module(project).is_file()
            && !sources.is_empty()
            && sources
                .iter()
                .chain(&settings)
                .all(|path| changed_at(path).is_ok_and(|changed| changed < made))
    }
}

/// What decides on the engines besides their sources.
const SETTINGS: [&str; 5] = [
    "Cargo.lock",
    "Cargo.toml",
    ".cargo/config.toml",
    "app/engine/Cargo.toml",
    "crates/protocol/Cargo.toml",
];

fn changed_at(path: &Path) -> std::io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

/// The paths in a list of cargo's, `made: source source`, in which a space that belongs to a path has a backslash before it.
fn source_paths(listed: &str) -> Vec<PathBuf> {
    let Some((_, sources)) = listed.split_once(": ") else {
        return vec![];
    };
    sources
        .replace("\\ ", "\0")
        .split_whitespace()
        .map(|path| PathBuf::from(path.replace('\0', " ")))
        .collect()
}

fn folder(project: &Project) -> PathBuf {
    project.root.join("target/engines")
}

/// Builds the engines into `target/engines/`, a folder each.
///
/// # Errors
/// When a program fails, or a module has the fault of [`check_exports`].
pub fn build(project: &Project) -> Result<()> {
    fs::create_dir_all(folder(project))?;
    let tools = format!(
        "{}, wasm-bindgen {}, wasm-opt {} {LEVEL}",
        project::output(project.command("rustc").arg("--version")).context("there is no rustc")?,
        tools::wasm_bindgen_version(project)?,
        tools::wasm_opt_version(project).context("there is no wasm-opt")?,
    );
    let stale: Vec<Engine> = ENGINES
        .into_iter()
        .filter(|engine| !engine.is_fresh(project, &engine.made_by(&tools)))
        .collect();
    let mut changed = vec![];
    for &engine in &stale {
        if compile(project, engine, &engine.made_by(&tools))? {
            changed.push(engine);
        }
    }
    // npm's wasm-opt has one thread, so they run side by side.
    thread::scope(|scope| {
        let running: Vec<_> = changed
            .iter()
            .map(|&engine| scope.spawn(move || optimise(project, engine)))
            .collect();
        running.into_iter().try_for_each(|one| match one.join() {
            Ok(result) => result,
            Err(_) => bail!("wasm-opt could not be watched"),
        })
    })?;
    for engine in stale {
        fs::write(engine.record(project), engine.made_by(&tools))?;
    }
    Ok(())
}

/// Runs cargo and wasm-bindgen. Says whether the module differs from the one in place.
fn compile(project: &Project, engine: Engine, how: &str) -> Result<bool> {
    let mut cargo = project.cargo(&["build", "--release", "--package", "kindling-engine"]);
    cargo
        .args(["--target", "wasm32-unknown-unknown"])
        .args(engine.features)
        .args(engine.sizes());
    project::run(&mut cargo)?;
    let made = project
        .target
        .join("wasm32-unknown-unknown/release/kindling_engine.wasm");
    fs::copy(made.with_extension("d"), engine.sources(project))
        .context("cargo left no list of sources")?;
    let module =
        fs::read(&made).with_context(|| format!("cargo left no {}", project.shown(&made)))?;

    let raw = engine.raw(project);
    let same_way = fs::read_to_string(engine.record(project)).is_ok_and(|record| record == how);
    let same_way = same_way && engine.module(project).is_file();
    if same_way && fs::read(&raw).is_ok_and(|known| known == module) {
        println!("   the {} engine is unchanged", engine.name);
        return Ok(false);
    }
    check_exports(&module).with_context(|| format!("the {} engine", engine.name))?;
    let _ = fs::remove_file(engine.record(project));
    fs::write(&raw, &module)?;

    bindgen(project, engine, &engine.folder(project), &[])?;
    Ok(true)
}

/// Runs wasm-bindgen on the module as cargo made it.
fn bindgen(project: &Project, engine: Engine, out: &Path, more: &[&str]) -> Result<()> {
    let _ = fs::remove_dir_all(out);
    let mut bindgen = project.command("wasm-bindgen");
    bindgen.args([
        "--target",
        "web",
        "--no-typescript",
        "--out-name",
        "kindling_engine",
        "--out-dir",
    ]);
    bindgen.arg(out).args(more).arg(engine.raw(project));
    project::run(&mut bindgen)
}

/// Puts the engines into `destination` with the names of their functions, for a profile.
///
/// # Errors
/// When wasm-bindgen fails.
pub fn with_names(project: &Project, destination: &Path) -> Result<()> {
    ENGINES.into_iter().try_for_each(|engine| {
        bindgen(
            project,
            engine,
            &destination.join(engine.name),
            &["--keep-debug"],
        )
    })
}

fn optimise(project: &Project, engine: Engine) -> Result<()> {
    let module = engine.module(project);
    let smaller = module.with_extension("opt");
    let mut command = project.command("wasm-opt");
    command
        .arg(LEVEL)
        .args(WASM_FEATURES)
        .arg(&module)
        .arg("-o")
        .arg(&smaller);
    project::run(&mut command)?;
    fs::rename(&smaller, &module)?;
    Ok(())
}

/// Checks that constructors run once: a module that does not call `__wasm_call_ctors` itself gets
/// every export wrapped by the linker (`….command_export`) and runs Burn's thousands of
/// constructors at each call from JavaScript, which makes a GPU operation a hundred times slower.
///
/// # Errors
/// When the fault is there, or the module has no names to see it by.
pub fn check_exports(module: &[u8]) -> Result<()> {
    if !contains(module, b"__wasm_call_ctors") {
        bail!("has no names of functions, so that its exports cannot be checked");
    }
    if contains(module, b".command_export") {
        bail!(
            "has exports wrapped by the linker (command_export): call __wasm_call_ctors once in \
             the function marked #[wasm_bindgen(start)]"
        );
    }
    Ok(())
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// Copies the finished files into the built page.
///
/// # Errors
/// When they are not there or cannot be written.
pub fn copy_into(project: &Project, destination: &Path) -> Result<()> {
    for engine in ENGINES {
        let to = destination.join(engine.name);
        fs::create_dir_all(&to)?;
        let from = engine.folder(project);
        for file in ["kindling_engine.js", "kindling_engine_bg.wasm"] {
            fs::copy(from.join(file), to.join(file))
                .with_context(|| format!("{} is missing", project.shown(&from.join(file))))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_list_of_sources() {
        assert_eq!(
            source_paths("/t/engine.wasm: /a/src/lib.rs /with\\ space/b.rs\n"),
            [Path::new("/a/src/lib.rs"), Path::new("/with space/b.rs")]
        );
        assert!(source_paths("").is_empty());
    }

    #[test]
    fn sees_wrapped_exports_and_refuses_what_it_cannot_judge() {
        assert!(check_exports(b"..__wasm_call_ctors..start..").is_ok());
        assert!(check_exports(b"..__wasm_call_ctors..start.command_export..").is_err());
        assert!(check_exports(b"..start..").is_err());
    }
}
