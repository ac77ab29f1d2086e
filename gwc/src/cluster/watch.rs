//! Lists and watches one kind for as long as the process lives, and tells what it hears.
//!
//! Resumes at the last version, which bookmarks keep fresh; "gone" means to list again (runtime-design.md §7.1). A list
//! always comes whole: the receiver finds the differences.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{TryStream, TryStreamExt};
use kube::Client;
use kube::core::params::{ListParams, WatchParams};
use kube::core::{Request, WatchEvent};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{sleep, timeout};

use crate::cluster::kind::{Kind, Served};
use crate::output::say;

/// What a watch tells.
#[derive(Debug)]
pub(crate) enum Update {
    /// These and no other objects of the kind are there.
    Listed(&'static Kind, Vec<Value>),
    /// An object is new or another now.
    Applied(&'static Kind, Value),
    /// An object is gone.
    Deleted(&'static Kind, Value),
}

/// Objects per page of a list.
const PAGE: u32 = 500;
/// A page that takes longer is asked for again.
const PATIENCE: Duration = Duration::from_secs(30);
/// The server ends a watch after this many seconds.
const WATCH_SECONDS: u32 = 290;
/// After this without a sign of life a connection is taken for dead.
const SILENCE: Duration = Duration::from_secs(WATCH_SECONDS as u64 + 10);

/// A kind of a server, in all namespaces or in one.
#[derive(Clone)]
pub(crate) struct Watch {
    /// Speaks to the server.
    pub(crate) client: Client,
    /// The kind.
    pub(crate) served: Served,
    /// The only namespace; `None`: all.
    pub(crate) namespace: Option<String>,
    /// What is wrong with the server.
    pub(crate) trouble: Trouble,
}

/// A page of a list.
#[derive(Deserialize)]
struct Page {
    metadata: PageMetadata,
    #[serde(default)]
    items: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageMetadata {
    #[serde(default)]
    resource_version: String,
    #[serde(default)]
    r#continue: Option<String>,
}

/// How a watch ended.
enum End {
    /// To be resumed here.
    Resume(String),
    /// The version is too old for the server.
    Gone,
    /// Nobody listens any more.
    Closed,
}

/// What is wrong with the server, told once and not by every watch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trouble(Arc<Mutex<Option<String>>>);

impl Trouble {
    fn tell(&self, what: &str, why: &str) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_deref() != Some(why) {
            say(&format!("warning: cannot {what}: {why}; trying again"));
            *last = Some(why.to_owned());
        }
    }

    fn is_over(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// How long to wait after failures in a row.
#[derive(Default)]
struct Patience {
    failures: u32,
}

impl Patience {
    /// Says why, once for each series of failures, and waits: 0.1 s, doubled up to 10 s.
    async fn wait(&mut self, trouble: &Trouble, what: &str, why: &str) {
        if self.failures == 0 {
            trouble.tell(what, why);
        }
        sleep(Duration::from_millis(100 << self.failures.min(6)).min(Duration::from_secs(10))).await;
        self.failures = self.failures.saturating_add(1);
    }
}

impl Watch {
    /// Lists and watches until nobody listens any more.
    pub(crate) async fn follow(self, updates: UnboundedSender<Update>) {
        let mut patience = Patience::default();
        loop {
            let (objects, version) = match self.list().await {
                Ok(listed) => listed,
                Err(why) => {
                    patience.wait(&self.trouble, &format!("list {}", self.served.plural), &why).await;
                    continue;
                }
            };
            self.trouble.is_over();
            let told = updates.send(Update::Listed(self.served.kind, objects));
            if told.is_err() || !self.resume(version, &updates, &mut patience).await {
                return;
            }
        }
    }

    /// Watches from a version on until the server has forgotten it; false: nobody listens any more.
    async fn resume(&self, mut version: String, updates: &UnboundedSender<Update>, patience: &mut Patience) -> bool {
        loop {
            match self.watch(version.clone(), updates).await {
                Ok(End::Resume(next)) if next == version => {
                    // A server that ends watches at once must not be asked in a tight loop.
                    sleep(Duration::from_millis(100)).await;
                }
                Ok(End::Resume(next)) => {
                    self.trouble.is_over();
                    version = next;
                    *patience = Patience::default();
                }
                Ok(End::Gone) => return true,
                Ok(End::Closed) => return false,
                Err(why) => patience.wait(&self.trouble, &format!("watch {}", self.served.plural), &why).await,
            }
        }
    }

    /// All objects, and the version at which they were so.
    async fn list(&self) -> Result<(Vec<Value>, String), String> {
        let mut parameters = ListParams { limit: Some(PAGE), ..ListParams::default() };
        parameters.field_selector = self.served.kind.field_selector.map(str::to_owned);
        let request = self.request();
        let mut objects = Vec::new();
        loop {
            let only = self.served.kind.metadata_only;
            let page = if only { request.list_metadata(&parameters) } else { request.list(&parameters) };
            let page = page.map_err(|error| error.to_string())?;
            let page = timeout(PATIENCE, self.client.request::<Page>(page)).await;
            let page = page.map_err(|_| "the server does not answer".to_owned())?;
            let page = page.map_err(|error| reason(&error))?;
            objects.extend(page.items);
            parameters.continue_token = page.metadata.r#continue.filter(|token| !token.is_empty());
            if parameters.continue_token.is_none() {
                return Ok((objects, page.metadata.resource_version));
            }
        }
    }

    async fn watch(&self, version: String, updates: &UnboundedSender<Update>) -> Result<End, String> {
        let mut parameters = WatchParams { timeout: Some(WATCH_SECONDS), ..WatchParams::default() };
        parameters.field_selector = self.served.kind.field_selector.map(str::to_owned);
        let (request, only) = (self.request(), self.served.kind.metadata_only);
        let request =
            if only { request.watch_metadata(&parameters, &version) } else { request.watch(&parameters, &version) };
        let request = request.map_err(|error| error.to_string())?;
        let stream = timeout(PATIENCE, self.client.request_events::<Value>(request)).await;
        match stream.map_err(|_| "the server does not answer".to_owned())? {
            Ok(stream) => self.events(std::pin::pin!(stream), version, updates).await,
            Err(kube::Error::Api(status)) if status.code == 410 => Ok(End::Gone),
            Err(error) => Err(reason(&error)),
        }
    }

    async fn events(
        &self,
        mut stream: impl TryStream<Ok = WatchEvent<Value>, Error = kube::Error> + Unpin,
        mut version: String,
        updates: &UnboundedSender<Update>,
    ) -> Result<End, String> {
        let kind = self.served.kind;
        loop {
            let Ok(event) = timeout(SILENCE, stream.try_next()).await else { return Ok(End::Resume(version)) };
            let update = match event {
                Ok(None) => return Ok(End::Resume(version)),
                Ok(Some(WatchEvent::Bookmark(mark))) => {
                    version = mark.metadata.resource_version;
                    continue;
                }
                Ok(Some(WatchEvent::Added(object) | WatchEvent::Modified(object))) => Update::Applied(kind, object),
                Ok(Some(WatchEvent::Deleted(object))) => Update::Deleted(kind, object),
                Ok(Some(WatchEvent::Error(status))) if status.code == 410 => return Ok(End::Gone),
                Ok(Some(WatchEvent::Error(status))) => return Err(status.message),
                Err(kube::Error::Api(status)) if status.code == 410 => return Ok(End::Gone),
                Err(error) => return Err(reason(&error)),
            };
            if let Update::Applied(_, object) | Update::Deleted(_, object) = &update
                && let Some(at) = object.pointer("/metadata/resourceVersion").and_then(Value::as_str)
            {
                at.clone_into(&mut version);
            }
            if updates.send(update).is_err() {
                return Ok(End::Closed);
            }
        }
    }

    fn request(&self) -> Request {
        Request::new(self.served.path(self.namespace.as_deref()))
    }
}

/// Why a request failed, in one line.
pub(crate) fn reason(error: &kube::Error) -> String {
    if let kube::Error::Api(status) = error
        && !status.message.is_empty()
    {
        return status.message.clone();
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        source = inner.source();
    }
    text
}
