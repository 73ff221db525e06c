//! A snapshot prepared for questions about hosts.

mod environments;
mod links;
mod subjects;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use engine::{ClassId, Engine, ReachId};
use model::{Endpoint, Index, NetworkInterface, OfficeNetwork, Snapshot};
use packet::Family;
use rustc_hash::FxHashMap;
use trace::Tracer;

use crate::answer::Answer;
use crate::channels::{Berth, Links};
use crate::classing;
use crate::doorways::Doorways;
use crate::environment::Environments;
use crate::front::{Front, fronts};
use crate::host::{Cell, CellId, Host, HostClass, HostClassId, HostId, HostKind, gather, is_own};
use crate::matrix::Matrix;
use crate::passage::{Beyond, Passage, passages};
use crate::reach::{answer_between, family};
use crate::subject::Member;

/// A snapshot prepared for questions about hosts: the engine, the tracer, all hosts and their classes.
#[derive(Debug)]
pub struct Landscape<'a> {
    engine: &'a Engine<'a>,
    tracer: Tracer<'a>,
    hosts: Vec<Host>,
    cells: Vec<Cell>,
    by_interface: FxHashMap<Index<NetworkInterface>, HostId>,
    answers: OnceLock<Matrix>,
    /// What the answers of the engine come to, in each family.
    of_reaches: OnceLock<Vec<[Answer; 2]>>,
    classes: OnceLock<Classes>,
    internet: OnceLock<Vec<ClassId>>,
    fronts: OnceLock<Vec<Front>>,
    beyond: OnceLock<Beyond>,
    /// What hosts of each cell reach through fronts.
    passages: Vec<OnceLock<Arc<[Passage]>>>,
    /// What the doors of fronts are sent.
    doorways: OnceLock<Doorways>,
    /// The same for all cells of a kind that come to the same doors.
    by_doorways: Mutex<BTreeMap<Vec<u128>, Arc<[Passage]>>>,
    /// Those lists, each once: most cells share theirs with many others.
    lists: Mutex<BTreeSet<Arc<[Passage]>>>,
    /// What passes from a host of each cell to another one that is like it.
    doubles: Vec<OnceLock<Answer>>,
    declared_environments: Vec<(String, Selection)>,
    environments: OnceLock<Environments>,
    goes_by_channels: bool,
    links: OnceLock<Links>,
    berths: OnceLock<Vec<Berth>>,
}

#[derive(Debug)]
struct Classes {
    all: Vec<HostClass>,
    by_cell: Vec<HostClassId>,
    /// The hosts of each class, as results tell them.
    members: Vec<OnceLock<Arc<[Member]>>>,
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
            doorways: OnceLock::new(),
            by_doorways: Mutex::default(),
            lists: Mutex::default(),
            doubles: cells.iter().map(|_| OnceLock::new()).collect(),
            cells,
            answers: OnceLock::new(),
            of_reaches: OnceLock::new(),
            classes: OnceLock::new(),
            internet: OnceLock::new(),
            fronts: OnceLock::new(),
            beyond: OnceLock::new(),
            declared_environments: Vec::new(),
            environments: OnceLock::new(),
            goes_by_channels: false,
            links: OnceLock::new(),
            berths: OnceLock::new(),
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

    /// What lies behind the doors of all fronts.
    pub(crate) fn beyond(&self) -> &Beyond {
        self.beyond.get_or_init(|| Beyond::of(self.fronts()))
    }

    /// What hosts of a cell reach through fronts.
    pub(crate) fn passages(&self, from: CellId) -> &[Passage] {
        let known = self.passages.get(from.0);
        known.map_or(&[], |known| {
            known.get_or_init(|| self.find_passages(self.cell(from)))
        })
    }

