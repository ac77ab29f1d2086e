//! Header modifiers of checked routes, on rules and on single backends.

use crate::api::Meta;
use crate::api::filter::{Filter, FilterKind, HeaderModifier};
use crate::api::route::Rule;
use crate::lint::Cx;
use crate::lint::finding::reference::routes;

/// What a modifier changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// `requestHeaderModifier`.
    Request,
    /// `responseHeaderModifier`.
    Response,
}

/// A header modifier and the object that holds it.
pub(super) struct Modifier<'w> {
    /// The route.
    pub(super) meta: &'w Meta,
    /// Request or response.
    pub(super) direction: Direction,
    /// The lists.
    pub(super) modifier: &'w HeaderModifier,
}

/// All header modifiers, in document order.
pub(super) fn modifiers<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Modifier<'w>> {
    routes(cx).flat_map(|(_, route, _)| {
        route.rules.iter().flat_map(filters).filter_map(|filter| {
            let (direction, modifier) = modifier(&filter.kind)?;
            Some(Modifier { meta: &route.meta, direction, modifier })
        })
    })
}

/// Filters of a rule and of its backends.
pub(super) fn filters(rule: &Rule) -> impl Iterator<Item = &Filter> {
    rule.filters.iter().chain(rule.backends.iter().flat_map(|backend| &backend.filters))
}

fn modifier(kind: &FilterKind) -> Option<(Direction, &HeaderModifier)> {
    match kind {
        FilterKind::RequestHeaderModifier(modifier) => Some((Direction::Request, modifier)),
        FilterKind::ResponseHeaderModifier(modifier) => Some((Direction::Response, modifier)),
        FilterKind::RequestMirror(_)
        | FilterKind::RequestRedirect(_)
        | FilterKind::UrlRewrite(_)
        | FilterKind::Cors(_)
        | FilterKind::ExternalAuth(_)
        | FilterKind::ExtensionRef(_)
        | FilterKind::Unknown(_) => None,
    }
}
