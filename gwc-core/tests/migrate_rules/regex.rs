//! Hosts of regular expressions: translation, rewrites, order (§2.15, §3.4, §3.6).

use gwc_core::migrate::options::SimplifyRegex;
use gwc_core::prove::Kind;

use crate::case::{assert_lines, ing, options, plan, plan_with};

#[test]
fn every_path_of_the_host_is_an_expression() {
    let a = ing("a").set("use-regex", "true").path("I /a.* s");
    let found = plan(&[a, ing("b").path("P /foo t")]); // T26
    assert_lines(&found, &["both ~(?i)^(?:/foo.*)$ → t", "both ~(?i)^(?:/a.*)$ → s"]);
    let found = plan(&[ing("a").set("use-regex", "true").path("E /x s").path("I /y.* s")]); // T27
    assert_lines(&found, &["both ~(?i)^(?:/y.*)$ → s", "both ~(?i)^(?:/x.*)$ → s"]);
}

#[test]
fn expressions_are_translated() {
    let found = plan(&[ing("a").set("use-regex", "true").path("I /a|/b s")]); // T29
    assert_lines(&found, &["both ~(?i)^(?:/a.*|.*/b.*)$ → s"]);
    let found = plan(&[ing("a").set("use-regex", "true").path(r"I /img/.*\.(png|jpg)$ s")]); // T32
    assert_lines(&found, &[r"both ~(?i)^(?:/img/.*\.(png|jpg))$ → s"]);
    let found = plan(&[ing("a").set("use-regex", "true").path("I /v1.0/x s")]); // T31
    assert_lines(&found, &["both ~(?i)^(?:/v1.0/x.*)$ → s"]);
    assert_eq!(found.codes().get("MIG303"), Some(&1));
}

#[test]
fn what_re2_does_not_have_is_an_error() {
    let found = plan(&[ing("a").set("use-regex", "true").path("I /(?!admin).* s").path("I /ok.* s")]); // T30
    assert_lines(&found, &["both ~(?i)^(?:/ok.*)$ → s"]);
    let item = found.item("MIG305");
    assert!(item.message.contains("look-ahead"), "{}", item.message);
    assert!(found.allows(&Kind::Dropped));
}

#[test]
fn order_that_is_not_defined_is_an_error() {
    let example = ing("a")
        .set("use-regex", "true")
        .path("I /foo/bar/bar s1")
        .path("I /foo/bar/[A-Z0-9]{3} s2")
        .path("I /foo/bar/.+ s3"); // T28
    let found = plan(&[example]);
    assert_lines(&found, &["both ~(?i)^(?:/foo/bar/[A-Z0-9]{3}.*)$ → s2", "both ~(?i)^(?:/foo/bar/.+.*)$ → s3"]);
    // The literal gets no request: `[A-Z0-9]{3}` takes `/foo/bar/bar` before it, whatever its case.
    let item = found.item("MIG304");
    assert!(item.message.contains("/foo/bar/aaa"), "{}", item.message);
    assert!(found.planned.iter().all(|one| one.rank.is_some()));
}

#[test]
fn a_catch_all_contests_nothing() {
    let found = plan(&[ing("a").set("use-regex", "true").path("I /api/v[0-9]+ s").path("P / r")]);
    assert_lines(&found, &["both ~(?i)^(?:/api/v[0-9]+.*)$ → s", "both ^/ → r"]);
    assert_eq!(found.codes().get("MIG304"), None);
    assert!(found.planned.iter().all(|one| one.rank.is_none()));
}

#[test]
fn what_comes_first_is_never_shorter() {
    let found = plan(&[ing("a").set("use-regex", "true").path("I /a/[b-d]c$ s").path("I /a/[a-z]. t")]);
    let lengths: Vec<usize> = found.planned.iter().map(|one| one.rules[0].matches[0].path.1.chars().count()).collect();
    assert!(lengths[0] >= lengths[1], "{:?}", found.lines());
    assert!(found.lines()[0].contains("(?:)"), "or the example is no longer one: {:?}", found.lines());
}

