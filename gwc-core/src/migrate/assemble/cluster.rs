//! Objects of the cluster, which are written only where the user asks for them (ingress-migrate.md §2.8, §2.11, §6.3).

use std::collections::BTreeSet;

use crate::graph::Resolution;
use crate::migrate::assemble::listen::Listening;
use crate::migrate::assemble::{Ground, about_class};
use crate::migrate::options::Choice;
use crate::migrate::render::Manifest;
use crate::migrate::render::model::Meta;
use crate::migrate::{Cx, UNKNOWN_CLASS, code};

/// Controllers of the GatewayClasses that are called so by convention.
const CONTROLLERS: [(&str, &str); 7] = [
    ("aws-alb", "gateway.k8s.aws/alb"),
    ("cilium", "io.cilium/gateway-controller"),
    ("contour", "projectcontour.io/gateway-controller"),
    ("eg", "gateway.envoyproxy.io/gatewayclass-controller"),
    ("istio", "istio.io/gateway-controller"),
    ("nginx", "gateway.nginx.org/nginx-gateway-controller"),
    ("traefik", "traefik.io/gateway-controller"),
];

/// The GatewayClass, and the namespaces of the Gateways.
pub(super) fn objects(ground: &Ground<'_, '_>, listening: &Listening, cx: &mut Cx<'_, '_>) -> Vec<Manifest> {
    let written: Vec<_> = listening.holders.iter().filter(|holder| !holder.is_set && holder.is_written).collect();
    let mut manifests = Vec::new();
    if written.is_empty() {
        return manifests;
    }
    let meta = |name: &str| Meta {
        name: name.to_owned(),
        provenance: ground.origins.of_shape(ground.site, &BTreeSet::new(), name),
        ..Meta::default()
    };
    let class = cx.gateway_class(&ground.site.class);
    let is_given = matches!(cx.graph.gateway_class(&class), Resolution::Found(_));
    if cx.options.has(Choice::EmitGatewayClass) && !is_given && class != UNKNOWN_CLASS {
        let known = CONTROLLERS.iter().find(|(name, _)| *name == class);
        let item = about_class(ground.site, cx);
        let message = if let Some((_, controller)) = known {
            manifests.push(Manifest::GatewayClass(meta(&class), (*controller).to_owned()));
            format!("the GatewayClass `{class}` is written for `{controller}`, whose usual name it is")
        } else {
            format!("the GatewayClass `{class}` is not written: its controller is not known")
        };
        cx.report.add(item.finding(code::GATEWAY_CLASS_UNKNOWN, message));
    }
    if cx.options.has(Choice::EmitNamespace) {
        let namespaces: BTreeSet<&str> = written.iter().map(|holder| holder.namespace.as_str()).collect();
        let is_own = |name: &&str| ground.site.members.iter().all(|member| member.key().namespace != *name);
        manifests.extend(namespaces.into_iter().filter(is_own).map(|name| Manifest::Namespace(meta(name))));
    }
    manifests
}
