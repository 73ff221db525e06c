//! The score of the example networks.

use crate::run::run;

#[test]
fn the_hardened_shop_scores_better() {
    let percents = |folder: &str| {
        let run = run(&format!("score {folder} -o csv"));
        let whole = run.stdout.lines().nth(1).unwrap().to_owned();
        let cells: Vec<&str> = whole.split(',').collect();
        assert_eq!(cells[0], "whole");
        [cells[4], cells[6]].map(|cell| cell.parse::<f64>().unwrap())
    };
    let [direct, transitive] = percents("examples/shop");
    let [direct_hardened, transitive_hardened] = percents("examples/shop-hardened");
    assert!(direct_hardened < direct);
    assert!(transitive_hardened < transitive);
}
