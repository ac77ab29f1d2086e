//! Worlds of Ingresses whose parts are drawn by chance.

use crate::random::Random;
use crate::yaml::ingress;

const HOSTS: &[&str] = &["a.io", "b.io", "*.w.io", "x.w.io"];
const PATHS: &[&str] = &["/", "/foo", "/foo/", "/foo/bar", "/f", "/foobar", "/foo/bar/", "/Foo", "/x-y", "/a/b/c"];
const PATTERNS: &[&str] =
    &["/foo(/|$)(.*)", "/foo/(.*)", "/f.o", "/(f|x)/[a-z]+", "/foo$", r"/n/(\d+)/(.*)", "/foo/bar", "/v[0-9]+"];
const TARGETS: &[&str] = &["/", "/$1", "/$2", "/z/$2", "/foo", "/z"];
const OTHERS: &[&str] = &[
    "app-root: /home",
    "permanent-redirect: https://z.io/q?a=b",
    "temporal-redirect: http://z.io",
    "from-to-www-redirect: true",
    "server-alias: c.io",
    "ssl-redirect: false",
    "preserve-trailing-slash: true",
    "allowlist-source-range: 10.0.0.0/8",
    "allowlist-source-range: 10.0.0.0/99",
    "limit-rps: 5",
    "upstream-vhost: inner.io",
    "backend-protocol: HTTPS",
    "affinity: cookie",
    "mirror-target: http://m.app.svc$request_uri",
    "proxy-read-timeout: 90",
    "custom-http-errors: 404",
];

/// Some Ingresses.
pub(crate) fn world(random: &mut Random) -> String {
    (0..1 + random.below(3)).map(|at| one(random, at)).collect()
}

fn one(random: &mut Random, at: usize) -> String {
    let mut annotations: Vec<String> = Vec::new();
    let is_regex = random.below(4) == 0;
    if is_regex {
        annotations.push("use-regex: true".to_owned());
    }
    if random.below(4) == 0 {
        annotations.push(format!("rewrite-target: {}", random.pick(TARGETS)));
    }
    for _ in 0..random.below(3) {
        let other = (*random.pick(OTHERS)).to_owned();
        let key = other.split(':').next().unwrap_or_default();
        if !annotations.iter().any(|one| one.starts_with(key)) {
            annotations.push(other);
        }
    }
    let paths: Vec<String> = (0..1 + random.below(3)).map(|path| path_text(random, is_regex, at * 4 + path)).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let host = *random.pick(HOSTS);
    let tls = [(host, "c")];
    let annotations: Vec<&str> = annotations.iter().map(String::as_str).collect();
    ingress(&format!("i{at}"), &annotations, &[(host, &paths)], if random.below(3) == 0 { &tls } else { &[] })
}

fn path_text(random: &mut Random, is_regex: bool, at: usize) -> String {
    if is_regex || random.below(8) == 0 {
        return format!("I {} s{at}", random.pick(PATTERNS));
    }
    let (kind, path) = (*random.pick(&["P", "E", "I", "P"]), *random.pick(PATHS));
    let kind = if path == "/" { "P" } else { kind };
    format!("{kind} {path} s{at}")
}
