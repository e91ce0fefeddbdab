//! Which implementation of the vector operations runs, chosen at run time.
//!
//! On x86 the kernels run with AVX2 and fused multiply-adds, or with AVX-512, where the processor has them; those
//! two agree to the bit. Everywhere else plain arrays do the same.

use super::portable::Portable;
use super::vectors::Kernel;
#[cfg(target_arch = "x86_64")]
use super::x86;

/// Which vector operations the kernels use.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Backend {
    /// AVX-512.
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    /// AVX2 and fused multiply-adds.
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    /// Plain arrays, on any processor.
    Portable,
}

impl Default for Backend {
    /// The best this processor has.
    fn default() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }
}

impl Backend {
    /// Those that this processor has, the best first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let fusing = [pulp::x86::V4::try_new().map(Self::Avx512), pulp::x86::V3::try_new().map(Self::Avx2)]
            .into_iter()
            .flatten();
        #[cfg(not(target_arch = "x86_64"))]
        let fusing = std::iter::empty();
        fusing.chain([Self::Portable])
    }

    /// What the bits of results depend on, for people: AVX2 and AVX-512 agree.
    pub(crate) fn arithmetic(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) | Self::Avx2(_) => "fused multiply-adds",
            Self::Portable => "portable",
        }
    }

    /// Runs a kernel, compiled for the vector operations chosen.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(avx512) => avx512.vectorize(
                #[inline(always)]
                || kernel.run(x86::Eight::of_avx512(avx512)),
            ),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(avx2) => avx2.vectorize(
                #[inline(always)]
                || kernel.run(x86::Eight::of_avx2(avx2)),
            ),
            Self::Portable => kernel.run(Portable),
        }
    }
}
