//! Names of the written objects: the same on every run, whatever other hosts there are (ingress-migrate.md §2.13).
//!
//! A name is made from the thing it stands for alone, never from a count or from what else exists. Two things that
//! would get one name are found by [`Names`], and are an error: nothing is overwritten.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Longest name of an object and of a listener.
pub const MAX_NAME: usize = 253;

/// Longest name of an object whose name a target turns into a label.
pub const MAX_LABEL: usize = 63;

/// Digits of a digest in a name.
const N_DIGITS: usize = 8;

/// A name, and whether something had to be cut off (MIG605).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The name.
    pub text: String,
    /// True when the full name was too long.
    pub is_shortened: bool,
}

/// What a listener speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// HTTP in clear.
    Http,
    /// HTTP over TLS that the Gateway terminates.
    Https,
    /// TLS that the Gateway passes through.
    Tls,
    /// Any bytes.
    Tcp,
    /// Datagrams.
    Udp,
}

impl Scheme {
    /// The first word of the section's name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Tls => "tls",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// The first eight hexadecimal digits of the text's SHA-256.
#[must_use]
pub fn digest(text: &str) -> String {
    let bytes = Sha256::digest(text.as_bytes());
    let mut out = String::with_capacity(N_DIGITS);
    for byte in bytes.iter().take(N_DIGITS / 2) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// A host as part of a name. Hosts that differ only where a hyphen and a dot would look alike get a digest.
#[must_use]
pub fn slug(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let is_ambiguous = host.contains('-') || host.split('.').next() == Some("wildcard");
    let shown = host.strip_prefix("*.").map_or_else(|| host.clone(), |apex| format!("wildcard-{apex}"));
    let shown = shown.replace('.', "-");
    if is_ambiguous { format!("{shown}-{}", digest(&host)) } else { shown }
}

/// Cuts a name to `limit` bytes; what is cut is told apart by a digest of the whole.
#[must_use]
pub fn fit(text: String, limit: usize) -> Name {
    if text.len() <= limit {
        return Name { text, is_shortened: false };
    }
    let room = limit.saturating_sub(N_DIGITS + 1);
    let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let kept = text.get(..end).unwrap_or_default().trim_end_matches(['-', '.']);
    let digest = digest(&text);
    // Without anything kept, the digest would begin the name with a hyphen.
    let text = if kept.is_empty() { digest } else { format!("{kept}-{digest}") };
    Name { text, is_shortened: true }
}

/// The listener section of a scheme, for one host or for all.
#[must_use]
pub fn section(scheme: Scheme, host: Option<&str>) -> Name {
    let word = scheme.word();
    fit(host.map_or_else(|| word.to_owned(), |host| format!("{word}-{}", slug(host))), MAX_NAME)
}

/// Which of the routes for the same hosts it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The only one, or that on the HTTPS section.
    #[default]
    Main,
    /// On the HTTP section, where it redirects to HTTPS.
    Redirect,
    /// On the HTTP section, where it redirects nothing.
    Http,
}

/// What tells the routes of one Ingress apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoutePart<'t> {
    /// The first host, where the Ingress gives several routes.
    pub host: Option<&'t str>,
    /// Which of the routes for these hosts.
    pub side: Side,
    /// Position among the pieces of a divided route, from 0.
    pub piece: usize,
}

/// A route of an Ingress.
#[must_use]
pub fn route(ingress: &str, part: RoutePart<'_>, limit: usize) -> Name {
    let mut text = ingress.to_owned();
    if let Some(host) = part.host {
        let _ = write!(text, "-{}", slug(host));
    }
    text.push_str(match part.side {
        Side::Main => "",
        Side::Redirect => "-redirect",
        Side::Http => "-http",
    });
    if part.piece > 0 {
        let _ = write!(text, "-p{}", part.piece + 1);
    }
    fit(text, limit)
}

/// A Gateway or ListenerSet that holds the hosts whose digests begin with `bits` (§5.1). Trailing zeros are left
/// out, so that an object keeps its name when it is divided further.
#[must_use]
pub fn divided(base: &str, bits: &str, limit: usize) -> Name {
    let bits = bits.trim_end_matches('0');
    fit(if bits.is_empty() { base.to_owned() } else { format!("{base}-b{bits}") }, limit)
}

/// The grant that lets a Gateway of `gateway_namespace` use things of the grant's namespace.
#[must_use]
pub fn grant(gateway: &str, gateway_namespace: &str, piece: usize) -> Name {
    let piece = if piece == 0 { String::new() } else { format!("-p{}", piece + 1) };
    fit(format!("gwc-{gateway}-from-{gateway_namespace}{piece}"), MAX_NAME)
}

/// The BackendTLSPolicy of a port of a Service; the port by its name, or by its number where it has none.
#[must_use]
pub fn backend_tls_policy(service: &str, port: &str) -> Name {
    fit(format!("{service}-{port}"), MAX_NAME)
}

/// A name for `owner` that cannot be the one that something else has.
#[must_use]
pub fn told_apart(name: &str, owner: &str) -> String {
    fit(format!("{name}-{}", digest(owner)), MAX_NAME).text
}

/// Kinds whose names are looked after.
pub const KINDS: [&str; 10] = [
    "BackendTLSPolicy",
    "ConfigMap",
    "GRPCRoute",
    "Gateway",
    "HTTPRoute",
    "ListenerSet",
    "ReferenceGrant",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
];

/// Kind, namespace and name of a written object.
type Place = (&'static str, String, String);

/// A name that two things want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// Kind of the object.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// The name that both want.
    pub name: String,
    /// What has it.
    pub held_by: String,
    /// What wants it too.
    pub wanted_by: String,
}

/// All names given so far, each with the thing that it stands for.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeMap<Place, String>,
}

