#!/usr/bin/env bash
# Sets up and runs every check of the project: `tests/run.sh` runs all jobs, `tests/run.sh JOB...` the named ones in
# order, `tests/run.sh help` lists them. Stops at the first job that fails. CI runs this same script.
set -euo pipefail
# shellcheck source=SCRIPTDIR/../runtime/firmware/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/../runtime/firmware/toolchain.sh"
cd "$repo"

# Two lanes side by side: what builds core libraries, links firmware and emulates boards uses one core at a time.
desk_jobs=(format lint docs build host fuzz readme)
board_jobs=(setup firmware emulator chip)
jobs=("${desk_jobs[@]}" "${board_jobs[@]}")
# Only run when named.
extra_jobs=(bench-chip)
cargo_fuzz_version=0.13.2
fuzz_seconds=${FUZZ_SECONDS:-20} # each target
readme_command_limit=${README_COMMAND_LIMIT:-600} # seconds

help() {
    cat <<'END'
usage: tests/run.sh [JOB...]    without a job: all but bench-chip; setup, firmware, emulator and chip beside the others

  setup     install what is missing: QEMU, Node.js with rp2040js, and a core library for every board's target
  format    rustfmt
  lint      clippy on everything for the desk
  docs      rustdoc, warnings denied
  build     compiles the tests of the desk
  host      unit, property, golden and documentation tests; golden traces and damaged artifacts in debug form too
  fuzz      the fuzz targets of tests/fuzz, FUZZ_SECONDS each (default 20)
  firmware  the firmware with warnings denied
  emulator  the boards of runtime/firmware/boards.toml: in QEMU and rp2040js, or built where neither knows them
  chip      proofs of linked firmware: no panic, allocator or float; stack, sizes and instructions against
            runtime/firmware/measured.toml, which METAPLASTIC_BLESS=1 writes anew
  readme    every `$ ` command of README.md, in order
  bench-chip [--json]   measures sizes, stack, instructions and estimated cycles of every core, and prints them
END
}

# apt COMMAND PACKAGE...: apt-get as root.
apt() {
    local command=$1 as_root=()
    shift
    command -v apt-get >/dev/null || fail "please install: $* (done for you only where there is apt-get)"
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null || fail "please run as root: apt-get install $*"
        as_root=(sudo)
    fi
    if [[ $command == update ]]; then
        "${as_root[@]}" apt-get update -qq
    else
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends --allow-downgrades "$@" >/dev/null
    fi
}

apt_install() {
    apt update "$@"
    apt install "$@"
}

install_qemu() {
    command -v qemu-system-arm >/dev/null && return
    local packages=(qemu-system-arm) installed candidate
    # QEMU's packages exclude other versions of each other: without this, apt removes a qemu-utils of another version.
    # Which version that is, only a fresh list of packages says.
    apt update "${packages[@]}"
    installed=$(dpkg-query -W -f '${Version}' qemu-utils 2>/dev/null || true)
    candidate=$(apt-cache policy qemu-system-arm 2>/dev/null | awk '/Candidate:/ { print $2 }')
    [[ -z $installed || $installed == "$candidate" ]] || packages+=("qemu-utils=$candidate")
    apt install "${packages[@]}"
}

# The disassembler that the proofs read firmware with: rustup's, or the distribution's.
install_disassembler() {
    command -v llvm-objdump >/dev/null && return
    [[ -x $(rustc --print target-libdir)/../bin/llvm-objdump ]] && return
    { [[ ${RUSTUP_AUTO_INSTALL:-1} != 0 ]] && command -v rustup >/dev/null && timeout 300 rustup component add llvm-tools; } ||
        apt_install llvm
}

# The Raspberry Pi Pico's emulator, pinned by package-lock.json, into node_modules beside it.
install_rp2040js() {
    local folder=runtime/firmware/rp2040js
    if ! command -v npm >/dev/null || ! command -v node >/dev/null; then apt_install nodejs npm; fi
    if cmp -s "$folder/package-lock.json" "$folder/node_modules/installed.json"; then return; fi
    npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error >/dev/null
    cp "$folder/package-lock.json" "$folder/node_modules/installed.json"
}

can_build_for() {
    has_installed_target "$1" || { has_sysroot "$1" && command -v ld.lld >/dev/null; }
}

# RUSTUP_AUTO_INSTALL=0 is how a machine says that its toolchains are not to be added to.
add_rustup_targets() {
    [[ ${RUSTUP_AUTO_INSTALL:-1} != 0 ]] && command -v rustup >/dev/null && timeout 300 rustup target add "$@"
}

