//! From TOML to a configuration, with the place of everything that is wrong.

use std::ops::Range;

use packet::{Prefix, Service, ServiceError};
use report::score::Weights;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Config, ConfigError, Hosts, Keep, Listener, Office};
use crate::nearest::suggestion;

type Key<'a> = Spanned<DeString<'a>>;
type Value<'a> = Spanned<DeValue<'a>>;

/// What is wrong, and where: bytes of the text.
struct Problem {
    span: Range<usize>,
    message: String,
}

fn problem<T>(span: Range<usize>, message: impl Into<String>) -> Result<T, Problem> {
    let message = message.into();
    Err(Problem { span, message })
}

pub(super) fn config(text: &str) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = DeTable::parse(text).map_err(|error| Problem {
        span: error.span().unwrap_or(0..0),
        message: first_line(error.message()),
    });
    read.and_then(|table| top(table.get_ref()))
        .map_err(|problem| {
            let before = text.get(..problem.span.start).unwrap_or(text);
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            ConfigError {
                line: before.matches('\n').count() + 1,
                column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
                message: problem.message,
            }
        })
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

const TOP: &[&str] = &[
    "office",
    "tier",
    "environment",
    "keep",
    "listener",
    "score",
    "jewels",
    "fail_on",
    "color",
    "output",
];
const HOSTS: &[&str] = &["name", "hosts"];
const SCORE: &[&str] = &["administration", "data", "other"];
const LISTENER: &[&str] = &["hosts", "services"];
const KEEP: &[&str] = &["from", "to", "service"];
const OFFICE: &[&str] = &["name", "cidrs"];

fn top(table: &DeTable<'_>) -> Result<Config, Problem> {
    let mut config = Config::default();
    for (key, value) in table {
        match &**key.get_ref() {
            "office" => config.offices = offices(value)?,
            "tier" => config.tiers = named_hosts(value, "tier")?,
            "environment" => config.environments = named_hosts(value, "environment")?,
            "keep" => config.keep = kept(value)?,
            "listener" => config.listeners = listeners(value)?,
            "score" => config.weights = weights(value)?,
            "jewels" => config.jewels = Some(selectors(value)?),
            "fail_on" => config.fail_on = Some(parsed(value)?),
            "color" => config.color = Some(parsed(value)?),
            "output" => config.output = Some(outputs(value)?),
            other => return unknown(key, other, TOP),
        }
    }
    Ok(config)
}

fn unknown<T>(key: &Key<'_>, name: &str, known: &[&str]) -> Result<T, Problem> {
    let meant = suggestion(name, known.iter().copied());
    let advice = if meant.is_empty() {
        format!(": there are {}", known.join(", "))
    } else {
        meant
    };
    problem(key.span(), format!("unknown key `{name}`{advice}"))
}

fn offices(value: &Value<'_>) -> Result<Vec<Office>, Problem> {
    let wrong = "`office` is a list of tables: write `[[office]]` above each";
    let DeValue::Array(items) = value.get_ref() else {
        return problem(value.span(), wrong);
    };
    let mut offices: Vec<Office> = Vec::new();
    for item in items {
        let DeValue::Table(table) = item.get_ref() else {
            return problem(item.span(), wrong);
        };
        let office = office(table, item.span())?;
        if offices.iter().any(|other| other.name == office.name) {
            return problem(
                item.span(),
                format!("two offices are named `{}`", office.name),
            );
        }
        offices.push(office);
    }
    Ok(offices)
}

/// Hosts that are called something: `key` says what.
fn named_hosts(value: &Value<'_>, key: &str) -> Result<Vec<Hosts>, Problem> {
    let wrong = format!("`{key}` is a list of tables: write `[[{key}]]` above each");
    let DeValue::Array(items) = value.get_ref() else {
        return problem(value.span(), wrong);
    };
    let mut all: Vec<Hosts> = Vec::new();
    for item in items {
        let DeValue::Table(table) = item.get_ref() else {
            return problem(item.span(), wrong);
        };
        let hosts = hosts(table, item.span(), key)?;
        if all.iter().any(|other| other.name == hosts.name) {
            let message = format!("two tables `[[{key}]]` are named `{}`", hosts.name);
            return problem(item.span(), message);
        }
        all.push(hosts);
    }
    Ok(all)
}

