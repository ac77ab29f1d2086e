//! What the verdicts say as findings.

use gwc_core::admission::report::diagnose;
use gwc_core::admission::{Operation, admit};
use gwc_core::diagnostic::{Applicability, Diagnostic, ObjectRef};
use gwc_core::profile::{Bundle, Channel, Target};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::yaml::parse::parse;
use gwc_core::yaml::{Node, Value};

use super::{CHANNELS, cases, newest, shared};

/// Findings of the first document of a text, and the text they point into.
fn findings_in(text: &str, target: Target) -> (Vec<Diagnostic>, SourceMap) {
    let mut sources = SourceMap::new();
    let source = Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.as_bytes().to_vec());
    let id = sources.add(source);
    let documents = parse(id, sources.source(id));
    let root = documents[0].root.clone().expect("the text parses");
    let verdict = admit(&root, target, Operation::Create);
    let member = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let object = ObjectRef { api_version: member("apiVersion"), kind: member("kind"), ..ObjectRef::default() };
    (diagnose(&verdict, id, &object, target), sources)
}

fn findings(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    findings_in(text, newest(Channel::Standard))
}

fn codes(found: &[Diagnostic]) -> Vec<&'static str> {
    found.iter().map(|finding| finding.code.number).collect()
}

/// The text after the safe fixes of the first finding.
fn fixed(text: &str) -> String {
    let (found, _) = findings(text);
    let mut edits = found[0].fixes[0].edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut out = text.to_owned();
    for edit in edits {
        out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
    }
    out
}

const ROUTE: &str = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: a\nspec:\n";
const GATEWAY: &str =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: a\nspec:\n  gatewayClassName: c\n";

#[test]
fn a_misspelt_field_is_named_with_its_place() {
    let (found, sources) = findings(&format!("{ROUTE}  rulez: []\n"));
    assert_eq!(codes(&found), ["GWC0010"]);
    assert_eq!(sources.slice(found[0].primary), "rulez");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `rules`?"));
}

#[test]
fn a_field_of_another_channel_or_release_says_which() {
    let retry = format!("{ROUTE}  rules:\n  - retry: {{attempts: 2}}\n");
    let (found, _) = findings(&retry);
    assert_eq!(codes(&found), ["GWC9004"]);
    let old = Target { bundle: Bundle::V1_1, channel: Channel::Experimental };
    let (found, _) = findings_in(&retry, old);
    assert_eq!(codes(&found), ["GWC9006"]);
    assert!(found[0].message.contains("v1.2.1"), "{}", found[0].message);
    let idle = format!("{ROUTE}  rules:\n  - sessionPersistence: {{idleTimeout: 1h, sessionName: a}}\n");
    let (found, _) = findings_in(&idle, newest(Channel::Experimental));
    assert_eq!(codes(&found), ["GWC9005"]);
}

#[test]
fn a_bad_address_is_one_finding() {
    let (found, sources) = findings(&format!(
        "{GATEWAY}  addresses:\n  - value: 10.0.0.0/8\n  listeners: [{{name: a, port: 80, protocol: HTTP}}]\n"
    ));
    assert_eq!(codes(&found), ["GWC0014", "GWC0018"]);
    assert_eq!(sources.slice(found[0].primary), "10.0.0.0/8");
}

#[test]
fn a_repeated_listener_name_is_one_finding() {
    let listeners = "  listeners:\n  - {name: a, port: 80, protocol: HTTP}\n  - {name: a, port: 81, protocol: HTTP}\n";
    let (found, _) = findings(&format!("{GATEWAY}{listeners}"));
    assert_eq!(codes(&found), ["GWC0016"]);
    assert_eq!(found[0].notes.len(), 1, "the rule about names is a note");
}

#[test]
fn rules_of_the_catalogue_replace_the_general_code() {
    let (found, _) = findings(&format!("{ROUTE}  rules:\n  - backendRefs: [{{name: a}}]\n"));
    assert_eq!(codes(&found), ["GWC1007"]);
    assert_eq!(found[0].sub_id, Some("backendref.service-port-missing"));
    let (found, _) = findings(&format!("{ROUTE}  rules:\n  - matches: [{{path: {{value: /a/../b}}}}]\n"));
    assert_eq!(codes(&found), ["GWC5014"]);
    let (found, _) = findings(&format!(
        "{GATEWAY}  listeners: [{{name: a, port: 443, protocol: HTTPS, tls: {{mode: Passthrough}}}}]\n"
    ));
    assert_eq!(codes(&found), ["GWC4007"]);
    let (found, _) = findings(&format!(
        "{GATEWAY}  listeners: [{{name: a, port: 443, protocol: HTTPS, tls: {{mode: Terminate}}}}]\n"
    ));
    assert_eq!(codes(&found), ["GWC4001"], "{found:?}");
}

