# Collects what a responder asks for first into one archive, and uploads it. Everything is bounded: what
# takes too long or is too large is cut, and notes.txt of the archive says so.
kib='{{ MostKib }}'
root=${YAGURA_ROOT_DIR:-}
work="$state/runs/$run"
out="$work/collected"
archive="$work/triage.tar.gz"
began=$(date +%s)
collect_seconds=120
upload_seconds=230
most_processes=5000
most_files=2000
used=0
files=0
TZ=UTC
export TZ

# Whether the time for something is over.
is_late() {
    [ $(($(date +%s) - began)) -ge "$1" ]
}

# Free text on one line.
text() {
    case "$1" in
    *[[:cntrl:]]*) printf '%s' "$1" | tr '\000-\037\177' '?' ;;
    *) printf '%s' "$1" ;;
    esac
}

note() {
    printf '%s\n' "$*" >>"$out/notes.txt"
}

# A member that a command writes: no larger than so many KiB, or than what is left.
member() {
    name=$1
    most=$2
    shift 2
    [ "$most" -le $((kib - used)) ] || most=$((kib - used))
    if [ "$most" -le 0 ] || is_late "$collect_seconds"; then
        note "$name: left out, the archive is full or the time is over"
        return
    fi
    "$@" 2>/dev/null | head -c $((most * 1024)) >"$out/$name"
    size=$(wc -c <"$out/$name")
    used=$((used + (size + 1023) / 1024))
    [ "$size" -lt $((most * 1024)) ] || note "$name: cut at $most KiB"
}

# The same of a program that may be missing, or hang: so many seconds, then the command.
member_of() {
    if ! command -v "$4" >/dev/null 2>&1; then
        note "$1: there is no $4"
        return
    fi
    of_name=$1
    of_most=$2
    of_seconds=$3
    shift 3
    member "$of_name" "$of_most" timeout -k 2 "$of_seconds" "$@"
}

# A copy of a file, as files/NUMBER; index.tsv has what it was. A link is named, never followed.
keep() {
    [ -e "$1" ] || [ -L "$1" ] || return 0
    if [ -L "$1" ]; then
        printf -- '-\t-\t-\t-\t-\t-\t%s -> %s\n' "$(text "$1")" "$(text "$(readlink "$1")")" >>"$out/index.tsv"
        return
    fi
    [ -f "$1" ] || return 0
    files=$((files + 1))
    if [ "$files" -gt "$most_files" ]; then
        [ "$files" -gt $((most_files + 1)) ] || note "files: more than $most_files; the others are left out"
        return
    fi
    number=$(printf 'files/%04d' "$files")
    facts=$(stat -c '%s	%a	%u:%g	%y	%z' -- "$1" 2>/dev/null) || return 0
    member "$number" "${2:-256}" timeout 5 cat -- "$1"
    printf '%s\t%s\t%s\n' "$number" "$facts" "$(text "$1")" >>"$out/index.tsv"
}

keep_all() {
    for each in "$@"; do keep "$each"; done
}