    fn find_passages(&self, cell: &Cell) -> Arc<[Passage]> {
        let find = || self.shared(passages(self, &self.senders(&cell.hosts)));
        let doorways = self.doorways.get_or_init(|| Doorways::of(self));
        let Some(kind) = doorways.kind(self, cell) else {
            return find();
        };
        let lists = || {
            self.by_doorways
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let known = lists().get(&kind).map(Arc::clone);
        known.unwrap_or_else(|| {
            let found = find();
            lists().insert(kind, Arc::clone(&found));
            found
        })
    }

    /// A list, shared with everybody who has the same.
    fn shared(&self, list: Vec<Passage>) -> Arc<[Passage]> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lists.get(list.as_slice()) {
            return Arc::clone(known);
        }
        let list: Arc<[Passage]> = list.into();
        lists.insert(Arc::clone(&list));
        list
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
            .all
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
        &self.classed().all[id.0]
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
            Classes {
                members: classes.iter().map(|_| OnceLock::new()).collect(),
                all: classes,
                by_cell,
            }
        })
    }

    /// The kind of a host.
    pub(crate) fn kind_of(&self, host: HostId) -> HostKind<'_> {
        self.cell(self.host(host).cell).kind()
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

    /// The answers for all pairs of cells.
    pub(crate) fn matrix(&self) -> &Matrix {
        self.answers
            .get_or_init(|| Matrix::of(self.engine, &self.cells, |cell| self.among(cell)))
    }

    /// The wanted answers by which other cells reach a cell, with those cells, and with itself if its hosts reach each
    /// other.
    pub(crate) fn reaching(
        &self,
        to: CellId,
        is_wanted: impl Fn(&Answer) -> bool + Copy,
    ) -> impl Iterator<Item = (&Answer, CellId)> {
        let matrix = self.matrix();
        let own = matrix.answer(matrix.within(to));
        let others = matrix.row(matrix.row_of(to)).iter();
        let others = others.map(|(answer, cells)| (matrix.answer(*answer), cells));
        let others = others.filter(move |(answer, _)| is_wanted(answer));
        let others = others.flat_map(move |(answer, cells)| {
            let others = cells.iter().filter(move |cell| *cell != to);
            others.map(move |cell| (answer, cell))
        });
        others.chain(is_wanted(own).then_some((own, to)))
    }

    /// What passes from a host of a cell to another one that is like it, whether the network has one or not.
    pub(crate) fn to_double(&self, id: CellId) -> &Answer {
        let cell = self.cell(id);
        if cell.hosts.len() > 1 {
            let matrix = self.matrix();
            return matrix.answer(matrix.within(id));
        }
        let double = || {
            let (from, to) = (self.senders(&cell.hosts), self.receivers(&cell.hosts));
            let pairs = from
                .iter()
                .flat_map(|from| to.iter().map(move |to| (from, to)));
            let pairs = pairs.filter(|(from, to)| family(from) == family(to));
            let answers = pairs
                .map(|(from, to)| Answer::of(&self.engine.reach_of_double(from, to), family(to)));
            answers.fold(Answer::nothing(), |all, one| all.union(&one))
        };
        #[expect(clippy::indexing_slicing, reason = "every cell has a double")]
        self.doubles[id.0].get_or_init(double)
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

    /// What passes from any of the classes of the engine to any other, of which not both lie outside.
    pub(crate) fn union_of(&self, from: &[ClassId], to: &[ClassId]) -> Answer {
        let rows = self.engine.rows();
        let mut all = Answer::nothing();
        let mut seen = Vec::new();
        for target in to {
            let Some(family) = self.engine.class(*target).family() else {
                continue;
            };
            // Targets of one row that everybody meets are reached alike.
            let kind = (rows.row_of(*target), family);
            let is_met = rows.joined_to(*target).is_empty();
            if is_met && seen.contains(&kind) {
                continue;
            }
            let reaches = from
                .iter()
                .filter_map(|source| rows.id_between(*source, *target));
            for reach in reaches {
                let answer = self.of_reach(reach, family);
                if *answer != all {
                    all = all.union(answer);
                }
            }
            if is_met {
                seen.push(kind);
            }
        }
        all
    }

    /// What passes from one endpoint to another on another host.
    pub(crate) fn answer_of(&self, from: &Endpoint, to: &Endpoint) -> Cow<'_, Answer> {
        let family = family(to);
        let is_inside = [from, to].iter().any(|end| self.host_of(end).is_some());
        let classes = self.engine.class_of(from).zip(self.engine.class_of(to));
        match (self.engine.known_rows().filter(|_| is_inside), classes) {
            (Some(rows), Some((source, target))) => {
                let id = rows.id_between(source, target);
                id.map_or(Cow::Owned(Answer::nothing()), |id| {
                    Cow::Borrowed(self.of_reach(id, family))
                })
            }
            (None, _) | (_, None) => Cow::Owned(Answer::of(&self.engine.reach(from, to), family)),
        }
    }

    /// An answer of the engine for targets of a family.
    fn of_reach(&self, reach: ReachId, family: Family) -> &Answer {
        let all = self.of_reaches.get_or_init(|| {
            let reaches = self.engine.rows().reaches();
            reaches
                .map(|(_, reach)| Family::ALL.map(|family| Answer::of(reach, family)))
                .collect()
        });
        let place = usize::from(family == Family::ALL[1]);
        #[expect(
            clippy::indexing_slicing,
            reason = "every answer of the engine has one for each family"
        )]
        &all[reach.number()][place]
    }

    /// The classes of the engine for the internet, less vacant addresses in blocks of the network's own VPCs.
    pub(crate) fn internet(&self) -> Vec<ClassId> {
        let classes = || {
            let vpcs = self.snapshot().vpcs().rows();
            let is_own = |address| vpcs.iter().any(|vpc| vpc.contains(address));
            self.engine_classes(
                |endpoint| matches!(endpoint, Endpoint::Internet { address } if !is_own(*address)),
            )
        };
        self.internet.get_or_init(classes).clone()
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
}
