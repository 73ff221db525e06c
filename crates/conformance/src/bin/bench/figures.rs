//! Figures that a measuring process hands to the one that prints: lines of name and number.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::Result;

/// Figures by name; durations are nanoseconds, memory is bytes.
#[derive(Debug, Default, Clone)]
pub(crate) struct Figures {
    by_name: BTreeMap<String, u64>,
}

impl Figures {
    /// What a process printed.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        let numbers =
            pairs.filter_map(|(name, number)| Some((name.to_owned(), number.parse().ok()?)));
        Self {
            by_name: numbers.collect(),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.by_name.get(name).copied()
    }

    /// A number with commas; `–` if it was not measured.
    pub(crate) fn count(&self, name: &str) -> String {
        self.number(name).map_or_else(absent, grouped)
    }

    pub(crate) fn time(&self, name: &str) -> String {
        self.number(name).map_or_else(absent, time)
    }

    pub(crate) fn bytes(&self, name: &str) -> String {
        self.number(name).map_or_else(absent, megabytes)
    }
}

fn absent() -> String {
    "–".into()
}

/// Tells a figure to the process that prints.
pub(crate) fn tell(name: &str, number: u64) {
    println!("{name}={number}");
}

/// Tells how long something took.
pub(crate) fn tell_time(name: &str, duration: Duration) {
    tell(name, u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
}

/// Tells the most memory that this process has held so far, as Linux tells it.
pub(crate) fn tell_peak(name: &str) -> Result {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    tell(
        name,
        kilobytes.ok_or("no VmHWM in /proc/self/status")? * 1024,
    );
    Ok(())
}

/// A duration in a unit that suits it.
pub(crate) fn time(nanoseconds: u64) -> String {
    let (unit, name) = match nanoseconds {
        0..1_000 => return format!("{nanoseconds} ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    let hundredths = nanoseconds / (unit / 100).max(1);
    format!("{}.{:02} {name}", hundredths / 100, hundredths % 100)
}

pub(crate) fn megabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The exponent of growth that fits best: the slope of a line through the logarithms.
pub(crate) fn exponent(points: &[(u64, u64)]) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "figures to be printed")]
    let logarithms: Vec<(f64, f64)> = points
        .iter()
        .map(|(size, cost)| ((*size as f64).ln(), (*cost as f64).max(1.0).ln()))
        .collect();
    if logarithms.len() < 2 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    let n_points = logarithms.len() as f64;
    let (x, y) = logarithms
        .iter()
        .fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (x, y) = (x / n_points, y / n_points);
    let above: f64 = logarithms.iter().map(|at| (at.0 - x) * (at.1 - y)).sum();
    let below: f64 = logarithms.iter().map(|at| (at.0 - x).powi(2)).sum();
    Some(above / below)
}
