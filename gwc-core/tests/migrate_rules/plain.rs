//! Hosts without regular expressions (§2.2, §2.3).

use gwc_core::prove::Kind;

use crate::case::{assert_lines, ing, plan};

#[test]
fn a_prefix_and_its_bare_path_are_one_rule() {
    assert_lines(&plan(&[ing("web").path("P /foo s")]), &["both ^/foo → s"]); // T01
    assert_lines(&plan(&[ing("web").path("I /foo s")]), &["both ^/foo → s"]); // T06
    assert_lines(&plan(&[ing("web").path("I  s")]), &["both ^/ → s"]); // T25
}

#[test]
fn a_slash_is_added_where_nothing_takes_the_bare_path() {
    let redirect = "both =/foo [301 full /foo/]";
    let found = plan(&[ing("web").path("P /foo/ s")]); // T02
    assert_lines(&found, &["both ^/foo → s", redirect]);
    assert_eq!(found.codes().get("MIG302"), Some(&1));
    assert_lines(&plan(&[ing("web").path("P /foo/ s").path("P / r")]), &["both ^/foo → s", redirect, "both ^/ → r"]); // T03
    assert_lines(&plan(&[ing("web").path("E /foo/ s")]), &["both =/foo/ → s", redirect]); // T05
    let found = plan(&[ing("web").path("P /foo/ s").path("P /foo r")]); // T04
    assert_lines(&found, &["both ^/foo → s", "both =/foo → r"]);
    let found = plan(&[ing("web").path("E /foo r").path("P /foo s")]); // T70
    assert_lines(&found, &["both =/foo → r", "both ^/foo → s"]);
}

#[test]
fn one_slash_is_added_once() {
    let found = plan(&[ing("web").path("E /foo/ r").path("P /foo/ s")]);
    let n_redirects = found.lines().iter().filter(|line| line.contains("301")).count();
    assert_eq!(n_redirects, 1, "{:?}", found.lines());
}

#[test]
fn paths_are_written_as_the_api_takes_them() {
    let found = plan(&[ing("web").path("P /a b s").path("P /ü s")]); // T12
    assert_lines(&found, &["both ^/a%20b → s", "both ^/%C3%BC → s"]);
    assert!(found.codes()["MIG307"] >= 2, "{:?}", found.codes());
    let found = plan(&[ing("web").path("I /a//b s").path("P /c s")]); // T13
    assert_lines(&found, &["both ^/c → s"]);
    assert_eq!(found.item("MIG209").severity, gwc_core::diagnostic::Severity::Error);
    assert!(found.allows(&Kind::Dropped));
}

#[test]
fn a_default_backend_takes_the_rest_of_its_hosts() {
    let found = plan(&[ing("web").path("P /x s").default_backend("d")]); // T66
    assert_lines(&found, &["both ^/x → s", "both ^/ → d"]);
    assert_lines(&plan(&[ing("all").default_backend("d")]), &["both ^/ → d"]); // T65
    let found =
        plan(&[ing("all").default_backend("d").set("rewrite-target", "/x").set("permanent-redirect", "https://b.io")]);
    assert_lines(&found, &["both ^/ → d"]);
}

#[test]
fn normalisation_is_said_once() {
    let found = plan(&[ing("web").path("P /foo s"), ing("two").host("b.io").path("P /foo s")]);
    assert_eq!(found.codes().get("MIG307"), Some(&1));
    assert!(found.allows(&Kind::Normalisation));
}

#[test]
fn comments_name_the_path() {
    let found = plan(&[ing("web").path("P /foo s").path("I /bar s")]);
    let comments: Vec<&str> = found
        .planned
        .iter()
        .flat_map(|one| &one.rules)
        .flat_map(|rule| rule.comments.iter().map(String::as_str))
        .collect();
    assert_eq!(comments, ["n/web /foo Prefix", "n/web /bar"]);
}
