# Puts back what was removed, but for processes: first what others need, then units.
base=$store
bad=no

put_back_all() {
    for store in "$base"/[0-9]*; do
        number=${store##*/}
        kind=file
        [ ! -f "$store/unit" ] || kind=unit
        [ "$kind" = unit ] && [ "$1" = others ] && continue
        [ "$kind" != unit ] && [ "$1" = units ] && continue
        if [ -f "$store/manifest.restored" ]; then
            # By an earlier run.
            say restored "$number"
            continue
        fi
        [ -f "$store/manifest" ] || continue
        [ ! -f "$store/after" ] || kind=line
        [ -z "$(manifest user)" ] || kind=user
        changed=
        reason=
        case "$kind" in
        unit) start_unit ;;
        line) put_back ;;
        user) unlock_user ;;
        file) restore && [ "$found" != "$(manifest sha256)" ] && changed="its content was changed in the quarantine" ;;
        esac
        if [ -n "$reason" ]; then
            bad=yes
            say left "$number" "$(encode "$reason")"
            continue
        fi
        mv "$store/manifest" "$store/manifest.restored"
        say restored "$number"
        [ -z "$changed" ] || say changed "$number" "$(encode "$changed")"
    done
}

put_back_all others
put_back_all units
[ "$bad" = no ] || finish 5
finish 0
