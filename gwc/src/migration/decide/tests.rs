//! Flags and the table `[migrate]` become the converter's options.

use super::*;

fn decided(words: Decisions) -> Decided {
    decide(&words, None).unwrap()
}

fn refused(words: &Decisions) -> String {
    decide(words, None).unwrap_err().message
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn defaults_are_those_of_the_library() {
    let decided = decided(Decisions::default());
    assert_eq!(decided.options, Options::new(Target::default()));
    assert_eq!((decided.out, decided.fail_on), (Out::Stdout, Severity::Error));
    assert_eq!(decided.verify, Verify { level: Some(Level::Fast), budget: 20_000 });
}

#[test]
fn contradictions_are_refused() {
    let gateway = text("infra/web");
    let both = Decisions { gateway: gateway.clone(), gateway_mode: text("shared"), ..Decisions::default() };
    assert!(refused(&both).contains("--gateway-mode writes Gateways"));
    let existing = Decisions { gateway, gateway_mode: text("existing"), ..Decisions::default() };
    assert_eq!(decided(existing).options.gateways, GatewayMode::Existing(ObjectKey::new("infra", "web")));
    let no_gateway = Decisions { gateway_mode: text("existing"), ..Decisions::default() };
    assert!(refused(&no_gateway).contains("--gateway NS/NAME"));
    let layout = Decisions { layout: text("per-kind"), out: text("x.yaml"), ..Decisions::default() };
    assert!(refused(&layout).contains("--out DIR/"));
    let ports = Decisions { http_port: Some(443), ..Decisions::default() };
    assert!(refused(&ports).contains("two different ports"));
    let record = Decisions { record: Some("a".into()), verify: text("off"), ..Decisions::default() };
    assert!(refused(&record).contains("--verify fast"));
}

#[test]
fn what_is_not_built_says_so() {
    let emit = Decisions { emit: vec!["standard".into(), "istio".into()], ..Decisions::default() };
    assert!(refused(&emit).starts_with("--emit istio: only `standard`"));
    let provider = Decisions { provider: text("traefik"), ..Decisions::default() };
    assert!(refused(&provider).contains("not built yet"));
    let typo = Decisions { provider: text("ingres-nginx"), ..Decisions::default() };
    assert!(refused(&typo).contains("did you mean `ingress-nginx`?"));
}

#[test]
fn flags_of_the_controller() {
    let args = "--enable-ssl-passthrough --ingress-class internal --default-ssl-certificate=a/b \
                --watch-ingress-without-class=true --annotations-prefix=x.io";
    let decided = decided(Decisions { controller_args: text(args), ..Decisions::default() });
    assert_eq!(decided.options.flag("enable-ssl-passthrough"), Some("true"));
    assert_eq!(decided.options.flag("default-ssl-certificate"), Some("a/b"));
    assert_eq!(decided.options.annotation_prefix, "x.io");
    assert_eq!(decided.classes.unclassed.as_deref(), Some("internal"));
    assert!(controller_flags("ssl").is_err());
}

#[test]
fn flags_win_over_the_table_and_accepted_losses_add_up() {
    let mut loaded = Loaded::default();
    loaded.config.migrate = Decisions {
        accept: vec!["MIG504:a/b".into()],
        fail_on: text("warning"),
        keep_labels: Some(true),
        out: text("out/"),
        ..Decisions::default()
    };
    let flags = Decisions {
        accept: vec!["MIG511:a/b".into()],
        keep_labels: Some(false),
        class: text("web"),
        ..Decisions::default()
    };
    let merged = merged(&flags, &loaded, Path::new("/repo")).unwrap();
    assert_eq!(merged.accept, ["MIG504:a/b", "MIG511:a/b"]);
    assert_eq!((merged.fail_on.as_deref(), merged.keep_labels), (Some("warning"), Some(false)));
    assert_eq!((merged.out.as_deref(), merged.class.as_deref()), (Some("/repo/out/"), Some("web")));
}
