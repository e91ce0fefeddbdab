//! Embeds the trained network in the firmware of the board that METAPLASTIC_BOARD names.

fn main() -> Result<(), metaplastic_build::EmbedError> {
    metaplastic_build::embed(&metaplastic_build::board()?, "../trained/network.plastic")
}
