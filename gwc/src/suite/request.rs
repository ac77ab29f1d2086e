//! From the request of a test file to requests as `gwc_core` takes them: defaults, parts, combinations of `each`.

use gwc_core::predict::{Request, Scheme};

use crate::route::request::is_token;
use crate::route::url::{Url, encode_value, split_port};
use crate::suite::file::value::{Pairs, Text, Values};
use crate::suite::file::{Defaults, Each, RequestParts, RequestSpec};

/// Most combinations of one test.
const MAX_COMBINATIONS: usize = 20_000;

/// A request and where it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The request.
    pub(crate) request: Request,
    /// Namespace and name of the Gateway; `None`: each that listens on the port.
    pub(crate) gateway: Option<(String, String)>,
}

/// One combination of `each`.
#[derive(Debug, Clone)]
pub(crate) struct Combination {
    /// `host=a.example, method=GET`; empty without `each`.
    pub(crate) label: String,
    /// Parts of the request.
    pub(crate) parts: RequestParts,
}

/// Parts of a request; the error says what is wrong with the URL.
pub(crate) fn parts(spec: &RequestSpec) -> Result<RequestParts, String> {
    let text = match spec {
        RequestSpec::Parts(parts) => return Ok(parts.as_ref().clone()),
        RequestSpec::Url(text) => text,
    };
    let url = Url::parse(text)?;
    if url.user.is_some() {
        return Err("a URL with a user is not read; write the header `Authorization`".to_owned());
    }
    let is_tcp = url.scheme.is_some_and(|scheme| !scheme.is_http());
    Ok(RequestParts {
        scheme: url.scheme.map(|scheme| Text(scheme.name().to_owned())),
        host: url.host.map(Text),
        port: url.port,
        path: (!is_tcp).then_some(Text(url.target)),
        ..RequestParts::default()
    })
}

/// Every combination of the values of `each`, the last field changing fastest.
pub(crate) fn combinations(base: RequestParts, each: &Each) -> Result<Vec<Combination>, String> {
    let fields = fields(each);
    let product = fields.iter().try_fold(1_usize, |product, field| product.checked_mul(field.values.len()));
    if product.is_none_or(|product| product > MAX_COMBINATIONS) {
        return Err(format!("`each` has more than {MAX_COMBINATIONS} combinations; write several tests"));
    }
    let mut all = vec![(Vec::new(), base)];
    for field in &fields {
        let spread = all.iter().flat_map(|(labels, parts)| {
            field.values.iter().map(move |value| {
                let (mut labels, mut parts): (Vec<String>, RequestParts) = (labels.clone(), parts.clone());
                labels.push(format!("{}={}", field.name, value.label()));
                value.apply(field.name, &mut parts);
                (labels, parts)
            })
        });
        all = spread.collect();
    }
    Ok(all.into_iter().map(|(labels, parts)| Combination { label: labels.join(", "), parts }).collect())
}

impl Combination {
    /// ` [host=a.example]`, or nothing.
    pub(crate) fn suffix(&self) -> String {
        if self.label.is_empty() { String::new() } else { format!(" [{}]", self.label) }
    }
}

/// A field of `each` that has values.
struct Field<'e> {
    name: &'static str,
    values: Vec<Value<'e>>,
}

/// One value.
#[derive(Clone, Copy)]
enum Value<'e> {
    Text(&'e Text),
    Port(u16),
    Pairs(&'e Pairs<Option<Values>>),
}

fn texts<'e>(name: &'static str, list: &'e [Text]) -> Field<'e> {
    Field { name, values: list.iter().map(Value::Text).collect() }
}

fn pairs<'e>(name: &'static str, list: &'e [Pairs<Option<Values>>]) -> Field<'e> {
    Field { name, values: list.iter().map(Value::Pairs).collect() }
}

fn fields(each: &Each) -> Vec<Field<'_>> {
    let ports = Field { name: "port", values: each.port.iter().copied().map(Value::Port).collect() };
    let all = [
        texts("gateway", &each.gateway),
        texts("scheme", &each.scheme),
        texts("host", &each.host),
        ports,
        texts("path", &each.path),
        texts("grpc", &each.grpc),
        texts("method", &each.method),
        pairs("headers", &each.headers),
        pairs("query", &each.query),
        texts("sni", &each.sni),
    ];
    all.into_iter().filter(|field| !field.values.is_empty()).collect()
}

