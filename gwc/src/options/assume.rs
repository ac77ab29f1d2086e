//! Facts of `--assume` and `[world.assume]` (cli-and-rules.md §5.4): text to [`Assumptions`].

use gwc_core::profile::Assumptions;

use crate::nearest;
use crate::options::time;

/// Kinds of facts, with the form each wants.
const FORMS: &[(&str, &str)] = &[
    ("namespace", "namespace:NS{key=value,…}"),
    ("service", "service:NS/NAME:PORT[,PORT]"),
    ("secret", "secret:NS/NAME[{san=HOST,…}]"),
    ("configmap", "configmap:NS/NAME"),
    ("gatewayclass", "gatewayclass:NAME=CONTROLLER"),
    ("kind", "kind:GROUP/KIND"),
    ("created", "created:KIND/NS/NAME=TIME"),
];

/// Adds one fact; the error says which form is wanted.
pub(crate) fn add(assumptions: &mut Assumptions, fact: &str) -> Result<(), String> {
    let Some((kind, rest)) = fact.split_once(':') else {
        return Err(format!("`{fact}` is no fact; facts begin with {}", kinds()));
    };
    let Some((_, form)) = FORMS.iter().find(|(name, _)| *name == kind) else {
        let hint = nearest::hint(kind, FORMS.iter().map(|(name, _)| *name));
        return Err(format!("unknown kind of fact `{kind}`{hint}; there are {}", kinds()));
    };
    let known = match kind {
        "namespace" => namespace(assumptions, rest),
        "service" => service(assumptions, rest),
        "secret" => secret(assumptions, rest),
        "configmap" => object(rest).map(|key| {
            assumptions.config_maps.insert(key.into());
        }),
        "gatewayclass" => class(assumptions, rest),
        "kind" => kind_of(assumptions, rest),
        _ => created(assumptions, rest),
    };
    known.ok_or_else(|| format!("`{fact}` cannot be read; the form is `{form}`"))
}

/// What a fact is about, for comparing two spellings of one fact: `service:shop/cart`.
pub(crate) fn subject(fact: &str) -> &str {
    let from = fact.find(':').map_or(0, |at| at + 1);
    let rest = fact.get(from..).unwrap_or_default();
    let end = rest.find([':', '{', '=']).map_or(fact.len(), |at| from + at);
    fact.get(..end).unwrap_or(fact)
}

fn kinds() -> String {
    let names: Vec<String> = FORMS.iter().map(|(name, _)| format!("`{name}:`")).collect();
    names.join(", ")
}

/// `NS/NAME`, both of them DNS names.
fn object(text: &str) -> Option<&str> {
    let (namespace, name) = text.split_once('/')?;
    (is_name(namespace) && is_name(name)).then_some(text)
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    !text.is_empty() && text.bytes().all(plain)
}

/// Splits `HEAD{BODY}`; without braces the body is empty.
fn braces(text: &str) -> Option<(&str, &str)> {
    match text.split_once('{') {
        None => Some((text, "")),
        Some((head, tail)) => Some((head, tail.strip_suffix('}')?)),
    }
}

fn namespace(assumptions: &mut Assumptions, text: &str) -> Option<()> {
    let (name, body) = braces(text)?;
    let labels = assumptions.namespaces.entry(Some(name).filter(|name| is_name(name))?.into()).or_default();
    for pair in body.split(',').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=')?;
        labels.insert(Some(key.trim()).filter(|key| !key.is_empty())?.into(), value.trim().into());
    }
    Some(())
}

fn service(assumptions: &mut Assumptions, text: &str) -> Option<()> {
    let (key, ports) = text.split_once(':')?;
    let ports: Option<Vec<u16>> =
        ports.split(',').map(|port| port.trim().parse().ok().filter(|port| *port != 0)).collect();
    assumptions.services.entry(object(key)?.into()).or_default().extend(ports?);
    Some(())
}

