//! Key pairs and authorities by id, beside the IR and never in it: what the runtime needs and nobody may print.

use std::collections::BTreeMap;
use std::fmt;

use crate::ir::tls::{AuthorityId, CertificateId};

/// PEM of a key pair.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// Certificate, then its issuers.
    pub certificate: Vec<u8>,
    /// Private key.
    pub key: Vec<u8>,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyPair(..)")
    }
}

/// The material behind the ids of a [`crate::ir::Config`]. Its `Debug` shows ids only; it is never serialised.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretStore {
    certificates: BTreeMap<CertificateId, KeyPair>,
    authorities: BTreeMap<AuthorityId, Vec<u8>>,
}

impl fmt::Debug for SecretStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let certificates: Vec<_> = self.certificates.keys().collect();
        let authorities: Vec<_> = self.authorities.keys().collect();
        f.debug_struct("SecretStore").field("certificates", &certificates).field("authorities", &authorities).finish()
    }
}

impl SecretStore {
    /// The key pair of an id; `None`: it is only assumed to exist.
    #[must_use]
    pub fn certificate(&self, id: &CertificateId) -> Option<&KeyPair> {
        self.certificates.get(id)
    }

    /// PEM of the authorities of an id; `None`: they are only assumed to exist.
    #[must_use]
    pub fn authority(&self, id: &AuthorityId) -> Option<&[u8]> {
        self.authorities.get(id).map(Vec::as_slice)
    }

    /// Ids of all key pairs, sorted.
    pub fn certificates(&self) -> impl ExactSizeIterator<Item = &CertificateId> {
        self.certificates.keys()
    }

    /// Ids of all authorities, sorted.
    pub fn authorities(&self) -> impl ExactSizeIterator<Item = &AuthorityId> {
        self.authorities.keys()
    }

    /// Keeps a key pair; the first of an id stays.
    pub fn add_certificate(&mut self, id: CertificateId, pair: impl FnOnce() -> KeyPair) {
        self.certificates.entry(id).or_insert_with(pair);
    }

    /// Keeps authorities; the first of an id stay.
    pub fn add_authority(&mut self, id: AuthorityId, pem: impl FnOnce() -> Vec<u8>) {
        self.authorities.entry(id).or_insert_with(pem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_material_in_debug_output() {
        let mut store = SecretStore::default();
        store.add_certificate(CertificateId("infra/cert".into()), || KeyPair {
            certificate: b"PUBLIC".to_vec(),
            key: b"PRIVATE".to_vec(),
        });
        store.add_authority(AuthorityId("ConfigMap/infra/ca".into()), || b"AUTHORITY".to_vec());
        let shown = format!("{store:?} {:?}", store.certificate(&CertificateId("infra/cert".into())));
        assert!(shown.contains("infra/cert") && shown.contains("ConfigMap/infra/ca"), "{shown}");
        for hidden in ["PUBLIC", "PRIVATE", "AUTHORITY"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
