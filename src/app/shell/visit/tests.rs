use proptest::prelude::*;

use super::*;
use crate::app::view::{Channel, Paint, Speed};
use crate::estimate::Estimator;
use crate::lab::settings::Setting;
use crate::words::Language;

fn refused(link: &str) -> String {
    Visit::read(link).unwrap_err().to_string()
}

#[test]
fn a_link_without_anything_is_the_usual_visit() {
    assert_eq!(Visit::read("").unwrap(), Visit::default());
    assert_eq!(Visit::default().write(), "");
}

#[test]
fn a_whole_link_can_be_read_by_people() {
    let link = "seed=3&at=grow:1&choice.1=split:conv1:3,prune:conv2:0&tab=table&candidate=split:conv1:3&channel=conv1:3\
                &theme=dark&hide=race,speed&freeze=new-run&embed=https:%2F%2Fschool.example";
    let visit = Visit::read(link).unwrap();
    assert_eq!(visit.config.seed, 3);
    assert_eq!(visit.at, Some((Stage::Grow, 1)));
    assert_eq!(visit.choices[&1], ["split:conv1:3", "prune:conv2:0"]);
    assert_eq!((visit.show.tab, visit.show.dark), (Some("table"), Some(true)));
    assert!(visit.controls.hides("race") && visit.controls.freezes("new-run"));
    assert_eq!(visit.embed.as_deref(), Some("https://school.example"));
    assert_eq!(visit.write(), link);
    // What a chat program does to it is undone.
    assert_eq!(Visit::read(&format!("#{}.", link.replace('&', "&amp;"))).unwrap(), visit);
}

#[test]
fn no_setting_has_the_name_of_something_else_in_a_link() {
    let mut all = Vec::new();
    let mut add = |name: &str, _: Option<String>| all.push(name.to_owned());
    Show::default().write(&mut add);
    all.extend(["run", "at", "hide", "freeze", "embed", "engine", "lesson", "step"].map(str::to_owned));
    for setting in Setting::all() {
        assert!(!all.iter().any(|name| name == setting.name), "{}", setting.name);
        assert!(!setting.name.starts_with(CHOICE), "{}", setting.name);
    }
    let mut names = control_names();
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "no two controls share a name: {names:?}");
    assert!(names.iter().all(|name| !name.is_empty() && encode(name) == *name), "{names:?}");
}

#[test]
fn foreign_addresses_are_refused() {
    for address in [
        "https://evil.example/run.zip",
        "http:run.zip",
        "//evil.example/run.zip",
        "\\\\evil.example\\run.zip",
        "/\\evil.example/run.zip",
        "javascript:alert(1).zip",
        "data:application/zip,run.zip",
        "runs/my run.zip",
        "runs/run.tar",
        "runs/run.txt?x=.zip",
        "",
    ] {
        let said = refused(&format!("#run={}", encode(address)));
        assert!(said.contains("\"run\"") && said.contains("beside this page"), "{address}: {said}");
    }
    assert!(refused(&format!("run={}.zip", "x".repeat(600))).contains("at most 500"));
    for address in ["runs/class-7.zip", "../run.ZIP", "/runs/a.zip?v=2", "a.zip#x"] {
        let visit = Visit::read(&format!("#run={}", encode(address))).unwrap();
        assert_eq!(visit.run.as_deref(), Some(address));
    }
    for origin in [
        "*",
        "null",
        "school.example",
        "https://",
        "https://school.example/",
        "https://a.b/c",
        "ftp://a",
        "https://user@a.b",
        "https://a.b:99999",
        "https://A.b",
        "https://[::1",
        "https://a b",
        "file://",
    ] {
        let said = refused(&format!("#embed={}", encode(origin)));
        assert!(said.contains("expected the origin"), "{origin}: {said}");
    }
    for origin in
        ["https://school.example", "http://localhost:8080", "http://192.168.1.20:8080", "http://[::1]:8080"]
    {
        assert_eq!(Visit::read(&format!("embed={}", encode(origin))).unwrap().embed.as_deref(), Some(origin));
    }
}

