//! Which listener of a port took a request, and why the others did not.

use gwc_core::ir::{Listener, Protocol, Socket};
use gwc_core::predict::{Prediction, Request};

use crate::route::World;
use crate::route::model::ListenerStep;

/// One step per listener of the socket.
pub(crate) fn steps(
    world: &World<'_>,
    socket: &Socket,
    request: &Request,
    prediction: &Prediction,
) -> Vec<ListenerStep> {
    let chosen = prediction.listener.and_then(|position| socket.listeners.get(position));
    let selector = Selector::new(socket, request, prediction);
    let steps = socket.listeners.iter().enumerate().map(|(position, listener)| {
        let is_chosen = prediction.listener == Some(position);
        let why = if is_chosen { selector.taken(listener) } else { selector.refused(listener, chosen) };
        ListenerStep {
            name: listener.name.to_string(),
            listener_set: listener_set(listener),
            protocol: listener.protocol.name(),
            hostname: listener.hostname.as_ref().map(ToString::to_string),
            chosen: is_chosen,
            why,
            location: world.at(listener.place),
        }
    });
    steps.collect()
}

/// `namespace/name` of the ListenerSet that declares a listener.
pub(crate) fn listener_set(listener: &Listener) -> Option<String> {
    (listener.owner.kind != "Gateway").then(|| format!("{}/{}", listener.owner.namespace, listener.owner.name))
}

/// By what the listeners of a port are told apart.
enum Selector {
    /// Nothing: TCP and UDP.
    Port,
    /// The SNI; `None`: none sent.
    Sni(Option<String>),
    /// The host; `None`: none, or an address.
    Host(Option<String>),
    /// The client speaks TLS, the port does not, or the other way round.
    WrongProtocol(&'static str),
}

impl Selector {
    fn new(socket: &Socket, request: &Request, prediction: &Prediction) -> Self {
        let any = |is: fn(Protocol) -> bool| socket.listeners.iter().any(|listener| is(listener.protocol));
        if any(|protocol| matches!(protocol, Protocol::Tcp | Protocol::Udp)) {
            return Self::Port;
        }
        if any(Protocol::is_tls) {
            let sni = request.sni.as_ref().map(|name| name.trim_end_matches('.').to_ascii_lowercase());
            return if request.scheme.is_tls() { Self::Sni(sni) } else { Self::WrongProtocol("TLS") };
        }
        if request.scheme.is_http() && !request.scheme.is_tls() {
            return Self::Host(prediction.host.clone());
        }
        Self::WrongProtocol("HTTP in clear text")
    }

    /// Why a listener took the request.
    fn taken(&self, listener: &Listener) -> String {
        match (self, &listener.hostname) {
            (Self::Port, _) | (Self::WrongProtocol(_), _) => "it has the port".to_owned(),
            (Self::Sni(_) | Self::Host(_), None) => "takes any name".to_owned(),
            (Self::Sni(name), Some(_)) => format!("by the SNI `{}`", name.as_deref().unwrap_or_default()),
            (Self::Host(name), Some(_)) => format!("by the host `{}`", name.as_deref().unwrap_or_default()),
        }
    }

    /// Why a listener did not.
    fn refused(&self, listener: &Listener, chosen: Option<&Listener>) -> String {
        let (name, word, nothing) = match self {
            Self::Port => return "another listener has the port".to_owned(),
            Self::WrongProtocol(wanted) => return format!("the port takes {wanted}"),
            Self::Sni(name) => (name, "SNI", "the client sends no SNI"),
            Self::Host(name) => (name, "host", "the request names no host"),
        };
        match (&listener.hostname, name, chosen) {
            (Some(own), Some(name), _) if !own.covers(name) => format!("`{own}` does not cover the {word} `{name}`"),
            (Some(_), None, _) => nothing.to_owned(),
            (_, _, Some(chosen)) => format!("`{}` is more specific", chosen.name),
            (_, _, None) => format!("refused before the {word} counted"),
        }
    }
}
