//! What the path of a file tells about what is in it.

use std::path::{Component, Path};

use model::Scope;

use crate::kinds;

/// What the path of a file tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// The account and region of the folders that the file is in.
    pub(crate) scope: Scope,
    /// The service whose answer it is, if a folder or the file's name tells.
    pub(crate) service: Option<String>,
    /// The operation, in lower case without punctuation (`describevpcs`), if the file or its folder is named after one.
    pub(crate) operation: Option<String>,
    /// What the operation was asked about, if each answer has a file of its own.
    pub(crate) argument: Option<String>,
    /// The name of the file without its endings, as it stands.
    pub(crate) stem: String,
}

/// How the names of operations begin that list or look up what exists.
const LISTING_VERBS: &[&str] = &["describe", "get", "search", "list"];

/// How the names of operations begin that change something.
const OTHER_VERBS: &[&str] = &[
    "accept",
    "allocate",
    "associate",
    "attach",
    "authorize",
    "batch",
    "create",
    "delete",
    "deregister",
    "detach",
    "disable",
    "disassociate",
    "enable",
    "generate",
    "modify",
    "provision",
    "put",
    "register",
    "reject",
    "release",
    "replace",
    "reset",
    "revoke",
    "run",
    "start",
    "stop",
    "tag",
    "terminate",
    "untag",
    "update",
];

/// The services whose answers are used.
const USED_SERVICES: &[&str] = &[
    "directconnect",
    "ec2",
    "elb",
    "elbv2",
    "network-firewall",
    "networkmanager",
];

impl Place {
    pub(crate) fn of(path: &Path) -> Self {
        let parts: Vec<String> = path
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                Component::Prefix(_)
                | Component::RootDir
                | Component::CurDir
                | Component::ParentDir => None,
            })
            .collect();
        let Some((file, folders)) = parts.split_last() else {
            return Self::default();
        };
        let stem = stem(file);
        let mut place = Self {
            scope: scope(folders),
            stem: stem.to_owned(),
            ..Self::default()
        };
        if let Some((service, operation)) = operation(stem, folders) {
            (place.service, place.operation) = (service, Some(operation));
        } else if let Some((service, operation)) = folder_operation(folders) {
            (place.service, place.operation) = (service, Some(operation));
            place.argument = Some(unquoted(stem));
        }
        place
    }

    /// Whether the file is the answer of an operation that lists or looks up what exists, as far as its name tells.
    pub(crate) fn is_listing(&self) -> bool {
        let starts =
            |operation: &String| LISTING_VERBS.iter().any(|verb| operation.starts_with(verb));
        self.operation.as_ref().is_none_or(starts)
    }

    /// The service, if it is one whose answers are not used.
    pub(crate) fn other_service(&self) -> Option<&str> {
        self.service.as_deref().filter(|service| !is_read(service))
    }
}

/// A file's name without `.json`, `.gz`, and the number of a page or a copy.
fn stem(file: &str) -> &str {
    let stem = file.strip_suffix(".gz").unwrap_or(file);
    stem.strip_suffix(".json").unwrap_or(stem)
}

/// The service and the operation that a name is made of: `ec2-describe-vpcs`, `ec2.DescribeVpcs_1`, `DescribeVpcs`.
///
/// People call files and folders `list-of-hosts` too: a name counts only if its verb is beyond doubt, a service stands
/// before it or is the folder that it is in, or the operation is one whose answers are used.
fn operation(name: &str, folders: &[String]) -> Option<(Option<String>, String)> {
    let name = without_number(name);
    if let Some(operation) = as_operation(name) {
        let folder = folders.last().filter(|folder| is_service(folder));
        let is_camel = name.starts_with(|first: char| first.is_ascii_uppercase());
        let is_certain = is_camel || operation.starts_with("describe") || folder.is_some();
        return (is_certain || kinds::is_used(&operation)).then(|| (folder.cloned(), operation));
    }
    let splits = name.match_indices(['-', '.']);
    splits
        .filter_map(|(end, _)| Some((name.get(..end)?, name.get(end + 1..)?)))
        .filter(|(service, _)| is_service(service))
        .find_map(|(service, rest)| Some((Some(service.to_owned()), as_operation(rest)?)))
}

/// The nearest folder above a file that is named after an operation: `GetManagedPrefixListEntries`,
/// `ecs-list-tasks`. Two folders are enough for the arguments that are met.
fn folder_operation(folders: &[String]) -> Option<(Option<String>, String)> {
    let nearest = (1..=2).filter_map(|depth| {
        let (folder, above) = folders
            .get(..=folders.len().checked_sub(depth)?)?
            .split_last()?;
        operation(folder, above)
    });
    nearest.take(1).next()
}

