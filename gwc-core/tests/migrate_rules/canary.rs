//! Canaries (§3.5).

use gwc_core::prove::Kind;

use crate::case::{Found, Ing, assert_lines, ing, plan};

fn canary(edit: impl Fn(Ing) -> Ing) -> Found {
    let canary = edit(ing("canary").set("canary", "true")).path("P /x c");
    plan(&[ing("web").path("P /x s"), canary])
}

#[test]
fn weights() {
    assert_lines(&canary(|one| one.set("canary-weight", "10")), &["both ^/x → s*9 c*1"]); // T83
    let found = canary(|one| one.set("canary-weight", "25").set("canary-weight-total", "50")); // T84
    assert_lines(&found, &["both ^/x → s*3 c*1"]);
    let found = canary(|one| one.set("canary-weight", "300").set("canary-weight-total", "1000")); // T85
    assert_lines(&found, &["both ^/x → s*7 c*3"]);
    assert_lines(&canary(|one| one), &["both ^/x → s"]);
}

#[test]
fn headers() {
    let found = canary(|one| one.set("canary-by-header", "X-C").set("canary-weight", "50")); // T86
    assert_lines(&found, &["both ^/x {X-C=always} → c", "both ^/x {X-C=never} → s", "both ^/x → s*1 c*1"]);
    assert_eq!(found.planned.len(), 1, "they stay together");
    let found = canary(|one| {
        one.set("canary-by-header", "X-C").set("canary-by-header-value", "v").set("canary-by-header-pattern", "w")
    }); // T87
    assert_lines(&found, &["both ^/x {X-C=v} → c", "both ^/x → s"]);
    let found = canary(|one| one.set("canary-by-header", "X-C").set("canary-by-header-pattern", "^b|c"));
    assert_lines(&found, &["both ^/x {X-C~.*(?:^b|c).*} → c", "both ^/x → s"]);
    let found = canary(|one| one.set("canary-by-header", "X_C")); // T94
    assert_lines(&found, &["both ^/x → s"]);
}

#[test]
fn cookies() {
    let found = canary(|one| one.set("canary-by-cookie", "c")); // T88
    assert_lines(
        &found,
        &[
            r"both ^/x {Cookie~^(?:.*;\s*)?c=always(?:\s*;.*)?$} → c",
            r"both ^/x {Cookie~^(?:.*;\s*)?c=never(?:\s*;.*)?$} → s",
            "both ^/x → s",
        ],
    );
    assert!(found.codes().contains_key("MIG303") && found.allows(&Kind::CanaryCookie));
    let value = &found.planned[0].rules[0].matches[0].headers[0].value;
    let pattern = gwc_core::value::pattern::Pattern::new(value).expect("is a pattern");
    assert!(
        pattern.is_match(b"x=1; c=always; y=2") && !pattern.is_match(b"xc=always") && !pattern.is_match(b"c=alwaysx")
    );
}

#[test]
fn a_canary_acts_wherever_its_service_is_used() {
    let weighted = ing("canary").set("canary", "true").set("canary-weight", "50").path("P /x c");
    let found = plan(&[ing("web").path("P /x s"), ing("two").path("P /y s"), weighted]); // T91
    assert_lines(&found, &["both ^/y → s*1 c*1", "both ^/x → s*1 c*1"]);
}
