# shellcheck shell=bash
# Finding, and where need be making, a compiler for the boards. Sourced by `build.sh` and `tests/run.sh`.
#
# Two kinds of machine exist. Where rustup can download a target, its own compiler builds the firmware. Where it
# cannot, a distribution's compiler (Debian: rustc-web) builds it against a `core` compiled once from the matching
# library source (rust-web-src) into a sysroot in the user's cache. Nothing checked in may assume either kind.

firmware_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$firmware_dir/../.." && pwd)
toolchain_dir=${METAPLASTIC_TOOLCHAIN_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/metaplastic}
# By absolute path: rustup's compiler comes first on PATH and stays the one for the host.
distribution_rustc=${METAPLASTIC_RUSTC:-/usr/bin/rustc}
firmware_target_dir=${CARGO_TARGET_DIR:-$repo/target}/firmware

fail() {
    echo "error: $*" >&2
    exit 1
}

board_names() {
    sed -nE 's/^\[([a-z0-9-]+)\]$/\1/p' "$firmware_dir/boards.toml"
}

# board_value BOARD KEY: the key's value without quotes, empty if the board does not have it.
board_value() {
    awk -v section="[$1]" -v key="$2" '
        /^\[/ { inside = ($0 == section) }
        inside && $1 == key && $2 == "=" { gsub(/"/, "", $3); print $3 }' "$firmware_dir/boards.toml"
}

firmware_targets() {
    local board
    for board in $(board_names); do board_value "$board" target; done | sort -u
}

# Whether the compiler that cargo uses by default has a core library for the target.
has_installed_target() {
    local libdir
    libdir=$(rustc --print target-libdir --target "$1" 2>/dev/null) && compgen -G "$libdir/libcore-*.rlib" >/dev/null
}

# One sysroot per compiler: a library works only with the very compiler that made it.
sysroot_path() {
    local version
    version=$("$distribution_rustc" --version 2>/dev/null) || return 1
    echo "$toolchain_dir/sysroot-$(sed -E 's/^rustc ([^ ]+) \(([0-9a-f]+).*/\1-\2/; s/[^A-Za-z0-9.-]+/-/g' <<<"$version")"
}

has_sysroot() {
    local sysroot
    sysroot=$(sysroot_path) && [[ -d $sysroot/lib/rustlib/$1/lib ]]
}

# The cfg flags that compiler_builtins' own build script asks for, which cargo would have passed on.
compiler_builtins_flags() {
    local source=$1 target=$2 scratch=$3 environment
    "$distribution_rustc" --edition 2024 --cap-lints allow "$source/build.rs" -o "$scratch/configure"
    environment=$("$distribution_rustc" --print cfg --target "$target" |
        sed -nE 's/^(target_(arch|os|env|vendor|endian|pointer_width))="(.*)"$/CARGO_CFG_\U\1\E=\3/p')
    # shellcheck disable=SC2086 # one word per variable is meant
    (cd "$source" && env $environment TARGET="$target" OPT_LEVEL=3 "$scratch/configure") |
        sed -nE 's/^cargo::?rustc-cfg=//p'
}

# build_sysroot TARGET: compiles core and compiler_builtins. The finished folder appears in one move, so that an
# interrupted build leaves nothing that looks complete.
build_sysroot() (
    local target=$1 library sysroot scratch flags=() flag
    library=$("$distribution_rustc" --print sysroot)/lib/rustlib/src/rust/library
    [[ -f $library/core/src/lib.rs ]] || fail "no library source in $library: install rust-web-src"
    sysroot=$(sysroot_path)
    mkdir -p "$sysroot/lib/rustlib/$target"
    scratch=$(mktemp -d "$sysroot/$target.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    mkdir "$scratch/lib"
    # RUSTC_BOOTSTRAP: the library is written in unstable Rust. It goes no further than this function.
    local compile=(env RUSTC_BOOTSTRAP=1 "$distribution_rustc" --edition 2024 --crate-type rlib --target "$target"
        --cap-lints allow -Zforce-unstable-if-unmarked -C opt-level=3 -C panic=abort --out-dir "$scratch/lib")
    "${compile[@]}" --crate-name core "$library/core/src/lib.rs"
    while read -r flag; do flags+=(--cfg "$flag"); done < <(
        compiler_builtins_flags "$library/compiler-builtins/compiler-builtins" "$target" "$scratch")
    [[ ${#flags[@]} -gt 0 ]] || fail "compiler_builtins' build script in $library named no flags"
    # As many codegen units as there are functions: the linker then takes only those that are called.
    "${compile[@]}" --crate-name compiler_builtins -C codegen-units=10000 "${flags[@]}" \
        --cfg 'feature="compiler-builtins"' --extern "core=$scratch/lib/libcore.rlib" \
        "$library/compiler-builtins/compiler-builtins/src/lib.rs"
    mv -T "$scratch/lib" "$sysroot/lib/rustlib/$target/lib"
)

# firmware_cargo BOARD ARTIFACT SUBCOMMAND [ARGUMENT...]: runs cargo on the firmware, with the compiler for the board
# and the feature of its kind.
firmware_cargo() (
    local board=$1 artifact=$2 target target_cpu flags=()
    local cargo=(cargo "$3" --quiet -p metaplastic-firmware --profile firmware)
    shift 3
    cargo+=(--features "$(board_value "$board" binary)")
    target=$(board_value "$board" target)
    [[ -n $target ]] || fail "unknown board '$board'; the boards are: $(board_names | paste -sd' ' -)"
    [[ -f $artifact ]] || fail "no artifact at '$artifact'"
    target_cpu=$(board_value "$board" target_cpu)
    [[ -z $target_cpu ]] || flags+=("-Ctarget-cpu=$target_cpu")
    if ! has_installed_target "$target"; then
        has_sysroot "$target" || { echo "no core library for $target; run 'tests/run.sh setup'" >&2 && exit 3; }
        export RUSTC=$distribution_rustc
        flags+=("--sysroot=$(sysroot_path)" -Clinker=ld.lld -Clinker-flavor=ld.lld)
    fi
    # The encoded form outranks a RUSTFLAGS of the caller's, which would rebuild every dependency.
    CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && echo "${flags[*]}")
    export CARGO_ENCODED_RUSTFLAGS
    METAPLASTIC_ARTIFACT=$(realpath "$artifact")
    export METAPLASTIC_ARTIFACT METAPLASTIC_BOARD=$board
    cd "$repo" || return
    "${cargo[@]}" --target "$target" --target-dir "$firmware_target_dir" "$@"
)
