//! Division of listeners: examples of ingress-migrate.md §5.1, and laws on generated hosts.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

const HTTP: Section = Section { port: 80, scheme: Scheme::Http };
const HTTPS: Section = Section { port: 443, scheme: Scheme::Https };
const SETS: Mode = Mode::Auto { has_listener_sets: true };
const NO_SETS: Mode = Mode::Auto { has_listener_sets: false };

fn unit(host: &str, namespace: &str, sections: &[Section]) -> Unit {
    Unit { host: host.into(), namespace: namespace.into(), sections: sections.to_vec() }
}

fn tls_hosts(n: usize) -> Vec<Unit> {
    (0..n).map(|i| unit(&format!("h{i}.example.com"), "shop", &[HTTPS])).collect()
}

fn run(hostless: &[Section], units: &[Unit], mode: Mode) -> Plan {
    plan(&Request { gateway: "nginx", hostless, units, mode }).expect("a division")
}

fn names(plan: &Plan) -> Vec<String> {
    let name = |holder: &Holder| match &holder.namespace {
        None => format!("Gateway {} {}", holder.name.text, holder.slots.len()),
        Some(namespace) => format!("ListenerSet {namespace}/{} {}", holder.name.text, holder.slots.len()),
    };
    plan.holders.iter().map(name).collect()
}

/// Numbers that look random and are the same on each run.
struct Dice(u64);

