//! A second way from Ingresses to the configuration of nginx: steps A to I of §3.1 once more, as a reader of the text
//! would write them down. Reads the YAML of a test by itself, and shares nothing with the model.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::Value;

/// A location with what nginx is told about it.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    /// As in the configuration: `= "/x"`, `"/x/"` or `~* "^/x"`.
    pub(crate) name: String,
    /// `namespace/service:port`, or `none`.
    pub(crate) backend: String,
    /// Code and URL.
    pub(crate) redirect: Option<(u16, String)>,
    /// Pattern and target.
    pub(crate) rewrite: Option<(String, String)>,
}

/// A server with its locations.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) host: String,
    pub(crate) app_root: Option<String>,
    pub(crate) locations: Vec<Location>,
}

/// One path of one Ingress.
#[derive(Debug, Clone)]
struct Entry<'y> {
    path: String,
    is_exact: bool,
    ingress: &'y Value,
    backend: String,
}

fn text<'y>(value: &'y Value, pointer: &str) -> &'y str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn annotation<'y>(ingress: &'y Value, key: &str) -> &'y str {
    let all = &ingress["metadata"]["annotations"];
    all[format!("nginx.ingress.kubernetes.io/{key}")].as_str().unwrap_or_default()
}

fn is_regex(ingress: &Value) -> bool {
    annotation(ingress, "use-regex") == "true"
}

/// Rewrites count where the target is another text than the path.
fn wants_rewrite(ingress: &Value, path: &str) -> bool {
    let target = annotation(ingress, "rewrite-target");
    !target.is_empty() && target != path
}

fn backend(ingress: &Value, backend: &Value) -> String {
    let service = &backend["service"];
    let port = &service["port"];
    let port = port["number"].as_u64().map_or_else(|| text(port, "/name").to_owned(), |number| number.to_string());
    format!("{}/{}:{port}", text(ingress, "/metadata/namespace"), text(service, "/name"))
}

fn rules(ingress: &Value) -> impl Iterator<Item = &Value> {
    ingress["spec"]["rules"].as_array().into_iter().flatten()
}

fn host(rule: &Value) -> &str {
    Some(text(rule, "/host")).filter(|host| !host.is_empty()).unwrap_or("_")
}

/// The servers that the Ingresses of a world make, all of which belong to the controller and have no timestamp.
pub(crate) fn servers(documents: &[String]) -> Vec<Server> {
    let mut ingresses: Vec<Value> =
        documents.iter().map(|text| yaml_serde::from_str(text.trim_start_matches("---")).expect("YAML")).collect();
    // B: without timestamps, names downwards.
    let key = |one: &Value| format!("{}/{}", text(one, "/metadata/namespace"), text(one, "/metadata/name"));
    ingresses.sort_by_key(|one| Reverse(key(one)));
    let mut hosts: BTreeSet<&str> = ingresses.iter().flat_map(rules).map(host).collect();
    hosts.insert("_");
    hosts.into_iter().map(|host| server(host, &ingresses)).collect()
}

fn server(name: &str, ingresses: &[Value]) -> Server {
    let entries = slashed(sorted(entries(name, ingresses)));
    // H, on the paths as they are now.
    let all_regex = entries.iter().any(|one| is_regex(one.ingress) || wants_rewrite(one.ingress, &one.path));
    let app_root = entries.iter().map(|one| annotation(one.ingress, "app-root")).find(|path| path.starts_with('/'));
    Server {
        host: name.to_owned(),
        app_root: app_root.map(str::to_owned),
        locations: entries.iter().map(|one| location(one, all_regex)).collect(),
    }
}

/// C and E: the paths of a host, the first of each path and type; `/` is there in any case.
fn entries<'y>(name: &str, ingresses: &'y [Value]) -> Vec<Entry<'y>> {
    let mut written = Vec::new();
    for ingress in ingresses {
        for rule in rules(ingress).filter(|rule| host(rule) == name) {
            for path in rule["http"]["paths"].as_array().into_iter().flatten() {
                written.push(Entry {
                    path: Some(text(path, "/path")).filter(|path| !path.is_empty()).unwrap_or("/").to_owned(),
                    is_exact: text(path, "/pathType") == "Exact",
                    ingress,
                    backend: backend(ingress, &path["backend"]),
                });
            }
        }
    }
    let is_root = |one: &Entry<'_>| one.path == "/" && !one.is_exact;
    let root = written.iter().find(|one| is_root(one)).cloned().unwrap_or_else(|| {
        let first = ingresses.iter().find(|ingress| rules(ingress).any(|rule| host(rule) == name));
        let default = first.map(|first| (first, &first["spec"]["defaultBackend"])).filter(|(_, own)| own.is_object());
        Entry {
            path: "/".to_owned(),
            is_exact: false,
            ingress: first.unwrap_or(&Value::Null),
            backend: default.map_or("none".to_owned(), |(first, own)| backend(first, own)),
        }
    });
    let mut seen = BTreeSet::from([("/".to_owned(), false)]);
    let others = written.into_iter().filter(|one| seen.insert((one.path.clone(), one.is_exact)));
    std::iter::once(root).chain(others).collect()
}

/// F: by length, then by letters, both downwards; what is equal stays in order.
fn sorted(mut entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    entries.sort_by(|a, b| (b.path.len(), &b.path).cmp(&(a.path.len(), &a.path)));
    entries
}

/// G: plain prefixes end in a slash and have an exact twin without it.
fn slashed(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let has_exact = |path: &str| entries.iter().any(|one| one.is_exact && one.path == path);
    let mut all = Vec::new();
    for one in &entries {
        let is_plain = !one.is_exact && !is_regex(one.ingress) && !wants_rewrite(one.ingress, &one.path);
        if one.path == "/" || !is_plain {
            all.push(one.clone());
            continue;
        }
        all.push(Entry { path: format!("{}/", one.path.trim_end_matches('/')), ..one.clone() });
        if !has_exact(&one.path) {
            all.push(Entry { is_exact: true, ..one.clone() });
        }
    }
    all
}

/// I and K.
fn location(one: &Entry<'_>, all_regex: bool) -> Location {
    let path = &one.path;
    let name = match (all_regex, one.is_exact) {
        (true, _) => format!("~* \"^{path}\""),
        (false, true) => format!("= \"{path}\""),
        (false, false) => format!("\"{path}\""),
    };
    let redirect = [("temporal-redirect", 302), ("permanent-redirect", 301)]
        .into_iter()
        .map(|(key, code)| (code, annotation(one.ingress, key).to_owned()))
        .find(|(_, url)| !url.is_empty());
    let target = annotation(one.ingress, "rewrite-target").to_owned();
    let rewrite = wants_rewrite(one.ingress, path).then(|| (path.clone(), target));
    Location { name, backend: one.backend.clone(), redirect, rewrite }
}
