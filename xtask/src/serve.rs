//! A small static server: the built page on localhost, for visitors of `play` and for the tests.

use crate::project::Project;
use anyhow::{Context as _, Result, anyhow, bail};
use std::fs::File;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// Tried from here on when no port is asked for.
const FIRST_PORT: u16 = 8080;
/// A page fetches several files at once.
const THREADS: usize = 4;

/// A folder served under a path.
struct Site {
    root: PathBuf,
    /// Starts and ends with a slash.
    prefix: String,
}

/// A running server. It runs until the program ends.
pub struct Running {
    /// The address of the page.
    pub address: String,
    threads: Vec<thread::JoinHandle<()>>,
}

/// Serves `dist/` until Ctrl-C.
///
/// # Errors
/// When there is nothing to serve, or no port to serve it on.
pub fn play(project: &Project, port: Option<u16>) -> Result<()> {
    if !project.dist().join("index.html").is_file() {
        bail!("there is no built page in dist/: run `cargo xtask play` without --no-build");
    }
    let running = start(&project.dist(), "/", port)?;
    println!("\nKindling is at {}   (Ctrl-C ends it)", running.address);
    for thread in running.threads {
        thread.join().map_err(|_| anyhow!("the server stopped"))?;
    }
    Ok(())
}

/// Serves `root` under `prefix` on `port`, or on the first free one from 8080 on.
///
/// # Errors
/// When the port is taken.
pub fn start(root: &Path, prefix: &str, port: Option<u16>) -> Result<Running> {
    let (server, port) = match port {
        Some(port) => {
            let server = Server::http(("127.0.0.1", port)).map_err(|error| {
                anyhow!("port {port} cannot be used ({error}): name another with --port")
            })?;
            (server, port)
        }
        None => (FIRST_PORT..FIRST_PORT + 100)
            .find_map(|port| Some((Server::http(("127.0.0.1", port)).ok()?, port)))
            .context("the ports 8080 to 8179 are all taken: name another with --port")?,
    };
    let site = Arc::new(Site {
        root: root.to_owned(),
        prefix: prefix.to_owned(),
    });
    let server = Arc::new(server);
    let threads = (0..THREADS)
        .map(|_| {
            let (server, site) = (Arc::clone(&server), Arc::clone(&site));
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    nudge(port);
                    site.answer(request);
                }
            })
        })
        .collect();
    Ok(Running {
        address: format!("http://localhost:{port}{prefix}"),
        threads,
    })
}

/// Opens a connection and drops it. tiny_http 0.12 gives a connection to a thread it takes for idle even if that has just
/// been given another, where it waits until some connection closes: a page that fetches seven files at once hung (seen in the gate:
/// two first pages for 150 s). A connection that finds no thread idle makes it start one, which then takes what waits.
/// Costs a local connection a request; it can go with a tiny_http whose pool counts its threads right.
fn nudge(port: u16) {
    // Whether it is taken up makes no difference to the request in hand.
    let _ = TcpStream::connect(("127.0.0.1", port));
}

impl Site {
    fn answer(&self, request: Request) {
        // A visitor who leaves in the middle of an answer is no error.
        let _ = match self.find(request.method(), request.url()) {
            Ok(path) => match File::open(&path) {
                Ok(file) => {
                    // Sent whole with its length, as static hosts do, however long: the page shows how much is to come.
                    let mut response = Response::from_file(file).with_chunked_threshold(usize::MAX);
                    for (name, value) in headers(&path) {
                        if let Ok(header) = Header::from_bytes(name, value) {
                            response.add_header(header);
                        }
                    }
                    request.respond(response)
                }
                Err(_) => refuse(request, 404),
            },
            Err(status) => refuse(request, status),
        };
    }

    /// The file a request asks for, or the status to refuse it with.
    fn find(&self, method: &Method, url: &str) -> Result<PathBuf, u16> {
        if !matches!(method, Method::Get | Method::Head) {
            return Err(405);
        }
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_prefix(&self.prefix).ok_or(404_u16)?;
        let path = decoded(path).ok_or(400_u16)?;
        // Only plain names: no `..`, no absolute path.
        let plain = Path::new(&path)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !plain {
            return Err(404);
        }
        let file = self.root.join(&path);
        let file = if file.is_dir() {
            file.join("index.html")
        } else {
            file
        };
        if file.is_file() { Ok(file) } else { Err(404) }
    }
}

fn refuse(request: Request, status: u16) -> std::io::Result<()> {
    request
        .respond(Response::from_string(format!("{status}\n")).with_status_code(StatusCode(status)))
}

/// Resolves `%20` and its like; `None` for a broken one or for what is not UTF-8.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = vec![];
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

fn headers(path: &Path) -> [(&'static str, &'static str); 2] {
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt" | "md" | "py") => "text/plain; charset=utf-8",
        Some("gz") => "application/gzip",
        _ => "application/octet-stream",
    };
    // Whoever rebuilds and reloads wants the new page, and localhost is quick.
    [("Content-Type", kind), ("Cache-Control", "no-cache")]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Site {
        Site {
            root: Path::new(env!("CARGO_MANIFEST_DIR")).to_owned(),
            prefix: "/some/where/".into(),
        }
    }

    #[test]
    fn serves_files_under_the_prefix_alone() {
        let found = site().find(&Method::Get, "/some/where/src/main.rs?x=1");
        assert!(found.is_ok_and(|path| path.ends_with("src/main.rs")));
        assert_eq!(site().find(&Method::Get, "/src/main.rs"), Err(404));
        assert_eq!(site().find(&Method::Get, "/some/where/absent"), Err(404));
        assert_eq!(
            site().find(&Method::Post, "/some/where/src/main.rs"),
            Err(405)
        );
    }

    #[test]
    fn nothing_outside_the_folder_can_be_had() {
        for url in [
            "/some/where/../Cargo.toml",
            "/some/where/%2e%2e/Cargo.toml",
            "/some/where//etc/passwd",
        ] {
            assert_eq!(site().find(&Method::Get, url), Err(404), "{url}");
        }
        assert_eq!(site().find(&Method::Get, "/some/where/%zz"), Err(400));
    }

    #[test]
    fn wasm_and_modules_have_the_types_browsers_insist_on() {
        assert_eq!(headers(Path::new("a_bg.wasm"))[0].1, "application/wasm");
        assert!(
            headers(Path::new("a.js"))[0]
                .1
                .starts_with("text/javascript")
        );
    }
}
