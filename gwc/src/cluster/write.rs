//! Writes statuses: one pending write per object, the newest, oldest first, at most 100 a second; a conflict means to
//! read again (runtime-design.md §7.3). A write that fails blocks nothing but later writes, and is tried again.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use kube::Client;
use kube::core::Request;
use kube::core::params::{GetParams, Patch, PatchParams};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::cluster::kind::Served;
use crate::cluster::merge;
use crate::cluster::store::Key;
use crate::cluster::watch::{Update, reason};
use crate::options::time;
use crate::output::say;

/// Between the starts of two writes.
const PACE: Duration = Duration::from_millis(10);
/// A request that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(10);
/// After a failure that is no conflict.
const REST: Duration = Duration::from_secs(1);
/// Conflicts in a row on one object before it has to wait for its next turn.
const CONFLICTS: usize = 5;

/// A status that an object should have.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The object.
    pub(crate) key: Key,
    /// Its kind as the server has it.
    pub(crate) served: Served,
    /// The status; `None`: nothing of ours.
    pub(crate) body: Option<Value>,
    /// The status that it had when last seen.
    pub(crate) status: Value,
    /// Its version then.
    pub(crate) resource_version: String,
}

/// What writes.
pub(crate) struct Writer {
    /// Speaks to the server.
    pub(crate) client: Client,
    /// Our controller name.
    pub(crate) controller: String,
    /// Where the objects that were written go.
    pub(crate) updates: UnboundedSender<Update>,
}

/// Writes that wait: one per object, the newest, in the order in which objects came.
#[derive(Default)]
struct Queue {
    turns: VecDeque<Key>,
    pending: BTreeMap<Key, Wanted>,
}

impl Queue {
    /// A newer write takes the place of an older one.
    fn add(&mut self, wanted: Wanted) {
        if !self.pending.contains_key(&wanted.key) {
            self.turns.push_back(wanted.key.clone());
        }
        self.pending.insert(wanted.key.clone(), wanted);
    }

    fn next(&mut self) -> Option<Wanted> {
        self.turns.pop_front().and_then(|key| self.pending.remove(&key))
    }
}

impl Writer {
    /// Writes what comes until nothing comes any more.
    pub(crate) async fn run(self, mut wanted: UnboundedReceiver<Vec<Wanted>>) {
        let mut queue = Queue::default();
        let mut is_failing = false;
        loop {
            while let Ok(batch) = wanted.try_recv() {
                batch.into_iter().for_each(|one| queue.add(one));
            }
            let more = if queue.turns.is_empty() { wanted.recv().await } else { Some(Vec::new()) };
            let Some(more) = more else { return };
            more.into_iter().for_each(|one| queue.add(one));
            let Some(one) = queue.next() else { continue };
            let next = Instant::now() + PACE;
            let written = self.write(&one).await;
            let is_first = written.is_err() && !is_failing;
            is_failing = written.is_err();
            match written {
                Ok(object) => self.tell(&one.key, object),
                Err(why) => {
                    let words = format!("warning: cannot write the status of {}: {why}; trying again", one.key);
                    is_first.then(|| say(&words));
                    queue.add(one);
                    sleep(REST).await;
                }
            }
            sleep_until(next).await;
        }
    }

    /// What was written is news for the store.
    fn tell(&self, key: &Key, object: Option<Value>) {
        if let Some(object) = object {
            let _ = self.updates.send(Update::Applied(key.kind(), object));
        }
    }

    /// Writes one status: the object as it is then, if there was anything to write; or why it is not written.
    async fn write(&self, wanted: &Wanted) -> Result<Option<Value>, String> {
        let request = Request::new(wanted.served.path(Some(&wanted.key.namespace)));
        let (mut status, mut version) = (wanted.status.clone(), wanted.resource_version.clone());
        for _ in 0..CONFLICTS {
            let now = time::rfc3339(time::clock());
            let writer = merge::Writer { controller: &self.controller, now: &now };
            let part = merge::patch(wanted.key.kind(), wanted.body.as_ref(), &status, writer);
            let Some(part) = part else { return Ok(None) };
            let patch = json!({"metadata": {"resourceVersion": version}, "status": part});
            let parameters = PatchParams { field_manager: Some("gwc".to_owned()), ..PatchParams::default() };
            let sent = request.patch_subresource("status", &wanted.key.name, &parameters, &Patch::Merge(&patch));
            let sent = async { self.client.request(sent.map_err(kube::Error::BuildRequest)?).await };
            match answer(sent).await {
                Ok(object) => return Ok(Some(object)),
                Err(Refusal { code: Some(404), .. }) => return Ok(None),
                Err(Refusal { code: Some(409), .. }) => {}
                Err(refusal) => return Err(refusal.why),
            }
            let read = request.get(&wanted.key.name, &GetParams::default());
            let read = async { self.client.request(read.map_err(kube::Error::BuildRequest)?).await };
            match answer(read).await {
                Ok(mut object) => {
                    version = object.pointer("/metadata/resourceVersion").and_then(Value::as_str).unwrap_or("").into();
                    status = object.get_mut("status").map(Value::take).unwrap_or_default();
                }
                Err(Refusal { code: Some(404), .. }) => return Ok(None),
                Err(refusal) => return Err(refusal.why),
            }
        }
        Err("others keep changing it".to_owned())
    }
}

/// Why a request failed.
struct Refusal {
    code: Option<u16>,
    why: String,
}

/// Waits for an answer, but not for ever.
async fn answer(request: impl Future<Output = kube::Result<Value>>) -> Result<Value, Refusal> {
    match timeout(PATIENCE, request).await {
        Ok(Ok(object)) => Ok(object),
        Ok(Err(error)) => {
            let code = if let kube::Error::Api(status) = &error { Some(status.code) } else { None };
            Err(Refusal { code, why: reason(&error) })
        }
        Err(_) => Err(Refusal { code: None, why: "the server does not answer".to_owned() }),
    }
}
