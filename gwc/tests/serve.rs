//! `gwc serve` through the binary, over real sockets on ports of the kernel's choice: table, requests, reload, signals,
//! commands, exit codes. Waits are for lines that the binary prints.
#![cfg(feature = "serve")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longer than anything takes; a test that waits this long fails.
const PATIENCE: Duration = Duration::from_secs(60);

const GATEWAY: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec:
  gatewayClassName: any
  listeners:
  - {name: http, protocol: HTTP, port: 80}
";

fn route(name: &str, prefix: &str, service: &str) -> String {
    format!(
        "---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}, namespace: shop}}
spec:
  parentRefs: [{{name: gw}}]
  rules:
  - matches: [{{path: {{type: PathPrefix, value: {prefix}}}}}]
    backendRefs: [{{name: {service}, port: 8080}}]
"
    )
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        replace(folder.path(), name, text);
    }
    folder
}

/// Puts a file in its place at once, as editors do.
fn replace(folder: &Path, name: &str, text: &str) {
    let (new, file) = (folder.join(format!("{name}.new")), folder.join(name));
    std::fs::write(&new, text).expect("a file");
    std::fs::rename(new, file).expect("a file");
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(folder);
    command.stdin(Stdio::null()).args(["serve", "--no-config", "--workers", "2"]).args(arguments);
    if !arguments.contains(&"--admin") && !arguments.contains(&"--exec") {
        command.args(["--admin", "off"]);
    }
    command
}

/// Runs to the end.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let start = Instant::now();
    let output = command(folder, arguments).output().expect("gwc runs");
    assert!(start.elapsed() < PATIENCE, "{arguments:?} took too long");
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// A running gateway.
struct Server {
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    /// Starts and waits for the row of a listener; the address in it.
    fn start(folder: &Path, listener: &str, arguments: &[&str]) -> (Self, SocketAddr) {
        let mut all = vec!["--bind", "127.0.0.1:0"];
        all.extend(arguments);
        Self::start_with(folder, listener, &all)
    }

    /// As [`Server::start`], on addresses of the arguments.
    fn start_with(folder: &Path, listener: &str, all: &[&str]) -> (Self, SocketAddr) {
        let mut child = command(folder, all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gwc runs");
        let (sender, lines) = channel();
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().expect("an output")), Box::new(child.stderr.take().expect("an output"))];
        for output in outputs {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let lines = BufReader::new(output).lines().map_while(Result::ok);
                lines.for_each(|line| drop(sender.send(line)));
            });
        }
        let server = Self { child, lines };
        let row = server.wait(&format!("{listener} "));
        let address = row.split_whitespace().find_map(|word| word.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address in {row:?}"));
        (server, address)
    }

    /// The next line that holds a text.
    fn wait(&self, wanted: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(wanted) => return line,
                Ok(line) => seen.push(line),
                Err(_) => panic!("no line with {wanted:?}:\n{}", seen.join("\n")),
            }
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(name).arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(sent.success());
    }

    fn end(mut self) -> i32 {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code().expect("a code");
            }
            std::thread::yield_now();
        }
        panic!("gwc serve does not end");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Head and body of the answer to a GET.
fn get(at: SocketAddr, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(at).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

#[test]
fn a_folder_is_a_gateway_with_echo_for_every_service() {
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/web", "web")))]);
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--echo", "--explain-header"]);
    let answer = get(at, "www.example", "/web/a?b=c");
    assert_eq!(status(&answer), "200", "{answer}");
    assert!(answer.contains("\"service\": \"web\"") && answer.contains("/web/a?b=c"), "{answer}");
    assert!(answer.to_lowercase().contains("x-gwc-route:"), "{answer}");
    assert_eq!(status(&get(at, "www.example", "/other")), "404");
    server.wait("try:");
    let line = server.wait("curl");
    assert!(line.contains(&format!("http://{at}/web")), "{line}");
}

#[test]
fn without_echo_a_missing_service_does_not_exist() {
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/", "web")))]);
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &[]);
    assert_eq!(status(&get(at, "a", "/")), "500", "a closed world");
    server.wait("HTTPRoute shop/web, in part: BackendNotFound");
}

