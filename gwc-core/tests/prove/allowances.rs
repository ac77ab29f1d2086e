//! Each kind of allowance covers what it is about and nothing near by; places limit it further.

use gwc_core::ingress::PathId;
use gwc_core::prove::allowance::Dimension;
use gwc_core::prove::{Allowance, Kind, Level, Place};

use crate::equal::usual;
use crate::pair::{Pair, words};
use crate::yaml::{gateway, ingress, route};

fn allowed(place: Place, kind: Kind) -> Vec<Allowance> {
    usual().into_iter().chain([Allowance { item: 1, place, kind }]).collect()
}

fn host(name: &str) -> Place {
    Place::Host(name.into())
}

/// The pair is equal with the allowance, not without it, and not with the same allowance for another host.
#[track_caller]
fn covers(pair: &Pair, kind: &Kind) {
    // Headers that are lost everywhere are those of the controller alone.
    let is_headers = *kind == Kind::Policy(Dimension::Headers);
    for place in [host("a.io"), Place::Everywhere].into_iter().take(if is_headers { 1 } else { 2 }) {
        assert_eq!(words(&pair.fast(&allowed(place, kind.clone()))), [""; 0], "{kind:?}");
    }
    assert!(!words(&pair.fast(&usual())).is_empty(), "{kind:?} is not needed");
    assert!(!words(&pair.fast(&allowed(host("b.io"), kind.clone()))).is_empty(), "{kind:?} for another host");
    let other = PathId { ingress: 9, rule: 0, path: 0 };
    assert!(!words(&pair.fast(&allowed(Place::Path(other), kind.clone()))).is_empty(), "{kind:?} for another path");
}

/// The allowance leaves something unexplained: a request whose line holds this text.
#[track_caller]
fn leaves(pair: &Pair, kind: &Kind, text: &str) {
    let found = words(&pair.fast(&allowed(host("a.io"), kind.clone())));
    assert!(found.iter().any(|one| one.contains(text)), "{kind:?}: {found:?}");
}

fn on_a(annotations: &[&str], paths: &[&str], rules: &[&str]) -> Pair {
    Pair::new(
        &ingress("web", annotations, &[("a.io", paths)], &[]),
        &(gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], rules)),
    )
}

const REGEX: &[&str] = &["use-regex: true"];

#[test]
fn letter_case() {
    let rules = &["R ^(?:/api/.*)$ => s"];
    covers(&on_a(REGEX, &["I /api/.* s"], rules), &Kind::LetterCase);
    // In the right letters nothing is excused.
    leaves(&on_a(REGEX, &["I /api/.* s"], &["R ^(?:/api/x.*)$ => s"]), &Kind::LetterCase, "GET http://a.io/api/");
    // Nor is a plain host, which minds case.
    leaves(&on_a(&[], &["P /api s"], &["R ^(?i:/api(?:/.*)?)$ => s"]), &Kind::LetterCase, "GET http://a.io/apI");
}

#[test]
fn string_prefixes() {
    let pair = on_a(REGEX, &["I /opt s"], &["R (?i)^/opt(?:/.*)?$ => s"]);
    covers(&pair, &Kind::StringPrefix);
    leaves(&on_a(REGEX, &["I /opt s"], &["R (?i)^/opt$ => s"]), &Kind::StringPrefix, "http://a.io/opt/");
}

#[test]
fn simplified_expressions() {
    let pair = on_a(REGEX, &["I /v1(/.*)?$ s"], &["P /v1 => s"]);
    leaves(&pair, &Kind::StringPrefix, "http://a.io/V1");
    covers(&pair, &Kind::RegexSimplified);
    // An expression on the target was not simplified.
    leaves(&on_a(REGEX, &["I /v[12] s"], &["R (?i)^/v1.*$ => s", "P / => t"]), &Kind::RegexOrder, "http://a.io/v2");
}

