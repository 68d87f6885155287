//! Where things lie in the repository, and how programs are run in it.

use anyhow::{Context as _, Result, bail};
use std::env;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The repository and its output folders.
pub struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
}

impl Project {
    /// Finds the repository this program was started for.
    ///
    /// # Errors
    /// When it was not started by cargo and the current folder is not the repository either.
    pub fn find() -> Result<Self> {
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => PathBuf::from(package).join(".."),
            None => env::current_dir().context("there is no current folder")?,
        };
        let root = root
            .canonicalize()
            .context("the repository's folder is gone")?;
        if !root.join("xtask").is_dir() {
            bail!(
                "{} is not Kindling's repository: run `cargo xtask` inside it",
                root.display()
            );
        }
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) => root.join(target),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Programs installed for this repository alone.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// What a static host serves.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The data as the page fetches it.
    pub fn data(&self) -> PathBuf {
        self.root.join("public/data")
    }

    /// A command that runs in the repository and finds the repository's own tools first.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let tools = self.tools();
        let mut path = vec![tools.join("bin"), tools.join("node_modules/.bin")];
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        if let Ok(joined) = env::join_paths(path) {
            command.env("PATH", joined);
        }
        // Cargo tells a program it runs about that program's package; a cargo started from here
        // must not take it for its own.
        for (name, _) in env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// `cargo` with these arguments.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments);
        command
    }

    /// A path as it is printed: relative to the repository where it lies inside.
    pub fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}

/// The command as a reader would type it.
fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn announce(command: &Command) {
    println!("   $ {}", typed(command));
}

/// Runs a command to its end, its output going to the terminal.
///
/// # Errors
/// When it cannot be started or ends with another status than 0.
pub fn run(command: &mut Command) -> Result<()> {
    announce(command);
    let status = command
        .status()
        .with_context(|| format!("`{}` cannot be started", typed(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", typed(command));
    }
    Ok(())
}

/// Runs a command, handing each line of its output to `see` as it is printed. Says whether the
/// command ended with status 0.
///
/// # Errors
/// When it cannot be started.
pub fn run_watched(command: &mut Command, mut see: impl FnMut(&str)) -> Result<bool> {
    announce(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` cannot be started", typed(command)))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.context("the output cannot be read")?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            see(&line);
        }
    }
    Ok(child.wait().context("the program was lost")?.success())
}

/// What a command prints, or `None` when it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}
