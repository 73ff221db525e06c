//! What is not whole, as far as it can be told from the resources that are there.

use model::{AccountId, Kind, Region, Snapshot};

use super::{Page, joined};
use crate::topology::KINDS;

pub(super) fn print(page: &mut Page, snapshot: &Snapshot) {
    let mut scopes: Vec<(Option<&AccountId>, Option<&Region>)> = Vec::new();
    let vpcs = snapshot.vpcs().rows().iter();
    scopes.extend(vpcs.map(|vpc| (vpc.owner.as_ref(), vpc.region.as_ref())));
    let subnets = snapshot.subnets().rows().iter();
    scopes.extend(subnets.map(|subnet| (subnet.owner.as_ref(), subnet.region.as_ref())));
    scopes.sort();
    scopes.dedup();
    let asked = asked(snapshot, &scopes);
    if let Some(accounts) = &asked {
        page.line(&format!("asked {}", joined(accounts, " ")));
        scopes.retain(|(account, _)| account.is_none_or(|account| accounts.contains(account)));
    }
    for &(word, kind) in KINDS {
        page.text
            .push_str(&coverage_of(snapshot, word, kind, &scopes));
    }
}

/// An account that no network has: what is whole there is whole everywhere.
const NOBODY: &str = "000000000000";

/// The accounts whose lists the input holds; `None` if that is all.
fn asked(
    snapshot: &Snapshot,
    scopes: &[(Option<&AccountId>, Option<&Region>)],
) -> Option<Vec<AccountId>> {
    let holds = |account: &AccountId| {
        let is_whole = |kind| snapshot.coverage().is_complete(kind, Some(account), None);
        KINDS.iter().any(|&(_, kind)| is_whole(kind))
    };
    let nobody = AccountId::from(NOBODY);
    if holds(&nobody) {
        return None;
    }
    let owners = snapshot.interfaces().rows().iter();
    let owners = owners.filter_map(|interface| interface.owner.as_ref());
    let of_scopes = scopes.iter().filter_map(|(account, _)| *account);
    let mut accounts: Vec<AccountId> = owners
        .chain(of_scopes)
        .filter(|account| holds(account))
        .chain([&nobody])
        .cloned()
        .collect();
    accounts.sort();
    accounts.dedup();
    // Somebody has to be named, and nobody only if there is no other.
    let is_needed = accounts.len() == 1;
    accounts.retain(|account| is_needed || *account != nobody);
    Some(accounts)
}

fn coverage_of(
    snapshot: &Snapshot,
    word: &str,
    kind: Kind,
    scopes: &[(Option<&AccountId>, Option<&Region>)],
) -> String {
    let coverage = snapshot.coverage();
    if !coverage.has(kind) {
        return format!("missing {word}\n");
    }
    let is_whole = |(account, region): &(Option<&AccountId>, Option<&Region>)| {
        coverage.is_complete(kind, *account, *region)
    };
    let partial: Vec<_> = scopes.iter().filter(|scope| !is_whole(scope)).collect();
    if partial.len() == scopes.len() && !is_whole(&(None, None)) {
        return format!("partial {word}\n");
    }
    let line = |(account, region): &(Option<&AccountId>, Option<&Region>)| {
        let account = account.map_or("-", AccountId::as_str);
        let region = region.map_or("-", Region::as_str);
        format!("partial {word} {account} {region}\n")
    };
    partial.into_iter().map(line).collect()
}
