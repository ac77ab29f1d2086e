//! Decisions that the official suite does not pin down (status.md §6.9, §7, §9) and the rules of worlds
//! (cli-and-rules.md §5.3, §5.4).

use std::collections::BTreeMap;

use gwc_core::eval::ParentVerdict;
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::status::attachment::attachment_table;
use gwc_core::status::{Condition, ObjectStatus, StatusBody};
use gwc_core::value::Basis;
use gwc_core::{Compilation, compile};

const CLASS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: gwc}
spec: {controllerName: gwc.dev/gateway-controller}
";

fn object(kind: &str, name: &str, spec: &str) -> String {
    let (namespace, name) = name.split_once('/').unwrap_or(("infra", name));
    format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec:\n  {}\n",
        spec.trim().replace('\n', "\n  ")
    )
}

fn gateway(name: &str, spec: &str) -> String {
    object("Gateway", name, &format!("gatewayClassName: gwc\n{spec}"))
}

/// A Gateway `gw` with one HTTP listener.
fn plain_gateway() -> String {
    gateway("gw", "listeners: [{name: http, port: 80, protocol: HTTP}]")
}

fn core(kind: &str, name: &str, rest: &str) -> String {
    let (namespace, name) = name.split_once('/').unwrap_or(("infra", name));
    format!("---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n{rest}\n")
}

fn service(name: &str) -> String {
    core("Service", name, "spec: {ports: [{name: web, port: 80}]}")
}

fn secret(name: &str) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["a.example.com".to_owned()]).expect("a certificate");
    let data = BTreeMap::from([("tls.crt", made.cert.pem()), ("tls.key", made.signing_key.serialize_pem())]);
    let data = serde_json::to_string(&data).expect("JSON");
    core("Secret", name, &format!("type: kubernetes.io/tls\nstringData: {data}"))
}

struct World(Compilation);

fn closed() -> Profile {
    Profile::new(WorldMode::Closed, 0)
}

fn world_of(profile: &Profile, parts: &[String]) -> World {
    let mut sources = SourceMap::new();
    let text = parts.concat();
    sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into_bytes()));
    World(compile(&sources, profile))
}

/// A closed world with the class.
fn world(parts: &[String]) -> World {
    let all: Vec<_> = std::iter::once(CLASS.to_owned()).chain(parts.iter().cloned()).collect();
    let world = world_of(&closed(), &all);
    assert!(world.0.graph.refused.is_empty(), "the API server refuses {:?}", world.0.graph.refused);
    world
}

impl World {
    fn status(&self, kind: &str, name: &str) -> &ObjectStatus {
        let (namespace, name) = name.split_once('/').unwrap_or(("infra", name));
        let fits = |one: &&ObjectStatus| {
            one.object.kind == kind
                && one.object.name == name
                && (one.object.namespace == namespace || one.object.namespace.is_empty())
        };
        self.0.statuses.iter().find(fits).unwrap_or_else(|| panic!("no {kind} {namespace}/{name}"))
    }

    /// Conditions of an object; of `part` for a listener (by name) or a parent or ancestor (by position).
    fn conditions(&self, kind: &str, name: &str, part: &str) -> &[Condition] {
        let status = self.status(kind, name);
        let body = status.body.as_ref().unwrap_or_else(|| panic!("no status of {kind} {name}: {:?}", status.note));
        let position = part.parse::<usize>().unwrap_or_default();
        match body {
            StatusBody::GatewayClass { conditions, .. } => conditions,
            StatusBody::Gateway { conditions, listeners, .. } | StatusBody::ListenerSet { conditions, listeners } => {
                let listener = listeners.iter().find(|listener| listener.name == part);
                if part.is_empty() { conditions } else { &listener.expect("the listener").conditions }
            }
            StatusBody::Route { parents } => &parents[position].conditions,
            StatusBody::Policy { ancestors } => &ancestors[position].conditions,
        }
    }

