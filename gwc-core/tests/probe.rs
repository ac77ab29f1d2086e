//! x
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{LineIndex, Origin, Role, Source, SourceMap};
fn files(dir: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    if dir.is_file() { out.push(dir.to_owned()); return; }
    for e in std::fs::read_dir(dir).unwrap().flatten() {
        let p = e.path();
        if p.is_dir() { files(&p, out) } else if p.extension().is_some_and(|e| e == "yaml") { out.push(p) }
    }
    out.sort();
}
#[test]
fn probe() {
    let dir = std::env::var("PROBE").unwrap();
    let each = std::env::var("EACH").is_ok();
    let min = std::env::var("MIN").unwrap_or_default();
    let mut all = Vec::new();
    files(std::path::Path::new(&dir), &mut all);
    let groups: Vec<Vec<std::path::PathBuf>> = if each { all.into_iter().map(|p| vec![p]).collect() } else { vec![all] };
    for group in groups {
        let mut sources = SourceMap::new();
        for p in &group {
            let name = p.strip_prefix(&dir).unwrap_or(p).display().to_string();
            sources.add(Source::from_bytes(name, Origin::File, Role::Checked, false, std::fs::read(p).unwrap()));
        }
        let c = gwc_core::compile(&sources, &Profile::new(WorldMode::Auto, 1_780_272_000));
        for f in &c.diagnostics.0 {
            let shown = format!("{:?}", f.severity);
            if min == "E" && shown != "Error" { continue; }
            if min == "W" && shown != "Error" && shown != "Warning" { continue; }
            let s = sources.source(f.primary.source);
            let at = LineIndex::new(&s.text).line_column(&s.text, f.primary.start);
            println!("{}:{}:{} {shown} {} {:?} {}", s.name, at.line, at.column, f.code.number, f.basis, f.message);
            if std::env::var("V").is_ok() {
                println!("    effect {:?}\n    help {:?}\n    notes {:?}\n    assume {:?}\n    cond {:?}", f.effect, f.help, f.notes, f.assumptions, f.conditions.iter().map(|c| format!("{}={}/{} {:?}", c.r#type, c.status, c.reason, c.parent)).collect::<Vec<_>>());
                for l in &f.labels { let s = sources.source(l.span.source); let at = LineIndex::new(&s.text).line_column(&s.text, l.span.start); println!("    label {}:{}:{} {}", s.name, at.line, at.column, l.text); }
                for x in &f.fixes { println!("    fix {:?} {} {:?}", x.applicability, x.title, x.edits.iter().map(|e| &e.text).collect::<Vec<_>>()); }
            }
        }
    }
}
