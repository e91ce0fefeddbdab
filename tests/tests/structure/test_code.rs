//! Recognises items that are compiled for tests only.

use syn::{Attribute, Meta};

/// Whether an item with these attributes is a test or under `#[cfg(test)]`.
pub(crate) fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) => list.path.is_ident("cfg") && names_test(&list.tokens.to_string()),
        Meta::NameValue(_) => false,
    })
}

fn names_test(condition: &str) -> bool {
    let mut words = condition.split(|letter: char| !letter.is_alphanumeric());
    !condition.contains("not") && words.any(|word| word == "test")
}
