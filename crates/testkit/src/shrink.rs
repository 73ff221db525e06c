//! The smallest network that still shows a fault.

use model::Snapshot;

use crate::{Topology, print};

/// Takes away resources, lines and words for as long as `fails` holds, and gives the text that is left.
///
/// # Cost
///
/// Some hundred calls of `fails` for a network of [`random_network`](crate::random_network).
pub fn shrink(snapshot: &Snapshot, fails: impl Fn(&Snapshot) -> bool) -> String {
    let still_fails = |lines: &[String]| {
        Topology::parse(&lines.join("\n")).is_ok_and(|topology| fails(&topology.snapshot()))
    };
    let mut lines: Vec<String> = print(snapshot).lines().map(str::to_owned).collect();
    loop {
        let before = lines.clone();
        remove_ranges(&mut lines, &still_fails, blocks);
        remove_ranges(&mut lines, &still_fails, single_lines);
        remove_words(&mut lines, &still_fails);
        if lines == before {
            return lines.join("\n") + "\n";
        }
    }
}

/// Where one part of a text starts, and how many lines it has.
type Range = (usize, usize);

/// Every statement together with the indented lines that belong to it.
fn blocks(lines: &[String]) -> Vec<Range> {
    let is_start = |line: &&str| !line.starts_with(' ');
    let starts = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| is_start(&line.as_str()));
    let starts: Vec<usize> = starts.map(|(start, _)| start).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| (start, end - start))
        .collect()
}

fn single_lines(lines: &[String]) -> Vec<Range> {
    (0..lines.len()).map(|line| (line, 1)).collect()
}

/// Removes every range that can go, from the last to the first.
fn remove_ranges(
    lines: &mut Vec<String>,
    still_fails: &impl Fn(&[String]) -> bool,
    ranges: fn(&[String]) -> Vec<Range>,
) {
    for (start, length) in ranges(lines).into_iter().rev() {
        let mut candidate = lines.clone();
        candidate.drain(start..start + length);
        if still_fails(&candidate) {
            *lines = candidate;
        }
    }
}

/// Removes single words, and words with the one behind them, from the ends of lines.
fn remove_words(lines: &mut Vec<String>, still_fails: &impl Fn(&[String]) -> bool) {
    for number in 0..lines.len() {
        let mut at = 2;
        while let Some(line) = lines.get(number) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.len() <= at {
                break;
            }
            let indent = if line.starts_with(' ') { "  " } else { "" };
            let without = |length: usize| {
                let kept = words.iter().enumerate();
                let kept = kept.filter(|(place, _)| *place < at || at + length <= *place);
                let kept: Vec<&str> = kept.map(|(_, word)| *word).collect();
                let mut candidate = lines.clone();
                if let Some(slot) = candidate.get_mut(number) {
                    *slot = format!("{indent}{}", kept.join(" "));
                }
                candidate
            };
            let smaller = [2, 1]
                .map(without)
                .into_iter()
                .find(|candidate| still_fails(candidate));
            match smaller {
                Some(candidate) => *lines = candidate,
                None => at += 1,
            }
        }
    }
}
