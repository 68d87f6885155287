//! Downloads a data file into the cache: checked while it comes, and put in place only when it is right.

use crate::data::Unpacker;
use crate::data::fashion_mnist::DataFile;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

/// How far a download is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The file on its way.
    pub file: &'static str,
    /// Bytes received.
    pub received: u64,
    /// Bytes in all, where the server says so.
    pub total: Option<u64>,
}

/// Fetches `address` + the file's name into `folder`.
///
/// # Errors
/// What went wrong, as a clause to stand in brackets. Nothing is left in the folder then.
pub(super) fn fetch(
    address: &str,
    file: &DataFile,
    folder: &Path,
    progress: &mut dyn FnMut(&Download),
) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    // The process id keeps two programs that download at once out of each other's way.
    let part = folder.join(format!("{}.{}.part", file.name, std::process::id()));
    let result = receive(address, file, &part, progress).and_then(|()| {
        let place = folder.join(file.name);
        fs::rename(&part, &place).map_err(|e| format!("{}: {e}", place.display()))
    });
    if result.is_err() {
        // It may never have been made; then there is nothing to remove.
        let _ = fs::remove_file(&part);
    }
    result
}

fn receive(
    address: &str,
    file: &DataFile,
    part: &Path,
    progress: &mut dyn FnMut(&Download),
) -> Result<(), String> {
    let agent = ureq::Agent::config_builder()
        .timeout_resolve(Some(Duration::from_secs(10)))
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_recv_response(Some(Duration::from_secs(30)))
        .timeout_per_read(Some(Duration::from_secs(30)))
        .build()
        .new_agent();
    let response = agent
        .get(format!("{address}{}", file.name))
        .call()
        .map_err(|e| e.to_string())?;
    let mut state = Download {
        file: file.name,
        received: 0,
        total: response.body().content_length(),
    };
    let mut body = response.into_body().into_reader();
    let mut out = File::create(part).map_err(|e| format!("{}: {e}", part.display()))?;
    let mut unpacker = Unpacker::new(*file);
    let mut piece = vec![0; 1 << 16];
    loop {
        let length = body.read(&mut piece).map_err(|e| e.to_string())?;
        if length == 0 {
            break;
        }
        unpacker.push(&piece[..length]).map_err(|e| e.to_string())?;
        out.write_all(&piece[..length])
            .map_err(|e| format!("{}: {e}", part.display()))?;
        state.received += length as u64;
        progress(&state);
    }
    unpacker.finish().map_err(|e| e.to_string())?;
    out.sync_all()
        .map_err(|e| format!("{}: {e}", part.display()))
}
