# The host that is recorded: what all roles share. Started by record.sh inside the host's namespaces, as root and without a login
# uid, so that this driver itself is not recorded; what it runs enters by ssh, by cron or as a login session of its own.
# Usage: host.sh ROLE PID, where PID is in the network namespace of the outside.
set -uo pipefail
role=$1; internet=$2
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
manifest=/stage/manifest.yaml
cd /

outside() { nsenter --net="/proc/$internet/ns/net" "$@"; }

# ---------------------------------------------------------------- before the recording

people() {
  useradd --create-home --shell /bin/bash admin
  useradd --create-home --shell /bin/bash deploy
  ssh-keygen -q -t ed25519 -N '' -C admin@office -f /stage/key
  ssh-keygen -A >/dev/null
  local user
  for user in admin deploy; do
    install -d -o $user -g $user -m 700 /home/$user/.ssh
    install -o $user -g $user -m 600 /stage/key.pub /home/$user/.ssh/authorized_keys
    echo "$user ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/$user
    chmod 440 /etc/sudoers.d/$user
  done
  mkdir -p /root/.ssh /var/log/journal
}

mirror() {
  echo 'deb [trusted=yes] http://mirror.example.net/debian ./
deb-src [trusted=yes] http://mirror.example.net/debian ./' > /etc/apt/sources.list
  echo 'APT::Install-Recommends "false"; APT::Sandbox::User "_apt"; APT::Periodic::RandomSleep "0";' > /etc/apt/apt.conf.d/50local
  printf '[global]\nindex-url = http://mirror.example.net/simple/\ntrusted-host = mirror.example.net\n' > /etc/pip.conf
}

# Every process with a login uid: programs, connections, and files where persistence, credentials and payloads lie.
audit_rules() {
  local rule="-F auid!=-1" directory path
  {
    echo "-a always,exit -F arch=b64 -S execve,execveat $rule -k exec"
    echo "-a always,exit -F arch=b64 -S connect $rule -k net_connect"
    echo "-a always,exit -F arch=b64 -S accept,accept4 $rule -k net_accept"
    echo "-a always,exit -F arch=b64 -S chmod,fchmod,fchmodat $rule -k mode"
    echo "-a always,exit -F arch=b64 -S init_module,finit_module,delete_module $rule -k kernel"
    echo "-a always,exit -F arch=b64 -S memfd_create $rule -k memory"
    echo "-a always,exit -F arch=b64 -S ptrace -F a0=0x10 $rule -k trace"
    for directory in /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /var/spool/cron \
      /etc/systemd /usr/lib/systemd/system /etc/sudoers.d /etc/ssh /etc/pam.d /etc/profile.d /etc/init.d /etc/apt \
      /root/.ssh /home/admin/.ssh /home/deploy/.ssh /usr/local/bin /var/www; do
      mkdir -p $directory
      echo "-a always,exit -F arch=b64 -F dir=$directory -F perm=wa $rule -k file_persistence"
    done
    for path in /etc/passwd /etc/shadow /etc/group /etc/sudoers /etc/crontab /etc/ld.so.preload /etc/hosts; do
      echo "-a always,exit -F arch=b64 -F path=$path -F perm=wa $rule -k file_persistence"
    done
    for directory in /tmp /var/tmp /dev/shm; do
      echo "-a always,exit -F arch=b64 -F dir=$directory -F perm=wa $rule -k file_temporary"
    done
    for path in /etc/shadow /etc/gshadow; do
      echo "-a always,exit -F arch=b64 -F path=$path -F perm=r $rule -k credential_read"
    done
  } > /stage/audit.rules
  auditctl -R /stage/audit.rules > /dev/null || { echo "the audit rules did not load"; exit 1; }
}

# ---------------------------------------------------------------- ways in

ssh_options=(-b 198.51.100.20 -i /stage/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR)

# An interactive login that types a line each $2 seconds (standard input). The first waits for the prompt, and "exit" is said until
# it is heard: a shell that starts throws away what was typed before.
types() {
  local user=$1 pause=${2:-0.2} line n
  { sleep 1
    while IFS= read -r line; do sleep "$pause"; printf '%s\n' "$line"; done
    for n in 1 2 3 4 5 6 7 8 9 10; do sleep 0.5; echo exit; done; } 2>/dev/null |
    timeout 60 nsenter --net="/proc/$internet/ns/net" ssh -tt "${ssh_options[@]}" "$user@10.0.1.10" >> /stage/sessions.log 2>&1 || true
}

