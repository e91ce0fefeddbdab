//! The example of `docs/artifact.md` equals the encoder's output. Rewritten with `METAPLASTIC_BLESS=1`.

use metaplastic_tests::example;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/artifact.md");
const BEGIN: &str = "<!-- example: tests/src/example.rs -->\n```text\n";
const END: &str = "```\n";

#[test]
fn the_example_in_the_page_equals_the_encoders_output() {
    let mut page = std::fs::read_to_string(PAGE).unwrap();
    let start = page.find(BEGIN).expect("the page has an example") + BEGIN.len();
    let end = start + page[start..].find(END).expect("the example ends");
    let dump = example::annotated();
    if std::env::var_os("METAPLASTIC_BLESS").is_some() {
        page.replace_range(start..end, &dump);
        return std::fs::write(PAGE, page).unwrap();
    }
    assert_eq!(&page[start..end], dump);
}