#[test]
fn order_of_expressions() {
    let paths: &[&str] = &["I /a/[a-z]+ s", "I /a/b.* t"];
    let rules = &["R (?i)^(?:/a/b(?:.*)(?:.*))$ => t", "R (?i)^/a/[a-z].*$ => s"];
    covers(&on_a(REGEX, paths, rules), &Kind::RegexOrder);
    let wrong = &["R (?i)^/a/[a-z].*$ => u"];
    leaves(&on_a(REGEX, &["I /a/[a-z]+ s"], wrong), &Kind::RegexOrder, "http://a.io/a/a");
}

#[test]
fn redirects_to_a_slash() {
    covers(&on_a(&[], &["P /x/ s"], &["P /x => s"]), &Kind::SlashRedirect);
    // A redirect that leads elsewhere is no redirect that is missing.
    let elsewhere = on_a(&[], &["P /x/ s"], &["P /x => s", "E /x => slash /y/ => -"]);
    leaves(&elsewhere, &Kind::SlashRedirect, "http://a.io/x");
    leaves(&on_a(&[], &["P /x/ s"], &["E /x/ => s"]), &Kind::SlashRedirect, "http://a.io/x/");
}

fn redirecting(style: &str, filter: &str) -> Pair {
    let tls = [("a.io", "c")];
    let ingresses = ingress("web", &[style], &[("a.io", &["P / s"])], &tls);
    let manifests = gateway(&["http a.io", "https a.io c"])
        + &route("web", &["https-a-io"], &["a.io"], &["P / => s"])
        + &route("web-redirect", &["http-a-io"], &["a.io"], &[&format!("P / => {filter} => -")]);
    Pair::new(&ingresses, &manifests)
}

#[test]
fn details_of_redirects() {
    covers(&redirecting("note: x", "https 308"), &Kind::RedirectSlash);
    covers(&redirecting("preserve-trailing-slash: true", "https 301"), &Kind::RedirectCode);
    let code = redirecting("note: x", "https 301");
    leaves(&code, &Kind::RedirectCode, "LocationPath");
    leaves(&code, &Kind::RedirectSlash, "Code");
    let ports = redirecting(
        "preserve-trailing-slash: true",
        "{type: RequestRedirect, requestRedirect: {scheme: https, port: 8443, statusCode: 308}}",
    );
    covers(&ports, &Kind::RedirectOrigin);
    let host = redirecting(
        "preserve-trailing-slash: true",
        "{type: RequestRedirect, requestRedirect: {scheme: https, hostname: c.io, statusCode: 308}}",
    );
    leaves(&host, &Kind::RedirectOrigin, "Origin");
    let literal = on_a(
        &["permanent-redirect: https://b.io/n"],
        &["P / s"],
        &[
            "P / => {type: RequestRedirect, requestRedirect: {scheme: https, hostname: b.io, statusCode: 301, path: {type: ReplaceFullPath, replaceFullPath: /n}}} => -",
        ],
    );
    covers(&literal, &Kind::RedirectQuery);
}

#[test]
fn lost_redirects_to_https() {
    let pair = |service: &str| {
        let ingresses = ingress("web", &["force-ssl-redirect: true"], &[("a.io", &["P / s"])], &[]);
        let rule = format!("P / => {service}");
        Pair::new(&ingresses, &(gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], &[&rule])))
    };
    covers(&pair("s"), &Kind::TlsRedirectLost);
    leaves(&pair("t"), &Kind::TlsRedirectLost, "http://a.io/");
    // The redirect has passed no guard, the request that it leads to would have.
    let guarded = ingress("web", &["force-ssl-redirect: true", "limit-rps: 5"], &[("a.io", &["P / s"])], &[]);
    let open = gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], &["P / => s"]);
    leaves(&Pair::new(&guarded, &open), &Kind::TlsRedirectLost, "http://a.io/");
}