#[test]
fn safe_cures_keep_the_meaning() {
    let port = format!("{GATEWAY}  listeners: [{{name: a, port: \"80\", protocol: HTTP}}]\n");
    assert_eq!(fixed(&port), port.replace("\"80\"", "80"));
    let hosts = format!("{ROUTE}  hostnames: a.example.com\n");
    assert_eq!(fixed(&hosts), hosts.replace("a.example.com", "[a.example.com]"));
    let kind = format!("{ROUTE}  rules:\n  - filters:\n    - {{type: requestredirect}}\n");
    let (found, _) = findings(&kind);
    assert_eq!(found[0].code.number, "GWC0013");
    assert_eq!(found[0].fixes[0].applicability, Applicability::Safe);
    assert_eq!(fixed(&kind), kind.replace("requestredirect", "RequestRedirect"));
}

#[test]
fn versions_that_are_not_served_name_the_one_that_is() {
    let route = "apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TCPRoute\nmetadata: {name: a}\nspec: {rules: [{backendRefs: [{name: a, port: 1}]}]}\n";
    let (found, _) = findings(route);
    assert_eq!(codes(&found), ["GWC9001"]);
    assert!(fixed(route).starts_with("apiVersion: gateway.networking.k8s.io/v1\n"));
    let (found, _) = findings_in(route, newest(Channel::Experimental));
    assert_eq!(codes(&found), ["GWC9002"]);
    let mesh = "apiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XMesh\nmetadata: {name: a}\n";
    assert_eq!(codes(&findings(mesh).0), ["GWC9003"]);
    let set = "apiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XListenerSet\nmetadata: {name: a}\n";
    assert_eq!(codes(&findings(set).0), ["GWC9010"]);
    let typo = "apiVersion: gateway.networking.k8s.io/v1\nkind: HttpRoute\nmetadata: {name: a}\n";
    let (found, _) = findings(typo);
    assert_eq!(codes(&found), ["GWC0007"]);
    assert_eq!(found[0].help.as_deref(), Some("did you mean `HTTPRoute`?"));
}

#[test]
fn a_missing_field_is_shown_in_its_mapping() {
    let (found, sources) = findings(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: a}\nspec:\n  description: x\n",
    );
    assert_eq!(codes(&found), ["GWC0011", "GWC0018"]);
    assert_eq!(sources.slice(found[0].primary), "description");
}

/// Every refused case has a finding, and every finding reads as one.
#[test]
fn every_refused_case_is_told() {
    let Some(shared) = shared() else {
        println!("skipped: no ../shared");
        return;
    };
    let mut told = 0;
    for channel in CHANNELS {
        for case in cases(&shared).into_iter().filter(|case| case.runs_in(channel)) {
            let verdict = case.verdict(channel);
            let object = ObjectRef {
                api_version: case.row["object"]["apiVersion"].as_str().unwrap_or_default().to_owned(),
                kind: case.row["object"]["kind"].as_str().unwrap_or_default().to_owned(),
                ..ObjectRef::default()
            };
            let mut sources = SourceMap::new();
            let id = sources.add(Source::from_bytes("a", Origin::Memory, Role::Checked, true, Vec::new()));
            let found = diagnose(&verdict, id, &object, newest(channel));
            assert_eq!(
                verdict.allowed() && verdict.unknown.is_empty(),
                found.iter().all(|finding| finding.code.number == "GWC9002"),
                "{}",
                case.name
            );
            for finding in &found {
                told += 1;
                assert_reads_well(finding, &case.name);
            }
        }
    }
    println!("{told} findings");
    assert!(told > 1_000, "{told} findings");
}

fn assert_reads_well(finding: &Diagnostic, name: &str) {
    let message = &finding.message;
    assert!(message.chars().count() <= 130, "{name}: {message}");
    assert!(!message.ends_with('.') && !message.contains(char::is_control), "{name}: {message}");
    assert!(!message.contains("[a-z") && !message.contains("(?"), "{name}: a regular expression: {message}");
    assert!(!finding.primary_label.is_empty(), "{name}: {message}");
    let actionable =
        finding.help.is_some() || matches!(finding.code.number, "GWC0012" | "GWC0015" | "GWC0019" | "GWC0014");
    assert!(actionable, "{name}: no help: {message}");
}

/// A default that the server sets has the place of the mapping that lacked it.
#[test]
fn defaults_carry_the_place_of_their_mapping() {
    let text = format!("{GATEWAY}  listeners:\n  - {{name: a, port: 80, protocol: HTTP}}\n");
    let mut sources = SourceMap::new();
    let id = sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into_bytes()));
    let root = parse(id, sources.source(id))[0].root.clone().expect("the text parses");
    let verdict = admit(&root, newest(Channel::Standard), Operation::Create);
    let listener = &verdict.object.at(&["spec", "listeners"]).expect("listeners").items()[0];
    let from = listener.at(&["allowedRoutes", "namespaces", "from"]).expect("a default");
    assert_eq!(from.value, Value::String("Same".into()));
    assert_eq!((from.start, from.end), (listener.start, listener.end));
}

/// Many mistakes take time in proportion to their number.
#[test]
fn many_mistakes_are_told_in_time() {
    let items = "{}, ".repeat(30_000);
    let (found, _) = findings(&format!("{ROUTE}  parentRefs: [{items}]\n  hostnames: [{}]\n", "_, ".repeat(30_000)));
    assert!(found.len() > 60_000, "{} findings", found.len());
}
