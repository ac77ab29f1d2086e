//! ReferenceGrant, BackendTLSPolicy, XBackendTrafficPolicy and the older shapes of the policies.

use crate::api::Meta;
use crate::api::decode::reader::{EXPLICIT, Reader};
use crate::api::policy::{BackendTlsPolicy, BackendTrafficPolicy, GrantFrom, GrantTo, PolicyTarget, ReferenceGrant};

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
        session_persistence: spec.field("sessionPersistence").map(Reader::span),
    })
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
