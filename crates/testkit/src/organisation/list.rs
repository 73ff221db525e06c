//! Files of JSON lists that grow element by element.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::REGION;

/// All kinds that every account has a file of, empty or not.
const KINDS: &[&str] = &[
    "Addresses",
    "CustomerGateways",
    "EgressOnlyInternetGateways",
    "InternetGateways",
    "NatGateways",
    "NetworkAcls",
    "NetworkInterfaces",
    "PrefixLists",
    "Reservations",
    "RouteTables",
    "SecurityGroups",
    "Subnets",
    "TransitGatewayAttachments",
    "TransitGatewayPropagations",
    "TransitGatewayRouteTables",
    "TransitGatewayStaticRoutes",
    "TransitGatewayVpcAttachments",
    "TransitGateways",
    "VpcPeeringConnections",
    "Vpcs",
    "VpnConnections",
    "VpnGateways",
];

/// A folder with one folder for each account.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    lists: BTreeMap<(String, &'static str), List>,
}

/// A file that holds one list.
#[derive(Debug)]
struct List {
    file: BufWriter<File>,
    is_empty: bool,
    bytes: u64,
}

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            lists: BTreeMap::new(),
        }
    }

    /// Adds an element to the list of a kind.
    pub(super) fn add(
        &mut self,
        account: &str,
        kind: &'static str,
        element: &str,
    ) -> io::Result<()> {
        if !self.lists.contains_key(&(account.to_owned(), kind)) {
            self.open(account)?;
        }
        match self.lists.get_mut(&(account.to_owned(), kind)) {
            Some(list) => list.add(element),
            None => Err(io::Error::other(format!("`{kind}` is not among the kinds"))),
        }
    }

    /// Closes every list, and tells how many bytes they have.
    pub(super) fn finish(self) -> io::Result<u64> {
        let mut bytes = 0;
        for (_, mut list) in self.lists {
            list.write("]}\n")?;
            list.file.flush()?;
            bytes += list.bytes;
        }
        Ok(bytes)
    }

    fn open(&mut self, account: &str) -> io::Result<()> {
        let folder = self.path.join(account).join(REGION);
        std::fs::create_dir_all(&folder)?;
        for &kind in KINDS {
            let file = File::create(folder.join(format!("{kind}.json")))?;
            let mut list = List {
                file: BufWriter::new(file),
                is_empty: true,
                bytes: 0,
            };
            list.write(&format!("{{\"{kind}\":["))?;
            self.lists.insert((account.to_owned(), kind), list);
        }
        Ok(())
    }
}

impl List {
    fn add(&mut self, element: &str) -> io::Result<()> {
        let sign = if self.is_empty { "\n" } else { ",\n" };
        self.is_empty = false;
        self.write(sign)?;
        self.write(element)
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.bytes += u64::try_from(text.len()).unwrap_or_default();
        self.file.write_all(text.as_bytes())
    }
}
