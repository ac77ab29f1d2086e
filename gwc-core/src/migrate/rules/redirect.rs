//! Redirects: to a URL, to HTTPS, from `/` to the root of an application, from the other name of a host.
//!
//! A redirect of Gateway API keeps the query and adds the path of its own; the controller sends the text of the
//! annotation as it is (§3.8).

use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::render::model::{Filter, PathChange, Redirect};
use crate::migrate::rules::report::{self, Notes, weaken};
use crate::migrate::rules::treatment::{Answer, Treatment};
use crate::migrate::rules::{At, cors, literal};
use crate::migrate::settings::{Setting, Settings, UrlRedirect};
use crate::migrate::site::Location;
use crate::profile::Bundle;
use crate::prove::Kind;

/// What a URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url<'u> {
    pub(super) scheme: &'u str,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// Empty where there is none.
    pub(super) path: &'u str,
    pub(super) query: Option<&'u str>,
}

/// Reads an absolute URL without variables; `None`: no redirect of the API can say it.
pub(super) fn url(text: &str) -> Option<Url<'_>> {
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
    if text.contains(['$', '#']) {
        return None;
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(end)?;
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port > 0)?)),
        None => (authority, None),
    };
    let host = host.to_ascii_lowercase();
    (is_hostname(&host) && literal::fits(path)).then_some(Url { scheme, host, port, path, query })
}

/// A name without wildcard, as the API takes it in redirects and rewrites.
pub(super) fn is_hostname(name: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        label.bytes().all(|byte| inner(byte) || byte == b'-')
            && label.bytes().next().is_some_and(inner)
            && label.bytes().next_back().is_some_and(inner)
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// `permanent-redirect`, `temporal-redirect`, or one that a snippet was read as.
pub(super) fn to_url(
    at: At<'_, '_>,
    location: &Location,
    settings: &Settings,
    (notes, cx): (&mut Notes, &mut Cx<'_, '_>),
) -> Option<Treatment> {
    let of_snippet =
        settings.snippet.as_ref().and_then(|snippet| Some((snippet.value.redirect.as_ref()?, snippet.item)));
    let written = settings.redirect.as_ref().map(|Setting { value, item }| (value, *item));
    let (redirect, item) = of_snippet.or(written)?;
    notes.beaten.extend(settings.rewrite_target.iter().map(|setting| setting.item));
    notes.beaten.extend(settings.forwarded_prefix.iter().map(|setting| setting.item));
    let Some(filter) = to_place(at, location, (redirect, item), cx) else {
        let message = "no redirect of Gateway API can say this URL, so the rule is closed";
        weaken(item, (code::ANNOTATION_LOST, Verdict::None), message, cx);
        return Some(Treatment::new(Answer::Closed(item)));
    };
    let mut items = vec![item];
    let mut filters: Vec<Filter> = cors::filter(at, location, (settings, &mut items), cx).into_iter().collect();
    filters.push(filter);
    Some(Treatment { items, ..Treatment::redirecting(filters) })
}

pub(super) fn to_place(
    at: At<'_, '_>,
    location: &Location,
    (redirect, item): (&UrlRedirect, ItemId),
    cx: &mut Cx<'_, '_>,
) -> Option<Filter> {
    let url = url(&redirect.url)?;
    let place = report::place(at, location);
    let status = status(redirect.code, cx);
    if status != redirect.code {
        let message = format!("the status {} became {status}, the nearest that the API has", redirect.code);
        weaken(item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), &message, cx);
        cx.report.allow(item, place.clone(), Kind::RedirectCode);
    }
    if url.query.is_some() {
        let message = "the query of the URL is lost: a redirect of Gateway API keeps the query of the request";
        weaken(item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), message, cx);
    }
    cx.report.allow(item, place.clone(), Kind::RedirectQuery);
    if url.path.is_empty() {
        cx.report.allow(item, place, Kind::RedirectSlash);
    }
    let path = if url.path.is_empty() { "/" } else { url.path };
    Some(Filter::Redirect(Redirect {
        scheme: Some(url.scheme.to_owned()),
        hostname: Some(url.host),
        path: Some(PathChange::Full(path.to_owned())),
        port: url.port,
        status: Some(status),
    }))
}

