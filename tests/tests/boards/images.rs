//! The flash image of every real board: the addresses of its parts, and the vectors that the chip reads first.

use metaplastic_host::firmware;
use metaplastic_shared::board::{Board, real};
use metaplastic_tests::corpus::case;
use object::{Object, ObjectSegment};

/// Memories by the chip's reference manual: start and length of flash and RAM, and the address of the vector table.
struct Memories {
    flash: (u64, u64),
    ram: (u64, u64),
    vectors: u64,
}

fn memories(name: &str) -> Memories {
    match name {
        "pico" => Memories { flash: (0x1000_0000, 2 << 20), ram: (0x2000_0000, 256 << 10), vectors: 0x100 },
        "nrf52840-dk" => Memories { flash: (0, 1 << 20), ram: (0x2000_0000, 256 << 10), vectors: 0 },
        "stm32f4-discovery" => {
            Memories { flash: (0x0800_0000, 1 << 20), ram: (0x2000_0000, 128 << 10), vectors: 0 }
        }
        _ => panic!("{name}: say here where its memories are"),
    }
}

/// The contents of flash up to the end of the firmware.
fn flash_image(elf: &[u8], memories: &Memories) -> Vec<u8> {
    let file = object::read::elf::ElfFile32::<object::Endianness>::parse(elf).unwrap();
    let mut image = Vec::new();
    for segment in file.segments() {
        let (bytes, header) = (segment.data().unwrap(), segment.elf_program_header());
        let address = u64::from(header.p_paddr.get(object::Endianness::Little));
        if bytes.is_empty() {
            continue;
        }
        let start = address.checked_sub(memories.flash.0).expect("loaded into flash") as usize;
        image.resize(image.len().max(start + bytes.len()), 0);
        image[start..start + bytes.len()].copy_from_slice(bytes);
    }
    image
}

#[test]
#[ignore = "needs a core library: tests/run.sh emulator"]
fn every_real_board_finds_its_stack_and_its_first_instruction() {
    let artifact = case("event").artifact;
    let folder = tempfile::tempdir().unwrap();
    for board in real() {
        let name = board.name;
        let elf = folder.path().join(name);
        firmware::build(board, &artifact, &elf).unwrap();
        let memories = memories(name);
        let image = flash_image(&std::fs::read(elf).unwrap(), &memories);
        let word = |at: u64| u32::from_le_bytes(image[at as usize..at as usize + 4].try_into().unwrap());
        let (stack, reset) = (u64::from(word(memories.vectors)), u64::from(word(memories.vectors + 4)));
        assert!((memories.ram.0 + 1..=memories.ram.0 + memories.ram.1).contains(&stack), "{name}: {stack:x}");
        let code = memories.flash.0 + memories.vectors..memories.flash.0 + image.len() as u64;
        assert!(code.contains(&reset) && reset % 2 == 1, "{name}: {reset:x}");
        assert!(image.len() as u64 <= memories.flash.1, "{name}: {} bytes", image.len());
        println!("{name}: {} bytes of flash", image.len());
        if name == "pico" {
            // The boot ROM refuses a second stage with a wrong checksum.
            let checksum = crc::Crc::<u32>::new(&crc::CRC_32_MPEG_2).checksum(&image[..252]);
            assert_eq!(word(252), checksum);
        }
    }
}

#[test]
#[ignore = "needs a core library: tests/run.sh emulator"]
fn a_network_that_does_not_fit_is_refused_with_the_size_it_needs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/artifacts/cue-association.plastic");
    let file = metaplastic_files::artifact_file::ArtifactFile::read(path.as_ref()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let microbit = Board::named("microbit").unwrap();
    let refusal = firmware::build(microbit, &file, &folder.path().join("elf")).unwrap_err().to_string();
    for part in ["'microbit'", "RAM beside the stack", "13184"] {
        assert!(refusal.contains(part), "{part:?} is not in: {refusal}");
    }
}
