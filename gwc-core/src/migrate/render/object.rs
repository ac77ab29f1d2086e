//! The order of fields in each kind of object, and which of them are left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::render::model::{
    Backend, BackendTlsPolicy, Certificate, Cors, ExternalAuth, Filter, GENERATED, Gateway, Grant, GrpcRoute, GrpcRule,
    HeaderChange, HeaderMatch, HttpRoute, Listener, ListenerSet, Manifest, Match, Meta, Namespaces, Parent, PathChange,
    PathKind, Protocol, Provenance, Redirect, Rule, Session, StreamRoute, TlsRoute,
};
use crate::migrate::render::text::Tree;
use crate::value::GATEWAY_GROUP;

/// Sources that are named; of further ones, the number.
const MAX_SOURCES: usize = 8;

/// Seconds for which the API lets an answer to a preflight hold, where nothing is said.
const DEFAULT_MAX_AGE: u32 = 5;

/// Fields, as they come.
#[derive(Default)]
struct Fields(Vec<(String, Tree)>);

impl Fields {
    fn with(mut self, key: &str, value: Tree) -> Self {
        self.0.push((key.to_owned(), value));
        self
    }

    fn text(self, key: &str, value: &str) -> Self {
        self.with(key, Tree::Text(value.to_owned()))
    }

    fn maybe(self, key: &str, value: Option<Tree>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    fn maybe_text(self, key: &str, value: Option<&String>) -> Self {
        self.maybe(key, value.map(|text| Tree::Text(text.clone())))
    }

    /// A list, unless it is empty.
    fn list(self, key: &str, items: Vec<Tree>) -> Self {
        if items.is_empty() { self } else { self.with(key, Tree::list(items)) }
    }

    fn texts<'t>(self, key: &str, items: impl IntoIterator<Item = &'t String>) -> Self {
        self.list(key, items.into_iter().map(|text| Tree::Text(text.clone())).collect())
    }

    fn with_rules(self, rules: Vec<(Vec<String>, Tree)>) -> Tree {
        if rules.is_empty() { self.tree() } else { self.with("rules", Tree::List(rules)).tree() }
    }

    fn tree(self) -> Tree {
        Tree::Map(self.0)
    }
}

fn fields() -> Fields {
    Fields::default()
}

/// The object as a tree.
pub(super) fn tree(manifest: &Manifest) -> Tree {
    match manifest {
        Manifest::Gateway(gateway) => object("v1", "Gateway", &gateway.meta, gateway_spec(gateway)),
        Manifest::ListenerSet(set) => object("v1", "ListenerSet", &set.meta, listener_set_spec(set)),
        Manifest::HttpRoute(route) => object("v1", "HTTPRoute", &route.meta, route_spec(route)),
        Manifest::GrpcRoute(route) => object("v1", "GRPCRoute", &route.meta, grpc_spec(route)),
        Manifest::TlsRoute(route) => object("v1", "TLSRoute", &route.meta, tls_spec(route)),
        Manifest::BackendTlsPolicy(policy) => object("v1", "BackendTLSPolicy", &policy.meta, policy_spec(policy)),
        Manifest::Grant(grant) => {
            let version = if grant.is_v1 { "v1" } else { "v1beta1" };
            object(version, "ReferenceGrant", &grant.meta, grant_spec(grant))
        }
        Manifest::StreamRoute(route) => object("v1", manifest.kind(), &route.meta, stream_spec(route)),
        Manifest::GatewayClass(meta, controller) => {
            object("v1", "GatewayClass", meta, fields().text("controllerName", controller).tree())
        }
        Manifest::Certificate(certificate) => {
            let spec = certificate_spec(certificate);
            head("cert-manager.io/v1", "Certificate", &certificate.meta).with("spec", spec).tree()
        }
        Manifest::ConfigMap(map) => head("v1", "ConfigMap", &map.meta).maybe("data", pairs(&map.data)).tree(),
        Manifest::Namespace(meta) => head("v1", "Namespace", meta).tree(),
    }
}

fn object(version: &str, kind: &str, meta: &Meta, spec: Tree) -> Tree {
    head(&format!("{GATEWAY_GROUP}/{version}"), kind, meta).with("spec", spec).tree()
}

fn head(api_version: &str, kind: &str, meta: &Meta) -> Fields {
    fields().text("apiVersion", api_version).text("kind", kind).with("metadata", metadata(meta))
}

