//! The names that a mistyped one may have meant.

use report::escape;

/// How much of a name has to be right for it to be suggested.
const ENOUGH: f64 = 0.75;

/// The known name that is most like a text, if one is like it at all. Among equals, the first.
pub(crate) fn nearest<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = text.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let likeness = likeness(&wanted, &name.to_lowercase());
        if likeness >= ENOUGH && best.is_none_or(|(before, _)| before < likeness) {
            best = Some((likeness, name));
        }
    }
    best.map(|(_, name)| name)
}

/// From 0 to 1. A long common beginning counts for much: ids and names differ at their ends.
fn likeness(wanted: &str, name: &str) -> f64 {
    if wanted.is_empty() || name.is_empty() {
        return 0.0;
    }
    let is_long = wanted.chars().count() >= 3;
    let part = if is_long && name.contains(wanted) {
        0.9
    } else {
        0.0
    };
    let one_slip = strsim::damerau_levenshtein(wanted, name) == 1;
    let slip = if is_long && one_slip { 0.8 } else { 0.0 };
    let edits = strsim::normalized_damerau_levenshtein(wanted, name);
    let beginning = strsim::jaro_winkler(wanted, name) - 0.1;
    edits.max(beginning).max(part).max(slip)
}

/// `did you mean …?`, or nothing.
pub(crate) fn suggestion<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(text, known).map_or_else(String::new, |name| {
        format!(", did you mean `{}`?", escape::terminal(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let keys = ["name", "type", "region", "group"];
        assert_eq!(nearest("nmae", keys), Some("name"));
        assert_eq!(nearest("groups", keys), Some("group"));
        assert_eq!(nearest("Region", keys), Some("region"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("", keys), None);
    }
}
