//! What hosts may do beyond the network, on small networks.
#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail by panic"
)]

use analysis::{
    BlastOptions, ChannelKind, Landscape, PathOptions, PivotModel, Selection, Subject, blast,
    channels, paths,
};
use engine::Engine;
use model::{
    Completeness, Effect, IamPolicy, IamRole, Kind, Link, ManagedInstance, MetadataService, Origin,
    Parts, Patterns, ResourceId, Scope, Snapshot, Statement,
};
use packet::{PacketSet, Service};
use testkit::Topology;

const ACCOUNT: &str = "111111111111";

/// Three hosts of one account that no packets join, and one of another account.
const APART: &str = "
    region eu-west-1
    account 111111111111
    vpc main 10.0.0.0/16
    subnet s main 10.0.1.0/24
    group shut main
    host deploy in s 10.0.1.10 groups shut instance i-deploy
    host app-1 in s 10.0.1.11 groups shut instance i-app-1
    host app-2 in s 10.0.1.12 groups shut instance i-app-2
    account 222222222222
    vpc foreign 10.1.0.0/16
    subnet f foreign 10.1.1.0/24
    group closed foreign
    host alien in f 10.1.1.10 groups closed instance i-alien
";

fn origin() -> Origin {
    Origin::new("test".into(), "")
}

fn arn(kind: &str, name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}")
}

fn patterns(all: &[&str]) -> Patterns {
    Patterns::Any(all.iter().map(|one| (*one).into()).collect())
}

fn statement(effect: Effect, actions: &[&str], resources: &[&str]) -> Statement {
    Statement {
        effect,
        actions: patterns(actions),
        resources: patterns(resources),
        is_conditional: false,
    }
}

fn allow(actions: &[&str]) -> Statement {
    statement(Effect::Allow, actions, &["*"])
}

fn role(name: &str, statements: Vec<Statement>) -> IamRole {
    IamRole {
        id: arn("role", name).into(),
        name: Some(name.into()),
        owner: Some(ACCOUNT.into()),
        profiles: vec![arn("instance-profile", name).into()],
        statements,
        policies: Vec::new(),
        boundary: None,
        is_complete: true,
        origin: origin(),
    }
}

fn policy(name: &str, statements: Vec<Statement>) -> IamPolicy {
    IamPolicy {
        id: arn("policy", name).into(),
        name: Some(name.into()),
        statements,
        is_complete: true,
        origin: origin(),
    }
}

fn managed(instance: &str, is_online: bool) -> ManagedInstance {
    ManagedInstance {
        id: instance.into(),
        name: None,
        owner: Some(ACCOUNT.into()),
        region: Some("eu-west-1".into()),
        is_online: Some(is_online),
        origin: origin(),
    }
}

/// The network with the list of managed instances whole, and `i-deploy` acting as the role `deploy`.
fn parts(topology: &str, roles: Vec<IamRole>) -> Parts {
    let mut parts = Topology::parse(topology).unwrap().parts;
    acts_as(&mut parts, "i-deploy", "deploy");
    parts.iam_roles = roles;
    parts.managed_instances = vec![managed("i-app-1", true), managed("i-alien", true)];
    let whole = Completeness::Complete;
    parts
        .coverage
        .record(Kind::ManagedInstances, Scope::default(), whole);
    parts
}

fn acts_as(parts: &mut Parts, instance: &str, role: &str) {
    let mut instances = parts.instances.iter_mut();
    let instance = instances.find(|row| row.id.as_str() == instance).unwrap();
    instance.profile = Some(arn("instance-profile", role).into());
}

fn names(subjects: &[Subject]) -> String {
    let members = subjects.iter().flat_map(|subject| subject.members.iter());
    let mut names: Vec<&str> = members.map(|member| member.id.as_str()).collect();
    names.sort_unstable();
    names.join(",")
}

/// `session manager deploy: i-deploy -> i-app-1`, with a question mark if it is open.
fn told(parts: Parts) -> Vec<String> {
    let snapshot = Snapshot::assemble(parts).0;
    let engine = Engine::new(&snapshot);
    let found = channels(&Landscape::new(&engine));
    let lines = found.all.iter().map(|channel| {
        let open = if channel.is_certain { "" } else { "?" };
        let to = names(&channel.to);
        let to = if to.is_empty() {
            channel.actions.join(",")
        } else {
            to
        };
        let (kind, role) = (channel.kind.label(), &channel.role.name);
        format!("{kind}{open} {role}: {} -> {to}", names(&channel.from))
    });
    lines.collect()
}