impl Value<'_> {
    /// For the name of the test.
    fn label(self) -> String {
        let one = |(name, values): (&str, &Option<Values>)| match values {
            Some(values) => {
                let values: Vec<&str> = values.all().iter().map(|value| value.0.as_str()).collect();
                format!("{name}: {}", values.join(","))
            }
            None => format!("no {name}"),
        };
        match self {
            Self::Text(text) => text.0.clone(),
            Self::Port(port) => port.to_string(),
            Self::Pairs(pairs) if pairs.0.is_empty() => "none".to_owned(),
            Self::Pairs(pairs) => pairs.iter().map(one).collect::<Vec<_>>().join(" "),
        }
    }

    /// Puts the value into a request.
    fn apply(self, field: &str, parts: &mut RequestParts) {
        match self {
            Self::Port(port) => parts.port = Some(port),
            Self::Pairs(pairs) => {
                let base = if field == "query" { &mut parts.query } else { &mut parts.headers };
                *base = laid_over(base, pairs, field == "headers");
            }
            Self::Text(text) => {
                let place = match field {
                    "gateway" => &mut parts.gateway,
                    "scheme" => &mut parts.scheme,
                    "host" => &mut parts.host,
                    "path" => &mut parts.path,
                    "grpc" => &mut parts.grpc,
                    "method" => &mut parts.method,
                    _ => &mut parts.sni,
                };
                *place = Some(text.clone());
            }
        }
    }
}

/// The names of `top` in place of the same names of `base`.
fn laid_over(base: &Pairs<Option<Values>>, top: &Pairs<Option<Values>>, ignore_case: bool) -> Pairs<Option<Values>> {
    let is_same = |a: &str, b: &str| if ignore_case { a.eq_ignore_ascii_case(b) } else { a == b };
    let stays = |(name, _): &&(String, Option<Values>)| !top.iter().any(|(own, _)| is_same(own, name));
    Pairs(base.0.iter().filter(stays).chain(&top.0).cloned().collect())
}

/// The request that the parts and the defaults make; the error says what is wrong.
pub(crate) fn build(parts: &RequestParts, defaults: &Defaults) -> Result<Asked, String> {
    let scheme = scheme(parts, defaults)?;
    let target = target(parts, scheme)?;
    let host = parts.host.as_ref().map(|host| host.0.as_str());
    if scheme.is_http() && host.is_none() {
        return Err("the request names no host; `host: \"\"` sends none".to_owned());
    }
    let (host, own_port) = split_port(host.unwrap_or_default())?;
    let port = parts.port.or(own_port).or_else(|| default_port(parts, defaults)).or_else(|| scheme.default_port());
    let port = port.filter(|port| *port > 0);
    let port = port.ok_or_else(|| format!("a {} request needs a `port` from 1 to 65535", scheme.name()))?;
    let url = match host {
        "" => Url { scheme: Some(scheme), host: None, port: Some(port), user: None, target },
        // The reader of URLs knows what hosts and paths may hold.
        host => Url::parse(&format!("{}://{host}:{port}{target}", scheme.name()))?,
    };
    let is_http = scheme.is_http();
    let request = Request {
        scheme,
        authority: if is_http { url.authority() } else { None },
        port,
        sni: sni(parts, scheme, &url)?,
        method: method(parts, scheme)?,
        target: if is_http { url.target } else { String::new() },
        headers: headers(parts, defaults, scheme)?,
    };
    let gateway = parts.gateway.as_ref().or(defaults.gateway.as_ref()).map(|name| gateway(&name.0)).transpose()?;
    Ok(Asked { request, gateway })
}

