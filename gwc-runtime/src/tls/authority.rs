//! Authorities: roots of a chain, and the certificates that are trusted as they are.

use std::path::Path;

use gwc_core::certificate;
use gwc_core::ir::secret::SecretStore;
use gwc_core::ir::tls::AuthorityId;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};

use super::Problem;
use super::digest::Hasher;

/// Where systems keep their authorities, in one file of PEM.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Whom to trust. Chains are tried against every authority with the right name, and the signature decides: several may
/// share subject and serial number.
#[derive(Debug)]
pub(super) struct Authorities {
    pub(super) roots: RootCertStore,
    certificates: Vec<CertificateDer<'static>>,
}

impl Authorities {
    /// Nobody.
    pub(super) fn none() -> Self {
        Self { roots: RootCertStore::empty(), certificates: Vec::new() }
    }

    /// Authorities in PEM; says how many certificates could not be used.
    pub(super) fn add(&mut self, pem: &[u8]) -> usize {
        let mut n_unusable = 0;
        for der in CertificateDer::pem_slice_iter(pem) {
            match der {
                Ok(der) if self.roots.add(der.clone()).is_ok() => self.certificates.push(der),
                Ok(_) | Err(_) => n_unusable += 1,
            }
        }
        n_unusable
    }

    /// Authorities behind ids; ids without material are only assumed to exist, and nobody is trusted for them.
    pub(super) fn of(secrets: &SecretStore, ids: &[AuthorityId], problems: &mut Vec<Problem>) -> Self {
        let mut authorities = Self::none();
        for id in ids {
            let Some(pem) = secrets.authority(id) else { continue };
            let before = authorities.certificates.len();
            let n_unusable = authorities.add(pem);
            let text = match (authorities.certificates.len() - before, n_unusable) {
                (1.., 0) => continue,
                (0, _) => "it holds no certificate that can be used".to_owned(),
                (_, 1) => "1 of its certificates cannot be used".to_owned(),
                (_, n_unusable) => format!("{n_unusable} of its certificates cannot be used"),
            };
            problems.push(Problem { id: id.0.to_string(), text });
        }
        authorities
    }

    pub(super) fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// What a failed check of a chain comes to: a certificate that is itself among the authorities is trusted, though a
    /// chain must not end in one. `openssl req -x509` makes such certificates.
    pub(super) fn judge(&self, error: Error, certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
        if !self.certificates.iter().any(|own| own == certificate) {
            return Err(error);
        }
        let own = certificate::of_der(certificate).ok_or(CertificateError::BadEncoding)?;
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        match now {
            _ if now < own.not_before => Err(CertificateError::NotValidYet.into()),
            _ if now > own.not_after => Err(CertificateError::Expired.into()),
            _ => Ok(()),
        }
    }
}

/// Adds the content behind ids.
pub(super) fn add(secrets: &SecretStore, ids: &[AuthorityId], hasher: &mut Hasher) {
    for id in ids {
        match secrets.authority(id) {
            Some(pem) => hasher.add(b"authorities").add(pem),
            None => hasher.add(b"none"),
        };
    }
}

/// The system's authorities in PEM: `SSL_CERT_FILE`, or the file of the distribution. Empty: there are none.
pub(super) fn of_system() -> Vec<u8> {
    let named = std::env::var_os("SSL_CERT_FILE").map(std::path::PathBuf::from);
    let usual = BUNDLES.iter().map(|path| Path::new(path).to_path_buf());
    let mut readable = named.into_iter().chain(usual).filter_map(|path| std::fs::read(path).ok());
    readable.find(|pem| !pem.is_empty()).unwrap_or_default()
}
