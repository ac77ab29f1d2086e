//! Redirects followed as a client does, within one Gateway.

use crate::exchange::normalise;
use crate::predict::{AnsweredBy, Outcome, Prediction, Predictor, Request, Scheme, sockets, walk};

/// Clients give up after about as many redirects.
const MOST_HOPS: usize = 20;

/// A redirect on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What was asked for: method and URL.
    pub asked: (String, String),
    /// What happened.
    pub prediction: Prediction,
}

/// Redirects in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Every request that was answered with a redirect.
    pub hops: Vec<Hop>,
    /// How it ends.
    pub end: ChainEnd,
}

/// How a chain of redirects ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainEnd {
    /// With an answer or a backend.
    Served,
    /// At a place that the Gateway does not serve.
    Left,
    /// Back at the hop of this position.
    Loop(usize),
    /// It goes on for longer than clients follow.
    Endless,
}

impl Predictor<'_> {
    /// Follows redirects from a request at a socket; names are taken to stay with the Gateway of that socket.
    #[must_use]
    pub fn follow(&self, socket: usize, request: &Request) -> Chain {
        let config = self.config();
        let gateway = config.sockets.get(socket).map(|socket| config.gateway(socket));
        let gateway = gateway.map(|gateway| (gateway.namespace.as_str(), gateway.name.as_str()));
        let mut hops: Vec<Hop> = Vec::new();
        let (mut at, mut request) = (socket, request.clone());
        loop {
            let prediction = self.predict(at, &request);
            let Some((status, location)) = redirected(&prediction) else {
                return Chain { hops, end: ChainEnd::Served };
            };
            let asked = (walk::method(&request).to_owned(), url(&request));
            if let Some(first) = hops.iter().position(|hop| hop.asked == asked) {
                return Chain { hops, end: ChainEnd::Loop(first) };
            }
            let next = next(&request, status, location);
            hops.push(Hop { asked, prediction });
            let place = next.as_ref().and_then(|next| sockets(config, next, gateway).first().copied());
            match (next, place) {
                _ if hops.len() > MOST_HOPS => return Chain { hops, end: ChainEnd::Endless },
                (Some(next), Some(place)) => (at, request) = (place, next),
                (_, _) => return Chain { hops, end: ChainEnd::Left },
            }
        }
    }
}

fn redirected(prediction: &Prediction) -> Option<(u16, &str)> {
    match &prediction.outcome {
        Outcome::Answered(answer) if answer.by == AnsweredBy::Redirect => {
            Some((answer.status, answer.location.as_deref()?))
        }
        Outcome::Answered(_) | Outcome::Closed(_) | Outcome::Forwarded(_) => None,
    }
}

/// The URL of a request as a client would write it.
#[must_use]
pub fn url(request: &Request) -> String {
    let known = request.scheme.default_port() == Some(request.port);
    let authority = request.authority.as_deref().unwrap_or_default();
    let host = normalise::split_port(authority).map_or(authority, |(host, _)| host);
    let port = if known { String::new() } else { format!(":{}", request.port) };
    format!("{}://{host}{port}{}", request.scheme.name(), request.target)
}

/// The request that a client sends to a `Location`; `None`: it is no URL of HTTP.
fn next(request: &Request, status: u16, location: &str) -> Option<Request> {
    let (scheme, rest) = location.split_once("://")?;
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        _ => return None,
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let (host, port) = normalise::split_port(authority).ok()?;
    let port = port.map_or_else(|| scheme.default_port(), |port| port.parse().ok())?;
    // RFC 9110 §15.4: 303 asks with GET; browsers do the same for a POST that got 301 or 302.
    let asks_anew = status == 303 || (matches!(status, 301 | 302) && request.method == "POST");
    let mut next = request.clone();
    next.scheme = scheme;
    next.authority = Some(authority.to_owned());
    next.port = port;
    next.sni = (scheme == Scheme::Https && !host.starts_with('[')).then(|| host.to_owned());
    target.clone_into(&mut next.target);
    if asks_anew && request.method != "HEAD" {
        "GET".clone_into(&mut next.method);
    }
    Some(next)
}