# The end of a log.
keep_tail() {
    [ -f "$1" ] && [ ! -L "$1" ] || return 0
    name="log-$(printf '%s' "${1##*/}" | tr -c 'A-Za-z0-9._-' '_').txt"
    member "$name" "$2" timeout 10 tail -c $(($2 * 1024 - 1)) -- "$1"
}

host() {
    date -u '+collected %Y-%m-%dT%H:%M:%SZ'
    printf 'instance %s\nrun %s\n' "$instance" "$run"
    uname -a
    cat /proc/uptime /proc/cmdline /proc/sys/kernel/random/boot_id /proc/sys/kernel/tainted
    timeout 5 cat "$root/etc/os-release"
}

# SHA-256 by device and inode, each program once: also of those whose file is deleted.
program_hashes() {
    stat -L -c '%d:%i %n %s' /proc/[0-9]*/exe | sort -u -k 1,1 |
        while read -r inode path size; do
            [ "$size" -le 268435456 ] || continue
            is_late 60 && break
            printf '%s\t%s\n' "$inode" "$(timeout 20 sha256sum <"$path" | cut -d ' ' -f 1)"
        done
}

# What the kernel says of each process: pid, parent, user, state, start, command.
process_rows() {
    count=0
    for folder in /proc/[0-9]*; do
        count=$((count + 1))
        [ "$count" -le "$most_processes" ] || break
        state_of=- parent=- user=- fields=
        while read -r key value rest; do
            case "$key" in
            State:) state_of=$value ;;
            PPid:) parent=$value ;;
            Uid:) user=$value && break ;;
            esac
        done <"$folder/status" || continue
        # A process's name may have lines of its own; what follows its last ") " is the kernel's.
        while read -r value; do fields="$fields $value"; done <"$folder/stat"
        set -f
        # shellcheck disable=SC2086
        set -- ${fields##*) }
        set +f
        printf '%s\t%s\t%s\t%s\t%s\t%.16384s\n' "${folder#/proc/}" "$parent" "$user" "$state_of" \
            $((boot * 1000000000 + ${20:-0} * (1000000000 / ticks_per_second))) \
            "$(timeout 2 tr '\000-\037\177' ' ' <"$folder/cmdline")"
    done
}

processes() {
    program_hashes >"$work/hashes"
    stat -L -c '%n	%d:%i' /proc/[0-9]*/exe >"$work/inodes"
    timeout 20 find /proc/[0-9]*/exe /proc/[0-9]*/cwd -printf '%p\t%l\0' |
        tr '\000\001-\010\012-\037\177' '\n[?*]' >"$work/links"
    process_rows >"$work/rows"
    printf 'pid\tparent\tuser\tstate\tstart_ns\tprogram_sha256\tprogram\tdirectory\tcommand\n'
    awk -F '\t' -v OFS='\t' '
        FILENAME == ARGV[1] { hash[$1] = $2; next }
        FILENAME == ARGV[2] { sum[$1] = hash[$2]; next }
        FILENAME == ARGV[3] { link[$1] = $2; next }
        {
            program = "/proc/" $1 "/exe"
            print $1, $2, $3, $4, $5, (sum[program] == "" ? "-" : sum[program]), link[program],
                link["/proc/" $1 "/cwd"], $6
        }' "$work/hashes" "$work/inodes" "$work/links" "$work/rows"
}

# Programs that run from a file which is no longer there; each content once.
deleted_programs() {
    awk -F '\t' '$7 ~ / \(deleted\)$/ && ($6 == "-" || !seen[$6]++) { print $1 " " $7 }' "$out/processes.tsv" >"$work/rows"
    while read -r pid program; do
        [ "$files" -lt "$most_files" ] || return 0
        files=$((files + 1))
        number=$(printf 'files/%04d' "$files")
        facts=$(stat -L -c '%s	%a	%u:%g	%y	%z' "/proc/$pid/exe" 2>/dev/null) || continue
        member "$number" 8192 timeout 20 cat "/proc/$pid/exe"
        printf '%s\t%s\tprogram of process %s: %s\n' "$number" "$facts" "$pid" "$program" >>"$out/index.tsv"
    done <"$work/rows"
}

# Of every network namespace, by one of its processes; then which process has which socket.
sockets() {
    find /proc/[0-9]*/ns/net -printf '%l %p\n' | sort -u -k 1,1 |
        while read -r space path; do
            for table in tcp tcp6 udp udp6 raw raw6 packet unix; do
                printf '== %s of %s, seen by %s\n' "$table" "$space" "${path%/ns/net}"
                cat "${path%/ns/net}/net/$table"
            done
        done
    printf '== owners: descriptor, socket\n'
    timeout 20 find /proc/[0-9]*/fd -lname 'socket:*' -printf '%p %l\n'
}

