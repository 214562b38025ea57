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

# Writes into the manifest what a file is; $reason is what stands in its way.
describe() {
    if ! mkdir -p "$store" || ! chmod 700 "$state/quarantine" "$store"; then
        reason="cannot write to $store"
        return 1
    fi
    attributes=$(lsattr -d -- "$1" 2>/dev/null | cut -d ' ' -f 1 | tr -d '-')
    {
        printf 'path %s\n' "$(encode "$1")"
        printf 'sha256 %s\n' "$(hash_of "$1")"
        printf 'mode %s\n' "$(stat -c %a -- "$1")"
        printf 'owner %s\n' "$(stat -c %u:%g -- "$1")"
        printf 'modified %s\n' "$(encode "$(stat -c %y -- "$1")")"
        printf 'links %s\n' "$(stat -c %h -- "$1")"
        case "$attributes" in *i*) printf 'immutable yes\n' ;; esac
        case "$attributes" in *a*) printf 'append-only yes\n' ;; esac
    } >"$store/manifest.part" && sync "$store/manifest.part" 2>/dev/null
    mv -f "$store/manifest.part" "$store/manifest"
}

# Takes attributes off that keep a file from being moved.
unprotect() {
    case "$(manifest immutable)$(manifest append-only)" in *yes*) chattr -i -a -- "$1" ;; esac
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
