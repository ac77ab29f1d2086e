//! Predictions: authorities behind an SNI, failures of backends and filters, order of filters, and that nothing panics.

use gwc_core::ir::Target;
use gwc_core::predict::{Answer, AnsweredBy, Closed, Forward, Outcome, Predictor, Request, Scheme, predict, sockets};
use gwc_core::profile::{Bundle, Channel, Profile, Target as Crds, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::{Compilation, compile};

const HEAD: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: c}
spec: {controllerName: example.com/c}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: c
  listeners:
";

fn world(text: &str) -> Compilation {
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("world.yaml", Origin::Memory, Role::Checked, true, text.as_bytes().to_vec()));
    let mut profile = Profile::new(WorldMode::Open, 0);
    profile.target = Some(Crds { bundle: Bundle::V1_6, channel: Channel::Experimental });
    let compilation = compile(&sources, &profile);
    assert!(compilation.graph.refused.is_empty(), "{:?}", compilation.diagnostics);
    compilation
}

/// An HTTPRoute with one rule on a plain listener.
fn one_rule(rule: &str) -> Compilation {
    world(&format!(
        "{HEAD}  - {{name: http, port: 80, protocol: HTTP}}\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n\
         metadata: {{name: store, namespace: shop}}\nspec:\n  parentRefs: [{{name: edge}}]\n  rules:\n  - {rule}\n"
    ))
}

fn request(text: &str) -> Request {
    let (method, url) = text.split_once(' ').expect("a method and a URL");
    let (scheme, rest) = url.split_once("://").expect("a scheme");
    let (host, path) = rest.split_once('/').expect("a path");
    let scheme = Scheme::parse(scheme).expect("a scheme");
    Request {
        scheme,
        authority: (!host.is_empty()).then(|| host.to_owned()),
        port: scheme.default_port().expect("a port"),
        sni: Some(host.to_owned()).filter(|_| scheme.is_tls()),
        method: method.to_owned(),
        target: format!("/{path}"),
        headers: Vec::new(),
    }
}

fn outcome(world: &Compilation, request: &Request) -> Outcome {
    let config = &world.lowered.config;
    let at = *sockets(config, request, None).first().expect("a socket");
    let (one, two) = (predict(config, at, request), Predictor::new(config).predict(at, request));
    assert_eq!(one, two, "program and reference");
    one.outcome
}

fn answer(world: &Compilation, request: &Request) -> Answer {
    match outcome(world, request) {
        Outcome::Answered(answer) => answer,
        other @ (Outcome::Closed(_) | Outcome::Forwarded(_)) => panic!("{request:?}: {other:?}"),
    }
}

fn forward(world: &Compilation, request: &Request) -> Forward {
    match outcome(world, request) {
        Outcome::Forwarded(forward) => forward,
        other @ (Outcome::Closed(_) | Outcome::Answered(_)) => panic!("{request:?}: {other:?}"),
    }
}