network() {
    for each in addr route neigh; do
        printf '== ip %s\n' "$each"
        timeout 5 ip "$each"
    done
    printf '== nft list ruleset\n'
    timeout 5 nft list ruleset
    timeout 5 cat "$root/etc/resolv.conf" "$root/etc/hosts"
}

# Whether an account has a password, and when it was set; never the password's hash.
passwords() {
    timeout 5 cat "$root/etc/shadow" | while IFS=: read -r user password changed rest; do
        case "$password" in
        '') kind=none ;;
        '!'* | '*'*) kind=locked ;;
        *) kind=set ;;
        esac
        printf '%s\t%s\t%s\n' "$user" "$kind" "$changed"
    done
}

units() {
    command -v systemctl >/dev/null || echo 'there is no systemctl'
    for each in 'list-unit-files' 'list-units --all' 'list-timers --all'; do
        printf '== systemctl %s\n' "$each"
        # shellcheck disable=SC2086
        timeout 15 systemctl --no-pager --plain --full $each
    done
}

temp_files() {
    for folder in "$root/tmp" "$root/var/tmp" "$root/dev/shm" "$root/run/shm"; do
        [ -d "$folder" ] && [ ! -L "$folder" ] &&
            timeout 20 find "$folder" -xdev -mindepth 1 -mtime -7 \
                -printf '%y\t%m\t%U:%G\t%s\t%TY-%Tm-%TdT%TTZ\t%p\0'
    done | tr '\000\001-\010\012-\037\177' '\n[?*]'
}

temp_hashes() {
    for folder in "$root/tmp" "$root/var/tmp" "$root/dev/shm" "$root/run/shm"; do
        [ -d "$folder" ] && [ ! -L "$folder" ] &&
            timeout 20 find "$folder" -xdev -type f -mtime -7 -size -16384k -exec sha256sum -- {} +
    done
}

persistence() {
    keep_all "$root"/etc/crontab "$root"/etc/anacrontab "$root"/etc/cron.*/* \
        "$root"/etc/cron.*/.[!.]* \
        "$root"/var/spool/cron/* "$root"/var/spool/cron/crontabs/* "$root"/var/spool/at/* \
        "$root"/var/spool/cron/atjobs/* "$root"/etc/rc.local "$root"/etc/rc.d/rc.local \
        "$root"/etc/inittab "$root"/etc/ld.so.preload "$root"/etc/ld.so.conf \
        "$root"/etc/ld.so.conf.d/* "$root"/etc/sudoers "$root"/etc/sudoers.d/* \
        "$root"/etc/profile "$root"/etc/profile.d/* "$root"/etc/bash.bashrc "$root"/etc/bashrc \
        "$root"/etc/environment "$root"/etc/ssh/sshd_config "$root"/etc/ssh/sshd_config.d/* \
        "$root"/etc/pam.d/* "$root"/etc/modules-load.d/* "$root"/etc/modprobe.d/* \
        "$root"/etc/udev/rules.d/* "$root"/etc/xdg/autostart/* "$root"/etc/init.d/* \
        "$root"/etc/systemd/system/* "$root"/etc/systemd/system/*/* "$root"/etc/systemd/user/* \
        "$root"/run/systemd/system/* "$root"/usr/local/lib/systemd/system/*
    [ -f "$root/etc/passwd" ] || return 0
    while IFS=: read -r user password uid gid comment home shell; do
        [ -n "$home" ] && [ "$home" != / ] && [ -d "$root$home" ] || continue
        keep_all "$root$home"/.ssh/authorized_keys "$root$home"/.ssh/authorized_keys2 \
            "$root$home"/.ssh/rc "$root$home"/.ssh/environment "$root$home"/.profile \
            "$root$home"/.bashrc "$root$home"/.bash_profile "$root$home"/.bash_login \
            "$root$home"/.bash_logout "$root$home"/.zshrc "$root$home"/.config/autostart/* \
            "$root$home"/.config/systemd/user/* "$root$home"/.config/systemd/user/*/*
    done <"$root/etc/passwd"
}

