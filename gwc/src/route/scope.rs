//! `--gateway`, and the sockets and names that a request may mean.

use gwc_core::ir::{Config, Protocol, Socket, Transport};
use gwc_core::predict::{self, Request, Scheme};

use crate::compile::Compilation;
use crate::failure::Failure;
use crate::nearest;
use crate::route::request::Asked;
use crate::route::url::split_port;

/// `NS/NAME[/LISTENER]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GatewayName {
    /// Namespace.
    pub(crate) namespace: String,
    /// Name.
    pub(crate) name: String,
    /// One listener of it.
    pub(crate) listener: Option<String>,
}

impl GatewayName {
    /// Reads `--gateway`.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let parts: Vec<&str> = text.split('/').collect();
        let (namespace, name, listener) = match parts.as_slice() {
            [namespace, name] => (*namespace, *name, None),
            [namespace, name, listener] => (*namespace, *name, Some((*listener).to_owned())),
            _ => {
                return Err(Failure::usage(format!(
                    "--gateway {text}: write NAMESPACE/NAME or NAMESPACE/NAME/LISTENER"
                )));
            }
        };
        if namespace.is_empty() || name.is_empty() || listener.as_deref() == Some("") {
            return Err(Failure::usage(format!("--gateway {text}: a part is empty")));
        }
        Ok(Self { namespace: namespace.to_owned(), name: name.to_owned(), listener })
    }

    /// Is the socket one of this Gateway?
    pub(crate) fn is_of(&self, config: &Config, socket: &Socket) -> bool {
        let gateway = config.gateway(socket);
        gateway.namespace == self.namespace.as_str() && gateway.name == self.name.as_str()
    }

    /// Has the socket the listener, where one is named?
    pub(crate) fn has_listener(&self, socket: &Socket) -> bool {
        let named = |name: &String| socket.listeners.iter().any(|listener| listener.name == name.as_str());
        self.listener.as_ref().is_none_or(named)
    }

    /// What is wrong with the name in these worlds; `None`: one of them serves it.
    pub(crate) fn problem(&self, worlds: &[&Compilation]) -> Option<Failure> {
        let configs = || worlds.iter().map(|world| &world.lowered.config);
        let sockets = || configs().flat_map(|config| config.sockets.iter().map(move |socket| (config, socket)));
        let own: Vec<&Socket> =
            sockets().filter(|(config, socket)| self.is_of(config, socket)).map(|(_, socket)| socket).collect();
        let text = format!("{}/{}", self.namespace, self.name);
        if own.is_empty() {
            return Some(Failure::input(self.absent(worlds, &text)));
        }
        if own.iter().any(|socket| self.has_listener(socket)) {
            return None;
        }
        let wanted = self.listener.as_deref().unwrap_or_default();
        let there: Vec<&str> =
            own.iter().flat_map(|socket| &socket.listeners).map(|listener| listener.name.as_str()).collect();
        let hint = nearest::hint(wanted, there.iter().copied());
        let list = there.join(", ");
        Some(Failure::input(format!("Gateway {text} serves no listener `{wanted}`{hint}; there are {list}")))
    }

    fn absent(&self, worlds: &[&Compilation], text: &str) -> String {
        let objects = worlds.iter().flat_map(|world| &world.objects).map(|summary| &summary.object);
        let gateways = objects.filter(|object| object.kind == "Gateway");
        let names: Vec<String> = gateways.map(|object| format!("{}/{}", object.namespace, object.name)).collect();
        if names.iter().any(|name| name == text) {
            return format!("Gateway {text} serves nothing; `gwc status gateway/{text}` tells why");
        }
        format!("no Gateway {text} in the input{}", nearest::hint(text, names.iter().map(String::as_str)))
    }
}

/// A request and the sockets that it arrives at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The request.
    pub(crate) request: Request,
    /// Positions in [`Config::sockets`].
    pub(crate) sockets: Vec<usize>,
}

