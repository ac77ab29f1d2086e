//! `gwc route` through the binary: trees, tables and JSON on `fixtures/route` and the shop, compared with
//! `snapshots/route`; options, errors and exit codes.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A request that several cases ask for.
const CART: &str = "http://shop.example.com/cart";
/// A request of the route with a condition of every kind.
const STRICT: &str = "http://strict.example.com/v1/x";
/// A call that the gRPC cases ask for.
const CALL: &str = "grpcs://api.example.com/shop.Cart/Add";

/// Snapshot, arguments before the manifests of `fixtures/route`.
const CASES: &[(&str, &[&str])] = &[
    ("tree.get", &["--gateway", "infra/edge", CART]),
    ("tree.two-gateways", &[CART]),
    (
        "tree.filters",
        &["--gateway", "infra/edge", "-d", "a=1", "-b", "session=x", "http://shop.example.com/cart/./add?x=1"],
    ),
    ("tree.header-and-query", &["--gateway", "infra/edge", "-H", "x-canary: 1", "-G", "-d", "debug=on", CART]),
    ("tree.redirect", &["--gateway", "infra/edge", "http://old.example.com/a?b"]),
    ("tree.redirect-loop", &["--gateway", "infra/edge", "http://loop.example.com/"]),
    ("tree.no-backend", &["--gateway", "infra/edge", "http://lost.example.com/"]),
    ("tree.no-rule", &["https://shop.example.com/nothing"]),
    ("tree.wider-name", &["--gateway", "infra/edge", "http://shop.example.com/nothing"]),
    ("tree.no-listener-for-sni", &["https://shop.example.net/"]),
    ("tree.sni-differs", &["--sni", "api.example.com", "-H", "Host: other.example.net", "https://api.example.com/"]),
    ("tree.clear-text-on-tls", &["--resolve-port", "443", CART]),
    ("tree.more-specific-listener", &["--gateway", "infra/edge", "http://admin.example.com/"]),
    ("tree.malformed", &["--gateway", "infra/edge", "http://shop.example.com/a%00"]),
    ("tree.grpc", &[CALL]),
    ("tree.grpc-no-rule", &["grpcs://api.example.com/shop.Other/Add"]),
    ("tree.tls", &["tls://vault.example.com:8443"]),
    ("tree.tls-no-route", &["tls://other.example.com:8443"]),
    ("tree.tcp", &["tcp://db.example.com:5432"]),
    ("tree.no-port", &["http://shop.example.com:9999/"]),
    ("tree.path-alone-with-host", &["-H", "Host: shop.example.com", "/cart"]),
    ("tree.assumed", &["--assume", "secret:infra/wildcard", CALL]),
    ("all.tree", &["--gateway", "infra/edge", "--all", CART]),
    ("all.json", &["--gateway", "infra/edge", "--all", "-o", "json", CART]),
    ("all.grpc", &["--all", CALL]),
    ("table.path-alone", &["-o", "table", "/cart"]),
    ("table.path-alone-one-listener", &["--gateway", "infra/edge/https", "-o", "table", "/cart"]),
    ("table.kinds", &["-o", "table", "http://lost.example.com/"]),
    ("json.filters", &["--gateway", "infra/edge", "-X", "POST", "-o", "json", CART]),
    ("json.closed", &["-o", "json", "https://shop.example.net/"]),
    (
        "curl.pasted",
        &["--gateway", "infra/edge", "curl -sS 'http://shop.example.com/cart' \\\n  -H 'x-canary: 1' --compressed"],
    ),
    ("why-not.won", &["--gateway", "infra/edge", "--why-not", "shop/cart", CART]),
    ("why-not.path", &["--gateway", "infra/edge", "--why-not", "shop/younger", "http://shop.example.com/"]),
    ("why-not.regex-path", &["--gateway", "infra/edge", "--why-not", "shop/strict", "http://strict.example.com/x"]),
    ("why-not.method", &["--gateway", "infra/edge", "--why-not", "shop/strict", STRICT]),
    ("why-not.header", &["--gateway", "infra/edge", "--why-not", "shop/strict", "-X", "PUT", STRICT]),
    (
        "why-not.header-value",
        &[
            "--gateway",
            "infra/edge",
            "--why-not",
            "shop/strict",
            "-X",
            "PUT",
            "-H",
            "x-team: cart",
            "-H",
            "X-Version: one",
            STRICT,
        ],
    ),
    (
        "why-not.query",
        &[
            "--gateway",
            "infra/edge",
            "--why-not",
            "shop/strict",
            "-X",
            "PUT",
            "-H",
            "x-team: cart",
            "-H",
            "X-Version: 1",
            "--url-query",
            "Mode=b",
            STRICT,
        ],
    ),
    ("why-not.not-asked", &["--gateway", "infra/edge", "--why-not", "shop/cart", "--resolve-port", "443", CART]),
    ("why-not.several-matches", &["--gateway", "infra/edge", "--why-not", "shop/cart", "http://shop.example.com/x"]),
    ("why-not.outranked", &["--gateway", "infra/edge", "--why-not", "httproute/shop/younger", CART]),
    ("why-not.hostname", &["--gateway", "infra/edge", "--why-not", "shop/to-https", CART]),
    ("why-not.other-listener", &["--gateway", "infra/edge", "--why-not", "shop/api", CART]),
    ("why-not.other-gateway", &["--gateway", "infra/edge", "--why-not", "infra/org", CART]),
    ("why-not.not-attached", &["--gateway", "infra/edge", "--why-not", "shop/outsider", CART]),
    ("why-not.refused", &["--gateway", "infra/edge", "--why-not", "shop/broken", CART]),
    ("why-not.no-port", &["--why-not", "shop/vault", "--why-not", "shop/outsider", "http://shop.example.com:9999/"]),
    ("why-not.json", &["--gateway", "infra/edge", "--why-not", "shop/younger", "-o", "json", CART]),
    ("log.combined", &["--from-log", "fixtures/route/records/access.log", "https://shop.example.com"]),
    (
        "log.combined-one-listener",
        &[
            "--from-log",
            "fixtures/route/records/access.log",
            "--gateway",
            "infra/edge/https",
            "--top",
            "1",
            "https://shop.example.com",
        ],
    ),
    ("log.vhosts", &["--from-log", "fixtures/route/records/vhosts.log"]),
    ("log.host-by-header", &["--from-log", "fixtures/route/records/access.log", "-H", "Host: shop.example.com"]),
    ("log.json-lines", &["--from-log", "fixtures/route/records/access.jsonl", "--log-format", "json"]),
    ("log.json-output", &["--from-log", "fixtures/route/records/access.jsonl", "--log-format", "json", "-o", "json"]),
    ("har.tree", &["--from-har", "fixtures/route/records/browser.har"]),
];

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn command(arguments: &[&str], manifests: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(workspace()).stdin(Stdio::null()).arg("route").args(arguments);
    command.args(["--no-config", "--now", "2026-06-01T00:00:00Z", "--color", "never", "--", manifests]);
    command
}