fn hosts(table: &DeTable<'_>, span: Range<usize>, of: &str) -> Result<Hosts, Problem> {
    let (mut name, mut hosts) = (None, None);
    for (key, value) in table {
        match &**key.get_ref() {
            "name" => name = Some(text(value, "a name")?.to_owned()),
            "hosts" => hosts = Some(text(value, "a selector")?.to_owned()),
            other => return unknown(key, other, HOSTS),
        }
    }
    match (name, hosts) {
        (Some(name), Some(hosts)) => Ok(Hosts { name, hosts }),
        _ => problem(span, format!("`[[{of}]]` needs `name` and `hosts`")),
    }
}

fn kept(value: &Value<'_>) -> Result<Vec<Keep>, Problem> {
    let wrong = "`keep` is a list of tables: write `[[keep]]` above each";
    let DeValue::Array(items) = value.get_ref() else {
        return problem(value.span(), wrong);
    };
    let flows = items.iter().map(|item| match item.get_ref() {
        DeValue::Table(table) => keep(table, item.span()),
        _ => problem(item.span(), wrong),
    });
    flows.collect()
}

fn listeners(value: &Value<'_>) -> Result<Vec<Listener>, Problem> {
    let wrong = "`listener` is a list of tables: write `[[listener]]` above each";
    let DeValue::Array(items) = value.get_ref() else {
        return problem(value.span(), wrong);
    };
    let listeners = items.iter().map(|item| match item.get_ref() {
        DeValue::Table(table) => listener(table, item.span()),
        _ => problem(item.span(), wrong),
    });
    listeners.collect()
}

fn listener(table: &DeTable<'_>, span: Range<usize>) -> Result<Listener, Problem> {
    let (mut hosts, mut services) = (None, Vec::new());
    for (key, value) in table {
        match &**key.get_ref() {
            "hosts" => hosts = Some(text(value, "a selector")?.to_owned()),
            "services" => {
                let DeValue::Array(items) = value.get_ref() else {
                    let wrong = "`services` is a list, such as `[\"ssh\", \"tcp/8080\"]`";
                    return problem(value.span(), wrong);
                };
                services = items.iter().map(service).collect::<Result<_, _>>()?;
            }
            other => return unknown(key, other, LISTENER),
        }
    }
    match hosts {
        Some(hosts) if !services.is_empty() => Ok(Listener { hosts, services }),
        _ => problem(span, "`[[listener]]` needs `hosts` and `services`"),
    }
}

fn weights(value: &Value<'_>) -> Result<Weights, Problem> {
    let DeValue::Table(table) = value.get_ref() else {
        return problem(value.span(), "`score` is a table: write `[score]` above it");
    };
    let mut weights = Weights::default();
    for (key, value) in table {
        let weight = match &**key.get_ref() {
            "administration" => &mut weights.administration,
            "data" => &mut weights.data,
            "other" => &mut weights.other,
            other => return unknown(key, other, SCORE),
        };
        *weight = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse::<u16>().ok(),
            _ => None,
        }
        .map_or_else(
            || problem(value.span(), "a whole number from 0 to 65535 belongs here"),
            Ok,
        )?;
    }
    if weights.is_in_order() {
        Ok(weights)
    } else {
        let wrong = "weights grow with the risk: `other`, then `data`, then `administration`, which is at least 1";
        problem(value.span(), wrong)
    }
}

fn service(value: &Value<'_>) -> Result<Service, Problem> {
    let told = text(value, "a service")?.parse();
    told.or_else(|error: ServiceError| problem(value.span(), error.to_string()))
}

fn selectors(value: &Value<'_>) -> Result<Vec<String>, Problem> {
    let DeValue::Array(items) = value.get_ref() else {
        return problem(value.span(), "`jewels` is a list, such as `[\"type:rds\"]`");
    };
    let texts = items.iter().map(|item| text(item, "a selector"));
    texts.map(|text| text.map(str::to_owned)).collect()
}

fn keep(table: &DeTable<'_>, span: Range<usize>) -> Result<Keep, Problem> {
    let (mut from, mut to, mut kept) = (None, None, None);
    for (key, value) in table {
        match &**key.get_ref() {
            "from" => from = Some(text(value, "a selector")?.to_owned()),
            "to" => to = Some(text(value, "a selector")?.to_owned()),
            "service" => kept = Some(service(value)?),
            other => return unknown(key, other, KEEP),
        }
    }
    match (from, to, kept) {
        (Some(from), Some(to), Some(service)) => Ok(Keep { from, to, service }),
        _ => problem(span, "a flow to keep needs `from`, `to` and `service`"),
    }
}

