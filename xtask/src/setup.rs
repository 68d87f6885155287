//! What each chore needs of the machine. Everything missing is installed, saying what and why;
//! what is there already is used.

use crate::project::{self, Project};
use crate::{debian, tools};
use anyhow::{Context as _, Result};
use std::path::PathBuf;
use std::{env, fs};

/// The files the page fetches: the four of the data set, and the first 6,000 rows apart, so that
/// training can start at once.
const PAGE_DATA: [&str; 6] = [
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
    "train-first-6000-images-idx3-ubyte.gz",
    "train-first-6000-labels-idx1-ubyte.gz",
];

/// What building the page needs.
///
/// # Errors
/// A sentence on what could not be installed.
pub fn for_build(project: &Project) -> Result<()> {
    tools::wasm_target(project)?;
    tools::node(project)?;
    tools::wasm_opt(project)?;
    tools::wasm_bindgen(project)?;
    tools::trunk(project)
}

/// What the browser tests need besides.
///
/// # Errors
/// A sentence on what could not be installed.
pub fn for_browser(project: &Project) -> Result<()> {
    tools::node(project)?;
    tools::playwright(project)?;
    if find_chromium(project).is_none() {
        debian::install(project, &["chromium"], "the browser tests drive it")?;
    }
    chromium(project).map(drop)
}

/// A Vulkan driver: the machine's own, or Mesa's software one.
///
/// # Errors
/// A sentence on what could not be installed.
pub fn for_vulkan(project: &Project) -> Result<()> {
    let driver = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"]
        .iter()
        .any(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()));
    if driver {
        return Ok(());
    }
    debian::install(
        project,
        &["mesa-vulkan-drivers", "libvulkan1"],
        "the Vulkan tests run on Mesa's software driver",
    )
}

/// Debian's copy of Fashion-MNIST, where that can be had; elsewhere the headless program downloads
/// the files itself, so this never fails.
pub fn data_package(project: &Project) {
    if debian::has_fashion_mnist() {
        return;
    }
    let installed = debian::install(
        project,
        &["dataset-fashion-mnist"],
        "the pictures the network learns",
    );
    if let Err(error) = installed {
        println!(
            "   {error:#}\n   the headless program will look in its cache and then download the files"
        );
    }
}

/// The data as the page fetches it, made by the headless program.
///
/// # Errors
/// When the program cannot be built or finds no data anywhere.
pub fn page_data(project: &Project) -> Result<()> {
    let folder = project.data();
    if PAGE_DATA.iter().all(|name| folder.join(name).is_file()) {
        return Ok(());
    }
    println!("   {} is missing: making it", project.shown(&folder));
    // The gate has just built the program, with features that a build of its own would not have.
    let built = project.target.join("release/kindling");
    let mut command = if built.is_file() {
        project.command(&built)
    } else {
        let mut run = project.cargo(&["run", "--release", "--package", "kindling", "--bin", "kindling"]);
        run.arg("--");
        run
    };
    command.args(["prepare-data", "--out"]).arg(&folder);
    project::run(&mut command)
}

/// The browser the tests drive: `KINDLING_CHROMIUM`, or the first of the usual names.
///
/// # Errors
/// When there is none.
pub fn chromium(project: &Project) -> Result<PathBuf> {
    find_chromium(project)
        .context("there is no Chromium: install one, or name it in the environment variable KINDLING_CHROMIUM")
}

fn find_chromium(project: &Project) -> Option<PathBuf> {
    if let Some(named) = env::var_os("KINDLING_CHROMIUM") {
        return Some(named.into());
    }
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .into_iter()
    .find_map(|name| {
        let mut which = project.command("sh");
        which.args(["-c", &format!("command -v {name}")]);
        project::output(&mut which).map(PathBuf::from)
    })
}
