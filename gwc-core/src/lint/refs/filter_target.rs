//! Targets of filters that cannot be used: the wording that mirrors and external authorisation share.

use crate::diagnostic::{Applicability, Code, Diagnostic, Diagnostics};
use crate::eval::BackendVerdict;
use crate::lint::Cx;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::reference::{Reference, reason};
use crate::lint::finding::{about, named, not_resolved, resolved_refs_reason, resting_on};
use crate::source::Span;
use crate::value::name::nearest;

/// Reports the references that cannot be used; `loss` is what that does to traffic.
pub(super) fn report<'w>(
    cx: &Cx<'w>,
    code: Code,
    loss: &'static str,
    references: impl Iterator<Item = Reference<'w>>,
    out: &mut Diagnostics,
) {
    let mut assumed = Vec::new();
    for reference in references {
        let verdict = &reference.verdict.verdict;
        if verdict.verdict == BackendVerdict::Assumed {
            let fact = assumed_object(cx, &verdict.support);
            assumed.extend(fact.map(|fact| Place { meta: &reference.route.meta, span: reference.name_span(), fact }));
        } else if let Some(problem) = problem(cx, &reference) {
            out.push(diagnostic(cx, code, loss, &reference, problem));
        }
    }
    let consequence = format!("ResolvedRefs=False/BackendNotFound, and {loss}");
    missing::report(cx, code, &consequence, assumed, out);
}

/// What is wrong with a target.
struct Problem {
    span: Span,
    message: String,
    help: String,
    /// The name that was meant.
    near: Option<String>,
}

/// `None` for a target that resolves, or whose own finding says it all.
fn problem(cx: &Cx<'_>, reference: &Reference<'_>) -> Option<Problem> {
    let (target, key) = (reference.target, reference.key());
    let (name, port) = (reference.name_span(), reference.port_span());
    let told = |span, message: String, help: &str| Some(Problem { span, message, help: help.to_owned(), near: None });
    match &reference.verdict.verdict.verdict {
        BackendVerdict::Service(..) | BackendVerdict::Other | BackendVerdict::Assumed | BackendVerdict::Refused => None,
        // A Service without a port has a rule for every sort of reference.
        BackendVerdict::PortMissing(_) => None,
        BackendVerdict::InvalidKind => {
            told(target.kind_span, format!("`{}` is no backend", target.group_kind()), "refer to a Service")
        }
        BackendVerdict::RefNotPermitted(_) => told(
            target.span,
            format!("no ReferenceGrant permits the reference to {} `{key}`", target.kind),
            &format!("add a ReferenceGrant in namespace `{}`", key.namespace),
        ),
        BackendVerdict::NotFound => {
            let services = cx.graph.services.iter().map(|(_, service)| &service.meta.key);
            let siblings = services.filter(|sibling| sibling.namespace == key.namespace);
            let near = nearest(&key.name, siblings.map(|sibling| sibling.name.as_str())).map(str::to_owned);
            let help = match &near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "correct the name, or add the Service".to_owned(),
            };
            Some(Problem { span: name, message: format!("{} `{key}` does not exist", target.kind), help, near })
        }
        BackendVerdict::PortNotFound(service) => {
            let service = &cx.graph.services[*service];
            let ports: Vec<String> = service.ports.iter().map(|port| port.port.value.to_string()).collect();
            let number = reference.port().map_or_else(String::new, |port| format!(" {port}"));
            let help = format!("use a port of the Service: {}", ports.join(", "));
            told(port, format!("{} has no port{number}", named(&service.meta)), &help)
        }
        BackendVerdict::ExternalName(service) => told(
            name,
            format!("{} is of type ExternalName", named(&cx.graph.services[*service].meta)),
            "refer to a Service with endpoints",
        ),
        BackendVerdict::UnsupportedAppProtocol(service, _) | BackendVerdict::UnsupportedTransport(service, _) => told(
            port,
            format!("the protocol of this port of {} cannot be used", named(&cx.graph.services[*service].meta)),
            "use a port whose protocol fits the route",
        ),
    }
}

fn diagnostic(cx: &Cx<'_>, code: Code, loss: &str, reference: &Reference<'_>, problem: Problem) -> Diagnostic {
    let Problem { span, message, help, near } = problem;
    let verdict = &reference.verdict.verdict;
    let mut finding = about(&reference.route.meta, code, span, message).help(help);
    if let Some(reason) = reason(&verdict.verdict) {
        finding = finding.effect(format!("ResolvedRefs=False/{}; {loss}", resolved_refs_reason(reason)));
        finding.conditions = not_resolved(cx, reference.id, reason);
    }
    if let Some(near) = near {
        let edit = replace_scalar(cx, span, &near);
        finding = finding.fix(Applicability::Unsafe, format!("write `{near}`"), vec![edit]);
    }
    resting_on(cx, finding, &verdict.support)
}