job_setup() {
    local target missing=()
    install_qemu
    install_rp2040js
    for target in $(firmware_targets); do can_build_for "$target" || missing+=("$target"); done
    if [[ ${#missing[@]} -gt 0 ]] && ! add_rustup_targets "${missing[@]}"; then
        echo "rustup adds no targets here: compiling the core library with the distribution's compiler"
        apt_install rustc-web rust-web-src lld
        for target in "${missing[@]}"; do
            has_sysroot "$target" && continue
            echo "core for $target (about a minute, once)"
            build_sysroot "$target"
        done
    fi
    install_disassembler
    qemu-system-arm --version | head -n 1
    for target in $(firmware_targets); do
        can_build_for "$target" || fail "still no core library for $target"
        echo "ready: $target"
    done
}

job_format() {
    cargo fmt --all --check
}

job_lint() {
    # In the profile of the tests: what clippy, rustdoc and the tests compile for themselves is then compiled once.
    cargo clippy --release --workspace --exclude metaplastic-firmware --exclude metaplastic-fuzz --all-targets -- -D warnings
    # Nothing is linked: a path to a library spares compiling libFuzzer.
    CUSTOM_LIBFUZZER_PATH=$repo/libnone.a cargo clippy --release -p metaplastic-fuzz -- -D warnings
}

# The emulated board has the DSP extension, whose kernels no other check sees; the emulator job builds the real ones. clippy goes only
# with rustup's own compiler; the distribution's must do with denied warnings.
job_firmware() {
    local board artifacts=(tests/artifacts/*.plastic)
    [[ -f ${artifacts[0]} ]] || fail "no artifact in tests/artifacts to build the firmware around"
    for board in mps2-an386 pico; do
        if has_installed_target "$(board_value "$board" target)"; then
            firmware_cargo "$board" "${artifacts[0]}" clippy -- -D warnings
        else
            firmware_cargo "$board" "${artifacts[0]}" rustc --lib -- -D warnings
            firmware_cargo "$board" "${artifacts[0]}" rustc --bin "$(board_value "$board" binary)" -- -D warnings
        fi
    done
}

job_docs() {
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps
}

job_build() {
    cargo test --quiet --release --no-run
}

job_host() {
    cargo test --release
    debug_form_test --test artifact --test golden
}

# What is ours of the release profile in debug form: hardly optimised, and the chip's arithmetic with overflow checks and
# assertions, for whatever the decoder lets through must not wrap. All else stays as `build` compiled it: a whole
# development build would take minutes.
debug_form_test() {
    local package settings=()
    for package in metaplastic metaplastic-tests; do
        settings+=(--config "profile.release.package.$package.opt-level=0")
    done
    for package in metaplastic-shared metaplastic-runtime; do
        settings+=(--config "profile.release.package.$package.opt-level=1"
            --config "profile.release.package.$package.overflow-checks=true"
            --config "profile.release.package.$package.debug-assertions=true")
    done
    cargo test --release "${settings[@]}" "$@"
}

install_cargo_fuzz() {
    [[ $(cargo fuzz --version 2>/dev/null) == "cargo-fuzz $cargo_fuzz_version" ]] && return
    # Not optimised: it only calls cargo.
    cargo install --quiet --locked --debug --target-dir "$1" cargo-fuzz --version "$cargo_fuzz_version"
}

# fuzz TARGET FOLDER: what it finds new is kept in FOLDER, from where the next run goes on.
fuzz() {
    local target=$1 folder=$2 log=$2/$1.log found=tests/fuzz/artifacts/$1 status=0
    mkdir -p "$folder/corpus/$target"
    cargo fuzz run --fuzz-dir tests/fuzz --target-dir "$folder" "$target" \
        "$folder/corpus/$target" "tests/fuzz/seeds/$target" -- -max_total_time="$fuzz_seconds" \
        -len_control=0 -max_len=4096 -timeout=300 -print_final_stats=1 >"$log" 2>&1 || status=$?
    if [[ $status -ne 0 ]]; then
        grep -E 'panicked at|^error|ERROR|SUMMARY' -A 2 "$log" >&2 || tail -n 20 "$log" >&2
        fail "$target: see $log; if an input did it, it is in $found: cargo fuzz run --fuzz-dir tests/fuzz $target INPUT"
    fi
    echo "$target: $(grep -E '^#[0-9]+.DONE' "$log")"
}

# A sanitizer is an unstable option: in this job, and nowhere else, a stable compiler is told to take it.
job_fuzz() {
    local folder=${CARGO_TARGET_DIR:-$repo/target}/fuzz target
    install_cargo_fuzz "$folder/install"
    export RUSTC_BOOTSTRAP=1
    # Looking for leaks takes ptrace, which containers often refuse.
    export ASAN_OPTIONS=detect_leaks=0
    for target in decode wire step; do fuzz "$target" "$folder"; done
}

job_emulator() {
    job_setup
    cargo test --release -p metaplastic-tests --test emulator -- --ignored --nocapture
    cargo test --release -p metaplastic-tests --test boards -- --ignored --nocapture
}

job_chip() {
    job_setup
    cargo test --release -p metaplastic-tests --test chip -- --ignored --nocapture
}

job_bench-chip() {
    job_setup >&2
    cargo run --quiet --release -p metaplastic-tests --example chip -- bench ${json:+--json}
}

# The commands of the README: lines starting with `$ ` in console and sh blocks, joined over a trailing backslash.
readme_commands() {
    awk '/^```/ { inside = ($0 ~ /^```(console|sh)$/); next }
        !inside { next }
        continued { sub(/^(> )?/, " ") }
        /^\$ / || continued { line = $0; sub(/^\$ /, "", line); continued = sub(/\\$/, "", line)
            printf "%s%s", line, continued ? "" : "\n" }' README.md
}

job_readme() {
    local command count=0
    job_setup # its lane may be behind
    # Read on descriptor 3: a command that reads its input must not eat the list.
    while IFS= read -r -u 3 command; do
        if [[ $command == *tests/run.sh* ]]; then
            echo "SKIPPED, it would run this script again: $command"
            continue
        fi
        echo "\$ $command"
        timeout "$readme_command_limit" bash -euo pipefail -c "$command" </dev/null
        count=$((count + 1))
    done 3< <(readme_commands)
    [[ $count -gt 0 ]] || fail "README.md has no command to run"
}

is_job() {
    [[ " ${jobs[*]} ${extra_jobs[*]} " == *" $1 "* ]]
}

# run_jobs SUMMARY JOB...: one after the other, up to the first that fails; a line for each into the file SUMMARY.
run_jobs() {
    local summary=$1 job started status
    shift
    for job in "$@"; do
        printf '\n=== %s\n' "$job"
        started=$SECONDS
        set +e
        (set -e && "job_$job")
        status=$?
        set -e
        echo "$([[ $status -eq 0 ]] && echo ok || echo FAILED) $job $((SECONDS - started))s" >>"$summary"
        [[ $status -eq 0 ]] || return 1
    done
}

# run_lanes FOLDER LANE...: each lane is the names of its jobs, all lanes at once. The first one's output is shown as it
# comes, the others' when all are done; a lane that fails ends the others.
run_lanes() {
    local folder=$1 lane lanes=() logs=() failed=0
    shift
    set -m # a process group each, to be ended whole
    for lane in "$@"; do
        # shellcheck disable=SC2086 # one word a job is meant
        if [[ ${#lanes[@]} -eq 0 ]]; then
            run_jobs "$folder/summary" $lane </dev/null &
        else
            logs+=("$folder/lane-${#lanes[@]}.log")
            run_jobs "$folder/summary" $lane </dev/null >"${logs[-1]}" 2>&1 &
        fi
        lanes+=($!)
    done
    set +m
    trap 'kill -- "${lanes[@]/#/-}" 2>/dev/null; exit 130' INT TERM
    for _ in "${lanes[@]}"; do
        wait -n || { failed=1 && kill -- "${lanes[@]/#/-}" 2>/dev/null; }
    done
    trap - INT TERM
    [[ ${#logs[@]} -eq 0 ]] || cat "${logs[@]}"
    return "$failed"
}

main() {
    local job failed=0 folder
    # One object and nothing else on standard output.
    if [[ $* == "bench-chip --json" ]]; then json=1 && job_bench-chip && return; fi
    for job in "$@"; do
        if [[ $job == help || $job == --help || $job == -h ]]; then help && return; fi
        is_job "$job" || fail "no job '$job'; the jobs are: ${jobs[*]}"
    done
    folder=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder as it is now
    trap "rm -rf '$folder'" EXIT
    # Outside any condition: only there does `set -e` hold inside the jobs.
    set +e
    if [[ $# -gt 0 ]]; then
        run_lanes "$folder" "$*"
    else
        run_lanes "$folder" "${desk_jobs[*]}" "${board_jobs[*]}"
    fi
    failed=$?
    set -e
    printf '\n'
    cat "$folder/summary"
    echo "$(grep -c '^ok' "$folder/summary" || true) passed, $(grep -c '^FAILED' "$folder/summary" || true) failed"
    return "$failed"
}

main "$@"
