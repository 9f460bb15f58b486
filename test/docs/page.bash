# For tests that do what a page says: the blocks of a page, and an emulator for them. To be sourced.

fail() {
    printf '%s\n' "${0##*/}: $*" >&2
    exit 1
}

# blocks PAGE LINE: the code blocks of the page that follow this line, without their fences.
blocks() {
    local found
    found=$(awk -v mark="$2" '
        inside && /^```$/ { inside = 0; next }
        inside { print }
        { near = (near == 2) ? 1 : 0 }
        $0 == mark { near = 2; next }
        near == 1 && /^```/ { inside = 1; near = 0 }
    ' "$1")
    [[ -n $found ]] || fail "$1 has no block behind: $2"
    printf '%s\n' "$found"
}

# Tests of several work trees may run at the same time: the port of the pages becomes another.
port=$((20000 + $$ % 10000))
with_free_port() { sed "s/8443/$port/g"; }

# start_emulator COMMAND: until this script ends.
start_emulator() {
    local tries
    bash -c "exec $1" >said 2>&1 &
    emulator=$!
    trap 'kill "$emulator" 2>/dev/null || true' EXIT
    for ((tries = 0; tries < 200; ++tries)); do
        ! grep -q '^base_url=' said || return 0
        kill -0 "$emulator" 2>/dev/null || fail "the emulator says: $(<said)"
        sleep 0.05
    done
    fail "the emulator did not start in 10 s"
}
