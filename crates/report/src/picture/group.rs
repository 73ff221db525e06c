//! Places nested in each other: accounts hold VPCs, those subnets, those nodes.

use std::collections::BTreeMap;

use super::Node;
use super::place::{Place, Spot};

/// A place with what stands in it.
#[derive(Debug)]
pub(super) struct Group<'p> {
    pub(super) label: &'p str,
    pub(super) groups: Vec<Self>,
    /// The numbers of the nodes right in it.
    pub(super) nodes: Vec<usize>,
    /// The hop of the first of all nodes in it.
    first_hop: usize,
}

type Level<'p, T> = BTreeMap<&'p Spot, T>;

/// All accounts, those that are reached first before others.
pub(super) fn groups(nodes: &[Node]) -> Vec<Group<'_>> {
    let mut accounts: Level<'_, Level<'_, Level<'_, Vec<usize>>>> = BTreeMap::new();
    for (number, node) in nodes.iter().enumerate() {
        if let Place::Inside {
            account,
            vpc,
            subnets,
        } = &node.place
        {
            let vpcs = accounts.entry(account).or_default();
            let of_subnets = vpcs.entry(vpc).or_default();
            of_subnets.entry(subnets).or_default().push(number);
        }
    }
    let hop = |number: &usize| nodes.get(*number).map_or(usize::MAX, |node| node.hop);
    let accounts = accounts.into_iter().map(|(account, vpcs)| {
        let vpcs = vpcs.into_iter().map(|(vpc, subnets)| {
            let subnets = subnets.into_iter().map(|(spot, nodes)| Group {
                label: &spot.label,
                groups: Vec::new(),
                first_hop: nodes.iter().map(hop).min().unwrap_or(usize::MAX),
                nodes,
            });
            holding(&vpc.label, subnets.collect())
        });
        holding(&account.label, vpcs.collect())
    });
    in_order(accounts.collect())
}

/// The numbers of the nodes that stand in no VPC, or in another place than those of groups.
pub(super) fn apart(nodes: &[Node], place: &Place) -> Vec<usize> {
    let numbers = nodes.iter().enumerate();
    let there = numbers.filter(|(_, node)| node.place == *place);
    there.map(|(number, _)| number).collect()
}

fn holding<'p>(label: &'p str, groups: Vec<Group<'p>>) -> Group<'p> {
    let hops = groups.iter().map(|group| group.first_hop);
    Group {
        label,
        first_hop: hops.min().unwrap_or(usize::MAX),
        groups: in_order(groups),
        nodes: Vec::new(),
    }
}

fn in_order(mut groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    groups.sort_by_key(|group| group.first_hop);
    groups
}
