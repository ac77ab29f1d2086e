//! GWC4005 `certificate-hostname-mismatch`: no certificate of a listener covers a hostname that it serves.
//!
//! # What it checks
//! Listeners that end TLS, all of whose Secrets can be read: the listener's hostname or, where that is a wildcard or
//! missing, the hostnames of attached routes, against the subject alternative names. A wildcard in a certificate covers
//! one label; the common name does not count.
//!
//! # Why it matters
//! The handshake succeeds with a certificate for another name: browsers and most clients refuse it. No condition says
//! so.
//!
//! # Example
//! ```yaml
//! - name: https
//!   hostname: store.example.com
//!   port: 443
//!   protocol: HTTPS
//!   tls:
//!     certificateRefs:
//!     - name: shop-tls # for shop.example.com
//! ```
//!
//! # Fix
//! Have a certificate issued that names the hostname, or correct the hostname.
//!
//! # Specification
//! RFC 9525; Gateway `spec.listeners[].tls.certificateRefs`; status reference §2.6

use std::collections::BTreeSet;

use crate::certificate::{AlternativeName, Certificate};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Binding, CertificateVerdict};
use crate::graph::ListenerId;
use crate::lint::finding::{about, entries, is_checked, quoted, route_verdict};
use crate::lint::{Cx, Docs, Lint};
use crate::value::Hostname;

use super::certificate_use::certificate;

/// GWC4005.
pub(super) static LINT: Lint = Lint {
    code: rule::CERTIFICATE_HOSTNAME_MISMATCH,
    docs: Docs {
        summary: "no certificate of a listener covers a hostname that it serves",
        what: "Listeners that end TLS, all of whose Secrets can be read: the listener's hostname or, \
              where that is a wildcard or missing, the hostnames of attached routes, against the subject \
              alternative names. A wildcard in a certificate covers one label; the common name does not \
              count.",
        why: "The handshake succeeds with a certificate for another name: browsers and most clients \
              refuse it. No condition says so.",
        bad: r#"- name: https
  hostname: store.example.com
  port: 443
  protocol: HTTPS
  tls:
    certificateRefs:
    - name: shop-tls # for shop.example.com
"#,
        good: r#"- name: https
  hostname: shop.example.com
  port: 443
  protocol: HTTPS
  tls:
    certificateRefs:
    - name: shop-tls
"#,
        fix: "Have a certificate issued that names the hostname, or correct the hostname.",
        spec: "RFC 9525; Gateway `spec.listeners[].tls.certificateRefs`; status reference §2.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, verdict) in cx.graph.listeners.ids().zip(&cx.evaluation.listeners) {
        let known: Option<Vec<Certificate>> =
            verdict.certificates.iter().map(|judged| readable(cx, &judged.verdict)).collect();
        let certificates = known.unwrap_or_default();
        if certificates.is_empty() || !is_checked(cx.graph.listener_owner(id)) {
            continue;
        }
        let served = served(cx, id);
        let open: Vec<&Hostname> = served.iter().filter(|hostname| !covered(&certificates, hostname)).collect();
        if !open.is_empty() {
            out.0.extend(diagnostic(cx, id, &open, &certificates));
        }
    }
}

fn readable(cx: &Cx<'_>, verdict: &CertificateVerdict) -> Option<Certificate> {
    match verdict {
        CertificateVerdict::Valid(secret) => certificate(&cx.graph.secrets[*secret]),
        CertificateVerdict::Assumed
        | CertificateVerdict::RefNotPermitted(_)
        | CertificateVerdict::UnsupportedKind
        | CertificateVerdict::NotFound
        | CertificateVerdict::Refused
        | CertificateVerdict::Malformed(..) => None,
    }
}

/// Hostnames that clients may ask the listener for.
fn served(cx: &Cx<'_>, id: ListenerId) -> BTreeSet<Hostname> {
    let own = cx.graph.listener(id).hostname.as_ref().map(|hostname| hostname.value.clone());
    if let Some(own) = own.iter().find(|own| !own.is_wildcard()) {
        return BTreeSet::from([own.clone()]);
    }
    let attached =
        cx.evaluation.listeners.get(id.index()).map_or(&[][..], |verdict| verdict.attached_routes.as_slice());
    let verdicts = attached.iter().filter_map(|route| route_verdict(cx, *route));
    let bindings = verdicts.flat_map(entries).flat_map(|entry| &entry.bindings);
    let names = bindings.filter(|binding| binding.listener() == id).flat_map(Binding::hostnames).flatten();
    let names: BTreeSet<Hostname> = names.cloned().collect();
    if names.is_empty() { own.into_iter().collect() } else { names }
}

/// Covered as a whole, or a wildcard of which the certificates cover single names.
fn covered(certificates: &[Certificate], hostname: &Hostname) -> bool {
    let within = |certificate: &Certificate| {
        hostname.is_wildcard() && dns_names(certificate).any(|name| hostname.contains(&Hostname::new(name)))
    };
    certificates.iter().any(|certificate| certificate.covers(hostname) || within(certificate))
}

fn dns_names(certificate: &Certificate) -> impl Iterator<Item = &str> {
    certificate.names.iter().filter_map(|name| match name {
        AlternativeName::Dns(name) => Some(name.as_str()),
        AlternativeName::Ip(_) | AlternativeName::Uri(_) => None,
    })
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, open: &[&Hostname], certificates: &[Certificate]) -> Option<Diagnostic> {
    let listener = cx.graph.listener(id);
    let reference = listener.tls.as_ref()?.certificate_refs.first()?;
    let first = open.first()?;
    let more = if open.len() > 1 { format!(" and {} more", open.len() - 1) } else { String::new() };
    let message = format!("no certificate of listener `{}` covers `{first}`{more}", listener.name.value);
    let names = quoted(certificates.iter().flat_map(dns_names));
    let names = if names.is_empty() { "no DNS name at all".to_owned() } else { names };
    let owner = cx.graph.listener_owner(id);
    let mut finding = about(owner, rule::CERTIFICATE_HOSTNAME_MISMATCH, reference.name.span, message)
        .primary_label("for other names")
        .effect("clients refuse the certificate, while every condition stays True")
        .help(format!("have a certificate issued for {}", quoted(open.iter().map(ToString::to_string))))
        .note(format!("the certificates are for {names}"));
    if let Some(hostname) = &listener.hostname {
        finding = finding.label(hostname.span, "the listener's hostname");
    }
    let routes = cx.graph.routes.iter().flat_map(|(_, route)| &route.hostnames);
    for hostname in routes.filter(|hostname| listener.hostname.is_none() && open.contains(&&hostname.value)).take(8) {
        finding = finding.label(hostname.span, "served by the listener");
    }
    Some(finding)
}
