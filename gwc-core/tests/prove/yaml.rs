//! Short ways to write manifests of both sides.

/// An Ingress of namespace `app`. Annotations as `key: value` without prefix; paths as `P /x s`, with `P`, `E` or `I`.
pub(crate) fn ingress(name: &str, annotations: &[&str], hosts: &[(&str, &[&str])], tls: &[(&str, &str)]) -> String {
    let mut text = format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {name}\n  namespace: app\n  annotations:\n    note: x\n"
    );
    for one in annotations {
        let (key, value) = one.split_once(": ").expect("`key: value`");
        text.push_str(&format!("    nginx.ingress.kubernetes.io/{key}: {value:?}\n"));
    }
    text.push_str("spec:\n  ingressClassName: nginx\n");
    if !tls.is_empty() {
        text.push_str("  tls:\n");
    }
    for (host, secret) in tls {
        text.push_str(&format!("  - {{hosts: [{host:?}], secretName: {secret}}}\n"));
    }
    text.push_str("  rules:\n");
    for (host, paths) in hosts {
        let host = if host.is_empty() { String::new() } else { format!("host: {host:?}, ") };
        let paths: Vec<String> = paths.iter().map(|path| path_text(path)).collect();
        text.push_str(&format!("  - {{{host}http: {{paths: [{}]}}}}\n", paths.join(", ")));
    }
    text
}

fn path_text(path: &str) -> String {
    let mut words = path.split(' ');
    let kind = match words.next() {
        Some("P") => "Prefix",
        Some("E") => "Exact",
        _ => "ImplementationSpecific",
    };
    let (text, service) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    format!("{{path: {text:?}, pathType: {kind}, backend: {{service: {{name: {service}, port: {{number: 80}}}}}}}}")
}

/// Gateway `g` of namespace `app`; listeners as `http`, `http a.io`, `https a.io secret`, with `:port` where it is not
/// the usual one.
pub(crate) fn gateway(listeners: &[&str]) -> String {
    gateway_named("g", listeners)
}

pub(crate) fn gateway_named(name: &str, listeners: &[&str]) -> String {
    let mut text = format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: {name}, namespace: app}}\nspec:\n  gatewayClassName: c\n  listeners:\n"
    );
    for listener in listeners {
        text.push_str(&format!("  - {}\n", listener_text(listener)));
    }
    text
}

/// The name of a listener is that of its scheme and host.
pub(crate) fn section(scheme: &str, host: &str) -> String {
    let host = host.replace("*.", "any-").replace('.', "-");
    if host.is_empty() { scheme.to_owned() } else { format!("{scheme}-{host}") }
}

fn listener_text(listener: &str) -> String {
    let words: Vec<&str> = listener.split(' ').collect();
    let (scheme, host) = (words[0], words.get(1).copied().unwrap_or_default());
    let hostname = if host.is_empty() { String::new() } else { format!(", hostname: {host:?}") };
    let (protocol, port) = if scheme == "https" { ("HTTPS", 443) } else { ("HTTP", 80) };
    let tls =
        words.get(2).map(|secret| format!(", tls: {{certificateRefs: [{{name: {secret}}}]}}")).unwrap_or_default();
    format!("{{name: {}, port: {port}, protocol: {protocol}{hostname}{tls}}}", section(scheme, host))
}

/// An HTTPRoute of namespace `app`; rules as `matches => filters => backends`:
/// * matches, with `|` between: `P /x`, `E /x`, `R /x.*`, with ` h:Name=value`, ` H:Name=regex`, ` m:GET`;
/// * filters, with `;` between: `rewrite /x` (full), `prefix /x`, `host a`, `https 301`, `redirect 302 full /x`;
/// * backends: `s`, `s*9 t*1`, or nothing.
pub(crate) fn route(name: &str, sections: &[&str], hosts: &[&str], rules: &[&str]) -> String {
    route_to("g", name, sections, hosts, rules)
}

pub(crate) fn route_to(gateway: &str, name: &str, sections: &[&str], hosts: &[&str], rules: &[&str]) -> String {
    let parents: Vec<String> =
        sections.iter().map(|section| format!("{{name: {gateway}, sectionName: {section}}}")).collect();
    let hosts: Vec<String> = hosts.iter().map(|host| format!("{host:?}")).collect();
    let mut text = format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: {name}, namespace: app}}\nspec:\n  parentRefs: [{}]\n",
        parents.join(", ")
    );
    if !hosts.is_empty() {
        text.push_str(&format!("  hostnames: [{}]\n", hosts.join(", ")));
    }
    text.push_str("  rules:\n");
    for rule in rules {
        text.push_str(&rule_text(rule));
    }
    text
}