#[test]
fn authorities_must_belong_to_the_listener_of_the_sni() {
    let listener = |name: &str, host: &str| {
        let host = if host.is_empty() { String::new() } else { format!("hostname: \"{host}\", ") };
        format!("  - {{name: {name}, {host}port: 443, protocol: HTTPS, tls: {{certificateRefs: [{{name: tls}}]}}}}\n")
    };
    let route = |name: &str, section: &str, hosts: &str| {
        format!(
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: {name}, namespace: shop}}\n\
             spec: {{parentRefs: [{{name: edge, sectionName: {section}}}]{hosts}, rules: [{{backendRefs: [{{name: {name}, port: 80}}]}}]}}\n"
        )
    };
    let text = [
        HEAD.to_owned(),
        listener("any", ""),
        listener("second", "second.example"),
        listener("wild", "*.wildcard.example"),
        listener("fourth", "fourth.wildcard.example"),
        route("v1", "any", ", hostnames: [first.example]"),
        route("v2", "second", ""),
        route("v3", "wild", ""),
        route("v4", "fourth", ""),
    ]
    .concat();
    let world = world(&text);
    for (sni, host, expected) in [
        ("first.example", "first.example", "v1"),
        ("first.example", "second.example", "421"),
        ("first.example", "unknown.example", "404"),
        ("second.example", "second.example", "v2"),
        ("second.example", "first.example", "421"),
        ("second.example", "unknown.example", "421"),
        ("third.wildcard.example", "third.wildcard.example", "v3"),
        ("third.wildcard.example", "fifth.wildcard.example", "v3"),
        ("third.wildcard.example", "fourth.wildcard.example", "421"),
        ("third.wildcard.example", "second.example", "421"),
        ("third.wildcard.example", "unknown.example", "421"),
        ("fourth.wildcard.example", "fourth.wildcard.example", "v4"),
        ("fourth.wildcard.example", "fifth.wildcard.example", "421"),
        ("unknown.example", "first.example", "v1"),
        ("unknown.example", "unknown.example", "404"),
    ] {
        let request = Request { sni: Some(sni.to_owned()), ..request(&format!("GET https://{host}/")) };
        let seen = match outcome(&world, &request) {
            Outcome::Answered(answer) => answer.status.to_string(),
            Outcome::Forwarded(forward) => match &forward.shares[0].target {
                Target::Backend(at) => world.lowered.config.backends[*at as usize].key.name.to_string(),
                Target::Invalid(invalid) => invalid.reason.to_string(),
            },
            Outcome::Closed(closed) => format!("{closed:?}"),
        };
        assert_eq!(seen, expected, "SNI {sni}, Host {host}");
    }
    let plain = Request { scheme: Scheme::Http, port: 443, ..request("GET http://first.example/") };
    assert_eq!(outcome(&world, &plain), Outcome::Closed(Closed::WrongProtocol));
}

#[test]
fn a_request_without_a_name_needs_a_listener_for_any() {
    let named = world(&format!("{HEAD}  - {{name: http, hostname: a.test, port: 80, protocol: HTTP}}\n"));
    let nameless = Request { authority: None, ..request("GET http://a.test/") };
    assert_eq!(answer(&named, &nameless).status, 400);
    assert_eq!(answer(&named, &request("GET http://b.test/")).by, AnsweredBy::NoListener);
    let any = one_rule("backendRefs: [{name: store, port: 80}]");
    assert_eq!(forward(&any, &nameless).shares.len(), 1);
    for (target, method, status) in
        [("/%zz", "GET", 400), ("/", "CONNECT", 405), ("*", "GET", 400), ("*", "OPTIONS", 404)]
    {
        let odd = Request { target: target.to_owned(), method: method.to_owned(), ..request("GET http://a.test/") };
        assert_eq!(answer(&any, &odd).status, status, "{method} {target}");
    }
}

#[test]
fn filters_of_a_backend_answer_in_full() {
    let world = one_rule(
        "{backendRefs: [{name: store, port: 80, filters: [{type: RequestRedirect, requestRedirect: {hostname: b.test}}]}]}",
    );
    let answer = answer(&world, &request("GET http://a.test/x"));
    assert_eq!((answer.status, answer.location.as_deref()), (302, Some("http://b.test/x")));
    assert_eq!(answer.by, AnsweredBy::Redirect);
}

#[test]
fn mirrors_of_a_backend_copy_its_part_only() {
    let mirror = "{type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}, percent: 50}}";
    let world = one_rule(&format!(
        "{{backendRefs: [{{name: one, port: 80, weight: 3, filters: [{mirror}]}}, {{name: two, port: 80, weight: 1}}]}}"
    ));
    let forward = forward(&world, &request("GET http://a.test/"));
    assert_eq!((forward.mirrors[0].numerator, forward.mirrors[0].denominator), (3, 8));
}

#[test]
fn response_headers_apply_to_redirects_wherever_they_stand() {
    let header = "{type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-by, value: edge}]}}";
    let redirect = "{type: RequestRedirect, requestRedirect: {hostname: b.test}}";
    for filters in [[header, redirect], [redirect, header]] {
        let world = one_rule(&format!("{{filters: [{}, {}]}}", filters[0], filters[1]));
        let answer = answer(&world, &request("GET http://a.test/"));
        assert_eq!(answer.headers, [("x-by".to_owned(), "edge".to_owned())]);
    }
}