fn gwc(arguments: &[&str]) -> Output {
    command(arguments, "fixtures/route").output().expect("gwc runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn snapshot(name: &str, output: &Output) {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let err = if err.is_empty() { err } else { format!("----- stderr\n{err}") };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace().join("snapshots/route"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, format!("{out}{err}")));
}

#[test]
fn every_case_is_as_committed() {
    for (name, arguments) in CASES {
        let output = gwc(arguments);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        snapshot(name, &output);
    }
}

#[test]
fn a_route_that_attaches_nowhere_is_explained_by_its_status() {
    let arguments = ["https://www.shop.example.com/cart", "--why-not", "catalog/pictures"];
    let output = command(&arguments, "fixtures/shop").output().expect("gwc runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    snapshot("shop", &output);
}

#[test]
fn backends_mirrors_and_listener_sets_are_told() {
    for name in ["backend-tls", "mirrors", "endpoints", "listener-sets", "cors"] {
        let output = command(&["/"], &format!("fixtures/ir/{name}.yaml")).output().expect("gwc runs");
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        snapshot(&format!("ir.{name}"), &output);
    }
}

#[test]
fn a_preflight_is_answered_by_the_filter() {
    let words =
        ["-X", "OPTIONS", "-H", "Origin: https://shop.example.com", "-H", "Access-Control-Request-Method: POST"];
    let output = command(&[&words[..], &["/"]].concat(), "fixtures/ir/cors.yaml").output().expect("gwc runs");
    snapshot("ir.preflight", &output);
}

#[test]
fn the_example_of_the_readme_is_what_is_printed() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).expect("README.md");
    let section = readme.split("### gwc route\n").nth(1).expect("a section");
    assert!(section.contains("gwc route -H 'x-canary: 1' https://www.shop.example.com/cart -- fixtures/shop\n"));
    let shown = section.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let arguments = ["-H", "x-canary: 1", "https://www.shop.example.com/cart"];
    let output = command(&arguments, "fixtures/shop").output().expect("gwc runs");
    assert_eq!(text(&output.stdout), shown);
}

