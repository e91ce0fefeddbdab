//! The equations of motion of a planar arm of two uniform rods with a point mass at the hand (Spong, Hutchinson and
//! Vidyasagar 2006, section 7.3; the rods and masses are those of abr_control's two-joint arm). This file may not know
//! sensors, motors or control.
//!
//! Angles are counted from the horizontal, the second from the first link. With `k = (m2/2 + p) l1 l2`:
//!
//! ```text
//! M22 = (m2/3 + p) l2^2,  M12 = M22 + k cos q2,  M11 = (m1/3 + m2 + p) l1^2 + M22 + 2 k cos q2
//! C1  = -k sin q2 (2 v1 v2 + v2^2),  C2 = k sin q2 v1^2
//! G2  = (m2/2 + p) g l2 cos(q1 + q2),  G1 = (m1/2 + m2 + p) g l1 cos q1 + G2
//! ```

use super::load::ArmLoad;
use crate::world::scalar::{PlantScalar, clamp};

/// Lengths, masses and gravity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArmDynamics {
    /// Lengths of both links, m.
    pub lengths: [f64; 2],
    /// Their masses, kg.
    pub masses: [f64; 2],
    /// Gravity, m/s^2.
    pub gravity: f64,
    /// Limit of both speeds, rad/s.
    pub speed_limit: f64,
}

/// Angles and speeds of both joints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArmMotion<S> {
    /// Angles, rad.
    pub angles: [S; 2],
    /// Speeds, rad/s.
    pub speeds: [S; 2],
}

impl ArmDynamics {
    /// The torques that hold the arm against gravity.
    #[must_use]
    pub fn gravity_torques<S: PlantScalar>(&self, payload: f64, angles: [S; 2]) -> [S; 2] {
        let ([l1, l2], [m1, m2]) = (self.lengths, self.masses);
        let second = (angles[0] + angles[1]).cos() * ((m2 / 2.0 + payload) * self.gravity * l2);
        let first = angles[0].cos() * ((m1 / 2.0 + m2 + payload) * self.gravity * l1);
        [first + second, second]
    }

    /// The kinetic and potential energy, J.
    #[must_use]
    pub fn energy(&self, payload: f64, motion: &ArmMotion<f64>) -> f64 {
        let [m11, m12, m22] = self.inertia(payload, motion.angles[1].cos());
        let ([l1, l2], [m1, m2], [v1, v2]) = (self.lengths, self.masses, motion.speeds);
        let kinetic = 0.5 * (m11 * v1 * v1 + 2.0 * m12 * v1 * v2 + m22 * v2 * v2);
        let upper = (m1 / 2.0 + m2 + payload) * l1 * motion.angles[0].sin();
        let lower = (m2 / 2.0 + payload) * l2 * (motion.angles[0] + motion.angles[1]).sin();
        kinetic + self.gravity * (upper + lower)
    }

    /// Moves on by `seconds` (semi-implicit Euler).
    #[must_use]
    pub fn moved<S: PlantScalar>(
        &self,
        load: &ArmLoad,
        motion: ArmMotion<S>,
        torques: [S; 2],
        seconds: f64,
    ) -> ArmMotion<S> {
        let accelerations = self.accelerations(load, &motion, torques);
        let speed = |joint: usize| clamp(motion.speeds[joint] + accelerations[joint] * seconds, self.speed_limit);
        let speeds = [speed(0), speed(1)];
        let angles = [motion.angles[0] + speeds[0] * seconds, motion.angles[1] + speeds[1] * seconds];
        ArmMotion { angles, speeds }
    }

    fn accelerations<S: PlantScalar>(&self, load: &ArmLoad, motion: &ArmMotion<S>, torques: [S; 2]) -> [S; 2] {
        let [v1, v2] = motion.speeds;
        let coriolis = motion.angles[1].sin() * self.coupling(load.payload);
        let gravity = self.gravity_torques(load.payload, motion.angles);
        let first = torques[0] - v1 * load.friction[0] - gravity[0] + coriolis * v2 * (v1 * 2.0 + v2);
        let second = torques[1] - v2 * load.friction[1] - gravity[1] - coriolis * v1 * v1;
        let [m11, m12, m22] = self.inertia(load.payload, motion.angles[1].cos());
        let determinant = m11 * m22 - m12 * m12;
        [(m22 * first - m12 * second) / determinant, (m11 * second - m12 * first) / determinant]
    }

    /// `M11`, `M12` and `M22`, from the cosine of the second angle.
    fn inertia<S: PlantScalar>(&self, payload: f64, cosine: S) -> [S; 3] {
        let ([l1, l2], [m1, m2]) = (self.lengths, self.masses);
        let lower = (m2 / 3.0 + payload) * l2 * l2;
        let upper = (m1 / 3.0 + m2 + payload) * l1 * l1;
        let coupled = cosine * self.coupling(payload);
        [coupled * 2.0 + (upper + lower), coupled + lower, S::from(lower)]
    }

    /// `k`.
    fn coupling(&self, payload: f64) -> f64 {
        (self.masses[1] / 2.0 + payload) * self.lengths[0] * self.lengths[1]
    }
}