/// The nearest status that the chosen bundle has.
pub(super) fn status(code: u16, cx: &Cx<'_, '_>) -> u16 {
    let has_all = cx.options.target.bundle >= Bundle::V1_5;
    match code {
        301 | 302 => code,
        303 | 307 | 308 if has_all => code,
        // 303, 305 to 307 are said of this request only.
        303 | 305..=307 => 302,
        _ => 301,
    }
}

/// The filter that redirects to HTTPS, with what differs from the controller (§3.7).
pub(super) fn to_https(at: At<'_, '_>, owner: usize, (notes, cx): (&mut Notes, &mut Cx<'_, '_>)) -> Filter {
    let settings = at.site.members.get(owner).map(|member| &member.settings);
    let item = notes.slash(at.site, cx);
    if settings.is_some_and(|settings| !settings.keeps_slash) {
        cx.report.allow(item, crate::prove::Place::Ingress(owner), Kind::RedirectSlash);
    }
    let port = settings.filter(|settings| settings.has_port_in_redirects).map(|_| {
        cx.report.allow(item, crate::prove::Place::Ingress(owner), Kind::RedirectOrigin);
        cx.options.flag("https-port").and_then(|port| port.parse().ok()).unwrap_or(443)
    });
    let code = usual_code(at, cx);
    Filter::Redirect(Redirect { scheme: Some("https".to_owned()), port, status: Some(code), ..Redirect::default() })
}

/// `http-redirect-code`, as far as the bundle has it.
pub(super) fn usual_code(at: At<'_, '_>, cx: &mut Cx<'_, '_>) -> u16 {
    let code = cx.options.setting("http-redirect-code").and_then(|code| code.parse().ok()).unwrap_or(308);
    let status = status(code, cx);
    if status != code {
        let bundle = cx.options.target.bundle.version();
        let message =
            format!("redirects of the bundle {bundle} have no status {code}: {status} may turn POST into GET");
        let item = report::of_host(at, Verdict::Approx).finding(code::FEATURE_NOT_CLAIMED, message);
        let id = cx.report.add(item);
        cx.report.allow(id, crate::prove::Place::Host(at.host.name.clone().unwrap_or_default()), Kind::RedirectCode);
    }
    status
}

/// `app-root`: `/` is redirected before anything else (§3.3).
pub(super) fn app_root(at: At<'_, '_>, cx: &mut Cx<'_, '_>) -> Option<(Treatment, usize)> {
    let (setting, member) = at.host.app_root.as_ref()?;
    let path = setting.value.to_string();
    cx.report.allow(setting.item, report::rendered(at, &path), Kind::RedirectQuery);
    let redirect = Redirect { path: Some(PathChange::Full(path)), status: Some(302), ..Redirect::default() };
    let treatment = Treatment { items: vec![setting.item], ..Treatment::redirecting(vec![Filter::Redirect(redirect)]) };
    Some((treatment, *member))
}

/// `from-to-www-redirect`: everything of the other name (§3.8).
pub(super) fn other_name(at: At<'_, '_>, (notes, cx): (&mut Notes, &mut Cx<'_, '_>)) -> Option<(Treatment, usize)> {
    let (other, member) = at.host.www.as_ref()?;
    let to = at.host.name.as_deref().filter(|name| is_hostname(name))?;
    let slash = notes.slash(at.site, cx);
    cx.report.allow(slash, crate::prove::Place::Host(other.clone()), Kind::RedirectSlash);
    let status = Some(usual_code(at, cx));
    let redirect = Redirect { hostname: Some(to.to_owned()), status, ..Redirect::default() };
    let item = at.site.members.get(*member).and_then(|member| member.settings.from_to_www);
    let items = item.into_iter().collect();
    Some((Treatment { items, ..Treatment::redirecting(vec![Filter::Redirect(redirect)]) }, *member))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let read = url("https://B.io:8443/x/y?a=b").expect("is a URL");
        assert_eq!(
            (read.scheme, read.host.as_str(), read.port, read.path, read.query),
            ("https", "b.io", Some(8443), "/x/y", Some("a=b"))
        );
        let read = url("http://b.io?x").expect("is a URL");
        assert_eq!((read.path, read.query), ("", Some("x")));
        for bad in
            ["ftp://b.io", "/x", "https://", "https://b_c.io/", "https://b.io:0", "https://$host/", "https://b.io/#x"]
        {
            assert_eq!(url(bad), None, "{bad}");
        }
    }
}