fn metadata(meta: &Meta) -> Tree {
    let (mut labels, mut annotations) = (meta.labels.clone(), meta.annotations.clone());
    if let Some(provenance) = &meta.provenance {
        labels.insert(GENERATED.into(), "true".into());
        annotations.insert("migrate.gwc/source".into(), sources(provenance));
        annotations.insert("migrate.gwc/source-hash".into(), provenance.hash.clone());
    }
    fields()
        .text("name", &meta.name)
        .maybe_text("namespace", Some(&meta.namespace).filter(|namespace| !namespace.is_empty()))
        .maybe("labels", pairs(&labels))
        .maybe("annotations", pairs(&annotations))
        .tree()
}

fn pairs(map: &BTreeMap<String, String>) -> Option<Tree> {
    let pairs = map.iter().map(|(key, value)| (key.clone(), Tree::Text(value.clone())));
    (!map.is_empty()).then(|| Tree::Map(pairs.collect()))
}

fn sources(provenance: &Provenance) -> String {
    let mut named: Vec<&str> = provenance.sources.iter().take(MAX_SOURCES).map(String::as_str).collect();
    let rest = provenance.sources.len().saturating_sub(MAX_SOURCES);
    let more = format!("+{rest}");
    if rest > 0 {
        named.push(&more);
    }
    named.join(",")
}

fn gateway_spec(gateway: &Gateway) -> Tree {
    let sets = gateway.listener_sets.as_ref().map(|namespaces| fields().with("namespaces", from(namespaces)).tree());
    fields()
        .text("gatewayClassName", &gateway.class)
        .list("listeners", gateway.listeners.iter().map(listener).collect())
        .maybe("allowedListeners", sets)
        .tree()
}

fn listener_set_spec(set: &ListenerSet) -> Tree {
    let (namespace, name) = &set.gateway;
    let parent = fields().text("name", name);
    let parent = if *namespace == set.meta.namespace { parent } else { parent.text("namespace", namespace) };
    fields().with("parentRef", parent.tree()).list("listeners", set.listeners.iter().map(listener).collect()).tree()
}

fn listener(listener: &Listener) -> Tree {
    let (protocol, tls) = match &listener.protocol {
        Protocol::Http => ("HTTP", None),
        Protocol::Https { certificate, is_mode_written } => ("HTTPS", Some(terminate(certificate, *is_mode_written))),
        Protocol::Passthrough => ("TLS", Some(fields().text("mode", "Passthrough").tree())),
        Protocol::Tcp => ("TCP", None),
        Protocol::Udp => ("UDP", None),
    };
    let routes = match &listener.routes {
        Namespaces::Same => None,
        Namespaces::Named(_) | Namespaces::All => Some(fields().with("namespaces", from(&listener.routes)).tree()),
    };
    fields()
        .text("name", &listener.name)
        .maybe_text("hostname", listener.hostname.as_ref())
        .with("port", Tree::Int(listener.port.into()))
        .text("protocol", protocol)
        .maybe("tls", tls)
        .maybe("allowedRoutes", routes)
        .tree()
}

fn terminate((namespace, name): &(Option<String>, String), is_mode_written: bool) -> Tree {
    let certificate = fields().text("name", name).maybe_text("namespace", namespace.as_ref()).tree();
    let mode = is_mode_written.then(|| Tree::Text("Terminate".into()));
    fields().maybe("mode", mode).list("certificateRefs", vec![certificate]).tree()
}

fn from(namespaces: &Namespaces) -> Tree {
    let names = match namespaces {
        Namespaces::Same => return fields().text("from", "Same").tree(),
        Namespaces::All => return fields().text("from", "All").tree(),
        Namespaces::Named(names) => names,
    };
    let expression = fields().text("key", "kubernetes.io/metadata.name").text("operator", "In").texts("values", names);
    let selector = fields().list("matchExpressions", vec![expression.tree()]).tree();
    fields().text("from", "Selector").with("selector", selector).tree()
}

fn route_spec(route: &HttpRoute) -> Tree {
    let rules = route.rules.iter().map(|at| (at.comments.clone(), rule(at))).collect();
    attached(&route.meta, &route.parents, &route.hostnames).with_rules(rules)
}

fn grpc_spec(route: &GrpcRoute) -> Tree {
    let rules = route.rules.iter().map(|at| (at.comments.clone(), grpc_rule(at))).collect();
    attached(&route.meta, &route.parents, &route.hostnames).with_rules(rules)
}

