//! Paths, hosts, regular expressions, rewrites and backends (§9.1, §9.2, §9.4).

use gwc_core::ingress::nginx::Config;

use crate::model::{Ask, Model, ingress, ingress_in};

fn of(paths: &[&str]) -> Model {
    Model::new(&ingress("web", &[], "a.io", paths))
}

fn annotated(annotations: &[&str], paths: &[&str]) -> Model {
    Model::new(&ingress("web", annotations, "a.io", paths))
}

#[test]
fn t01_a_prefix_ends_at_an_element() {
    of(&["P /foo s"]).answers(&[
        ("http://a.io/foo", "n/s:80 /foo"),
        ("http://a.io/foo/x?y=1", "n/s:80 /foo/x?y=1"),
        ("http://a.io/foobar", "404"),
        ("http://a.io/Foo", "404"),
        ("http://a.io/fo%6F/x", "n/s:80 /fo%6F/x"),
        ("http://a.io//foo//x", "n/s:80 //foo//x"),
        ("http://a.io/x/../foo/x", "n/s:80 /x/../foo/x"),
        ("http://a.io/foo%2Fx", "n/s:80 /foo%2Fx"),
        ("http://b.io/foo", "404"),
    ]);
}

#[test]
fn t02_t03_a_final_slash_is_redirected_to() {
    for more in [&["P /foo/ s"][..], &["P /foo/ s", "P / r"]] {
        of(more).answers(&[
            ("http://a.io/foo", "301 http://a.io/foo/"),
            ("http://A.io:8080/foo?a=b", "301 http://a.io/foo/?a=b"),
            ("https://a.io/foo", "301 https://a.io/foo/"),
            ("http://a.io/foo/x", "n/s:80 /foo/x"),
        ]);
    }
}

#[test]
fn t04_another_path_takes_the_place_of_the_redirect() {
    let model = of(&["P /foo/ s", "P /foo r"]);
    assert_eq!(model.servers.repeated("a.io").collect::<Vec<_>>(), ["/foo/"]);
    assert_eq!(of(&["P /foo/ s", "E /foo r"]).servers.repeated("a.io").count(), 0);
    model.answers(&[
        ("http://a.io/foo", "n/r:80 /foo"),
        ("http://a.io/foo/", "n/s:80 /foo/"),
        ("http://a.io/foo/x", "n/s:80 /foo/x"),
    ]);
}

#[test]
fn t05_exact_paths_redirect_too() {
    of(&["E /foo/ s"]).answers(&[
        ("http://a.io/foo", "301 http://a.io/foo/"),
        ("http://a.io/foo/", "n/s:80 /foo/"),
        ("http://a.io/foo/x", "404"),
    ]);
}

#[test]
fn t06_t25_implementation_specific_and_empty_paths_are_prefixes() {
    of(&["I /foo s"]).answers(&[("http://a.io/foo/x", "n/s:80 /foo/x"), ("http://a.io/foobar", "404")]);
    of(&["I - s"]).answers(&[("http://a.io/x", "n/s:80 /x")]);
}

#[test]
fn t14_t20_hosts() {
    let rules: &[(&str, &[&str])] = &[("*.a.io", &["P / s"]), ("b.io", &["P / r"])];
    Model::new(&ingress_in("n", "web", &[], rules, "")).answers(&[
        ("http://x.a.io/", "n/s:80 /"),
        ("http://x.y.a.io/", "404"),
        ("http://a.io/", "404"),
        ("http://B.IO:80/", "n/r:80 /"),
        ("http://b.io./", "n/r:80 /"),
    ]);
}

#[test]
fn t17_a_host_does_not_fall_through() {
    let rules: &[(&str, &[&str])] = &[("", &["P /x h"]), ("a.io", &["P /y s"])];
    let yaml = ingress_in("n", "web", &[], rules, "").replace("- host: \"\"", "- host:");
    Model::new(&yaml).answers(&[
        ("http://a.io/x", "404"),
        ("http://a.io/y", "n/s:80 /y"),
        ("http://other.io/x", "n/h:80 /x"),
    ]);
}

