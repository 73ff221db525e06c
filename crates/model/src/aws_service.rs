//! Which ports the services of AWS answer at their interface endpoints.
//!
//! An interface endpoint carries every port, but the service behind it listens on few: nobody answers on the others,
//! and nobody answers a ping. The table below holds services whose documentation names their ports. What a service does
//! that it does not hold is known for HTTPS only.

use packet::{PortRange, Protocol};

/// What a service behind an interface endpoint does with a first packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listening {
    /// It answers.
    Answers,
    /// Nobody answers.
    Silent,
    /// Its documentation does not tell, or not to us.
    Unknown,
}

/// A service by the last part of its name, and the TCP ports that it answers beside 443.
type Known = (&'static str, &'static [(u16, u16)]);

/// Services whose documentation names the ports of their endpoints.
///
/// Source: the "interface VPC endpoints" page of each service, and AWS General Reference, Service endpoints and quotas
/// (as of 2026-11). That nothing else answers is practice knowledge, recorded for load balancers without a listener.
const KNOWN: &[Known] = &[
    ("athena", &[]),
    ("autoscaling", &[]),
    ("cloudformation", &[]),
    ("cloudtrail", &[]),
    ("codeartifact.api", &[]),
    ("codebuild", &[]),
    ("config", &[]),
    ("datasync", &[(1024, 1064)]),
    ("ec2", &[]),
    ("ec2messages", &[]),
    ("ecr.api", &[]),
    ("ecr.dkr", &[]),
    ("ecs", &[]),
    ("ecs-agent", &[]),
    ("ecs-telemetry", &[]),
    ("eks", &[]),
    ("eks-auth", &[]),
    ("elasticfilesystem", &[]),
    ("elasticloadbalancing", &[]),
    (
        "email-smtp",
        &[(25, 25), (465, 465), (587, 587), (2465, 2465), (2587, 2587)],
    ),
    ("events", &[]),
    ("execute-api", &[]),
    ("glue", &[]),
    ("guardduty-data", &[]),
    ("inspector2", &[]),
    ("iot.data", &[(8443, 8443), (8883, 8883)]),
    ("kinesis-firehose", &[]),
    ("kinesis-streams", &[]),
    ("kms", &[]),
    ("lambda", &[]),
    ("logs", &[]),
    ("monitoring", &[]),
    ("rds", &[]),
    ("rds-data", &[]),
    ("s3", &[]),
    ("secretsmanager", &[]),
    ("securityhub", &[]),
    ("sns", &[]),
    ("sqs", &[]),
    ("ssm", &[]),
    ("ssm-contacts", &[]),
    ("ssmmessages", &[]),
    ("states", &[]),
    (
        "storagegateway",
        &[(1026, 1028), (1031, 1031), (2222, 2222)],
    ),
    ("sts", &[]),
    ("synthetics", &[]),
    ("transfer.server", &[(21, 22), (990, 990), (8192, 8200)]),
    ("xray", &[]),
];

const HTTP: u16 = 80;
const HTTPS: u16 = 443;

/// What the service of this name (`com.amazonaws.REGION.SERVICE`) does with a first packet for a port; `None` as the
/// port stands for protocols that have none.
///
/// # Source
///
/// AWS `PrivateLink` Guide: Access an AWS service using an interface VPC endpoint ("allow inbound HTTPS"; TCP only).
pub fn listening(service: &str, protocol: Protocol, port: Option<u16>) -> Listening {
    if protocol == Protocol::ICMP || protocol == Protocol::ICMPV6 {
        return Listening::Silent;
    }
    let Some(port) = port.filter(|_| protocol == Protocol::TCP) else {
        return if known(service).is_some() {
            Listening::Silent
        } else {
            Listening::Unknown
        };
    };
    match known(service) {
        _ if port == HTTPS => Listening::Answers,
        // Several services answer plain HTTP on the internet; whether they do at their endpoints is not documented.
        _ if port == HTTP => Listening::Unknown,
        Some(ranges) if ranges.iter().any(|range| range.contains(port)) => Listening::Answers,
        Some(_) => Listening::Silent,
        None => Listening::Unknown,
    }
}

/// The TCP ports beside 443 of a service in the table.
///
/// Names are `com.amazonaws.REGION.SERVICE`, also with `-fips`, or `aws.api.REGION.SERVICE` and the like.
pub fn known(service: &str) -> Option<Vec<PortRange>> {
    let name = service
        .splitn(4, '.')
        .nth(3)
        .map(|name| name.strip_suffix("-fips").unwrap_or(name))?;
    let (_, ranges) = KNOWN.iter().find(|(known, _)| *known == name)?;
    let ranges = ranges.iter();
    Some(
        ranges
            .filter_map(|&(first, last)| PortRange::new(first, last))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_answers_https_and_no_ping() {
        let ec2 = "com.amazonaws.us-east-1.ec2";
        assert_eq!(listening(ec2, Protocol::TCP, Some(443)), Listening::Answers);
        assert_eq!(listening(ec2, Protocol::TCP, Some(22)), Listening::Silent);
        assert_eq!(listening(ec2, Protocol::TCP, Some(80)), Listening::Unknown);
        assert_eq!(listening(ec2, Protocol::UDP, Some(53)), Listening::Silent);
        assert_eq!(listening(ec2, Protocol::ICMP, None), Listening::Silent);
    }

    #[test]
    fn a_service_that_the_table_does_not_hold_may_listen_anywhere() {
        let new = "com.amazonaws.us-east-1.invented";
        assert_eq!(listening(new, Protocol::TCP, Some(443)), Listening::Answers);
        assert_eq!(listening(new, Protocol::TCP, Some(22)), Listening::Unknown);
        assert_eq!(listening(new, Protocol::UDP, Some(53)), Listening::Unknown);
    }

    #[test]
    fn mail_is_sent_by_its_own_ports() {
        let mail = "com.amazonaws.eu-west-1.email-smtp";
        assert_eq!(
            listening(mail, Protocol::TCP, Some(587)),
            Listening::Answers
        );
        assert_eq!(listening(mail, Protocol::TCP, Some(22)), Listening::Silent);
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(KNOWN.is_sorted_by_key(|(name, _)| *name));
    }
}
