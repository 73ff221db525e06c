//! A snapshot prepared for questions about hosts.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use engine::{ClassId, Engine};
use model::{Endpoint, Index, NetworkInterface, OfficeNetwork, Resource, Snapshot};
use packet::Family;
use trace::Tracer;

use crate::answer::Answer;
use crate::classing;
use crate::front::{Front, fronts};
use crate::host::{Cell, CellId, Host, HostClass, HostClassId, HostId, gather, is_own};
use crate::passage::{Passage, passages};
use crate::reach::answer_between;
use crate::subject::{Member, Subject, SubjectKind};

/// A snapshot prepared for questions about hosts: the engine, the tracer, all hosts and their classes.
#[derive(Debug)]
pub struct Landscape<'a> {
    engine: &'a Engine<'a>,
    tracer: Tracer<'a>,
    hosts: Vec<Host>,
    cells: Vec<Cell>,
    by_interface: BTreeMap<Index<NetworkInterface>, HostId>,
    answers: OnceLock<Matrix>,
    classes: OnceLock<Classes>,
    fronts: OnceLock<Vec<Front>>,
    /// What hosts of each cell reach through fronts.
    passages: Vec<OnceLock<Vec<Passage>>>,
}

/// The answers for all pairs of cells, row by row. Few of them differ, so each is kept once.
#[derive(Debug, Default)]
struct Matrix {
    numbers: Vec<u32>,
    distinct: Vec<Answer>,
    known: HashMap<Answer, u32>,
}

impl Matrix {
    fn push(&mut self, answer: Answer) {
        let next = u32::try_from(self.distinct.len()).unwrap_or(u32::MAX);
        let number = *self.known.entry(answer).or_insert_with_key(|answer| {
            self.distinct.push(answer.clone());
            next
        });
        self.numbers.push(number);
    }

    fn answer(&self, place: usize) -> &Answer {
        #[expect(
            clippy::indexing_slicing,
            reason = "the matrix holds every pair of cells, and every number in it"
        )]
        &self.distinct[self.numbers[place] as usize]
    }
}

#[derive(Debug)]
struct Classes {
    classes: Vec<HostClass>,
    by_cell: Vec<HostClassId>,
}

/// What a selector names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selection {
    /// These endpoints. An instance stands for all of its addresses.
    Endpoints(Vec<Endpoint>),
    /// Every address of the internet.
    Internet,
    /// Every address of an office network.
    Office(Index<OfficeNetwork>),
}

impl<'a> Landscape<'a> {
    /// Gathers hosts.
    ///
    /// # Cost
    ///
    /// A sort of the endpoints. Classes of hosts, and what passes between them, are computed when first asked for.
    pub fn new(engine: &'a Engine<'a>) -> Self {
        let (hosts, cells) = gather(engine);
        let by_interface = hosts.iter().enumerate().flat_map(|(number, host)| {
            host.interfaces
                .iter()
                .map(move |interface| (*interface, HostId(number)))
        });
        Self {
            engine,
            tracer: Tracer::new(engine.snapshot()),
            by_interface: by_interface.collect(),
            hosts,
            passages: cells.iter().map(|_| OnceLock::new()).collect(),
            cells,
            answers: OnceLock::new(),
            classes: OnceLock::new(),
            fronts: OnceLock::new(),
        }
    }

    /// The engine that answers.
    pub const fn engine(&self) -> &'a Engine<'a> {
        self.engine
    }

