# Kills one process, or it and all its descendants. Stopped first, so that nothing is forked or reused
# between the look and the kill.
pid='{{ Pid }}'
start='{{ StartTime }}'
scope='{{ Scope }}'
tolerance=2000000000
most=4096

is_named() {
    found=$(start_ns "$1")
    [ -n "$found" ] || return 1
    apart=$((found - start))
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

if [ "$pid" -le 1 ]; then
    refuse "process $pid is the host itself"
fi
case "$ancestors" in
*" $pid "*) refuse "process $pid is an ancestor of this command: the SSM agent or what runs it" ;;
esac
if is_dead "$pid"; then
    say ended "$pid"
    finish 0
fi
if ! is_named "$pid"; then
    refuse "process $pid started at $(start_ns "$pid") ns after 1970, not at $start: it is another one"
fi
if [ "$pid" = 2 ] || [ "$(status "$pid" PPid)" = 2 ]; then
    refuse "process $pid is a thread of the kernel"
fi

stopped=
go_on() {
    for each in $stopped; do kill -CONT "$each" 2>/dev/null; done
}

stop() {
    kill -STOP "$1" 2>/dev/null && stopped="$stopped $1"
}

stop "$pid"
if ! is_named "$pid"; then
    go_on
    say ended "$pid"
    finish 0
fi

# Descendants until a whole look finds no new one; a parent that is stopped makes none.
if [ "$scope" = tree ]; then
    count=1
    more=yes
    while [ "$more" = yes ]; do
        more=no
        for folder in /proc/[0-9]*; do
            each=${folder#/proc/}
            case " $stopped " in *" $each "*) continue ;; esac
            parent=$(status "$each" PPid)
            case " $stopped " in *" ${parent:-none} "*) ;; *) continue ;; esac
            is_dead "$each" && continue
            count=$((count + 1))
            if [ "$count" -gt "$most" ]; then
                go_on
                refuse "process $pid has more than $most descendants: isolate the host instead"
            fi
            stop "$each"
            if [ "$(status "$each" PPid)" = "$parent" ]; then
                more=yes
            else
                # It ended meanwhile, and its number is another's.
                kill -CONT "$each" 2>/dev/null
                stopped=${stopped% "$each"}
            fi
        done
    done
fi

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
[ -z "$survivors" ] || finish 5
finish 0
