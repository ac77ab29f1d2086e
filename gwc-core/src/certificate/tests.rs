//! Tests of key pairs, names and CA bundles, with certificates made on the spot.

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, SanType};

use super::*;

fn pair(algorithm: &'static rcgen::SignatureAlgorithm, names: &[&str]) -> (String, String) {
    let key = KeyPair::generate_for(algorithm).unwrap();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

#[test]
fn keys_fit_their_own_certificate_only() {
    for algorithm in [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
        let (crt, key) = pair(algorithm, &["a.example"]);
        let (_, other) = pair(algorithm, &["a.example"]);
        assert!(key_pair(crt.as_bytes(), key.as_bytes()).is_ok());
        assert_eq!(key_pair(crt.as_bytes(), other.as_bytes()), Err(CertificateProblem::KeyMismatch));
    }
    let (crt, _) = pair(&PKCS_ECDSA_P256_SHA256, &["a.example"]);
    let (_, key) = pair(&PKCS_ED25519, &["a.example"]);
    assert_eq!(key_pair(crt.as_bytes(), key.as_bytes()), Err(CertificateProblem::KeyMismatch));
}

#[test]
fn sec1_keys_are_read() {
    let (crt, key) = pair(&PKCS_ECDSA_P256_SHA256, &["a.example"]);
    let pkcs8 = rustls_pki_types::PrivatePkcs8KeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let pkcs8 = pkcs8.secret_pkcs8_der();
    let secret = <p256::SecretKey as p256::pkcs8::DecodePrivateKey>::from_pkcs8_der(pkcs8).unwrap();
    let der = secret.to_sec1_der().unwrap();
    let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &*der);
    let sec1 = format!("-----BEGIN EC PRIVATE KEY-----\n{body}\n-----END EC PRIVATE KEY-----\n");
    assert!(key_pair(crt.as_bytes(), sec1.as_bytes()).is_ok());
    let (other, _) = pair(&PKCS_ECDSA_P256_SHA256, &["a.example"]);
    assert_eq!(key_pair(other.as_bytes(), sec1.as_bytes()), Err(CertificateProblem::KeyMismatch));
}

#[test]
fn unusable_pairs_say_why() {
    let (crt, key) = pair(&PKCS_ECDSA_P256_SHA256, &["a.example"]);
    let unreadable = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let bad_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let cases = [
        ("no pem", key.as_str(), CertificateProblem::CertificateNotPem),
        ("", key.as_str(), CertificateProblem::CertificateNotPem),
        (unreadable, key.as_str(), CertificateProblem::CertificateUnreadable),
        (crt.as_str(), "no pem", CertificateProblem::KeyNotPem),
        (crt.as_str(), bad_key, CertificateProblem::KeyNotPem),
        (crt.as_str(), crt.as_str(), CertificateProblem::KeyNotPem),
    ];
    for (crt, key, problem) in cases {
        assert_eq!(key_pair(crt.as_bytes(), key.as_bytes()), Err(problem));
    }
}

#[test]
fn names_and_validity_are_read() {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["*.Shop.example".to_owned(), "one.example".to_owned()]).unwrap();
    params.subject_alt_names.push(SanType::IpAddress("10.0.0.1".parse().unwrap()));
    params.subject_alt_names.push(SanType::URI("spiffe://a/b".try_into().unwrap()));
    params.not_before = rcgen::date_time_ymd(2024, 1, 1);
    params.not_after = rcgen::date_time_ymd(2025, 1, 1);
    let pem = params.self_signed(&key).unwrap().pem();
    let certificate = key_pair(pem.as_bytes(), key.serialize_pem().as_bytes()).unwrap();
    assert_eq!((certificate.not_before, certificate.not_after), (1_704_067_200, 1_735_689_600));
    let expected = [
        AlternativeName::Dns("*.shop.example".into()),
        AlternativeName::Dns("one.example".into()),
        AlternativeName::Ip("10.0.0.1".parse().unwrap()),
        AlternativeName::Uri("spiffe://a/b".into()),
    ];
    assert_eq!(certificate.names, expected);
    let covered = ["one.example", "a.shop.example", "A.SHOP.example", "*.shop.example"];
    let foreign = ["shop.example", "a.b.shop.example", "*.example", "two.example", "*.a.shop.example", ".shop.example"];
    assert!(covered.iter().all(|name| certificate.covers(&Hostname::new(name))));
    assert!(!foreign.iter().any(|name| certificate.covers(&Hostname::new(name))));
    assert_eq!(first_certificate(pem.as_bytes()), Some(certificate));
}

#[test]
fn bundles_count_readable_certificates() {
    let (one, key) = pair(&PKCS_ECDSA_P256_SHA256, &["a.example"]);
    let (two, _) = pair(&PKCS_ED25519, &["b.example"]);
    assert_eq!(ca_certificates(format!("# comment\n{one}\n{two}").as_bytes()), 2);
    assert_eq!(ca_certificates(key.as_bytes()), 0);
    assert_eq!(ca_certificates(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), 0);
    assert_eq!(ca_certificates(b""), 0);
}

#[test]
fn rsa_moduli_are_compared() {
    // RSAPrivateKey cut after the modulus: 0, 0x00c5.
    let short = [0x30, 0x07, 0x02, 0x01, 0x00, 0x02, 0x02, 0x00, 0xc5];
    let key = PrivateKeyDer::Pkcs1(short.to_vec().into());
    assert_eq!(key::of_private(&key), Some(key::Public::Rsa(vec![0xc5])));
    assert!(!key::Public::Rsa(vec![0xc5]).fits(&key::Public::Rsa(vec![0xc7])));
    assert!(key::Public::Rsa(vec![0xc5]).fits(&key::Public::Unknown));
    assert_eq!(key::of_private(&PrivateKeyDer::Pkcs1(vec![0x30, 0x03].into())), None);
}
