//! Checkpoints in the browser's Cache storage, which survives a reload. Where it is refused (a private window, a page that is
//! not secure) runs go on without.

use futures_util::future::LocalBoxFuture;
use kindling::session::StorePort;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Request, Response};

/// The cache that holds runs.
const RUNS: &str = "kindling-runs-1";
/// Cache entries are named by addresses; nothing is ever served from this one.
const FOLDER: &str = "/kindling-runs/";

/// Opens a cache of the browser's, where there is one.
pub async fn open(name: &str) -> Option<Cache> {
    let storage = crate::scope::worker().caches().ok()?;
    // `caches` is undefined where the page is not secure, which web-sys does not know.
    if storage.is_undefined() {
        return None;
    }
    JsFuture::from(storage.open(name))
        .await
        .ok()?
        .dyn_into()
        .ok()
}

/// The body of a response.
pub async fn body(response: &Response) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// [`StorePort`] over the cache.
pub struct CacheStore;

impl StorePort for CacheStore {
    fn put(&self, name: String, bytes: Vec<u8>) -> LocalBoxFuture<'static, Result<(), String>> {
        Box::pin(async move {
            let cache = open(RUNS).await.ok_or("this page has no storage")?;
            let refused = |e: JsValue| crate::reason(&e);
            let array = js_sys::Uint8Array::from(bytes.as_slice());
            let response = Response::new_with_opt_js_u8_array(Some(&array)).map_err(refused)?;
            let address = format!("{FOLDER}{name}");
            JsFuture::from(cache.put_with_str(&address, &response))
                .await
                .map_err(refused)?;
            Ok(())
        })
    }

    fn get(&self, name: String) -> LocalBoxFuture<'static, Option<Vec<u8>>> {
        Box::pin(async move {
            let cache = open(RUNS).await?;
            let found = JsFuture::from(cache.match_with_str(&format!("{FOLDER}{name}")))
                .await
                .ok()?;
            body(&found.dyn_into().ok()?).await.ok()
        })
    }

    fn names(&self) -> LocalBoxFuture<'static, Vec<String>> {
        Box::pin(async move {
            let Some(cache) = open(RUNS).await else {
                return vec![];
            };
            let Ok(keys) = JsFuture::from(cache.keys()).await else {
                return vec![];
            };
            let requests = js_sys::Array::from(&keys);
            let name = |request: JsValue| {
                let address = request.dyn_into::<Request>().ok()?.url();
                address.rsplit_once('/').map(|(_, name)| name.to_string())
            };
            requests.iter().filter_map(name).collect()
        })
    }

    fn remove(&self, name: String) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move {
            if let Some(cache) = open(RUNS).await {
                let _ = JsFuture::from(cache.delete_with_str(&format!("{FOLDER}{name}"))).await;
            }
        })
    }
}
