//! The house rules that no compiler holds: sizes of files, who may name what, nothing of one
//! machine in the text, no data in the repository. Each rule counts as a test.

use crate::project::{self, Project};
use crate::steps::Tally;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Lines a source file may have.
const LONGEST: usize = 700;
/// Bytes a file may have: recorded numbers and pictures fit, a data set does not.
const LARGEST: usize = 1_000_000;
/// Folders that hold nothing written here.
const SKIPPED: [&str; 6] = [
    "target",
    "dist",
    "node_modules",
    ".git",
    "public/data",
    "Cargo.lock",
];

/// A file of the repository.
struct File {
    /// Relative to the repository, with slashes.
    path: String,
    bytes: Vec<u8>,
}

impl File {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    fn is(&self, extensions: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    fn under(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }
}

type Rule = fn(&[File]) -> Vec<String>;

const RULES: [(&str, Rule); 7] = [
    ("no source file over 700 lines", short_files),
    ("every Rust file says what it is", opening_lines),
    ("nothing of one machine in the text", no_machine_paths),
    ("no data set in the repository", no_data),
    ("only tensor, ops and device name Burn", burn_stays_inside),
    (
        "cfg(target_family) stays in its modules",
        platform_stays_inside,
    ),
    (
        "every CSS custom property is defined and used",
        css_properties,
    ),
];

/// Holds every rule, printing what breaks one.
///
/// # Errors
/// When a rule is broken.
pub fn run(project: &Project, tally: &mut Tally) -> Result<()> {
    let mut files = vec![];
    read(&project.root, &project.root, &mut files).context("the repository cannot be read")?;
    let mut broken = 0;
    let mut hold = |name: &str, found: &[String]| {
        if found.is_empty() {
            tally.passed += 1;
            return;
        }
        tally.failed += 1;
        broken += 1;
        println!("   broken: {name}");
        for line in found {
            println!("      {line}");
        }
    };
    for (name, rule) in RULES {
        hold(name, &rule(&files));
    }
    hold(
        "the page's package has no Burn in it",
        &page_without_burn(project)?,
    );
    if broken > 0 {
        bail!("{broken} of the house rules are broken");
    }
    Ok(())
}

fn read(root: &Path, folder: &Path, files: &mut Vec<File>) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let relative = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        let name = relative.rsplit('/').next().unwrap_or_default();
        if SKIPPED.contains(&relative.as_str()) || SKIPPED.contains(&name) {
            continue;
        }
        if path.is_dir() {
            read(root, &path, files)?;
        } else {
            files.push(File {
                bytes: fs::read(&path)?,
                path: relative,
            });
        }
    }
    Ok(())
}

fn short_files(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is(&["rs", "mjs", "js", "css", "html"]))
        .map(|file| (file, file.text().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect()
}

fn opening_lines(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is(&["rs"]) && !file.text().starts_with("//!"))
        .map(|file| format!("{}: does not begin with `//!`", file.path))
        .collect()
}