#[test]
fn no_snapshot_is_left_over() {
    let known: BTreeSet<String> =
        CASES.iter().map(|(name, _)| *name).chain(["shop"]).map(|name| format!("{name}.snap")).collect();
    let entries = std::fs::read_dir(workspace().join("snapshots/route")).expect("snapshots/route").flatten();
    for name in entries.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        assert!(
            known.contains(&name) || name.starts_with("ir.") || name.ends_with(".snap.new"),
            "snapshots/route/{name} belongs to no case"
        );
    }
}

/// Exit code and a part of stderr.
#[track_caller]
fn expect(arguments: &[&str], exit: i32, message: &str) {
    let output = gwc(arguments);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {err}");
    assert!(err.contains(message), "{arguments:?}: `{message}` is not in\n{err}");
}

#[test]
fn exit_2_for_a_wrong_question() {
    expect(&["ftp://x/"], 2, "unknown scheme `ftp`");
    expect(&["--gateway", "edge", CART], 2, "write NAMESPACE/NAME or NAMESPACE/NAME/LISTENER");
    expect(&["--why-not", "cart", CART], 2, "write NAMESPACE/NAME or KIND/NAMESPACE/NAME of a route");
    expect(&["--why-not", "gateway/shop/cart/x", CART], 2, "of a route");
    expect(&["-o", "yaml", CART], 2, "unknown output format `yaml`; there are tree, table, json");
    expect(&["-k", CART], 2, "curl's `-k` is not taken: it changes nothing about the request");
    expect(&["--compressed", CART], 2, "write -H 'Accept-Encoding: gzip'");
    expect(&["--connect-to", "a:1:b:2", CART], 2, "--resolve-port");
    expect(&["--frobnicate", CART], 2, "unexpected argument '--frobnicate'");
    expect(&["--resolve-port", "0", CART], 2, "invalid value '0'");
    expect(&["fixtures/route"], 2, "the request comes first: gwc route URL -- fixtures/route");
    expect(&["curl http://a.example/ --proxy x"], 2, "write the URL that the proxy would ask for");
    expect(&["-X", "PUT", "curl http://a.example/"], 2, "belong into the curl line");
    expect(&["--from-log", "x", "--from-har", "y"], 2, "cannot be used with");
    expect(&["--from-har", "fixtures/route/records/browser.har", "-X", "GET"], 2, "a record takes -H, --sni");
    expect(&["--from-har", "fixtures/route/records/browser.har", "-H", "a: b"], 2, "URLs and headers of its own");
    let log = "fixtures/route/records/access.log";
    expect(&["--from-log", log, "https://shop.example.com/cart"], 2, "leave `/cart` out of the URL");
    expect(&["--from-log", log, "--why-not", "shop/cart"], 2, "cannot be used with");
    expect(&["--from-log", "-", "-f", "-"], 2, "standard input cannot be both the record and the manifests");
}

