//! `--tls`: a local authority, and certificates of it for listeners that the manifests give none.
//!
//! The authority's key and all private keys stay in memory and end with the process; only the authority's certificate
//! is written to a file, for `curl --cacert` and the like.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use gwc_core::ir::secret::{KeyPair as Pair, SecretStore};
use gwc_core::ir::tls::{CertificateId, ListenerTls};
use gwc_core::ir::{Config, Listener, Str};
use gwc_core::value::Hostname;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};

use crate::cli::serve::TlsSource;

/// Names on one certificate; more make more certificates.
const MOST_NAMES: usize = 200;

/// Days that certificates hold: browsers take no more than 398.
const DAYS: i64 = 397;

/// Start of the ids of certificates; no Secret is named so.
const PREFIX: &str = "local authority: ";

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An authority that lives as long as the process.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
    now: i64,
    /// Certificates by their names: a reload makes none anew.
    known: BTreeMap<Vec<String>, Pair>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        // The next run has another authority: a file that nobody can use is in the way.
        let _ = std::fs::remove_file(&self.file);
    }
}

impl Authority {
    /// A new authority, valid from `now` in seconds since 1970; its certificate is written into `folder`.
    pub(crate) fn new(now: i64, folder: &Path) -> io::Result<Self> {
        let mut params = params(now, &[])?;
        params.distinguished_name.push(DnType::CommonName, "gwc serve, local authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer = CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)?;
        let file = write(folder, &issuer.pem())?;
        Ok(Self { issuer, file, now, known: BTreeMap::new() })
    }

    /// Is the certificate one of a local authority?
    pub(crate) fn is_own(id: &CertificateId) -> bool {
        id.0.starts_with(PREFIX)
    }

    /// Certificates for all names of a listener.
    fn certificates(
        &mut self,
        listener: &Listener,
        address: Option<IpAddr>,
        secrets: &mut SecretStore,
    ) -> io::Result<Vec<CertificateId>> {
        let mut ids = Vec::new();
        let (owner, name) = (&listener.owner, &listener.name);
        for (at, names) in names(listener, address).chunks(MOST_NAMES).enumerate() {
            let id = format!("{PREFIX}{}/{}/{name} {at}", owner.namespace, owner.name);
            let id = CertificateId(Str::from(id));
            let pair = self.pair(names.to_vec())?;
            secrets.add_certificate(id.clone(), || pair);
            ids.push(id);
        }
        Ok(ids)
    }

    /// A key pair for these names and addresses.
    fn pair(&mut self, names: Vec<String>) -> io::Result<Pair> {
        if let Some(pair) = self.known.get(&names) {
            return Ok(pair.clone());
        }
        let mut params = params(self.now, &names)?;
        params.distinguished_name.push(DnType::CommonName, "gwc serve");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        let pair = Pair { certificate: certificate.pem().into_bytes(), key: key.serialize_pem().into_bytes() };
        self.known.insert(names, pair.clone());
        Ok(pair)
    }
}

fn params(now: i64, names: &[String]) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(names.to_vec()).map_err(io::Error::other)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    // Clocks of clients may be behind.
    let (year, month, day) = day(now - DAY);
    params.not_before = rcgen::date_time_ymd(year, month, day);
    let (year, month, day) = self::day(now + DAYS * DAY);
    params.not_after = rcgen::date_time_ymd(year, month, day);
    Ok(params)
}

/// Year, month and day of seconds since 1970.
fn day(seconds: i64) -> (i32, u8, u8) {
    let date = jiff::Timestamp::from_second(seconds).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC).date();
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    (i32::from(date.year()), part(date.month()), part(date.day()))
}

/// Writes a certificate to a new file; an old one is never followed or overwritten.
fn write(folder: &Path, pem: &str) -> io::Result<PathBuf> {
    let process = std::process::id();
    for attempt in 0..100u32 {
        let path = folder.join(format!("gwc-serve-ca-{process}-{attempt}.pem"));
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(pem.as_bytes())?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", folder.display()))),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{}: too many authorities", folder.display())))
}

