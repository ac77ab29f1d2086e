//! `gwc serve --cluster`: the objects of a Kubernetes API become traffic and statuses (runtime-design.md §7).
//!
//! Watches fill a store of texts; changes are compiled by the same compiler as files are, all workers take the result
//! over, and only then statuses are written. Everything runs on one thread but the compiler and the proxy themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use gwc_core::profile::{Profile, WorldMode};
use gwc_runtime::admin::Facts;
use gwc_runtime::{Options, Runtime};
use kube::Client;
use kube::config::{Config, KubeConfigOptions, Kubeconfig};
use serde_json::Value;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, sleep_until};

use crate::cli::serve::RunArgs;
use crate::cluster::address::{Addresses, Pool};
use crate::cluster::debounce::Debounce;
use crate::cluster::feature::AddressMode;
use crate::cluster::round::{Round, Served};
use crate::cluster::store::{Change, Key, Store};
use crate::cluster::watch::{Trouble, Update, Watch};
use crate::cluster::write::{Wanted, Writer};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::say;
use crate::serve::admin;

mod address;
mod debounce;
mod feature;
mod kind;
mod merge;
mod round;
mod store;
mod watch;
mod write;

#[cfg(test)]
mod tests;

/// Sockets that cannot be bound are tried again.
const RETRY: Duration = Duration::from_secs(10);
/// From SIGTERM until no more connections are taken, unless `--drain-delay` says more (runtime-design.md §2.5).
const DRAIN_DELAY: Duration = Duration::from_secs(5);
/// Kinds that the server lacks may be installed later.
const DISCOVERY: Duration = Duration::from_secs(30);

/// Where the cluster is, and what this proxy is to it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct ClusterArgs {
    /// Serve the objects of a Kubernetes API; CONTEXT is one of the kubeconfig [default: the current one]
    #[arg(id = "cluster", long, value_name = "CONTEXT", num_args = 0..=1, default_missing_value = "", require_equals = true)]
    #[arg(conflicts_with_all = ["paths", "filename", "context", "env", "bind", "map", "echo", "tls", "ir", "validate", "exec"])]
    pub(crate) context: Option<String>,
    /// Kubeconfig file [default: $KUBECONFIG, ~/.kube/config, or the service account of the pod]
    #[arg(long, value_name = "FILE", requires = "cluster")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// Serve Gateways whose class names this controller
    #[arg(long, value_name = "NAME", default_value = gwc_core::profile::OWN_CONTROLLER)]
    pub(crate) controller_name: String,
    /// Addresses for Gateways, one each: networks and addresses, separated by commas
    #[arg(long, value_name = "CIDR|LIST", conflicts_with = "publish_address", requires = "cluster")]
    pub(crate) address_pool: Option<String>,
    /// One address that all Gateways share and publish
    #[arg(long, value_name = "ADDRESS", requires = "cluster")]
    pub(crate) publish_address: Option<IpAddr>,
    /// Look at the objects of one namespace only [default: all]
    #[arg(long, value_name = "NS", requires = "cluster")]
    pub(crate) watch_namespace: Option<String>,
}

/// Serves a cluster until a signal ends it.
pub(crate) fn serve(args: &ClusterArgs, run: &RunArgs, options: Options) -> Outcome {
    let addresses = addresses(args)?;
    let end = End { delay: run.drain_delay.unwrap_or(DRAIN_DELAY), limit: run.drain_timeout };
    let runtime = Runtime::start(options).map_err(|error| Failure::internal(error.to_string()))?;
    let own = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let own = own.map_err(|error| Failure::internal(format!("cannot start the Kubernetes client: {error}")))?;
    let facts = admin::facts();
    let admin = admin::start(run.admin.as_deref(), &runtime, &facts)?;
    let round = Round::new(runtime.clone(), facts.clone(), profile(args, &addresses), addresses);
    let outcome = own.block_on(self::run(args, round, &facts, end));
    drop(admin);
    runtime.shutdown();
    // A drain that a second signal cut short is not waited for.
    own.shutdown_background();
    outcome
}

