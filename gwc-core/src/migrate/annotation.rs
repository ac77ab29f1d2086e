//! What is known of the annotations of ingress-nginx: one row for each key (ingress-migrate.md §3.8).
//!
//! A row says where the key acts, what becomes of it on standard Gateway API, and what it costs. Whether a given
//! value is in force on a given host is for the converter to find out; the rows are the part that never changes.

use crate::diagnostic::{Code, Severity};
use crate::migrate::code;

mod access;
mod backend;
mod cors;
pub mod foreign;
mod misc;
mod routing;
pub mod snippet;
mod traffic;

/// Where an annotation acts (§3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The paths of its Ingress.
    Location,
    /// The host, with the paths of other Ingresses.
    Server,
    /// The port of the Service, wherever an Ingress of the namespace uses it.
    Upstream,
}

/// What becomes of a fact (§0), on standard Gateway API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The same for every request.
    Exact,
    /// Translated, with a known difference.
    Approx,
    /// Only a policy of an implementation carries it.
    Policy,
    /// Nothing carries it.
    None,
    /// It does nothing on the controller either.
    Inert,
    /// It belongs to the controller, not to the Ingress.
    Global,
}

/// How a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// A truth value in Go's spelling.
    Bool,
    /// `on` or `off`.
    OnOff,
    /// A whole number.
    Integer,
    /// A number of bytes with an optional unit.
    Size,
    /// A status of HTTP.
    Status,
    /// One of these words.
    Enum(&'static [&'static str]),
    /// A URL; some keys allow variables in it.
    Url,
    /// A path.
    Path,
    /// Names of hosts.
    Hosts,
    /// Name of a header or cookie.
    Header,
    /// Name of a Service.
    Name,
    /// Addresses and networks.
    Cidrs,
    /// Words with commas or spaces between them.
    List,
    /// A regular expression.
    Regex,
    /// Name of a Secret, with or without its namespace.
    SecretName,
    /// Name of a ConfigMap, with or without its namespace.
    ConfigMapName,
    /// Any text.
    Text,
    /// Raw configuration of the controller.
    Snippet,
}

/// Sorts of access control whose loss closes what they guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// Lists of client addresses.
    Addresses,
    /// Passwords and questions to a service.
    Authentication,
    /// Certificates of clients.
    ClientCertificate,
    /// Limits per client.
    RateLimit,
    /// A web application firewall.
    Waf,
    /// Raw configuration that refuses requests.
    Snippet,
}

/// One key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Annotation {
    /// The key without prefix.
    pub key: &'static str,
    /// Where it acts.
    pub scope: Scope,
    /// What becomes of it, in the usual case.
    pub verdict: Verdict,
    /// How the value is read.
    pub value: ValueKind,
    /// What it does, after the words "the annotation".
    pub effect: &'static str,
    /// What to do about its loss or change.
    pub advice: &'static str,
    /// Keys of which one must be in force, or this one does nothing.
    pub helper_of: &'static [&'static str],
    /// The access control that it is part of.
    pub control: Option<Control>,
    /// Severity where nothing carries it.
    pub loss: Severity,
    /// An invalid value makes the controller refuse the location or the Ingress; else its default holds.
    pub is_denied_when_invalid: bool,
    /// The experimental channel has a field for it (MIG802).
    pub has_experimental_field: bool,
}

impl Annotation {
    #[expect(clippy::too_many_arguments, reason = "one row of the table, column by column")]
    const fn new(
        key: &'static str,
        scope: Scope,
        verdict: Verdict,
        value: ValueKind,
        effect: &'static str,
        advice: &'static str,
    ) -> Self {
        Self {
            key,
            scope,
            verdict,
            value,
            effect,
            advice,
            helper_of: &[],
            control: None,
            loss: Severity::Warning,
            is_denied_when_invalid: false,
            has_experimental_field: false,
        }
    }