#[test]
fn exit_3_for_what_is_not_there() {
    expect(&["--gateway", "infra/egde", CART], 3, "no Gateway infra/egde in the input; did you mean `infra/edge`?");
    expect(&["--gateway", "infra/edge/htps", CART], 3, "serves no listener `htps`; did you mean `https`?");
    expect(&["--why-not", "shop/cardt", CART], 3, "no route `shop/cardt` in the input; did you mean `shop/cart`?");
    expect(&["--why-not", "infra/cart", CART], 3, "did you mean `shop/cart`?");
    expect(&["--why-not", "tcproute/shop/cart", CART], 3, "did you mean `httproute/shop/cart`?");
    expect(&["--from-log", "no-such.log"], 3, "cannot read `no-such.log`");
    expect(&["--from-har", "fixtures/route/records/access.log"], 3, "no HAR file");
    expect(&["-d", "@no-such-body", CART], 3, "cannot read the body from `no-such-body`");
}

#[test]
fn exit_1_only_where_unmatched_requests_were_to_fail() {
    let exit = |arguments: &[&str]| gwc(arguments).status.code();
    let nothing = "https://shop.example.com/nothing";
    assert_eq!([exit(&[nothing]), exit(&["--fail-unmatched", nothing])], [Some(0), Some(1)]);
    assert_eq!(exit(&["--fail-unmatched", "-o", "json", nothing]), Some(1));
    assert_eq!(exit(&["--fail-unmatched", "http://shop.example.com:9999/"]), Some(1));
    assert_eq!(exit(&["--fail-unmatched", CART]), Some(0), "one Gateway of two takes it");
    let log = "fixtures/route/records/access.log";
    assert_eq!(exit(&["--fail-unmatched", "--from-log", log, "https://shop.example.com"]), Some(1));
    assert_eq!(exit(&["--fail-unmatched", "--from-har", "fixtures/route/records/browser.har"]), Some(1));
}

#[test]
fn quiet_and_files() {
    let output = gwc(&["-qq", CART]);
    assert_eq!((text(&output.stdout), text(&output.stderr)), (String::new(), String::new()));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("route.json");
    let output = gwc(&["-o", &format!("json={}", file.display()), "-o", "table", CART]);
    assert!(text(&output.stdout).starts_with("GATEWAY"), "{}", text(&output.stdout));
    let written: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).expect("a file")).expect("JSON");
    assert_eq!((&written["schema"], &written["matched"]), (&"gwc.route/v1".into(), &true.into()));
}

#[test]
fn trace_is_another_name_and_a_log_may_be_piped() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(workspace()).args(["trace", "--no-config", "--from-log", "-", "-o", "json"]);
    command.args(["https://shop.example.com", "--", "fixtures/route"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gwc runs");
    let line = b"203.0.113.1 - - [x] \"GET /cart HTTP/1.1\" 200 1\n";
    child.stdin.take().expect("stdin").write_all(line).expect("written");
    let output = child.wait_with_output().expect("gwc ends");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["requests"], &report["worlds"][0]["matched"]), (&1.into(), &1.into()));
}

#[test]
fn the_order_of_files_does_not_matter() {
    let run = |paths: [&str; 2]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
        command.env_clear().current_dir(workspace()).args(["route", "--no-config", "-o", "json", CART, "--"]);
        text(&command.args(paths).output().expect("gwc runs").stdout)
    };
    let first = run(["fixtures/route/edge.yaml", "fixtures/route/shop.yaml"]);
    assert!(first.contains("\"matched\": true"), "{first}");
    assert_eq!(first, run(["fixtures/route/shop.yaml", "fixtures/route/edge.yaml"]));
}

#[test]
fn every_world_of_the_configuration_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let gateway = |port: u16| {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: gw, namespace: shop}}
spec:
  gatewayClassName: main
  listeners: [{{name: http, protocol: HTTP, port: {port}}}]
"
        )
    };
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("a/gw.yaml", &gateway(80));
    write("b/gw.yaml", &gateway(8080));
    write("gwc.toml", "[env.a]\npaths = [\"a\"]\n[env.b]\npaths = [\"b\"]\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(folder.path()).args(["route", "http://shop.example.com/", "-o", "table"]);
    let output = command.output().expect("gwc runs");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(out.contains("\na: shop/gw:80  http "), "{out}{err}");
    assert!(out.contains("world b: no Gateway listens on TCP port 80; ports: shop/gw 8080 (HTTP);"), "{out}{err}");
}
