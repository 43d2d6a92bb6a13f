//! A search as a session's file has it: the trials as JSON, the networks that may still be needed as tensors.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use candle_core::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::error::LabError;
use super::searching::Searching;
use crate::morphism::{Candidate, Morphism};
use crate::network::{Architecture, Network, NetworkError, Tensors, prefixed, under};
use crate::search::trials::{Tree, Trial, TrialId};

/// What stands in the header.
#[derive(Serialize, Deserialize)]
pub struct SavedSearch {
    /// The seed network's architecture, which all others follow from.
    seed: Architecture,
    tree: Tree,
    /// Trials whose networks are in the file.
    nodes: BTreeSet<TrialId>,
    under_way: Option<Trial>,
    /// What was learned for the trial under way, with its scales; φ are tensors.
    learned: Vec<(Candidate, f32)>,
}

/// A part of the file that cannot be used: what it is, and what was found.
pub type Fault = (String, String);

impl SavedSearch {
    /// Of a search with what it has learned; its numbers go to `tensors`.
    pub fn of(search: &Searching, learned: &[Morphism], tensors: &mut Tensors) -> Result<Self, LabError> {
        for (id, network) in &search.nodes {
            tensors.extend(prefixed(&format!("trial/{id}"), &network.tensors));
        }
        for trial in search.tree.trials().filter(|trial| !trial.losses.is_empty()) {
            let losses = Tensor::new(trial.losses.as_slice(), &Device::Cpu).map_err(NetworkError::from)?;
            tensors.insert(format!("validation/{}", trial.id), losses);
        }
        let seed = search.tree.get(0).or(search.under_way.as_ref());
        let seed = seed.map(|trial| Architecture::clone(&trial.architecture));
        Ok(Self {
            seed: seed.unwrap_or(Architecture { nodes: Vec::new() }),
            tree: search.tree.clone(),
            nodes: search.nodes.keys().copied().collect(),
            under_way: search.under_way.clone(),
            learned: learned.iter().map(|morphism| (morphism.candidate.clone(), morphism.scale)).collect(),
        })
    }

    /// The search, and what it has learned for the trial under way.
    pub fn restored(self, tensors: &Tensors) -> Result<(Searching, Vec<Morphism>), Fault> {
        let Self { seed, mut tree, nodes, mut under_way, learned } = self;
        let fault = |what: String| move |found: String| (what, found);
        tree.rebuild(&seed).map_err(|(trial, found)| (format!("trial {trial}"), found))?;
        for id in 0..tree.len() {
            if let Some(losses) = tensors.get(&format!("validation/{id}")) {
                let losses =
                    losses.to_vec1().map_err(|error| (format!("validation/{id}"), error.to_string()))?;
                tree.set_losses(id, losses);
            }
        }
        let mut search = Searching { tree, nodes: BTreeMap::new(), under_way: None };
        for id in nodes {
            let what = || format!("the network of trial {id}");
            let trial = search.tree.get(id).ok_or_else(|| (what(), "no such trial".to_owned()))?;
            let architecture = Architecture::clone(&trial.architecture);
            let network = Network { architecture, tensors: under(&format!("trial/{id}"), tensors) };
            network.check().map_err(|error| fault(what())(error.to_string()))?;
            search.nodes.insert(id, Arc::new(network));
        }
        if let Some(trial) = &mut under_way {
            if trial.id != search.tree.len() {
                let found = format!("number {} after {} others", trial.id, search.tree.len());
                return Err(("the trial under way".into(), found));
            }
            trial.architecture = match trial.id {
                0 => Arc::new(seed),
                _ => {
                    let rebuilt = search.architecture_of(trial);
                    rebuilt.map_err(|error| ("the trial under way".to_owned(), error.to_string()))?
                }
            };
        }
        search.under_way = under_way;
        let morphism = |(candidate, scale): (Candidate, f32)| Morphism {
            phi: under(&format!("phi/{}", candidate.id()), tensors),
            candidate,
            scale,
        };
        Ok((search, learned.into_iter().map(morphism).collect()))
    }
}