#[test]
fn a_mapped_port_is_reached_where_the_map_says() {
    let backend = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = backend.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in backend.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nmapped");
        }
    });
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/", "web")))]);
    let map = format!("shop/web:8080={address}");
    let (_server, at) = Server::start(folder.path(), "shop/gw/http", &["--map", &map]);
    let answer = get(at, "a", "/");
    assert!(answer.ends_with("mapped"), "{answer}");
}

#[test]
fn a_change_is_served_and_a_broken_one_changes_nothing() {
    let all = |prefix: &str| format!("{GATEWAY}{}", route("web", prefix, "web"));
    let folder = folder(&[("all.yaml", &all("/one"))]);
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--echo"]);
    let served = |path: &str| status(&get(at, "a", path)).to_owned();
    assert_eq!((served("/one"), served("/two")), ("200".into(), "404".into()));

    replace(folder.path(), "all.yaml", &all("/two"));
    let line = server.wait("reload: generation 2");
    assert!(line.contains("~HTTPRoute shop/web"), "{line}");
    assert_eq!((served("/one"), served("/two")), ("404".into(), "200".into()));

    replace(folder.path(), "all.yaml", &format!("{}---\napiVersion: v1\nkind: [\n", all("/three")));
    server.wait("GWC0001");
    server.wait("what was served before stays");
    assert_eq!((served("/two"), served("/three")), ("200".into(), "404".into()));

    replace(folder.path(), "all.yaml", &all("/three").replace("PathPrefix", "Prefix"));
    server.wait("GWC0013");
    server.wait("what was served before stays");
    assert_eq!((served("/two"), served("/three")), ("200".into(), "404".into()));

    replace(folder.path(), "all.yaml", &all("/three"));
    server.wait("reload: generation 3");
    assert_eq!((served("/two"), served("/three")), ("404".into(), "200".into()));
}

#[cfg(unix)]
#[test]
fn sighup_loads_again_where_nobody_watches() {
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/one", "web")))]);
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--echo", "--watch=off"]);
    server.signal("-HUP");
    server.wait("nothing has changed");
    replace(folder.path(), "more.yaml", &route("more", "/two", "web"));
    server.signal("-HUP");
    let line = server.wait("reload: generation 2");
    assert!(line.contains("+HTTPRoute shop/more"), "{line}");
    assert_eq!(status(&get(at, "a", "/two")), "200");
}

#[cfg(unix)]
#[test]
fn sigterm_lets_requests_end_and_a_second_one_does_not() {
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/", "web")))]);
    let log = folder.path().join("access.log");
    let log = log.to_str().expect("UTF-8");
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--echo", "--access-log", log]);
    assert_eq!(status(&get(at, "www.example", "/x?secret")), "200");
    server.signal("-TERM");
    assert_eq!(server.end(), 0);
    let lines = std::fs::read_to_string(log).expect("a log");
    assert!(lines.contains("\"route\":\"HTTPRoute shop/web\"") && !lines.contains("secret"), "{lines}");

    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--echo"]);
    let mut stream = TcpStream::connect(at).expect("a connection");
    write!(stream, "GET /?chunks=100000&interval=100ms HTTP/1.1\r\nHost: a\r\n\r\n").expect("a request");
    let mut start = [0; 12];
    stream.read_exact(&mut start).expect("the answer has begun");
    server.signal("-TERM");
    server.wait("stopping");
    server.signal("-TERM");
    assert_eq!(server.end(), 143);
}

