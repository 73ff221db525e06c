//! What the configuration names that a network has in part, or more than once.

use crate::run::{Run, folder, run};

/// Runs a command on a configuration.
fn configured(text: &str, arguments: &str) -> Run {
    let folder = folder(&[("watertight.toml", text.as_bytes())]);
    let config = folder.path().join("watertight.toml");
    run(&format!("{arguments} --config '{}'", config.display()))
}

#[test]
fn what_is_still_there_of_a_tier_counts() {
    let tiers = |hosts: &str| {
        let text = format!("[[tier]]\nname = \"mine\"\nhosts = \"{hosts}\"\n");
        configured(&text, "tiers examples/shop")
    };
    let (whole, partly) = (tiers("app-a1"), tiers("app-a1 or app-z9"));
    assert!(whole.stdout.contains("mine") && whole.stderr.is_empty());
    assert_eq!((partly.code, &partly.stdout), (whole.code, &whole.stdout));
    let warning = "warning: the tier `mine` of the configuration counts in part: not all that it names is in this \
                   network\n  app-a1 or app-z9\n            ^^^^^^ no such id or name in the snapshot";
    assert!(partly.stderr.starts_with(warning), "{}", partly.stderr);
}

#[test]
fn a_cut_keeps_what_is_still_there_of_a_flow() {
    let cut = |from: &str| {
        let keep =
            format!("[[keep]]\nfrom = \"{from}\"\nto = \"type:rds\"\nservice = \"tcp/5432\"\n");
        configured(
            &keep,
            "cut examples/shop --from internet --to type:rds -o csv",
        )
    };
    let (none, whole, partly) = (
        cut("name:gone"),
        cut("name:app-a1"),
        cut("app-a1 or app-z9"),
    );
    assert_ne!(whole.stdout, none.stdout, "the flow makes no difference");
    // They differ in how the flow is written, and in nothing else.
    let as_whole = partly.stdout.replace("app-a1 or app-z9", "name:app-a1");
    assert_eq!((partly.code, as_whole), (whole.code, whole.stdout));
}

#[test]
fn a_text_that_is_no_selector_is_refused() {
    let text = "[[tier]]\nname = \"x\"\nhosts = \"nmae:x\"\n";
    let refused = configured(text, "audit examples/shop");
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    assert!(
        refused.stderr.contains("no such key, did you mean `name`?"),
        "{}",
        refused.stderr
    );
}
