//! The headless program. All of it is in the library's `cli`, where tests can reach it.

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    kindling::cli::main()
}

/// A browser has no command line; the page's worker is another package.
#[cfg(target_family = "wasm")]
fn main() {}
