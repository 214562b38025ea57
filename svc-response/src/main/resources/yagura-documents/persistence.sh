# Part of the documents that take persistence off a host and put it back: lines of files, systemd units, local
# accounts. $store is the place of one finding; $reason is what stands in the way of a change.

# Whether a file has a line, as a whole and byte by byte.
has_line() {
    [ -f "$1" ] && grep -aqxF -e "$2" -- "$1" 2>/dev/null
}

# Puts a file in the place of another at once, on its file system.
replace() {
    unprotect "$2"
    part="${2%/*}/.yagura-{{ ActionId }}"
    if mv -f "$1" "$part" && mv -f "$part" "$2"; then
        protect_again "$2"
        sync "$2" 2>/dev/null
        return 0
    fi
    reason="it cannot be written"
    return 1
}

# A copy with everything that its place can hold.
copy_of() {
    cp -p --preserve=all "$1" "$2" 2>/dev/null || cp -p "$1" "$2"
}

# Takes a line out of a file, wherever it has it.
strike() {
    path=$1
    reason=
    has_line "$path" "$2" || return 0
    if [ -L "$path" ]; then
        reason="it is a symbolic link to $(readlink "$path"): name what it leads to"
        return 1
    fi
    describe "$path" || return 1
    printf '%s\n' "$2" >"$store/line"
    copy_of "$path" "$store/before" && copy_of "$path" "$store/new" || reason="it cannot be copied"
    grep -avxF -e "$2" -- "$store/before" >"$store/new"
    [ "$(hash_of "$store/before")" = "$(manifest sha256)" ] || reason="it was changed meanwhile; try again"
    hash_of "$store/new" >"$store/after"
    sync "$store" 2>/dev/null
    [ -z "$reason" ] && [ "$(hash_of "$path")" = "$(manifest sha256)" ] && replace "$store/new" "$path" && return 0
    reason=${reason:-it was changed meanwhile; try again}
    rm -rf "$store"
    return 1
}

# Puts the file back as it was; when others changed it meanwhile, the line alone, at its end, and $changed says so.
put_back() {
    reason=
    path=$(decode "$(manifest path)"; printf x)
    path=${path%x}
    if [ ! -f "$path" ] || [ -L "$path" ]; then
        reason="its file does not exist any more: make it, then undo again"
        return 1
    fi
    found=$(hash_of "$path")
    if [ "$found" = "$(manifest sha256)" ]; then
        return 0
    fi
    if [ "$found" = "$(cat "$store/after")" ]; then
        copy_of "$store/before" "$store/new" && replace "$store/new" "$path"
        return
    fi
    changed="others changed $path meanwhile"
    line=$(cat "$store/line")
    has_line "$path" "$line" && return 0
    copy_of "$path" "$store/new"
    [ -z "$(tail -c 1 "$store/new")" ] || printf '\n' >>"$store/new"
    printf '%s\n' "$line" >>"$store/new"
    replace "$store/new" "$path"
}

unit_is() {
    systemctl show --property="$2" --value -- "$1" 2>/dev/null
}

