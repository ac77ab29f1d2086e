//! Timeouts of a rule (routing.md §5.6): one for the request as a whole, one for each attempt.

use std::pin::Pin;
use std::time::Duration;

use gwc_core::ir::rule::Timeouts;
use tokio::time::{Instant, Sleep};

use crate::error::ProxyError;

/// When a request and its attempt must be done.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Deadlines {
    request: Option<Instant>,
    attempt: Option<Instant>,
}

impl Deadlines {
    /// From now on. Rules without timeouts read no clock.
    pub(super) fn start(timeouts: Timeouts) -> Self {
        if timeouts.is_none() {
            return Self::default();
        }
        let now = Instant::now();
        let after = |milliseconds: Option<u64>| milliseconds.and_then(|ms| now.checked_add(Duration::from_millis(ms)));
        Self { request: after(timeouts.request), attempt: after(timeouts.backend_request) }
    }

    /// The one that comes first, and what is answered when it passes.
    fn first(&self) -> Option<(Instant, ProxyError)> {
        match (self.request, self.attempt) {
            (Some(request), Some(attempt)) if attempt < request => Some((attempt, ProxyError::BackendTimeout)),
            (Some(request), _) => Some((request, ProxyError::RequestTimeout)),
            (None, Some(attempt)) => Some((attempt, ProxyError::BackendTimeout)),
            (None, None) => None,
        }
    }

    /// Runs a future as long as there is time.
    pub(super) async fn within<T>(&self, future: impl Future<Output = Result<T, ProxyError>>) -> Result<T, ProxyError> {
        match self.first() {
            None => future.await,
            Some((until, error)) => tokio::time::timeout_at(until, future).await.map_err(|_| error)?,
        }
    }

    /// For the rest of the answer, which counts too.
    pub(super) fn rest(&self) -> Option<Pin<Box<Sleep>>> {
        self.first().map(|(until, _)| Box::pin(tokio::time::sleep_until(until)))
    }
}
