//! Named cases: what the specification says about single requests on small listeners.

use gwc_core::ir::rule::GrpcRank;
use gwc_core::ir::{Config, Entry, Host, Listener, Match, PathMatch, Place, Protocol, RouteKind, ValueMatch};
use gwc_core::matcher::reference::Oracle;
use gwc_core::matcher::{HostFallthrough, Program};
use gwc_core::value::Hostname;

use crate::generate::{Request, listener, rule};

/// A listener with one match per line, in order of precedence, each with its host.
#[derive(Default)]
struct World {
    config: Config,
    hosts: Vec<Host>,
    entries: Vec<Entry>,
}

fn prefix(path: &str) -> Match {
    with(PathMatch::Prefix(path.into()))
}

fn exact(path: &str) -> Match {
    with(PathMatch::Exact(path.into()))
}

fn regex(path: &str) -> Match {
    with(PathMatch::Regex(path.into()))
}

fn with(path: PathMatch) -> Match {
    Match { path, method: None, headers: Vec::new(), query_params: Vec::new(), grpc: None, place: Place::default() }
}

fn value(name: &str, value: &str) -> ValueMatch {
    ValueMatch { name: name.into(), value: value.into(), regex: false }
}

fn header(found: Match, name: &str, text: &str) -> Match {
    Match { headers: vec![value(name, text)], ..found }
}

fn get(path: &str) -> Request {
    Request { host: Some("a.b".to_owned()), path: path.to_owned(), query: None, method: "GET", headers: Vec::new() }
}