    /// The snapshot that the answers are about.
    pub const fn snapshot(&self) -> &'a Snapshot {
        self.engine.snapshot()
    }

    /// The tracer that explains.
    pub(crate) const fn tracer(&self) -> &Tracer<'a> {
        &self.tracer
    }

    /// All hosts.
    pub fn hosts(&self) -> impl ExactSizeIterator<Item = (HostId, &Host)> {
        self.hosts
            .iter()
            .enumerate()
            .map(|(number, host)| (HostId(number), host))
    }

    /// A host of this landscape.
    pub fn host(&self, id: HostId) -> &Host {
        #[expect(
            clippy::indexing_slicing,
            reason = "ids are only made by the hosts of a landscape"
        )]
        &self.hosts[id.0]
    }

    /// The host that has an endpoint.
    pub fn host_of(&self, endpoint: &Endpoint) -> Option<HostId> {
        match endpoint {
            Endpoint::Interface { interface, .. } => self.by_interface.get(interface).copied(),
            Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => None,
        }
    }

    /// Everything in the network that passes requests on.
    pub(crate) fn fronts(&self) -> &[Front] {
        self.fronts.get_or_init(|| fronts(self))
    }

    /// Whether a host is a front of which the input tells all that stands behind it.
    pub(crate) fn is_whole_front(&self, host: HostId) -> bool {
        let interfaces = &self.host(host).interfaces;
        let mut fronts = self.fronts().iter().filter(|front| front.is_whole);
        fronts.any(|front| front.nodes.iter().any(|node| interfaces.contains(node)))
    }

    /// What hosts of a cell reach through fronts.
    pub(crate) fn passages(&self, from: CellId) -> &[Passage] {
        let known = self.passages.get(from.0);
        known.map_or(&[], |known| {
            known.get_or_init(|| passages(self, &self.senders(&self.cell(from).hosts)))
        })
    }

    /// All addresses of an interface, public ones included.
    pub(crate) fn endpoints_of(&self, interface: Index<NetworkInterface>) -> Vec<Endpoint> {
        let host = self.by_interface.get(&interface);
        let of_host = host.map_or(&[][..], |host| &self.host(*host).endpoints);
        let own = |endpoint: &&Endpoint| matches!(endpoint, Endpoint::Interface { interface: of, .. } if *of == interface);
        of_host.iter().filter(own).copied().collect()
    }

    pub(crate) fn is_same_host(&self, a: &Endpoint, b: &Endpoint) -> bool {
        self.host_of(a)
            .is_some_and(|host| self.host_of(b) == Some(host))
    }

    /// The addresses from which hosts send.
    pub(crate) fn senders(&self, hosts: &[HostId]) -> Vec<Endpoint> {
        let endpoints = self.receivers(hosts).into_iter();
        endpoints
            .filter(|endpoint| is_own(self.snapshot(), endpoint))
            .collect()
    }

    /// The addresses to which hosts can be sent to, public ones included.
    pub(crate) fn receivers(&self, hosts: &[HostId]) -> Vec<Endpoint> {
        hosts
            .iter()
            .flat_map(|host| self.host(*host).endpoints.iter().copied())
            .collect()
    }

    /// All classes of hosts, the largest first.
    pub fn classes(&self) -> impl ExactSizeIterator<Item = (HostClassId, &HostClass)> {
        self.classed()
            .classes
            .iter()
            .enumerate()
            .map(|(number, class)| (HostClassId(number), class))
    }

    /// A class of this landscape.
    pub fn class(&self, id: HostClassId) -> &HostClass {
        #[expect(
            clippy::indexing_slicing,
            reason = "ids are only made by the classes of a landscape"
        )]
        &self.classed().classes[id.0]
    }

    /// The class of a host.
    pub fn class_of(&self, host: HostId) -> HostClassId {
        self.class_of_cell(self.host(host).cell)
    }

    pub(crate) fn class_of_cell(&self, cell: CellId) -> HostClassId {
        #[expect(clippy::indexing_slicing, reason = "every cell is in one class")]
        self.classed().by_cell[cell.0]
    }

    fn classed(&self) -> &Classes {
        self.classes.get_or_init(|| {
            let classes = classing::classes(self);
            let mut by_cell = vec![HostClassId(0); self.cells.len()];
            for (number, class) in classes.iter().enumerate() {
                for cell in &class.cells {
                    if let Some(slot) = by_cell.get_mut(cell.0) {
                        *slot = HostClassId(number);
                    }
                }
            }
            Classes { classes, by_cell }
        })
    }

    pub(crate) fn cells(&self) -> impl ExactSizeIterator<Item = (CellId, &Cell)> {
        self.cells
            .iter()
            .enumerate()
            .map(|(number, cell)| (CellId(number), cell))
    }

    pub(crate) fn cell(&self, id: CellId) -> &Cell {
        #[expect(
            clippy::indexing_slicing,
            reason = "ids are only made by the cells of a landscape"
        )]
        &self.cells[id.0]
    }

    /// What passes from any host of one cell to any other host of another.
    pub(crate) fn between(&self, from: CellId, to: CellId) -> &Answer {
        let matrix = self.answers.get_or_init(|| self.all_answers());
        matrix.answer(from.0 * self.cells.len() + to.0)
    }

    fn all_answers(&self) -> Matrix {
        let mut matrix = Matrix::default();
        for (from_id, from) in self.cells() {
            for (to_id, to) in self.cells() {
                matrix.push(if from_id == to_id {
                    self.among(from)
                } else {
                    self.union_of(&from.sources, &to.targets)
                });
            }
        }
        matrix
    }

    /// What passes from one host of a cell to another.
    fn among(&self, cell: &Cell) -> Answer {
        if cell.hosts.len() > 1 {
            answer_between(
                self,
                &self.senders(&cell.hosts),
                &self.receivers(&cell.hosts),
            )
        } else {
            Answer::nothing()
        }
    }

    /// What passes from any of the classes of the engine to any other.
    pub(crate) fn union_of(&self, from: &[ClassId], to: &[ClassId]) -> Answer {
        let pairs = from
            .iter()
            .flat_map(|source| to.iter().map(move |target| (*source, *target)));
        let answers = pairs.filter_map(|(source, target)| self.of_classes(source, target));
        answers.fold(Answer::nothing(), |all, answer| all.union(&answer))
    }

    /// What passes from one class of the engine to another; `None` if they cannot meet.
    pub(crate) fn of_classes(&self, from: ClassId, to: ClassId) -> Option<Answer> {
        let family = self.family_of(to)?;
        if self.family_of(from)? != family {
            return None;
        }
        self.engine
            .between(from, to)
            .map(|reach| Answer::of(&reach, family))
    }

    fn family_of(&self, class: ClassId) -> Option<Family> {
        self.engine
            .class(class)
            .endpoints
            .first()
            .map(|endpoint| Family::of(endpoint.address()))
    }

    /// The classes of the engine for the internet, less vacant addresses in blocks of the network's own VPCs.
    pub(crate) fn internet(&self) -> Vec<ClassId> {
        let vpcs = self.snapshot().vpcs().rows();
        let is_own = |address| vpcs.iter().any(|vpc| vpc.contains(address));
        self.engine_classes(
            |endpoint| matches!(endpoint, Endpoint::Internet { address } if !is_own(*address)),
        )
    }

    /// The classes of the engine for an office network.
    pub(crate) fn office(&self, wanted: Index<OfficeNetwork>) -> Vec<ClassId> {
        self.engine_classes(
            |endpoint| matches!(endpoint, Endpoint::Office { office, .. } if *office == wanted),
        )
    }

    fn engine_classes(&self, wanted: impl Fn(&Endpoint) -> bool) -> Vec<ClassId> {
        let chosen = self
            .engine
            .classes()
            .filter(|(_, class)| class.endpoints.first().is_some_and(&wanted));
        chosen.map(|(id, _)| id).collect()
    }

    /// The endpoints that stand for a selection: for networks outside, one for each part that may be treated apart.
    pub fn endpoints(&self, selection: &Selection) -> Vec<Endpoint> {
        let of_classes = |classes: Vec<ClassId>| {
            classes
                .into_iter()
                .flat_map(|id| self.engine.class(id).endpoints.clone())
                .collect()
        };
        match selection {
            Selection::Endpoints(endpoints) => endpoints.clone(),
            Selection::Internet => of_classes(self.internet()),
            Selection::Office(office) => of_classes(self.office(*office)),
        }
    }

    /// These hosts of one class, as a subject of results.
    pub(crate) fn subject(&self, class: HostClassId, hosts: &[HostId]) -> Subject {
        let class = self.class(class);
        let mut members: Vec<Member> = hosts.iter().map(|host| self.member(*host)).collect();
        members.sort_unstable();
        let name = match members.as_slice() {
            [only] if class.hosts.len() > 1 => only.name.clone().unwrap_or_else(|| only.id.clone()),
            _ => class.name.clone(),
        };
        Subject {
            kind: SubjectKind::Hosts(class.role),
            name,
            members,
            class_size: class.hosts.len(),
        }
    }

    fn member(&self, id: HostId) -> Member {
        let host = self.host(id);
        let snapshot = self.snapshot();
        let rows = || {
            host.interfaces
                .iter()
                .map(|index| snapshot.interfaces().get(*index))
        };
        let held = rows().flat_map(|row| row.addresses.iter().map(|held| held.address));
        let public = rows().flat_map(|row| row.addresses.iter().filter_map(|held| held.public));
        let mut groups: Vec<_> = rows()
            .flat_map(|row| row.groups.iter().filter_map(model::Link::target))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        Member {
            id: host.owner.id.clone(),
            name: host.owner.name.clone(),
            addresses: held.chain(public).collect(),
            interfaces: host.interfaces.clone(),
            groups,
        }
    }

    /// The internet as a subject.
    pub(crate) fn internet_subject() -> Subject {
        Subject {
            kind: SubjectKind::Internet,
            name: "internet".to_owned(),
            members: Vec::new(),
            class_size: 0,
        }
    }

    /// An office network as a subject.
    pub(crate) fn office_subject(&self, office: Index<OfficeNetwork>) -> Subject {
        let row = self.snapshot().offices().get(office);
        let name = row.name().unwrap_or(row.id.as_str()).to_owned();
        Subject {
            kind: SubjectKind::Office(office),
            name,
            members: Vec::new(),
            class_size: 0,
        }
    }

    /// What a selection names, as a subject: hosts by class if they are of one, else as one list.
    pub(crate) fn selection_subject(&self, selection: &Selection) -> Subject {
        let endpoints = match selection {
            Selection::Internet => return Self::internet_subject(),
            Selection::Office(office) => return self.office_subject(*office),
            Selection::Endpoints(endpoints) => endpoints,
        };
        let mut hosts: Vec<HostId> = endpoints
            .iter()
            .filter_map(|endpoint| self.host_of(endpoint))
            .collect();
        hosts.sort_unstable();
        hosts.dedup();
        let mut classes: Vec<HostClassId> = hosts.iter().map(|host| self.class_of(*host)).collect();
        classes.sort_unstable();
        classes.dedup();
        match (classes.as_slice(), endpoints.as_slice()) {
            ([class], _) => self.subject(*class, &hosts),
            (
                [],
                [
                    Endpoint::Internet { address }
                    | Endpoint::Unknown { address }
                    | Endpoint::Office { address, .. },
                ],
            ) => {
                let name = address.to_string();
                Subject {
                    kind: SubjectKind::Addresses,
                    name,
                    members: Vec::new(),
                    class_size: 0,
                }
            }
            ([], _) => {
                let name = format!("{} addresses", endpoints.len());
                Subject {
                    kind: SubjectKind::Addresses,
                    name,
                    members: Vec::new(),
                    class_size: 0,
                }
            }
            ([first, ..], _) => {
                let role = self.class(*first).role;
                let members: Vec<Member> = hosts.iter().map(|host| self.member(*host)).collect();
                let (name, class_size) = ("hosts".to_owned(), members.len());
                Subject {
                    kind: SubjectKind::Hosts(role),
                    name,
                    members,
                    class_size,
                }
            }
        }
    }
}
