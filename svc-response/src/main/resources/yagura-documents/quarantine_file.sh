# Moves a file into the quarantine, where nobody can read or run it.
path=$(decode '{{ Path }}'; printf x)
path=${path%x}
sha256='{{ Sha256 }}'

# What a host cannot do without: its first process, its shell, and what runs this command.
protects() {
    each=$$
    while [ "${each:-0}" -gt 0 ]; do
        [ "/proc/$each/exe" -ef "$1" ] && return 0
        while read -r key value rest; do
            [ "$key" = PPid: ] && break
        done <"/proc/$each/status"
        each=$value
    done
    [ /bin/sh -ef "$1" ]
}

if [ -f "$store/manifest" ] && [ -f "$store/file" ]; then
    # An earlier run was interrupted after the move.
    chmod 000 "$store/file"
else
    if [ -L "$path" ]; then
        refuse "it is a symbolic link to $(readlink "$path"): quarantine what it leads to"
    fi
    [ -e "$path" ] || refuse "there is no such file"
    [ -f "$path" ] || refuse "it is no regular file"
    protects "$path" && refuse "the host or this command runs it: isolate the host instead"
    found=$(hash_of "$path")
    [ "$found" = "$sha256" ] || refuse "its SHA-256 is $found, not $sha256: it is another file"

    attributes=$(lsattr -d -- "$path" 2>/dev/null | cut -d ' ' -f 1 | tr -d '-')
    mkdir -p "$store" && chmod 700 "$state/quarantine" "$store" || refuse "cannot write to $store"
    {
        printf 'path %s\n' "$(encode "$path")"
        printf 'sha256 %s\n' "$sha256"
        printf 'mode %s\n' "$(stat -c %a -- "$path")"
        printf 'owner %s\n' "$(stat -c %u:%g -- "$path")"
        printf 'modified %s\n' "$(encode "$(stat -c %y -- "$path")")"
        printf 'links %s\n' "$(stat -c %h -- "$path")"
        case "$attributes" in *i*) printf 'immutable yes\n' ;; esac
        case "$attributes" in *a*) printf 'append-only yes\n' ;; esac
    } >"$store/manifest.part" && sync "$store/manifest.part" 2>/dev/null
    mv -f "$store/manifest.part" "$store/manifest"

    case "$attributes" in *[ia]*) chattr -i -a -- "$path" ;; esac
    for folder in /proc/[0-9]*; do
        [ "$folder/exe" -ef "$path" ] && say running "${folder#/proc/}"
    done
    if ! move "$path" "$store/file"; then
        protect_again "$path"
        refuse "it cannot be moved"
    fi
    if [ -L "$store/file" ] || [ "$(hash_of "$store/file")" != "$sha256" ]; then
        move "$store/file" "$path"
        protect_again "$path"
        rm -rf "$store"
        refuse "it was changed while it was moved; try again"
    fi
    chmod 000 "$store/file"
    sync "$store" 2>/dev/null
fi
say quarantined "$(manifest sha256)" "$(manifest mode)" "$(manifest owner)" "$(manifest modified)" "$(manifest links)"
finish 0