impl World {
    fn add(mut self, host: Option<&str>, kind: RouteKind, found: Match) -> Self {
        let matches = host.map(Hostname::new);
        let host = Host { written: matches.clone(), matches };
        let position = self.hosts.iter().position(|one| *one == host).unwrap_or_else(|| {
            self.hosts.push(host);
            self.hosts.len() - 1
        });
        let number = self.config.rules.len() as u32;
        self.entries.push(Entry { host: position as u32, rule: number, r#match: Some(0), preflight: false });
        self.config.rules.push(rule(kind, "r", vec![found]));
        self
    }

    fn http(self, found: Match) -> Self {
        self.add(None, RouteKind::Http, found)
    }

    fn listener(&self) -> Listener {
        listener(Protocol::Http, None, self.hosts.clone(), self.entries.clone())
    }

    #[track_caller]
    fn check(&self, request: &Request, expected: Option<usize>) {
        self.check_with(request, HostFallthrough::On, expected);
    }

    #[track_caller]
    fn check_with(&self, request: &Request, fallthrough: HostFallthrough, expected: Option<usize>) {
        let listener = self.listener();
        let oracle = Oracle { fallthrough, ..Oracle::new(&self.config, &listener) };
        assert_eq!(oracle.find(&request.head()), expected, "the reference on {request:?}");
        let program = Program::compile_with(&self.config, &listener, 1, fallthrough);
        assert_eq!(program.find(&request.head()), expected, "the program on {request:?}");
    }
}

#[test]
fn a_wider_host_is_tried_when_the_narrow_one_has_no_path() {
    let world = World::default()
        .add(Some("a.b"), RouteKind::Http, prefix("/x"))
        .add(Some("*.b"), RouteKind::Http, prefix("/y"))
        .add(None, RouteKind::Http, prefix("/"));
    world.check(&get("/y/1"), Some(1));
    world.check(&get("/z"), Some(2));
    world.check_with(&get("/y/1"), HostFallthrough::Off, None);
    world.check_with(&get("/x"), HostFallthrough::Off, Some(0));
}

#[test]
fn no_prefix_takes_the_asterisk() {
    let world = World::default().http(regex(r"\*")).http(prefix("/"));
    world.check(&Request { path: "*".to_owned(), method: "OPTIONS", ..get("") }, Some(0));
    World::default().http(prefix("/")).check(&get("*"), None);
}

#[test]
fn prefixes_end_at_segments_however_long_the_path() {
    let deep = "/a".repeat(70);
    let long = format!("/{}", "l".repeat(100));
    let world = World::default().http(prefix(&deep)).http(prefix(&format!("{long}/"))).http(prefix("/a/a"));
    world.check(&get(&deep), Some(0));
    world.check(&get(&format!("{deep}/b")), Some(0));
    world.check(&get(&format!("{deep}b")), Some(2));
    world.check(&get(&long), Some(1));
    world.check(&get(&format!("{long}/x")), Some(1));
    world.check(&get(&format!("{long}x")), None);
    world.check(&get(&format!("/a/a/{}", "x".repeat(200))), Some(2));
}

#[test]
fn repeated_header_lines_match_alone_or_joined() {
    let world = World::default().http(header(prefix("/"), "x", "1,2")).http(header(prefix("/"), "x", "2"));
    let lines = |values: &[&str]| Request {
        headers: values.iter().map(|value| ("X".to_owned(), value.as_bytes().to_vec())).collect(),
        ..get("/")
    };
    world.check(&lines(&["1", "2"]), Some(0));
    world.check(&lines(&["2", "1"]), Some(1));
    world.check(&lines(&["1,2"]), Some(0));
    world.check(&lines(&["1"]), None);
    world.check(&lines(&[]), None);
}

#[test]
fn the_first_parameter_of_a_name_counts_decoded() {
    let found = Match { query_params: vec![value("a b", "1 2")], ..prefix("/") };
    let world = World::default().http(found);
    let asks = |query: &str| Request { query: Some(query.to_owned()), ..get("/") };
    world.check(&asks("a+b=1%202"), Some(0));
    world.check(&asks("x&a%20b=1+2&a+b=3"), Some(0));
    world.check(&asks("a+b=3&a+b=1+2"), None);
    world.check(&asks("a+b"), None);
}

#[test]
fn a_later_expression_wins_when_predicates_fail() {
    let world = World::default().http(header(regex("/a.*"), "x", "1")).http(regex("/.*b")).http(regex("/ab"));
    world.check(&get("/ab"), Some(1));
    world.check(&Request { headers: vec![("x".to_owned(), b"1".to_vec())], ..get("/ab") }, Some(0));
}

#[test]
fn grpc_entries_keep_their_own_order() {
    let grpc = |found: Match, service, method| Match { grpc: Some(GrpcRank { service, method }), ..found };
    let world = World::default()
        .add(None, RouteKind::Grpc, grpc(regex("/(?:sv.+)/[^/]+"), 5, 0))
        .add(None, RouteKind::Grpc, grpc(exact("/svc/m"), 3, 1))
        .add(None, RouteKind::Http, exact("/svc/m"));
    world.check(&get("/svc/m"), Some(0));
    world.check(&get("/svc"), None);
}

#[test]
fn a_preflight_comes_after_everything_else_of_its_host() {
    let mut world = World::default().http(Match { method: Some("GET".into()), ..exact("/a") }).http(prefix("/"));
    world.entries.push(Entry { preflight: true, ..world.entries[0] });
    let names = ["Origin", "Access-Control-Request-Method"];
    let headers: Vec<_> = names.iter().map(|name| ((*name).to_owned(), b"GET".to_vec())).collect();
    let preflight = Request { method: "OPTIONS", headers, ..get("/a") };
    world.check(&preflight, Some(1));
    world.entries.remove(1);
    world.check(&preflight, Some(1));
    world.check(&Request { method: "OPTIONS", ..get("/a") }, None);
    world.check(&Request { method: "POST", ..preflight }, None);
}

#[test]
fn a_shorter_prefix_that_stands_first_wins() {
    // Lowering never orders so; a program must not rely on it.
    let world = World::default().http(prefix("/a")).http(prefix("/a/b")).http(exact("/a/b"));
    world.check(&get("/a/b/c"), Some(0));
    world.check(&get("/a/b"), Some(0));
    World::default().http(prefix("/a")).http(prefix("/a/b")).check(&get("/a/b/c"), Some(0));
}

#[test]
fn many_values_of_one_header_are_one_look_up() {
    let mut world = World::default();
    for number in 0..40 {
        let found = prefix("/a");
        world = world.http(if number == 20 {
            Match { method: Some("PUT".into()), ..found }
        } else {
            header(found, "x", &number.to_string())
        });
    }
    let lines = |method, values: &[&str]| Request {
        headers: values.iter().map(|value| ("x".to_owned(), value.as_bytes().to_vec())).collect(),
        method,
        ..get("/a/b")
    };
    world.check(&lines("GET", &["7"]), Some(7));
    world.check(&lines("GET", &["30", "9"]), Some(9));
    world.check(&lines("PUT", &["30"]), Some(20));
    world.check(&lines("PUT", &["3"]), Some(3));
    world.check(&lines("GET", &["77"]), None);
}

#[test]
fn positions_that_refer_to_nothing_accept_nothing() {
    let mut world = World::default().http(prefix("/"));
    world.entries.insert(0, Entry { host: 9, rule: 9, r#match: Some(9), preflight: false });
    let program = Program::compile(&world.config, &world.listener(), 1);
    assert_eq!(program.find(&get("/").head()), Some(1));
}