impl Names {
    /// Takes a name for `owner`; the same owner may take it again.
    ///
    /// # Errors
    /// Something else has the name.
    pub fn claim(&mut self, place: Place, owner: &str) -> Result<(), Collision> {
        match self.taken.entry(place) {
            Entry::Vacant(entry) => {
                entry.insert(owner.to_owned());
                Ok(())
            }
            Entry::Occupied(entry) if entry.get() == owner => Ok(()),
            Entry::Occupied(entry) => {
                let (kind, namespace, name) = entry.key().clone();
                let (held_by, wanted_by) = (entry.get().clone(), owner.to_owned());
                Err(Collision { kind, namespace, name, held_by, wanted_by })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Every host of one to four labels over a small alphabet that is rich in traps.
    fn hosts() -> Vec<String> {
        let labels = ["a", "b", "a-b", "b-a", "wildcard", "wildcard-a", "www", "a1"];
        let mut hosts: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        let mut from = 0;
        for _ in 0..3 {
            let upto = hosts.len();
            for at in from..upto {
                hosts.extend(labels.iter().map(|label| format!("{label}.{}", hosts[at])).collect::<Vec<_>>());
            }
            from = upto;
        }
        let wild: Vec<String> = hosts.iter().map(|host| format!("*.{host}")).collect();
        hosts.extend(wild);
        hosts
    }

    fn is_legal(name: &str, limit: usize) -> bool {
        let bytes = name.as_bytes();
        let inner = bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(byte));
        let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        inner && ends(bytes.first()) && ends(bytes.last()) && bytes.len() <= limit
    }

    #[test]
    fn slugs_are_injective_and_legal() {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let hosts = hosts();
        assert!(hosts.len() > 9000, "{}", hosts.len());
        for host in hosts {
            for scheme in [Scheme::Http, Scheme::Https, Scheme::Tls] {
                let name = section(scheme, Some(&host));
                assert!(is_legal(&name.text, MAX_NAME) && !name.is_shortened, "{host}: {name:?}");
                let before = seen.insert(name.text.clone(), format!("{scheme:?} {host}"));
                assert_eq!(before, None, "{name:?} stands for two");
            }
        }
    }

    #[test]
    fn known_names_do_not_move() {
        let plain = [("shop.example.com", "shop-example-com"), ("*.a.io", "wildcard-a-io"), ("A.io", "a-io")];
        for (host, expected) in plain {
            assert_eq!(slug(host), expected);
        }
        // The peer gives these pairs one name (rows D02, T15, T16).
        assert_ne!(slug("a-b.c.io"), slug("a.b-c.io"));
        assert_ne!(slug("*.a.io"), slug("a.io"));
        assert_ne!(slug("*.a.io"), slug("wildcard.a.io"));
        // `printf a-b.io | sha256sum`
        assert_eq!(slug("a-b.io"), "a-b-io-c427a48f");
        assert_eq!(section(Scheme::Https, None).text, "https");
        assert_eq!(grant("nginx", "gateway-infra", 0).text, "gwc-nginx-from-gateway-infra");
        assert_eq!(grant("nginx", "gateway-infra", 1).text, "gwc-nginx-from-gateway-infra-p2");
        assert_eq!(backend_tls_policy("api", "https").text, "api-https");
    }

    #[test]
    fn routes_of_an_ingress_have_names_of_their_own() {
        let part = RoutePart { host: Some("a.io"), side: Side::Redirect, piece: 1 };
        assert_eq!(route("web", RoutePart::default(), MAX_NAME).text, "web");
        assert_eq!(route("web", part, MAX_NAME).text, "web-a-io-redirect-p2");
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let long = "x".repeat(250);
        for limit in [MAX_NAME, MAX_LABEL] {
            let one = fit(format!("{long}.example"), limit);
            let other = fit(format!("{long}.examplf"), limit);
            assert!(one.is_shortened && other.is_shortened);
            assert!(is_legal(&one.text, limit), "{one:?}");
            assert_ne!(one, other);
        }
        // The cut falls behind a hyphen; two in a row would be legal, and ugly.
        let cut = fit(format!("{}-{}", "y".repeat(53), "z".repeat(40)), MAX_LABEL);
        assert!(cut.text.starts_with(&"y".repeat(53)) && !cut.text.contains("--"), "{cut:?}");
        // A digest of another alphabet cannot split a character.
        assert!(fit("ü".repeat(200), 64).text.len() <= 64);
        assert_eq!(fit("short".into(), MAX_LABEL), Name { text: "short".into(), is_shortened: false });
    }

    #[test]
    fn names_of_divided_objects_drop_trailing_zeros() {
        let name = |bits| divided("nginx", bits, MAX_NAME).text;
        assert_eq!([name(""), name("0"), name("000")], ["nginx", "nginx", "nginx"]);
        assert_eq!([name("1"), name("01"), name("10")], ["nginx-b1", "nginx-b01", "nginx-b1"]);
    }

    #[test]
    fn a_taken_name_is_never_given_twice() {
        let mut names = Names::default();
        let place = || ("HTTPRoute", "shop".to_owned(), "a-b-c".to_owned());
        assert_eq!(names.claim(place(), "Ingress/shop/a of b.c"), Ok(()));
        assert_eq!(names.claim(place(), "Ingress/shop/a of b.c"), Ok(()));
        let collision = names.claim(place(), "Ingress/shop/a-b of c").expect_err("two owners");
        assert_eq!((collision.held_by.as_str(), collision.name.as_str()), ("Ingress/shop/a of b.c", "a-b-c"));
        assert_eq!(names.claim(("HTTPRoute", "other".into(), "a-b-c".into()), "Ingress/shop/a-b of c"), Ok(()));
    }
}
