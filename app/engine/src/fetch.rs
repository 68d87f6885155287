//! Fetching a data file: from the browser's cache or the site, read as it arrives.

use crate::cache;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// The cache that holds data files.
const DATA: &str = "kindling-data-1";

/// Why a file did not come.
pub enum FetchError {
    /// The site has no such file.
    Missing(String),
    /// It could not be reached, or broke off.
    Broken(String),
}

/// A file on its way.
pub struct Arriving {
    address: String,
    reader: ReadableStreamDefaultReader,
    /// Bytes of the whole, as far as the site says.
    pub total_bytes: u64,
}

/// Asks for a file beside the page, `data/NAME`.
pub async fn open(name: &str) -> Result<Arriving, FetchError> {
    let scope = crate::scope::worker();
    let broken = |e: JsValue| FetchError::Broken(crate::reason(&e));
    // This script lies in `engines/`, one folder below the page.
    let here = scope.location().href();
    let address = web_sys::Url::new_with_base(&format!("../data/{name}"), &here)
        .map_err(broken)?
        .href();
    let kept = match cache::open(DATA).await {
        Some(cache) => {
            let found = JsFuture::from(cache.match_with_str(&address)).await.ok();
            found.and_then(|f| f.dyn_into::<Response>().ok())
        }
        None => None,
    };
    let response = match kept {
        Some(response) => response,
        None => {
            let answer = JsFuture::from(scope.fetch_with_str(&address))
                .await
                .map_err(broken)?;
            let response: Response = answer.dyn_into().map_err(broken)?;
            if !response.ok() {
                return Err(FetchError::Missing(format!(
                    "{name}: {}",
                    response.status()
                )));
            }
            keep(&address, &response).await;
            response
        }
    };
    let length = response.headers().get("content-length").ok().flatten();
    let body = response
        .body()
        .ok_or_else(|| FetchError::Broken(format!("{name} came without content")))?;
    Ok(Arriving {
        address,
        reader: body.get_reader().dyn_into().map_err(|o| broken(o.into()))?,
        total_bytes: length.and_then(|l| l.parse().ok()).unwrap_or(0),
    })
}

/// Keeps a copy; where there is no room or no cache, the next visit fetches again.
async fn keep(address: &str, response: &Response) {
    if let Some(cache) = cache::open(DATA).await
        && let Ok(copy) = response.clone()
    {
        let stored = cache.put_with_str(address, &copy);
        // The copy fills as the original is read, so that this is not waited for.
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = JsFuture::from(stored).await {
                log::warn!("a data file was not cached: {}", crate::reason(&error));
            }
        });
    }
}

impl Arriving {
    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, FetchError> {
        let broken = |e: JsValue| FetchError::Broken(crate::reason(&e));
        let chunk = JsFuture::from(self.reader.read()).await.map_err(broken)?;
        let field = |name: &str| js_sys::Reflect::get(&chunk, &name.into()).map_err(broken);
        if field("done")?.is_truthy() {
            return Ok(None);
        }
        Ok(Some(js_sys::Uint8Array::new(&field("value")?).to_vec()))
    }

    /// Forgets a file that turned out wrong, so that the next visit fetches it anew.
    pub async fn discard(self) {
        let _ = JsFuture::from(self.reader.cancel()).await;
        if let Some(cache) = cache::open(DATA).await {
            let _ = JsFuture::from(cache.delete_with_str(&self.address)).await;
        }
    }
}