#[cfg(unix)]
#[test]
fn a_command_gets_the_addresses_and_gives_its_code() {
    let folder = folder(&[("all.yaml", GATEWAY)]);
    let script = "test -n \"$GWC_URL\" && test \"http://$GWC_ADDRESS_SHOP_GW_HTTP\" = \"$GWC_URL\" && exit 7";
    let arguments = ["--bind", "127.0.0.1:0", "--exec", "sh", "-c", script];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));

    let output = run(folder.path(), &["--bind", "127.0.0.1:0", "--exec", "no-such-command"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("`no-such-command`"));
}

#[test]
fn validate_loads_and_ends() {
    let good = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/", "web")))]);
    let output = run(good.path(), &["--validate", "--port-offset", "9000", "--echo"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let out = text(&output.stdout);
    assert!(out.contains("127.0.0.1:9080") && out.contains("HTTPRoute shop/web"), "{out}");
    assert!(!out.contains("curl"), "nothing runs: {out}");

    let bad = route("bad", "/", "web").replace("PathPrefix", "Prefix");
    let mixed = folder(&[("all.yaml", &format!("{GATEWAY}{bad}"))]);
    let output = run(mixed.path(), &["--validate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("GWC0013") && text(&output.stderr).contains("--keep-going"));
    let output = run(mixed.path(), &["--validate", "--keep-going", "--port-offset", "9000"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("note: all.yaml:") && text(&output.stdout).contains("shop/gw/http"));
}

#[test]
fn wrong_flags_and_missing_input_have_their_codes() {
    let empty = folder(&[("a.txt", "")]);
    let good = folder(&[("all.yaml", GATEWAY)]);
    let route_only = folder(&[("all.yaml", &route("web", "/", "web"))]);
    let cases: &[(&Path, &[&str], i32, &str)] = &[
        (good.path(), &["--bind", "nowhere"], 2, "no IP address"),
        (good.path(), &["--bind", "shop/other=127.0.0.1"], 2, "no Gateway `shop/other`"),
        (good.path(), &["--map", "web=1"], 2, "NS/SVC:PORT=HOST:PORT"),
        (good.path(), &["--trusted-proxies", "all"], 2, "10.0.0.0/8"),
        (good.path(), &["--drain-timeout", "soon"], 2, "30s"),
        (good.path(), &["--access-log-format", "text"], 2, "--access-log"),
        (good.path(), &["missing"], 3, "missing: no such file"),
        (good.path(), &["--ir", "missing.json"], 3, "missing.json"),
        (good.path(), &["--ir", "all.yaml"], 1, "no IR"),
        (good.path(), &["--gateway-class", "other"], 1, "no listener"),
        (empty.path(), &[], 3, "no Kubernetes objects"),
        (route_only.path(), &[], 1, "no listener"),
    ];
    for (folder, arguments, code, message) in cases {
        let mut all = arguments.to_vec();
        all.push("--validate");
        let output = run(folder, &all);
        let err = text(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {err}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}

#[test]
fn a_port_in_use_is_said_and_not_shared() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = folder(&[("all.yaml", GATEWAY)]);
    let output = run(folder.path(), &["--bind", &address]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains(&format!("{address} is in use")), "{}", text(&output.stderr));
}

#[test]
fn an_ir_is_served_without_its_manifests() {
    let source = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/web", "web")))]);
    let mut compile = Command::new(env!("CARGO_BIN_EXE_gwc"));
    compile.env_clear().current_dir(source.path()).stdin(Stdio::null());
    let compiled = compile.args(["compile", "--no-config", "--emit", "json", "."]).output().expect("gwc runs");
    assert!(compiled.status.success(), "{}", text(&compiled.stderr));
    let folder = folder(&[("ir.json", &text(&compiled.stdout))]);
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--ir", "ir.json", "--echo"]);
    let answer = get(at, "a", "/web");
    assert!(answer.contains("\"service\": \"web\""), "{answer}");
    drop(server);

    let broken = text(&compiled.stdout).replace("\"port\": 80,", "\"port\": 0,");
    replace(folder.path(), "ir.json", &broken);
    let output = run(folder.path(), &["--ir", "ir.json", "--validate"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("/sockets/0/port"), "{}", text(&output.stderr));
}

#[test]
fn further_gateways_get_further_addresses() {
    let second = GATEWAY.replace("name: gw,", "name: gx,");
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}---\n{second}"))]);
    let output = run(folder.path(), &["--validate", "--port-offset", "9000"]);
    let out = text(&output.stdout);
    assert!(out.contains("127.0.0.1:9080"), "{out}");
    let wanted = if cfg!(target_os = "linux") { "127.0.0.2:9080" } else { "another Gateway has 127.0.0.1:9080" };
    assert!(out.contains(wanted), "{out}");
}

#[test]
fn redirects_can_lead_to_where_ports_are_bound() {
    let listeners = "  - {name: other, protocol: HTTP, port: 443}\n";
    let redirect = "---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: gw, sectionName: http}]
  rules:
  - filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]
";
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{listeners}{redirect}"))]);
    let free = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a port").port();
    let offset = free.saturating_sub(80).min(65_000).to_string();
    let target = format!("https://a.example:{}/", 443 + offset.parse::<u16>().expect("a number"));
    for (arguments, location) in [(&[][..], "https://a.example/"), (&["--redirect-bound-port"][..], &target)] {
        let mut all = vec![".", "--port-offset", &offset];
        all.extend(arguments);
        let (_server, at) = Server::start_with(folder.path(), "shop/gw/http", &all);
        let answer = get(at, "a.example", "/");
        assert!(answer.lines().any(|line| line == format!("location: {location}")), "{answer}");
    }
}

#[test]
fn tls_ends_with_a_certificate_of_the_local_authority() {
    let gateway = GATEWAY.replace(
        "protocol: HTTP, port: 80}",
        "protocol: HTTPS, port: 443, hostname: a.example, tls: {certificateRefs: [{name: c}]}}",
    );
    let folder = folder(&[("all.yaml", &format!("{gateway}{}", route("web", "/", "web")))]);
    let (server, _) = Server::start(folder.path(), "shop/gw/http", &["--echo"]);
    let line = server.wait("curl ");
    let ran = Command::new("sh").args(["-c", line.trim()]).output().expect("sh runs");
    if ran.status.code() == Some(127) {
        eprintln!("skipped: curl is not installed");
        return;
    }
    assert!(text(&ran.stdout).contains("\"service\": \"web\""), "{line}\n{}", text(&ran.stderr));
    let file = server.wait("certificate of the local authority: ");
    let file = std::path::PathBuf::from(file.rsplit(": ").next().expect("a path"));
    assert!(file.is_file());
    #[cfg(unix)]
    {
        server.signal("-INT");
        assert_eq!(server.end(), 0);
        assert!(!file.exists(), "nobody can use it any more");
    }
    // Without a certificate the listener is not served.
    let output = run(folder.path(), &["--validate", "--tls", "from-secrets"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("InvalidCertificateRef"), "{}", text(&output.stderr));
}

#[test]
fn the_admin_endpoint_knows_what_is_served() {
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/", "web")))]);
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--echo", "--admin", "127.0.0.1:0"]);
    let line = server.wait("live routes: http://");
    let admin: SocketAddr =
        line.rsplit("http://").next().and_then(|rest| rest.trim_end_matches('/').parse().ok()).expect("an address");
    assert_eq!(status(&get(at, "a", "/")), "200");
    let metrics = get(admin, "localhost", "/metrics");
    assert!(metrics.contains("gateway_api_gateway_programmed_count{gatewayclass=\"any\"} 1"), "{metrics}");
    assert!(metrics.contains("gateway_api_httproute_accepted_count 1"), "{metrics}");
    assert_eq!(status(&get(admin, "localhost", "/readyz")), "200");
    assert!(get(admin, "localhost", "/snapshot").contains(&at.to_string()));
    replace(folder.path(), "all.yaml", "apiVersion: v1\nkind: [\n");
    server.wait("what was served before stays");
    let snapshot = get(admin, "localhost", "/snapshot");
    assert!(snapshot.contains("\"refused\": 1") && snapshot.contains("GWC0001"), "{snapshot}");
}

#[test]
fn route_tests_are_sent_to_a_running_gateway() {
    let all = |prefix: &str| format!("{GATEWAY}{}", route("web", prefix, "web"));
    let tests = "version: 1
tests:
- name: taken
  request: http://a.example/one/x?y=z
  expect: {route: shop/web}
- name: not taken
  request: http://a.example/two
  expect: {not-routed: 404}
- name: a call
  request: {host: a.example, scheme: grpc, grpc: a.B/C, port: 80}
  expect: {not-routed: 12}
";
    let manifests = folder(&[("all.yaml", &all("/one")), ("all.gwc-test.yaml", tests)]);
    let (server, at) = Server::start(manifests.path(), "shop/gw/http", &["--echo", "--explain-header"]);
    let url = format!("http://{at}");
    let test = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
        command.env_clear().current_dir(manifests.path()).stdin(Stdio::null());
        let arguments = ["test", "--no-config", "--show", "all", "--live", &url, "--world", "open"];
        let output = command.args(arguments).output().expect("gwc runs");
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    };
    let (code, out) = test();
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("2 passed") && out.contains("1 skipped") && out.contains("--live sends no grpc"), "{out}");

    // What runs is not what the manifests say any more.
    let other = folder(&[("all.yaml", &all("/two"))]);
    drop(server);
    let (_server, at) = Server::start(other.path(), "shop/gw/http", &["--echo", "--explain-header"]);
    let url = format!("http://{at}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(manifests.path()).stdin(Stdio::null());
    let output = command.args(["test", "--no-config", "--live", &url, "--world", "open"]).output().expect("gwc runs");
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.contains("live") && out.contains("2 failed"), "{out}");
}

#[test]
fn what_is_not_served_is_named_with_what_helps() {
    let retry = route("web", "/", "web").replace("    backendRefs", "    retry: {attempts: 2}\n    backendRefs");
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{retry}"))]);
    let validate = |more: &[&str]| {
        let mut all = vec!["--validate", "--echo", "--port-offset", "9000"];
        all.extend(more);
        let output = run(folder.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let out = validate(&[]);
    assert!(out.contains("retry") && out.contains("--gateway-api v1.6.1/experimental keeps it"), "{out}");
    assert!(!out.contains("501"), "the field is dropped: {out}");
    let out = validate(&["--gateway-api", "v1.6.1/experimental"]);
    assert!(!out.contains("keeps it"), "{out}");
}

#[test]
fn gateways_can_be_picked_by_class() {
    let second = GATEWAY.replace("name: gw,", "name: gx,").replace("gatewayClassName: any", "gatewayClassName: mine");
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}---\n{second}"))]);
    let output = run(folder.path(), &["--validate", "--port-offset", "9000", "--gateway-class", "mine"]);
    let out = text(&output.stdout);
    assert!(out.contains("shop/gx/http") && !out.contains("shop/gw/http"), "{out}");
    assert!(out.contains("127.0.0.1:9080"), "it is the first: {out}");
}

#[test]
fn an_object_that_belongs_to_nobody_changes_nothing() {
    let folder = folder(&[("all.yaml", &format!("{GATEWAY}{}", route("web", "/", "web")))]);
    let (server, at) = Server::start(folder.path(), "shop/gw/http", &["--echo"]);
    replace(folder.path(), "notes.yaml", "a: [\n");
    replace(folder.path(), "more.yaml", &route("more", "/more", "web"));
    let line = server.wait("reload: generation");
    assert!(line.contains("+HTTPRoute shop/more"), "{line}");
    assert_eq!(status(&get(at, "a", "/more")), "200");
}
