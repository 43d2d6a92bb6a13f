//! The scores of `firefly`: what each candidate's gate gains, see [`super::firefly`].

use super::super::families::group;
use super::{Task, descent, numbers};
use crate::engine::EngineError;
use crate::morphism::{Morphism, morph};

/// Points that a gate is integrated over.
const GATES: usize = 3;

/// Each candidate's gain, to first order in its gate.
pub async fn scores(
    task: &Task<'_>,
    morphisms: &[Morphism],
) -> std::result::Result<Vec<Option<f64>>, EngineError> {
    let batch = task.examples();
    let batch = &batch[..task.request.batch.min(batch.len())];
    let mut scores: Vec<Option<f64>> = vec![None; morphisms.len()];
    for gate in 0..GATES {
        let gate = (2 * gate + 1) as f64 / (2 * GATES) as f64;
        let mut gated = morphisms.to_vec();
        for morphism in &mut gated {
            morphism.scale = gate as f32;
            morphism.phi = morphism.scaled()?;
        }
        let mut groups = group(task.plan, &gated)?;
        groups.retain(|grouped| !grouped.group.phi().is_empty());
        let gradients = descent::gradients(task, &groups, batch, 0, None).await?;
        for (grouped, gradients) in groups.iter_mut().zip(gradients) {
            // A group that holds its gradients names them as it names φ.
            grouped.group.set_phi(gradients);
            for (member, position) in grouped.members.iter().enumerate() {
                let morphism = &morphisms[*position];
                let mut along = 0.0;
                for (name, gradient) in grouped.group.member_phi(member)? {
                    if morph(morphism.candidate.family).is_scaled(&name) {
                        let phi = numbers(&morphism.phi[&name])?;
                        along += numbers(&gradient)?.iter().zip(&phi).map(|(g, phi)| g * phi).sum::<f64>();
                    }
                }
                *scores[*position].get_or_insert(0.0) -= along / GATES as f64;
            }
        }
        task.passed(batch.len(), batch.len()).await?;
    }
    Ok(scores)
}
