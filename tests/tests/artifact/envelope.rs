//! Section "Envelope" of `docs/artifact.md`: bits, lengths, alignment, padding.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{Artifact, DecodeError, VERSION};
use metaplastic_tests::corpus::case;
use metaplastic_tests::forge::{MANIFEST_AT, manifest_end, repaired, with_manifest_bytes, with_manifest_length};

fn original() -> ArtifactFile {
    case("analog").artifact
}

fn refused(bytes: &[u8]) -> DecodeError {
    ArtifactFile::from_bytes(bytes).expect_err("must be refused")
}

#[test]
fn every_flipped_bit_is_refused_with_the_error_of_its_field() {
    let file = original();
    for bit in 0..8 * file.bytes().len() {
        let mut bytes = file.bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let error = refused(&bytes);
        let fits = match bit / 8 {
            0..8 => error == DecodeError::Magic,
            8..10 => matches!(error, DecodeError::Version(version) if version != VERSION),
            10..12 => matches!(error, DecodeError::Reserved(field) if field != 0),
            12..16 => matches!(error, DecodeError::Length { .. }),
            _ => matches!(error, DecodeError::Checksum { stored, computed } if stored != computed),
        };
        assert!(fits, "bit {bit}: {error}");
    }
}

/// The artifacts that were released as `tests/artifacts/cue-association.plastic` with earlier format versions.
#[test]
fn earlier_versions_are_refused_with_their_number_and_a_remedy() {
    let earlier: [(u16, &[u8]); 5] = [
        (1, include_bytes!("../../artifacts/refused/version-1.plastic")),
        (2, include_bytes!("../../artifacts/refused/version-2.plastic")),
        (3, include_bytes!("../../artifacts/refused/version-3.plastic")),
        (4, include_bytes!("../../artifacts/refused/version-4.plastic")),
        (5, include_bytes!("../../artifacts/refused/version-5.plastic")),
    ];
    for (version, bytes) in earlier {
        let error = refused(bytes);
        assert_eq!(error, DecodeError::Version(version));
        let reads = "this program reads version 6 alone; train the network again";
        assert_eq!(error.to_string(), format!("artifact: format version {version}, {reads}"));
    }
}

#[test]
fn every_truncation_is_refused() {
    let file = original();
    let declared = file.bytes().len() as u32;
    for actual in 0..file.bytes().len() {
        let expected = if actual < MANIFEST_AT {
            DecodeError::Truncated(actual)
        } else {
            DecodeError::Length { declared, actual }
        };
        assert_eq!(refused(&file.bytes()[..actual]), expected);
    }
}

#[test]
fn every_truncation_is_refused_with_length_and_checksum_repaired() {
    let file = original();
    let (whole, end) = (file.bytes(), manifest_end(file.bytes()));
    let manifest = (end - MANIFEST_AT) as u32;
    for actual in MANIFEST_AT..whole.len() {
        let expected = if actual < end {
            DecodeError::ManifestLength { manifest, available: actual - MANIFEST_AT }
        } else {
            DecodeError::Sections { expected: whole.len(), actual }
        };
        assert_eq!(refused(&repaired(whole[..actual].to_vec())), expected);
    }
}

#[test]
fn every_extension_is_refused_repaired_or_not() {
    let file = original();
    let whole = file.bytes().len();
    for actual in whole + 1..whole + 40 {
        let mut bytes = file.bytes().to_vec();
        bytes.resize(actual, 0);
        assert_eq!(refused(&bytes), DecodeError::Length { declared: whole as u32, actual });
        assert_eq!(refused(&repaired(bytes)), DecodeError::Sections { expected: whole, actual });
    }
}

#[test]
fn every_wrong_manifest_length_is_refused() {
    let file = original();
    let length = manifest_end(file.bytes()) - MANIFEST_AT;
    for short in 0..length {
        let error = refused(&with_manifest_length(&file, short as u32));
        assert_eq!(error, DecodeError::Manifest, "{short}");
    }
    let available = file.bytes().len() - MANIFEST_AT;
    for long in length + 1..=available {
        let expected = DecodeError::ManifestTrailing(long - length);
        assert_eq!(refused(&with_manifest_length(&file, long as u32)), expected);
    }
    for manifest in [available as u32 + 1, u32::MAX] {
        let expected = DecodeError::ManifestLength { manifest, available };
        assert_eq!(refused(&with_manifest_length(&file, manifest)), expected);
    }
}

#[test]
fn bytes_behind_the_last_field_of_the_manifest_are_refused() {
    let file = original();
    let mut manifest = file.bytes()[MANIFEST_AT..manifest_end(file.bytes())].to_vec();
    for trailing in 1..20 {
        manifest.push(0);
        let expected = DecodeError::ManifestTrailing(trailing);
        assert_eq!(refused(&with_manifest_bytes(&file, &manifest)), expected);
    }
}

#[test]
fn every_padding_byte_must_be_zero() {
    let file = original();
    let ends = file.artifact().sections(&file.artifact().manifest()).map(|(_, range)| range).collect::<Vec<_>>();
    let inside = |at: usize| at < manifest_end(file.bytes()) || ends.iter().any(|range| range.contains(&at));
    let padding: Vec<_> = (0..file.bytes().len()).filter(|at| !inside(*at)).collect();
    assert!(!padding.is_empty(), "this artifact has no padding to test with");
    for at in padding {
        let mut bytes = file.bytes().to_vec();
        bytes[at] = 1;
        assert_eq!(refused(&repaired(bytes)), DecodeError::Padding(at));
    }
}

#[test]
fn only_a_buffer_that_starts_8_byte_aligned_is_accepted() {
    let file = original();
    let length = file.bytes().len();
    for shift in 0..8 {
        let mut words = vec![0_u64; length.div_ceil(8) + 1];
        let buffer = &mut bytemuck::cast_slice_mut::<u64, u8>(&mut words)[shift..shift + length];
        buffer.copy_from_slice(file.bytes());
        let decoded = Artifact::decode(buffer).map(|_| ());
        assert_eq!(decoded, if shift == 0 { Ok(()) } else { Err(DecodeError::Alignment) });
    }
}