fn addresses(args: &ClusterArgs) -> Result<Addresses, Failure> {
    match (&args.address_pool, args.publish_address) {
        (Some(pool), _) => {
            let pool = Pool::parse(pool).map_err(|why| Failure::usage(format!("--address-pool: {why}")))?;
            Ok(Addresses::Pool(pool))
        }
        (None, Some(address)) => Ok(Addresses::Shared(address)),
        (None, None) => Err(Failure::usage(
            "--cluster needs --address-pool, addresses of this machine with one for each Gateway, or --publish-address, \
             the address that all of them share",
        )),
    }
}

/// What verdicts rest on.
fn profile(args: &ClusterArgs, addresses: &Addresses) -> Profile {
    let mode = match addresses {
        Addresses::Pool(_) => AddressMode::Pool,
        Addresses::Shared(_) => AddressMode::Shared,
    };
    let mut profile = Profile::new(WorldMode::Closed, 0);
    profile.controller_name = args.controller_name.as_str().into();
    profile.knobs = feature::knobs(mode);
    profile.skipped_rules = gwc_core::lint::lints().map(|lint| lint.code.number).collect();
    profile
}

async fn client(args: &ClusterArgs) -> Result<Client, Failure> {
    let context = args.context.clone().filter(|name| !name.is_empty());
    let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
    let wrong = |error: &dyn std::error::Error| Failure::input(format!("cannot read the kubeconfig: {error}"));
    let mut config = match &args.kubeconfig {
        Some(path) => {
            let read = Kubeconfig::read_from(path).map_err(|error| wrong(&error))?;
            Config::from_custom_kubeconfig(read, &options).await.map_err(|error| wrong(&error))?
        }
        None if options.context.is_some() => Config::from_kubeconfig(&options).await.map_err(|error| wrong(&error))?,
        None => Config::infer().await.map_err(|error| wrong(&error))?,
    };
    // Requests are repeated here, with a limit: the client would try for minutes (dependencies.md §11).
    config.default_retry = false;
    Client::try_from(config).map_err(|error| Failure::input(format!("cannot speak to the cluster: {error}")))
}

/// How a run ends.
#[derive(Debug, Clone, Copy)]
struct End {
    /// Not ready, but still serving: load balancers need a moment.
    delay: Duration,
    /// Then connections may take so long to end.
    limit: Duration,
}

async fn run(args: &ClusterArgs, round: Round, facts: &Facts, end: End) -> Outcome {
    let runtime = round.runtime().clone();
    let client = client(args).await?;
    let (updates, mut heard) = unbounded_channel();
    let (queue, wanted) = unbounded_channel();
    let controller = args.controller_name.clone();
    tokio::spawn(Writer { client: client.clone(), controller, updates: updates.clone() }.run(wanted));
    let mut cluster = Cluster {
        client,
        namespace: args.watch_namespace.clone(),
        trouble: Trouble::default(),
        updates,
        store: Store::new(&args.controller_name),
        debounce: Debounce::default(),
        round: Some(Box::new(round)),
        is_ready: false,
        retry: None,
        wanted: BTreeMap::new(),
        queue,
        notes: BTreeSet::new(),
    };
    let problem = |error| Failure::input(format!("cannot ask the cluster for its kinds: {}", watch::reason(&error)));
    cluster.discover().await.map_err(problem)?;
    if cluster.store.served(kind::gateway()).is_none() {
        say("warning: the cluster has no Gateway API yet; waiting for its CRDs");
    }
    let mut signals = Signals::new()?;
    cluster.serve(&mut heard, &mut signals).await?;
    say("stopping: open connections may end; another signal closes them");
    admin::update(facts, |facts| facts.is_stopping = true);
    let drained = async {
        sleep(end.delay).await;
        tokio::task::spawn_blocking(move || runtime.drain(end.limit)).await
    };
    tokio::select! {
        _ = drained => {}
        () = signals.next() => {}
    }
    Ok(Exit::Success)
}