#[test]
fn what_makes_no_sense_is_named() {
    for (link, parts) in [
        ("hide=everything", &["\"hide\"", "\"everything\"", "new-run", "bar"][..]),
        ("freeze=,nothing", &["\"freeze\"", "\"nothing\""]),
        ("at=lunch:2", &["\"at\"", "\"lunch\"", "estimate"]),
        ("at=grow:two", &["\"at\"", "\"two\"", "estimate:2"]),
        ("tab=cinema", &["\"tab\"", "\"cinema\"", "cloud"]),
        ("channel=conv1", &["\"channel\"", "conv1:3"]),
        ("image=-1", &["\"image\"", "\"-1\"", "from 0"]),
        ("paint=red", &["gain, activation, filter"]),
        ("formula=best", &["\"best\"", "gauss-newton"]),
        ("theme=pink", &["light, dark"]),
        ("language=nl", &["en, de, fr, es"]),
        ("size=huge", &["normal, presenter"]),
        ("speed=ludicrous", &["slow, normal, fast"]),
        ("choice.x=split:conv1:1", &["\"choice.x\"", "a round's number"]),
        ("tab=cloud&tab=curves", &["\"tab\" is there twice"]),
        ("sed=3", &["sed"]),
        ("rounds=1000000", &["rounds"]),
    ] {
        let said = refused(link);
        assert!(parts.iter().all(|part| said.contains(part)), "{link}: {said}");
    }
}

fn some<T: std::fmt::Debug + Clone + 'static>(values: Vec<T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(prop::sample::select(values))
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    let id = "(split|prune|widen|skip):conv[1-9](>conv[1-9])?(:[0-9]{1,2})?";
    prop::collection::btree_set(id, 1..4).prop_map(|ids| ids.into_iter().collect())
}

fn shows() -> impl Strategy<Value = Show> {
    let tabs = crate::app::panels::PANELS.iter().map(|entry| entry.name).collect();
    let channel = ("conv[1-9]", 0..40usize).prop_map(|(layer, channel)| Channel { layer, channel });
    let first = (
        some(tabs),
        prop::option::of(1..9u64),
        prop::option::of("[a-z]{1,8}:conv1"),
        prop::option::of(channel),
    );
    let second = (
        prop::option::of(0..5000usize),
        some(vec![Paint::Gain, Paint::Activation, Paint::Filter]),
        some(Estimator::ALL.to_vec()),
        some(vec![Speed::Slow, Speed::Normal, Speed::Fast]),
    );
    let third = (any::<Option<bool>>(), any::<Option<bool>>(), some(Language::ALL.to_vec()));
    (first, second, third).prop_map(|(first, second, third)| {
        let (tab, round, candidate, channel) = first;
        let (image, paint, formula, speed) = second;
        let (dark, large, language) = third;
        Show { tab, round, candidate, channel, image, paint, formula, speed, dark, large, language }
    })
}

fn visits() -> impl Strategy<Value = Visit> {
    let names = || prop::collection::btree_set(prop::sample::select(control_names()), 0..5);
    let stages = vec![Stage::Train, Stage::Learn, Stage::Choose, Stage::Grow, Stage::Done];
    let at = prop::option::of((prop::sample::select(stages), 1..9u64));
    let choices = prop::collection::btree_map(1..9u64, ids(), 0..3);
    let run = some(vec!["runs/a b.zip".replace(' ', "%20"), "../x.zip?v=1&w=2".into(), "ü/ß.zip".into()]);
    let embed = some(vec!["https://school.example".to_owned(), "http://localhost:8080".into()]);
    let engine = prop::sample::select(vec![EngineChoice::Auto, EngineChoice::Candle, EngineChoice::WebGpu]);
    let settings = (any::<u64>(), 1..20u64, any::<bool>());
    (run, at, choices, shows(), (names(), names()), embed, engine, settings).prop_map(
        |(run, at, choices, show, (hidden, frozen), embed, engine, (seed, rounds, confirm))| {
            // TOML has no larger whole numbers.
            let config = Config { seed: seed >> 1, rounds, confirm, ..Config::default() };
            let controls = Controls { hidden, frozen };
            Visit { config, engine, run, at, choices, lesson: None, show, controls, embed }
        },
    )
}

proptest! {
    #[test]
    fn every_visit_comes_back_from_its_link(visit in visits()) {
        let link = visit.write();
        prop_assert!(link.is_ascii() && !link.contains([' ', '#', '"', '/', '<', '>']), "{}", link);
        prop_assert_eq!(Visit::read(&link).unwrap(), visit, "{}", link);
    }

    #[test]
    fn links_of_strangers_are_survived(link in "(#?[a-z.]{1,8}=[a-z0-9:,/%+&]{0,20}&?){0,4}") {
        if let Ok(visit) = Visit::read(&link) {
            prop_assert_eq!(Visit::read(&visit.write()).unwrap(), visit);
        }
    }
}