#[test]
fn unusable_backends_answer_by_protocol() {
    let world = one_rule("{}");
    assert_eq!(answer(&world, &request("GET http://a.test/")).status, 500);
    let zero = one_rule("{backendRefs: [{name: store, port: 80, weight: 0}]}");
    assert_eq!(answer(&zero, &request("GET http://a.test/")).by, AnsweredBy::NoBackend);
    let grpc = Request {
        headers: vec![("content-type".to_owned(), "application/grpc".to_owned())],
        ..request("POST http://a.test/s/m")
    };
    assert_eq!((answer(&world, &grpc).status, answer(&world, &grpc).grpc_status), (200, Some(14)));
    let nothing = Request { target: "/x".to_owned(), ..grpc };
    let exact = one_rule("{matches: [{path: {type: Exact, value: /y}}], backendRefs: [{name: store, port: 80}]}");
    assert_eq!(answer(&exact, &nothing).grpc_status, Some(12));
    assert_eq!(answer(&exact, &request("GET http://a.test/x")).status, 404);
}

#[test]
fn origins_that_are_not_allowed_get_no_headers() {
    let world = one_rule(
        "{filters: [{type: CORS, cors: {allowOrigins: [\"https://ok.test\"], allowMethods: [GET]}}], matches: [{method: GET}], backendRefs: [{name: store, port: 80}]}",
    );
    let from = |origin: &str, method: &str| Request {
        method: method.to_owned(),
        headers: vec![
            ("Origin".to_owned(), origin.to_owned()),
            ("Access-Control-Request-Method".to_owned(), "GET".to_owned()),
        ],
        ..request("GET http://a.test/")
    };
    assert!(forward(&world, &from("https://bad.test", "GET")).shares[0].cors.is_empty());
    assert!(!forward(&world, &from("https://ok.test", "GET")).shares[0].cors.is_empty());
    // The rule takes GET only, and still its preflight (Q20).
    let preflight = answer(&world, &from("https://ok.test", "OPTIONS"));
    assert_eq!((preflight.status, preflight.by), (204, AnsweredBy::Preflight));
    assert!(preflight.headers.iter().any(|(name, _)| name == "Access-Control-Allow-Origin"));
    assert!(answer(&world, &from("https://bad.test", "OPTIONS")).headers.is_empty());
}

#[test]
fn garbage_is_answered_and_never_panics() {
    let world = one_rule(
        "{matches: [{path: {type: RegularExpression, value: \"/[a-z]+\"}}, {path: {value: /a}}], filters: [{type: URLRewrite, urlRewrite: {hostname: b.test}}], backendRefs: [{name: store, port: 80}]}",
    );
    let config = &world.lowered.config;
    let predictor = Predictor::new(config);
    let mut state = 7u64;
    let mut next = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % limit).expect("small")
    };
    let pieces = [
        "/",
        "%",
        "%2",
        "%2f",
        "..",
        ".",
        "//",
        "a",
        "é",
        "\u{0}",
        " ",
        "#",
        "?",
        "&",
        "=",
        "*",
        ":",
        "[",
        "]",
        "%41",
        "\\",
        "\u{10ffff}",
    ];
    let schemes = [Scheme::Http, Scheme::Https, Scheme::Grpc, Scheme::Tls, Scheme::Tcp, Scheme::Udp];
    for _ in 0..20_000 {
        let mut text = || (0..next(6)).map(|_| pieces[next(22)]).collect::<String>();
        let (authority, target, value) = (text(), text(), text());
        let request = Request {
            scheme: schemes[next(6)],
            authority: (next(4) > 0).then_some(authority.clone()),
            port: 80,
            sni: (next(2) > 0).then_some(authority),
            method: ["GET", "OPTIONS", "", "CONNECT", "é"][next(5)].to_owned(),
            target,
            headers: vec![("Origin".to_owned(), value.clone()), ("content-type".to_owned(), value)],
        };
        assert_eq!(predictor.predict(0, &request), predict(config, 0, &request), "{request:?}");
        let _ = predictor.predict(usize::MAX, &request);
        let _ = predictor.follow(0, &request);
    }
}

#[test]
fn a_condition_on_host_looks_at_the_authority_as_received() {
    let rule = "{matches: [{headers: [{name: Host, value: 'Shop.test:80'}]}]}";
    let world = one_rule(rule);
    let asked = |authority: &str| Request { authority: Some(authority.to_owned()), ..request("GET http://shop.test/") };
    assert_eq!(answer(&world, &asked("Shop.test:80")).by, AnsweredBy::NoBackend);
    assert_eq!(answer(&world, &asked("shop.test")).by, AnsweredBy::NoRule);
}
