//! What a search says of its trials and of its end.

use super::*;
use crate::words::{Language, in_language};

fn reasons() -> Vec<Reason> {
    let explores = |teacher, least| Reason::Explores {
        iteration: 31,
        working: 32,
        teacher,
        rate: 0.2,
        stable: 33,
        least,
    };
    vec![
        Reason::Seed,
        Reason::Copy { parent: 31 },
        Reason::Chance { changes: 31, scratch: false },
        Reason::Chance { changes: 31, scratch: true },
        Reason::Unchanged { step: 31, current: 32 },
        Reason::Neighbour { step: 31, neighbour: 32, neighbours: 33, current: 34, changes: 35 },
        Reason::Fills { member: 31, population: 32 },
        Reason::Fittest { parent: 31, sample: 32, oldest: 33 },
        Reason::Rare { generation: 31, child: 32, trained: 33, proposals: 34, front: 35, parent: 36 },
        Reason::Appends { side: 31, closed: vec![] },
        Reason::Appends { side: 31, closed: vec![32, 33] },
        explores(None, None),
        explores(Some(34), Some(0.5)),
        Reason::Unproved { iterations: 31, stable: 32, working: 33, changes: 34 },
    ]
}

fn ends() -> Vec<End> {
    vec![
        End::NoSeed,
        End::Enough { trials: 31 },
        End::Spent,
        End::NoChange { parent: 31 },
        End::NoChangeOfFront { generation: 31 },
        End::NoGroup { closed: vec![] },
        End::NoGroup { closed: vec![31, 32] },
    ]
}

/// The whole numbers from 31 on that a text has, in their order.
fn numbers(text: &str) -> Vec<u32> {
    let figures = text.split(|letter: char| !letter.is_ascii_digit());
    let mut found: Vec<u32> =
        figures.filter_map(|figure| figure.parse().ok()).filter(|of| *of > 30).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn reasons_and_ends_are_said_with_all_their_numbers_in_every_language() {
    let said = |language| -> Vec<String> {
        let reasons = || reasons().iter().map(Reason::words).chain(ends().iter().map(End::words)).collect();
        in_language(language, reasons)
    };
    let english = said(Language::English);
    assert_eq!(numbers(&english[8]), [31, 32, 33, 34, 35, 36]);
    assert_eq!(
        english[12],
        "Iteration 31: trial 32 explores, towards the answers of trial 34 at 0.2 of the rate; trial 33 is stable. A \
         gain below 0.5000 cannot be proved on these images."
    );
    assert_eq!(english[10], "Appends to the layers at 31×31; closed: 32×32, 33×33.");
    for language in [Language::German, Language::French, Language::Spanish] {
        for (english, here) in english.iter().zip(said(language)) {
            assert_eq!(numbers(english), numbers(&here), "{here}");
            assert!(*english != here && !here.contains("trial"), "{here}");
        }
    }
}

#[test]
fn files_have_a_reason_in_english_and_older_ones_that_alone() {
    let fittest = Reason::Fittest { parent: 4, sample: 2, oldest: 1 };
    let english = "Trial 4 is the fittest of 2 drawn from the living; trial 1 is the oldest and dies.";
    let trial = in_language(Language::German, || seed().because(fittest.clone()));
    let mut saved = serde_json::to_value(&trial).unwrap();
    assert_eq!(saved["why"], english);
    assert_eq!(
        saved["reason"],
        serde_json::json!({ "kind": "fittest", "parent": 4, "sample": 2, "oldest": 1 })
    );
    let said = |saved: &serde_json::Value| {
        let trial: Trial = serde_json::from_value(saved.clone()).unwrap();
        in_language(Language::German, || trial.why_in_words())
    };
    assert!(said(&saved).starts_with("Versuch 4 ist der tauglichste"), "{}", said(&saved));
    saved.as_object_mut().unwrap().remove("reason");
    assert_eq!(said(&saved), english);
}

#[test]
fn every_reason_is_read_as_it_was_written() {
    for reason in reasons() {
        let saved = serde_json::to_string(&reason).unwrap();
        assert_eq!(serde_json::from_str::<Reason>(&saved).unwrap(), reason, "{saved}");
    }
}
