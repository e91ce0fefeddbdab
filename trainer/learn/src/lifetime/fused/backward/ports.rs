//! Adjoints of what a population exchanges with projections: spikes that it sends, and the current that it
//! receives.

/// Adjoints of spikes and current, padded.
#[derive(Debug)]
pub(crate) struct Ports {
    /// ds of this step; of an analog population, the gradient of its values.
    pub(crate) spikes: Vec<f32>,
    /// ds of the step before.
    pub(crate) spikes_before: Vec<f32>,
    /// dI of this step.
    pub(crate) current: Vec<f32>,
}

impl Ports {
    /// How many vectors over neurons there are.
    pub(crate) const VECTORS: usize = 3;

    /// Zeros.
    pub(crate) fn new(padded: usize) -> Self {
        let zeros = || vec![0.0; padded];
        Self { spikes: zeros(), spikes_before: zeros(), current: zeros() }
    }

    /// Becomes zero.
    pub(crate) fn clear(&mut self) {
        let Self { spikes, spikes_before, current } = self;
        [spikes, spikes_before, current].into_iter().for_each(|values| values.fill(0.0));
    }

    /// Moves to the step before.
    pub(crate) fn go_back(&mut self) {
        std::mem::swap(&mut self.spikes, &mut self.spikes_before);
        self.spikes_before.fill(0.0);
    }

    /// ds of the step whose spikes a projection carries.
    pub(crate) fn sent(&mut self, recurrent: bool) -> &mut [f32] {
        if recurrent { &mut self.spikes_before } else { &mut self.spikes }
    }
}
