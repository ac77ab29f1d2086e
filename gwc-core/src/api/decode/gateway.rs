//! GatewayClass, Gateway, ListenerSet (XListenerSet).

use crate::api::Meta;
use crate::api::decode::reader::{EXPLICIT, GATEWAY, Reader, SECRET};
use crate::api::gateway::{
    Address, AllowedNamespaces, From, FrontendTls, FrontendValidation, Gateway, GatewayClass, LabelSelector, Listener,
    ListenerSet, ListenerTls, RouteGroupKind, SelectorExpression, TlsMode,
};
use crate::api::reference::ParentRef;
use crate::value::GATEWAY_GROUP;

/// `written` is the object with its status.
pub(super) fn gateway_class(root: Reader<'_>, written: Reader<'_>, meta: Meta) -> Option<GatewayClass> {
    let spec = root.field("spec")?;
    // Objects with a name since v1.2, plain names before.
    let feature = |item: Reader<'_>| item.string().or_else(|| item.field("name")?.string()).map(Into::into);
    Some(GatewayClass {
        meta,
        controller_name: spec.text_or("controllerName", ""),
        parameters_ref: spec.reference_at("parametersRef", EXPLICIT),
        supported_features: written
            .field("status")
            .map(|status| status.items("supportedFeatures").filter_map(feature).collect())
            .unwrap_or_default(),
    })
}

pub(super) fn gateway(root: Reader<'_>, meta: Meta) -> Option<Gateway> {
    let spec = root.field("spec")?;
    // `spec.backendTLS` was the name of `spec.tls.backend` up to v1.4.
    let backend_tls = spec.at(&["tls", "backend"]).or_else(|| spec.field("backendTLS"));
    Some(Gateway {
        meta,
        class_name: spec.text_or("gatewayClassName", ""),
        listeners: spec.items("listeners").map(listener).collect(),
        addresses: spec.items("addresses").map(address).collect(),
        parameters_ref: spec
            .field("infrastructure")
            .and_then(|infrastructure| infrastructure.reference_at("parametersRef", EXPLICIT)),
        allowed_listeners: spec
            .field("allowedListeners")
            .map(|allowed| allowed_namespaces(allowed.field("namespaces").unwrap_or(allowed), From::None)),
        client_certificate_ref: backend_tls.and_then(|tls| tls.reference_at("clientCertificateRef", SECRET)),
        frontend_tls: spec.at(&["tls", "frontend"]).map(frontend_tls),
    })
}

pub(super) fn listener_set(root: Reader<'_>, meta: Meta) -> Option<ListenerSet> {
    let spec = root.field("spec")?;
    let parent = spec.field("parentRef")?;
    Some(ListenerSet { meta, parent: parent_ref(parent), listeners: spec.items("listeners").map(listener).collect() })
}

/// `parentRefs[]`, and the one parent of a ListenerSet.
pub(super) fn parent_ref(reader: Reader<'_>) -> ParentRef {
    ParentRef {
        target: reader.reference(GATEWAY),
        // An empty section name means the whole parent.
        section_name: reader.text("sectionName").filter(|name| !name.value.is_empty()),
        port: reader.port("port"),
    }
}

fn address(reader: Reader<'_>) -> Address {
    Address { r#type: reader.text_or("type", "IPAddress"), value: reader.text("value"), span: reader.span() }
}

fn frontend_tls(reader: Reader<'_>) -> FrontendTls {
    let per_port = reader.items("perPort").filter_map(|item| {
        let port = item.port("port")?;
        Some((port, item.at(&["tls", "validation"]).map(frontend_validation)))
    });
    FrontendTls {
        default: reader.at(&["default", "validation"]).map(frontend_validation),
        per_port: per_port.collect(),
    }
}

fn frontend_validation(reader: Reader<'_>) -> FrontendValidation {
    FrontendValidation {
        ca_refs: reader.references("caCertificateRefs", EXPLICIT),
        mode: reader.text_or("mode", "AllowValidOnly"),
        span: reader.span(),
    }
}

fn listener(reader: Reader<'_>) -> Listener {
    let allowed = reader.field("allowedRoutes");
    let namespaces = allowed.map(|allowed| allowed.field("namespaces").unwrap_or(allowed));
    Listener {
        name: reader.text_or("name", ""),
        hostname: reader.hostname("hostname"),
        port: reader.port("port"),
        protocol: reader.text_or("protocol", ""),
        tls: reader.field("tls").map(listener_tls),
        namespaces: allowed_namespaces(namespaces.unwrap_or(reader), From::Same),
        kinds: allowed.map(|allowed| allowed.items("kinds").map(route_group_kind).collect()).unwrap_or_default(),
        allowed_routes_span: reader.written("allowedRoutes"),
        span: reader.span(),
    }
}

fn route_group_kind(reader: Reader<'_>) -> RouteGroupKind {
    RouteGroupKind {
        group: reader.word_or("group", GATEWAY_GROUP),
        kind: reader.text_or("kind", ""),
        span: reader.span(),
    }
}

fn listener_tls(reader: Reader<'_>) -> ListenerTls {
    let mode = match reader.field("mode").and_then(Reader::string) {
        None | Some("Terminate") => TlsMode::Terminate,
        Some("Passthrough") => TlsMode::Passthrough,
        Some(other) => TlsMode::Unknown(other.into()),
    };
    ListenerTls {
        mode,
        mode_span: reader.place_of("mode"),
        certificate_refs: reader.references("certificateRefs", SECRET),
        n_options: reader.field("options").map_or(0, |options| options.entries().len()),
        span: reader.span(),
    }
}

/// `namespaces`, or the nearest mapping that is written when there is none.
fn allowed_namespaces(reader: Reader<'_>, default: From) -> AllowedNamespaces {
    let from = match reader.field("from").and_then(Reader::string) {
        Some("All") => From::All,
        Some("Same") => From::Same,
        Some("Selector") => From::Selector,
        Some("None") => From::None,
        // Enums of the CRDs are closed: admission refuses any other word.
        Some(_) | None => default,
    };
    let written = reader.written("from");
    AllowedNamespaces {
        from,
        selector: reader.field("selector").map(label_selector),
        span: written.unwrap_or_else(|| reader.span()),
        written: written.is_some(),
    }
}

pub(super) fn label_selector(reader: Reader<'_>) -> LabelSelector {
    let entries = reader.field("matchLabels").map_or(&[][..], Reader::entries);
    let labels = entries.iter().filter_map(|entry| {
        let span = reader.place(entry.key.start, entry.value.end.max(entry.key.end));
        Some((entry.key.text.clone(), entry.value.as_str()?.into(), span))
    });
    let mut match_labels: Vec<_> = labels.collect();
    match_labels.sort();
    LabelSelector {
        match_labels,
        expressions: reader.items("matchExpressions").map(selector_expression).collect(),
        span: reader.span(),
    }
}

fn selector_expression(reader: Reader<'_>) -> SelectorExpression {
    SelectorExpression {
        key: reader.word_or("key", ""),
        operator: reader.word_or("operator", ""),
        values: reader.items("values").filter_map(Reader::string).map(Into::into).collect(),
        span: reader.span(),
    }
}
