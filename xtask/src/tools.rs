//! The programs that build the page: which versions are wanted, where they are found, and how
//! they are built or fetched into `target/tools` when the machine has none.

use crate::debian;
use crate::project::{self, Project};
use anyhow::{Context as _, Result, bail};
use std::fs;

/// Trunk is pinned: its minor versions change what index.html may say.
const TRUNK: &str = "0.21.14";
/// The npm packages, pinned. The newest playwright-core that runs on Debian 12's node 18.
const BINARYEN: &str = "132.0.0";
const PLAYWRIGHT: &str = "1.61.1";
/// The oldest binaryen that reads what rustc writes and has been tried.
const OLDEST_WASM_OPT: u32 = 120;

const WASM: &str = "wasm32-unknown-unknown";

/// The standard library for the browser.
///
/// # Errors
/// When it is missing and rustup is not there to add it.
pub fn wasm_target(project: &Project) -> Result<()> {
    let mut libraries = project.command("rustc");
    libraries.args(["--print", "target-libdir", "--target", WASM]);
    let there = project::output(&mut libraries)
        .is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()));
    if there {
        return Ok(());
    }
    println!(
        "   the Rust target {WASM} is missing (the page and the engines are built for it): adding it"
    );
    project::run(project.command("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("add Rust's target {WASM} yourself"))
}

/// Trunk, which builds the page.
///
/// # Errors
/// When it cannot be built.
pub fn trunk(project: &Project) -> Result<()> {
    let found = project::output(project.command("trunk").arg("--version"));
    if found.is_some_and(|text| text.ends_with(&format!(" {TRUNK}"))) {
        return Ok(());
    }
    println!("   Trunk {TRUNK} is missing (it builds the page): building it");
    // With --locked: a newer CSS crate does not fit this Trunk.
    // Without its own TLS: what it would download is on its path already.
    cargo_install(
        project,
        &[
            "trunk",
            "--version",
            TRUNK,
            "--locked",
            "--no-default-features",
        ],
        "0",
    )
}

/// The wasm-bindgen program in the version of the library in Cargo.lock: they must be equal.
///
/// # Errors
/// When it cannot be built.
pub fn wasm_bindgen(project: &Project) -> Result<()> {
    let wanted = wasm_bindgen_version(project)?;
    let found = project::output(project.command("wasm-bindgen").arg("--version"));
    if found.is_some_and(|text| text.ends_with(&format!(" {wanted}"))) {
        return Ok(());
    }
    println!(
        "   wasm-bindgen {wanted} is missing (it writes the JavaScript around wasm): building it"
    );
    // Without --locked: the lock file of the published program names versions that a registry
    // may have withdrawn.
    cargo_install(
        project,
        &[
            "wasm-bindgen-cli",
            "--version",
            &wanted,
            "--bin",
            "wasm-bindgen",
        ],
        "1",
    )
}

/// The version of wasm-bindgen in Cargo.lock.
///
/// # Errors
/// When Cargo.lock cannot be read or names none.
pub fn wasm_bindgen_version(project: &Project) -> Result<String> {
    let lock =
        fs::read_to_string(project.root.join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    locked_version(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let start = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = lock.split_once(&start)?;
    rest.split('"').next().map(str::to_owned)
}

/// Builds a program of crates.io into `target/tools`, in a cheap profile: these programs run for
/// seconds, and building them as they ask (full link-time optimisation) takes several times as
/// long. Trunk, which mostly calls others, does well unoptimised; wasm-bindgen reads tens of
/// megabytes and wants level 1. The times: docs/measurements.md.
fn cargo_install(project: &Project, what: &[&str], level: &str) -> Result<()> {
    let root = project.tools();
    let build = project.target.join("tools-build");
    let mut command = project.cargo(&["install", "--quiet", "--force"]);
    command
        .arg("--root")
        .arg(&root)
        .args(what)
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level)
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    project::run(&mut command)?;
    // The intermediate files weigh a gigabyte and are not wanted again.
    fs::remove_dir_all(&build).or_else(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Ok(())
        } else {
            Err(error)
        }
    })?;
    Ok(())
}

/// Node, which runs wasm-opt and the browser tests.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn node(project: &Project) -> Result<()> {
    let version = project::output(project.command("node").arg("--version"));
    let npm = project::output(project.command("npm").arg("--version"));
    match version.as_deref().and_then(major) {
        Some(18..) if npm.is_some() => Ok(()),
        Some(old @ ..18) => bail!("node {old} is too old: install node 18 or newer"),
        _ => debian::install(
            project,
            &["nodejs", "npm"],
            "they run wasm-opt and the browser tests",
        ),
    }
}

/// The first number of `v18.20.4`.
fn major(version: &str) -> Option<u32> {
    version
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// wasm-opt, which makes the wasm files small: one on the machine if it is new enough, else npm's.
///
/// # Errors
/// When it cannot be fetched.
pub fn wasm_opt(project: &Project) -> Result<()> {
    if wasm_opt_version(project).is_some_and(|version| version >= OLDEST_WASM_OPT) {
        return Ok(());
    }
    println!(
        "   wasm-opt is missing (it makes the wasm files small): fetching binaryen {BINARYEN} from npm"
    );
    npm_install(project, &format!("binaryen@{BINARYEN}"))
}

/// The number in `wasm-opt version 132 (version_132)`.
pub fn wasm_opt_version(project: &Project) -> Option<u32> {
    let text = project::output(project.command("wasm-opt").arg("--version"))?;
    text.split_whitespace().find_map(|word| word.parse().ok())
}

/// playwright-core, which drives Chromium in the browser tests.
///
/// # Errors
/// When it cannot be fetched.
pub fn playwright(project: &Project) -> Result<()> {
    let manifest = project
        .tools()
        .join("node_modules/playwright-core/package.json");
    let there = fs::read_to_string(manifest)
        .is_ok_and(|text| text.contains(&format!("\"version\": \"{PLAYWRIGHT}\"")));
    if there {
        return Ok(());
    }
    println!(
        "   playwright-core {PLAYWRIGHT} is missing (it drives Chromium in the tests): fetching it from npm"
    );
    npm_install(project, &format!("playwright-core@{PLAYWRIGHT}"))
}

fn npm_install(project: &Project, package: &str) -> Result<()> {
    let tools = project.tools();
    fs::create_dir_all(&tools)?;
    let mut command = project.command("npm");
    command.arg("install").arg("--prefix").arg(&tools).args([
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
        package,
    ]);
    project::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_locked_version_of_the_named_package_alone() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(
            locked_version(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(locked_version(lock, "trunk"), None);
    }

    #[test]
    fn reads_node_versions() {
        assert_eq!(major("v18.20.4"), Some(18));
        assert_eq!(major("nonsense"), None);
    }
}
