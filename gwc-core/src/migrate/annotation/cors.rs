//! Keys about scripts of other origins.

use crate::migrate::annotation::{Annotation, Scope, ValueKind, Verdict};

/// By key.
pub(super) static KEYS: &[Annotation] = &[
    Annotation::new(
        "cors-allow-credentials",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Bool,
        "lets scripts send credentials",
        "name the origins, if credentials are needed: with `*` browsers refuse them",
    )
    .helper_of(&["enable-cors"]),
    Annotation::new(
        "cors-allow-headers",
        Scope::Location,
        Verdict::Exact,
        ValueKind::List,
        "lists the headers that scripts may send",
        "nothing; the filter carries the list",
    )
    .helper_of(&["enable-cors"]),
    Annotation::new(
        "cors-allow-methods",
        Scope::Location,
        Verdict::Exact,
        ValueKind::List,
        "lists the methods that scripts may use",
        "nothing; the filter carries the list",
    )
    .helper_of(&["enable-cors"]),
    Annotation::new(
        "cors-allow-origin",
        Scope::Location,
        Verdict::Approx,
        ValueKind::List,
        "lists the origins that may ask",
        "name the origins: a wildcard of a Gateway takes deeper names too",
    )
    .helper_of(&["enable-cors"]),
    Annotation::new(
        "cors-expose-headers",
        Scope::Location,
        Verdict::Exact,
        ValueKind::List,
        "lists the headers that scripts may read",
        "nothing; the filter carries the list",
    )
    .helper_of(&["enable-cors"]),
    Annotation::new(
        "cors-max-age",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Integer,
        "says how long browsers keep the answer to a preflight, in seconds",
        "nothing; the filter carries the time",
    )
    .helper_of(&["enable-cors"]),
    Annotation::new(
        "enable-cors",
        Scope::Location,
        Verdict::Approx,
        ValueKind::Bool,
        "answers requests of scripts from other origins",
        "check clients that send OPTIONS without being a browser: a Gateway answers only preflights",
    ),
];
