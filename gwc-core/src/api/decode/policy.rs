//! ReferenceGrant, BackendTLSPolicy, XBackendTrafficPolicy and the older shapes of the policies.

use crate::api::Meta;
use crate::api::decode::reader::{EXPLICIT, Reader};
use crate::api::decode::route::session_persistence;
use crate::api::policy::{
    BackendTlsPolicy, BackendTrafficPolicy, GrantFrom, GrantTo, PolicyTarget, ReferenceGrant, RetryConstraint,
};

pub(super) fn reference_grant(root: Reader<'_>, meta: Meta) -> Option<ReferenceGrant> {
    let spec = root.field("spec")?;
    let from = spec.items("from").map(|item| GrantFrom {
        group: item.text_or("group", ""),
        kind: item.text_or("kind", ""),
        namespace: item.text_or("namespace", ""),
        span: item.span(),
    });
    let to = spec.items("to").map(|item| GrantTo {
        group: item.text_or("group", ""),
        kind: item.text_or("kind", ""),
        name: item.text("name").filter(|name| !name.value.is_empty()),
        span: item.span(),
    });
    Some(ReferenceGrant { meta, from: from.collect(), to: to.collect() })
}

pub(super) fn backend_tls_policy(root: Reader<'_>, meta: Meta) -> Option<BackendTlsPolicy> {
    let spec = root.field("spec")?;
    // v1alpha2 (v1.0): one `targetRef`, and `tls` with shorter names.
    let (validation, cas, well_known) = match (spec.field("validation"), spec.field("tls")) {
        (Some(validation), _) => (validation, "caCertificateRefs", "wellKnownCACertificates"),
        (None, Some(tls)) => (tls, "caCertRefs", "wellKnownCACerts"),
        (None, None) => return None,
    };
    let alternative = |item: Reader<'_>| {
        let value = item.text("hostname").or_else(|| item.text("uri"))?;
        Some((item.word_or("type", ""), value))
    };
    Some(BackendTlsPolicy {
        meta,
        targets: targets(spec),
        ca_refs: validation.references(cas, EXPLICIT),
        well_known: validation.text(well_known).filter(|text| !text.value.is_empty()),
        hostname: validation.text("hostname"),
        subject_alt_names: validation.items("subjectAltNames").filter_map(alternative).collect(),
        validation_span: validation.span(),
    })
}

pub(super) fn backend_traffic_policy(root: Reader<'_>, meta: Meta) -> Option<BackendTrafficPolicy> {
    let spec = root.field("spec")?;
    Some(BackendTrafficPolicy {
        meta,
        targets: targets(spec),
        session_persistence: spec.field("sessionPersistence").map(session_persistence),
        retry_constraint: spec.field("retryConstraint").map(retry_constraint),
    })
}

fn retry_constraint(reader: Reader<'_>) -> RetryConstraint {
    let (budget, rate) = (reader.field("budget"), reader.field("minRetryRate"));
    let number = |holder: Option<Reader<'_>>, key, default| {
        let written = holder.and_then(|holder| holder.int(key));
        written.and_then(|number| u32::try_from(number).ok()).unwrap_or(default)
    };
    let interval = |holder: Option<Reader<'_>>, default| {
        holder.and_then(|holder| holder.duration("interval")).map_or(default, |interval| interval.value)
    };
    RetryConstraint {
        percent: number(budget, "percent", 20),
        interval: interval(budget, 10_000),
        min_count: number(rate, "count", 10),
        min_interval: interval(rate, 1_000),
    }
}

fn targets(spec: Reader<'_>) -> Vec<PolicyTarget> {
    let many = spec.items("targetRefs");
    many.chain(spec.field("targetRef"))
        .map(|item| PolicyTarget {
            target: item.reference(EXPLICIT),
            section_name: item.text("sectionName").filter(|name| !name.value.is_empty()),
        })
        .collect()
}
