//! `/trace`: what would happen to a request now, as prediction on the configuration that is served. The account here is
//! short; an edge that has the manifests gives its own.

use gwc_core::ir::{Config, Listener};
use gwc_core::predict::{self, Outcome, Prediction, Request, Scheme, Share};
use serde_json::{Value, json};

use crate::admin::query;
use crate::admin::redact;
use crate::admin::routes::rule_json;

/// A request that is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TraceQuery {
    /// `url`, decoded.
    pub url: String,
    /// `method`.
    pub method: Option<String>,
    /// `header`, any number of times, as `name: value`.
    pub headers: Vec<(String, String)>,
}

impl TraceQuery {
    /// Reads the query of the endpoint.
    pub(super) fn parse(query: &str) -> Result<Self, String> {
        let mut read = Self::default();
        for (name, value) in query::pairs(query)? {
            match name.as_str() {
                "url" => read.url = value,
                "method" => read.method = Some(value),
                "header" => read.headers.push(field(&value)?),
                other => return Err(format!("unknown parameter `{other}`; there are url, method, header")),
            }
        }
        if read.url.is_empty() {
            return Err("the form is /trace?url=http%3A%2F%2Fshop.example%2Fcart&method=GET&header=x-a%3A1".to_owned());
        }
        Ok(read)
    }

    /// The request of it.
    fn request(&self) -> Result<Request, String> {
        let (scheme, rest) = self.url.split_once("://").ok_or("the URL begins with a scheme, such as `http://`")?;
        let scheme = Scheme::parse(scheme).ok_or_else(|| format!("unknown scheme `{scheme}`"))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let bad = || format!("`{authority}` is no host with a port");
        let (host, port) = gwc_core::exchange::normalise::split_port(authority).map_err(|_| bad())?;
        let port = match port {
            Some(port) => port.parse().map_err(|_| bad())?,
            None => scheme.default_port().ok_or("the URL needs a port")?,
        };
        let is_named = |name: &str| self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        let written = is_named("host").map(|(_, value)| value.as_str());
        let authority = written.unwrap_or(authority);
        let target = target.split('#').next().unwrap_or_default();
        let usual = if scheme.is_grpc() { "POST" } else { "GET" };
        let mut headers = self.headers.clone();
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
        if scheme.is_grpc() && is_named("content-type").is_none() {
            headers.push(("content-type".to_owned(), "application/grpc".to_owned()));
        }
        Ok(Request {
            scheme,
            authority: scheme.is_http().then(|| authority.to_owned()),
            port,
            sni: scheme.is_tls().then(|| host.to_ascii_lowercase()),
            method: if scheme.is_http() { self.method.as_deref().unwrap_or(usual).to_owned() } else { String::new() },
            target: if target.starts_with('/') || !scheme.is_http() { target.to_owned() } else { format!("/{target}") },
            headers,
        })
    }
}

fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or_else(|| format!("header `{text}`: the form is `name: value`"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// The account as JSON.
///
/// # Errors
/// What the URL lacks.
pub(super) fn json(config: &Config, query: &TraceQuery, bound: &[(u16, usize)]) -> Result<String, String> {
    let request = query.request()?;
    let mut sockets = predict::sockets(config, &request, None);
    if sockets.is_empty() {
        // The port of a URL that works from here is the one that is bound.
        let real = bound.iter().filter(|(port, _)| *port == request.port).map(|(_, socket)| *socket);
        sockets = real.collect();
        sockets.sort_unstable();
        sockets.dedup();
    }
    let answers: Vec<Value> = sockets.iter().filter_map(|at| answer(config, *at, &request)).collect();
    let mut notes = Vec::new();
    if answers.is_empty() {
        notes.push(format!("nothing listens at port {}", request.port));
    }
    Ok(format!("{:#}\n", json!({"answers": answers, "notes": notes})))
}

fn answer(config: &Config, at: usize, request: &Request) -> Option<Value> {
    let socket = config.sockets.get(at)?;
    let gateway = config.gateway(socket);
    let request = Request { port: socket.port, ..request.clone() };
    let prediction = predict::predict(config, at, &request);
    let listener = prediction.listener(config);
    Some(json!({
        "gateway": format!("{}/{}", gateway.namespace, gateway.name),
        "socket": {"transport": socket.transport.name(), "port": socket.port},
        "listener": listener.map(Listener::label),
        "host": prediction.host,
        "path": prediction.path,
        "rule": prediction.rule(config).map(rule_json),
        "match": prediction.entry(config).and_then(|entry| entry.r#match),
        "outcome": outcome(config, &prediction),
    }))
}

fn outcome(config: &Config, prediction: &Prediction) -> Value {
    match &prediction.outcome {
        Outcome::Closed(why) => json!({"kind": "closed", "why": format!("{why:?}")}),
        Outcome::Answered(answer) => json!({
            "kind": "answered", "by": format!("{:?}", answer.by), "status": answer.status,
            "grpcStatus": answer.grpc_status, "location": answer.location, "headers": fields(&answer.headers),
        }),
        Outcome::Forwarded(forward) => {
            let shares = forward.shares.iter().map(|one| share(config, one));
            json!({"kind": "forwarded", "backends": shares.collect::<Vec<_>>()})
        }
    }
}

fn share(config: &Config, share: &Share) -> Value {
    json!({
        "backend": config.key(&share.target).map(ToString::to_string), "weight": share.weight, "total": share.total, "status": share.status,
        "method": share.upstream.method, "authority": share.upstream.authority, "target": share.upstream.target,
        "headers": fields(&share.upstream.headers),
    })
}

fn fields(fields: &[(String, String)]) -> Vec<Value> {
    let value = |name: &str, value: &str| if redact::is_secret(name) { redact::HIDDEN } else { value }.to_owned();
    fields.iter().map(|(name, text)| json!({"name": name, "value": value(name, text)})).collect()
}