/// Listeners at which TLS ends and that have no usable certificate, or all of them; with the address of their Gateway.
fn wanting(config: &mut Config, how: Option<TlsSource>) -> impl Iterator<Item = (u32, &mut Listener)> {
    let listeners = config.sockets.iter_mut().flat_map(|socket| {
        let gateway = socket.gateway;
        socket.listeners.iter_mut().map(move |listener| (gateway, listener))
    });
    listeners.filter(move |(_, listener)| match (&listener.tls, how) {
        (Some(ListenerTls::Terminate(_)), Some(TlsSource::SelfSigned)) => true,
        (Some(ListenerTls::Terminate(tls)), None) => tls.certificates.is_empty(),
        (Some(ListenerTls::Terminate(_)), Some(TlsSource::FromSecrets))
        | (Some(ListenerTls::Passthrough) | None, _) => false,
    })
}

/// The local authority of a run, made when it is first needed.
#[derive(Debug)]
pub(crate) struct Local {
    /// `--tls`.
    how: Option<TlsSource>,
    /// Where its certificate is written.
    folder: PathBuf,
    /// Seconds since 1970.
    now: i64,
    authority: Option<Authority>,
}

impl Local {
    /// None is made yet.
    pub(crate) fn new(how: Option<TlsSource>, folder: PathBuf, now: i64) -> Self {
        Self { how, folder, now, authority: None }
    }

    /// The file that holds its certificate, if it was needed.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.authority.as_ref().map(|authority| authority.file.as_path())
    }

    /// Gives listeners certificates; `address` is that of a Gateway, by its position. How many got one?
    pub(crate) fn supply(
        &mut self,
        config: &mut Config,
        secrets: &mut SecretStore,
        address: impl Fn(u32) -> Option<IpAddr>,
    ) -> io::Result<usize> {
        let mut count = 0;
        for (gateway, listener) in wanting(config, self.how) {
            let authority = match self.authority.take() {
                Some(authority) => authority,
                None => Authority::new(self.now, &self.folder)?,
            };
            let authority = self.authority.insert(authority);
            let ids = authority.certificates(listener, address(gateway), secrets)?;
            if let Some(ListenerTls::Terminate(tls)) = &mut listener.tls {
                tls.certificates = ids;
            }
            count += 1;
        }
        Ok(count)
    }
}

