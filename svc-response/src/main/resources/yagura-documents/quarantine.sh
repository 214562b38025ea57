# Part of the documents that move files into the quarantine and back; $store is the place of one file.

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

# Moves the file of this content into the quarantine; $reason is what stands in its way.
quarantine() {
    path=$1
    sha256=$2
    reason=
    if [ -f "$store/manifest" ] && [ -f "$store/file" ]; then
        # An earlier run was interrupted after the move.
        chmod 000 "$store/file"
        return 0
    fi
    if [ -L "$path" ]; then
        reason="it is a symbolic link to $(readlink "$path"): quarantine what it leads to"
    elif [ ! -e "$path" ]; then
        reason="there is no such file"
    elif [ ! -f "$path" ]; then
        reason="it is no regular file"
    elif protects "$path"; then
        reason="the host or this command runs it: isolate the host instead"
    else
        found=$(hash_of "$path")
        [ "$found" = "$sha256" ] || reason="its SHA-256 is $found, not $sha256: it is another file"
    fi
    [ -z "$reason" ] || return 1
    describe "$path" || return 1
    unprotect "$path"
    for folder in /proc/[0-9]*; do
        [ "$folder/exe" -ef "$path" ] && say running "${folder#/proc/}"
    done
    if ! move "$path" "$store/file"; then
        protect_again "$path"
        reason="it cannot be moved"
        return 1
    fi
    if [ -L "$store/file" ] || [ "$(hash_of "$store/file")" != "$sha256" ]; then
        move "$store/file" "$path"
        protect_again "$path"
        rm -rf "$store"
        reason="it was changed while it was moved; try again"
        return 1
    fi
    chmod 000 "$store/file"
    sync "$store" 2>/dev/null
}

# Moves the file back to where it was, with the mode, owner, time and attributes that it had; $found is its hash
# then, $reason what stands in its way.
restore() {
    reason=
    path=$(decode "$(manifest path)"; printf x)
    path=${path%x}
    if [ -f "$store/file" ]; then
        if [ -e "$path" ] || [ -L "$path" ]; then
            reason="something is at the file's place now: move it away, then undo again"
        elif [ ! -d "${path%/*}/" ]; then
            reason="its folder does not exist any more: make it, then undo again"
        else
            chmod "$(manifest mode)" "$store/file"
            move "$store/file" "$path" || reason="it cannot be moved back"
        fi
    fi
    [ -n "$reason" ] || [ -f "$path" ] || reason="the quarantine has lost the file"
    [ -z "$reason" ] || return 1
    chown "$(manifest owner)" -- "$path" 2>/dev/null
    chmod "$(manifest mode)" -- "$path"
    touch -d "$(decode "$(manifest modified)")" -- "$path"
    protect_again "$path"
    sync "$path" 2>/dev/null
    found=$(hash_of "$path")
}