fn no_machine_paths(files: &[File]) -> Vec<String> {
    // Put together here, so that this file does not break its own rule.
    let homes = ["root", "home", "work", "Users"].map(|name| format!("/{name}/"));
    let mut found = vec![];
    for file in files {
        for (number, line) in (1..).zip(file.text().lines()) {
            let starts = |home: &String| {
                line.match_indices(home.as_str()).any(|(at, _)| {
                    // Inside a longer path, as in `docs/work/plan`, it is the repository's.
                    !line[..at].ends_with(|before: char| {
                        before.is_alphanumeric() || "._-~)>*".contains(before)
                    })
                })
            };
            if homes.iter().any(starts) {
                found.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    found
}

fn no_data(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| {
            file.bytes.len() > LARGEST
                || file.is(&["gz", "npy", "npz", "idx", "bin", "safetensors", "parquet"])
                || file.path.contains("ubyte")
        })
        .map(|file| format!("{}: {} bytes", file.path, file.bytes.len()))
        .collect()
}

/// Burn, its runtime and its macros, as Rust code names them.
fn names_burn(line: &str) -> bool {
    let code = line.trim_start();
    !code.starts_with("//")
        && ["burn", "burn_wgpu", "cubecl"].iter().any(|name| {
            code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                .any(|word| word.starts_with(&format!("{name}::")))
        })
}

fn burn_stays_inside(files: &[File]) -> Vec<String> {
    let allowed = ["src/tensor", "src/ops", "src/device", "tests/", "xtask/"];
    lines_outside(files, &allowed, names_burn)
}

fn platform_stays_inside(files: &[File]) -> Vec<String> {
    let allowed = [
        "src/platform",
        "src/device",
        "src/lib.rs",
        "src/main.rs",
        "app/",
        "xtask/",
    ];
    lines_outside(files, &allowed, |line| {
        line.contains("target_family") || line.contains("target_arch")
    })
}

fn lines_outside(files: &[File], allowed: &[&str], breaks: fn(&str) -> bool) -> Vec<String> {
    let mut found = vec![];
    for file in files
        .iter()
        .filter(|file| file.is(&["rs"]) && !file.under(allowed))
    {
        for (number, line) in (1..).zip(file.text().lines()) {
            if breaks(line) {
                found.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    found
}

/// A property nobody uses is dead; one nobody defines is a mistake in typing.
fn css_properties(files: &[File]) -> Vec<String> {
    let mut defined = BTreeSet::new();
    let mut used = BTreeSet::new();
    for file in files.iter().filter(|file| {
        file.is(&["css", "html", "rs", "js", "mjs"]) && !file.under(&["xtask/", "docs/"])
    }) {
        let text = file.text();
        for (at, _) in text.match_indices("--") {
            let name: String = text[at + 2..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .collect();
            let before = text[..at].trim_end();
            let after = text[at + 2 + name.len()..].trim_start();
            if name.is_empty() {
                continue;
            }
            let in_styles = file.is(&["css", "html"])
                && after.starts_with(':')
                && before.ends_with(['{', ';', '/']);
            if in_styles || file.is(&["rs"]) && file.under(&["app/"]) && set_inline(before, after) {
                defined.insert(name);
            } else if before.ends_with("var(") || (file.is(&["rs", "js"]) && before.ends_with('"'))
            {
                // Rust and JavaScript read or set a property by its quoted name.
                used.insert(name);
            }
        }
    }
    let unused = defined
        .difference(&used)
        .map(|name| format!("--{name} is defined and not used"));
    let undefined = used
        .difference(&defined)
        .filter(|name| {
            files
                .iter()
                .any(|file| file.text().contains(&format!("var(--{name}")))
        })
        .map(|name| format!("--{name} is used and not defined"));
    unused.chain(undefined).collect()
}

/// Whether the page sets the property on an element: `style=("--name", …)`, or `--name:` in a string.
fn set_inline(before: &str, after: &str) -> bool {
    let Some(attribute) = before.strip_suffix('"') else {
        return after.starts_with(':') && before.ends_with(';');
    };
    after.starts_with(':') || attribute.trim_end().ends_with("style=(")
}

/// What cargo would build into the page must not hold the engine's libraries.
fn page_without_burn(project: &Project) -> Result<Vec<String>> {
    let mut tree = project.cargo(&[
        "tree",
        "--package",
        "kindling-app",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]);
    tree.args(["--target", "wasm32-unknown-unknown"]);
    let text = project::output(&mut tree).context("`cargo tree --package kindling-app` failed")?;
    let mut found: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| {
            *name == "kindling"
                || ["burn", "cubecl", "wgpu"]
                    .iter()
                    .any(|start| name.starts_with(start))
        })
        .map(|name| format!("kindling-app depends on {name}"))
        .collect();
    found.sort();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File {
            path: path.into(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_machine_path_is_found_and_a_repository_path_is_not() {
        let machine = format!("let a = \"/{}/me/x\";", "home");
        let files = [
            file("a.rs", &machine),
            file("b.md", "see docs/work/plan.md"),
        ];
        let found = no_machine_paths(&files);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("a.rs:1:"));
    }

    #[test]
    fn burn_may_be_named_inside_and_in_comments() {
        let text = "//! x\n// burn::Tensor\nuse burn::Tensor;\nlet sunburn::x;\n";
        assert_eq!(
            burn_stays_inside(&[file("src/nn/linear.rs", text)]).len(),
            1
        );
        assert!(burn_stays_inside(&[file("src/ops/mod.rs", text)]).is_empty());
    }

    #[test]
    fn css_properties_are_matched_up() {
        let css = ":root{--a:1; --b: 2;\n --c:3}\np{color:var(--a);margin:var(--d)}";
        let rust = "style.get(\"--b\")";
        let found = css_properties(&[file("s.css", css), file("app/x.rs", rust)]);
        assert_eq!(
            found,
            ["--c is defined and not used", "--d is used and not defined"]
        );
    }

    #[test]
    fn the_page_defines_what_it_sets_on_an_element() {
        let css = "p{width:var(--a);height:var(--b);top:var(--c)}";
        let rust = "<p style=(\"--a\", a)><p style=\"--b: 1;--c:2;--d:3\"> style.get(\"--e\")";
        let held = |path| css_properties(&[file("s.css", css), file(path, rust)]);
        assert_eq!(held("app/src/x.rs"), ["--d is defined and not used"]);
        // Only the page has elements.
        assert_eq!(held("src/x.rs").len(), 3);
    }

    #[test]
    fn long_files_unnamed_files_and_data_are_found() {
        let long = "x\n".repeat(LONGEST + 1);
        assert_eq!(short_files(&[file("a.rs", &long)]).len(), 1);
        assert_eq!(
            opening_lines(&[file("a.rs", "use x;"), file("b.rs", "//! B.")]).len(),
            1
        );
        assert_eq!(
            no_data(&[file("d/train-images-idx3-ubyte", ""), file("e.json", "")]).len(),
            1
        );
    }
}
