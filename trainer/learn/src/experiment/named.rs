//! Faults of a network in the words of its file: names, where a network, which has none for projections, says indices.

use metaplastic_shared::network::Network;

/// The text with `projection 3` and `population 2` replaced by what the file calls them.
pub(super) fn named(network: &Network, text: &str) -> String {
    let mut before = "";
    let words = text.split(' ').map(|word| {
        let digits = word.trim_end_matches(':');
        let name = digits.parse().ok().and_then(|index| name(network, before, index));
        before = word;
        name.map_or_else(|| word.to_owned(), |name| name + &word[digits.len()..])
    });
    words.collect::<Vec<_>>().join(" ")
}

fn name(network: &Network, kind: &str, index: usize) -> Option<String> {
    let population = |index: usize| network.populations.get(index).map(|population| population.name.as_str());
    match kind {
        "population" => population(index).map(str::to_owned),
        "projection" => {
            let projection = network.projections.get(index)?;
            Some(format!("{}>{}", population(projection.pre.into())?, population(projection.post.into())?))
        }
        _ => None,
    }
}
