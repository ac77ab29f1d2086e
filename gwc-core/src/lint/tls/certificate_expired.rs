//! GWC4004 `certificate-expired`: a certificate is expired, not yet valid, or about to expire.
//!
//! # What it checks
//! The first certificate of every Secret that a listener serves, or that a Gateway shows to backends, against the time
//! of the run (`--now`). A certificate that ends within `days` (option of this rule, 21 by default) is a warning.
//!
//! # Why it matters
//! Clients refuse the handshake. No condition says so: listener and Gateway stay Programmed=True.
//!
//! # Example
//! ```yaml
//! # gwc check --now 2026-01-01T00:00:00Z
//! kind: Secret
//! type: kubernetes.io/tls
//! stringData:
//!   tls.crt: certificate that ended on 2021-01-01
//! ```
//!
//! # Fix
//! Renew the certificate and replace the Secret.
//!
//! # Specification
//! RFC 5280 §4.1.2.5; Gateway `spec.listeners[].tls.certificateRefs`

use crate::api::core::Secret;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, rule};
use crate::lint::finding::certificate::Certificate as Use;
use crate::lint::finding::{about, named};
use crate::lint::{Cx, Docs, Lint};

use super::certificate_use::{Unusable, by_secret, certificate, place, valid, with_uses};

/// GWC4004.
pub(super) static LINT: Lint = Lint {
    code: rule::CERTIFICATE_EXPIRED,
    docs: Docs {
        summary: "a certificate is expired, not yet valid, or about to expire",
        what: "The first certificate of every Secret that a listener serves, or that a Gateway shows to \
              backends, against the time of the run (`--now`). A certificate that ends within `days` \
              (option of this rule, 21 by default) is a warning.",
        why: "Clients refuse the handshake. No condition says so: listener and Gateway stay \
              Programmed=True.",
        bad: r#"# gwc check --now 2026-01-01T00:00:00Z
kind: Secret
type: kubernetes.io/tls
stringData:
  tls.crt: certificate that ended on 2021-01-01
"#,
        good: r#"kind: Secret
type: kubernetes.io/tls
stringData:
  tls.crt: certificate that ends in 2120
"#,
        fix: "Renew the certificate and replace the Secret.",
        spec: "RFC 5280 §4.1.2.5; Gateway `spec.listeners[].tls.certificateRefs`",
    },
    check: Some(check),
};

const DAY: i64 = 86_400;

/// What the clock says about a certificate.
enum Age {
    /// It begins later; the day.
    NotYet(i64),
    /// It has ended; the day.
    Expired(i64),
    /// It ends in so many days; the day.
    Ends(i64, i64),
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, uses) in by_secret(cx, valid) {
        let secret = &cx.graph.secrets[id];
        let age = certificate(secret).and_then(|certificate| age(cx, &certificate));
        let finding = age.and_then(|age| diagnostic(secret, &age, &uses));
        out.0.extend(finding.map(|finding| with_uses(cx, finding, &uses, Unusable::No)));
    }
}

fn age(cx: &Cx<'_>, certificate: &crate::certificate::Certificate) -> Option<Age> {
    let (now, days) = (cx.profile.now, cx.profile.rule_options.expiry_days);
    if now < certificate.not_before {
        return Some(Age::NotYet(certificate.not_before));
    }
    let left = certificate.not_after.saturating_sub(now);
    if left < 0 {
        return Some(Age::Expired(certificate.not_after));
    }
    (left < days.saturating_mul(DAY)).then_some(Age::Ends(left / DAY, certificate.not_after))
}

fn diagnostic(secret: &Secret, age: &Age, uses: &[Use<'_>]) -> Option<Diagnostic> {
    let span = secret.value("tls.crt").map_or(secret.meta.name_span, |value| value.span);
    let (meta, span) = place(secret, span, uses)?;
    let name = named(&secret.meta);
    let (message, effect, severity) = match age {
        Age::NotYet(day) => (
            format!("the certificate of {name} is not valid before {}", date(*day)),
            "clients refuse the handshake until then, while every condition stays True",
            Severity::Error,
        ),
        Age::Expired(day) => (
            format!("the certificate of {name} expired on {}", date(*day)),
            "clients refuse the handshake, while every condition stays True",
            Severity::Error,
        ),
        Age::Ends(left, day) => (
            format!("the certificate of {name} expires on {}, in {left} days", date(*day)),
            "clients will refuse the handshake from then on",
            Severity::Warning,
        ),
    };
    let mut finding = about(meta, rule::CERTIFICATE_EXPIRED, span, message).effect(effect);
    finding.severity = severity;
    Some(finding.primary_label("the first certificate counts").help("renew the certificate and replace the Secret"))
}

/// Day of a time in seconds since 1970, as `2026-01-31` (days to civil date, Gregorian calendar).
fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(DAY) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (year_of_era + era * 400, if month < 10 { month + 3 } else { month - 9 });
    format!("{:04}-{month:02}-{day:02}", if month <= 2 { year + 1 } else { year })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        let cases = [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_609_459_200, "2021-01-01")];
        for (seconds, expected) in cases {
            assert_eq!(date(seconds), expected);
        }
        assert_eq!(date(-1), "1969-12-31");
    }
}
