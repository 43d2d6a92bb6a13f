//! Recording what whole layers add to a node: a residual branch B∗ReLU(A∗z), whose probe is ReLU(A∗z), with the way
//! back to B and to A's output; and what is linear in φ, with the way back to φ.

use super::GpuError;
use super::arena::Slice;
use super::changes::Scene;
use super::commands::Recorder;
use super::convolution::Conv;
use super::groups::{Group, Groups};
use super::ops::Finish;

impl Recorder<'_> {
    /// The change scale·B∗probe.
    pub(super) async fn branch_change(
        &mut self,
        scene: &Scene<'_>,
        groups: &Groups,
        group: &Group,
        scale: f32,
        [probe, change]: [&Slice; 2],
    ) -> Result<(), GpuError> {
        let conv = scene.conv(group);
        let writing = self.scaled_outgoing(groups, group, scale).await?;
        let packed = self.packed(conv, false, &writing).await?;
        self.convolve(conv, false, [probe, &packed, scene.zeros, change]).await?;
        self.release(packed);
        self.release(writing);
        Ok(())
    }

    /// B's gradient into `gradient`, a block laid out as φ, and that of A's output, before its ReLU.
    pub(super) async fn branch_gradient(
        &mut self,
        scene: &Scene<'_>,
        groups: &Groups,
        group: &Group,
        add: bool,
        [d_change, probe, d_probe, gradient]: [&Slice; 4],
    ) -> Result<(), GpuError> {
        let conv = scene.conv(group);
        let d_writing = group.slice(&groups.layout, gradient, "outgoing")?;
        let spare = self.scratch(conv.outputs, "an unused gradient").await?;
        self.weight_gradient(conv, [probe, d_change, &d_writing, &spare], add).await?;
        self.release(spare);
        let writing = group.slice(&groups.layout, &groups.block, "outgoing")?;
        let packed = self.packed(conv, true, &writing).await?;
        let finish = Finish { gate: Some(probe), add: false };
        self.input_gradient(conv, conv.images, [d_change, &packed, d_probe], finish).await?;
        self.release(packed);
        Ok(())
    }

    /// The gradient of φ where the change is its convolution with a source, held at 0 where a mask is.
    pub(super) async fn linear_gradient(
        &mut self,
        conv: Conv,
        groups: &Groups,
        group: &Group,
        add: bool,
        [source, d_change, gradient]: [&Slice; 3],
    ) -> Result<(), GpuError> {
        let weight = group.slice(&groups.layout, gradient, "weight")?;
        let spare = self.scratch(conv.outputs, "an unused gradient").await?;
        match &group.mask {
            None => self.weight_gradient(conv, [source, d_change, &weight, &spare], add).await?,
            Some(mask) => {
                let (kernel, count) = (conv.kernel * conv.kernel, weight.bytes() as usize / 4);
                let whole = self.scratch(count, "gradient of a whole kernel").await?;
                self.weight_gradient(conv, [source, d_change, &whole, &spare], false).await?;
                self.relu_backward([kernel, count], [&whole, mask, &weight], add).await?;
                self.release(whole);
            }
        }
        self.release(spare);
        Ok(())
    }
}
