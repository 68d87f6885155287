//! Debian packages: which are missing, and how they are installed where that is allowed.

use crate::project::{self, Project};
use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// The packages of `wanted` that are not installed; all of them where there is no dpkg.
fn missing<'a>(project: &Project, wanted: &[&'a str]) -> Vec<&'a str> {
    let installed = |package: &str| {
        let mut query = project.command("dpkg-query");
        query.args(["-W", "-f=${Status}", package]);
        project::output(&mut query).is_some_and(|status| status == "install ok installed")
    };
    wanted
        .iter()
        .copied()
        .filter(|package| !installed(package))
        .collect()
}

/// Installs what is missing of `wanted`; `why` completes the sentence "nodejs is missing (…)".
///
/// # Errors
/// A sentence naming the packages where this machine does not let us install them.
pub fn install(project: &Project, wanted: &[&str], why: &str) -> Result<()> {
    let packages = missing(project, wanted);
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    println!("   {list} missing ({why}): installing with apt-get");
    let by_hand = || format!("install it yourself ({why}): apt-get install {list}");
    let Some(prefix) = privilege(project) else {
        bail!("installing {list} needs root or sudo; {}", by_hand());
    };
    if project::output(project.command("apt-get").arg("--version")).is_none() {
        bail!(
            "this is not a Debian machine; {}, or what your system calls it",
            by_hand()
        );
    }
    let apt = |arguments: &[&str]| {
        let mut words = prefix.to_vec();
        words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]);
        words.extend(arguments);
        let mut command = project.command(words[0]);
        command.args(&words[1..]);
        project::run(&mut command)
    };
    // The lists may be absent on a fresh machine and stale on an old one.
    apt(&["update"]).with_context(by_hand)?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(&packages);
    apt(&arguments).with_context(by_hand)
}

/// What to put before `apt-get`: nothing for root, sudo where it asks no password (a password
/// could not be typed here), `None` where neither will do.
fn privilege(project: &Project) -> Option<&'static [&'static str]> {
    let root = project::output(project.command("id").arg("-u")).is_some_and(|id| id == "0");
    let sudo = || project::output(project.command("sudo").args(["-n", "true"])).is_some();
    if root {
        Some(&[])
    } else if sudo() {
        Some(&["sudo", "-n"])
    } else {
        None
    }
}

/// True where Debian's copy of the data set lies.
pub fn has_fashion_mnist() -> bool {
    Path::new("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz").is_file()
}