# Stops and disables a unit of the administrator's folders, and moves its file into the quarantine.
stop_unit() {
    reason=
    if [ ! -f "$store/unit" ]; then
        path=$(unit_is "$1" FragmentPath)
        [ -n "$path" ] || return 0
        case "$1" in
        amazon-ssm-agent* | snap.amazon-ssm-agent* | systemd-* | dbus* | *.slice | *.scope)
            reason="the host or this command needs $1"
            ;;
        esac
        case "$path" in
        /etc/systemd/system/* | /run/systemd/system/* | /usr/local/lib/systemd/system/*) ;;
        *) reason="$path belongs to a package: name its drop-ins or its program as files" ;;
        esac
        [ "${path##*/}" = "$1" ] || reason="its file is $path: name that unit"
        [ ! -L "$path" ] || reason="$path is a symbolic link to $(readlink "$path")"
        [ -z "$reason" ] || return 1
        describe "$path" || return 1
        enabled=$(systemctl is-enabled -- "$1" 2>/dev/null)
        active=$(unit_is "$1" ActiveState)
        printf '%s %s %s\n' "$1" "${enabled:--}" "${active:--}" >"$store/unit.part"
        mv -f "$store/unit.part" "$store/unit"
    fi
    path=$(decode "$(manifest path)"; printf x)
    path=${path%x}
    timeout 20 systemctl disable -- "$1" >/dev/null 2>&1
    timeout 40 systemctl stop -- "$1" >/dev/null 2>&1
    read -r unit enabled active <"$store/unit"
    if [ ! -f "$store/file" ] && ! quarantine "$path" "$(manifest sha256)"; then
        again=$reason
        resume
        reason=$again
        rm -rf "$store"
        return 1
    fi
    timeout 60 systemctl daemon-reload >/dev/null 2>&1
    return 0
}

# Enabled and active again, if it was.
resume() {
    timeout 60 systemctl daemon-reload >/dev/null 2>&1
    [ "$enabled" != enabled ] || timeout 20 systemctl enable -- "$unit" >/dev/null 2>&1 ||
        reason="systemd does not enable $unit"
    [ "$active" != active ] || timeout 40 systemctl start -- "$unit" >/dev/null 2>&1 ||
        reason="systemd does not start $unit"
    [ -z "$reason" ]
}

start_unit() {
    read -r unit enabled active <"$store/unit"
    restore && resume
}

# An account's line of the file of passwords, or nothing.
account() {
    while IFS= read -r entry; do
        [ "${entry%%:*}" = "$1" ] && printf '%s' "$entry" && return
    done </etc/shadow
}

# A field of such a line.
field_of() {
    printf '%s' "$1" | cut -d : -f "$2"
}

# Locked, and expired: a locked password alone does not keep a key out.
is_locked() {
    entry=$(account "$1")
    case "$(field_of "$entry" 2)" in '!'* | '*'*) [ "$(field_of "$entry" 8)" = 1 ] ;; *) return 1 ;; esac
}

lock_user() {
    reason=
    entry=$(account "$1")
    [ -n "$entry" ] || return 0
    if [ "$1" = root ]; then
        reason="the account root is the host's own"
        return 1
    fi
    is_locked "$1" && return 0
    if [ ! -f "$store/manifest" ]; then
        if ! mkdir -p "$store" || ! chmod 700 "$state/quarantine" "$store"; then
            reason="cannot write to $store"
            return 1
        fi
        printf 'user %s\nshadow %s\n' "$1" "$(encode "$entry")" >"$store/manifest.part"
        mv -f "$store/manifest.part" "$store/manifest"
    fi
    usermod -L -e 1 -- "$1" 2>/dev/null && is_locked "$1" || reason="usermod does not lock $1"
    [ -z "$reason" ]
}

unlock_user() {
    reason=
    user=$(manifest user)
    entry=$(decode "$(manifest shadow)")
    [ "$(account "$user")" != "$entry" ] || return 0
    days=$(field_of "$entry" 8)
    end=
    [ -z "$days" ] || end=$(date -u -d "1970-01-01 + $days days" +%F)
    case "$(field_of "$entry" 2)" in
    '!'*) ;;
    '')
        usermod -p '' -- "$user" 2>/dev/null
        chage -d "$(field_of "$entry" 3)" -- "$user" 2>/dev/null
        ;;
    *) usermod -U -- "$user" 2>/dev/null ;;
    esac
    usermod -e "$end" -- "$user" 2>/dev/null
    now=$(account "$user")
    if [ "$now" != "$entry" ]; then
        is_locked "$user" && reason="usermod does not unlock $user" && return 1
        changed="others changed the account $user meanwhile"
    fi
    return 0
}
