//! After `101 Switching Protocols`: bytes both ways until both sides have ended (routing.md §5.10).

use std::rc::Rc;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

use crate::connection::Flow;

/// Joins the two sides once both have switched.
pub(super) fn join(client: OnUpgrade, backend: OnUpgrade, flow: &Rc<Flow>) {
    let in_flight = flow.begin();
    tokio::task::spawn_local(async move {
        if let (Ok(client), Ok(backend)) = (client.await, backend.await) {
            let (mut client, mut backend) = (TokioIo::new(client), TokioIo::new(backend));
            // One side that breaks ends both; there is nobody left to tell.
            let _ = tokio::io::copy_bidirectional(&mut client, &mut backend).await;
        }
        drop(in_flight);
    });
}
