//! The words that are not the field's, and the terms to write instead; data only.

use Scope::{Everywhere, Files, Names, NamesAndMessages};

/// The text in which a word is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// In all text.
    Everywhere,
    /// In identifiers, keys and messages; comments and docs are English.
    NamesAndMessages,
    /// In identifiers, keys and the names of files.
    Names,
    /// In the names of files, which are those of modules: such a name does not say what is inside.
    Files,
}

/// Words that are wrong in a scope.
pub(crate) struct Wrong {
    /// With a space between them; a sequence of words has `_` between its words.
    pub(crate) words: &'static str,
    pub(crate) scope: Scope,
    pub(crate) instead: &'static str,
}

/// Words that are right in spite of a word in them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Exception {
    /// As in [`Wrong`]; empty for all.
    pub(crate) words: &'static str,
    /// A part of the path of the files where they are.
    pub(crate) path: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
}

const fn wrong(words: &'static str, scope: Scope, instead: &'static str) -> Wrong {
    Wrong { words, scope, instead }
}

const fn except(words: &'static str, path: &'static str, reason: &'static str) -> Exception {
    Exception { words, path, reason }
}

pub(crate) const WORDS: [Wrong; 39] = [
    wrong("rests", NamesAndMessages, "state_resets"),
    wrong("rest", Names, "reset_state"),
    wrong("birth", Everywhere, "initial state"),
    wrong("live", NamesAndMessages, "run, rollout, batch"),
    wrong("lived", Everywhere, "run"),
    wrong("taught untaught", Everywhere, "modulated; labelled"),
    wrong("teach teaches teaching", NamesAndMessages, "label"),
    wrong("told", NamesAndMessages, "labelled; message"),
    wrong("lesson lessons", Everywhere, "support sample"),
    wrong("asked", Names, "query; requested"),
    wrong("lent carve carved", Everywhere, "borrowed, allocate"),
    wrong("place places placed", Names, "position; storage"),
    wrong("vote votes voted voters voices", Everywhere, "class score"),
    wrong("ballot tally", Everywhere, "readout accumulator, run result"),
    wrong("mark marks", NamesAndMessages, "phase"),
    wrong("stretch stretches", NamesAndMessages, "segment"),
    wrong("price prices priced", Everywhere, "regulariser weight, cost"),
    wrong("crowding crowded crowds", Everywhere, "spike regulariser"),
    wrong("currents", Names, "input statistics"),
    wrong("normalised", NamesAndMessages, "batch_normalised"),
    wrong("gains", NamesAndMessages, "gammas"),
    wrong("follow", Names, "update, filter"),
    wrong("share shares", NamesAndMessages, "fraction, momentum"),
    wrong("held hold", NamesAndMessages, "frozen, freeze"),
    wrong("pull_back pulls_back pulled_back", Everywhere, "vector-Jacobian product, backward"),
    wrong("desk desks", Everywhere, "host computer, workspace"),
    wrong("passage", Everywhere, "step context"),
    wrong("setting settings", NamesAndMessages, "configuration"),
    wrong("patience", Everywhere, "timeout"),
    wrong("ear listener listening", Everywhere, "port reader, port handle"),
    wrong("glance", Everywhere, "poll interval"),
    wrong("chimera chimeras", Everywhere, "half-swap mixing"),
    wrong("gaze gazes", Everywhere, "jitter"),
    wrong("exam examine examined examination", Everywhere, "benchmark run"),
    wrong("corners", NamesAndMessages, "class_warp"),
    wrong("outcome outcomes", NamesAndMessages, "training summary, trained artifact"),
    wrong("rounded", Names, "quantisation_aware"),
    wrong("learned", Files, "plastic_weights"),
    wrong("measured", Files, "measurements"),
];

pub(crate) const EXCEPTIONS: [Exception; 15] = [
    except("", "CHANGELOG.md", "old releases keep the words they were released with"),
    except("held_out", "", "held-out data is the field's word"),
    except("hold_back", "", "what it means to be held out, as a verb"),
    except("batch_normalised", "", "the field's word"),
    except("currents", "kernel/convolve", "input currents of several neurons"),
    except("synaptic_currents", "", "the synaptic current is the field's word"),
    except("share_bias", "", "a verb: channels share a bias"),
    except("add_listener", "rp2040js/", "of the interface of rp2040js"),
    except("tcp_listener", "", "of the standard library"),
    except("add_event_listener", ".js", "of browsers"),
    except("live", "page/uplot/", "of uPlot, which is not ours"),
    except("listener", "page/uplot/", "of uPlot, which is not ours"),
    except("rounded", ".rs", "of arithmetic, not of weights while training"),
    except("corners", "one_shot/", "of a sheet of paper, which a class warp moves, or of a square"),
    except("corners", "report/", "of a drawn rectangle"),
];
