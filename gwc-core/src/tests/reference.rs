//! Tests of the graph of references through [`crate::compile`].

use crate::graph::reference::{Edge, EdgeKind, Node, Presence, References};
use crate::profile::{Profile, WorldMode};
use crate::source::{Origin, Role, Source, SourceMap};
use crate::value::{GroupKind, ObjectKey};

const WORLD: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec:
  gatewayClassName: cls
  listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: cert, namespace: certs}]}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: gw, namespace: infra}]
  rules:
  - filters: [{type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}}}]
    backendRefs: [{name: one, port: 80}, {name: two, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: one, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata: {name: grant, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: infra}]
  to: [{group: '', kind: Service}]
";

fn references() -> References {
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, WORLD.into()));
    References::of(&crate::compile(&sources, &Profile::new(WorldMode::Closed, 0)).graph)
}

fn names(found: &[(&Node, Edge)]) -> Vec<(EdgeKind, String)> {
    found.iter().map(|(node, edge)| (edge.kind, node.key.to_string())).collect()
}

#[test]
fn references_are_listed_in_order() {
    let references = references();
    let route = GroupKind::new("gateway.networking.k8s.io", "HTTPRoute");
    let found = references.references(&route, &ObjectKey::new("shop", "web"));
    let expected = [
        (EdgeKind::Parent, "infra/gw"),
        (EdgeKind::Mirror, "shop/copy"),
        (EdgeKind::Backend, "shop/one"),
        (EdgeKind::Backend, "shop/two"),
    ];
    assert_eq!(names(&found), expected.map(|(kind, name)| (kind, name.to_owned())));
    let presence: Vec<Presence> = found.iter().map(|(node, _)| node.presence).collect();
    assert_eq!(presence, [Presence::Present, Presence::Missing, Presence::Present, Presence::Missing]);
}

#[test]
fn referrers_are_found() {
    let references = references();
    let service = GroupKind::new("", "Service");
    let found = names(&references.referrers(&service, &ObjectKey::new("shop", "one")));
    assert_eq!(found, [(EdgeKind::Backend, "shop/web".to_owned()), (EdgeKind::GrantTo, "shop/grant".to_owned())]);
    let class = GroupKind::new("gateway.networking.k8s.io", "GatewayClass");
    let found = names(&references.referrers(&class, &ObjectKey::new("", "cls")));
    assert_eq!(found, [(EdgeKind::Class, "infra/gw".to_owned())]);
    assert!(references.referrers(&service, &ObjectKey::new("shop", "nobody")).is_empty());
}