logs() {
    member_of log-journal.txt 8192 20 journalctl --no-pager --reverse -o short-iso -n 50000
    for each in auth.log secure syslog messages cron kern.log audit/audit.log dnf.log \
        dpkg.log yum.log cloud-init.log; do
        keep_tail "$root/var/log/$each" 2048
    done
    member_of log-logins.txt 256 10 last -n 1000
    member_of log-failed-logins.txt 256 10 lastb -n 1000
    member_of log-sessions.txt 64 10 who -a
    keep "$root/var/log/wtmp" 1024
    keep "$root/var/log/btmp" 1024
}

# The archive: manifest.txt first, which names every other member with its SHA-256 and size.
pack() {
    cd "$out" || refuse "cannot read $out"
    names=$(find . -type f -printf '%P\n' | sort)
    # Names of members are this script's own, without spaces.
    # shellcheck disable=SC2086
    sha256sum -- $names | cut -d ' ' -f 1 >../sums
    # shellcheck disable=SC2086
    stat -c '%s %n' -- $names | paste -d ' ' ../sums - >../manifest.txt
    members=$(wc -l <../manifest.txt)
    mv ../manifest.txt manifest.txt
    # shellcheck disable=SC2086
    if ! tar -cf - manifest.txt $names | gzip >"$archive.part"; then
        rm -rf "$out" "$archive.part"
        refuse "cannot write $archive: no space?"
    fi
    cd / || exit 1
    printf '%s\n' "$members" >"$work/members"
    sync "$archive.part" 2>/dev/null
    mv -f "$archive.part" "$archive"
    rm -rf "$out" "$work/hashes" "$work/inodes" "$work/links" "$work/rows" "$work/sums"
}

collect() {
    rm -rf "$out"
    mkdir -p "$out/files" || refuse "cannot write to $out"
    : >"$out/notes.txt"
    printf 'member\tsize\tmode\towner\tmodified\tchanged\tpath\n' >"$out/index.tsv"
    member processes.tsv 4096 processes
    member sockets.txt 4096 sockets
    member network.txt 512 network
    member modules.txt 256 cat /proc/modules
    member mounts.txt 512 cat /proc/1/mountinfo
    member host.txt 64 host
    keep "$root/etc/passwd"
    keep "$root/etc/group"
    member passwords.tsv 256 passwords
    persistence
    member units.txt 2048 units
    member temp-files.tsv 2048 temp_files
    member temp-hashes.txt 2048 temp_hashes
    logs
    deleted_programs
    pack
}

renice -n 10 -p $$ >/dev/null 2>&1
ionice -c 3 -p $$ 2>/dev/null

if [ ! -f "$archive" ]; then
    command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 ||
        refuse "the host has neither curl nor wget to upload with"
    for each in tar gzip find awk timeout; do
        command -v "$each" >/dev/null 2>&1 || refuse "the host has no $each"
    done
    free=$(df -Pk "$work" | while read -r device size taken left rest; do printf '%s ' "$left"; done)
    free=${free% }
    [ "${free##* }" -ge $((kib * 2)) ] ||
        refuse "$state has ${free##* } KiB free; collecting may need $((kib * 2))"
    collect
fi
say archive "$(sha256sum <"$archive" | cut -d ' ' -f 1)" "$(wc -c <"$archive")" "$(cat "$work/members")"
headers="$headers
$(digest_header)"
if send; then
    say uploaded "$code"
    rm -f "$work/answer" "$work/problem"
    # Kept until the report is written: a run that is interrupted before sends the same again.
    trap 'rm -f "$archive"' EXIT
    finish 0
fi
say failed "$(encode "$(reason)")" "$(encode "$archive")"
rm -f "$work/answer" "$work/problem"
finish 5
