use std::fs;
use std::time::{Duration, SystemTime};

use model::Origin;

use super::*;

/// A folder with a snapshot in `in` and a cache in `cache`.
struct Bench {
    folder: tempfile::TempDir,
}

const GROUPS: &str = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1",
    "Description": "é", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
    "IpRanges": [{"CidrIp": "10.0.0.1/8"}], "UserIdGroupPairs": [{"GroupId": "sg-2"}]}],
    "IpPermissionsEgress": []}, {"GroupId": 7}]}"#;
const VPCS: &str = r#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#;

impl Bench {
    fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(bench.folder.path().join("in")).unwrap();
        bench.write("in/groups.json", GROUPS);
        bench.write("in/vpcs.json", VPCS);
        bench.write("in/notes.txt", "mine");
        bench
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn cache(&self) -> Cache {
        Cache::new(self.folder.path().join("cache")).of_any_size()
    }

    fn paths(&self) -> Vec<PathBuf> {
        vec![self.folder.path().join("in")]
    }

    fn load(&self) -> Cached {
        self.cache().load(&self.paths(), Vec::new()).unwrap()
    }

    /// Loads, checks that all is as without a cache, and tells whether it was known.
    fn is_known(&self) -> bool {
        let Cached {
            loaded,
            is_known,
            problem,
        } = self.load();
        assert!(problem.is_none(), "{problem:?}");
        self.check(&loaded);
        is_known
    }

    fn check(&self, loaded: &Loaded) {
        let read = crate::load(&self.paths(), Vec::new()).unwrap();
        assert_eq!(format!("{loaded:?}"), format!("{read:?}"));
    }

    fn entries(&self) -> Vec<PathBuf> {
        let files = fs::read_dir(self.cache().folder()).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }

    fn entry(&self) -> PathBuf {
        let entries = self.entries();
        assert_eq!(entries.len(), 1, "{entries:?}");
        entries[0].clone()
    }
}

#[test]
fn a_second_load_is_the_same_and_not_read_again() {
    let bench = Bench::new();
    assert!(!bench.is_known());
    assert!(bench.is_known());
    let loaded = bench.load().loaded;
    assert!(
        !loaded.diagnostics.is_empty(),
        "the broken group is told again"
    );
    assert_eq!(loaded.files.len(), 3);
}

#[test]
fn whatever_is_read_otherwise_is_read_anew() {
    let bench = Bench::new();
    bench.is_known();
    let changes = [
        ("in/vpcs.json", VPCS.replace("/16", "/17")),
        ("in/more.json", VPCS.to_owned()),
        ("in/notes.md", "mine".to_owned()),
    ];
    for (name, text) in changes {
        bench.write(name, &text);
        assert!(!bench.is_known(), "{name}");
        assert!(bench.is_known(), "{name}");
    }
    fs::rename(
        bench.folder.path().join("in/more.json"),
        bench.folder.path().join("in/other.json"),
    )
    .unwrap();
    assert!(!bench.is_known());
    // What was there before is still known.
    fs::rename(
        bench.folder.path().join("in/other.json"),
        bench.folder.path().join("in/more.json"),
    )
    .unwrap();
    assert!(bench.is_known());
    let office = OfficeNetwork::declared("hq", Vec::new(), Origin::new("w.toml".into(), ""));
    let cached = bench.cache().load(&bench.paths(), vec![office]).unwrap();
    assert!(!cached.is_known);
    assert_eq!(cached.loaded.snapshot.offices().len(), 1);
}

#[test]
fn one_path_is_not_two() {
    let bench = Bench::new();
    bench.is_known();
    let twice = [bench.paths(), bench.paths()].concat();
    let cached = bench.cache().load(&twice, Vec::new()).unwrap();
    assert!(!cached.is_known);
}

#[test]
fn a_damaged_entry_is_told_not_used_and_written_anew() {
    let bench = Bench::new();
    bench.is_known();
    let entry = bench.entry();
    let whole = fs::read(&entry).unwrap();
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        for damaged in [whole[..at].to_vec(), flipped] {
            fs::write(&entry, damaged).unwrap();
            let cached = bench.load();
            assert!(
                matches!(cached.problem, Some(CacheProblem::Damaged { .. })),
                "{at}"
            );
            assert!(!cached.is_known);
            bench.check(&cached.loaded);
            assert_eq!(fs::read(&entry).unwrap(), whole);
        }
    }
}