/// Where a request arrives in a world.
pub(crate) fn arrivals(config: &Config, asked: &Asked, gateway: Option<&GatewayName>) -> Vec<Arrival> {
    let is_wanted = |position: &usize| {
        let socket = config.sockets.get(*position);
        socket.is_some_and(|socket| gateway.is_none_or(|name| name.is_of(config, socket) && name.has_listener(socket)))
    };
    if !asked.any_socket {
        let named = gateway.map(|name| (name.namespace.as_str(), name.name.as_str()));
        let sockets: Vec<usize> =
            predict::sockets(config, &asked.request, named).into_iter().filter(|at| is_wanted(at)).collect();
        return vec![Arrival { request: asked.request.clone(), sockets }];
    }
    let positions = (0..config.sockets.len()).filter(is_wanted);
    let sockets = positions.filter_map(|at| Some((at, config.sockets.get(at)?)));
    let listener = gateway.and_then(|name| name.listener.as_deref());
    sockets.flat_map(|(at, socket)| anywhere(at, socket, asked, listener)).collect()
}

/// A path alone at one socket: once for each name that is served there, or for the host that was named.
fn anywhere(position: usize, socket: &Socket, asked: &Asked, listener: Option<&str>) -> Vec<Arrival> {
    let is_tls = socket.listeners.iter().any(|listener| listener.protocol == Protocol::Https);
    let is_http = is_tls || socket.listeners.iter().any(|listener| listener.protocol == Protocol::Http);
    if !is_http || socket.transport != Transport::Tcp {
        return Vec::new();
    }
    let scheme = if is_tls { Scheme::Https } else { Scheme::Http };
    let names: Vec<Option<String>> = match asked.any_host {
        true => names(socket, listener).into_iter().map(Some).collect(),
        false => vec![asked.request.authority.clone()],
    };
    let arrival = |authority: Option<String>| {
        let host = authority.as_deref().map(|authority| split_port(authority).map_or(authority, |(host, _)| host));
        let sni = asked.request.sni.clone().or_else(|| host.map(str::to_ascii_lowercase)).filter(|_| is_tls);
        let request = Request { scheme, port: socket.port, sni, authority, ..asked.request.clone() };
        Arrival { request, sockets: vec![position] }
    };
    names.into_iter().map(arrival).collect()
}

/// One name for each hostname that routes serve at a socket, in order of listeners; `any.` stands for a wildcard.
fn names(socket: &Socket, wanted: Option<&str>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let listeners = socket.listeners.iter().filter(|listener| listener.protocol.is_http());
    let listeners = listeners.filter(|listener| wanted.is_none_or(|name| listener.name == name));
    for listener in listeners {
        let served = listener.hosts.iter().map(|host| host.matches.as_ref());
        // A listener without routes still answers.
        let own = listener.hosts.is_empty().then_some(listener.hostname.as_ref());
        for hostname in served.chain(own) {
            let name = match hostname {
                None => "any.example".to_owned(),
                Some(hostname) if hostname.is_wildcard() => format!("any.{}", hostname.apex()),
                Some(hostname) => hostname.to_string(),
            };
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all
}

/// Why a request arrives nowhere: the ports that there are.
pub(crate) fn nowhere(config: &Config, request: &Request, gateway: Option<&GatewayName>) -> String {
    let sockets = config.sockets.iter().filter(|socket| gateway.is_none_or(|name| name.is_of(config, socket)));
    let port = |socket: &Socket| {
        let gateway = config.gateway(socket);
        let mut protocols: Vec<&str> = socket.listeners.iter().map(|listener| listener.protocol.name()).collect();
        protocols.dedup();
        format!("{}/{} {} ({})", gateway.namespace, gateway.name, socket.port, protocols.join(", "))
    };
    let ports: Vec<String> = sockets.map(port).collect();
    let transport = if request.scheme == Scheme::Udp { "UDP" } else { "TCP" };
    let who = gateway.map_or_else(
        || "no Gateway listens".to_owned(),
        |name| match &name.listener {
            Some(listener) => format!("Gateway {}/{} has no listener {listener}", name.namespace, name.name),
            None => format!("Gateway {}/{} does not listen", name.namespace, name.name),
        },
    );
    let there = if ports.is_empty() {
        "nothing is served at all, `gwc status` tells why".to_owned()
    } else {
        format!("ports: {}", ports.join("; "))
    };
    let hint = if ports.is_empty() { "" } else { "; --resolve-port sends it to another" };
    format!("{who} on {transport} port {}; {there}{hint}", request.port)
}
