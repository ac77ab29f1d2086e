//! Worlds of Ingresses and requests that meet them.

use crate::model::{Ask, ingress_in};
use crate::random::Random;

/// What a world may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Anything, refused values included.
    Wild,
    /// What nginx itself decides: no Lua, and patterns that the engine runs.
    Rendered,
}

const HOSTS: &[&str] = &["a.io", "b.io", "*.w.io"];
const PATHS: &[&str] = &["/", "/foo", "/foo/", "/foo/bar", "/f", "/foobar", "/foo/bar/", "/Foo", "/x-y", "/a/b/c"];
const PATTERNS: &[&str] = &[
    "/foo(/|$)(.*)",
    "/foo/(.*)",
    "/f.o",
    "/foo/?(.*)",
    "/(f|x)/[a-z]+",
    "/a|/b",
    "/foo$",
    r"/n/(\d+)/(.*)",
    "/foo(.*)",
];
const TARGETS: &[&str] = &["/", "/$1", "/$2", "/z/$2", "/z$1", "/foo", "/foo/", "/$2/$1/q", "/z/"];
const WILD: &[&str] = &[
    "rewrite-target: $host",
    "rewrite-target: a b",
    "use-regex: perhaps",
    "app-root: /home",
    "app-root: home",
    "permanent-redirect: https://z.io/q?a=b",
    "permanent-redirect: nonsense",
    "permanent-redirect: https://$host",
    "temporal-redirect: http://z.io",
    "from-to-www-redirect: true",
    "server-alias: c.io,*.d.io,~^e[",
    "force-ssl-redirect: true",
    "ssl-redirect: false",
    "canary: true",
    "canary-weight: 30",
    "canary-by-header: X-C",
    "enable-cors: true",
    "allowlist-source-range: 10.0.0.0/99",
    "upstream-vhost: $x",
];
const RENDERED: &[&str] =
    &["permanent-redirect: https://z.io/q?a=b", "temporal-redirect: http://z.io", "app-root: /home"];
const WILD_PATHS: &[&str] = &["/(?!x).*", "/a++", "/(", "/[a", "/ü", "/a b", r"/\x", "/%2F", "//x", "/$1", "-"];

/// The documents of a world, each alone.
pub(crate) fn world(random: &mut Random, style: Style) -> Vec<String> {
    let n_ingresses = 1 + random.below(4);
    (0..n_ingresses).map(|at| ingress(random, at, style)).collect()
}

fn ingress(random: &mut Random, at: usize, style: Style) -> String {
    let mut annotations = Vec::new();
    let is_regex = random.below(5) == 0;
    if is_regex {
        annotations.push("use-regex: true".to_owned());
    }
    let target = format!("rewrite-target: {}", random.pick(TARGETS));
    if random.below(5) == 0 {
        annotations.push(target);
    }
    if style == Style::Wild && random.below(2) == 0 {
        annotations.push((*random.pick(WILD)).to_owned());
    }
    if style == Style::Rendered && random.below(4) == 0 {
        annotations.push((*random.pick(RENDERED)).to_owned());
    }
    annotations.sort();
    annotations.dedup_by_key(|one| one.split(':').next().map(str::to_owned));
    let service = ["s", "t", "u", "v"][at % 4];
    let n_paths = 1 + random.below(4);
    let paths: Vec<String> =
        (0..n_paths).map(|path| format!("{} {service}{path}", path_text(random, is_regex, style))).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let host = *random.pick(HOSTS);
    let tls = format!("  tls: [{{hosts: [{host:?}], secretName: c}}]\n");
    let default = "  defaultBackend: {service: {name: d, port: {number: 80}}}\n";
    let more = match random.below(6) {
        0 if style == Style::Wild => tls.as_str(),
        1 => default,
        _ => "",
    };
    let namespace = if random.below(4) == 0 { "m" } else { "n" };
    let annotations: Vec<&str> = annotations.iter().map(String::as_str).collect();
    ingress_in(namespace, &format!("i{at}"), &annotations, &[(host, &paths)], more)
}

fn path_text(random: &mut Random, is_regex: bool, style: Style) -> String {
    if style == Style::Wild && random.below(6) == 0 {
        return format!("I {}", random.pick(WILD_PATHS).replace(' ', "%20"));
    }
    if is_regex || random.below(8) == 0 {
        return format!("I {}", random.pick(PATTERNS));
    }
    format!("{} {}", random.pick(&["P", "E", "I", "P"]), random.pick(PATHS))
}

const TARGET_ASKED: &[&str] = &[
    "/",
    "/foo",
    "/foo/",
    "/foobar",
    "/FOO",
    "/foo/bar",
    "/foo/bar/",
    "/foo/bar/baz",
    "/f",
    "/fo",
    "/f/abc",
    "/x/b",
    "/ab",
    "/a",
    "/a/b/c",
    "/a/b/c/d",
    "/n/12/q",
    "/x-y",
    "/x-y/",
    "/none",
    "//foo//bar",
    "/x/../foo",
    "/foo/./bar",
    "/fo%6F/x",
    "/foo%2Fx",
    "/foo/%20x",
    "/foo/a%3Fb",
    "/foo/a%2541",
    "/foo%",
    "/foo/..%2f..",
    "/..",
    "/foo/%C3%BC",
    "/Foo/x",
    "/foo;v=1",
    "/foo/bar/..",
    "/foo/b+c",
];
const QUERIES: &[&str] = &["", "", "?", "?a=b", "?a=b/", "?a=%2F&b"];
const ASKED_HOSTS: &[&str] =
    &["a.io", "b.io", "x.w.io", "x.y.w.io", "w.io", "A.IO", "a.io.", "unknown.io", "www.a.io", "c.io"];

/// A request of a generated world.
pub(crate) fn request(random: &mut Random) -> Ask {
    let scheme = random.pick(&["http", "http", "https"]);
    let target = format!("{}{}", random.pick(TARGET_ASKED), random.pick(QUERIES));
    let mut ask = Ask::get(&format!("{scheme}://{}{target}", random.pick(ASKED_HOSTS)));
    if random.below(4) == 0 {
        ask = ask.with("X-C", ["always", "never", "x"][random.below(3)]).with("Origin", "https://z.io");
    }
    if random.below(8) == 0 {
        ask.method = "OPTIONS";
    }
    ask
}
