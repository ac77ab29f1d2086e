//! GWC8003 `hostname-policy`: a route claims a hostname outside the domains of its namespace.
//!
//! # What it checks
//! Hostnames of routes in namespaces that the option `domains` of this rule lists, against the domains listed there:
//! `example.com` stands for the name and all below it, `*.example.com` for those below it. A route without hostnames is
//! judged by what its listeners serve.
//!
//! # Why it matters
//! The list is your policy on who may claim what; nothing in Gateway API enforces it.
//!
//! # Example
//! ```yaml
//! # gwc.toml: [lint.options.GWC8003] domains = { shop = ["shop.example.com"] }
//! hostnames:
//! - bank.example.com
//! ```
//!
//! # Fix
//! Use a hostname of the namespace's domains, or extend the option.
//!
//! # Specification
//! Option `domains` of `[lint.options.GWC8003]`; HTTPRoute `spec.hostnames`

use std::collections::BTreeSet;

use compact_str::CompactString;

use crate::api::route::Route;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Binding, RouteVerdict};
use crate::lint::finding::reference::routes;
use crate::lint::finding::{about, entries, quoted};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;
use crate::value::Hostname;

/// GWC8003.
pub(super) static LINT: Lint = Lint {
    code: rule::HOSTNAME_POLICY,
    docs: Docs {
        summary: "a route claims a hostname outside the domains of its namespace",
        what: "Hostnames of routes in namespaces that the option `domains` of this rule lists, against \
              the domains listed there: `example.com` stands for the name and all below it, \
              `*.example.com` for those below it. A route without hostnames is judged by what its \
              listeners serve.",
        why: "The list is your policy on who may claim what; nothing in Gateway API enforces it.",
        bad: r#"# gwc.toml: [lint.options.GWC8003] domains = { shop = ["shop.example.com"] }
hostnames:
- bank.example.com
"#,
        good: r#"hostnames:
- shop.example.com
"#,
        fix: "Use a hostname of the namespace's domains, or extend the option.",
        spec: "Option `domains` of `[lint.options.GWC8003]`; HTTPRoute `spec.hostnames`",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, verdict) in routes(cx).filter(|(_, route, _)| route.kind.has_hostnames()) {
        let Some(domains) = cx.profile.rule_options.domains.get(&route.meta.key.namespace) else { continue };
        let claimed = route.hostnames.iter().map(|hostname| (hostname.value.clone(), hostname.span));
        let claimed: Vec<(Hostname, Span)> =
            if route.hostnames.is_empty() { inherited(route, verdict) } else { claimed.collect() };
        for (hostname, span) in claimed.iter().filter(|(hostname, _)| !is_within(hostname, domains)) {
            out.push(diagnostic(route, hostname, *span, domains));
        }
    }
}

/// Hostnames that a route without any takes over from its listeners, at the route's name.
fn inherited(route: &Route, verdict: &RouteVerdict) -> Vec<(Hostname, Span)> {
    let bindings = entries(verdict).flat_map(|entry| &entry.bindings);
    let names: BTreeSet<&Hostname> = bindings.flat_map(Binding::hostnames).flatten().collect();
    names.into_iter().map(|name| (name.clone(), route.meta.name_span)).collect()
}

fn is_within(hostname: &Hostname, domains: &[CompactString]) -> bool {
    domains.iter().any(|domain| {
        let exact = Hostname::new(domain);
        let below = Hostname::new(&format!("*.{domain}"));
        exact.contains(hostname) || (!exact.is_wildcard() && below.contains(hostname))
    })
}

fn diagnostic(route: &Route, hostname: &Hostname, span: Span, domains: &[CompactString]) -> Diagnostic {
    let namespace = &route.meta.key.namespace;
    let message = format!("namespace `{namespace}` may not claim `{hostname}`");
    let allowed = if domains.is_empty() { "no domain".to_owned() } else { quoted(domains) };
    about(&route.meta, rule::HOSTNAME_POLICY, span, message)
        .primary_label("outside the domains of the namespace")
        .effect("the cluster accepts the route: nothing but this rule holds the policy")
        .help(format!("namespace `{namespace}` may claim {allowed}; use one of these, or extend `domains`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_include_what_is_below_them() {
        let cases = [
            ("shop.example.com", "shop.example.com", true),
            ("a.shop.example.com", "shop.example.com", true),
            ("*.shop.example.com", "shop.example.com", true),
            ("xshop.example.com", "shop.example.com", false),
            ("*.example.com", "shop.example.com", false),
            ("shop.example.com", "*.shop.example.com", false),
            ("a.shop.example.com", "*.shop.example.com", true),
        ];
        for (hostname, domain, expected) in cases {
            assert_eq!(is_within(&Hostname::new(hostname), &[domain.into()]), expected, "{hostname} in {domain}");
        }
    }
}
