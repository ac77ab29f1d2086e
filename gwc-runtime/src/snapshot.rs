//! Everything that is built from one IR off the data path, and swapped in whole.
//!
//! A snapshot is never changed in place. Workers keep what belongs to them (pools, counters) in a `View` of it
//! (`worker.rs`), so that a request touches no shared reference count.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gwc_core::ir::tls::ListenerTls;
use gwc_core::ir::{Config, Entry, Listener, Protocol, Rule, Socket, Transport};
use gwc_core::matcher::{HostFallthrough, Program, SocketProgram};
use http::HeaderValue;

use crate::balance::Weights;
use crate::control::Load;
use crate::error::ProxyError;
use crate::filter::{self, Step};
use crate::options::{Event, Options};
use crate::telemetry::RuleKey;
use crate::tls::TlsTable;
use crate::unsupported;
use crate::worker::mixed;

/// A configuration that workers serve.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Number, from 1.
    pub generation: u64,
    /// What it was built from.
    pub config: Arc<Config>,
    pub(crate) sockets: Vec<SocketState>,
    pub(crate) rules: Vec<RuleState>,
    pub(crate) tls: TlsTable,
    /// May a name below `localhost` stand for what is before it ([`Options::localhost_alias`])?
    has_alias: bool,
}

/// How connections of a socket begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// HTTP in clear text.
    Http,
    /// A ClientHello.
    Tls,
    /// Bytes.
    Tcp,
    /// Datagrams.
    Udp,
}

/// A socket of the IR, ready to serve; by position in [`Config::sockets`].
#[derive(Debug)]
pub(crate) struct SocketState {
    pub(crate) class: Class,
    pub(crate) program: SocketProgram,
    /// By position in [`Socket::listeners`].
    pub(crate) listeners: Vec<ListenerState>,
    /// Port of the listeners as text, for `X-Forwarded-Port`.
    pub(crate) port: HeaderValue,
}

/// A listener of a socket.
#[derive(Debug)]
pub(crate) struct ListenerState {
    /// `namespace/owner/listener`, in logs and metrics.
    pub(crate) label: String,
}

/// A rule, ready to run; by position in [`Config::rules`].
#[derive(Debug)]
pub(crate) struct RuleState {
    pub(crate) pick: Pick,
    /// Filters of the rule; most have none.
    pub(crate) steps: Option<Box<[Step]>>,
    /// Filters of backends, by position in [`Rule::backends`]; most rules have none.
    pub(crate) backend_steps: Option<Box<[Box<[Step]>]>>,
    /// It cannot be served yet.
    pub(crate) unserved: Option<Box<Unserved>>,
}

/// Which backend of a rule gets a request.
#[derive(Debug)]
pub(crate) enum Pick {
    /// None has a weight.
    None,
    /// The only one with a weight, by position in [`Rule::backends`].
    One(usize),
    /// By turns.
    Many(Box<Weights>),
}

impl Pick {
    /// Position of the backend whose turn it is (routing.md §5.1).
    pub(crate) fn turn(&self) -> Option<usize> {
        match self {
            Self::None => None,
            Self::One(only) => Some(*only),
            Self::Many(weights) => Some(weights.pick()),
        }
    }
}

/// What a rule lacks.
#[derive(Debug)]
pub(crate) struct Unserved {
    pub(crate) needs: &'static str,
    /// Was the operator told?
    pub(crate) is_said: AtomicBool,
}

impl Snapshot {
    /// Builds everything; `seed` differs between processes, so that nobody can make keys that collide. What is equal in
    /// the snapshot before is taken over.
    pub(crate) fn build(generation: u64, load: &Load, previous: Option<&Self>, seed: u64, options: &Options) -> Self {
        let (config, fallthrough) = (Arc::clone(&load.config), options.host_fallthrough);
        let sockets = config.sockets.iter().map(|one| SocketState::new(&config, one, seed, fallthrough)).collect();
        let turn = mixed(generation.saturating_sub(1)) >> 1;
        let rules = config.rules.iter().map(|rule| RuleState::new(&config, rule, turn)).collect();
        let listeners = || config.sockets.iter().flat_map(|socket| &socket.listeners);
        let served = listeners().flat_map(|listener| &listener.hosts).filter_map(|host| host.matches.as_ref());
        let own = listeners().filter_map(|listener| listener.hostname.as_ref());
        let mut names = served.chain(own);
        let has_alias = options.localhost_alias && !names.any(|name| name.apex().ends_with("localhost"));
        let tls = TlsTable::build(&config, &load.secrets, previous.map(|previous| &previous.tls));
        Self { generation, config, sockets, rules, tls, has_alias }
    }