/// SIGINT and SIGTERM.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> Result<Self, Failure> {
        let listen =
            |kind| signal(kind).map_err(|error| Failure::internal(format!("cannot wait for signals: {error}")));
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Everything that the loop holds.
struct Cluster {
    client: Client,
    namespace: Option<String>,
    trouble: Trouble,
    updates: UnboundedSender<Update>,
    store: Store,
    debounce: Debounce,
    /// Taken while it runs.
    round: Option<Box<Round>>,
    is_ready: bool,
    /// When to try again what could not be bound.
    retry: Option<Instant>,
    /// What every status should be.
    wanted: BTreeMap<Key, Option<Value>>,
    queue: UnboundedSender<Vec<Wanted>>,
    /// What was said after the last round, so that it is said once.
    notes: BTreeSet<String>,
}

impl Cluster {
    /// Watches the kinds that the server has and that are not watched yet.
    async fn discover(&mut self) -> kube::Result<()> {
        for served in kind::served(&self.client).await? {
            if self.store.add(served.clone()) {
                let (client, namespace, trouble) = (self.client.clone(), self.namespace.clone(), self.trouble.clone());
                tokio::spawn(Watch { client, served, namespace, trouble }.follow(self.updates.clone()));
            }
        }
        Ok(())
    }

    /// Serves until a signal comes.
    async fn serve(&mut self, heard: &mut UnboundedReceiver<Update>, signals: &mut Signals) -> Result<(), Failure> {
        let mut discovery = tokio::time::interval_at((Instant::now() + DISCOVERY).into(), DISCOVERY);
        loop {
            // Nothing is decided before every list ended: what is not known yet is not absent.
            let known = self.store.pending().len() == 0;
            let due = [self.debounce.due(), self.retry].into_iter().flatten().min().filter(|_| known);
            tokio::select! {
                () = signals.next() => return Ok(()),
                Some(update) = heard.recv() => self.hear(update),
                () = sleep_until(due.unwrap_or_else(Instant::now).into()), if due.is_some() => self.round().await?,
                _ = discovery.tick(), if self.store.lacks_any() => {
                    // The watches tell what is wrong with the server.
                    let _ = self.discover().await;
                }
            }
        }
    }

    fn hear(&mut self, update: Update) {
        match self.store.apply(update) {
            Change::Nothing => {}
            // Somebody else wrote it, or our own write came back.
            Change::Status(key) => {
                let body = self.wanted.get(&key).cloned();
                self.write(body.map(|body| (key, body)));
            }
            Change::World => self.debounce.changed(Instant::now()),
        }
    }

    async fn round(&mut self) -> Result<(), Failure> {
        let Some(mut round) = self.round.take() else { return Ok(()) };
        self.debounce.taken();
        let sources = self.store.sources();
        if !self.is_ready {
            round.remember(self.store.addresses());
        }
        let turn = tokio::task::spawn_blocking(move || {
            let outcome = round.run(&sources);
            (round, outcome)
        });
        let (round, outcome) = turn.await.map_err(|error| Failure::internal(format!("a round failed: {error}")))?;
        self.round = Some(round);
        self.debounce.done(Instant::now());
        self.retry = outcome.is_partial.then(|| Instant::now() + RETRY);
        self.tell(&outcome);
        self.store.refer(outcome.referenced);
        self.wanted = outcome.statuses.iter().cloned().collect();
        self.write(outcome.statuses);
        Ok(())
    }

    fn tell(&mut self, outcome: &Served) {
        outcome.notes.iter().filter(|note| !self.notes.contains(*note)).for_each(|note| say(note));
        self.notes = outcome.notes.iter().cloned().collect();
        if !self.is_ready {
            say(&format!("ready: {}", outcome.summary));
        }
        self.is_ready = true;
    }

    /// Hands over the statuses that differ from what the server holds.
    fn write(&self, statuses: impl IntoIterator<Item = (Key, Option<Value>)>) {
        let differs = |(key, body): (Key, Option<Value>)| {
            let (held, served) = (self.store.get(&key)?, self.store.served(key.kind())?);
            let writer = merge::Writer { controller: self.store.controller_name(), now: "" };
            merge::patch(key.kind(), body.as_ref(), &held.status, writer)?;
            let (status, resource_version) = (held.status.clone(), held.resource_version.clone());
            Some(Wanted { key, served: served.clone(), body, status, resource_version })
        };
        let all: Vec<Wanted> = statuses.into_iter().filter_map(differs).collect();
        if !all.is_empty() {
            // The writer lives as long as this does.
            let _ = self.queue.send(all);
        }
    }
}