fn secret(assumptions: &mut Assumptions, text: &str) -> Option<()> {
    let (key, body) = braces(text)?;
    let names = if body.is_empty() { "" } else { body.strip_prefix("san=")? };
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Into::into);
    assumptions.secrets.entry(object(key)?.into()).or_default().extend(names);
    Some(())
}

fn class(assumptions: &mut Assumptions, text: &str) -> Option<()> {
    let (name, controller) = text.split_once('=')?;
    let (domain, path) = controller.split_once('/')?;
    let whole = is_name(name) && is_name(domain) && !path.is_empty();
    whole.then(|| assumptions.gateway_classes.insert(name.into(), controller.into()))?;
    Some(())
}

/// `GROUP/KIND`; the core group is empty.
fn kind_of(assumptions: &mut Assumptions, text: &str) -> Option<()> {
    let (group, kind) = text.split_once('/')?;
    let is_kind = kind.starts_with(|first: char| first.is_ascii_uppercase());
    (is_kind && (group.is_empty() || is_name(group))).then(|| assumptions.kinds.insert(text.into()))?;
    Some(())
}

fn created(assumptions: &mut Assumptions, text: &str) -> Option<()> {
    let (object, time) = text.split_once('=')?;
    let (kind, name) = object.split_once('/')?;
    let seconds = time::seconds(time).ok()?;
    let whole = !kind.is_empty() && name.contains('/');
    whole.then(|| assumptions.created.insert(format!("{}/{name}", kind.to_lowercase()).into(), seconds))?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fact: &str) -> Result<Assumptions, String> {
        let mut assumptions = Assumptions::default();
        add(&mut assumptions, fact).map(|()| assumptions)
    }

    #[test]
    fn reads_every_kind_of_fact() {
        let facts = read("namespace:shop{team=a,tier=web}").unwrap();
        assert_eq!(facts.namespaces["shop"]["tier"], "web");
        assert!(read("namespace:shop").unwrap().namespaces["shop"].is_empty());
        assert_eq!(read("service:shop/cart:80,8080").unwrap().services["shop/cart"], [80, 8080]);
        assert_eq!(read("secret:shop/tls{san=a.example,b.example}").unwrap().secrets["shop/tls"].len(), 2);
        assert!(read("secret:shop/tls").unwrap().secrets["shop/tls"].is_empty());
        assert!(read("configmap:shop/ca").unwrap().config_maps.contains("shop/ca"));
        assert_eq!(read("gatewayclass:main=example.com/gw").unwrap().gateway_classes["main"], "example.com/gw");
        assert!(read("kind:example.com/Bucket").unwrap().kinds.contains("example.com/Bucket"));
        let created = read("created:HTTPRoute/shop/store=2024-01-01T00:00:00Z").unwrap();
        assert_eq!(created.created["httproute/shop/store"], 1_704_067_200);
    }

    #[test]
    fn refuses_with_the_form_that_is_wanted() {
        assert!(read("service:shop/cart").unwrap_err().contains("service:NS/NAME:PORT"));
        assert!(read("service:shop/cart:0").is_err());
        assert!(read("secret:tls").is_err());
        assert!(read("secret:shop/tls{a.example}").is_err());
        assert!(read("sercet:shop/tls").unwrap_err().contains("did you mean `secret`?"));
        assert!(read("gatewayclass:main=controller").is_err());
        assert!(read("created:HTTPRoute/shop/store=yesterday").is_err());
        assert!(read("tls").is_err());
    }

    #[test]
    fn subject_ignores_details() {
        assert_eq!(subject("service:shop/cart:80"), "service:shop/cart");
        assert_eq!(subject("secret:shop/tls{san=a}"), "secret:shop/tls");
        assert_eq!(subject("gatewayclass:main=example.com/gw"), "gatewayclass:main");
        assert_eq!(subject("kind:example.com/Bucket"), "kind:example.com/Bucket");
    }
}