fn scheme(parts: &RequestParts, defaults: &Defaults) -> Result<Scheme, String> {
    let written = parts.scheme.as_ref().or(defaults.scheme.as_ref()).map(|scheme| scheme.0.as_str());
    let text = written.unwrap_or("http");
    let known = "there are http, https, grpc, grpcs, tls, tcp, udp";
    let scheme = Scheme::parse(text).ok_or_else(|| format!("unknown scheme `{text}`; {known}"))?;
    match (parts.grpc.is_some(), scheme) {
        (true, Scheme::Http | Scheme::Grpc) => Ok(Scheme::Grpc),
        (true, Scheme::Https | Scheme::Grpcs) => Ok(Scheme::Grpcs),
        (true, Scheme::Tls | Scheme::Tcp | Scheme::Udp) => Err(format!("a {text} connection has no `grpc` call")),
        (false, scheme) => Ok(scheme),
    }
}

/// The default port belongs to the default scheme.
fn default_port(parts: &RequestParts, defaults: &Defaults) -> Option<u16> {
    let own = parts.scheme.as_ref().zip(defaults.scheme.as_ref());
    defaults.port.filter(|_| own.is_none_or(|(own, default)| own == default))
}

/// Path and query.
fn target(parts: &RequestParts, scheme: Scheme) -> Result<String, String> {
    if !scheme.is_http() {
        let given = [("path", parts.path.is_some()), ("query", !parts.query.0.is_empty())];
        return match given.into_iter().find(|(_, is_given)| *is_given) {
            Some((key, _)) => Err(format!("a {} connection has no `{key}`", scheme.name())),
            None => Ok(String::new()),
        };
    }
    let mut target = match (&parts.grpc, &parts.path) {
        (Some(_), Some(_)) => return Err("`grpc` is the path of the request; leave `path` out".to_owned()),
        (Some(call), None) => format!("/{}", call.0.trim_start_matches('/')),
        (None, Some(path)) => path.0.clone(),
        (None, None) => "/".to_owned(),
    };
    if !target.starts_with('/') && target != "*" {
        return Err(format!("the path `{target}` does not begin with `/`"));
    }
    for (name, values) in parts.query.iter() {
        for value in values.iter().flat_map(|values| values.all()) {
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(&format!("{}={}", encode_value(name), encode_value(&value.0)));
        }
    }
    Ok(target)
}

fn sni(parts: &RequestParts, scheme: Scheme, url: &Url) -> Result<Option<String>, String> {
    match &parts.sni {
        Some(_) if !scheme.is_tls() => Err(format!("a {} request has no ClientHello; leave `sni` out", scheme.name())),
        Some(name) if name.0.is_empty() => Ok(None),
        Some(name) => Ok(Some(name.0.to_ascii_lowercase())),
        None if scheme.is_tls() => Ok(url.sni()),
        None => Ok(None),
    }
}

fn method(parts: &RequestParts, scheme: Scheme) -> Result<String, String> {
    match &parts.method {
        Some(_) if !scheme.is_http() => Err(format!("a {} connection has no `method`", scheme.name())),
        Some(method) if method.0.is_empty() || !method.0.chars().all(is_token) => {
            Err(format!("`{}` is no method", method.0))
        }
        Some(method) => Ok(method.0.clone()),
        None if scheme.is_grpc() => Ok("POST".to_owned()),
        None if scheme.is_http() => Ok("GET".to_owned()),
        None => Ok(String::new()),
    }
}

fn headers(parts: &RequestParts, defaults: &Defaults, scheme: Scheme) -> Result<Vec<(String, String)>, String> {
    if !scheme.is_http() {
        // Defaults are for those requests that can have them.
        let is_given = !parts.headers.0.is_empty();
        return if is_given { Err(format!("a {} connection has no `headers`", scheme.name())) } else { Ok(Vec::new()) };
    }
    let mut lines = Vec::new();
    for (name, values) in laid_over(&defaults.headers, &parts.headers, true).iter() {
        if name.eq_ignore_ascii_case("host") {
            return Err("write the name that the request is sent to as `host`, not as a header".to_owned());
        }
        if name.is_empty() || !name.chars().all(is_token) {
            return Err(format!("`{name}` is no name of a header"));
        }
        for value in values.iter().flat_map(|values| values.all()) {
            if value.0.chars().any(char::is_control) {
                return Err(format!("the value of the header `{name}` holds a control character"));
            }
            lines.push((name.to_owned(), value.0.clone()));
        }
    }
    Ok(lines)
}

