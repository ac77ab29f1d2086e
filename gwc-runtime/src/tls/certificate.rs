//! Key pairs of listeners, and which of them a client gets: exact name, wildcard, then type of the key
//! (runtime-design.md §3.9).

use std::sync::Arc;

use gwc_core::certificate::{self, AlternativeName};
use gwc_core::ir::secret::{KeyPair, SecretStore};
use gwc_core::ir::tls::CertificateId;
use rustls::SignatureAlgorithm;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::digest::Hasher;
use super::provider;

/// Adds the content behind an id.
pub(super) fn add(secrets: &SecretStore, id: &CertificateId, hasher: &mut Hasher) {
    match secrets.certificate(id) {
        Some(pair) => hasher.add(b"pair").add(&pair.certificate).add(&pair.key),
        None => hasher.add(b"none"),
    };
}

/// A key pair, ready for handshakes, or what is wrong with it; the text says nothing of the key.
pub(super) fn load(pair: &KeyPair) -> Result<CertifiedKey, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pair.certificate).collect();
    let chain = chain.map_err(|_| "the certificate is not well-formed PEM".to_owned())?;
    if chain.is_empty() {
        return Err("it holds no certificate".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(&pair.key).map_err(|_| "it holds no private key in PEM".to_owned())?;
    let key = provider().key_provider.load_private_key(key);
    let key = key.map_err(|_| "the private key is not of RSA, ECDSA P-256, P-384 or Ed25519".to_owned())?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        // Some keys do not tell their public part; the handshake will show.
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(_)) => Err("the private key belongs to another certificate".to_owned()),
        Err(_) => Err("the certificate cannot be read".to_owned()),
    }
}

/// The key pairs of one listener, in the order of `certificateRefs`.
#[derive(Debug, Default)]
pub(super) struct Chooser(Vec<Choice>);

#[derive(Debug)]
struct Choice {
    certified: Arc<CertifiedKey>,
    /// DNS names in lower case.
    names: Vec<String>,
}

/// How well a certificate fits a name; better ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    Wildcard,
    /// The hostname of the listener, not the certificate, decides who may come (routing.md §1.3).
    Other,
}

impl Chooser {
    pub(super) fn add(&mut self, certified: CertifiedKey) {
        let first = certified.end_entity_cert().ok().and_then(|der| certificate::of_der(der));
        let names = first.into_iter().flat_map(|first| first.names);
        let names = names.filter_map(|name| match name {
            AlternativeName::Dns(name) => Some(name.to_string()),
            AlternativeName::Ip(_) | AlternativeName::Uri(_) => None,
        });
        self.0.push(Choice { names: names.collect(), certified: Arc::new(certified) });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The best certificate among those that `can_verify` accepts; the first of equals.
    fn choose(&self, name: Option<&str>, can_verify: impl Fn(&CertifiedKey) -> bool) -> Option<&Arc<CertifiedKey>> {
        let usable = self.0.iter().filter(|choice| can_verify(&choice.certified));
        let best = usable.min_by_key(|choice| (choice.fit(name), rank(choice.certified.key.algorithm())));
        best.map(|choice| &choice.certified)
    }
}

impl Choice {
    fn fit(&self, name: Option<&str>) -> Fit {
        let Some(name) = name else { return Fit::Other };
        let behind_label = name.split_once('.').map(|(_, rest)| rest);
        let is_wildcard = |own: &String| own.strip_prefix("*.").is_some_and(|rest| Some(rest) == behind_label);
        if self.names.iter().any(|own| own == name) {
            Fit::Exact
        } else if self.names.iter().any(is_wildcard) {
            Fit::Wildcard
        } else {
            Fit::Other
        }
    }
}

/// Keys that are cheaper to sign with go first.
#[expect(clippy::wildcard_enum_match_arm, reason = "the enum may grow; keys of new kinds go last")]
fn rank(algorithm: SignatureAlgorithm) -> u8 {
    match algorithm {
        SignatureAlgorithm::ECDSA => 0,
        SignatureAlgorithm::ED25519 => 1,
        _ => 2,
    }
}

impl ResolvesServerCert for Chooser {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().map(str::to_ascii_lowercase);
        let schemes = hello.signature_schemes();
        self.choose(name.as_deref(), |certified| certified.key.choose_scheme(schemes).is_some()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Key, pair};
    use super::*;

    fn chooser(pairs: &[(Key, &[&str])]) -> Chooser {
        let mut chooser = Chooser::default();
        pairs.iter().for_each(|(key, names)| chooser.add(load(&pair(*key, names)).unwrap()));
        chooser
    }

    fn position(chooser: &Chooser, name: Option<&str>, can_verify: impl Fn(&CertifiedKey) -> bool) -> Option<usize> {
        let chosen = chooser.choose(name, can_verify)?;
        chooser.0.iter().position(|choice| Arc::ptr_eq(&choice.certified, chosen))
    }

    #[test]
    fn exact_names_go_before_wildcards_and_those_before_the_rest() {
        let own = chooser(&[
            (Key::P256, &["other.example"]),
            (Key::P256, &["*.b.example", "B.example"]),
            (Key::P256, &["a.b.example"]),
        ]);
        let of = |name| position(&own, Some(name), |_| true);
        assert_eq!(of("a.b.example"), Some(2));
        assert_eq!(of("c.b.example"), Some(1));
        assert_eq!(of("b.example"), Some(1), "names of certificates are compared in lower case");
        assert_eq!(of("d.c.b.example"), Some(0), "the `*` of a certificate is one label");
        assert_eq!(of("unknown.example"), Some(0));
        assert_eq!(position(&own, None, |_| true), Some(0));
    }

    #[test]
    fn among_equal_names_the_key_decides_if_the_client_knows_it() {
        let own = chooser(&[(Key::Ed25519, &["a.example"]), (Key::P256, &["a.example"]), (Key::P384, &["a.example"])]);
        assert_eq!(position(&own, Some("a.example"), |_| true), Some(1), "the first ECDSA key");
        let is_ed25519 = |one: &CertifiedKey| one.key.algorithm() == SignatureAlgorithm::ED25519;
        assert_eq!(position(&own, Some("a.example"), is_ed25519), Some(0));
        assert_eq!(position(&own, Some("a.example"), |_| false), None);
    }

    #[test]
    fn unusable_pairs_say_why_without_the_key() {
        let good = pair(Key::P256, &["a.example"]);
        let other = pair(Key::P256, &["a.example"]);
        let unreadable = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec();
        let no_key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".to_vec();
        let cases = [
            (b"no PEM".to_vec(), good.key.clone(), "it holds no certificate"),
            (b"-----BEGIN CERTIFICATE-----\nAA".to_vec(), good.key.clone(), "the certificate is not well-formed PEM"),
            (unreadable, good.key.clone(), "the certificate cannot be read"),
            (good.certificate.clone(), Vec::new(), "it holds no private key in PEM"),
            (good.certificate.clone(), no_key, "the private key is not of RSA, ECDSA P-256, P-384 or Ed25519"),
            (good.certificate.clone(), other.key, "the private key belongs to another certificate"),
        ];
        for (certificate, key, problem) in cases {
            assert_eq!(load(&KeyPair { certificate, key }).unwrap_err(), problem);
        }
        assert!(load(&good).is_ok());
    }
}
