//! Natively the engine owns its thread, so there is nobody to yield to but other futures of that thread.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Lets other futures of this thread run.
pub async fn yield_now() {
    Once(false).await;
}

struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// What the platform itself calls its GPU beside wgpu's name: nothing natively, where wgpu's name is the driver's.
pub async fn adapter_name() -> Option<String> {
    None
}