const DEFAULT: &str = "  defaultBackend: {service: {name: d, port: {number: 80}}}\n";

#[test]
fn t24_t65_t66_default_backends() {
    let without_paths = Model::new(&ingress_in("n", "web", &[], &[("a.io", &[])], ""));
    without_paths.answers(&[("http://a.io/x", "404")]);
    let with_default = Model::new(&ingress_in("n", "web", &[], &[("a.io", &[])], DEFAULT));
    with_default.answers(&[("http://a.io/x", "n/d:80 /x"), ("http://b.io/x", "404")]);

    let ignored = [
        "rewrite-target: /z",
        "permanent-redirect: http://b.io",
        "force-ssl-redirect: true",
        "app-root: /home",
        "use-regex: true",
    ];
    let catch_all = ingress_in("n", "web", &ignored, &[], DEFAULT);
    Model::new(&catch_all).answers(&[("http://a.io/x", "n/d:80 /x"), ("http://a.io/", "n/d:80 /")]);
    assert!(!Model::new(&catch_all).servers.is_regex_host("_"));
    let disabled = Config { disable_catch_all: true, ..Config::default() };
    assert_eq!(Model::configured(&catch_all, disabled).ask(&Ask::get("http://a.io/x")), "404");

    let rules: &[(&str, &[&str])] = &[("a.io", &["P /x s"])];
    let first = ingress_in("n", "z", &[], rules, DEFAULT);
    let second = ingress_in("n", "a", &[], &[("a.io", &["P /w s"])], &DEFAULT.replace("name: d", "name: e"));
    Model::new(&format!("{first}{second}")).answers(&[
        ("http://a.io/x", "n/s:80 /x"),
        ("http://a.io/w", "n/s:80 /w"),
        ("http://a.io/y", "n/d:80 /y"),
        ("http://b.io/y", "404"),
    ]);
}

#[test]
fn t26_t27_one_regex_makes_the_host_regex() {
    let a = ingress("a", &["use-regex: true"], "a.io", &["I /a.* r"]);
    let b = ingress_in("m", "b", &[], &[("a.io", &["P /foo s", "E /x t"])], "");
    let model = Model::new(&format!("{a}{b}"));
    assert!(model.servers.is_regex_host("a.io") && !model.servers.is_regex_host("_"));
    model.answers(&[
        ("http://a.io/FOO", "m/s:80 /FOO"),
        ("http://a.io/foobar", "m/s:80 /foobar"),
        ("http://a.io/xyz", "m/t:80 /xyz"),
        ("http://a.io/Abc", "n/r:80 /Abc"),
    ]);
}

#[test]
fn t28_longer_texts_first() {
    let paths = ["I /foo/bar/.+ any", "I /foo/bar/[A-Z0-9]{3} three", "I /foo/bar/bar bar"];
    annotated(&["use-regex: true"], &paths).answers(&[
        ("http://a.io/foo/bar/bar", "n/three:80 /foo/bar/bar"),
        ("http://a.io/foo/bar/x", "n/any:80 /foo/bar/x"),
    ]);
}

#[test]
fn t29_only_the_first_branch_is_anchored() {
    annotated(&["use-regex: true"], &["I /a|/b s"]).answers(&[
        ("http://a.io/x/b", "n/s:80 /x/b"),
        ("http://a.io/x/a", "404"),
        ("http://a.io/ab", "n/s:80 /ab"),
    ]);
}

#[test]
fn t30_what_the_engine_cannot_run_is_said() {
    let model = annotated(&["use-regex: true"], &["I /(?!admin).* s", "I /long-enough-to-come-first/x r"]);
    model.answers(&[
        ("http://a.io/long-enough-to-come-first/x", "n/r:80 /long-enough-to-come-first/x"),
        ("http://a.io/x", "unknown ^/(?!admin).*"),
    ]);
}

