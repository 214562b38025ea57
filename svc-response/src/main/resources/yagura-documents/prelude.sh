#!/bin/sh
# Part of every document of Yagura: the checks that must hold on the host, and the report.
# The parameters are replaced by whoever runs it, Systems Manager or Yagura's agent; their patterns admit no
# quote and no space. Both name the instance in AWS_SSM_INSTANCE_ID.
set -u
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077

run='{{ RunId }}'
instance='{{ InstanceId }}'
expires='{{ ExpireTime }}'
state=${YAGURA_STATE_DIR:-/var/lib/yagura}
lines=

encode() {
    printf '%s' "$1" | base64 | tr -d '\n'
}

decode() {
    printf '%s' "$1" | base64 -d
}

# One line of the report: a word and its values; free text is base64.
say() {
    lines="$lines$*
"
}

# Ends with the report and its exit code; a run that has begun keeps them for a second one of its id.
finish() {
    report="yagura-report 1
${lines}end $1"
    if [ -d "$state/runs/$run" ]; then
        printf '%s\n' "$report" >"$state/runs/$run/report.part"
        sync "$state/runs/$run/report.part" 2>/dev/null
        mv -f "$state/runs/$run/report.part" "$state/runs/$run/report"
    fi
    printf '%s\n' "$report"
    exit "$1"
}

# Nothing was done: the reason, for people.
refuse() {
    lines=
    say refused "$(encode "$1")"
    printf '%s\n' "$1" >&2
    finish 3
}

# Start of a process in clock ticks after boot, or nothing. What follows the last ") " of its stat line is
# the kernel's: the name before it is the process's own, and may hold anything.
start_ticks() {
    line=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    set -f
    # shellcheck disable=SC2086
    set -- ${line##*) }
    set +f
    printf '%s' "${20:-}"
}

# Runs of the same id at the same time, or after one that was interrupted: one of them works, the others
# answer with its report.
begin() {
    mkdir -p "$state/runs" || refuse "cannot write to $state: run as root"
    chmod 700 "$state" "$state/runs"
    find "$state/runs" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} + 2>/dev/null
    me="$$ $(start_ticks $$) $(cat /proc/sys/kernel/random/boot_id)"
    tries=0
    while ! mkdir "$state/runs/$run" 2>/dev/null; do
        if [ -f "$state/runs/$run/report" ]; then
            report=$(cat "$state/runs/$run/report")
            printf '%s\n' "$report"
            exit "${report##*end }"
        fi
        owner=$(cat "$state/runs/$run/owner" 2>/dev/null)
        if [ "$tries" -ge 2 ] && ! lives "$owner"; then
            break
        fi
        tries=$((tries + 1))
        if [ "$tries" -gt 60 ]; then
            printf 'an earlier run of %s is still at work\n' "$run" >&2
            exit 4
        fi
        sleep 1
    done
    printf '%s\n' "$me" >"$state/runs/$run/owner"
}

# Whether the process that began a run is still there.
lives() {
    set -f
    # shellcheck disable=SC2086
    set -- $1
    set +f
    [ "${3:-}" = "$(cat /proc/sys/kernel/random/boot_id)" ] &&
        [ -n "${2:-}" ] && [ "$(start_ticks "${1:-0}")" = "$2" ]
}

if [ "${AWS_SSM_INSTANCE_ID:-}" != "$instance" ]; then
    refuse "the command for $instance reached ${AWS_SSM_INSTANCE_ID:-a host that is no instance}"
fi
# What began in time is gone on with, or answered, also later.
if [ ! -d "$state/runs/$run" ] && [ "$(date +%s)" -gt "$expires" ]; then
    refuse "the command came too late: it expired before the host began"
fi
begin
