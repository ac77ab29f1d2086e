//! Watches and writes against a scripted server: what is asked, and what becomes of the answers.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use kube::{Client, Config};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

use super::kind::{Served, named};
use super::store::Key;
use super::watch::{Trouble, Update, Watch};
use super::write::{Wanted, Writer};

const GROUP: &str = "gateway.networking.k8s.io";

/// An answer: status code, and bodies; several are lines of a watch.
type Answer = (u16, Vec<Value>);

/// A server that gives its answers in order, and then holds connections open.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (answers, noted) = (Arc::clone(&answers), Arc::clone(&noted));
                std::thread::spawn(move || serve(connection.unwrap(), &answers, &noted));
            }
        });
        Self { address, asked }
    }

    fn client(&self) -> Client {
        let mut config = Config::new(format!("http://{}", self.address).parse().unwrap());
        config.default_retry = false;
        Client::try_from(config).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// One request; clients also open connections that they do not need in the end.
fn serve(mut connection: TcpStream, answers: &Mutex<VecDeque<Answer>>, noted: &Mutex<Vec<String>>) {
    let Some(request) = read(&connection) else { return };
    noted.lock().unwrap().push(request);
    let answer = answers.lock().unwrap().pop_front();
    match answer {
        Some(answer) => write(&mut connection, answer),
        // Held open until the client goes.
        None => drop(connection.read_to_end(&mut Vec::new())),
    }
}

/// Method, target and body.
fn read(connection: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(connection);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    Some(format!("{} {body}", first.trim().trim_end_matches(" HTTP/1.1")).trim().to_owned())
}

fn write(connection: &mut TcpStream, (code, bodies): Answer) {
    let body: String = bodies.iter().map(|body| format!("{body}\n")).collect();
    let head = format!("HTTP/1.1 {code} Answer\r\nContent-Type: application/json\r\nConnection: close\r\n");
    let text = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    connection.write_all(text.as_bytes()).unwrap();
}

fn routes() -> Served {
    Served {
        kind: named(GROUP, "HTTPRoute").unwrap(),
        api_version: format!("{GROUP}/v1"),
        plural: "httproutes".into(),
        namespaced: true,
    }
}

fn route(name: &str, version: &str) -> Value {
    json!({"metadata": {"namespace": "shop", "name": name, "resourceVersion": version}})
}

fn failure(code: u16) -> Value {
    json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": "R", "message": "m",
        "metadata": {}})
}

fn names(update: Option<Update>) -> String {
    let name = |object: &Value| object["metadata"]["name"].as_str().unwrap().to_owned();
    match update.unwrap() {
        Update::Listed(_, objects) => format!("listed {}", objects.iter().map(name).collect::<Vec<_>>().join(" ")),
        Update::Applied(_, object) => format!("applied {}", name(&object)),
        Update::Deleted(_, object) => format!("deleted {}", name(&object)),
    }
}

#[tokio::test]
async fn a_watch_resumes_where_it_was_and_lists_again_when_that_is_gone() {
    let list = |items: Vec<Value>, version: &str, more: &str| {
        (200, vec![json!({"metadata": {"resourceVersion": version, "continue": more}, "items": items})])
    };
    let event = |kind: &str, object: Value| json!({"type": kind, "object": object});
    let mark = json!({"apiVersion": "v1", "kind": "HTTPRoute", "metadata": {"resourceVersion": "9"}});
    let server = Server::start(vec![
        list(vec![route("a", "1")], "4", "next"),
        list(vec![route("b", "2")], "4", ""),
        (200, vec![event("ADDED", route("c", "5")), event("DELETED", route("a", "6")), event("BOOKMARK", mark)]),
        (200, vec![event("ERROR", failure(410))]),
        (500, vec![failure(500)]),
        list(vec![route("c", "5")], "12", ""),
    ]);
    let (updates, mut heard) = unbounded_channel();
    let watch = Watch {
        client: server.client(),
        served: routes(),
        namespace: Some("shop".into()),
        trouble: Trouble::default(),
    };
    tokio::spawn(watch.follow(updates));
    for expected in ["listed a b", "applied c", "deleted a", "listed c"] {
        assert_eq!(names(heard.recv().await), expected);
    }
    let path = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes";
    let asked = server.asked();
    let has = |at: usize, parts: &[&str]| {
        assert!(asked[at].starts_with(&format!("GET {path}?")), "{}", asked[at]);
        assert!(parts.iter().all(|part| asked[at].contains(part)), "{}: {parts:?}", asked[at]);
    };
    has(0, &["limit=500"]);
    has(1, &["limit=500", "continue=next"]);
    has(2, &["watch=true", "resourceVersion=4", "allowWatchBookmarks=true"]);
    has(3, &["watch=true", "resourceVersion=9"]);
    assert!(!asked[4].contains("watch") && !asked[5].contains("watch"), "{asked:?}");
}

fn parent(controller: &str, name: &str) -> Value {
    let accepted = json!({"type": "Accepted", "status": "True", "lastTransitionTime": "1970-01-01T00:00:00Z"});
    json!({"parentRef": {"name": name}, "controllerName": controller, "conditions": [accepted]})
}

fn wanted(name: &str) -> Wanted {
    let body = json!({"parents": [parent("example.com/own", "edge")]});
    Wanted {
        key: Key::new(routes().kind, "shop", name).unwrap(),
        served: routes(),
        body: Some(body),
        status: Value::Null,
        resource_version: "1".into(),
    }
}

#[tokio::test]
async fn a_conflict_is_settled_with_the_newest_object() {
    let other = parent("example.com/other", "edge");
    let mut newer = route("a", "2");
    newer["status"] = json!({"parents": [other]});
    let server = Server::start(vec![
        (409, vec![failure(409)]),
        (200, vec![newer]),
        (200, vec![route("a", "3")]),
        // The next object is gone, and nobody minds.
        (404, vec![failure(404)]),
        (200, vec![route("c", "3")]),
    ]);
    let ((queue, batches), (updates, mut heard)) = (unbounded_channel(), unbounded_channel());
    let writer = Writer { client: server.client(), controller: "example.com/own".into(), updates };
    tokio::spawn(writer.run(batches));
    // The newest wish for an object is the only one that is written.
    let stale = Wanted { body: None, ..wanted("a") };
    queue.send(vec![stale, wanted("a"), wanted("b"), wanted("c")]).unwrap();
    assert_eq!(names(heard.recv().await), "applied a");
    assert_eq!(names(heard.recv().await), "applied c");
    let asked = server.asked();
    let path = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes";
    let sent = |at: usize| {
        let (head, body) = asked[at].split_once(" {").unwrap();
        assert!(head.starts_with(&format!("PATCH {path}/")) && head.contains("/status?"), "{head}");
        serde_json::from_str::<Value>(&format!("{{{body}")).unwrap()
    };
    let first = sent(0);
    assert_eq!(first["metadata"]["resourceVersion"], "1");
    assert_eq!(first["status"]["parents"].as_array().unwrap().len(), 1);
    assert_ne!(first["status"]["parents"][0]["conditions"][0]["lastTransitionTime"], "1970-01-01T00:00:00Z");
    assert!(asked[1].starts_with(&format!("GET {path}/a")), "{}", asked[1]);
    let second = sent(2);
    assert_eq!(second["metadata"]["resourceVersion"], "2");
    assert_eq!(second["status"]["parents"][0], other);
    assert_eq!(second["status"]["parents"][1]["controllerName"], "example.com/own");
    assert_eq!(asked.len(), 5);
}