#[track_caller]
fn check(roles: Vec<IamRole>, expected: &[&str]) {
    assert_eq!(told(parts(APART, roles)), expected);
}

const SESSION: &str = "session manager deploy: i-deploy -> i-app-1";
const MAYBE: &str = "session manager? deploy: i-deploy -> i-app-1";

#[test]
fn a_role_that_may_start_sessions_leads_to_what_is_managed_in_its_account() {
    check(
        vec![role("deploy", vec![allow(&["ssm:startsession"])])],
        &[SESSION],
    );
    check(vec![role("deploy", vec![allow(&["ssm:s*"])])], &[SESSION]);
    check(
        vec![role("deploy", vec![allow(&["ssm:sendcommand"])])],
        &[SESSION],
    );
    check(vec![role("deploy", vec![allow(&["s3:*"])])], &[]);
    let all_but = Statement {
        actions: Patterns::None(vec!["iam:*".into(), "ec2:*".into()]),
        ..allow(&[])
    };
    check(vec![role("deploy", vec![all_but])], &[SESSION]);
}

#[test]
fn what_is_denied_is_denied_and_what_has_conditions_is_open() {
    let start = || allow(&["ssm:startsession"]);
    let deny = statement(Effect::Deny, &["ssm:*"], &["*"]);
    check(vec![role("deploy", vec![start(), deny.clone()])], &[]);
    let conditional = |statement| Statement {
        is_conditional: true,
        ..statement
    };
    check(
        vec![role("deploy", vec![start(), conditional(deny)])],
        &[MAYBE],
    );
    check(vec![role("deploy", vec![conditional(start())])], &[MAYBE]);
    let elsewhere = ["arn:aws:ec2:eu-west-1:111111111111:instance/i-other"];
    let narrow = statement(Effect::Deny, &["ssm:*"], &elsewhere);
    check(vec![role("deploy", vec![start(), narrow])], &[SESSION]);
}

#[test]
fn resources_are_the_instances_that_a_session_is_on() {
    let on = |resource: &str| {
        role(
            "deploy",
            vec![statement(Effect::Allow, &["ssm:startsession"], &[resource])],
        )
    };
    check(vec![on("arn:aws:ec2:*:*:instance/i-app-*")], &[SESSION]);
    check(vec![on("arn:aws:ec2:us-east-1:*:instance/*")], &[]);
    check(
        vec![on("arn:aws:ec2:*:*:instance/${aws:username}")],
        &[MAYBE],
    );
    // A command needs a document too, and others than those of AWS may run anything.
    let command = on("arn:aws:ec2:*:*:instance/*");
    let mut command = role("deploy", command.statements);
    for statement in &mut command.statements {
        statement.actions = patterns(&["ssm:sendcommand"]);
    }
    check(vec![command.clone()], &[MAYBE]);
    let document = ["arn:aws:ssm:*::document/AWS-RunShellScript"];
    command
        .statements
        .push(statement(Effect::Allow, &["ssm:sendcommand"], &document));
    check(vec![command], &[SESSION]);
}

#[test]
fn policies_that_were_not_read_leave_it_open_and_boundaries_bind() {
    let start = || vec![allow(&["ssm:startsession"])];
    let attached = |name: &str| vec![Link::to(arn("policy", name))];
    let with = |role: IamRole, policies: Vec<IamPolicy>, expected: &[&str]| {
        let mut parts = parts(APART, vec![role]);
        parts.iam_policies = policies;
        assert_eq!(told(parts), expected);
    };
    let by_policy = IamRole {
        policies: attached("p"),
        ..role("deploy", Vec::new())
    };
    with(by_policy.clone(), vec![policy("p", start())], &[SESSION]);
    let changes = "network changes? deploy: i-deploy -> ";
    let open = told({
        let mut parts = parts(APART, vec![by_policy]);
        parts.iam_policies = Vec::new();
        parts
    });
    assert_eq!(open.first().map(String::as_str), Some(MAYBE));
    assert!(
        open.iter().any(|line| line.starts_with(changes)),
        "{open:?}"
    );
    let bound = IamRole {
        boundary: attached("b").pop(),
        ..role("deploy", start())
    };
    with(
        bound.clone(),
        vec![policy("b", vec![allow(&["s3:*"])])],
        &[],
    );
    with(
        bound.clone(),
        vec![policy("b", vec![allow(&["*"])])],
        &[SESSION],
    );
    with(bound, Vec::new(), &[MAYBE]);
}

