//! After `101 Switching Protocols`: bytes both ways until both sides have ended (routing.md §5.10).

use std::rc::Rc;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use crate::connection::Flow;
use crate::tunnel::tunnel;

/// Joins the two sides once both have switched.
pub(super) fn join(client: OnUpgrade, backend: OnUpgrade, flow: &Rc<Flow>) {
    let in_flight = flow.begin();
    let task = tokio::task::spawn_local(async move {
        if let (Ok(client), Ok(backend)) = (client.await, backend.await) {
            // One side that breaks ends both; there is nobody left to tell.
            let _ = tunnel(TokioIo::new(client), TokioIo::new(backend)).await;
        }
        drop(in_flight);
    });
    flow.becomes(task);
}
