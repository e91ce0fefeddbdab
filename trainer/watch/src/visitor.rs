//! The visitor: what was asked for last, and so when the next step may run.
//!
//! It knows neither networks nor pages.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use metaplastic_shared::freeze::Freeze;
use serde::Serialize;

use crate::control::PageControl;

/// How far steps go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// On and on.
    Running,
    /// One step more.
    OneStep,
    /// To the end of the episode.
    ToEpisodeEnd,
    /// Not at all.
    Paused,
}

/// Why a life does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// It begins anew.
    Again,
    /// No page can ask for anything any more.
    Closed,
}

/// What the visitor asked for.
pub(crate) struct Visitor {
    controls: Receiver<PageControl>,
    pub(crate) mode: Mode,
    /// Steps a second; none: as many as there can be.
    pub(crate) speed: Option<f64>,
    pub(crate) seed: u64,
    pub(crate) freeze: Freeze,
    /// Whether plastic weights stay from episode to episode.
    pub(crate) keeps_weights: bool,
    /// What was asked for besides, and is to be done before the next step.
    others: VecDeque<PageControl>,
    /// When the next step may run.
    next: Instant,
}

impl Visitor {
    pub(crate) fn new(controls: Receiver<PageControl>, seed: u64, freeze: Freeze, speed: Option<f64>) -> Self {
        let (others, next) = (VecDeque::new(), Instant::now());
        Self { controls, mode: Mode::Running, speed, seed, freeze, keeps_weights: true, others, next }
    }

    /// What is to be done before the next step.
    pub(crate) fn next_other(&mut self) -> Option<PageControl> {
        self.others.pop_front()
    }

    /// Takes the next control, however long it does not come.
    pub(crate) fn take_next(&mut self) -> Result<(), Interruption> {
        let control = self.controls.recv().map_err(|_| Interruption::Closed)?;
        self.take(control)
    }

    /// Waits until the next step may run, and takes the controls that come before it; whether it may, or something is to be
    /// done before, or it is to wait for another control.
    pub(crate) fn wait(&mut self) -> Result<bool, Interruption> {
        loop {
            match self.received_before(self.next) {
                Ok(control) => self.take(control)?,
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Err(Interruption::Closed),
            }
            if self.mode == Mode::Paused || !self.others.is_empty() {
                return Ok(false);
            }
        }
        self.begin_step();
        Ok(true)
    }

    fn received_before(&self, time: Instant) -> Result<PageControl, RecvTimeoutError> {
        match time.checked_duration_since(Instant::now()) {
            Some(wait) if !wait.is_zero() => self.controls.recv_timeout(wait),
            _ => self.controls.try_recv().map_err(|error| match error {
                TryRecvError::Empty => RecvTimeoutError::Timeout,
                TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
            }),
        }
    }

    fn begin_step(&mut self) {
        if self.mode == Mode::OneStep {
            self.mode = Mode::Paused;
        }
        let wait = self.speed.map_or(Duration::ZERO, |speed| Duration::from_secs_f64(speed.recip()));
        // Time that was lost is not made up for: steps would come in bursts.
        self.next = (self.next + wait).max(Instant::now());
    }

    /// The episode has ended.
    pub(crate) fn end_episode(&mut self) {
        if self.mode == Mode::ToEpisodeEnd {
            self.mode = Mode::Paused;
        }
    }

    fn take(&mut self, control: PageControl) -> Result<(), Interruption> {
        match control {
            PageControl::Run => self.mode = Mode::Running,
            PageControl::Pause => self.mode = Mode::Paused,
            PageControl::Step => self.mode = Mode::OneStep,
            PageControl::Episode => self.mode = Mode::ToEpisodeEnd,
            PageControl::Speed { steps_per_second } => self.speed = steps_per_second,
            PageControl::Reset { seed } => {
                self.seed = seed;
                return Err(Interruption::Again);
            }
            PageControl::Freeze { what } => {
                self.freeze = what;
                return Err(Interruption::Again);
            }
            PageControl::Keep { weights } => {
                self.keeps_weights = weights;
                return Err(Interruption::Again);
            }
            other => {
                self.others.push_back(other);
                return Ok(());
            }
        }
        self.next = Instant::now();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn one_step_runs_and_then_it_waits() {
        let (sender, controls) = channel();
        let mut visitor = Visitor::new(controls, 1, Freeze::Nothing, None);
        let ask = |control| sender.send(control).unwrap();
        ask(PageControl::Pause);
        assert_eq!((visitor.wait(), visitor.mode), (Ok(false), Mode::Paused));
        ask(PageControl::Step);
        assert_eq!((visitor.take_next(), visitor.wait(), visitor.mode), (Ok(()), Ok(true), Mode::Paused));
        ask(PageControl::Reset { seed: 5 });
        assert_eq!((visitor.take_next(), visitor.seed), (Err(Interruption::Again), 5));
        ask(PageControl::Episode);
        assert_eq!((visitor.take_next(), visitor.wait(), visitor.mode), (Ok(()), Ok(true), Mode::ToEpisodeEnd));
        visitor.end_episode();
        drop(sender);
        assert_eq!((visitor.mode, visitor.take_next()), (Mode::Paused, Err(Interruption::Closed)));
    }

    #[test]
    fn a_speed_is_kept() {
        let (sender, controls) = channel();
        let mut visitor = Visitor::new(controls, 1, Freeze::Nothing, Some(200.0));
        let begin = Instant::now();
        (0..5).for_each(|_| assert_eq!(visitor.wait(), Ok(true)));
        assert!(begin.elapsed() >= Duration::from_millis(20), "{:?}", begin.elapsed());
        drop(sender);
    }
}
