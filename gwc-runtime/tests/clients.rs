//! Clients that others wrote: curl, nghttp, h2load and wrk, where they are installed. A test whose client is not there
//! says so and passes.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use support::backend::Script;
use support::world::{World, options};

#[expect(dead_code, reason = "each test uses its part")]
#[path = "support/all.rs"]
mod support;

/// The world of the cases of TLS, which has listeners in clear text too.
fn world() -> World {
    let common = include_str!("../../fixtures/traffic/common.yaml");
    let tls = include_str!("../../fixtures/traffic/tls/common.yaml");
    let clear = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: clear, namespace: shop}
spec:
  parentRefs: [{name: edge, sectionName: clear}]
  rules:
  - backendRefs: [{name: a, port: 80}]
  - matches: [{path: {value: /h2}}]
    backendRefs: [{name: h2, port: 80}]
  - matches: [{path: {value: /old}}]
    filters: [{type: RequestRedirect, requestRedirect: {hostname: y.example, statusCode: 301}}]
";
    let (mut options, log) = options();
    options.access_log = None;
    World::start(&[common, tls, clear].join("---\n"), &BTreeMap::new(), (options, log))
}

/// Runs a program; `None`: it is not installed.
#[expect(clippy::print_stdout, reason = "says what was skipped")]
fn run(program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: {program} is not installed");
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// What curl prints: the body, then this line.
fn curl(world: &World, port: u16, arguments: &[&str]) -> Option<(String, String)> {
    let address = world.addresses[world.socket("", port)];
    let scheme = if port == 80 { "http" } else { "https" };
    let (path, arguments) = arguments.split_last().expect("a path");
    let url = format!("{scheme}://shop.example:{}{path}", address.port());
    let resolve = format!("shop.example:{}:{}", address.port(), address.ip());
    let common = ["-sS", "-k", "--max-time", "20", "--resolve", &resolve, "-w", "\n%{http_code} %{http_version}"];
    let all: Vec<&str> = common.iter().chain(arguments).copied().chain([url.as_str()]).collect();
    let output = run("curl", &all)?;
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "curl {all:?}: {error}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, written) = text.rsplit_once('\n').expect("a line of its own");
    // Some versions of curl say `1` where others say `1.0`.
    let written = if written.ends_with(" 1") { format!("{written}.0") } else { written.to_owned() };
    Some((body.to_owned(), written))
}

#[test]
fn curl_speaks_every_version() {
    let world = world();
    let rows: [(u16, &[&str], &str, &str); 8] = [
        (80, &["/"], "shop/a:80\n", "200 1.1"),
        (80, &["--http1.0", "/"], "shop/a:80\n", "200 1.0"),
        (80, &["--http2-prior-knowledge", "/"], "shop/a:80\n", "200 2"),
        (80, &["--http2", "/"], "shop/a:80\n", "200 1.1"),
        (80, &["/h2"], "shop/h2:80\n", "200 1.1"),
        (443, &["--http1.1", "/"], "shop/b:80\n", "200 1.1"),
        (443, &["--http2", "/"], "shop/b:80\n", "200 2"),
        (443, &["--no-alpn", "/"], "shop/b:80\n", "200 1.1"),
    ];
    for (port, arguments, body, written) in rows {
        let Some(found) = curl(&world, port, arguments) else { return };
        assert_eq!(found, (body.to_owned(), written.to_owned()), "{port} {arguments:?}");
    }
}

#[test]
fn curl_uploads_after_100_continue() {
    let world = world();
    let file = tempfile::NamedTempFile::new().expect("a file");
    let content: Vec<u8> = (0..3_000_000u32).map(|number| number.to_le_bytes()[0]).collect();
    std::fs::write(file.path(), &content).expect("written");
    let upload = format!("@{}", file.path().display());
    for (port, version) in [(80, "--http1.1"), (80, "--http2-prior-knowledge"), (443, "--http2")] {
        let more = [version, "-H", "Expect: 100-continue", "--data-binary", &upload, "/upload"];
        let Some((_, written)) = curl(&world, port, &more) else { return };
        assert!(written.starts_with("200"), "{written}");
        assert!(world.backends.next().body.bytes == content, "the upload arrives whole by {version}");
    }
    let more = ["-H", "Transfer-Encoding: chunked", "--data-binary", &upload, "/upload"];
    let Some((_, written)) = curl(&world, 80, &more) else { return };
    assert_eq!(written, "200 1.1");
    assert!(world.backends.next().body.bytes == content, "in chunks too");
}

#[test]
fn curl_downloads_and_follows() {
    let world = world();
    world.backends.answer("*", Script { size: Some(3_000_000), chunked: true, ..Script::default() });
    for version in ["--http1.0", "--http1.1", "--http2-prior-knowledge"] {
        let Some((body, _)) = curl(&world, 80, &[version, "/"]) else { return };
        assert_eq!(body.len(), 3_000_000, "{version}");
    }
    world.backends.answer_as_usual();
    let Some((headers, written)) = curl(&world, 80, &["-I", "/old/x?y=z"]) else { return };
    assert_eq!(written, "301 1.1");
    assert!(headers.contains("location: http://y.example/old/x?y=z"), "{headers}");
}

#[test]
fn curl_is_told_about_a_cut_answer() {
    let world = world();
    let raw = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello".to_owned();
    world.backends.answer("*", Script { raw: Some(raw), ..Script::default() });
    let address = world.addresses[world.socket("", 80)];
    let url = format!("http://{address}/");
    for version in ["--http1.1", "--http2-prior-knowledge"] {
        let Some(output) = run("curl", &["-sS", "--max-time", "20", version, &url]) else { return };
        assert!(!output.status.success(), "{version}: a clean end: {output:?}");
    }
}

#[test]
fn nghttp_sends_trailers_and_many_streams() {
    let world = world();
    let address = world.addresses[world.socket("", 80)];
    let url = format!("http://{address}/h2");
    world.backends.answer("*", Script { trailers: vec!["x-sum: 1".to_owned()], ..Script::default() });
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), vec![b'x'; 100_000]).expect("written");
    let upload = file.path().display().to_string();
    let arguments = ["-v", "-t", "20", "-d", &upload, "--trailer", "x-end: 2", "-H", "te: trailers", &url];
    let Some(output) = run("nghttp", &arguments) else { return };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("shop/h2:80"), "{text}");
    assert!(text.contains("x-sum: 1"), "trailers of the answer: {text}");
    let seen = world.backends.next();
    assert_eq!((seen.body.bytes.len(), seen.problem), (100_000, None));
    assert_eq!(seen.body.trailers, [("x-end".to_owned(), "2".to_owned())], "trailers of the request");
}

#[test]
fn h2load_ends_without_one_error() {
    let world = world();
    for port in [80, 443] {
        let scheme = if port == 80 { "http" } else { "https" };
        let address = world.addresses[world.socket("", port)];
        let url = format!("{scheme}://{address}/");
        let arguments = ["-n", "2000", "-c", "8", "-m", "16", "-T", "20", &url];
        let Some(output) = run("h2load", &arguments) else { return };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"), "{port}: {text}");
    }
}

#[test]
fn wrk_ends_without_one_error() {
    let world = world();
    let address = world.addresses[world.socket("", 80)];
    let url = format!("http://{address}/");
    for header in ["X-A: b", "Connection: close"] {
        let Some(output) = run("wrk", &["-t1", "-c16", "-d1s", "-H", header, &url]) else { return };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("requests in") && !text.contains("Non-2xx"), "{header}: {text}");
        assert!(!text.contains("Socket errors"), "{header}: {text}");
    }
}