#[test]
fn t31_t32_metacharacters_stay() {
    annotated(&["use-regex: true"], &["I /v1.0/x s", r"I /img/.*\.(png|jpg)$ t"]).answers(&[
        ("http://a.io/v1x0/x", "n/s:80 /v1x0/x"),
        ("http://a.io/img/a.png", "n/t:80 /img/a.png"),
        ("http://a.io/img/a.pngx", "404"),
    ]);
}

#[test]
fn t33_t41_a_target_without_groups_replaces_everything() {
    annotated(&["rewrite-target: /"], &["P /api s"]).answers(&[
        ("http://a.io/api/x", "n/s:80 /"),
        ("http://a.io/api/x?q=1", "n/s:80 /?q=1"),
        ("http://a.io/apix", "n/s:80 /"),
    ]);
}

#[test]
fn t34_to_t37_t39_groups() {
    let rewritten = |path: &str, target: &str| annotated(&[&format!("rewrite-target: {target}")], &[path]);
    rewritten("I /api(/|$)(.*) s", "/$2").answers(&[
        ("http://a.io/api", "n/s:80 /"),
        ("http://a.io/api/x?y", "n/s:80 /x?y"),
        ("http://a.io/API/a%20b", "n/s:80 /a%20b"),
        ("http://a.io/apix", "404"),
    ]);
    rewritten("I /api(/|$)(.*) s", "/v2/$2").answers(&[("http://a.io/api", "n/s:80 /v2/")]);
    rewritten("I /api/(.*) s", "/$1").answers(&[("http://a.io/api", "404"), ("http://a.io/api/x", "n/s:80 /x")]);
    rewritten("I /opt/?(.*) s", "/$1").answers(&[("http://a.io/optional", "n/s:80 /ional")]);
    rewritten(r"I /u/(\d+)/(.*) s", "/x/$2/$1/$3").answers(&[("http://a.io/u/7/z", "n/s:80 /x/z/7/")]);
}

#[test]
fn t38_a_refused_target_rewrites_nothing() {
    let model = annotated(&["rewrite-target: /user?id=$1"], &[r"I /u/(\d+)/(.*) s"]);
    assert_eq!(model.servers.annotations(0).expect("is there").unused, ["rewrite-target"]);
    assert!(!model.servers.is_regex_host("a.io"));
}

#[test]
fn t40_the_slash_makes_the_target_another_text() {
    let model = annotated(&["rewrite-target: /foo"], &["P /foo s"]);
    assert!(model.servers.is_regex_host("a.io"));
    model.answers(&[("http://a.io/foo", "n/s:80 /foo"), ("http://a.io/foobar", "n/s:80 /foobar")]);
    annotated(&["rewrite-target: /foo"], &["P /foo/ s"]).answers(&[("http://a.io/foo/x", "n/s:80 /foo")]);
}

#[test]
fn t68_t69_the_first_ingress_wins() {
    let with_time = |name: &str, time: &str, service: &str| {
        let one = ingress(name, &[], "a.io", &[&format!("P /x {service}")]);
        one.replace("  annotations:", &format!("  creationTimestamp: {time}\n  annotations:"))
    };
    let older = with_time("a", "2024-01-01T00:00:00Z", "old");
    let newer = with_time("b", "2024-01-02T00:00:00Z", "new");
    Model::new(&format!("{newer}{older}")).answers(&[("http://a.io/x", "n/old:80 /x")]);
    let same = with_time("b", "2024-01-01T00:00:00Z", "second");
    Model::new(&format!("{older}{same}")).answers(&[("http://a.io/x", "n/second:80 /x")]);
}