# A script that somebody or something runs by ssh (standard input).
remote() { timeout 900 nsenter --net="/proc/$internet/ns/net" ssh "${ssh_options[@]}" "$1@10.0.1.10" "${2:-bash -s}" >> /stage/sessions.log 2>&1 < <(if [ $# = 1 ]; then cat; fi) || true; }

# Lines of a crontab (standard input), run by cron at the next full minute, and then taken away.
cron_runs() {
  { printf 'SHELL=/bin/sh\nPATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin\n'; sed 's/^/* * * * * /'; } > /stage/tick
  install -m 644 /stage/tick /etc/cron.d/zz-tick
  cron; wait_for_minute
  rm -f /etc/cron.d/zz-tick
  sleep "${1:-8}"
  kill "$(cat /run/crond.pid)"; rm -f /run/crond.pid
}

wait_for_minute() {
  local minute; minute=$(date +%M)
  while [ "$(date +%M)" = "$minute" ]; do sleep 0.5; done
  sleep 2
}

# ---------------------------------------------------------------- the manifest

begin() {
  cat > $manifest <<YAML
role: $role
host: $(hostname)
recorded: $(date -u +%Y-%m-%dT%H:%M:%SZ)
system: Debian $(cat /etc/debian_version), kernel $(uname -r | cut -d- -f1), $(auditctl -v)
about: $about
runs:
YAML
}

# job NAME TIMES-A-DAY FUNCTION [ARGUMENT…]: one run of a job, with how often it is run a day on such a host.
job() {
  local name=$1 daily=$2 start; shift 2
  start=$(date +%s.%N)
  "$@"
  sleep 0.5
  echo "  - {job: $name, daily: $daily, start: \"$start\", end: \"$(date +%s.%N)\"}" >> $manifest
}

# job_each NAME TIMES-A-DAY COUNT FUNCTION: several runs, each with its number as the argument.
job_each() {
  local name=$1 daily=$2 count=$3 n; shift 3
  for ((n = 1; n <= count; n++)); do job "$name" "$daily" "$@" "$n"; done
}

# ---------------------------------------------------------------- work that every host has

package_lists() { remote admin <<< 'sudo apt-get -qq update; apt list --upgradable 2>/dev/null | wc -l'; }

upgrade() { remote admin <<< 'sudo DEBIAN_FRONTEND=noninteractive apt-get -qy -o Dpkg::Options::=--force-confold dist-upgrade'; }

provision() { remote admin <<< "sudo DEBIAN_FRONTEND=noninteractive apt-get -qy install $packages"; }

# What Debian's own crontab does once a day, hourly jobs too.
daily_cron() {
  cron_runs 20 <<'CRON'
root cd / && run-parts --report /etc/cron.hourly
root test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }
root test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.weekly; }
CRON
}

# What the timers of systemd start: there is no systemd here, so cron starts the same commands.
daily_timers() {
  cron_runs 10 <<'CRON'
root systemd-tmpfiles --clean
root /usr/lib/apt/apt.systemd.daily update
root /usr/lib/apt/apt.systemd.daily install
root /usr/bin/mandb --quiet
root /usr/sbin/logrotate --force /etc/logrotate.conf
root /usr/lib/dpkg/dpkg-db-backup || /usr/libexec/dpkg/dpkg-db-backup
CRON
}

look_around() {
  types admin 0.15 <<'TYPED'
uptime; who; w
df -h /; free -m
ps aux --sort=-%cpu | head -5
ss -ltnp; ip addr show eth0; ip route
sudo tail -n 20 /var/log/auth.log; sudo grep -c Accepted /var/log/auth.log
id; hostname; uname -a; cat /etc/os-release
dpkg -l | grep -c ^ii; dpkg -S /usr/bin/curl; apt-cache policy curl openssl
last -n 5; lsof -i :22 | head -3
sudo find /var/log -name '*.log' -size +1M -exec ls -l {} \;
ls -la /tmp /var/tmp; cat /etc/crontab; sudo crontab -l
sudo cat /etc/sudoers | grep -v '^#'
history | tail -3
TYPED
}

look_short() {
  types deploy 0.1 <<'TYPED'
uptime
sudo tail -n 5 /var/log/syslog
df -h / | tail -1
curl -s http://mirror.example.net/npm/package.json -o /tmp/package.json && head -2 /tmp/package.json; rm /tmp/package.json
TYPED
}

# One of many small checks that something makes by ssh.
remote_check() {
  remote deploy <<'CHECK'
set -e
load=$(cut -d' ' -f1 /proc/loadavg)
disk=$(df --output=pcent / | tail -1 | tr -dc 0-9)
procs=$(ps -e --no-headers | wc -l)
users=$(who | wc -l)
[ "$disk" -lt 95 ] || echo "disk full"
printf '%s load=%s disk=%s procs=%s users=%s\n' "$(hostname)" "$load" "$disk" "$procs" "$users"
CHECK
}

common_start() {
  job package_lists 2 package_lists
  job provision 0.03 provision
}

common_end() {
  job upgrade 0.15 upgrade
  job_each look_around 2 2 look_around
  job_each look_short 4 3 look_short
  job_each remote_check 24 5 remote_check
  job daily_cron 1 daily_cron
  job daily_timers 1 daily_timers
}

people
mirror
rsyslogd
/usr/sbin/sshd -o UsePAM=yes -o MaxStartups=100
# shellcheck source=/dev/null
. "/stage/$role.sh"
begin
audit_rules
common_start
work
common_end