/// The operation in lower case without punctuation, if this is the name of one.
fn as_operation(name: &str) -> Option<String> {
    let is_word_end = |rest: &str| {
        rest.starts_with(|next: char| matches!(next, '-' | '_') || next.is_ascii_uppercase())
    };
    let lower = name.to_ascii_lowercase();
    let verbs = LISTING_VERBS.iter().chain(OTHER_VERBS);
    let mut verbs = verbs.filter(|verb| {
        lower.starts_with(**verb) && name.get(verb.len()..).is_some_and(is_word_end)
    });
    verbs
        .next()
        .map(|_| lower.chars().filter(char::is_ascii_alphanumeric).collect())
}

fn without_number(name: &str) -> &str {
    let digits = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let rest = digits
        .strip_suffix('_')
        .or_else(|| digits.strip_suffix('-'));
    match rest {
        Some(rest) if digits.len() < name.len() => rest,
        Some(_) | None => name,
    }
}

fn scope(folders: &[String]) -> Scope {
    let last = |is: fn(&str) -> bool| folders.iter().rev().find(|name| is(name));
    Scope {
        account: last(is_account).map(|name| name.as_str().into()),
        region: last(is_region).map(|name| name.as_str().into()),
    }
}

pub(crate) fn is_account(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether this looks like the name of a region: `eu-north-1`, `us-gov-west-1`.
pub(crate) fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let is_word =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    let starts_short = words.first().is_some_and(|first| first.len() == 2);
    let has_number = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    (2..=4).contains(&words.len()) && starts_short && words.iter().all(is_word) && has_number
}

/// Services that have a folder or a file prefix of their own in the layouts that exist.
const SERVICES: &[&str] = &[
    "accessanalyzer",
    "apigateway",
    "apigatewayv2",
    "autoscaling",
    "batch",
    "cloudfront",
    "cloudtrail",
    "codebuild",
    "configservice",
    "dax",
    "directconnect",
    "docdb",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "eks",
    "elasticache",
    "elb",
    "elbv2",
    "es",
    "events",
    "fsx",
    "globalaccelerator",
    "guardduty",
    "iam",
    "kafka",
    "lambda",
    "network-firewall",
    "networkmanager",
    "opensearch",
    "rds",
    "redshift",
    "route53",
    "route53resolver",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "sts",
    "vpc-lattice",
    "wafv2",
];

/// Whether answers of the service are used.
pub(crate) fn is_read(service: &str) -> bool {
    USED_SERVICES.contains(&service)
}

fn is_service(name: &str) -> bool {
    SERVICES.contains(&name)
}

/// A name with `%2F` and the like put back.
fn unquoted(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%')
            .then(|| tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = hex {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &str) {
        let place = Place::of(Path::new(path));
        let or_none = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let shown = [
            or_none(place.scope.account.as_ref().map(model::AccountId::as_str)),
            or_none(place.scope.region.as_ref().map(model::Region::as_str)),
            or_none(place.service.as_deref()),
            or_none(place.operation.as_deref()),
            or_none(place.argument.as_deref()),
        ];
        assert_eq!(shown.join(" "), expected, "{path}");
    }

    #[test]
    fn paths_of_every_layout() {
        check(
            "shop/111122223333/ap-southeast-2/ec2/DescribeVpcs.json",
            "111122223333 ap-southeast-2 ec2 describevpcs -",
        );
        check(
            "111122223333/eu-west-1/ec2/GetManagedPrefixListEntries/pl-1.json.gz",
            "111122223333 eu-west-1 ec2 getmanagedprefixlistentries pl-1",
        );
        check(
            "demo/us-east-1/ec2-describe-instances.json",
            "- us-east-1 ec2 describeinstances -",
        );
        check(
            "describe-security-group-rules-2.json",
            "- - - describesecuritygrouprules -",
        );
        check("ec2.DescribeSubnets_1.json", "- - ec2 describesubnets -");
        check(
            "us-east-1/elb-describe-load-balancer-attributes/a%2Fb",
            "- us-east-1 elb describeloadbalancerattributes a/b",
        );
        check(
            "accounts/028403472736/us-gov-west-1/NetworkInterfaces.json",
            "028403472736 us-gov-west-1 - - -",
        );
        check("lab-tgw-peering/input.json", "- - - - -");
        check("getting.json", "- - - - -");
    }

    #[test]
    fn answers_of_changes_are_no_lists() {
        assert!(!Place::of(Path::new("ec2.CreateVpc_1.json")).is_listing());
        assert!(Place::of(Path::new("ec2.DescribeVpcs_1.json")).is_listing());
        assert!(Place::of(Path::new("Vpcs.json")).is_listing());
    }
}