    fn condition(&self, kind: &str, name: &str, part: &str, r#type: &str) -> Option<&Condition> {
        self.conditions(kind, name, part).iter().find(|condition| condition.r#type == r#type)
    }

    /// `Status/Reason`, or nothing.
    #[track_caller]
    fn expect(&self, (kind, name, part): (&str, &str, &str), r#type: &str, wanted: &str) {
        let found = self.condition(kind, name, part, r#type);
        let actual = found.map_or(String::new(), |one| format!("{}/{}", one.status, one.reason));
        let message = found.map_or("", |one| one.message.as_str());
        assert_eq!(actual, wanted, "{kind} {name} {part} {type}: {message}");
    }

    #[track_caller]
    fn expect_message(&self, (kind, name, part): (&str, &str, &str), r#type: &str, wanted: &str) {
        let found = self.condition(kind, name, part, r#type).expect("the condition");
        assert!(found.message.contains(wanted), "{wanted:?} is not in {:?}", found.message);
    }

    fn note(&self, kind: &str, name: &str) -> &str {
        self.status(kind, name).note.as_deref().unwrap_or_default()
    }
}

fn route(name: &str, rules: &str) -> String {
    object("HTTPRoute", name, &format!("parentRefs: [{{name: gw}}]\nrules:\n{rules}"))
}

#[test]
fn reference_failures_are_ranked_and_all_told() {
    let rules = "- backendRefs:\n  - {name: missing, port: 80}\n  - {name: a, namespace: other, port: 80}\n  - {name: web, port: 81}\n  - {name: x, kind: ConfigMap}\n";
    let world = world(&[plain_gateway(), service("web"), route("r", rules)]);
    let route = ("HTTPRoute", "r", "0");
    world.expect(route, "Accepted", "True/Accepted");
    world.expect(route, "ResolvedRefs", "False/RefNotPermitted");
    for cause in [
        "backendRefs[0]: Service `infra/missing` does not exist",
        "backendRefs[1]: no ReferenceGrant in namespace `other`",
        "backendRefs[2]: Service `infra/web` has no port 81; it has `80`",
        "backendRefs[3]: kind `ConfigMap` is not supported",
    ] {
        world.expect_message(route, "ResolvedRefs", cause);
    }
}

#[test]
fn services_are_checked_for_port_type_and_protocol() {
    let services = [
        core("Service", "ext", "spec: {type: ExternalName, externalName: a.example.com, ports: [{port: 80}]}"),
        core("Service", "udp", "spec: {ports: [{port: 80, protocol: UDP}]}"),
        core("Service", "both", "spec: {ports: [{name: u, port: 80, protocol: UDP}, {name: t, port: 80}]}"),
        core("Service", "wss", "spec: {ports: [{port: 80, appProtocol: kubernetes.io/wss}]}"),
        core("Service", "odd", "spec: {ports: [{port: 80, appProtocol: example.com/x}]}"),
    ]
    .concat();
    for (name, wanted) in [
        ("ext", "False/UnsupportedValue"),
        ("udp", "False/UnsupportedProtocol"),
        ("both", "True/ResolvedRefs"),
        ("wss", "False/UnsupportedProtocol"),
        ("odd", "True/ResolvedRefs"),
    ] {
        let rules = format!("- backendRefs: [{{name: {name}, port: 80}}]\n");
        let world = world(&[plain_gateway(), services.clone(), route("r", &rules)]);
        world.expect(("HTTPRoute", "r", "0"), "ResolvedRefs", wanted);
    }
}

#[test]
fn rules_that_cannot_be_served_are_dropped() {
    let bad = "- name: broken\n  matches: [{path: {type: RegularExpression, value: '/a(b'}}]\n";
    let good = "- matches: [{path: {type: PathPrefix, value: /ok}}]\n";
    let both = world(&[plain_gateway(), route("r", &format!("{good}{bad}"))]);
    both.expect(("HTTPRoute", "r", "0"), "Accepted", "True/Accepted");
    both.expect(("HTTPRoute", "r", "0"), "PartiallyInvalid", "True/UnsupportedValue");
    let message = &both.condition("HTTPRoute", "r", "0", "PartiallyInvalid").expect("the condition").message;
    assert!(message.starts_with("Dropped Rule(s) rules[1] `broken`:"), "{message}");
    let none = world(&[plain_gateway(), route("r", bad)]);
    none.expect(("HTTPRoute", "r", "0"), "Accepted", "False/UnsupportedValue");
    none.expect(("HTTPRoute", "r", "0"), "PartiallyInvalid", "");
    none.expect(("HTTPRoute", "r", "0"), "ResolvedRefs", "True/ResolvedRefs");
    let huge = "- matches: [{path: {type: RegularExpression, value: '/((a{1000}){1000})'}}]\n";
    let huge = world(&[plain_gateway(), route("r", huge)]);
    huge.expect_message(("HTTPRoute", "r", "0"), "Accepted", "too large");
}

#[test]
fn features_that_the_profile_lacks_make_rules_invalid() {
    let mut profile = closed();
    assert!(profile.knobs.features.remove("HTTPRouteMethodMatching"));
    let rules = "- matches: [{method: GET}]\n- matches: [{path: {value: /b}}]\n";
    let world = world_of(&profile, &[CLASS.to_owned(), plain_gateway(), route("r", rules)]);
    world.expect(("HTTPRoute", "r", "0"), "PartiallyInvalid", "True/UnsupportedValue");
    world.expect_message(("HTTPRoute", "r", "0"), "PartiallyInvalid", "HTTPRouteMethodMatching");
}

#[test]
fn attachment_gives_the_reason_of_the_furthest_stage() {
    let listeners = "listeners:\n- {name: own, port: 80, protocol: HTTP}\n- {name: all, port: 80, protocol: HTTP, hostname: b.example.com, allowedRoutes: {namespaces: {from: All}}}\n";
    let spec = "parentRefs: [{name: gw, namespace: infra}]\nhostnames: [a.example.com]\n";
    let world = world(&[gateway("gw", listeners), object("HTTPRoute", "team/r", spec)]);
    world.expect(("HTTPRoute", "team/r", "0"), "Accepted", "False/NoMatchingListenerHostname");
    let route = world.0.graph.routes.ids().next().expect("the route");
    let table = attachment_table(&world.0.graph, &world.0.evaluation, route);
    let rows: Vec<_> =
        table[0].listeners.iter().map(|row| (row.name.as_str(), row.namespace.passed, row.hostname.passed)).collect();
    use gwc_core::eval::Tri::{No, Yes};
    assert_eq!(rows, [("own", No, Yes), ("all", Yes, No)]);
}

#[test]
fn messages_name_the_labels_that_a_namespace_lacks() {
    let listeners = "listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}}]";
    let namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {team: b}}\n".to_owned();
    let spec = "parentRefs: [{name: gw, namespace: infra}]";
    let world = world(&[gateway("gw", listeners), namespace, object("HTTPRoute", "other/r", spec)]);
    let route = ("HTTPRoute", "other/r", "0");
    world.expect(route, "Accepted", "False/NotAllowedByListeners");
    world.expect_message(route, "Accepted", "has label `team=b`, the selector wants `a`");
    assert_eq!(world.condition("HTTPRoute", "other/r", "0", "Accepted").expect("it").basis, Basis::Spec);
}

#[test]
fn listener_tables_of_certificates_and_kinds() {
    let tls = |refs: &str| format!("{{mode: Terminate, certificateRefs: [{refs}]}}");
    let listeners = format!(
        "listeners:\n- {{name: some, port: 443, protocol: HTTPS, hostname: a.example.com, tls: {}}}\n- {{name: none, port: 443, protocol: HTTPS, hostname: b.example.com, tls: {}}}\n- {{name: foreign, port: 443, protocol: HTTPS, hostname: c.example.com, tls: {}}}\n- {{name: mixed, port: 443, protocol: HTTPS, hostname: d.example.com, tls: {}}}\n- {{name: bare, port: 444, protocol: HTTPS}}\n- {{name: kinds, port: 80, protocol: HTTP, allowedRoutes: {{kinds: [{{kind: TCPRoute}}, {{kind: GRPCRoute}}]}}}}\n- {{name: nokind, port: 81, protocol: HTTP, allowedRoutes: {{kinds: [{{kind: TCPRoute}}]}}}}\n",
        tls("{name: good}, {name: missing}"),
        tls("{name: missing}"),
        tls("{name: good, namespace: other}"),
        tls("{name: good, namespace: other}, {name: missing}"),
    );
    let world = world(&[gateway("gw", &listeners), secret("good")]);
    for (listener, accepted, resolved, programmed) in [
        ("some", "True/Accepted", "False/InvalidCertificateRef", "True/Programmed"),
        ("none", "True/Accepted", "False/InvalidCertificateRef", "False/Invalid"),
        ("foreign", "False/RefNotPermitted", "False/RefNotPermitted", "False/Invalid"),
        ("mixed", "True/Accepted", "False/RefNotPermitted", "False/Invalid"),
        ("bare", "True/Accepted", "True/ResolvedRefs", "False/Invalid"),
        ("kinds", "True/Accepted", "False/InvalidRouteKinds", "True/Programmed"),
        ("nokind", "True/Accepted", "False/InvalidRouteKinds", "False/Invalid"),
    ] {
        world.expect(("Gateway", "gw", listener), "Accepted", accepted);
        world.expect(("Gateway", "gw", listener), "ResolvedRefs", resolved);
        world.expect(("Gateway", "gw", listener), "Programmed", programmed);
    }
    world.expect(("Gateway", "gw", ""), "Accepted", "True/ListenersNotValid");
    world.expect(("Gateway", "gw", ""), "Programmed", "True/Programmed");
    world.expect(("Gateway", "gw", ""), "ResolvedRefs", "False/ListenersNotResolved");
    world.expect_message(("Gateway", "gw", "bare"), "Programmed", "InvalidTLSConfig");
}

#[test]
fn certificates_are_named_with_what_is_wrong() {
    let listeners = "listeners: [{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: s}]}}]";
    for (data, cause) in [
        ("type: Opaque", "has type `Opaque`"),
        ("type: kubernetes.io/tls\nstringData: {tls.crt: no-pem, tls.key: no-pem}", "holds no PEM certificate"),
    ] {
        let world = world(&[gateway("gw", listeners), core("Secret", "s", data)]);
        world.expect_message(("Gateway", "gw", "https"), "ResolvedRefs", cause);
        world.expect(("Gateway", "gw", ""), "Programmed", "False/Invalid");
    }
}

#[test]
fn listeners_of_one_gateway_conflict_without_a_winner() {
    let listeners = "listeners:\n- {name: http, port: 80, protocol: HTTP}\n- {name: tcp, port: 80, protocol: TCP}\n- {name: udp, port: 80, protocol: UDP}\n- {name: ok, port: 81, protocol: HTTP}\n";
    let world = world(&[gateway("gw", listeners)]);
    for listener in ["http", "tcp"] {
        for condition in ["Accepted", "Programmed"] {
            world.expect(("Gateway", "gw", listener), condition, "False/ProtocolConflict");
        }
        world.expect(("Gateway", "gw", listener), "Conflicted", "True/ProtocolConflict");
    }
    for listener in ["udp", "ok"] {
        world.expect(("Gateway", "gw", listener), "Accepted", "True/Accepted");
        world.expect(("Gateway", "gw", listener), "Conflicted", "");
    }
    world.expect(("Gateway", "gw", ""), "Accepted", "True/ListenersNotValid");
}

fn open_gateway(listeners: &str) -> String {
    gateway("gw", &format!("allowedListeners: {{namespaces: {{from: All}}}}\nlisteners: {listeners}"))
}

#[test]
fn entries_of_one_listener_set_conflict_without_a_winner() {
    let set = "parentRef: {name: gw}\nlisteners:\n- {name: a, port: 80, protocol: HTTP, hostname: a.example.com}\n- {name: b, port: 80, protocol: TCP}\n- {name: c, port: 82, protocol: HTTP}\n";
    let gw = open_gateway("[{name: http, port: 81, protocol: HTTP}]");
    let world = world(&[gw, object("ListenerSet", "ls", set)]);
    world.expect(("ListenerSet", "ls", "a"), "Conflicted", "True/ProtocolConflict");
    world.expect(("ListenerSet", "ls", "b"), "Conflicted", "True/ProtocolConflict");
    world.expect(("ListenerSet", "ls", "c"), "Accepted", "True/Accepted");
    world.expect(("ListenerSet", "ls", ""), "Accepted", "True/ListenersNotValid");
    world.expect(("ListenerSet", "ls", ""), "Programmed", "True/Programmed");
}

#[test]
fn only_the_name_decides_between_undated_listener_sets() {
    let set = "parentRef: {name: gw}\nlisteners: [{name: x, port: 80, protocol: HTTP, hostname: a.example.com}]";
    let parts = [
        open_gateway("[{name: http, port: 81, protocol: HTTP}]"),
        object("ListenerSet", "a", set),
        object("ListenerSet", "b", set),
    ];
    let undated = world(&parts);
    undated.expect(("ListenerSet", "a", "x"), "Accepted", "True/Accepted");
    undated.expect(("ListenerSet", "b", "x"), "Accepted", "False/HostnameConflict");
    for name in ["a", "b"] {
        let condition = undated.condition("ListenerSet", name, "x", "Accepted").expect("it");
        assert_eq!(condition.basis, Basis::Assumed, "{name}");
        assert!(
            condition.assumptions.iter().any(|fact| fact.starts_with("created:listenerset/infra/a")),
            "{condition:?}"
        );
    }
    let mut profile = closed();
    profile.world.assumptions.created =
        BTreeMap::from([("listenerset/infra/a".into(), 20), ("listenerset/infra/b".into(), 10)]);
    let all: Vec<_> = std::iter::once(CLASS.to_owned()).chain(parts).collect();
    let dated = world_of(&profile, &all);
    dated.expect(("ListenerSet", "b", "x"), "Accepted", "True/Accepted");
    dated.expect(("ListenerSet", "a", "x"), "Accepted", "False/HostnameConflict");
}

#[test]
fn listener_sets_of_a_gateway_that_is_not_accepted() {
    let gw = gateway(
        "gw",
        "allowedListeners: {namespaces: {from: All}}\ninfrastructure: {parametersRef: {group: example.com, kind: X, name: x}}\nlisteners: [{name: http, port: 80, protocol: HTTP}]",
    );
    let set = "parentRef: {name: gw}\nlisteners: [{name: x, port: 81, protocol: HTTP}]";
    let route = "parentRefs: [{kind: ListenerSet, name: ls}]";
    let world = world(&[gw, object("ListenerSet", "ls", set), object("HTTPRoute", "r", route)]);
    world.expect(("Gateway", "gw", ""), "Accepted", "False/InvalidParameters");
    world.expect(("Gateway", "gw", ""), "Programmed", "False/Invalid");
    world.expect(("ListenerSet", "ls", ""), "Accepted", "False/ParentNotAccepted");
    world.expect(("ListenerSet", "ls", ""), "Programmed", "False/ParentNotProgrammed");
    world.expect(("ListenerSet", "ls", "x"), "Accepted", "True/Accepted");
    world.expect(("ListenerSet", "ls", "x"), "Programmed", "False/Invalid");
    world.expect(("HTTPRoute", "r", "0"), "Accepted", "True/Accepted");
}

#[test]
fn routes_to_a_listener_set_that_is_not_allowed() {
    let set = "parentRef: {name: gw}\nlisteners: [{name: x, port: 81, protocol: HTTP}]";
    let route = "parentRefs: [{kind: ListenerSet, name: ls}]";
    let world = world(&[plain_gateway(), object("ListenerSet", "ls", set), object("HTTPRoute", "r", route)]);
    world.expect(("ListenerSet", "ls", ""), "Accepted", "False/NotAllowed");
    world.expect(("HTTPRoute", "r", "0"), "Accepted", "False/NoMatchingParent");
    world.expect_message(("HTTPRoute", "r", "0"), "Accepted", "NotAllowed");
    let StatusBody::ListenerSet { listeners, .. } = world.status("ListenerSet", "ls").body.as_ref().expect("it") else {
        panic!("a ListenerSet");
    };
    assert!(listeners.is_empty());
}

#[test]
fn entries_beyond_the_limit_are_refused() {
    let mut profile = closed();
    profile.knobs.max_listeners = Some(2);
    let set = "parentRef: {name: gw}\nlisteners:\n- {name: a, port: 81, protocol: HTTP}\n- {name: b, port: 82, protocol: HTTP}\n";
    let gw = open_gateway("[{name: http, port: 80, protocol: HTTP}]");
    let world = world_of(&profile, &[CLASS.to_owned(), gw, object("ListenerSet", "ls", set)]);
    world.expect(("ListenerSet", "ls", "a"), "Accepted", "True/Accepted");
    world.expect(("ListenerSet", "ls", "b"), "Accepted", "False/TooManyListeners");
    world.expect(("ListenerSet", "ls", "b"), "Programmed", "False/Invalid");
}

#[test]
fn overlapping_tls_is_told_on_every_partner() {
    let tls = "tls: {certificateRefs: [{name: good}]}";
    let listeners = format!(
        "listeners:\n- {{name: any, port: 443, protocol: HTTPS, {tls}}}\n- {{name: wide, port: 443, protocol: HTTPS, hostname: '*.example.org', {tls}}}\n- {{name: one, port: 443, protocol: HTTPS, hostname: a.b.example.org, {tls}}}\n- {{name: apart, port: 8443, protocol: HTTPS, {tls}}}\n"
    );
    let parts = [gateway("gw", &listeners), secret("good")];
    let now = world(&parts);
    for listener in ["any", "wide", "one"] {
        now.expect(("Gateway", "gw", listener), "OverlappingTLSConfig", "True/OverlappingHostnames");
        now.expect(("Gateway", "gw", listener), "Programmed", "True/Programmed");
    }
    now.expect(("Gateway", "gw", "apart"), "OverlappingTLSConfig", "");
    let mut profile = closed();
    profile.target = Some(Target { bundle: Bundle::V1_2, channel: Channel::Standard });
    let all: Vec<_> = std::iter::once(CLASS.to_owned()).chain(parts).collect();
    let old = world_of(&profile, &all);
    old.expect(("Gateway", "gw", "any"), "OverlappingTLSConfig", "");
    old.expect(("Gateway", "gw", ""), "ResolvedRefs", "");
    let shared = format!(
        "listeners:\n- {{name: a, port: 443, protocol: HTTPS, hostname: a.example.com, {tls}}}\n- {{name: b, port: 443, protocol: HTTPS, hostname: b.example.com, {tls}}}\n"
    );
    let shared = world(&[gateway("gw", &shared), secret("good")]);
    shared.expect(("Gateway", "gw", "a"), "OverlappingTLSConfig", "True/OverlappingCertificates");
    shared.expect(("Gateway", "gw", "b"), "OverlappingTLSConfig", "True/OverlappingCertificates");
}

#[test]
fn tcp_routes_on_terminated_tls_until_v1_4() {
    let listeners =
        "listeners: [{name: tls, port: 443, protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: good}]}}]";
    let route = object("TCPRoute", "r", "parentRefs: [{name: gw}]\nrules: [{backendRefs: [{name: web, port: 80}]}]");
    let old_route = route.replace("k8s.io/v1\n", "k8s.io/v1alpha2\n");
    let new = world(&[gateway("gw", listeners), secret("good"), service("web"), route]);
    new.expect(("TCPRoute", "r", "0"), "Accepted", "False/NotAllowedByListeners");
    let mut profile = closed();
    profile.target = Some(Target { bundle: Bundle::V1_4, channel: Channel::Experimental });
    let parts = [CLASS.to_owned(), gateway("gw", listeners), secret("good"), service("web"), old_route];
    world_of(&profile, &parts).expect(("TCPRoute", "r", "0"), "Accepted", "True/Accepted");
}

fn policy(name: &str, target: &str, extra: &str) -> String {
    object(
        "BackendTLSPolicy",
        name,
        &format!(
            "targetRefs: [{{group: '', kind: Service, name: {target}{extra}}}]\nvalidation: {{hostname: a.example.com, wellKnownCACertificates: System}}"
        ),
    )
}

#[test]
fn backend_tls_policies_without_a_usable_target() {
    let rules = "- backendRefs: [{name: web, port: 80}, {name: missing, port: 80}, {name: udp, port: 53}]\n";
    let udp = core("Service", "udp", "spec: {ports: [{name: dns, port: 53, protocol: UDP}]}");
    let world = world(&[
        plain_gateway(),
        service("web"),
        udp,
        route("r", rules),
        policy("gone", "missing", ""),
        policy("section", "web", ", sectionName: nope"),
        policy("udp", "udp", ", sectionName: dns"),
        policy("unused", "elsewhere", ""),
    ]);
    world.expect(("BackendTLSPolicy", "gone", "0"), "Accepted", "False/TargetNotFound");
    world.expect(("BackendTLSPolicy", "section", "0"), "Accepted", "False/TargetNotFound");
    world.expect_message(("BackendTLSPolicy", "section", "0"), "Accepted", "has no port named `nope`; it has `web`");
    world.expect(("BackendTLSPolicy", "udp", "0"), "Accepted", "False/Invalid");
    assert!(world.status("BackendTLSPolicy", "unused").body.is_none());
    assert!(world.note("BackendTLSPolicy", "unused").contains("no accepted route"));
}

#[test]
fn nobody_writes_a_status_without_a_class() {
    let parts = [plain_gateway(), route("r", "- {}\n")];
    let world = world_of(&closed(), &parts);
    assert!(world.status("Gateway", "gw").body.is_none());
    assert!(world.note("Gateway", "gw").contains("--assume gatewayclass:gwc=example.com/controller"));
    assert!(world.status("HTTPRoute", "r").body.is_none());
    let lonely = object("HTTPRoute", "lonely", "parentRefs: [{name: nobody}, {kind: Service, group: '', name: s}]");
    let world = world_of(&closed(), &[CLASS.to_owned(), lonely]);
    assert!(world.note("HTTPRoute", "lonely").contains("Gateway `infra/nobody` does not exist"));
}

#[test]
fn worlds_say_what_a_missing_object_means() {
    let rules = "- backendRefs: [{name: missing, port: 80}]\n";
    let parts = [CLASS.to_owned(), plain_gateway(), route("r", rules)];
    let with_service = [parts.to_vec(), vec![service("other")]].concat();
    let answer = |mode, parts: &[String]| {
        let world = world_of(&Profile::new(mode, 0), parts);
        let condition = world.condition("HTTPRoute", "r", "0", "ResolvedRefs").expect("it");
        (condition.reason, condition.basis, condition.assumptions.clone())
    };
    let flag = vec!["service:infra/missing:80".to_owned()];
    assert_eq!(answer(WorldMode::Closed, &parts), ("BackendNotFound", Basis::Spec, vec![]));
    assert_eq!(answer(WorldMode::Open, &with_service), ("ResolvedRefs", Basis::Assumed, flag.clone()));
    assert_eq!(answer(WorldMode::Auto, &parts), ("ResolvedRefs", Basis::Assumed, flag));
    assert_eq!(answer(WorldMode::Auto, &with_service), ("BackendNotFound", Basis::Spec, vec![]));
}

#[test]
fn facts_given_by_the_user_are_read_and_listed() {
    let rules = "- backendRefs: [{name: web, port: 80}, {name: web, port: 81}]\n";
    let mut profile = closed();
    profile.world.assumptions.services = BTreeMap::from([("infra/web".into(), vec![80])]);
    profile.world.assumptions.gateway_classes = BTreeMap::from([("gwc".into(), "example.com/c".into())]);
    let world = world_of(&profile, &[plain_gateway(), route("r", rules)]);
    world.expect(("HTTPRoute", "r", "0"), "ResolvedRefs", "False/BackendNotFound");
    world.expect_message(("HTTPRoute", "r", "0"), "ResolvedRefs", "backendRefs[1]");
    assert_eq!(world.0.assumptions_used, ["gatewayclass:gwc=example.com/c", "service:infra/web:80"]);
    let Some(StatusBody::Route { parents }) = &world.status("HTTPRoute", "r").body else { panic!("a route") };
    assert_eq!(parents[0].controller_name, "example.com/c");
}

#[test]
fn a_missing_grant_is_never_assumed() {
    let rules = "- backendRefs: [{name: web, namespace: other, port: 80}]\n";
    let parts = [CLASS.to_owned(), plain_gateway(), route("r", rules)];
    let world = world_of(&Profile::new(WorldMode::Auto, 0), &parts);
    world.expect(("HTTPRoute", "r", "0"), "ResolvedRefs", "False/RefNotPermitted");
    assert_eq!(world.condition("HTTPRoute", "r", "0", "ResolvedRefs").expect("it").basis, Basis::Assumed);
    let near = object(
        "ReferenceGrant",
        "other/g",
        "from: [{group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: infra}]\nto: [{group: '', kind: Service}]",
    );
    let world = world_of(&Profile::new(WorldMode::Auto, 0), &[parts.to_vec(), vec![near]].concat());
    world.expect_message(
        ("HTTPRoute", "r", "0"),
        "ResolvedRefs",
        "ReferenceGrant `g` would, but for its `from[].kind`",
    );
    assert_eq!(world.condition("HTTPRoute", "r", "0", "ResolvedRefs").expect("it").basis, Basis::Spec);
}

#[test]
fn labels_that_nobody_gave_leave_attachment_open() {
    let selector = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}";
    let listeners = format!("listeners: [{{name: http, port: 80, protocol: HTTP, {selector}}}]");
    let parts = [
        CLASS.to_owned(),
        gateway("gw", &listeners),
        object("HTTPRoute", "team/r", "parentRefs: [{name: gw, namespace: infra}]"),
    ];
    let mut profile = Profile::new(WorldMode::Auto, 0);
    let open = world_of(&profile, &parts);
    let route = ("HTTPRoute", "team/r", "0");
    open.expect(route, "Accepted", "Unknown/Pending");
    assert_eq!(
        open.condition("HTTPRoute", "team/r", "0", "Accepted").expect("it").missing,
        ["namespace:team{team=VALUE}"]
    );
    assert!(open.note("Gateway", "gw").contains("`team/r`"), "{}", open.note("Gateway", "gw"));
    world_of(&closed(), &parts).expect(route, "Accepted", "False/NotAllowedByListeners");
    let labels = |value: &str| BTreeMap::from([("team".into(), BTreeMap::from([("team".into(), value.into())]))]);
    profile.world.assumptions.namespaces = labels("a");
    world_of(&profile, &parts).expect(route, "Accepted", "True/Accepted");
    profile.world.assumptions.namespaces = labels("b");
    world_of(&profile, &parts).expect(route, "Accepted", "False/NotAllowedByListeners");
}

#[test]
fn kinds_of_foreign_groups_may_be_known_to_other_controllers() {
    let class = CLASS.replace("gwc.dev/gateway-controller", "example.com/other");
    let rules = "- backendRefs: [{group: multicluster.x-k8s.io, kind: ServiceImport, name: web, port: 80}]\n";
    let closed_kinds = world(&[plain_gateway(), route("r", rules)]);
    closed_kinds.expect(("HTTPRoute", "r", "0"), "ResolvedRefs", "False/InvalidKind");
    let parts = [class.clone(), plain_gateway(), route("r", rules)];
    let open_kinds = world_of(&Profile::new(WorldMode::Auto, 0), &parts);
    open_kinds.expect(("HTTPRoute", "r", "0"), "ResolvedRefs", "True/ResolvedRefs");
    let rules = "- backendRefs: [{kind: ConfigMap, name: web}]\n";
    let core_kind = world_of(&Profile::new(WorldMode::Auto, 0), &[class, plain_gateway(), route("r", rules)]);
    core_kind.expect(("HTTPRoute", "r", "0"), "ResolvedRefs", "False/InvalidKind");
    let Some(StatusBody::GatewayClass { supported_features, .. }) = &core_kind.status("GatewayClass", "gwc").body
    else {
        panic!("a class");
    };
    assert!(supported_features.is_empty());
}

#[test]
fn grpc_and_http_routes_on_one_hostname() {
    let spec = "parentRefs: [{name: gw}]\nhostnames: [a.example.com]";
    let parts = [CLASS.to_owned(), plain_gateway(), object("HTTPRoute", "b", spec), object("GRPCRoute", "a", spec)];
    let both = world_of(&closed(), &parts);
    both.expect(("HTTPRoute", "b", "0"), "Accepted", "True/Accepted");
    both.expect(("GRPCRoute", "a", "0"), "Accepted", "True/Accepted");
    let mut profile = closed();
    profile.knobs.grpc_http_same_host_rejects = true;
    let one = world_of(&profile, &parts);
    one.expect(("GRPCRoute", "a", "0"), "Accepted", "True/Accepted");
    one.expect(("HTTPRoute", "b", "0"), "Accepted", "False/HostnameConflict");
    let attached = one.0.evaluation.listeners[0].attached_routes.len();
    assert_eq!(attached, 1);
}

#[test]
fn bindings_hold_the_names_that_both_serve() {
    let listeners = "listeners: [{name: http, port: 80, protocol: HTTP, hostname: '*.example.com'}]";
    let spec = "parentRefs: [{name: gw}]\nhostnames: [a.example.com, example.com, '*.b.example.com', a.example.org]";
    let world = world(&[gateway("gw", listeners), object("HTTPRoute", "r", spec)]);
    let ParentVerdict::Entry(entry) = &world.0.evaluation.routes[0].parents[0] else { panic!("an entry") };
    let names: Vec<_> = entry.bindings[0].hostnames().iter().flatten().map(ToString::to_string).collect();
    assert_eq!(names, ["a.example.com", "*.b.example.com"]);
}

#[test]
fn order_of_documents_does_not_matter() {
    let rules = "- backendRefs: [{name: web, port: 80}]\n";
    let mut parts = vec![CLASS.to_owned(), plain_gateway(), service("web"), route("r", rules), route("a", rules)];
    let bodies = |world: World| {
        world.0.statuses.into_iter().map(|one| (one.object, one.body.map(|body| body.to_node("t")))).collect::<Vec<_>>()
    };
    let forwards = bodies(world_of(&closed(), &parts));
    parts.reverse();
    parts.iter_mut().for_each(|part| *part = format!("---\n{part}"));
    assert_eq!(forwards, bodies(world_of(&closed(), &parts)));
    assert_eq!(forwards.len(), 4);
}
