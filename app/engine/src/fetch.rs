//! Fetching a data file: from the browser's cache or the site, read as it arrives.

use crate::cache;
use js_sys::Promise;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit, Response};

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
    /// What is fetched and not read from the cache.
    fetched: Option<Fetched>,
    /// Bytes of the whole, as far as the site says.
    pub total_bytes: u64,
}

/// A response that fills the cache as it is read.
struct Fetched {
    abort: AbortController,
    /// The copy in the cache; where there is no room or no cache, the next visit fetches again.
    stored: Option<Promise>,
}

/// Asks for a file beside the page, `data/NAME`; unless it is `local`, in the folder that the worker's address names (`data=`).
pub async fn open(name: &str, local: bool) -> Result<Arriving, FetchError> {
    let scope = crate::scope::worker();
    let broken = |e: JsValue| FetchError::Broken(crate::reason(&e));
    // This script lies in `engines/`, one folder below the page.
    let here = web_sys::Url::new(&scope.location().href()).map_err(broken)?;
    let told = here.search_params().get("data").filter(|_| !local);
    let folder = told.as_deref().unwrap_or("../data/").trim_end_matches('/');
    let address = web_sys::Url::new_with_base(&format!("{folder}/{name}"), &here.href())
        .map_err(broken)?
        .href();
    let kept = match cache::open(DATA).await {
        Some(cache) => {
            let found = JsFuture::from(cache.match_with_str(&address)).await.ok();
            found.and_then(|f| f.dyn_into::<Response>().ok())
        }
        None => None,
    };
    let (response, fetched) = match kept {
        Some(response) => (response, None),
        None => {
            let abort = AbortController::new().map_err(broken)?;
            let request = RequestInit::new();
            request.set_signal(Some(&abort.signal()));
            let answer = JsFuture::from(scope.fetch_with_str_and_init(&address, &request))
                .await
                .map_err(broken)?;
            let response: Response = answer.dyn_into().map_err(broken)?;
            if !response.ok() {
                return Err(FetchError::Missing(format!(
                    "{name}: {}",
                    response.status()
                )));
            }
            let stored = keep(&address, &response).await;
            (response, Some(Fetched { abort, stored }))
        }
    };
    let length = response.headers().get("content-length").ok().flatten();
    let body = response
        .body()
        .ok_or_else(|| FetchError::Broken(format!("{name} came without content")))?;
    Ok(Arriving {
        address,
        reader: body.get_reader().dyn_into().map_err(|o| broken(o.into()))?,
        fetched,
        total_bytes: length.and_then(|l| l.parse().ok()).unwrap_or(0),
    })
}

/// Begins to keep a copy, which fills as the original is read.
async fn keep(address: &str, response: &Response) -> Option<Promise> {
    let cache = cache::open(DATA).await?;
    let copy = response.clone().ok()?;
    Some(cache.put_with_str(address, &copy))
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

    /// The file was read to its end and found right: returns when the cache has it, so that whoever asks next, another
    /// engine too, finds it there.
    pub async fn kept(self) {
        if let Some(stored) = self.fetched.and_then(|fetched| fetched.stored)
            && let Err(error) = JsFuture::from(stored).await
        {
            log::warn!("a data file was not cached: {}", crate::reason(&error));
        }
    }

    /// Forgets a file that turned out wrong, so that the next try fetches it anew.
    pub async fn discard(self) {
        let _ = JsFuture::from(self.reader.cancel()).await;
        if let Some(fetched) = self.fetched {
            // The rest need not come. The copy is in the cache or given up before it is removed: otherwise it could get there later.
            fetched.abort.abort();
            if let Some(stored) = fetched.stored {
                let _ = JsFuture::from(stored).await;
            }
        }
        if let Some(cache) = cache::open(DATA).await {
            let _ = JsFuture::from(cache.delete_with_str(&self.address)).await;
        }
    }
}