fn office(table: &DeTable<'_>, span: Range<usize>) -> Result<Office, Problem> {
    let (mut name, mut cidrs) = (None, None);
    for (key, value) in table {
        match &**key.get_ref() {
            "name" => name = Some(text(value, "a name")?.to_owned()),
            "cidrs" => cidrs = Some(blocks(value)?),
            other => return unknown(key, other, OFFICE),
        }
    }
    let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
        return problem(span, "an office needs a `name`");
    };
    let Some(cidrs) = cidrs.filter(|cidrs| !cidrs.is_empty()) else {
        return problem(
            span,
            format!("office `{name}` needs `cidrs`, such as `[\"192.168.0.0/16\"]`"),
        );
    };
    Ok(Office { name, cidrs })
}

fn blocks(value: &Value<'_>) -> Result<Vec<Prefix>, Problem> {
    let DeValue::Array(items) = value.get_ref() else {
        return problem(
            value.span(),
            "`cidrs` is a list, such as `[\"192.168.0.0/16\"]`",
        );
    };
    items.iter().map(block).collect()
}

fn block(value: &Value<'_>) -> Result<Prefix, Problem> {
    let text = text(value, "a block of addresses")?;
    match Prefix::parse_lenient(text) {
        Ok((prefix, packet::HostBits::Clear)) => Ok(prefix),
        Ok((prefix, packet::HostBits::Cleared)) => problem(
            value.span(),
            format!("`{text}` has bits beyond its length, did you mean `{prefix}`?"),
        ),
        Err(error) => problem(value.span(), error.to_string()),
    }
}

fn outputs(value: &Value<'_>) -> Result<Vec<crate::output::Output>, Problem> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().map(parsed).collect(),
        _ => Ok(vec![parsed(value)?]),
    }
}

fn parsed<T: std::str::FromStr<Err = String>>(value: &Value<'_>) -> Result<T, Problem> {
    let text = text(value, "a text")?;
    text.parse()
        .or_else(|message: String| problem(value.span(), message))
}

