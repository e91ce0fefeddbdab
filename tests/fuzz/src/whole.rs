//! Properties of every decoded artifact, checked without the decoder: length, checksum, nothing behind the
//! manifest's last field, and zeros outside the sections. They detect a decoder without one of its checks.

use metaplastic_runtime::Artifact;
use metaplastic_shared::artifact::ALIGNMENT;
use metaplastic_tests::envelope::{MANIFEST_AT, manifest_end, repaired};

/// # Panics
/// If the artifact does not have one of the properties, with the reason.
pub fn assert_whole(artifact: &Artifact<'_>) {
    let bytes = artifact.bytes();
    assert_eq!(repaired(bytes.to_vec()), bytes, "length or checksum");
    let (manifest, end) = (artifact.manifest(), manifest_end(bytes));
    let canonical = postcard::to_stdvec(&manifest).expect("a manifest can be written");
    if let Some(behind) = bytes[MANIFEST_AT..end].strip_prefix(&*canonical) {
        assert_eq!(behind, [0; 0], "bytes behind the manifest's last field");
    }
    let mut at = end;
    for (section, range) in artifact.sections(&manifest) {
        assert!(range.start - at < ALIGNMENT, "{section:?} begins at {}, behind {at}", range.start);
        assert!(bytes[at..range.start].iter().all(|byte| *byte == 0), "padding before {section:?}");
        at = range.end;
    }
    assert_eq!(at.next_multiple_of(ALIGNMENT), bytes.len(), "bytes behind the last section");
    assert!(bytes[at..].iter().all(|byte| *byte == 0), "padding at the end");
}
