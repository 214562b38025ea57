# Kills one process, or it and all its descendants.
pid='{{ Pid }}'
start='{{ StartTime }}'
scope='{{ Scope }}'
most=4096

reason=$(objection "$pid" "$start")
[ -z "$reason" ] || refuse "$reason"
if is_dead "$pid"; then
    say ended "$pid"
    finish 0
fi

stop "$pid"
if ! is_named "$pid" "$start"; then
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

kill_stopped
[ -z "$survivors" ] || finish 5
finish 0