#[test]
fn t70_types_stand_side_by_side() {
    of(&["E /x e", "P /x p"]).answers(&[("http://a.io/x", "n/e:80 /x"), ("http://a.io/x/y", "n/p:80 /x/y")]);
}

#[test]
fn t71_t72_ports() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: \"n\"}\nspec: {ports: [{name: web, port: 80, targetPort: 8080}, {name: admin, port: 81, targetPort: adm}]}\n";
    let yaml = ingress("web", &[], "a.io", &["P /a s:web", "P /b s:8080", "P /c s:adm", "P /d s:9", "P /e gone:web"]);
    Model::new(&format!("{yaml}{service}")).answers(&[
        ("http://a.io/a", "n/s:80 /a"),
        ("http://a.io/b", "n/s:80 /b"),
        ("http://a.io/c", "n/s:81 /c"),
        ("http://a.io/d", "503"),
        ("http://a.io/e", "n/gone:web /e"),
    ]);
}

#[test]
fn t73_external_names() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: \"n\"}\nspec: {type: ExternalName, externalName: b.io}\n";
    let yaml = ingress("web", &[], "a.io", &["P /a s"]) + service;
    Model::new(&yaml).answers(&[("http://a.io/a", "n/s:80 /a")]);
    let flags = [("--disable-svc-external-name".to_owned(), String::new())].into();
    let without = Model::configured(&yaml, Config::default().with_flags(&flags));
    without.answers(&[("http://a.io/a", "503")]);
}

#[test]
fn t74_resources_are_passed_over() {
    let yaml = ingress("web", &[], "a.io", &["P /a s", "P /a/b t"]);
    let resource = "{resource: {kind: Bucket, name: b}}";
    let yaml = yaml.replace("{service: {name: t, port: {number: 80}}}", resource);
    Model::new(&yaml).answers(&[("http://a.io/a/b", "n/s:80 /a/b")]);
}

#[test]
fn t79_the_host_that_is_sent() {
    annotated(&["upstream-vhost: b.io"], &["P / s"]).answers(&[("http://a.io/", "n/s:80 / host b.io")]);
    annotated(&["upstream-vhost: $host"], &["P / s"]).answers(&[("http://a.io/", "unknown $host")]);
}

#[test]
fn t80_t81_classes() {
    let other = ingress("web", &[], "a.io", &["P / s"]).replace("ingressClassName: nginx", "ingressClassName: traefik");
    Model::new(&other).answers(&[("http://a.io/", "404")]);
    let by_annotation = ingress("web", &[], "a.io", &["P / s"])
        .replace("  ingressClassName: nginx\n", "")
        .replace("note: x", "kubernetes.io/ingress.class: traefik");
    Model::new(&by_annotation).answers(&[("http://a.io/", "404")]);
    let classless = ingress("web", &[], "a.io", &["P / s"]).replace("  ingressClassName: nginx\n", "");
    let class = "---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: kong, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\"}}\nspec: {controller: x.io/kong}\n";
    Model::new(&classless).answers(&[("http://a.io/", "n/s:80 /")]);
    Model::new(&format!("{classless}{class}")).answers(&[("http://a.io/", "404")]);
}

#[test]
fn the_text_of_the_api() {
    let rules: &[(&str, &[&str])] = &[("a.io", &["P /foo/ s", "E /foo e", "P / r", "I /i i"]), ("*.b.io", &["P / w"])];
    let model = Model::new(&ingress_in("n", "web", &[], rules, DEFAULT));
    for (url, expected) in [
        ("http://a.io/foo", "n/e:80 /foo"),
        ("http://a.io/foo/x", "n/s:80 /foo/x"),
        ("http://a.io/foobar", "n/r:80 /foobar"),
        ("http://a.io/i/x", "unknown /i"),
        ("http://x.b.io/", "n/w:80 /"),
        ("http://b.io/", "n/d:80 /"),
    ] {
        assert_eq!(model.ask_generic(&Ask::get(url)), expected, "{url}");
    }
}
