//! Lines of the access log (runtime-design.md §5.2): what they tell, what they never tell, and what becomes of those
//! that cannot be written in time.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use gwc_core::ir::{Endpoint, Str};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_runtime::echo::{Echo, EchoService};
use gwc_runtime::{AccessLog, Load, LogFormat, Options, Runtime};
use serde_json::{Value, json};

/// Nothing takes longer unless it is broken.
const LIMIT: Duration = Duration::from_secs(20);

const MANIFESTS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners:
  - {name: http, port: 80, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: store, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [a.test]
  rules:
  - matches:
    - path: {value: /old}
    filters:
    - {type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: /new}}}
  - matches:
    - path: {value: /none}
    - path: {value: /some}
    backendRefs: [{name: web, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  ports: [{port: 80}]
";

/// Hands whole lines over, when it may.
struct Lines {
    to: Sender<String>,
    /// Waited for before every line; `None`: never.
    gate: Option<Receiver<()>>,
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(gate) = &self.gate {
            let _ = gate.recv();
        }
        let _ = self.to.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A proxy with a log and an echo backend.
struct Served {
    runtime: Runtime,
    address: SocketAddr,
    endpoint: SocketAddr,
    lines: Receiver<String>,
    _echo: Echo,
}

impl Served {
    fn start(format: LogFormat, change: impl FnOnce(&mut AccessLog)) -> Self {
        Self::gated(format, None, change)
    }

    fn gated(format: LogFormat, gate: Option<Receiver<()>>, change: impl FnOnce(&mut AccessLog)) -> Self {
        let (to, lines) = channel();
        let mut log = AccessLog::new(format, Lines { to, gate }).expect("a thread");
        change(&mut log);
        let workers = NonZeroUsize::new(1);
        let runtime =
            Runtime::start(Options { workers, access_log: Some(log), ..Options::default() }).expect("threads");
        let mut sources = SourceMap::new();
        let text = MANIFESTS.as_bytes().to_vec();
        sources.add(Source::from_bytes("m.yaml", Origin::Memory, Role::Checked, true, text));
        let compilation = gwc_core::compile(&sources, &Profile::new(WorldMode::Closed, 0));
        let mut config = compilation.lowered.config;
        let echo = Echo::start().expect("a thread");
        let [backend] = config.backends.as_mut_slice() else { panic!("{:?}", config.backends) };
        let (namespace, service) = (backend.key.namespace.to_string(), backend.key.name.to_string());
        let endpoint =
            echo.add(EchoService { namespace, service, port: 80, protocol: backend.protocol }).expect("a socket");
        let address = Str::from(endpoint.ip().to_string());
        backend.endpoints = Some(vec![Endpoint { address, port: endpoint.port(), ready: true }]);
        let addresses = vec![vec![SocketAddr::from(([127, 0, 0, 1], 0))]];
        let secrets = Arc::new(compilation.lowered.secrets);
        let applied = runtime.swap(Load { config: Arc::new(config), secrets, addresses });
        let address = *applied.bound[0].result.as_ref().expect("a socket");
        Self { runtime, address, endpoint, lines, _echo: echo }
    }

    fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(LIMIT)).expect("a time");
        stream.write_all(request.as_bytes()).expect("room");
        stream
    }

    /// The answer, and the client's address.
    fn ask(&self, request: &str) -> (String, SocketAddr) {
        let mut stream = self.send(request);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        (answer, stream.local_addr().expect("an address"))
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(LIMIT).expect("a line")
    }

    fn fields(&self) -> Value {
        let line = self.line();
        assert!(line.ends_with("}\n") && line.matches('\n').count() == 1, "{line}");
        serde_json::from_str(&line).expect("JSON")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.runtime.shutdown();
    }
}

fn get(path: &str, fields: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n{fields}\r\n")
}

/// Takes out what differs from run to run, after a look at it.
fn settled(mut fields: Value) -> Value {
    let object = fields.as_object_mut().expect("an object");
    let time = object.shift_remove("time").expect("a time");
    let time = time.as_str().expect("a text");
    let form = time.chars().map(|character| if character.is_ascii_digit() { '0' } else { character });
    assert_eq!(form.collect::<String>(), "0000-00-00T00:00:00.000Z");
    for name in ["duration_ms", "first_byte_ms", "connect_ms"] {
        if let Some(duration) = object.shift_remove(name) {
            assert!((0.0..20_000.0).contains(&duration.as_f64().expect("a number")), "{name} {duration}");
        }
    }
    fields
}

#[test]
fn a_forwarded_request_tells_its_way() {
    let served = Served::start(LogFormat::Json, |_| {});
    let request = "POST /some/a?token=hunter2&size=7 HTTP/1.1\r\nHost: A.test:80\r\nConnection: close\r\n\
                   X-Request-Id: id-1\r\nAuthorization: Bearer hunter2\r\nCookie: s=hunter2\r\n\
                   Content-Length: 7\r\n\r\nhunter2";
    let (answer, client) = served.ask(request);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let line = served.line();
    assert!(!line.contains("hunter2"), "{line}");
    let expected = json!({
        "request_id": "id-1", "client": client.to_string(), "listener": "shop/edge/http", "host": "A.test:80",
        "method": "POST", "path": "/some/a?", "protocol": "HTTP/1.1", "status": 200, "answered_by": "backend",
        "route": "HTTPRoute shop/store", "rule": 1, "match": 1, "backend": "shop/web:80",
        "endpoint": served.endpoint.to_string(), "attempts": 1, "bytes_in": 7, "bytes_out": 7,
    });
    assert_eq!(settled(serde_json::from_str(&line).unwrap()), expected);
}

#[test]
fn queries_are_told_where_asked_for() {
    let served = Served::start(LogFormat::Json, |log| log.queries = true);
    served.ask(&get("/some?a=1&size=0", ""));
    assert_eq!(served.fields()["path"], "/some?a=1&size=0");
    served.ask(&get("/some", ""));
    assert_eq!(served.fields()["path"], "/some");
}

#[test]
fn answers_of_the_proxy_name_their_cause() {
    let served = Served::start(LogFormat::Json, |_| {});
    let (answer, client) = served.ask(&get("/old?x", ""));
    assert!(answer.starts_with("HTTP/1.1 302 "), "{answer}");
    let expected = json!({
        "client": client.to_string(), "listener": "shop/edge/http", "host": "a.test", "method": "GET",
        "path": "/old?", "protocol": "HTTP/1.1", "status": 302, "answered_by": "Redirect",
        "route": "HTTPRoute shop/store", "rule": 0, "match": 0, "bytes_in": 0, "bytes_out": 0,
    });
    assert_eq!(settled(served.fields()), expected);
    served.ask(&get("/other", ""));
    let fields = served.fields();
    assert_eq!((&fields["status"], &fields["answered_by"]), (&404.into(), &"NoRule".into()));
    assert_eq!((fields.get("route"), fields.get("backend")), (None, None));
}

#[test]
fn an_answer_that_the_client_does_not_take_is_aborted() {
    let served = Served::start(LogFormat::Json, |_| {});
    // The second part never comes in the life of the test.
    let mut stream = served.send(&get("/some?chunks=2&interval=5m", ""));
    let mut seen = Vec::new();
    while !seen.ends_with(b"chunk\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        seen.extend_from_slice(&byte);
    }
    drop(stream);
    let fields = served.fields();
    assert_eq!((&fields["aborted"], &fields["bytes_out"], &fields["status"]), (&true.into(), &6.into(), &200.into()));
}

#[test]
fn text_is_one_line_of_words() {
    let served = Served::start(LogFormat::Text, |_| {});
    let (_, client) = served.ask(&get("/none?size=3", "X-Request-Id: a \"b\"\r\n"));
    let line = served.line();
    let words: Vec<&str> = line.trim_end().split(' ').collect();
    let client = client.to_string();
    assert_eq!(&words[1..8], [&client, "GET", "a.test", "/none?", "HTTP/1.1", "200", "backend"], "{line}");
    let endpoint = format!("endpoint={}", served.endpoint);
    let rest = [
        "request_id=a_\"b\"",
        "listener=shop/edge/http",
        "route=HTTPRoute_shop/store",
        "rule=1",
        "match=0",
        "backend=shop/web:80",
        &endpoint,
        "attempts=1",
    ];
    assert_eq!(&words[8..16], rest, "{line}");
    served.ask(&get("/other", ""));
    let line = served.line();
    assert!(line.contains(" 404 NoRule ") && !line.contains("route="), "{line}");
}

#[test]
fn a_sample_is_every_nth_request() {
    let served = Served::start(LogFormat::Json, |log| log.sample = 3);
    for n in 0..7 {
        served.ask(&get(&format!("/some/{n}"), ""));
    }
    assert_eq!(
        [served.fields(), served.fields(), served.fields()].map(|fields| fields["path"].clone()),
        ["/some/0", "/some/3", "/some/6"]
    );
}

#[test]
fn lines_that_find_no_place_are_dropped_and_counted() {
    let (open, gate) = channel();
    let served = Served::gated(LogFormat::Text, Some(gate), |_| {});
    let n: u64 = 1100;
    let mut stream = served.send("");
    let mut sender = stream.try_clone().unwrap();
    let requests = "HEAD /other HTTP/1.1\r\nHost: a.test\r\n\r\n".repeat(1100);
    let sending = std::thread::spawn(move || sender.write_all(requests.as_bytes()).unwrap());
    let mut text = String::new();
    while text.matches("\r\n\r\n").count() < 1100 {
        let mut room = [0; 4096];
        let got = stream.read(&mut room).unwrap();
        text.push_str(std::str::from_utf8(&room[..got]).unwrap());
    }
    sending.join().unwrap();
    // 1,024 wait, and the writer holds one. The last line may still be on its way when the answer is here.
    let until = Instant::now() + LIMIT;
    let mut dropped = 0;
    while dropped < n - 1025 && Instant::now() < until {
        dropped = served.runtime.stats().log_dropped;
    }
    assert!((n - 1025..=n - 1024).contains(&dropped), "{dropped}");
    drop(open);
    (0..1024).for_each(|_| drop(served.line()));
}
