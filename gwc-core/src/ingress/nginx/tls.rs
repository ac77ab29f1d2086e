//! What TLS connections get: the certificate of a host, and the hosts whose connections are passed on
//! (ingress-migrate.md §2.6, §3.7, §3.8 `ssl-passthrough`).

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::core::Secret;
use crate::api::ingress::Ingress;
use crate::certificate;
use crate::ingress::nginx::answer::Found;
use crate::ingress::nginx::build::CATCH_ALL;
use crate::ingress::nginx::index::Name;
use crate::ingress::nginx::{Server, Servers};
use crate::ingress::{Backend, Certificate, TlsReply, World, uri};
use crate::value::{Hostname, ObjectKey};

/// What is known of the certificate in a Secret.
enum Known {
    /// The Secret is not in the world, or its certificate cannot be read here: it fits.
    Nothing,
    /// The Secret is no key pair.
    Unusable,
    Names(certificate::Certificate),
}

impl Known {
    fn of(secret: Option<&Secret>) -> Self {
        let Some(secret) = secret else { return Self::Nothing };
        let value = |key| secret.value(key).and_then(|value| value.bytes.as_deref()).filter(|bytes| !bytes.is_empty());
        let (Some(pem), Some(_)) = (value("tls.crt"), value("tls.key")) else { return Self::Unusable };
        if secret.r#type.value != "kubernetes.io/tls" {
            return Self::Unusable;
        }
        // Without alternative names the controller compares the common name, which is not read here.
        let read = certificate::first_certificate(pem).filter(|certificate| !certificate.names.is_empty());
        read.map_or(Self::Nothing, Self::Names)
    }

    fn fits(&self, host: &str) -> Option<bool> {
        match self {
            Self::Nothing => None,
            Self::Unusable => Some(false),
            Self::Names(certificate) => Some(certificate.covers(&Hostname::new(host))),
        }
    }
}

/// What is known of the Secrets of `tls` sections, each read once.
pub(super) struct Secrets(BTreeMap<ObjectKey, Known>);

impl Secrets {
    pub(super) fn of(world: &World<'_>) -> Self {
        let mut secrets = BTreeMap::new();
        for ingress in world.ingresses {
            for name in ingress.tls.iter().filter_map(|tls| tls.secret.as_ref()) {
                let key = ObjectKey::new(ingress.meta.key.namespace.clone(), name.value.clone());
                let secret = world.secrets.get(&key).copied();
                secrets.entry(key).or_insert_with(|| Known::of(secret));
            }
        }
        Self(secrets)
    }

    /// Does a certificate fit a host? `None`: nothing is known.
    fn fits(&self, secret: &ObjectKey, host: &str) -> Option<bool> {
        self.0.get(secret)?.fits(host)
    }
}

/// The certificate that an Ingress with a `tls` section gives one of its hosts.
pub(super) fn of_host(secrets: &Secrets, ingress: &Ingress, host: &str) -> Certificate {
    let key = |name: &CompactString| ObjectKey::new(ingress.meta.key.namespace.clone(), name.clone());
    let named = ingress.tls.iter().find(|tls| tls.hosts.iter().any(|own| own.value.eq_ignore_ascii_case(host)));
    if let Some(tls) = named {
        let secret = tls.secret.as_ref().map(|name| key(&name.value));
        let secret = secret.filter(|secret| secrets.fits(secret, host) != Some(false));
        return secret.map_or(Certificate::Default, Certificate::Secret);
    }
    // No entry names the host: the first certificate that covers it, by its alternative names.
    let fitting = ingress.tls.iter().find_map(|tls| {
        let secret = key(&tls.secret.as_ref()?.value);
        let fits = secrets.fits(&secret, host).unwrap_or(tls.hosts.is_empty());
        fits.then_some(secret)
    });
    fitting.map_or(Certificate::Default, Certificate::Secret)
}

/// Other names of servers are served with the certificate of the server where it covers them, as far as is known.
pub(super) fn add_other_names(all: &mut Servers, secrets: &Secrets) {
    let mut more = BTreeMap::new();
    let other_names = all.names.exact.iter().filter(|(name, _)| !all.certificates.contains_key(*name));
    for (name, leads_to) in other_names {
        let host = match leads_to {
            Name::Server(at) => all.servers.get(*at).map(|server| &server.host),
            Name::Redirect(host) => Some(host),
        };
        let Some(Certificate::Secret(secret)) = host.and_then(|host| all.certificate(host)) else { continue };
        if secrets.fits(secret, name) != Some(false) {
            more.insert(name.clone(), Certificate::Secret(secret.clone()));
        }
    }
    all.certificates.extend(more);
}

impl Servers {
    /// What a client gets that opens a TLS connection and asks for a name.
    #[must_use]
    pub fn tls(&self, name: Option<&str>) -> TlsReply {
        let host = name.and_then(uri::host);
        let host = host.as_deref().unwrap_or_default();
        let server = match self.server(host) {
            Ok(Some(Found::Server(server))) if server.host != CATCH_ALL => Some(server),
            // Certificates do not depend on which pattern it is.
            Ok(Some(Found::Server(_)) | None) => None,
            Ok(Some(Found::Redirect(_))) | Err(_) => return TlsReply::Terminate(self.shown(host)),
        };
        let own = server.filter(|server| server.host.eq_ignore_ascii_case(host));
        if let Some(backend) = own.and_then(|server| self.passed_on_to(server)) {
            return TlsReply::Passthrough(backend.clone());
        }
        if self.config.tls.refuses_unknown_names && server.is_none() {
            return TlsReply::Refuse;
        }
        TlsReply::Terminate(self.shown(host))
    }

    fn shown(&self, host: &str) -> Certificate {
        self.certificate(host).cloned().unwrap_or(Certificate::Default)
    }

    /// Only the exact host of a rule is passed on, and only to the backend of its path `/`.
    fn passed_on_to(&self, server: &Server) -> Option<&Backend> {
        let key = server.passed_on.as_ref()?;
        self.upstreams.get(key)?.backend.as_ref()
    }

    /// The certificate that redirects to HTTPS for a host depend on; that of a wildcard host covers names one label
    /// deeper.
    #[must_use]
    pub fn certificate(&self, host: &str) -> Option<&Certificate> {
        let wildcard = || {
            let (_, parent) = host.split_once('.')?;
            self.certificates.get(format!("*.{parent}").as_str())
        };
        self.certificates.get(host).or_else(wildcard)
    }
}