/// How a path is compared never says who is let in.
#[test]
fn no_spelling_passes_by_a_guard() {
    let ingresses = ingress("web", &["limit-rps: 5"], &[("a.io", &["P /admin s"])], &[])
        + &ingress("zz", &[], &[("a.io", &["P / s"])], &[]);
    let routes = gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], &["P /admin => -", "P / => s"]);
    let pair = Pair::new(&ingresses, &routes);
    let at = Place::Host("a.io".into());
    let closed = Allowance { item: 1, place: at.clone(), kind: Kind::Closed };
    let found = words(&pair.fast(&usual().into_iter().chain([closed.clone()]).collect::<Vec<_>>()));
    assert!(found.iter().any(|one| one.contains("Access") && one.contains("%2F")), "{found:?}");
    let said = Allowance { item: 2, place: at, kind: Kind::NormalisedAccess };
    assert_eq!(words(&pair.fast(&usual().into_iter().chain([closed, said]).collect::<Vec<_>>())), [""; 0]);
}

#[test]
fn closed_and_dropped() {
    let paths: &[&str] = &["P /x s", "P /y t"];
    covers(&on_a(&[], paths, &["P /x => -", "P /y => t"]), &Kind::Closed);
    // A rule with backends that are not there is not closed on purpose.
    leaves(&on_a(&[], paths, &["P /x => s*0", "P /y => t"]), &Kind::Closed, "http://a.io/x");
    leaves(&on_a(&[], paths, &["P /y => t"]), &Kind::Closed, "http://a.io/x");
    let dropped = on_a(&[], paths, &["P /y => t"]);
    let own = Place::Path(PathId { ingress: 0, rule: 0, path: 0 });
    assert_eq!(words(&dropped.fast(&allowed(own.clone(), Kind::Dropped))), [""; 0]);
    let both = on_a(&[], paths, &["P /z => t"]);
    let found = words(&both.fast(&allowed(own, Kind::Dropped)));
    assert!(found.iter().any(|one| one.contains("/y")) && !found.iter().any(|one| one.contains("/x:")), "{found:?}");
}

#[test]
fn what_cannot_be_served() {
    let denied = &["allowlist-source-range: nonsense"];
    let one: &[&str] = &["P /x s"];
    covers(&on_a(denied, one, &["P / => -"]), &Kind::Unavailable);
    leaves(&on_a(denied, one, &["P / => -", "P /x => s"]), &Kind::Unavailable, "http://a.io/x");
}

#[test]
fn rewrites_and_hosts() {
    let target = &["rewrite-target: /z/$1"];
    let pair = on_a(target, &["I /a/(.*) s"], &["R (?i)^/a/.*$ => rewrite /z => s"]);
    covers(&pair, &Kind::Rewrite);
    let other = on_a(target, &["I /a/(.*) s"], &["R (?i)^/a/.*$ => rewrite /z => t"]);
    leaves(&other, &Kind::Rewrite, "Shares");
    let vhost = &["upstream-vhost: in.io"];
    covers(&on_a(vhost, &["P / s"], &["P / => s"]), &Kind::Host);
    leaves(&on_a(vhost, &["P / s"], &["P / => rewrite /x => s"]), &Kind::Host, "Path");
}

#[test]
fn preflights() {
    let cors = &["enable-cors: true"];
    let filter = "{type: CORS, cors: {allowOrigins: ['*'], allowCredentials: true, allowMethods: [GET, PUT, POST, DELETE, PATCH, OPTIONS], allowHeaders: [DNT, Keep-Alive, User-Agent, X-Requested-With, If-Modified-Since, Cache-Control, Content-Type, Range, Authorization], maxAge: 1728000}}";
    covers(&on_a(cors, &["P / s"], &[&format!("P / => {filter} => s")]), &Kind::Preflight);
    leaves(&on_a(cors, &["P / s"], &[&format!("P / m:GET => {filter} => s")]), &Kind::Preflight, "status 404");
    // Without the filter, or with another one, the policy differs.
    let lost = on_a(cors, &["P / s"], &["P / => s"]);
    leaves(&lost, &Kind::Preflight, "Policy(Cors)");
    leaves(&lost, &Kind::Policy(Dimension::Cors), "OPTIONS");
    let other = on_a(cors, &["P / s"], &[&format!("P / => {} => s", filter.replace("1728000", "5"))]);
    leaves(&other, &Kind::Preflight, "Policy(Cors)");
}

