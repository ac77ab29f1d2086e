//! A published tutorial page, taken as manifests: its objects, cut out of the running text, must give the findings that
//! its known mistakes deserve. Skipped where `../shared` is absent.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read shared data and say when it is absent"
)]

use std::path::Path;

use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::{Compilation, compile};

/// 2026-06-01T00:00:00Z.
const NOW: i64 = 1_780_272_000;

fn page() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/mission/gateway-api-page.txt");
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: no ../shared/mission");
    }
    text
}

/// Runs of lines that begin with `start` at column 0 and go on while they look like the YAML of one document.
fn cut(page: &str, start: &str) -> Vec<String> {
    let keys = ["apiVersion:", "kind:", "metadata:", "spec:", "rules:"];
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        let top = !line.is_empty() && !line.starts_with([' ', '#']);
        if line.starts_with(start) {
            found.push(String::new());
            open = true;
        } else if top && !keys.iter().any(|key| line.starts_with(key)) {
            open = false;
        }
        if let (true, Some(text)) = (open, found.last_mut()) {
            text.push_str(line);
            text.push('\n');
        }
    }
    found
}

fn world(documents: &[String]) -> Compilation {
    let mut sources = SourceMap::new();
    let text = documents.join("---\n");
    sources.add(Source::from_bytes("page.yaml", Origin::File, Role::Checked, true, text.into_bytes()));
    compile(&sources, &Profile::new(WorldMode::Auto, NOW))
}

fn codes(compilation: &Compilation, kind: &str, name: &str) -> Vec<&'static str> {
    let diagnostics = compilation.diagnostics.0.iter();
    let own = diagnostics.filter(|diagnostic| {
        diagnostic.object.as_ref().is_some_and(|object| object.kind == kind && object.name == name)
    });
    own.map(|diagnostic| diagnostic.code.number).collect()
}

#[track_caller]
fn expect(compilation: &Compilation, kind: &str, name: &str, wanted: &[&str]) {
    let found = codes(compilation, kind, name);
    for code in wanted {
        assert!(found.contains(code), "{kind} {name}: {code} is missing among {found:?}");
    }
}

#[test]
fn complete_objects_of_the_page_give_their_findings() {
    let Some(page) = page() else { return };
    let documents = cut(&page, "apiVersion:");
    assert!(documents.len() >= 12, "{} objects were cut out", documents.len());
    let found = world(&documents);
    expect(&found, "TCPRoute", "postgres-route", &["GWC9001"]);
    expect(&found, "TLSRoute", "db-tls-passthrough", &["GWC9001"]);
    expect(&found, "BackendTLSPolicy", "api-backend-tls", &["GWC9001", "GWC0010", "GWC0017"]);
    expect(&found, "GRPCRoute", "grpc-route", &["GWC2001"]);
    for route in ["canary-route", "team-a-app", "team-b-app"] {
        expect(&found, "HTTPRoute", route, &["GWC7002", "GWC2007", "GWC2018"]);
    }
    expect(&found, "HTTPRoute", "store-route", &["GWC3010", "GWC7005"]);
    expect(&found, "Gateway", "prod-gateway", &["GWC0006"]);
}

#[test]
fn l4_routes_name_sections_that_do_not_exist() {
    let Some(page) = page() else { return };
    let documents = cut(&page, "apiVersion:");
    let found = world(&documents);
    expect(&found, "TCPRoute", "postgres-route", &["GWC1003"]);
    expect(&found, "TLSRoute", "db-tls-passthrough", &["GWC1003"]);
    let without_namespace = |document: &String| {
        let l4 = document.contains("kind: TCPRoute") || document.contains("kind: TLSRoute");
        if l4 { document.replace("      namespace: gateway-infra\n", "") } else { document.clone() }
    };
    let found = world(&documents.iter().map(without_namespace).collect::<Vec<_>>());
    for (kind, name) in [("TCPRoute", "postgres-route"), ("TLSRoute", "db-tls-passthrough")] {
        expect(&found, kind, name, &["GWC2016"]);
        assert!(!codes(&found, kind, name).contains(&"GWC1002"), "GWC2016 absorbs GWC1002");
    }
}

#[test]
fn snippets_of_rules_give_their_findings() {
    let Some(page) = page() else { return };
    let documents = cut(&page, "apiVersion:");
    let snippets = cut(&page, "rules:");
    assert_eq!(snippets.len(), 4, "snippets were cut out");
    let header = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: store-route\n  namespace: \
                  my-app\nspec:\n  parentRefs:\n  - name: prod-gateway\n    namespace: gateway-infra\n    sectionName: https\n";
    let wrapped = |snippet: &String| {
        let indented: String = snippet.lines().map(|line| format!("  {line}\n")).collect();
        let others = documents.iter().filter(|document| !document.contains("name: store-route"));
        world(&others.cloned().chain([format!("{header}{indented}")]).collect::<Vec<_>>())
    };
    let find = |word: &str| snippets.iter().find(|snippet| snippet.contains(word)).expect("a snippet of the page");
    expect(&wrapped(find("retry:")), "HTTPRoute", "store-route", &["GWC9004"]);
    expect(&wrapped(find("sessionPersistence:")), "HTTPRoute", "store-route", &["GWC9004", "GWC9005"]);
}
