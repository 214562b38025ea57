# Part of the documents that move files.
store="$state/quarantine/{{ ActionId }}"

hash_of() {
    sha256sum <"$1" | cut -d ' ' -f 1
}

# The word after a name in the manifest.
manifest() {
    while read -r key value; do
        [ "$key" = "$1" ] && printf '%s' "$value" && return
    done <"$store/manifest"
}

# Attributes that were taken off for a move.
protect_again() {
    [ "$(manifest immutable)" = yes ] && chattr +i -- "$1"
    [ "$(manifest append-only)" = yes ] && chattr +a -- "$1"
    return 0
}

# Moves within a file system; else copies with everything that the target can hold, and compares, before the
# original goes. Never over something that is there: a link to it fails then.
move() {
    if ln "$1" "$2" 2>/dev/null; then
        rm -f "$1"
        return
    fi
    [ ! -e "$2" ] && [ ! -L "$2" ] || return 1
    part="${2%/*}/.yagura-{{ ActionId }}"
    rm -f "$part"
    cp -p --preserve=all "$1" "$part" 2>/dev/null || cp -p "$1" "$part" || return 1
    if [ "$(hash_of "$part")" != "$(hash_of "$1")" ]; then
        rm -f "$part"
        return 1
    fi
    sync "$part" 2>/dev/null
    ln "$part" "$2" && rm -f "$part" "$1"
}
