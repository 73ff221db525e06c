//! The published schemas are those of the views. `WATERTIGHT_BLESS=1` publishes them anew.
#![expect(clippy::tests_outside_test_module, reason = "an integration test")]

use std::path::Path;

use report::View;

#[test]
fn every_json_has_a_published_schema() {
    let schemas = [
        ("audit", report::audit::AuditView::schema()),
        ("batch", report::batch::schema()),
        ("blast", report::blast::BlastView::schema()),
        ("cut", report::cut::CutView::schema()),
        (
            "diagnostics",
            report::diagnostics::DiagnosticsView::schema(),
        ),
        ("difference", report::difference::DifferenceView::schema()),
        ("exposed", report::exposed::ExposedView::schema()),
        ("inventory", report::inventory::InventoryView::schema()),
        ("origins", report::origins::OriginsView::schema()),
        ("paths", report::paths::PathsView::schema()),
        ("reach", report::reach::ReachView::schema()),
        ("reach-set", report::reach::ReachSetView::schema()),
        ("score", report::score::ScoreView::schema()),
        ("tiers", report::tiers::TiersView::schema()),
        ("trace", report::trace::TraceView::schema()),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema");
    for (name, schema) in schemas {
        let path = folder.join(format!("{name}.json"));
        if std::env::var_os("WATERTIGHT_BLESS").is_some() {
            std::fs::write(&path, &schema).unwrap();
        }
        let published = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            published == schema,
            "{} is not the schema of the view: run with WATERTIGHT_BLESS=1",
            path.display()
        );
    }
}