    const fn helper_of(mut self, keys: &'static [&'static str]) -> Self {
        self.helper_of = keys;
        self
    }

    const fn control(mut self, control: Control) -> Self {
        self.control = Some(control);
        self
    }

    const fn loss(mut self, severity: Severity) -> Self {
        self.loss = severity;
        self
    }

    const fn denied_when_invalid(mut self) -> Self {
        self.is_denied_when_invalid = true;
        self
    }

    const fn experimental_field(mut self) -> Self {
        self.has_experimental_field = true;
        self
    }

    /// The finding that reports it in the usual case; a lost access control is [`code::ACCESS_CONTROL_LOST`] besides.
    #[must_use]
    pub fn code(&self) -> Code {
        if self.value == ValueKind::Snippet {
            return code::SNIPPET;
        }
        if self.control == Some(Control::ClientCertificate) && self.helper_of.is_empty() {
            return code::CLIENT_CERTIFICATE_SCOPE;
        }
        match self.verdict {
            Verdict::Exact => code::ANNOTATION_CONVERTED,
            Verdict::Approx => code::ANNOTATION_APPROXIMATED,
            Verdict::Policy => code::ANNOTATION_NEEDS_POLICY,
            Verdict::None | Verdict::Global => code::ANNOTATION_LOST,
            Verdict::Inert => code::ANNOTATION_INERT,
        }
    }

    /// The access control that this value asks for, if any (§0). In doubt there is one: what is not understood
    /// must not be opened.
    #[must_use]
    pub fn guards(&self, value: &str) -> Option<Control> {
        let value = value.trim();
        let is_asked = match self.value {
            ValueKind::Bool => truth(value) != Some(false),
            ValueKind::Integer => value.parse::<i64>().map_or(true, |number| number > 0),
            ValueKind::Enum(_) if self.key == "satisfy" => !value.eq_ignore_ascii_case("all"),
            ValueKind::Enum(_) => value != "off",
            // Other text may be harmless; the firewall's own text never is.
            ValueKind::Snippet => self.control != Some(Control::Snippet) || snippet::refuses(value),
            ValueKind::OnOff
            | ValueKind::Size
            | ValueKind::Status
            | ValueKind::Url
            | ValueKind::Path
            | ValueKind::Hosts
            | ValueKind::Header
            | ValueKind::Name
            | ValueKind::Cidrs
            | ValueKind::List
            | ValueKind::Regex
            | ValueKind::SecretName
            | ValueKind::ConfigMapName
            | ValueKind::Text => true,
        };
        self.control.filter(|_| is_asked && !value.is_empty())
    }
}

/// A truth value as Go spells it.
#[must_use]
pub fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Other spellings of a key, and the key that wins if both are given.
pub static ALIASES: [(&str, &str); 2] =
    [("limit-whitelist", "limit-allowlist"), ("whitelist-source-range", "allowlist-source-range")];

static GROUPS: [&[Annotation]; 6] = [access::KEYS, backend::KEYS, cors::KEYS, misc::KEYS, routing::KEYS, traffic::KEYS];

/// Keys that the controller read once. It ignores them now.
pub static REMOVED: [&str; 7] = [
    "add-base-url",
    "base-url-scheme",
    "enable-influxdb",
    "enable-opentracing",
    "grpc-backend",
    "secure-backends",
    "session-cookie-hash",
];

/// Beginnings of further keys that the controller read once.
pub static REMOVED_PREFIXES: [&str; 4] = ["global-rate-limit", "influxdb-", "lua-resty-waf", "opentracing-"];

/// Did the controller read this key once?
#[must_use]
pub fn is_removed(key: &str) -> bool {
    REMOVED.contains(&key) || REMOVED_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// All keys, by group.
pub fn annotations() -> impl Iterator<Item = &'static Annotation> {
    GROUPS.iter().flat_map(|group| group.iter())
}

/// The canonical spelling of a key.
#[must_use]
pub fn canonical(key: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == key).map_or(key, |(_, canonical)| canonical)
}

/// The row of a key without prefix, or of its canonical spelling.
#[must_use]
pub fn find(key: &str) -> Option<&'static Annotation> {
    let key = canonical(key);
    GROUPS.iter().find_map(|group| {
        let at = group.binary_search_by_key(&key, |row| row.key).ok()?;
        group.get(at)
    })
}

#[cfg(test)]
mod tests;