fn tls_spec(route: &TlsRoute) -> Tree {
    let rule = fields().list("backendRefs", vec![backend_ref(&route.backend)]).tree();
    attached(&route.meta, &route.parents, &route.hostnames).with_rules(vec![(Vec::new(), rule)])
}

fn stream_spec(route: &StreamRoute) -> Tree {
    let rule = fields().list("backendRefs", vec![backend_ref(&route.backend)]).tree();
    attached(&route.meta, &route.parents, &[]).with_rules(vec![(Vec::new(), rule)])
}

fn certificate_spec(certificate: &Certificate) -> Tree {
    let (kind, name, group) = &certificate.issuer;
    let issuer = fields().text("name", name).text("kind", kind).maybe_text("group", group.as_ref());
    let spec = fields().text("secretName", &certificate.secret).texts("dnsNames", &certificate.names);
    let spec = certificate.further.iter().fold(spec, |spec, (key, value)| spec.with(key, value.clone()));
    spec.with("issuerRef", issuer.tree()).tree()
}

/// The fields that all routes begin with.
fn attached(meta: &Meta, parents: &[Parent], hostnames: &[String]) -> Fields {
    let parents = parents.iter().map(|at| parent(at, &meta.namespace)).collect();
    fields().list("parentRefs", parents).texts("hostnames", hostnames)
}

fn grpc_rule(rule: &GrpcRule) -> Tree {
    let matching = rule.call.as_ref().map(|(service, method)| {
        let call = fields().text("service", service).maybe_text("method", method.as_ref());
        fields().with("method", call.tree()).tree()
    });
    fields()
        .list("matches", matching.into_iter().collect())
        .list("filters", rule.filters.iter().map(filter).collect())
        .list("backendRefs", rule.backends.iter().map(backend_ref).collect())
        .tree()
}

fn policy_spec(policy: &BackendTlsPolicy) -> Tree {
    let (service, port) = &policy.target;
    let core = |kind: &str, name: &str| fields().text("group", "").text("kind", kind).text("name", name);
    let target = core("Service", service).maybe_text("sectionName", port.as_ref());
    let validation = match &policy.ca {
        Some(name) => fields().list("caCertificateRefs", vec![core("ConfigMap", name).tree()]),
        None => fields().text("wellKnownCACertificates", "System"),
    };
    fields()
        .list("targetRefs", vec![target.tree()])
        .with("validation", validation.text("hostname", &policy.hostname).tree())
        .tree()
}

fn parent(parent: &Parent, own_namespace: &str) -> Tree {
    let kind = parent.is_listener_set.then(|| Tree::Text("ListenerSet".into()));
    let namespace = (parent.namespace != own_namespace).then_some(&parent.namespace);
    fields()
        .maybe("kind", kind)
        .text("name", &parent.name)
        .maybe_text("namespace", namespace)
        .text("sectionName", &parent.section)
        .tree()
}

fn rule(rule: &Rule) -> Tree {
    let (request, backend) = &rule.timeouts;
    let timeouts = fields().maybe_text("request", request.as_ref()).maybe_text("backendRequest", backend.as_ref());
    fields()
        .list("matches", rule.matches.iter().map(matching).collect())
        .list("filters", rule.filters.iter().map(filter).collect())
        .list("backendRefs", rule.backends.iter().map(backend_ref).collect())
        .maybe("timeouts", (request.is_some() || backend.is_some()).then(|| timeouts.tree()))
        .maybe("sessionPersistence", rule.session.as_ref().map(session))
        .tree()
}

fn session(session: &Session) -> Tree {
    let permanent = session.lifetime.as_ref().map(|_| fields().text("lifetimeType", "Permanent").tree());
    fields()
        .text("sessionName", &session.name)
        .maybe_text("absoluteTimeout", session.lifetime.as_ref())
        .maybe("cookieConfig", permanent)
        .tree()
}

fn matching(one: &Match) -> Tree {
    let (kind, value) = &one.path;
    let kind = match kind {
        PathKind::Exact => "Exact",
        PathKind::Prefix => "PathPrefix",
        PathKind::Regex => "RegularExpression",
    };
    let header = |header: &HeaderMatch| {
        let kind = header.is_regex.then(|| Tree::Text("RegularExpression".into()));
        fields().maybe("type", kind).text("name", &header.name).text("value", &header.value).tree()
    };
    fields()
        .with("path", fields().text("type", kind).text("value", value).tree())
        .list("headers", one.headers.iter().map(header).collect())
        .maybe_text("method", one.method.as_ref())
        .tree()
}