#[test]
fn policies() {
    let one: &[&str] = &["P / s"];
    for (annotation, dimension) in [
        ("limit-rps: 5", Dimension::Access),
        ("auth-url: https://auth.io", Dimension::Access),
        ("affinity: cookie", Dimension::Affinity),
        ("mirror-target: http://m.app.svc$request_uri", Dimension::Mirror),
        ("custom-http-errors: 404", Dimension::Errors),
    ] {
        let pair = on_a(&[annotation], one, &["P / => s"]);
        covers(&pair, &Kind::Policy(dimension));
        leaves(&pair, &Kind::Policy(Dimension::Headers), "Policy");
        let verification = pair.fast(&usual());
        assert_eq!(verification.n_unexplained > 0, dimension == Dimension::Access, "{annotation}");
        assert!(!verification.is_proof());
    }
    // A closed rule lets nobody in.
    let closed = on_a(&["limit-rps: 5"], one, &["P / => -"]);
    assert_eq!(words(&closed.fast(&allowed(host("a.io"), Kind::Closed))), [""; 0]);
    // A copy of every request is kept by a filter that says so.
    let mirror = "{type: RequestMirror, requestMirror: {backendRef: {name: m, port: 80}}}";
    let mirrored = on_a(&["mirror-target: http://m.app.svc$request_uri"], one, &[&format!("P / => {mirror} => s")]);
    assert_eq!(words(&mirrored.fast(&usual())), [""; 0]);
    let header = on_a(&[], one, &["P / => header X-A b => s"]);
    covers(&header, &Kind::Policy(Dimension::Headers));
}

fn shared(rules: &[&str]) -> Pair {
    let (primary, canary) = (
        ingress("web", &[], &[("a.io", &["P / p"])], &[]),
        ingress("canary", &["canary: true", "canary-by-cookie: k", "canary-weight: 10"], &[("a.io", &["P / c"])], &[]),
    );
    Pair::new(&(primary + &canary), &(gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], rules)))
}

#[test]
fn canaries() {
    covers(&shared(&["P / => p*9 c*1"]), &Kind::Shares);
    let rules: &[&str] =
        &["P / H:Cookie=(?:.*;\\s*)?k=always(?:;.*)? => c", "P / H:Cookie=(?:.*;\\s*)?k=never(?:;.*)? => p"];
    let expressions = [rules, &["P / => p*9 c*1"]].concat();
    covers(&shared(&expressions), &Kind::CanaryCookie);
    leaves(&shared(&["P / => p*9 c*1"]), &Kind::CanaryCookie, "k=always:");
    leaves(&shared(&["P / => p*8 c*2"]), &Kind::CanaryCookie, "GET http://a.io/:");
    leaves(&shared(&["P / => p*9 d*1"]), &Kind::Shares, "app/d:80");
}

#[test]
fn names_of_expressions() {
    let pair = |routes: &[&str]| {
        let ingresses = ingress("web", &["server-alias: ~^b[0-9]+\\.io$"], &[("a.io", &["P / s"])], &[]);
        let mut manifests = gateway(&["http"]);
        for (at, route_text) in routes.iter().enumerate() {
            let (host, service) = route_text.split_once(' ').unwrap();
            manifests += &route(&format!("r{at}"), &["http"], &[host], &[&format!("P / => {service}")]);
        }
        Pair::new(&ingresses, &manifests)
    };
    covers(&pair(&["a.io s"]), &Kind::NameLost);
    leaves(&pair(&["a.io s", "b0.io t"]), &Kind::NameLost, "b0.io");
}

