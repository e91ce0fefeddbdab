//! The adjoint of a population: what it exchanges with projections, and the list of kinds, one line per kind.

use metaplastic_shared::network::PopulationKind;

use super::lif::LifAdjoint;
use super::modulator::ModulatorAdjoint;
use super::ports::Ports;
use crate::lifetime::fused::flush::flush;
use crate::lifetime::fused::plan::PopulationPlan;

/// Adjoints of a population's state.
#[derive(Debug)]
pub(crate) struct PopulationAdjoint {
    /// Of spikes and currents.
    pub(crate) ports: Ports,
    /// Of what its kind has.
    pub(crate) kind: KindAdjoint,
}

/// Adjoints of the state that a kind of population has besides its spikes.
#[derive(Debug)]
pub(crate) enum KindAdjoint {
    /// Input and analog populations have none.
    Outside,
    /// Of a LIF population.
    Lif(LifAdjoint),
    /// Of a modulator population.
    Modulator(ModulatorAdjoint),
}

impl PopulationAdjoint {
    /// Zeros.
    pub(crate) fn new(population: &PopulationPlan) -> Self {
        let padded = population.padded();
        let kind = match population.kind {
            PopulationKind::Input | PopulationKind::Analog(_) => KindAdjoint::Outside,
            PopulationKind::Lif(lif) => KindAdjoint::Lif(LifAdjoint::new(lif, padded)),
            PopulationKind::Modulator(_) => KindAdjoint::Modulator(ModulatorAdjoint::new(padded)),
        };
        Self { ports: Ports::new(padded), kind }
    }

    /// An upper estimate of the floats that they take: those of [`Ports`] and of a LIF population.
    pub(crate) fn floats(population: &PopulationPlan) -> usize {
        (Ports::VECTORS + LifAdjoint::VECTORS) * population.padded()
    }

    /// Becomes zero.
    pub(crate) fn clear(&mut self) {
        self.ports.clear();
        match &mut self.kind {
            KindAdjoint::Outside => {}
            KindAdjoint::Lif(adjoint) => adjoint.clear(),
            KindAdjoint::Modulator(adjoint) => adjoint.clear(),
        }
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        flush(&mut self.ports.spikes);
        match &mut self.kind {
            KindAdjoint::Outside => {}
            KindAdjoint::Lif(adjoint) => adjoint.flush(),
            KindAdjoint::Modulator(adjoint) => adjoint.flush(),
        }
    }

    /// dm; empty for other kinds than modulators.
    pub(crate) fn modulation(&mut self) -> &mut [f32] {
        if let KindAdjoint::Modulator(adjoint) = &mut self.kind { &mut adjoint.modulation } else { &mut [] }
    }

    /// dd of LIF neurons; empty for other kinds.
    pub(crate) fn distance(&mut self) -> &mut [f32] {
        if let KindAdjoint::Lif(adjoint) = &mut self.kind { &mut adjoint.distance } else { &mut [] }
    }

    /// The adjoint of what is read out: dv of graded LIF neurons, ds of others.
    pub(crate) fn readout(&mut self, is_graded: bool) -> &mut [f32] {
        match &mut self.kind {
            KindAdjoint::Lif(adjoint) if is_graded => &mut adjoint.potential,
            _ => &mut self.ports.spikes,
        }
    }
}