fn gateway(text: &str) -> Result<(String, String), String> {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [namespace, name] if !namespace.is_empty() && !name.is_empty() => {
            Ok(((*namespace).to_owned(), (*name).to_owned()))
        }
        _ => Err(format!("the Gateway `{text}` is to be written as NAMESPACE/NAME")),
    }
}

/// `GET https://shop.example.com/cart`.
pub(crate) fn line(request: &Request) -> String {
    let host = request.authority.as_deref().or(request.sni.as_deref()).unwrap_or_default();
    let is_usual = request.scheme.default_port() == Some(request.port) || request.authority.is_some();
    let port = if is_usual { String::new() } else { format!(":{}", request.port) };
    match request.target.as_str() {
        "" => format!("{}://{host}{port}", request.scheme.name()),
        target => format!("{} {}://{host}{port}{target}", request.method, request.scheme.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(url: &str, defaults: &Defaults) -> Result<Asked, String> {
        build(&parts(&RequestSpec::Url(url.to_owned()))?, defaults)
    }

    #[test]
    fn a_default_port_belongs_to_the_default_scheme() {
        let port = |url: &str, defaults: &Defaults| ask(url, defaults).expect("a request").request.port;
        let both = Defaults { scheme: Some(Text("https".into())), port: Some(8443), ..Defaults::default() };
        assert_eq!([port("https://a.example/", &both), port("http://a.example/", &both)], [8443, 80]);
        let alone = Defaults { port: Some(8080), ..Defaults::default() };
        assert_eq!([port("http://a.example/", &alone), port("http://a.example:81/", &alone)], [8080, 81]);
    }

    #[test]
    fn parts_make_a_request() {
        let text = |text: &str| Some(Text(text.to_owned()));
        let pair = |name: &str, value: &str| (name.to_owned(), Some(Values::One(Text(value.to_owned()))));
        let parts = RequestParts {
            host: text("A.example"),
            path: text("/x?a=1"),
            query: Pairs(vec![pair("b c", "2&3")]),
            headers: Pairs(vec![pair("X-B", "2")]),
            ..RequestParts::default()
        };
        let defaults = Defaults { headers: Pairs(vec![pair("x-b", "1"), pair("x-c", "3")]), ..Defaults::default() };
        let request = build(&parts, &defaults).expect("a request").request;
        assert_eq!((request.authority.as_deref(), request.target.as_str()), (Some("A.example"), "/x?a=1&b%20c=2%263"));
        let lines: Vec<String> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(lines, ["x-c: 3", "X-B: 2"]);
        let call = RequestParts { grpc: text("a.B/C"), host: text("g.example"), ..RequestParts::default() };
        let request = build(&call, &Defaults::default()).expect("a request").request;
        assert_eq!((request.scheme, line(&request).as_str()), (Scheme::Grpc, "POST grpc://g.example/a.B/C"));
    }

    #[test]
    fn what_makes_no_request_is_named() {
        let none = Defaults::default();
        for (url, wanted) in [
            ("/cart", "names no host"),
            ("ftp://a/", "unknown scheme"),
            ("https://ann@a/", "Authorization"),
            ("http://*.a.example/", "is a pattern"),
        ] {
            let message = ask(url, &none).expect_err(url);
            assert!(message.contains(wanted), "{url}: {message}");
        }
        let each = Each { host: vec![Text("a".into()); 300], path: vec![Text("/".into()); 300], ..Each::default() };
        assert!(combinations(RequestParts::default(), &each).is_err());
    }
}
