//! The public half of a private key and of a certificate, in one comparable form.

use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::{DecodePrivateKey, PrivateKeyInfo};
use rustls_pki_types::PrivateKeyDer;
use x509_parser::asn1_rs::{FromDer, Integer, Sequence};
use x509_parser::certificate::X509Certificate;
use x509_parser::public_key::PublicKey;

/// Object identifier of RSA keys.
const RSA: &str = "1.2.840.113549.1.1.1";
/// Object identifier of keys on named curves.
const ELLIPTIC_CURVE: &str = "1.2.840.10045.2.1";
/// Object identifier of Ed25519 keys.
const ED25519: &str = "1.3.101.112";

/// A public key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Public {
    /// RSA: the modulus without leading zeros.
    Rsa(Vec<u8>),
    /// A curve point in compressed form; its length tells the curve.
    Point(Vec<u8>),
    /// Ed25519.
    Ed25519(Vec<u8>),
    /// An algorithm that is not compared.
    Unknown,
}

impl Public {
    /// False when both are known and differ.
    pub(super) fn fits(&self, other: &Self) -> bool {
        matches!(self, Self::Unknown) || matches!(other, Self::Unknown) || self == other
    }
}

/// The public key of a certificate.
pub(super) fn of_certificate(certificate: &X509Certificate<'_>) -> Public {
    let info = certificate.public_key();
    if info.algorithm.algorithm.to_id_string() == ED25519 {
        return Public::Ed25519(info.subject_public_key.data.to_vec());
    }
    match info.parsed() {
        Ok(PublicKey::RSA(key)) => Public::Rsa(without_leading_zeros(key.modulus)),
        Ok(PublicKey::EC(point)) => compressed(point.data()),
        _ => Public::Unknown,
    }
}

/// The public half of a private key; `None` when the key cannot be read.
pub(super) fn of_private(key: &PrivateKeyDer<'_>) -> Option<Public> {
    match key {
        PrivateKeyDer::Pkcs1(der) => rsa(der.secret_pkcs1_der()),
        PrivateKeyDer::Sec1(der) => sec1(der.secret_sec1_der()),
        PrivateKeyDer::Pkcs8(der) => pkcs8(der.secret_pkcs8_der()),
        _ => Some(Public::Unknown),
    }
}

fn pkcs8(der: &[u8]) -> Option<Public> {
    let info = PrivateKeyInfo::try_from(der).ok()?;
    match info.algorithm.oid.to_string().as_str() {
        RSA => rsa(info.private_key),
        ELLIPTIC_CURVE => {
            let p256 = p256::SecretKey::from_pkcs8_der(der).map(|key| p256_point(&key));
            let p384 = || p384::SecretKey::from_pkcs8_der(der).map(|key| p384_point(&key));
            p256.or_else(|_| p384()).ok().or(Some(Public::Unknown))
        }
        ED25519 => {
            let key = ed25519_dalek::SigningKey::from_pkcs8_der(der).ok()?;
            Some(Public::Ed25519(key.verifying_key().as_bytes().to_vec()))
        }
        _ => Some(Public::Unknown),
    }
}

/// `RSAPrivateKey` of RFC 8017: version, modulus, and what is not needed here.
fn rsa(der: &[u8]) -> Option<Public> {
    let (_, sequence) = Sequence::from_der(der).ok()?;
    let (rest, _version) = Integer::from_der(sequence.content.as_ref()).ok()?;
    let (_, modulus) = Integer::from_der(rest).ok()?;
    Some(Public::Rsa(without_leading_zeros(modulus.as_ref())))
}

/// `ECPrivateKey` of RFC 5915; a sequence that fits neither curve is of a curve that is not compared.
fn sec1(der: &[u8]) -> Option<Public> {
    if let Ok(key) = p256::SecretKey::from_sec1_der(der) {
        return Some(p256_point(&key));
    }
    if let Ok(key) = p384::SecretKey::from_sec1_der(der) {
        return Some(p384_point(&key));
    }
    Sequence::from_der(der).ok().map(|_| Public::Unknown)
}

fn p256_point(key: &p256::SecretKey) -> Public {
    compressed(key.public_key().to_encoded_point(true).as_bytes())
}

fn p384_point(key: &p384::SecretKey) -> Public {
    compressed(key.public_key().to_encoded_point(true).as_bytes())
}

/// SEC 1 §2.3.3: `04 x y` is written as `02 x` or `03 x`, by the lowest bit of y.
fn compressed(point: &[u8]) -> Public {
    match point.split_first() {
        Some((4, coordinates)) => {
            let x = coordinates.get(..coordinates.len() / 2).unwrap_or_default();
            let odd = coordinates.last().copied().unwrap_or_default() & 1;
            Public::Point(std::iter::once(2 + odd).chain(x.iter().copied()).collect())
        }
        Some((2 | 3, _)) => Public::Point(point.to_vec()),
        Some(_) | None => Public::Unknown,
    }
}

fn without_leading_zeros(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().skip_while(|byte| *byte == 0).collect()
}
