//! Nearest match for a misspelt word: one small edit distance.

/// The candidate that is nearest to `word`, if it is near enough to be what was meant.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let scored = candidates.into_iter().map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate));
    scored.filter(|(score, _)| *score <= limit).min().map(|(_, candidate)| candidate)
}

/// `; did you mean X?` or nothing.
pub(crate) fn hint<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    nearest(word, candidates).map(|found| format!("; did you mean `{found}`?")).unwrap_or_default()
}

/// Edit distance where a swap of two neighbours counts once.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let swapped = i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x;
            let plain = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            row.push(if swapped { plain.min(before[j - 1] + 1) } else { plain });
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typos_and_refuses_strangers() {
        assert_eq!(nearest("recomended", ["strict", "recommended"]), Some("recommended"));
        assert_eq!(nearest("chekc", ["check", "status"]), Some("check"));
        assert_eq!(nearest("zebra", ["check", "status"]), None);
        assert_eq!(distance("abc", "acb"), 1);
        assert_eq!(distance("", "abc"), 3);
    }
}
