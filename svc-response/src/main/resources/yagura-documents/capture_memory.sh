# Reads the memory of the host from /proc/kcore, part by part, and uploads each: its content never gets to a disk
# of the host. A part is a segment of LiME's format, compressed; all of them one after the other are the image.
first='{{ First }}'
part_kib='{{ PartKib }}'
most_mib='{{ MostMib }}'
rate_kib='{{ RateKib }}'
boot_wanted='{{ Boot }}'
map_wanted='{{ Map }}'
root=${YAGURA_ROOT_DIR:-}
kcore="$root/proc/kcore"
work="$state/runs/$run"
memory="$root/run/yagura-memory"
buffer="$memory/${run%.*}"
began=$(date +%s)
capture_seconds=540
upload_seconds=840
problem=

is_late() {
    [ $(($(date +%s) - began)) -ge "$1" ]
}

# Numbers of so many bytes each, from a place of kcore: hex, with spaces.
numbers() {
    od -A n -v -t "x$1" -j "$2" -N "$3" "$kcore" 2>"$work/problem" | tr -s ' \n' '  '
}

number() {
    hex=$(numbers "$1" "$2" "$1" | tr -d ' ')
    printf '%s' $((0x${hex:-0}))
}

# The same the other way round: so many bytes, the least first.
little() {
    rest=$1
    left=$2
    while [ "$left" -gt 0 ]; do
        # shellcheck disable=SC2059
        printf "\\$(printf '%03o' $((rest & 255)))"
        rest=$((rest >> 8))
        left=$((left - 1))
    done
}

# What kcore has of physical memory: first byte, length, place in kcore. Its other segments are the kernel's
# own view of itself; they have no physical address, in old kernels none has.
segments() {
    # shellcheck disable=SC2046
    set -- $(numbers 8 "$(number 8 32)" $(($(number 2 56) * 56)))
    while [ $# -ge 7 ]; do
        case "$1 $4" in
        *' ffffffffffffffff' | *' 0000000000000000') ;;
        ????????00000001' '*) printf '%s %s %s\n' $((0x$4)) $((0x$5)) $((0x$2)) ;;
        esac
        shift 7
    done
}

# First byte, and the one after the last, of whole pages of RAM.
ranges() {
    while IFS= read -r line; do
        case "$line" in
        [0-9a-f]*' : System RAM'*)
            span=${line%% *}
            from=$(((0x${span%-*} + page - 1) / page * page))
            to=$(((0x${span#*-} + 1) / page * page))
            [ "$to" -le "$from" ] || printf '%s %s\n' "$from" "$to"
            ;;
        esac
    done <"$root/proc/iomem"
}

# The parts: number, first byte, length, place in kcore. "gap" instead of a number is what kcore does not have.
plan_parts() {
    count=0
    ranges | while read -r from to; do
        while [ "$from" -lt "$to" ]; do
            end=$from
            next=$to
            while read -r start size offset; do
                if [ "$start" -gt "$from" ]; then
                    [ "$start" -ge "$next" ] || next=$start
                elif [ $((start + size)) -gt "$end" ]; then
                    end=$((start + size))
                    place=$((offset + from - start))
                fi
            done <"$work/segments"
            [ "$end" -le "$to" ] || end=$to
            if [ "$end" -eq "$from" ]; then
                printf 'gap %s %s 0\n' "$from" $((next - from))
                from=$next
            fi
            while [ "$from" -lt "$end" ]; do
                length=$((end - from))
                [ "$length" -le $((part_kib * 1024)) ] || length=$((part_kib * 1024))
                count=$((count + 1))
                printf '%s %s %s %s\n' "$count" "$from" "$length" "$place"
                from=$((from + length))
                place=$((place + length))
            done
        done
    done
}

# A part into the buffer: header of LiME (magic, version, first and last byte, reserved), then the memory.
capture() {
    {
        printf 'EMiL'
        little 1 4
        little "$2" 8
        little $(($2 + $3 - 1)) 8
        little 0 8
        dd if="$kcore" bs=1048576 iflag=fullblock,skip_bytes,count_bytes skip="$4" count="$3" 2>"$work/dd"
    } | $compress >"$buffer/new" 2>"$work/problem" || return 1
    copied=$(tail -n 1 "$work/dd")
    [ "${copied%% *}" = "$3" ] || return 1
    mv -f "$buffer/new" "$buffer/part-$1"
}

# No faster than asked for, on average; what is due after this run is not waited for.
pace() {
    due=$((captured_kib / rate_kib))
    [ "$due" -le "$capture_seconds" ] || due=$capture_seconds
    due=$((due + began - $(date +%s)))
    [ "$due" -le 0 ] || sleep "$due"
}

# $archive goes to $url.
put() {
    headers="$common
$(digest_header)"
    send
}

renice -n 10 -p $$ >/dev/null 2>&1
ionice -c 3 -p $$ 2>/dev/null

for each in od dd gzip sha256sum md5sum getconf; do
    command -v "$each" >/dev/null 2>&1 || refuse "the host has no $each"
done
command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 ||
    refuse "the host has neither curl nor wget to upload with"
compress='gzip -1 -c'
suffix=gz
if command -v zstd >/dev/null 2>&1; then
    compress='zstd -q -1 -T1 -c'
    suffix=zst
fi
case $(cat "$root/sys/kernel/security/lockdown" 2>/dev/null) in
*'[confidentiality]'*)
    refuse "its kernel is in lockdown (confidentiality): nobody can read memory from inside"
    ;;
esac
[ -e "$kcore" ] || refuse "its kernel has no /proc/kcore (CONFIG_PROC_KCORE)"
case $(numbers 1 0 6) in
' 7f 45 4c 46 02 01 ') ;;
'') refuse "cannot read /proc/kcore: $(head -n 1 "$work/problem" | cut -c 1-200); run as root, with CAP_SYS_RAWIO" ;;
*) refuse "/proc/kcore is not of a 64-bit kernel with little-endian numbers" ;;
esac
page=$(getconf PAGESIZE)
[ -n "$(ranges)" ] || refuse "/proc/iomem has no addresses of RAM: run as root, with CAP_SYS_ADMIN"
segments >"$work/segments"
[ -s "$work/segments" ] ||
    refuse "/proc/kcore has no physical addresses: kernels from before 2017 do not write them"