fn rule_text(rule: &str) -> String {
    let parts: Vec<&str> = rule.split(" => ").map(str::trim).collect();
    let (matches, filters, backends) = match parts.as_slice() {
        [matches, backends] => (*matches, "", *backends),
        [matches, filters, backends] => (*matches, *filters, *backends),
        _ => panic!("{rule}"),
    };
    let matches: Vec<String> = matches.split('|').map(|one| match_text(one.trim())).collect();
    let mut text = format!("  - matches: [{}]\n", matches.join(", "));
    let filters: Vec<String> =
        filters.split(';').map(str::trim).filter(|one| !one.is_empty()).map(filter_text).collect();
    if !filters.is_empty() {
        text.push_str(&format!("    filters: [{}]\n", filters.join(", ")));
    }
    let backends: Vec<String> = backends.split(' ').filter(|one| *one != "-").map(backend_text).collect();
    if !backends.is_empty() {
        text.push_str(&format!("    backendRefs: [{}]\n", backends.join(", ")));
    }
    text
}

fn backend_text(backend: &str) -> String {
    let (name, weight) = backend.split_once('*').unwrap_or((backend, "1"));
    let (name, port) = name.split_once(':').unwrap_or((name, "80"));
    format!("{{name: {name}, port: {port}, weight: {weight}}}")
}

fn match_text(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let kind = match words[0] {
        "E" => "Exact",
        "R" => "RegularExpression",
        _ => "PathPrefix",
    };
    let mut text = format!("{{path: {{type: {kind}, value: {:?}}}", words[1]);
    let mut headers = Vec::new();
    for word in &words[2..] {
        let (sort, rest) = word.split_once(':').expect("a condition");
        match sort {
            "m" => text.push_str(&format!(", method: {rest}")),
            _ => {
                let kind = if sort == "H" { "RegularExpression" } else { "Exact" };
                let (name, value) = rest.split_once('=').expect("`name=value`");
                headers.push(format!("{{name: {name}, type: {kind}, value: {value:?}}}"));
            }
        }
    }
    if !headers.is_empty() {
        text.push_str(&format!(", headers: [{}]", headers.join(", ")));
    }
    text.push('}');
    text
}

fn filter_text(filter: &str) -> String {
    if filter.starts_with('{') {
        return filter.to_owned();
    }
    let words: Vec<&str> = filter.split(' ').collect();
    match words.as_slice() {
        ["rewrite", path] => {
            format!("{{type: URLRewrite, urlRewrite: {{path: {{type: ReplaceFullPath, replaceFullPath: {path:?}}}}}}}")
        }
        ["prefix", path] => {
            format!(
                "{{type: URLRewrite, urlRewrite: {{path: {{type: ReplacePrefixMatch, replacePrefixMatch: {path:?}}}}}}}"
            )
        }
        ["host", host] => format!("{{type: URLRewrite, urlRewrite: {{hostname: {host}}}}}"),
        ["https", code] => {
            format!("{{type: RequestRedirect, requestRedirect: {{scheme: https, statusCode: {code}}}}}")
        }
        ["redirect", code, host] => {
            format!("{{type: RequestRedirect, requestRedirect: {{hostname: {host}, statusCode: {code}}}}}")
        }
        ["slash", path] => format!(
            "{{type: RequestRedirect, requestRedirect: {{statusCode: 301, path: {{type: ReplaceFullPath, replaceFullPath: {path:?}}}}}}}"
        ),
        ["to", code, path] => format!(
            "{{type: RequestRedirect, requestRedirect: {{statusCode: {code}, path: {{type: ReplaceFullPath, replaceFullPath: {path:?}}}}}}}"
        ),
        ["header", name, value] => format!(
            "{{type: RequestHeaderModifier, requestHeaderModifier: {{set: [{{name: {name}, value: {value:?}}}]}}}}"
        ),
        // Replaced by the caller.
        [other] => (*other).to_owned(),
        other => panic!("{other:?}"),
    }
}
