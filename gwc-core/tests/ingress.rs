//! The models of Ingress controllers: the cases of ingress-migrate.md §9 that say what the source does, by their ids;
//! laws on generated input; and, where nginx is installed, the same answers from nginx itself.

#![expect(clippy::disallowed_methods, reason = "a test starts nginx")]

#[path = "ingress/access.rs"]
mod access;
#[path = "ingress/cases.rs"]
mod cases;
#[path = "ingress/generate.rs"]
mod generate;
#[path = "ingress/model.rs"]
mod model;
#[path = "ingress/nginx.rs"]
mod nginx;
#[path = "ingress/policy.rs"]
mod policy;
#[path = "suite/random.rs"]
mod random;
#[path = "ingress/render.rs"]
mod render;
#[path = "ingress/tls.rs"]
mod tls;

use model::Model;

/// No input makes the models panic, and the order of the input says nothing.
#[test]
fn models_never_panic_and_ignore_the_order_of_the_input() {
    let mut random = random::Random(11);
    for round in 0..150 {
        let world = generate::world(&mut random, generate::Style::Wild);
        let mut turned = world.clone();
        turned.reverse();
        let (one, other) = (Model::new(&world.concat()), Model::new(&turned.concat()));
        for _ in 0..40 {
            let request = generate::request(&mut random);
            let answer = one.ask(&request);
            assert_eq!(answer, one.ask(&request), "round {round}: {request:?}");
            assert_eq!(answer, other.ask(&request), "round {round}: {request:?}\n{}", world.concat());
            assert_eq!(one.ask_generic(&request), one.ask_generic(&request));
        }
    }
}