#[test]
fn deeper_names() {
    let pair = |hosts: &[&str]| {
        let ingresses = ingress("web", &[], &[("*.a.io", &["P / s"])], &[]);
        let listeners: Vec<String> = hosts.iter().map(|host| format!("http {host}")).collect();
        let listeners: Vec<&str> = listeners.iter().map(String::as_str).collect();
        let mut manifests = gateway(&listeners);
        for host in hosts {
            let section = crate::yaml::section("http", host);
            manifests += &route(&format!("r-{section}"), &[&section], &[host], &["P / => s"]);
        }
        Pair::new(&ingresses, &manifests)
    };
    let deeper = allowed(host("*.a.io"), Kind::DeeperName);
    assert_eq!(words(&pair(&["*.a.io"]).fast(&deeper)), [""; 0]);
    assert!(!words(&pair(&["*.a.io"]).fast(&allowed(host("*.b.io"), Kind::DeeperName))).is_empty());
    // The apex, and deeper names with a hostname of their own, are none of it.
    let found = words(&pair(&["*.a.io", "a.io", "*.x.a.io"]).fast(&deeper));
    for name in ["http://a.io", "http://other.x.a.io"] {
        assert!(found.iter().any(|one| one.contains(name)), "{name}: {found:?}");
    }
}

#[test]
fn normalisation_is_judged_by_the_plain_path() {
    let usual = usual();
    // Without the allowance every reading of a path is a difference.
    let pair = on_a(&[], &["P /x s"], &["P /x => s"]);
    assert_eq!(words(&pair.fast(&usual)), [""; 0]);
    assert!(words(&pair.fast(&[])).iter().any(|one| one.contains("%2F")));
    // It does not cover what is wrong with the plain path too.
    let wrong = on_a(&[], &["P /x s"], &["P /x => t"]);
    let found = wrong.verify(&usual, Level::Fast, None);
    let sensitive = found.n_unexplained;
    assert!(sensitive > 4, "{found:?}");
    let has = |target: &str| found.unexplained.iter().any(|one| one.witness.request.target == target);
    assert!(has("//x") && has("/x"), "{:?}", words(&found));
}

#[test]
fn certificates_and_protocols() {
    let tls = [("a.io", "c")];
    let ingresses = ingress("web", &["ssl-redirect: false"], &[("a.io", &["P / s"])], &tls);
    let served = |listeners: &[&str], sections: &[&str]| {
        Pair::new(&ingresses, &(gateway(listeners) + &route("web", sections, &["a.io"], &["P / => s"])))
    };
    covers(&served(&["http a.io"], &["http-a-io"]), &Kind::Certificate);
    let wrong = served(&["http a.io", "https a.io c"], &["https-a-io"]);
    leaves(&wrong, &Kind::Certificate, "http://a.io");
    let https = on_a(&["backend-protocol: HTTPS"], &["P / s"], &["P / => s"]);
    covers(&https, &Kind::BackendProtocol);
    leaves(&on_a(&["backend-protocol: HTTPS"], &["P / s"], &["P / => t"]), &Kind::BackendProtocol, "Shares");
}

/// T142: fast and full find the same differences; a budget that is too small is no proof.
#[test]
fn t142_levels_and_budgets() {
    let denied = on_a(REGEX, &["I /v[0-9]+/x s"], &["R (?i)^/v[0-9]/x.*$ => s"]);
    let differences = |level| {
        let found = denied.verify(&usual(), level, None);
        assert!(found.is_exhaustive());
        let of = |one: &gwc_core::prove::Difference| (one.witness.aspects.clone(), one.new.clone());
        found.unexplained.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(differences(Level::Fast), differences(Level::Full));
    let right = on_a(&[], &["P /x s"], &["P /x => s"]);
    assert!(right.verify(&usual(), Level::Fast, None).is_proof());
    let little = right.verify(&usual(), Level::Fast, Some(1));
    assert!(!little.is_proof() && little.n_unexplained == 0 && little.cells < little.all_cells, "{little:?}");
    let unreadable = on_a(REGEX, &["I /(?!x).* s"], &["P / => s"]).fast(&usual());
    assert!(!unreadable.is_proof() && !unreadable.unverified.is_empty());
}
