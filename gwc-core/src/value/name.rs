//! Nearest names, for "did you mean".

/// Edit distance of two texts (insert, delete, replace, swap of neighbours), at most `limit + 1`.
#[must_use]
pub fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit || a.len().max(b.len()) > 253 {
        return limit + 1;
    }
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, right) in b.iter().enumerate() {
            let replace = last[j] + usize::from(left != right);
            row[j + 1] = replace.min(last[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right;
            if swapped {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()].min(limit + 1)
}

/// The candidate nearest to `text` within edit distance 2 (1 for texts under four characters); the first of equals.
pub fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = if text.chars().count() < 4 { 1 } else { 2 };
    let scored = candidates.into_iter().map(|candidate| {
        let case_only = candidate.eq_ignore_ascii_case(text);
        (if case_only { 0 } else { distance(text, candidate, limit) }, candidate)
    });
    scored.filter(|(score, _)| *score <= limit).min_by_key(|(score, _)| *score).map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_accepts_two_edits_and_case() {
        assert_eq!(nearest("htpps", ["http", "https"]), Some("https"));
        assert_eq!(nearest("HTTPS", ["http", "https"]), Some("https"));
        assert_eq!(nearest("store-v22", ["store", "store-v2"]), Some("store-v2"));
        assert_eq!(nearest("abc", ["xyz"]), None);
    }
}