#[test]
fn literals_become_prefixes_where_the_user_wants_it() {
    let mut options = options();
    options.simplify_regex = SimplifyRegex::On;
    let one = || ing("a").set("use-regex", "true").path("I /foo/bar s").path("I /foo t").path("I /x[0-9] u");
    let found = plan_with(&[one()], &options);
    assert_lines(&found, &["both ^/foo/bar → s", "both ~(?i)^(?:/x[0-9].*)$ → u", "both ^/foo → t"]);
    assert!(found.allows(&Kind::LetterCase) && found.allows(&Kind::StringPrefix));
    assert_eq!((found.codes()["MIG301"], found.codes()["MIG306"]), (2, 2));
    options.simplify_regex = SimplifyRegex::Auto;
    assert!(plan_with(&[one()], &options).lines().iter().all(|line| line.contains('~')), "one is no literal");
}

#[test]
fn a_target_without_groups_replaces_everything() {
    let found = plan(&[ing("a").set("rewrite-target", "/").path("P /api s")]); // T33
    assert_lines(&found, &["both ~(?i)^(?:/api.*)$ [full /] → s"]);
    // After step G the path is `/foo/`, which is not the target (T40).
    let found = plan(&[ing("a").set("rewrite-target", "/foo").path("P /foo s")]);
    assert_lines(&found, &["both ~(?i)^(?:/foo/.*)$ [full /foo] → s", "both ~(?i)^(?:/foo.*)$ → s"]);
}

#[test]
fn shapes_become_prefixes() {
    let rewritten = |path: &str, target: &str| plan(&[ing("a").set("rewrite-target", target).path(path)]);
    let found = rewritten("I /api(/|$)(.*) s", "/$2"); // T34
    assert_lines(&found, &["both ^/api [prefix /] → s"]);
    assert!(found.item("MIG306").message.contains("/API"));
    assert!(found.allows(&Kind::LetterCase) && !found.allows(&Kind::StringPrefix));
    let found = rewritten("I /api(/|$)(.*) s", "/v2/$2"); // T35
    assert_lines(&found, &["both =/api [full /v2/] → s", "both ^/api [prefix /v2] → s"]);
    let found = rewritten("I /opt/?(.*) s", "/$1"); // T37
    assert_lines(&found, &["both ^/opt [prefix /] → s"]);
    assert!(found.codes().contains_key("MIG301") && found.allows(&Kind::StringPrefix));
    assert_lines(&rewritten("I /(.*) s", "/$1"), &["both ~(?i)^(?:/(.*))$ → s"]);
}

#[test]
fn the_bare_path_goes_where_the_controller_sends_it() {
    let found = plan(&[ing("a").set("rewrite-target", "/$1").path("I /api/(.*) s")]); // T36
    assert_lines(&found, &["both =/api closed MIG302", "both ^/api [prefix /] → s"]);
    let found = plan(&[ing("a").set("rewrite-target", "/$1").path("I /api/(.*) s"), ing("b").path("P / r")]);
    assert_lines(&found, &["both =/api → r", "both ^/api [prefix /] → s", "both ^/ → r"]);
}

#[test]
fn captures_that_no_filter_says_close_the_rule() {
    let found = plan(&[ing("a").set("rewrite-target", "/x/$2/$1").path(r"I /u/(\d+)/(.*) s").path("P /y s")]); // T39
    let lines = found.lines();
    assert_eq!(lines[0], r"both ~(?i)^(?:/u/(\d+)/(.*))$ closed MIG503");
    assert!(found.allows(&Kind::Closed));
    assert_eq!(found.item("MIG503").severity, gwc_core::diagnostic::Severity::Error);
}

#[test]
fn the_forwarded_prefix_needs_a_rewrite() {
    let found = plan(&[ing("a").set("x-forwarded-prefix", "/api").path("P /x s")]); // T42
    assert_lines(&found, &["both ^/x → s"]);
    assert!(found.codes().contains_key("MIG505"));
    let found =
        plan(&[ing("a").set("x-forwarded-prefix", "/api").set("rewrite-target", "/$2").path("I /api(/|$)(.*) s")]);
    assert_lines(&found, &[r#"both ^/api [request [("X-Forwarded-Prefix", "/api")] [], prefix /] → s"#]);
}