#[test]
fn an_agent_that_does_not_answer_and_a_list_that_is_not_there_leave_it_open() {
    let roles = || vec![role("deploy", vec![allow(&["ssm:startsession"])])];
    let mut silent = parts(APART, roles());
    silent.managed_instances = vec![managed("i-app-1", false)];
    assert_eq!(told(silent), [MAYBE]);
    let mut untold = Topology::parse(APART).unwrap().parts;
    acts_as(&mut untold, "i-deploy", "deploy");
    untold.iam_roles = roles();
    untold.coverage = model::Coverage::default();
    let all = "session manager? deploy: i-deploy -> i-app-1,i-app-2";
    assert_eq!(told(untold), [all]);
}

#[test]
fn roles_that_change_the_network_are_told_with_what_they_may() {
    let open = "ec2:AuthorizeSecurityGroupIngress";
    check(
        vec![role("deploy", vec![allow(&["ec2:authorize*ingress"])])],
        &[&format!("network changes deploy: i-deploy -> {open}")],
    );
    // To pass a role is worth nothing to who may start no instance.
    check(vec![role("deploy", vec![allow(&["iam:passrole"])])], &[]);
    check(
        vec![role(
            "deploy",
            vec![allow(&["iam:passrole", "ec2:runinstances"])],
        )],
        &["network changes deploy: i-deploy -> iam:PassRole"],
    );
}

#[test]
fn hosts_that_act_as_one_role_share_its_credentials() {
    let mut shared = parts(APART, vec![role("deploy", Vec::new())]);
    acts_as(&mut shared, "i-app-2", "deploy");
    acts_as(&mut shared, "i-app-1", "unread");
    let snapshot = Snapshot::assemble(shared.clone()).0;
    let engine = Engine::new(&snapshot);
    assert_eq!(channels(&Landscape::new(&engine)).n_untold, 1);
    assert_eq!(told(shared), ["shared role deploy: i-app-2,i-deploy -> "]);
}

#[test]
fn a_metadata_service_without_tokens_is_told_with_the_role_that_it_gives() {
    let mut parts = parts(APART, vec![role("deploy", Vec::new())]);
    for instance in &mut parts.instances {
        instance.metadata = MetadataService {
            is_on: Some(true),
            takes_version_1: Some(true),
            hop_limit: Some(1),
        };
    }
    assert_eq!(
        told(parts.clone()),
        ["metadata version 1 deploy: i-deploy -> "]
    );
    for instance in &mut parts.instances {
        instance.metadata.is_on = Some(false);
    }
    assert_eq!(told(parts), Vec::<String>::new());
}

/// A host that reaches nobody, and an Instance Connect endpoint that reaches one host.
const TUNNEL: &str = "
    region eu-west-1
    account 111111111111
    vpc main 10.0.0.0/16
    subnet s main 10.0.1.0/24
    group shut main
    group door main
      out tcp/22 to any
    group ssh main
      in tcp/22 from group door
    host deploy in s 10.0.1.10 groups shut instance i-deploy
    host app-1 in s 10.0.1.11 groups ssh instance i-app-1
    host app-2 in s 10.0.1.12 groups shut instance i-app-2
    host e in s 10.0.1.20 groups door kind ec2_instance_connect_endpoint managed
    entry eice instance-connect in s groups door via e hides
";

#[test]
fn a_tunnel_leads_possibly_to_what_its_endpoint_reaches() {
    let both = [
        "ec2-instance-connect:opentunnel",
        "ec2-instance-connect:sendsshpublickey",
    ];
    let roles = vec![role("deploy", vec![allow(&both)])];
    assert_eq!(
        told(parts(TUNNEL, roles)),
        ["instance connect? deploy: i-deploy -> i-app-1"]
    );
    let one = vec![role("deploy", vec![allow(&both[..1])])];
    assert_eq!(told(parts(TUNNEL, one)), Vec::<String>::new());
}

fn selection(landscape: &Landscape<'_>, id: &str) -> Selection {
    let found = landscape.hosts().find(|(_, host)| host.owner.id == id);
    Selection::Endpoints(found.expect(id).1.endpoints.clone())
}

