//! The verifier of migrations: equal pairs of Ingresses and manifests, named breaks of the translation with a true
//! witness each, allowances that cover no more than they say, and mutants (ingress-migrate.md §7, §9 T128, T142).

#[path = "prove/allowances.rs"]
mod allowances;
#[path = "prove/breaks.rs"]
mod breaks;
#[path = "prove/converted.rs"]
mod converted;
#[path = "prove/equal.rs"]
mod equal;
#[path = "prove/generate.rs"]
mod generate;
#[path = "prove/mutants.rs"]
mod mutants;
#[path = "prove/pair.rs"]
mod pair;
#[path = "suite/random.rs"]
mod random;
#[path = "prove/yaml.rs"]
mod yaml;