#[test]
fn an_entry_under_the_name_of_another_is_damaged() {
    let bench = Bench::new();
    bench.is_known();
    let first = bench.entry();
    bench.write("in/vpcs.json", &VPCS.replace("/16", "/17"));
    bench.is_known();
    let second = bench.entries().into_iter().find(|path| *path != first);
    fs::copy(first, second.unwrap()).unwrap();
    let cached = bench.load();
    assert!(matches!(cached.problem, Some(CacheProblem::Damaged { .. })));
    bench.check(&cached.loaded);
}

#[test]
fn what_is_packed_wrongly_never_panics() {
    let bench = Bench::new();
    let mut packer = model::pack::Packer::default();
    model::pack::Pack::pack(&bench.load().loaded.snapshot, &mut packer);
    let whole = packer.finish();
    let read = |bytes: &[u8]| {
        let mut unpacker = model::pack::Unpacker::new(bytes)?;
        <model::Snapshot as model::pack::Pack>::unpack(&mut unpacker)
    };
    assert!(read(&whole).is_some());
    for at in 0..whole.len() {
        assert!(read(&whole[..at]).is_none(), "{at}");
        for value in [0, 1, 0x7f, 0xff, whole[at] ^ 1] {
            let mut flipped = whole.clone();
            flipped[at] = value;
            let _ = read(&flipped);
        }
    }
}

#[test]
fn where_nothing_can_be_written_the_network_is_read() {
    let bench = Bench::new();
    bench.write("cache", "a file");
    for _ in 0..2 {
        let cached = bench.load();
        let problem = cached.problem.unwrap();
        let is_told = matches!(
            problem,
            CacheProblem::Unwritable { .. } | CacheProblem::Unreadable { .. }
        );
        assert!(is_told, "{problem:?}");
        bench.check(&cached.loaded);
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_and_writes() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = Bench::new();
    bench.is_known();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(bench.cache().folder()), 0o700);
    assert_eq!(mode(&bench.entry()), 0o600);
    fs::set_permissions(bench.cache().folder(), fs::Permissions::from_mode(0o777)).unwrap();
    let cached = bench.load();
    assert!(matches!(cached.problem, Some(CacheProblem::Open { .. })));
    assert!(!cached.is_known);
    bench.check(&cached.loaded);
}

#[test]
fn several_at_once_all_get_the_network() {
    let bench = Bench::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    bench.is_known();
                }
            });
        }
    });
    bench.entry();
    assert!(bench.is_known());
}

#[test]
fn what_nobody_used_goes_and_what_is_not_ours_stays() {
    let bench = Bench::new();
    bench.is_known();
    let (entry, folder) = (bench.entry(), bench.cache().folder().to_owned());
    let age = |path: &Path, days: u64| {
        let file = fs::File::options().append(true).open(path).unwrap();
        let then = SystemTime::now() - Duration::from_hours(days * 24);
        file.set_modified(then).unwrap();
    };
    for name in ["cache/old.writing", "cache/new.writing", "cache/notes.txt"] {
        bench.write(name, "");
    }
    age(&folder.join("old.writing"), 1);
    age(&folder.join("notes.txt"), 1000);
    age(&entry, 29);
    // To use it makes it young again.
    assert!(bench.is_known());
    folder::tidy(&folder);
    assert!(entry.exists());
    assert!(!folder.join("old.writing").exists());
    assert!(folder.join("new.writing").exists());
    assert!(folder.join("notes.txt").exists());
    age(&entry, 31);
    folder::tidy(&folder);
    assert!(!entry.exists());
    assert!(!bench.is_known());
    assert_eq!(bench.cache().clear().unwrap(), 1);
    assert!(folder.join("new.writing").exists(), "somebody may be at it");
    assert!(folder.join("notes.txt").exists());
    assert!(!bench.is_known());
}

#[test]
fn small_inputs_are_not_kept() {
    let bench = Bench::new();
    let cache = Cache::new(bench.cache().folder());
    let cached = cache.load(&bench.paths(), Vec::new()).unwrap();
    assert!(cached.problem.is_none());
    assert!(!cache.folder().exists());
}

#[test]
fn what_this_process_began_goes_when_it_ends_before_its_time() {
    let bench = Bench::new();
    assert!(!bench.is_known());
    let folder = bench.cache().folder().to_owned();
    let own = folder.join(format!("{}-half.writing", std::process::id()));
    let other = folder.join("0-half.writing");
    fs::write(&own, "half").unwrap();
    fs::write(&other, "half").unwrap();
    bench.cache().abandon();
    assert!(!own.exists());
    assert!(other.exists());
    assert!(bench.is_known());
}
