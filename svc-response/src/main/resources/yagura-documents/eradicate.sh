# Removes findings, and then looks at each again: processes are stopped first, so that nobody puts back what
# is taken away; then persistence, then the processes, then files.
findings=$(decode '{{ Findings }}')
base=$store
bad=no
left_alone=' '

# One finding that was not removed, and why.
leave() {
    bad=yes
    left_alone="$left_alone$1 "
    say left "$1" "$(encode "$2")"
}

# Every finding: its number, kind and words to a function.
each_finding() {
    number=0
    while read -r kind first second; do
        number=$((number + 1))
        store="$base/$number"
        reason=
        "$1" "$number" "$kind" "$first" "$second"
    done <<FINDINGS
$findings
FINDINGS
}

# Text that came in base64, with the newlines that it may end with.
word() {
    text=$(decode "$1"; printf x)
    text=${text%x}
}

freeze() {
    [ "$2" = process ] || return 0
    reason=$(objection "$3" "$4")
    if [ -n "$reason" ]; then
        leave "$1" "$reason"
    elif ! is_dead "$3"; then
        stop "$3"
        if is_named "$3" "$4"; then
            starts="$starts $3:$4"
        else
            kill -CONT "$3" 2>/dev/null
            stopped=${stopped% "$3"}
        fi
    fi
}

remove_persistence() {
    case "$2" in
    line)
        word "$3"
        of=$text
        word "$4"
        strike "$of" "$text" || leave "$1" "$reason"
        ;;
    unit) stop_unit "$3" || leave "$1" "$reason" ;;
    user) lock_user "$3" || leave "$1" "$reason" ;;
    esac
}

remove_file() {
    [ "$2" = file ] || return 0
    word "$3"
    [ -e "$text" ] || [ -L "$text" ] || [ -f "$store/file" ] || return 0
    quarantine "$text" "$4" && return 0
    [ -f "$store/file" ] || rm -rf "$store"
    leave "$1" "$reason"
}

# What is still there of a finding, in $still.
look() {
    still=
    case "$2" in
    process) is_dead "$3" || ! is_named "$3" "$4" || still="process $3 is still there" ;;
    file)
        word "$3"
        if [ -e "$text" ] || [ -L "$text" ]; then
            still="something is at its path"
        else
            for folder in /proc/[0-9]*; do
                [ ! "$folder/exe" -ef "$store/file" ] || still="process ${folder#/proc/} still runs it"
            done
        fi
        ;;
    line)
        word "$3"
        of=$text
        word "$4"
        ! has_line "$of" "$text" || still="the line is there"
        ;;
    unit)
        path=$(unit_is "$3" FragmentPath)
        [ -z "$path" ] || still="systemd has it as $path"
        case "$(unit_is "$3" ActiveState)" in '' | inactive | failed) ;; *) still="it is active" ;; esac
        ;;
    user) [ -z "$(account "$3")" ] || is_locked "$3" || still="the account is not locked" ;;
    esac
    # What is not there, but was not what was named either, is not proven to be gone.
    case "$left_alone" in *" $1 "*) still=${still:-it was left alone} ;; esac
    if [ -z "$still" ]; then
        say clean "$1"
    else
        bad=yes
        say dirty "$1" "$(encode "$still")"
    fi
}

starts=
each_finding freeze
each_finding remove_persistence
# A unit that was stopped has ended some of them.
stopped=
for each in $starts; do
    is_named "${each%:*}" "${each#*:}" && stopped="$stopped ${each%:*}"
done
kill_stopped
each_finding remove_file
each_finding look
[ "$bad" = no ] || finish 5
finish 0
