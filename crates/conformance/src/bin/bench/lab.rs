//! Recorded networks.

use std::path::Path;
use std::time::Instant;

use conformance::both::{Both, question};
use conformance::{case, table};
use packet::Family;

use crate::Result;
use crate::figures::{tell, tell_peak, tell_time};

/// All probes of a lab, by both implementations, as one batch.
pub(crate) fn measure(folder: &Path) -> Result {
    let started = Instant::now();
    let rows = table::read(&folder.join("probes.csv"))?;
    let snapshot = case::load(&folder.join("aws_configs"))?;
    let both = Both::new(&snapshot);
    for row in &rows {
        let source: std::net::IpAddr = row.get("src").parse()?;
        let target: std::net::IpAddr = row.get("dst").parse()?;
        let service = case::service(row.get("proto"), row.get("dport"), Family::of(target));
        let asked = question(service.ok_or("no such service")?, target);
        let answers = both.ask(testkit::endpoint_at(&snapshot, source), asked);
        answers.ok_or("the question fits no packet")?;
    }
    tell_time("wall", started.elapsed());
    tell("probes", u64::try_from(rows.len())?);
    tell_peak("peak")
}