    /// The name that a client means.
    pub(crate) fn meant<'n>(&self, name: &'n str) -> &'n str {
        let before = if self.has_alias { name.strip_suffix(".localhost") } else { None };
        before.filter(|before| !before.is_empty()).unwrap_or(name)
    }

    /// A listener with its program.
    pub(crate) fn listener(&self, socket: usize, listener: usize) -> Option<(&Listener, &ListenerState, &Program)> {
        let own = self.config.sockets.get(socket)?.listeners.get(listener)?;
        let state = self.sockets.get(socket)?;
        Some((own, state.listeners.get(listener)?, state.program.program(listener)?))
    }

    /// The first listener of a protocol.
    pub(crate) fn listener_of(&self, socket: usize, protocol: Protocol) -> Option<usize> {
        self.config.sockets.get(socket)?.listeners.iter().position(|listener| listener.protocol == protocol)
    }

    /// The rule of an entry.
    pub(crate) fn rule(&self, entry: &Entry) -> Option<(&Rule, &RuleState)> {
        Some((self.config.rules.get(entry.rule as usize)?, self.rules.get(entry.rule as usize)?))
    }

    /// Can the rule at this position be served? Says so once if not.
    ///
    /// # Errors
    /// It needs something that is not built yet.
    pub(crate) fn check_served(&self, rule: usize, options: &Options) -> Result<(), ProxyError> {
        let Some(unserved) = self.rules.get(rule).and_then(|state| state.unserved.as_ref()) else { return Ok(()) };
        if !unserved.is_said.swap(true, Ordering::Relaxed) {
            let rule = self.key(rule).map(|key| key.to_string()).unwrap_or_default();
            (options.events)(Event::Unsupported { rule, needs: unserved.needs });
        }
        Err(ProxyError::Unsupported)
    }

    /// The stable key of a rule.
    pub(crate) fn key(&self, rule: usize) -> Option<RuleKey> {
        self.config.rules.get(rule).map(|rule| RuleKey::from(&rule.trace))
    }
}

impl SocketState {
    fn new(config: &Config, socket: &Socket, seed: u64, fallthrough: HostFallthrough) -> Self {
        let protocols = || socket.listeners.iter().map(|listener| listener.protocol);
        let class = match socket.transport {
            Transport::Udp => Class::Udp,
            Transport::Tcp if protocols().any(|protocol| protocol == Protocol::Tcp) => Class::Tcp,
            Transport::Tcp if protocols().any(Protocol::is_tls) => Class::Tls,
            Transport::Tcp => Class::Http,
        };
        let state = |one: &Listener| ListenerState { label: one.label() };
        Self {
            class,
            program: SocketProgram::compile(config, socket, seed, fallthrough),
            listeners: socket.listeners.iter().map(state).collect(),
            port: HeaderValue::from(socket.port),
        }
    }
}

impl RuleState {
    fn new(config: &Config, rule: &Rule, turn: u64) -> Self {
        let weighted = || rule.backends.iter().enumerate().filter(|(_, backend)| backend.weight > 0);
        let pick = match (weighted().next(), weighted().nth(1)) {
            (None, _) => Pick::None,
            (Some((only, _)), None) => Pick::One(only),
            (Some(_), Some(_)) => {
                let weights: Vec<u32> = rule.backends.iter().map(|backend| backend.weight).collect();
                Pick::Many(Box::new(Weights::new(&weights, turn)))
            }
        };
        let steps = (!rule.filters.is_empty()).then(|| filter::compiled(&rule.filters));
        let has_filters = rule.backends.iter().any(|backend| !backend.filters.is_empty());
        let of_backend = |backend: &gwc_core::ir::WeightedBackend| filter::compiled(&backend.filters);
        let backend_steps = has_filters.then(|| rule.backends.iter().map(of_backend).collect());
        let unserved = unsupported::of_rule(config, rule);
        let unserved = unserved.map(|needs| Box::new(Unserved { needs, is_said: AtomicBool::new(false) }));
        Self { pick, steps, backend_steps, unserved }
    }
}

/// Does TLS go through the listener as it is?
pub(crate) fn passes_through(listener: &Listener) -> bool {
    matches!(listener.tls, Some(ListenerTls::Passthrough))
}