fn text<'a>(value: &'a Value<'_>, what: &str) -> Result<&'a str, Problem> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text),
        _ => problem(value.span(), format!("{what} belongs here, in quotes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let error = config(text).expect_err("the configuration is wrong");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn everything_that_may_stand_there_is_read() {
        let read = config(
            "fail_on = \"high\"\ncolor = \"never\"\noutput = [\"text\", \"json=out.json\"]\n\n\
             [[office]]\nname = \"Sydney\"\ncidrs = [\"192.168.10.0/24\", \"fd00::/8\"]\n",
        );
        let read = read.unwrap();
        assert_eq!(read.offices[0].name, "Sydney");
        assert_eq!(read.offices[0].cidrs.len(), 2);
        assert_eq!(read.output.unwrap().len(), 2);
        assert_eq!(config("").unwrap(), Config::default());
    }

    #[test]
    fn jewels_are_a_list_of_selectors() {
        let read = config("jewels = [\"type:rds\", \"name:vault\"]\n").unwrap();
        assert_eq!(read.jewels.unwrap(), ["type:rds", "name:vault"]);
        check(
            "jewels = \"type:rds\"\n",
            "line 1, column 10: `jewels` is a list, such as `[\"type:rds\"]`",
        );
    }

    #[test]
    fn tiers_and_environments_are_named_hosts() {
        let read = config(
            "[[tier]]\nname = \"web\"\nhosts = \"web-*\"\n\
             [[environment]]\nname = \"production\"\nhosts = \"vpc-1\"\n",
        );
        let read = read.unwrap();
        assert_eq!(
            (&*read.tiers[0].name, &*read.tiers[0].hosts),
            ("web", "web-*")
        );
        assert_eq!(read.environments[0].name, "production");
        check(
            "[[environment]]\nname = \"x\"\n",
            "line 1, column 1: `[[environment]]` needs `name` and `hosts`",
        );
        let one = "[[tier]]\nname = \"x\"\nhosts = \"a\"\n";
        check(
            &format!("{one}{one}"),
            "line 4, column 1: two tables `[[tier]]` are named `x`",
        );
    }

    #[test]
    fn flows_to_keep_are_read() {
        let read =
            config("[[keep]]\nfrom = \"app-*\"\nto = \"type:rds\"\nservice = \"tcp/5432\"\n")
                .unwrap();
        let [keep] = read.keep.as_slice() else {
            panic!("{read:?}");
        };
        assert_eq!(
            (keep.from.as_str(), keep.to.as_str()),
            ("app-*", "type:rds")
        );
        assert_eq!(keep.service.to_string(), "tcp/5432");
        check(
            "[[keep]]\nfrom = \"a\"\nto = \"b\"\n",
            "line 1, column 1: a flow to keep needs `from`, `to` and `service`",
        );
        check(
            "[[keep]]\nservice = \"tcp/70000\"\n",
            "line 2, column 11: `tcp/70000` is not a service: `70000` is not a port from 0 to 65535",
        );
    }

    #[test]
    fn listeners_are_hosts_with_services() {
        let read = config("[[listener]]\nhosts = \"app-*\"\nservices = [\"ssh\", \"udp/53\"]\n");
        let read = read.unwrap();
        let [one] = read.listeners.as_slice() else {
            panic!("{read:?}");
        };
        let services: Vec<String> = one.services.iter().map(Service::to_string).collect();
        assert_eq!(services, ["tcp/22", "udp/53"]);
        check(
            "[[listener]]\nhosts = \"a\"\n",
            "line 1, column 1: `[[listener]]` needs `hosts` and `services`",
        );
        check(
            "[[listener]]\nhosts = \"a\"\nservices = \"ssh\"\n",
            "line 3, column 12: `services` is a list, such as `[\"ssh\", \"tcp/8080\"]`",
        );
        check(
            "[[listener]]\nhosts = \"a\"\nservices = [\"tcp/x\"]\n",
            "line 3, column 13: `tcp/x` is not a service: `x` is not a port from 0 to 65535",
        );
    }

    #[test]
    fn weights_grow_with_the_risk() {
        let read = config("[score]\nadministration = 10\nother = 0\n").unwrap();
        let weights = read.weights;
        assert_eq!(
            (weights.other, weights.data, weights.administration),
            (0, 2, 10)
        );
        check(
            "[score]\ndata = 5\n",
            "line 1, column 1: weights grow with the risk: `other`, then `data`, then `administration`, which is at least 1",
        );
        check(
            "[score]\ndata = -1\n",
            "line 2, column 8: a whole number from 0 to 65535 belongs here",
        );
    }

    #[test]
    fn unknown_keys_are_errors_with_a_suggestion() {
        check(
            "failon = \"high\"\n",
            "line 1, column 1: unknown key `failon`, did you mean `fail_on`?",
        );
        check(
            "# x\n  [[offices]]\nname = \"a\"\n",
            "line 2, column 5: unknown key `offices`, did you mean `office`?",
        );
        check(
            "[[office]]\nname = \"a\"\nwhere = \"b\"\n",
            "line 3, column 1: unknown key `where`: there are name, cidrs",
        );
    }

    #[test]
    fn wrong_values_name_their_place() {
        check(
            "color = 3\n",
            "line 1, column 9: a text belongs here, in quotes",
        );
        check(
            "color = \"blue\"\n",
            "line 1, column 9: `blue` is not a choice of colour: write auto, always or never",
        );
        check(
            "[[office]]\nname = \"a\"\ncidrs = [\"10.0.0.0/8\", \"10.0.1.0/8\"]\n",
            "line 3, column 24: `10.0.1.0/8` has bits beyond its length, did you mean `10.0.0.0/8`?",
        );
        check(
            "[[office]]\nname = \"a\"\ncidrs = [\"ten\"]\n",
            "line 3, column 10: `ten` is not a block of addresses such as `10.0.0.0/16`",
        );
        check(
            "[[office]]\ncidrs = []\n",
            "line 1, column 1: an office needs a `name`",
        );
        check(
            "[office]\nname = \"a\"\n",
            "line 1, column 1: `office` is a list of tables: write `[[office]]` above each",
        );
        check(
            "output = \"xml\"\n",
            "line 1, column 10: `xml` is not a format: write text, json or csv (docs/pictures.md has those of pictures)",
        );
    }

    #[test]
    fn broken_toml_names_its_place() {
        let error = config("color = \"never\"\nfail_on = \n").unwrap_err();
        assert_eq!((error.line, error.column), (2, 11));
        assert!(config("a = 1\na = 2\n").is_err());
    }
}