fn filter(filter: &Filter) -> Tree {
    let (kind, key, value) = match filter {
        Filter::RequestHeaders(change) => ("RequestHeaderModifier", "requestHeaderModifier", headers(change)),
        Filter::ResponseHeaders(change) => ("ResponseHeaderModifier", "responseHeaderModifier", headers(change)),
        Filter::Mirror(backend) => {
            ("RequestMirror", "requestMirror", fields().with("backendRef", backend_ref(backend)).tree())
        }
        Filter::Redirect(redirect) => ("RequestRedirect", "requestRedirect", redirecting(redirect)),
        Filter::Rewrite { hostname, path } => {
            let value =
                fields().maybe_text("hostname", hostname.as_ref()).maybe("path", path.as_ref().map(path_change));
            ("URLRewrite", "urlRewrite", value.tree())
        }
        Filter::Cors(cors) => ("CORS", "cors", sharing(cors)),
        Filter::ExternalAuth(auth) => ("ExternalAuth", "externalAuth", asking(auth)),
    };
    fields().text("type", kind).with(key, value).tree()
}

fn headers(change: &HeaderChange) -> Tree {
    let pairs = |pairs: &[(String, String)]| -> Vec<Tree> {
        pairs.iter().map(|(name, value)| fields().text("name", name).text("value", value).tree()).collect()
    };
    fields().list("set", pairs(&change.set)).list("add", pairs(&change.add)).texts("remove", &change.remove).tree()
}

fn redirecting(redirect: &Redirect) -> Tree {
    fields()
        .maybe_text("scheme", redirect.scheme.as_ref())
        .maybe_text("hostname", redirect.hostname.as_ref())
        .maybe("path", redirect.path.as_ref().map(path_change))
        .maybe("port", redirect.port.map(|port| Tree::Int(port.into())))
        .maybe("statusCode", redirect.status.filter(|status| *status != 302).map(|status| Tree::Int(status.into())))
        .tree()
}

fn path_change(change: &PathChange) -> Tree {
    match change {
        PathChange::Full(path) => fields().text("type", "ReplaceFullPath").text("replaceFullPath", path).tree(),
        PathChange::Prefix(path) => fields().text("type", "ReplacePrefixMatch").text("replacePrefixMatch", path).tree(),
    }
}

fn sharing(cors: &Cors) -> Tree {
    fields()
        .texts("allowOrigins", &cors.origins)
        .maybe("allowCredentials", cors.has_credentials.then_some(Tree::Bool(true)))
        .texts("allowMethods", &cors.methods)
        .texts("allowHeaders", &cors.headers)
        .texts("exposeHeaders", &cors.exposed)
        .maybe("maxAge", cors.max_age.filter(|age| *age != DEFAULT_MAX_AGE).map(|age| Tree::Int(age.into())))
        .tree()
}

fn asking(auth: &ExternalAuth) -> Tree {
    let path = Some(&auth.path).filter(|path| !path.is_empty());
    let http = fields().maybe_text("path", path).texts("allowedResponseHeaders", &auth.response_headers);
    fields().text("protocol", "HTTP").with("backendRef", backend_ref(&auth.backend)).with("http", http.tree()).tree()
}

fn backend_ref(backend: &Backend) -> Tree {
    fields()
        .text("name", &backend.name)
        .maybe_text("namespace", backend.namespace.as_ref())
        .with("port", Tree::Int(backend.port.into()))
        .maybe("weight", backend.weight.filter(|weight| *weight != 1).map(|weight| Tree::Int(weight.into())))
        .tree()
}

fn grant_spec(grant: &Grant) -> Tree {
    let from = |(kind, namespace): &(String, String)| {
        fields().text("group", GATEWAY_GROUP).text("kind", kind).text("namespace", namespace).tree()
    };
    let to = |(kind, name): &(String, String)| fields().text("group", "").text("kind", kind).text("name", name).tree();
    let trees = |set: &BTreeSet<(String, String)>, tree: &dyn Fn(&(String, String)) -> Tree| -> Vec<Tree> {
        set.iter().map(tree).collect()
    };
    fields().list("from", trees(&grant.from, &from)).list("to", trees(&grant.to, &to)).tree()
}
