//! A network that is packed into bytes comes out of them as it was: everything that the pages of `docs/semantics` hold.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use conformance::{corpus, literate};
use model::Snapshot;
use model::pack::{Pack as _, Packer, Unpacker};
use testkit::Topology;

#[test]
fn every_topology_comes_out_as_it_was() {
    let folder = corpus::root().join("docs/semantics");
    let mut n_bytes = 0;
    for (name, page) in literate::pages(&folder).unwrap() {
        for block in &page.blocks {
            let snapshot = Topology::parse(&block.text).unwrap().snapshot();
            let mut packer = Packer::default();
            snapshot.pack(&mut packer);
            let bytes = packer.finish();
            n_bytes += bytes.len();
            let mut reader = Unpacker::new(&bytes).unwrap();
            let unpacked = Snapshot::unpack(&mut reader).unwrap();
            let place = format!("{name} line {}", block.line);
            assert!(reader.is_at_end(), "{place}");
            assert_eq!(format!("{unpacked:?}"), format!("{snapshot:?}"), "{place}");
        }
    }
    assert!(0 < n_bytes, "no page holds a topology");
}
