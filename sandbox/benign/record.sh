#!/bin/bash
# Records one host doing ordinary work.  Usage: record.sh ROLE FOLDER
#
# ROLE is a file in roles/, FOLDER what prepare.sh made. Writes recordings/ROLE.log.zst and recordings/ROLE.yaml.
# Run as root on a machine without an audit daemon. The host is a Debian root file system of its own in mount, host-name, IPC and
# network namespaces of its own, on a network with a mirror and a metadata service and nothing else. Nothing is installed on the
# machine, and the audit rules, backlog and enabled flag are as before when it ends.
set -euo pipefail

die() { echo "record.sh: $*" >&2; exit 1; }
wait_until() { local i; for ((i = 0; i < $2 * 10; i++)); do eval "$1" && return; sleep 0.1; done; return 1; }
audit() { chroot "$root" auditctl "$@"; }

# ---------------------------------------------------------------- outer: the audit daemon and the clean-up

check() {
  [ "$(id -u)" = 0 ] || die "run as root"
  local tool
  for tool in unshare nsenter ip zstd python3; do command -v $tool >/dev/null || die "'$tool' is missing"; done
  [ -r /proc/self/loginuid ] || die "the kernel has no login uids (CONFIG_AUDITSYSCALL)"
  [ -f "$folder/mirror/debian/Packages.gz" ] || die "$folder has no mirror: run prepare.sh $folder first"
  [ -f "$here/roles/$role.sh" ] || die "no role '$role' in roles/"
}

check_audit() {
  audit -s >/dev/null || die "the kernel gives no access to audit (a container? use the initial pid and user namespace)"
  local holder; holder=$(audit -s | awk '$1 == "pid" {print $2}')
  [ "$holder" = 0 ] || die "process $holder already receives the audit events; stop it first"
  [ "$(audit -l)" = "No rules" ] || die "audit rules are loaded; remove them first: auditctl -D"
}

start_auditd() {
  mkdir -p "$root/audit/plugins"
  cat > "$root/audit/auditd.conf" <<CONF
local_events = yes
write_logs = yes
log_file = /audit/audit.log
log_format = RAW
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file = 2048
max_log_file_action = IGNORE
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
name_format = NONE
plugin_dir = /audit/plugins
CONF
  chmod 640 "$root/audit/auditd.conf"
  chroot "$root" auditd -n -c /audit >/dev/null 2>&1 & auditd=$!
  wait_until "audit -s | grep -q '^pid $auditd\$'" 10 || die "auditd did not start"
  audit -b 65536 >/dev/null
}

