#![allow(clippy::all, missing_docs)]
use gwc_core::{admission::{admit,Operation}, profile::*, source::*, yaml::parse::parse};
#[test] fn time(){
 let mut text=String::from("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: store\n  namespace: shop\n  labels: {app: a, team: b}\nspec:\n  parentRefs:\n  - name: gw\n    namespace: infra\n    sectionName: https\n  hostnames: [store.example.com, www.store.example.com]\n  rules:\n");
 for i in 0..5 { text+=&format!("  - matches:\n    - path: {{type: PathPrefix, value: /api/v{i}}}\n      method: GET\n      headers:\n      - {{name: X-Env, value: prod}}\n    filters:\n    - type: RequestHeaderModifier\n      requestHeaderModifier:\n        set:\n        - {{name: X-Version, value: v{i}}}\n    backendRefs:\n    - name: api-v{i}\n      port: 8080\n      weight: 90\n    - name: api-canary\n      port: 8080\n      weight: 10\n"); }
 println!("{} bytes", text.len());
 let mut m=SourceMap::new(); let id=m.add(Source::from_bytes("a",Origin::Memory,Role::Checked,true,text.into_bytes()));
 let root=parse(id,m.source(id))[0].root.clone().unwrap();
 let v=admit(&root,Target::default(),Operation::Create); println!("{:?}",v.errors);
 for _ in 0..3 { let t=std::time::Instant::now(); let mut n=0; for _ in 0..20000 { n+=admit(&root,Target::default(),Operation::Create).errors.len(); }
 println!("{:?} per object {n}", t.elapsed()/20000); }
 let t=std::time::Instant::now(); for _ in 0..20000 { std::hint::black_box(root.clone()); } println!("clone {:?}", t.elapsed()/20000);
}
