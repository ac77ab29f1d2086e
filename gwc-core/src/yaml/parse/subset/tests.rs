//! The fast reader against the event reader: same tree, same places, same comments, or it gives up.

use std::path::{Path, PathBuf};

use super::read;
use crate::source::{Origin, Role, Source, SourceMap};
use crate::yaml::parse::{events, text};
use crate::yaml::split;

/// Pieces that mutations put in.
const PIECES: &[&str] = &[
    ": ", ":", "- ", "-", "\n", "  ", " ", "{", "}", "[", "]", "\"", "'", "#", " # c", "|", "|-\n", ">", "&a", "*a",
    "? ", ",", "~", "true", "0x1", "---", "...", "\t", "\r\n", "é", "<<: ", "!!str ", "\\", "%", "@", "`", "null",
    "- - ", "1.5",
];

#[expect(clippy::disallowed_methods, reason = "tests read fixtures and shared data")]
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![root.join("../fixtures"), root.join("../../shared/examples")];
    folders.extend([root.join("../../shared/conformance/v1.6.1"), root.join("../../shared/crds")]);
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    assert!(texts.len() > 50, "fixtures are there");
    texts
}

/// Compares both readers on every document; how many the fast one took, and how many there are.
#[track_caller]
fn agree(text: &str) -> (usize, usize) {
    let mut sources = SourceMap::new();
    let source = Source::from_bytes("t", Origin::Memory, Role::Checked, true, text.as_bytes().to_vec());
    let id = sources.add(source);
    let (mut taken, mut all) = (0, 0);
    for chunk in split::chunks(text, 0) {
        // Those never reach either reader.
        if text::bad_character(&text[chunk.start..chunk.end]).is_some() {
            continue;
        }
        all += 1;
        let Some(fast) = read(text, chunk.content, chunk.end) else { continue };
        taken += 1;
        let slow = events::read(id, text, chunk.content, chunk.end);
        let shown = &text[chunk.content..chunk.end];
        assert_eq!(slow.problems, [], "{shown}");
        assert_eq!(fast.root, slow.root, "{shown}");
        assert_eq!(fast.comments, slow.comments, "{shown}");
    }
    (taken, all)
}

#[test]
fn reads_what_the_event_reader_reads() {
    let (mut taken, mut all) = (0, 0);
    for text in texts().iter().filter(|text| text.len() < 500_000) {
        let (fast, documents) = agree(text);
        taken += fast;
        all += documents;
    }
    println!("the fast reader took {taken} of {all} documents");
    assert!(taken * 2 > all, "the fast reader gives up too often: {taken} of {all}");
}

#[test]
fn mutated_texts_read_alike() {
    let texts: Vec<String> = texts().into_iter().filter(|text| text.len() < 3000).collect();
    let rounds = option_env!("GWC_MUTATIONS").and_then(|rounds| rounds.parse().ok()).unwrap_or(5_000);
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut below = move |limit: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % limit.max(1) as u64).unwrap()
    };
    for _ in 0..rounds {
        let mut text = texts[below(texts.len())].clone();
        for _ in 0..1 + below(3) {
            let mut at = below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let mut to = (at + below(6)).min(text.len());
            while !text.is_char_boundary(to) {
                to += 1;
            }
            let piece = if below(3) == 0 { "" } else { PIECES[below(PIECES.len())] };
            text.replace_range(if below(2) == 0 { at..to } else { at..at }, piece);
        }
        agree(&text);
    }
}