outer() {
  [ $# = 2 ] || die "usage: record.sh ROLE FOLDER"
  role=$1; folder=$(realpath "$2"); here=$(cd "$(dirname "$0")" && pwd); root=$folder/host.$$; auditd=
  check
  trap clean EXIT
  trap 'exit 1' INT TERM
  cp -a "$folder/base" "$root"
  mkdir -p "$root/stage"
  cp "$here/host.sh" "$here/roles/$role.sh" "$here"/files/* "$root/stage/"
  cp "$folder/mirror/npm/package-lock.json" "$folder/mirror/npm/package.json" "$root/stage/"
  check_audit
  enabled=$(audit -s | awk '$1 == "enabled" {print $2}')
  backlog=$(audit -s | awk '$1 == "backlog_limit" {print $2}')
  # Session ids only grow: what has a greater one than this belongs to the recording.
  first_session=$(sh -c 'echo 0 > /proc/self/loginuid; cat /proc/self/sessionid')
  start_auditd
  unshare --mount --uts --ipc --net --propagation private "$0" --inside "$role" "$folder" "$root" &
  wait $! || die "the work failed: see $root/stage/host.log" # the trap removes it; KEEP=1 leaves it
  sleep 2
  audit -D >/dev/null 2>&1
  local lost; lost=$(audit -s | awk '$1 == "lost" {print $2}')
  kill "$auditd"; wait "$auditd" || true; auditd=
  publish "$lost"
}

# Keeps the events of the recording, whole and unchanged: those of a login session that began with it, the messages of its own
# daemons before a session exists, and the loading of its audit rules.
keep_own() {
  awk -v first="$1" '
    { match($0, /msg=audit\([^)]*\)/); id = substr($0, RSTART, RLENGTH); line[NR] = $0; event[NR] = id }
    match($0, / ses=[0-9]+/) {
      session = substr($0, RSTART + 5, RLENGTH - 5) + 0
      if (session > first && session < 4294967295) keep[id] = 1
    }
    /^type=CONFIG_CHANGE .*op=add_rule .*key="?(exec|net|file|mode|credential|kernel|memory|trace)/ { keep[id] = 1 }
    /^type=(USER|CRED|CRYPTO|LOGIN)/ && /exe="\/usr\/s?bin\/(sshd|cron|sudo)"/ { keep[id] = 1 }
    END { for (n = 1; n <= NR; n++) if (keep[event[n]]) print line[n] }'
}

publish() {
  local out=$here/recordings; mkdir -p "$out"
  keep_own "$first_session" < "$root/audit/audit.log" > "$root/audit/own.log"
  zstd -q -f -19 --long=27 "$root/audit/own.log" -o "$out/$role.log.zst"
  {
    cat "$root/stage/manifest.yaml"
    echo "records: $(wc -l < "$root/audit/own.log")"
    echo "bytes: $(stat -c %s "$root/audit/own.log")"
    echo "events: $(grep -o 'msg=audit([^)]*)' "$root/audit/own.log" | sort -u | wc -l)"
    echo "lost: $1"
  } > "$out/$role.yaml"
  tail -n 4 "$out/$role.yaml"; stat -c '%n %s' "$out/$role.log.zst"
}

# Ends what still runs in the namespaces of the recording, then puts audit back as it was.
clean() {
  set +e
  local net pid
  for net in $(cat "$root/stage/namespaces" 2>/dev/null); do
    for pid in /proc/[0-9]*; do
      [ "$(readlink "$pid/ns/net" 2>/dev/null)" = "$net" ] && kill -9 "${pid#/proc/}" 2>/dev/null
    done
  done
  if [ -n "${backlog:-}" ]; then
    audit -D >/dev/null 2>&1
    [ -z "$auditd" ] || { kill "$auditd"; wait "$auditd"; } 2>/dev/null
    audit -b "$backlog" >/dev/null 2>&1
    audit -e "$enabled" >/dev/null 2>&1
  fi
  [ -n "${KEEP:-}" ] || rm -rf "$root"
}

# ---------------------------------------------------------------- inside: the namespaces of the host

inside() {
  role=$1; folder=$2; root=$3
  readlink /proc/self/ns/net >> "$root/stage/namespaces"
  hostname "$role-1"
  devices
  network
  : > "$root/etc/resolv.conf"
  printf '127.0.0.1 localhost\n10.0.1.10 %s-1\n198.51.100.10 mirror.example.net git.example.net\n203.0.113.80 api.example.com\n' \
    "$role" > "$root/etc/hosts"
  echo "$role-1" > "$root/etc/hostname"
  exec chroot "$root" /bin/bash /stage/host.sh "$role" "$internet" > "$root/stage/host.log" 2>&1 < /dev/null
}

devices() {
  mount --bind "$root" "$root"
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  local node
  for node in null zero full random urandom tty; do
    touch "$root/dev/$node"; mount --bind /dev/$node "$root/dev/$node"
  done
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"; ln -s /proc/self/fd "$root/dev/fd"
  ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mkdir -p "$root/run/sshd" "$root/run/lock"
  mount --rbind /proc "$root/proc"
  # Settings of the kernel are the machine's.
  mount --bind "$root/proc/sys" "$root/proc/sys"; mount -o remount,bind,ro "$root/proc/sys"
  mount -t sysfs -o ro sysfs "$root/sys"
  [ "$role" != containers ] || mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
}

# eth0 leads to a second namespace that plays the rest of the world.
network() {
  unshare --net sleep 7200 & internet=$!
  wait_until '[ "$(readlink /proc/$internet/ns/net)" != "$(readlink /proc/self/ns/net)" ]' 5
  readlink "/proc/$internet/ns/net" >> "$root/stage/namespaces"
  ip link add eth0 type veth peer name host netns $internet
  ip address add 10.0.1.10/24 dev eth0
  ip link set lo up; ip link set eth0 up
  ip route add default via 10.0.1.1
  local outside=(nsenter --net="/proc/$internet/ns/net")
  "${outside[@]}" ip link set lo up; "${outside[@]}" ip link set host up
  local address
  for address in 10.0.1.1/24 198.51.100.10/32 198.51.100.20/32 203.0.113.80/32 169.254.169.254/32; do
    "${outside[@]}" ip address add $address dev host
  done
  "${outside[@]}" python3 "$root/stage/internet.py" "$folder/mirror" "$root/stage/internet.log" > /dev/null 2>&1 &
  wait_until "grep -qs ready $root/stage/internet.log" 10 || die "the outside servers did not start"
}

if [ "${1:-}" = --inside ]; then shift; inside "$@"; else outer "$@"; fi
