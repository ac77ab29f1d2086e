//! Key pairs and CA bundles: PEM, X.509 names and validity, and whether a private key belongs to a certificate.
//!
//! Pure functions on bytes; where the bytes come from and what a problem means is decided elsewhere. No signature is
//! checked: neither does the API, and no condition depends on it.

use std::net::IpAddr;

use compact_str::{CompactString, ToCompactString};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use crate::value::Hostname;

mod key;

/// What is wrong with a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateProblem {
    /// Type is not `kubernetes.io/tls`.
    WrongType,
    /// `tls.crt` is missing.
    CertificateMissing,
    /// `tls.key` is missing.
    KeyMissing,
    /// A value is not base64.
    NotBase64,
    /// `tls.crt` holds no PEM certificate.
    CertificateNotPem,
    /// `tls.crt` is PEM, but no certificate that can be read.
    CertificateUnreadable,
    /// `tls.key` holds no PEM private key.
    KeyNotPem,
    /// The key belongs to another certificate.
    KeyMismatch,
}

/// A subject alternative name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlternativeName {
    /// A DNS name, lower case; may begin with `*.`.
    Dns(CompactString),
    /// An IP address.
    Ip(IpAddr),
    /// A URI.
    Uri(CompactString),
}

/// The first certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Subject alternative names, in the order of the certificate.
    pub names: Vec<AlternativeName>,
    /// Valid from, seconds since 1970.
    pub not_before: i64,
    /// Valid until, seconds since 1970.
    pub not_after: i64,
}

impl Certificate {
    /// Does a client that asks for a name of `hostname` accept this certificate (RFC 9525: `*` is one whole label)?
    ///
    /// A wildcard hostname is covered by the same wildcard only.
    #[must_use]
    pub fn covers(&self, hostname: &Hostname) -> bool {
        self.names.iter().any(|name| match name {
            AlternativeName::Dns(name) => dns_covers(name, hostname),
            AlternativeName::Ip(_) | AlternativeName::Uri(_) => false,
        })
    }
}

fn dns_covers(name: &str, hostname: &Hostname) -> bool {
    match (name.strip_prefix('*'), hostname) {
        (Some(suffix), Hostname::Wildcard(wanted)) => suffix == wanted,
        (Some(suffix), Hostname::Exact(wanted)) => {
            let label = wanted.strip_suffix(suffix);
            suffix.starts_with('.') && label.is_some_and(|label| !label.is_empty() && !label.contains('.'))
        }
        (None, Hostname::Exact(wanted)) => name == wanted,
        (None, Hostname::Wildcard(_)) => false,
    }
}

/// The certificate of a key pair, or the first thing that makes the pair unusable (status.md §3.6).
///
/// Keys of an algorithm that cannot be compared here count as fitting.
///
/// # Errors
/// What is wrong with `crt` or `key`, or that they do not belong together.
pub fn key_pair(crt: &[u8], key: &[u8]) -> Result<Certificate, CertificateProblem> {
    let first = CertificateDer::pem_slice_iter(crt).find_map(Result::ok);
    let der = first.ok_or(CertificateProblem::CertificateNotPem)?;
    let Ok((_, parsed)) = X509Certificate::from_der(&der) else {
        return Err(CertificateProblem::CertificateUnreadable);
    };
    let private = PrivateKeyDer::pem_slice_iter(key).find_map(Result::ok).ok_or(CertificateProblem::KeyNotPem)?;
    let of_key = key::of_private(&private).ok_or(CertificateProblem::KeyNotPem)?;
    if !key::of_certificate(&parsed).fits(&of_key) {
        return Err(CertificateProblem::KeyMismatch);
    }
    Ok(certificate(&parsed))
}

/// The first certificate of a PEM text, without a key.
#[must_use]
pub fn first_certificate(pem: &[u8]) -> Option<Certificate> {
    of_der(&CertificateDer::pem_slice_iter(pem).find_map(Result::ok)?)
}

/// A certificate in DER; `None`: it cannot be read.
#[must_use]
pub fn of_der(der: &[u8]) -> Option<Certificate> {
    X509Certificate::from_der(der).ok().map(|(_, parsed)| certificate(&parsed))
}

/// Number of readable certificates of a CA bundle; 0: not usable.
#[must_use]
pub fn ca_certificates(pem: &[u8]) -> usize {
    let ders = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok);
    ders.filter(|der| X509Certificate::from_der(der).is_ok()).count()
}

fn certificate(parsed: &X509Certificate<'_>) -> Certificate {
    let extension = parsed.subject_alternative_name().ok().flatten();
    let names = extension.map(|extension| extension.value.general_names.iter().filter_map(alternative_name).collect());
    Certificate {
        names: names.unwrap_or_default(),
        not_before: parsed.validity().not_before.timestamp(),
        not_after: parsed.validity().not_after.timestamp(),
    }
}

fn alternative_name(name: &GeneralName<'_>) -> Option<AlternativeName> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "names of other kinds never match a hostname")]
    match name {
        GeneralName::DNSName(name) => Some(AlternativeName::Dns(name.to_lowercase().to_compact_string())),
        GeneralName::URI(uri) => Some(AlternativeName::Uri((*uri).into())),
        GeneralName::IPAddress(bytes) => ip_address(bytes).map(AlternativeName::Ip),
        _ => None,
    }
}

fn ip_address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from);
    four.or_else(|| <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from))
}

#[cfg(test)]
mod tests;
