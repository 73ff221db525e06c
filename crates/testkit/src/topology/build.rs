//! From lines to resources.

use model::{AccountId, Completeness, Coverage, Kind, OfficeNetwork, Parts, Region, Scope};

use super::words::{Result, Words};
use super::{
    Expectation, KINDS, Topology, balancers, block, defaults, endpoints, entries, expect, firewall,
    gateways, outside, places, public_access, transit,
};

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Builder {
    pub(super) parts: Parts,
    pub(super) region: Option<Region>,
    pub(super) account: Option<AccountId>,
    /// The block that lines such as `in` and `route` belong to: the last resource of its list.
    pub(super) block: Option<Block>,
    /// Whether nothing is added to what is written.
    pub(super) is_bare: bool,
    /// `subnet … acl A`: the subnet, the ACL and the line.
    pub(super) acls_of_subnets: Vec<(String, String, usize)>,
    /// `subnet … table T`: the subnet, the table and the line.
    pub(super) tables_of_subnets: Vec<(String, String, usize)>,
    missing: Vec<Kind>,
    partial: Vec<(Kind, Scope)>,
    /// The accounts whose lists the input holds; none means all.
    asked: Vec<AccountId>,
    expectations: Vec<Expectation>,
}

/// A resource that spans lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Group,
    Acl,
    Table,
    Peering,
    TransitTable,
    FirewallPolicy,
    FirewallRules,
    ClientVpn,
    CoreTable,
    Balancer,
    TargetGroup,
    EndpointService,
    Entry,
}

/// Reads what follows the first word of a statement.
type Statement = fn(&mut Builder, &mut Words<'_>) -> Result;

const STATEMENTS: &[(&str, Statement)] = &[
    ("region", region),
    ("account", account),
    ("vpc", places::vpc),
    ("subnet", places::subnet),
    ("host", places::host),
    ("group", block::group),
    ("acl", block::acl),
    ("table", block::table),
    ("in", block::ingress),
    ("out", block::egress),
    ("route", block::route),
    ("subnets", block::subnets),
    ("gateways", block::gateways),
    ("igw", gateways::internet),
    ("eigw", gateways::egress_only),
    ("nat", gateways::nat),
    ("peering", gateways::peering),
    ("side", gateways::side),
    ("vgw", gateways::vpn_gateway),
    ("customer", gateways::customer),
    ("vpn", gateways::vpn),
    ("list", places::prefix_list),
    ("tgw", transit::gateway),
    ("attachment", transit::attachment),
    ("tgw-table", transit::table),
    ("propagate", transit::propagate),
    ("dxgw", outside::direct_connect_gateway),
    ("dx-association", outside::direct_connect_association),
    ("vif", outside::virtual_interface),
    ("client-vpn", outside::client_vpn),
    ("associated", outside::associated),
    ("access", outside::access),
    ("entry", entries::entry),
    ("sends", entries::sends),
    ("core-attachment", outside::core_attachment),
    ("core-table", outside::core_table),
    ("balancer", balancers::balancer),
    ("listener", balancers::listener),
    ("rule", balancers::rule),
    ("listeners", balancers::listeners),
    ("rules", balancers::rules),
    ("targets", balancers::targets),
    ("target", balancers::target),
    ("endpoint", endpoints::endpoint),
    ("service", endpoints::service),
    ("connection", endpoints::connection),
    ("firewall", firewall::firewall),
    ("firewall-policy", firewall::policy),
    ("stateless", firewall::stateless),
    ("stateful", firewall::stateful),
    ("firewall-rules", firewall::rule_group),
    ("filter", firewall::rule),
    ("addresses", firewall::addresses),
    ("ports", firewall::ports),
    ("references", firewall::references),
    ("public-access", public_access::options),
    ("exclusion", public_access::exclusion),
    ("office", office),
    ("missing", missing),
    ("partial", partial),
    ("asked", asked),
    ("bare", bare),
    ("expect", expectation),
];

pub(super) fn parse(text: &str) -> Result<Topology> {
    let mut builder = Builder::default();
    for (number, line) in text.lines().enumerate() {
        if let Some(mut words) = Words::of(number + 1, line) {
            let first = words.need("a statement")?;
            let statement = STATEMENTS.iter().find(|(word, _)| *word == first);
            let (_, read) =
                statement.ok_or_else(|| words.error(format_args!("`{first}` is no statement")))?;
            read(&mut builder, &mut words)?;
            words.end()?;
        }
    }
    builder.finish()
}

impl Builder {
    fn finish(mut self) -> Result<Topology> {
        block::associate(&mut self)?;
        self.parts.coverage = self.coverage();
        if !self.is_bare {
            defaults::add(&mut self.parts, &self.missing);
        }
        Ok(Topology {
            parts: self.parts,
            expectations: self.expectations,
        })
    }

    /// Every list is whole, but for those that the text says are not.
    fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        for &(_, kind) in KINDS {
            for scope in self.asked() {
                if !self.missing.contains(&kind) {
                    coverage.record(kind, scope, Completeness::Complete);
                }
            }
        }
        for (kind, scope) in &self.partial {
            coverage.record(*kind, scope.clone(), Completeness::Partial);
        }
        coverage
    }

    /// The scopes in which the input was asked for.
    fn asked(&self) -> Vec<Scope> {
        if self.asked.is_empty() {
            return vec![Scope::default()];
        }
        let of = |account: &AccountId| Scope {
            account: Some(account.clone()),
            region: None,
        };
        self.asked.iter().map(of).collect()
    }
}

fn region(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    builder.region = some(words.need("a region")?).map(Into::into);
    Ok(())
}

fn account(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    builder.account = some(words.need("an account")?).map(Into::into);
    Ok(())
}

/// The word, unless it is the dash that stands for "unknown".
pub(super) fn some(word: &str) -> Option<&str> {
    (word != "-").then_some(word)
}

fn office(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let name = words.need("the office's name")?;
    let cidrs = words.prefixes();
    let office = OfficeNetwork::declared(name, cidrs, words.origin());
    builder.parts.offices.push(office);
    Ok(())
}

fn missing(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let kind = kind(words)?;
    builder.missing.push(kind);
    Ok(())
}

fn partial(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let kind = kind(words)?;
    let account = words.next().and_then(some).map(Into::into);
    let region = words.next().and_then(some).map(Into::into);
    builder.partial.push((kind, Scope { account, region }));
    Ok(())
}

fn asked(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    builder.asked.push(words.need("an account")?.into());
    while let Some(word) = words.next() {
        builder.asked.push(word.into());
    }
    Ok(())
}

fn kind(words: &mut Words<'_>) -> Result<Kind> {
    let word = words.need("a kind")?;
    let known = KINDS.iter().find(|(known, _)| *known == word);
    known
        .map(|&(_, kind)| kind)
        .ok_or_else(|| words.error(format_args!("`{word}` is no kind of resource")))
}

#[expect(clippy::unnecessary_wraps, reason = "every statement has one type")]
fn bare(builder: &mut Builder, _: &mut Words<'_>) -> Result {
    builder.is_bare = true;
    Ok(())
}

fn expectation(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    builder.expectations.push(expect::read(words)?);
    Ok(())
}
