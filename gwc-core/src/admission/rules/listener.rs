//! Listeners of Gateway, ListenerSet and XListenerSet.

use super::logic::{Outcome, all, and, blank, exactly_one, has, implies, is, is_one_of, items, member, or, rule, same};
use super::{CelRule, RuleCx, RuleError};
use crate::yaml::{Node, Value};

/// `spec.listeners`: names differ.
pub(super) const NAME_REPEATED: CelRule = rule(
    "listener.name-repeated",
    name_repeated,
    "two listeners have the same name",
    "give each listener its own name; routes refer to it by `sectionName`",
);

/// Gateway, `spec.listeners`: port, protocol and hostname together differ.
pub(super) const REPEATED: CelRule = rule(
    "listener.repeated",
    repeated,
    "two listeners have the same port, protocol and hostname",
    "change one of the three, or merge the listeners",
);

/// ListenerSet, XListenerSet, `spec.listeners`: as for Gateway, among listeners that have a port.
pub(super) const REPEATED_ON_SET_PORT: CelRule = rule(
    "listener.repeated-on-set-port",
    repeated_on_set_port,
    "two listeners have the same port, protocol and hostname",
    "change one of the three, or merge the listeners",
);

/// `spec.listeners`: TCP and UDP have no hostname.
pub(super) const HOSTNAME_ON_TCP_OR_UDP: CelRule = rule(
    "listener.hostname-on-tcp-or-udp",
    hostname_on_tcp_or_udp,
    "a listener of protocol `TCP` or `UDP` has a hostname",
    "remove `hostname`: these protocols carry none",
);

/// Gateway v1.0, `spec.listeners`: HTTPS and TLS need `tls`.
pub(super) const TLS_MISSING: CelRule = rule(
    "listener.tls-missing",
    tls_missing,
    "a listener of protocol `HTTPS` or `TLS` has no `tls`",
    "add `tls` with `certificateRefs`",
);

/// `spec.listeners`: HTTP, TCP and UDP have no `tls`.
pub(super) const TLS_ON_PLAIN_PROTOCOL: CelRule = rule(
    "listener.tls-on-plain-protocol",
    tls_on_plain_protocol,
    "a listener of protocol `HTTP`, `TCP` or `UDP` has `tls`",
    "remove `tls`, or set protocol `HTTPS` or `TLS`",
);

/// `spec.listeners`: protocol TLS needs `tls.mode`.
pub(super) const TLS_MODE_MISSING: CelRule = rule(
    "listener.tls-mode-missing",
    tls_mode_missing,
    "a listener of protocol `TLS` has no `tls.mode`",
    "set `tls.mode` to `Terminate` or `Passthrough`",
);

/// `spec.listeners`: HTTPS is terminated.
pub(super) const HTTPS_NOT_TERMINATED: CelRule = rule(
    "listener.https-not-terminated",
    https_not_terminated,
    "a listener of protocol `HTTPS` has a `tls.mode` other than `Terminate`",
    "set `tls.mode: Terminate`, or protocol `TLS` to pass connections through",
);

/// Gateway v1.0, `spec.listeners[].tls`: mode Terminate needs certificateRefs.
pub(super) const CERTIFICATE_REFS_MISSING: CelRule = rule(
    "listener.certificate-refs-missing",
    certificate_refs_missing,
    "`tls` terminates connections, but has no `certificateRefs`",
    "add `certificateRefs`, or set `mode: Passthrough`",
);

/// `spec.listeners[].tls`: mode Terminate needs certificateRefs or options.
pub(super) const CERTIFICATE_REFS_OR_OPTIONS_MISSING: CelRule = rule(
    "listener.certificate-refs-or-options-missing",
    certificate_refs_or_options_missing,
    "`tls` terminates connections, but has neither `certificateRefs` nor `options`",
    "add `certificateRefs` (or options of the implementation), or set `mode: Passthrough`",
);

fn name_repeated(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |one| exactly_one(cx.value, |other| same(one, other, "name")))
}

fn repeated(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |one| exactly_one(cx.value, |other| same_endpoint(one, other)))
}

fn repeated_on_set_port(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |one| {
        let alone = || exactly_one(cx.value, |other| and(Ok(has(other, "port")), || same_endpoint(one, other)));
        or(Ok(!has(one, "port")), alone)
    })
}

/// Same port, protocol and hostname; no hostname is equal to no hostname only.
fn same_endpoint(one: &Node, other: &Node) -> Outcome {
    let same_port = and(same(one, other, "port"), || same(one, other, "protocol"));
    and(same_port, || match (one.field("hostname"), other.field("hostname")) {
        (Some(_), Some(_)) => same(one, other, "hostname"),
        (None, None) => Ok(true),
        (Some(_), None) | (None, Some(_)) => Ok(false),
    })
}

fn hostname_on_tcp_or_udp(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |listener| {
        implies(is_one_of(listener, "protocol", &["TCP", "UDP"]), || Ok(blank(listener, "hostname")))
    })
}

fn tls_missing(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |listener| implies(is_one_of(listener, "protocol", &["HTTPS", "TLS"]), || Ok(has(listener, "tls"))))
}

fn tls_on_plain_protocol(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |listener| {
        implies(is_one_of(listener, "protocol", &["HTTP", "TCP", "UDP"]), || Ok(!has(listener, "tls")))
    })
}

fn tls_mode_missing(cx: RuleCx<'_>) -> Outcome {
    let has_mode = |listener: &Node| listener.field("tls").is_some_and(|tls| !blank(tls, "mode"));
    all(cx.value, |listener| implies(is(listener, "protocol", "TLS"), || Ok(has_mode(listener))))
}

fn https_not_terminated(cx: RuleCx<'_>) -> Outcome {
    all(cx.value, |listener| {
        let https_with_tls = and(is(listener, "protocol", "HTTPS"), || Ok(has(listener, "tls")));
        implies(https_with_tls, || is_one_of(member(listener, "tls")?, "mode", &["", "Terminate"]))
    })
}

fn certificate_refs_missing(cx: RuleCx<'_>) -> Outcome {
    implies(is(cx.value, "mode", "Terminate"), || has_certificates(cx.value))
}

fn certificate_refs_or_options_missing(cx: RuleCx<'_>) -> Outcome {
    implies(is(cx.value, "mode", "Terminate"), || or(has_certificates(cx.value), || has_options(cx.value)))
}

/// `size(tls.certificateRefs) > 0`: an error where the list is absent.
fn has_certificates(tls: &Node) -> Outcome {
    items(member(tls, "certificateRefs")?).map(|refs| !refs.is_empty())
}

/// `size(tls.options) > 0`: an error where the mapping is absent.
fn has_options(tls: &Node) -> Outcome {
    let Value::Mapping(options) = &member(tls, "options")?.value else { return Err(RuleError) };
    Ok(!options.is_empty())
}