plan_parts >"$work/map"
parts=0 bytes=0 gaps=0 missing=0
while read -r number start length place; do
    if [ "$number" = gap ]; then
        gaps=$((gaps + 1))
        missing=$((missing + length))
    else
        parts=$number
        bytes=$((bytes + length))
    fi
done <"$work/map"
[ "$parts" -gt 0 ] || refuse "/proc/kcore has none of the ranges of RAM in /proc/iomem"
[ "$bytes" -le $((most_mib * 1048576)) ] ||
    refuse "it has $((bytes / 1048576)) MiB of memory; yagura.response.memory.most-gib allows $((most_mib / 1024)) GiB"
map=$(sha256sum <"$work/map" | cut -c 1-64)
boot=$(cat /proc/sys/kernel/random/boot_id)
case "$boot_wanted" in
- | "$boot") ;;
*) refuse "it was booted since the first part was captured: what was in memory is gone" ;;
esac
case "$map_wanted" in
- | "$map") ;;
*) refuse "its memory has other ranges than when the first part was captured" ;;
esac

mkdir -p "$memory" && chmod 700 "$memory" && mkdir -p "$buffer" || refuse "cannot write to /run"
find "$memory" -mindepth 1 -maxdepth 1 ! -path "$buffer" -mmin +120 -exec rm -rf {} + 2>/dev/null
case $(stat -f -c %T "$buffer") in
tmpfs | ramfs) ;;
*) refuse "/run is on a disk: memory would be written there" ;;
esac
free=$(df -Pk "$buffer" | while read -r device size taken left rest; do printf '%s ' "$left"; done)
free=${free% }
available=0
while read -r key value rest; do
    [ "$key" != MemAvailable: ] || available=$value
done <"$root/proc/meminfo"
[ "${free##* }" -ge $((part_kib + part_kib / 16 + 1024)) ] && [ "$available" -ge $((part_kib * 2)) ] ||
    refuse "a part needs $part_kib KiB in /run, which has ${free##* }, of $available KiB of memory that are available; lower yagura.response.memory.part-mib"

# A run that was interrupted goes on after the parts that have arrived; not in another life of the host.
touch "$work/list"
[ -f "$work/boot" ] || printf '%s\n' "$boot" >"$work/boot"
[ "$(cat "$work/boot")" = "$boot" ] || problem='it was booted since its first part was captured'
last=$(tail -n 1 "$work/list")
last=${last%% *}
last=${last:-$((first - 1))}
captured_kib=0

# Headers, an empty line, where the list goes, where each part goes. Secrets: in no file, and no argument.
given=$(decode '{{ Upload }}' | gzip -dc)
common=${given%%

*}
set -f
# shellcheck disable=SC2086
set -- ${given#*

}
set +f
list_url=$1
shift

while [ -z "$problem" ] && [ ! -f "$work/listed" ] && read -r number start length place <&3; do
    [ "$number" != gap ] && [ "$number" -ge "$first" ] || continue
    [ $# -gt 0 ] || break
    url=$1
    shift
    [ "$number" -gt "$last" ] || continue
    is_late "$capture_seconds" && break
    archive="$buffer/part-$number"
    find "$buffer" -type f ! -path "$archive" -exec rm -f {} +
    # One that is there was captured by a run that could not upload it, or does not know whether it did.
    if [ ! -f "$archive" ] && ! capture "$number" "$start" "$length" "$place"; then
        problem="part $number could not be read: $(cat "$work/dd" "$work/problem" | tail -n 1 | cut -c 1-200)"
        break
    fi
    entry="$number $start $length $(wc -c <"$archive" | tr -d ' ') $(sha256sum <"$archive" | cut -c 1-64)"
    if ! put; then
        problem="part $number could not be uploaded: $(reason)"
        break
    fi
    printf '%s\n' "$entry" >>"$work/list"
    rm -f "$archive"
    last=$number
    captured_kib=$((captured_kib + length / 1024))
    pace
done 3<"$work/map"

say kernel "$(encode "$(uname -srvm)")"
say boot "$boot"
say map "$map" "$parts" "$bytes" "$suffix"
say gaps "$gaps" "$missing"
if [ "$last" -ge "$first" ]; then
    # The list is what it is, from now on: a run that goes on uploads this one.
    : >"$work/listed"
    archive="$work/list"
    url=$list_url
    if put; then
        say parts "$first" "$last"
        say list "$(sha256sum <"$archive" | cut -c 1-64)" "$(wc -c <"$archive" | tr -d ' ')"
    else
        problem="the list of parts could not be uploaded: $(reason)"
        last=0
    fi
fi
rm -f "$work/answer" "$work/problem" "$work/dd" "$work/segments"
# A part that did not arrive stays in memory only for a run that goes on with it.
if [ "$last" -lt "$first" ] || [ "$last" -eq "$parts" ]; then
    rm -rf "$buffer"
fi
[ -z "$problem" ] || say stopped "$(encode "$problem")"
[ "$last" -ge "$first" ] || finish 5
finish 0
