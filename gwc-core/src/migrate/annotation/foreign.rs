//! Annotations of cert-manager, external-dns and common tools, and where they work after the migration
//! (ingress-migrate.md §4.9).

/// Where an annotation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// To the Gateway or ListenerSet that has the host's TLS listener, if that one and the Secret are in one
    /// namespace; else a Certificate is written.
    ListenerOwner,
    /// As [`Place::ListenerOwner`]; it would act on all listeners of the object, so several Ingresses must not share
    /// it.
    OwnListenerOwner,
    /// To the Gateway.
    Gateway,
    /// To the route.
    Route,
    /// Nowhere: an issuer has to be named, which Gateways have no default for.
    NamedIssuer,
    /// Nowhere: the Issuer needs another solver.
    IssuerSolver,
    /// Nowhere: there it means nothing.
    Nowhere,
    /// Nowhere, unless the user keeps it.
    OnRequest,
}

/// How a row names keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pattern {
    /// This key.
    Key(&'static str),
    /// All keys that begin so.
    Prefix(&'static str),
}

impl Pattern {
    fn text(self) -> &'static str {
        match self {
            Self::Key(text) | Self::Prefix(text) => text,
        }
    }

    fn takes(self, key: &str) -> bool {
        match self {
            Self::Key(text) => key == text,
            Self::Prefix(text) => key.starts_with(text),
        }
    }
}

const fn key(text: &'static str, place: Place) -> (Pattern, Place) {
    (Pattern::Key(text), place)
}

const fn prefix(text: &'static str, place: Place) -> (Pattern, Place) {
    (Pattern::Prefix(text), place)
}

/// Rows by text; a key that several rows take goes where the longest says.
static ROWS: &[(Pattern, Place)] = &[
    key("acme.cert-manager.io/http01-edit-in-place", Place::Nowhere),
    key("acme.cert-manager.io/http01-ingress-class", Place::IssuerSolver),
    key("acme.cert-manager.io/http01-ingress-ingressclassname", Place::IssuerSolver),
    prefix("argocd.argoproj.io/", Place::OnRequest),
    key("cert-manager.io/alt-names", Place::OwnListenerOwner),
    key("cert-manager.io/cluster-issuer", Place::ListenerOwner),
    key("cert-manager.io/common-name", Place::OwnListenerOwner),
    key("cert-manager.io/duration", Place::OwnListenerOwner),
    key("cert-manager.io/email-sans", Place::OwnListenerOwner),
    key("cert-manager.io/ip-sans", Place::OwnListenerOwner),
    key("cert-manager.io/issuer", Place::ListenerOwner),
    key("cert-manager.io/issuer-group", Place::ListenerOwner),
    key("cert-manager.io/issuer-kind", Place::ListenerOwner),
    key("cert-manager.io/issuer-name", Place::ListenerOwner),
    key("cert-manager.io/private-key-algorithm", Place::OwnListenerOwner),
    key("cert-manager.io/private-key-encoding", Place::OwnListenerOwner),
    key("cert-manager.io/private-key-rotation-policy", Place::OwnListenerOwner),
    key("cert-manager.io/private-key-size", Place::OwnListenerOwner),
    key("cert-manager.io/renew-before", Place::OwnListenerOwner),
    key("cert-manager.io/renew-before-percentage", Place::OwnListenerOwner),
    key("cert-manager.io/revision-history-limit", Place::OwnListenerOwner),
    key("cert-manager.io/secret-template", Place::OwnListenerOwner),
    prefix("cert-manager.io/subject-", Place::OwnListenerOwner),
    key("cert-manager.io/uri-sans", Place::OwnListenerOwner),
    key("cert-manager.io/usages", Place::OwnListenerOwner),
    prefix("external-dns.alpha.kubernetes.io/", Place::Route),
    key("external-dns.alpha.kubernetes.io/target", Place::Gateway),
    prefix("external-dns.kubernetes.io/", Place::Route),
    key("external-dns.kubernetes.io/target", Place::Gateway),
    prefix("forecastle.stakater.com/", Place::OnRequest),
    key("kubectl.kubernetes.io/last-applied-configuration", Place::Nowhere),
    key("kubernetes.io/tls-acme", Place::NamedIssuer),
    prefix("meta.helm.sh/", Place::Nowhere),
    prefix("venafi.cert-manager.io/", Place::OwnListenerOwner),
];

/// Where a whole key goes; `None` when nothing is known of it.
#[must_use]
pub fn place(key: &str) -> Option<Place> {
    let taking = ROWS.iter().filter(|(pattern, _)| pattern.takes(key));
    taking.max_by_key(|(pattern, _)| pattern.text().len()).map(|(_, place)| *place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_order_without_repetition() {
        assert!(ROWS.is_sorted_by(|(one, _), (next, _)| one.text() < next.text()));
    }

    #[test]
    fn keys_go_where_their_readers_look() {
        let cases = [
            ("cert-manager.io/cluster-issuer", Some(Place::ListenerOwner)),
            ("cert-manager.io/subject-organizations", Some(Place::OwnListenerOwner)),
            ("external-dns.alpha.kubernetes.io/target", Some(Place::Gateway)),
            ("external-dns.alpha.kubernetes.io/ttl", Some(Place::Route)),
            ("external-dns.kubernetes.io/hostname", Some(Place::Route)),
            ("kubernetes.io/tls-acme", Some(Place::NamedIssuer)),
            ("acme.cert-manager.io/http01-ingress-class", Some(Place::IssuerSolver)),
            ("venafi.cert-manager.io/custom-fields", Some(Place::OwnListenerOwner)),
            ("cert-manager.io/typo", None),
            ("example.com/owner", None),
        ];
        for (key, expected) in cases {
            assert_eq!(place(key), expected, "{key}");
        }
    }
}