#[test]
fn ways_go_by_channels_only_if_that_is_asked_for() {
    let second = "
    group db main
      in tcp/5432 from group app
    group app main
      out tcp/5432 to any
    host db in s 10.0.1.30 groups db instance i-db";
    let topology = APART.replace(
        "host app-1 in s 10.0.1.11 groups shut",
        "host app-1 in s 10.0.1.11 groups app",
    );
    let topology = topology.replace("    account 2222", &format!("{second}\n    account 2222"));
    let roles = vec![role("deploy", vec![allow(&["ssm:startsession"])])];
    let snapshot = Snapshot::assemble(parts(&topology, roles)).0;
    let engine = Engine::new(&snapshot);
    let model = PivotModel::Services(PacketSet::from(&"tcp/5432".parse::<Service>().unwrap()));
    let landscape = Landscape::new(&engine);
    let (from, to) = (
        selection(&landscape, "i-deploy"),
        selection(&landscape, "i-db"),
    );
    let options = PathOptions {
        model: model.clone(),
        ..PathOptions::default()
    };
    let without = paths(&landscape, &from, &to, &options);
    assert!(without.certain.is_empty() && without.possible.is_empty());
    let blast_options = BlastOptions {
        model,
        ..BlastOptions::default()
    };
    let found = blast(&landscape, &from, &blast_options);
    assert!(found.certain.is_empty() && !found.by_channels);
    let kinds: Vec<ChannelKind> = found
        .channels
        .all
        .iter()
        .map(|channel| channel.kind)
        .collect();
    assert_eq!(kinds, [ChannelKind::SessionManager]);

    let landscape = Landscape::new(&engine).with_channels();
    let with = paths(&landscape, &from, &to, &options);
    let [path] = with.certain.as_slice() else {
        panic!("{with:?}");
    };
    let hops = path.hops.iter();
    let hops: Vec<_> = hops
        .map(|hop| (hop.to.name.as_str(), hop.channel.as_ref().map(|by| by.kind)))
        .collect();
    assert_eq!(
        hops,
        [("app-1", Some(ChannelKind::SessionManager)), ("db", None)]
    );
    let found = blast(&landscape, &from, &blast_options);
    let reached: Vec<_> = found
        .certain
        .iter()
        .map(|fall| (fall.hop, fall.to.name.as_str()))
        .collect();
    assert_eq!(reached, [(1, "app-1"), (2, "db")]);
}

/// Everybody to whom a path leads falls, and nobody else, by channels too.
#[test]
fn a_blast_radius_by_channels_is_everything_to_which_there_is_a_path() {
    let mut n_by_channel = 0;
    for seed in 0..150 {
        let mut parts = testkit::random_network(seed).unwrap().parts;
        let instances: Vec<ResourceId> = parts.instances.iter().map(|row| row.id.clone()).collect();
        let owner = parts.instances.first().and_then(|row| row.owner.clone());
        let mut actor = role("deploy", vec![allow(&["ssm:startsession"])]);
        actor.owner = owner;
        parts.iam_roles = vec![actor];
        for instance in instances.iter().step_by(2) {
            acts_as(&mut parts, instance.as_str(), "deploy");
        }
        let agents = instances.iter().step_by(3).enumerate();
        parts.managed_instances = agents
            .map(|(number, id)| managed(id.as_str(), number % 2 == 0))
            .collect();
        let whole = Completeness::Complete;
        parts
            .coverage
            .record(Kind::ManagedInstances, Scope::default(), whole);
        let snapshot = Snapshot::assemble(parts).0;
        let engine = Engine::new(&snapshot);
        let landscape = Landscape::new(&engine).with_channels();
        let hosts: Vec<_> = landscape.hosts().map(|(_, host)| host.clone()).collect();
        for start in hosts
            .iter()
            .filter(|host| !host.endpoints.is_empty())
            .take(3)
        {
            let from = Selection::Endpoints(start.endpoints.clone());
            let found = blast(&landscape, &from, &BlastOptions::default());
            n_by_channel += found
                .certain
                .iter()
                .filter(|fall| fall.channel.is_some())
                .count();
            for host in hosts.iter().filter(|host| host.owner.id != start.owner.id) {
                if host.owner.role.nature() == analysis::Nature::Inert {
                    continue;
                }
                let has = |falls: &[analysis::Fall]| {
                    let mut members = falls.iter().flat_map(|fall| fall.to.members.iter());
                    members.any(|member| member.id == host.owner.id)
                };
                let to = Selection::Endpoints(host.endpoints.clone());
                let ways = paths(&landscape, &from, &to, &PathOptions::default());
                let is_certain = !ways.certain.is_empty();
                let expected = (is_certain, !is_certain && !ways.possible.is_empty());
                let told = (has(&found.certain), has(&found.possible));
                assert_eq!(told, expected, "seed {seed}: {start:?} to {host:?}");
            }
        }
    }
    assert!(n_by_channel > 10, "{n_by_channel}");
}
