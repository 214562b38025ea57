# Part of the documents that kill. What is killed is stopped first, so that nothing is forked or reused between
# the look and the kill.
tolerance=2000000000
stopped=

# Whether a pid is the process that started then.
is_named() {
    found=$(start_ns "$1")
    [ -n "$found" ] || return 1
    apart=$((found - $2))
    [ "${apart#-}" -le "$tolerance" ]
}

# Zombies are dead: only their parent has not asked yet.
is_dead() {
    [ ! -d "/proc/$1" ] || [ "$(status "$1" State)" = Z ]
}

# This script, and whatever runs it.
ancestors=' '
each=$$
while [ "${each:-0}" -gt 0 ]; do
    ancestors="$ancestors$each "
    each=$(status "$each" PPid)
done

# Why the process that started then is not killed, or nothing.
objection() {
    if [ "$1" -le 1 ]; then
        printf 'process %s is the host itself' "$1"
        return
    fi
    case "$ancestors" in
    *" $1 "*) printf 'process %s is an ancestor of this command: the SSM agent or what runs it' "$1" ;;
    *)
        is_dead "$1" && return
        if ! is_named "$1" "$2"; then
            printf 'process %s started at %s ns after 1970, not at %s: it is another one' \
                "$1" "$(start_ns "$1")" "$2"
        elif [ "$1" = 2 ] || [ "$(status "$1" PPid)" = 2 ]; then
            printf 'process %s is a thread of the kernel' "$1"
        fi
        ;;
    esac
}

go_on() {
    for each in $stopped; do kill -CONT "$each" 2>/dev/null; done
}

stop() {
    kill -STOP "$1" 2>/dev/null && stopped="$stopped $1"
}

# Kills what is stopped; $survivors is what is still there after 5 s.
kill_stopped() {
    for each in $stopped; do
        say killed "$each" "$(start_ns "$each")" "$(encode "$(readlink "/proc/$each/exe" 2>/dev/null)")"
    done
    for each in $stopped; do kill -KILL "$each" 2>/dev/null; done
    tries=0
    survivors=$stopped
    while [ -n "$survivors" ] && [ "$tries" -lt 50 ]; do
        left=
        for each in $survivors; do is_dead "$each" || left="$left $each"; done
        survivors=$left
        tries=$((tries + 1))
        [ -z "$survivors" ] || sleep 0.1 2>/dev/null || sleep 1
    done
    for each in $survivors; do say survived "$each" "$(status "$each" State)"; done
}