/// Names under which a listener is reached, and each with `.localhost`; its address, and those of this machine.
fn names(listener: &Listener, address: Option<IpAddr>) -> Vec<String> {
    let served = listener.hosts.iter().filter_map(|host| host.matches.as_ref());
    let all: BTreeSet<String> = listener.hostname.iter().chain(served).map(Hostname::to_string).collect();
    // A wildcard of a certificate stands for one label.
    let is_covered = |name: &str| {
        let parent = name.split_once('.').map(|(_, parent)| format!("*.{parent}"));
        !name.starts_with("*.") && parent.is_some_and(|parent| all.contains(&parent))
    };
    let mut names: Vec<String> = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(address.filter(|address| !address.is_unspecified()).map(|address| address.to_string()));
    names.sort();
    names.dedup();
    for name in all.iter().filter(|name| !is_covered(name)) {
        names.push(name.clone());
        if !name.ends_with("localhost") {
            names.push(format!("{name}.localhost"));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use gwc_core::ir::tls::Terminate;
    use gwc_core::ir::{Gateway, Host, Owner, Place, Protocol, Socket, Transport};

    use super::*;

    /// 2026-06-01.
    const NOW: i64 = 1_780_272_000;

    fn listener(name: &str, certificates: &[&str], hosts: &[&str]) -> Listener {
        let host = |text: &&str| Host { matches: Some(Hostname::new(text)), written: None };
        Listener {
            owner: Owner { kind: "Gateway".into(), namespace: "infra".into(), name: "gw".into() },
            name: name.into(),
            protocol: Protocol::Https,
            hostname: Some(Hostname::new("*.shop.example")),
            tls: Some(ListenerTls::Terminate(Terminate {
                certificates: certificates.iter().map(|id| CertificateId((*id).into())).collect(),
                client_validation: None,
            })),
            hosts: hosts.iter().map(host).collect(),
            entries: Vec::new(),
            place: Place::default(),
        }
    }

    fn config() -> Config {
        let gateway = Gateway {
            namespace: "infra".into(),
            name: "gw".into(),
            class: "any".into(),
            addresses: Vec::new(),
            client_certificate: None,
        };
        let listeners = vec![listener("with", &["infra/cert"], &[]), listener("without", &[], &[])];
        let socket = Socket { gateway: 0, transport: Transport::Tcp, port: 443, listeners };
        Config { gateways: vec![gateway], sockets: vec![socket], ..Config::default() }
    }

    fn ids(config: &Config) -> Vec<Vec<String>> {
        let ids = |listener: &Listener| match &listener.tls {
            Some(ListenerTls::Terminate(tls)) => tls.certificates.iter().map(|id| id.0.to_string()).collect(),
            Some(ListenerTls::Passthrough) | None => Vec::new(),
        };
        config.sockets[0].listeners.iter().map(ids).collect()
    }

    fn run(how: Option<TlsSource>) -> (Vec<Vec<String>>, usize, SecretStore) {
        let folder = tempfile::tempdir().unwrap();
        let (mut config, mut secrets) = (config(), SecretStore::default());
        let mut local = Local::new(how, folder.path().to_path_buf(), NOW);
        let count = local.supply(&mut config, &mut secrets, |_| None).unwrap();
        assert_eq!(local.file().is_some(), count > 0);
        (ids(&config), count, secrets)
    }

    #[test]
    fn secrets_first_and_the_authority_for_the_rest() {
        let (ids, count, secrets) = run(None);
        assert_eq!(ids, [["infra/cert"], ["local authority: infra/gw/without 0"]]);
        assert_eq!((count, secrets.certificates().len()), (1, 1));
    }

    #[test]
    fn secrets_alone_or_the_authority_alone() {
        let (ids, count, _) = run(Some(TlsSource::FromSecrets));
        assert_eq!((ids[0].len(), ids[1].len(), count), (1, 0, 0));
        let (ids, count, _) = run(Some(TlsSource::SelfSigned));
        assert_eq!(ids[0], ["local authority: infra/gw/with 0"]);
        assert_eq!(count, 2);
    }

    #[test]
    fn names_with_and_without_localhost_and_no_more_than_wildcards_need() {
        let listener = listener("a", &[], &["www.shop.example", "a.b.shop.example", "x.localhost"]);
        let names = names(&listener, "127.0.0.2".parse().ok());
        assert_eq!(
            names,
            [
                "127.0.0.1",
                "127.0.0.2",
                "::1",
                "localhost",
                "*.shop.example",
                "*.shop.example.localhost",
                "a.b.shop.example",
                "a.b.shop.example.localhost",
                "x.localhost",
            ]
        );
    }

    #[test]
    fn the_file_holds_the_certificate_alone_and_goes_with_the_authority() {
        let folder = tempfile::tempdir().unwrap();
        let mut authority = Authority::new(NOW, folder.path()).unwrap();
        let text = std::fs::read_to_string(&authority.file).unwrap();
        assert!(text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE"), "{text}");
        let first = authority.pair(vec!["a.example".to_owned()]).unwrap();
        assert_eq!(authority.pair(vec!["a.example".to_owned()]).unwrap(), first, "a reload makes none anew");
        let other = Authority::new(NOW, folder.path()).unwrap();
        assert_ne!(other.file, authority.file);
        drop((authority, other));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