impl Dice {
    fn upto(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

fn generated(dice: &mut Dice, n: usize) -> Vec<Unit> {
    let tls = Section { port: 443, scheme: Scheme::Tls };
    let shapes: [&[Section]; 4] = [&[HTTP], &[HTTPS], &[HTTP, HTTPS], &[HTTP, tls]];
    let unit = |i: usize, dice: &mut Dice| {
        unit(&format!("h{i}.team{}.io", dice.upto(5)), &format!("ns{}", dice.upto(3)), shapes[dice.upto(4)])
    };
    (0..n).map(|i| unit(i, dice)).collect()
}

/// Every listener stands in one object (those of no host in each Gateway), none holds too many, names are unique.
fn check_laws(plan: &Plan, hostless: &[Section], units: &[Unit]) {
    let mut seen: BTreeMap<(Option<String>, Section), usize> = BTreeMap::new();
    for holder in &plan.holders {
        assert!((1..=MAX_LISTENERS).contains(&holder.slots.len()), "{:?}: {}", holder.name, holder.slots.len());
        for slot in &holder.slots {
            *seen.entry((slot.host.clone(), slot.section)).or_default() += 1;
        }
    }
    for section in hostless {
        assert_eq!(seen.remove(&(None, *section)), Some(plan.n_gateways()));
    }
    for unit in units {
        let taken = unit.sections.iter().all(|at| seen.remove(&(Some(unit.host.clone()), *at)) == Some(1));
        assert!(taken, "{unit:?}");
        if plan.way == Way::Gateways {
            let holders = unit.sections.iter().map(|at| plan.holder(Some(&unit.host), *at).unwrap().name.text.clone());
            assert_eq!(holders.collect::<BTreeSet<_>>().len(), 1, "{unit:?} is divided");
        }
    }
    assert!(seen.is_empty(), "invented: {seen:?}");
    let names: BTreeSet<_> = plan.holders.iter().map(|holder| (&holder.namespace, &holder.name.text)).collect();
    assert_eq!(names.len(), plan.holders.len());
}

#[test]
fn up_to_the_limit_one_gateway_holds_all() {
    for mode in [SETS, NO_SETS, Mode::Gateway] {
        let plan = run(&[HTTP], &tls_hosts(63), mode);
        assert_eq!(names(&plan), ["Gateway nginx 64"]);
        assert_eq!(plan.way, Way::One);
    }
    assert_ne!(run(&[HTTP], &tls_hosts(64), NO_SETS).way, Way::One);
}

#[test]
fn seventy_tls_hosts_of_one_namespace() {
    // The example of §5.1, T60.
    let with_sets = run(&[HTTP], &tls_hosts(70), SETS);
    let (zeros, ones) = tls_hosts(70)
        .iter()
        .fold((0, 0), |(zeros, ones), unit| if bit(&unit.host, 0) { (zeros, ones + 1) } else { (zeros + 1, ones) });
    let expected = [
        "Gateway nginx 1".to_owned(),
        format!("ListenerSet shop/nginx {zeros}"),
        format!("ListenerSet shop/nginx-b1 {ones}"),
    ];
    assert_eq!(names(&with_sets), expected);
    assert_eq!(with_sets.way, Way::ListenerSets);
    let gateways = run(&[HTTP], &tls_hosts(70), NO_SETS);
    assert_eq!(names(&gateways), [format!("Gateway nginx {}", zeros + 1), format!("Gateway nginx-b1 {}", ones + 1)]);
    assert_eq!((gateways.way, gateways.n_gateways()), (Way::Gateways, 2));
}

#[test]
fn bits_are_those_of_sha_256() {
    // `printf a.io | sha256sum` begins with 0d.
    let first: String = (0..8).map(|at| if bit("a.io", at) { '1' } else { '0' }).collect();
    assert_eq!(u8::from_str_radix(&first, 2).unwrap(), 0x0d);
    assert!(!bit("a.io", 256), "beyond the end");
}

#[test]
fn generated_hosts_keep_the_laws_in_any_order() {
    let mut dice = Dice(6);
    for n in [0, 1, 31, 64, 65, 130, 400, 1000] {
        let mut units = generated(&mut dice, n);
        for mode in [SETS, NO_SETS, Mode::Gateway, Mode::ListenerSet] {
            let before = run(&[HTTP], &units, mode);
            check_laws(&before, &[HTTP], &units);
            let at = dice.upto(n.max(1)).min(n);
            units.rotate_left(at);
            assert_eq!(run(&[HTTP], &units, mode), before, "order of the input");
        }
    }
}

#[test]
fn a_new_host_touches_one_object_or_divides_one() {
    let mut dice = Dice(13);
    let units = generated(&mut dice, 300);
    let mut n_moves = 0;
    for n in 60..150 {
        for mode in [NO_SETS, Mode::ListenerSet] {
            let before = run(&[HTTP], &units[..n], mode);
            let after = run(&[HTTP], &units[..=n], mode);
            let lost: Vec<&Holder> = before.holders.iter().filter(|holder| !after.holders.contains(holder)).collect();
            // A host has its clear listener in the Gateway and the others in a ListenerSet.
            let limit = if mode == NO_SETS { 1 } else { 2 };
            // The host with which the clear listeners no longer fit in the Gateway moves them all, once (§5.1).
            let keeps_clear = |plan: &Plan| plan.holders[0].slots.iter().any(|slot| slot.host.is_some());
            let moves_all = mode == Mode::ListenerSet && keeps_clear(&before) != keeps_clear(&after);
            n_moves += usize::from(moves_all);
            assert!(lost.len() <= limit || moves_all, "{n} {mode:?}: {}", lost.len());
        }
    }
    assert_eq!(n_moves, 1);
}

#[test]
fn the_gateway_keeps_clear_listeners_while_they_fit() {
    let units: Vec<Unit> = (0..63).map(|i| unit(&format!("h{i}.io"), "shop", &[HTTP, HTTPS])).collect();
    let plan = run(&[HTTP], &units, SETS);
    assert_eq!(names(&plan), ["Gateway nginx 64", "ListenerSet shop/nginx 63"]);
    let units: Vec<Unit> = (0..64).map(|i| unit(&format!("h{i}.io"), "shop", &[HTTP, HTTPS])).collect();
    let plan = run(&[HTTP], &units, SETS);
    assert_eq!(plan.holders[0].slots, [Slot { host: None, section: HTTP }]);
    check_laws(&plan, &[HTTP], &units);
}

#[test]
fn a_gateway_is_never_left_without_a_listener() {
    let units = [unit("b.io", "shop", &[HTTPS]), unit("a.io", "web", &[HTTPS])];
    let plan = run(&[], &units, Mode::ListenerSet);
    assert_eq!(names(&plan), ["Gateway nginx 1", "ListenerSet shop/nginx 1"]);
    assert_eq!(plan.holders[0].slots[0].host.as_deref(), Some("a.io"));
}

#[test]
fn listeners_stand_by_port_and_reversed_name() {
    let units = [
        unit("b.a.io", "x", &[HTTP, HTTPS]),
        unit("*.a.io", "x", &[HTTP]),
        unit("a.io", "x", &[HTTP]),
        unit("z.example.com", "x", &[HTTP]),
    ];
    let plan = run(&[HTTP, HTTPS], &units, NO_SETS);
    let shown = plan.holders[0].slots.iter().map(|slot| name::section(slot.section.scheme, slot.host.as_deref()).text);
    let expected =
        ["http-z-example-com", "http-a-io", "http-wildcard-a-io", "http-b-a-io", "http", "https-b-a-io", "https"];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn what_cannot_be_divided_is_refused() {
    let many: Vec<Section> = (1..=65).map(|port| Section { port, scheme: Scheme::Http }).collect();
    let request = |hostless: &[Section], units: &[Unit], mode| plan(&Request { gateway: "g", hostless, units, mode });
    assert_eq!(request(&many, &[], NO_SETS), Err(Refusal::Overfull));
    assert_eq!(request(&many[..64], &[unit("a.io", "x", &[HTTPS])], NO_SETS), Err(Refusal::Overfull));
    assert_eq!(request(&[], &[unit("a.io", "x", &many)], Mode::ListenerSet), Err(Refusal::Overfull));
    let twice = [unit("a.io", "x", &[HTTP]), unit("a.io", "y", &[HTTP])];
    assert_eq!(request(&[], &twice, SETS), Err(Refusal::Repeated));
    // Beside 64 listeners of no host there is room in ListenerSets.
    assert!(request(&many[..64], &[unit("a.io", "x", &[HTTPS])], SETS).is_ok());
}
