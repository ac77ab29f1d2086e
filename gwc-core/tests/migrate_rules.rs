//! Rules that locations become (ingress-migrate.md §2.14, §2.15, §3.3 to §3.8, §5.6): cases of §9 on the level of rules,
//! before they are put into routes.

#[path = "migrate_rules/access.rs"]
mod access;
#[path = "migrate_rules/canary.rs"]
mod canary;
#[path = "migrate_rules/case.rs"]
mod case;
#[path = "migrate_rules/filters.rs"]
mod filters;
#[path = "migrate_rules/law.rs"]
mod law;
#[path = "prove/pair.rs"]
mod pair;
#[path = "migrate_rules/plain.rs"]
mod plain;
#[path = "migrate_rules/protocol.rs"]
mod protocol;
#[path = "suite/random.rs"]
mod random;
#[path = "migrate_rules/redirect.rs"]
mod redirect;
#[path = "migrate_rules/regex.rs"]
mod regex;
