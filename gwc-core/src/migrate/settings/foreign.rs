//! Annotations of other tools: which go on to an object of the output, and what is said of the others
//! (ingress-migrate.md §4.9). Where exactly they are written is for the step that makes the objects.

use crate::api::Text;
use crate::diagnostic::Severity;
use crate::migrate::annotation::Verdict;
use crate::migrate::annotation::foreign::{Place, place};
use crate::migrate::code;
use crate::migrate::options::Choice;
use crate::migrate::settings::reader::Reader;
use crate::migrate::settings::{Foreign, word};

/// Adds the item of an annotation that the controller does not read.
pub(super) fn add(reader: &mut Reader<'_, '_, '_>, name: &Text, text: &Text) {
    let key = word::short(&name.value);
    match place(&name.value) {
        Some(at @ (Place::ListenerOwner | Place::OwnListenerOwner)) => {
            keep(reader, (name, text), at, format!("`{key}` goes to the object that has the listener of the host"));
        }
        Some(Place::Gateway) => keep(reader, (name, text), Place::Gateway, format!("`{key}` goes to the Gateway")),
        Some(Place::Route) => keep(reader, (name, text), Place::Route, format!("`{key}` goes to the route")),
        Some(Place::NamedIssuer) => named_issuer(reader, name, text),
        Some(Place::IssuerSolver) => {
            let message = format!("`{key}` tells the issuer to answer through an Ingress, which a Gateway cannot");
            let item = reader.item(name, text, Verdict::None).finding(code::ANNOTATION_LOST, message);
            reader.add(item.help("give the Issuer a `gatewayHTTPRoute` solver that names the HTTP listener"));
        }
        Some(Place::Nowhere) => {
            reader.inert_item(name, text, format!("`{key}` is about the Ingress itself"));
        }
        Some(Place::OnRequest) | None => other(reader, name, text),
    }
}

fn keep(reader: &mut Reader<'_, '_, '_>, (name, text): (&Text, &Text), place: Place, message: String) {
    let item = reader.item(name, text, Verdict::Exact).finding(code::ANNOTATION_CONVERTED, message);
    let item = reader.add(item);
    reader.foreign.push(Foreign { key: name.value.clone(), value: text.value.clone(), place, item });
}

/// The controller of certificates has a default issuer for Ingresses, but none for Gateways.
fn named_issuer(reader: &mut Reader<'_, '_, '_>, name: &Text, text: &Text) {
    if text.value.trim() != "true" {
        reader.inert_item(name, text, format!("`{}` is not `true`", name.value));
        return;
    }
    if let Some((kind, issuer)) = &reader.cx.options.issuer {
        let message = format!("`{}` asks for the default issuer: {kind} `{issuer}` takes its place", name.value);
        keep(reader, (name, text), Place::NamedIssuer, message);
        return;
    }
    let message = format!("`{}` asks for a default issuer, which is not known for Gateways", name.value);
    let item = reader.item(name, text, Verdict::None).finding(code::ANNOTATION_LOST, message);
    reader.add(item.severity(Severity::Error).help("name the issuer with `--issuer`"));
}

fn other(reader: &mut Reader<'_, '_, '_>, name: &Text, text: &Text) {
    let key = word::short(&name.value);
    if reader.cx.options.has(Choice::KeepAnnotations) {
        keep(reader, (name, text), Place::OnRequest, format!("`{key}` goes to the route, as asked for"));
        return;
    }
    let message = format!("`{key}` is not read by the controller, and not copied");
    let item = reader.item(name, text, Verdict::Inert).finding(code::ANNOTATION_INERT, message);
    reader.add(item.help("copy it by hand, or with `--keep-annotations`, if a tool reads it on routes"));
}
