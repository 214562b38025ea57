packages="monitoring-plugins-basic munin-node sysstat lynis rkhunter chkrootkit debsums prometheus-node-exporter-collectors aide"
about="a monitored host under security checks; Nagios plugins, Munin, sysstat, Lynis, rkhunter, chkrootkit, debsums, aide"

checks() {
  remote deploy <<'SCRIPT'
plugins=/usr/lib/nagios/plugins
$plugins/check_load -w 20 -c 40; $plugins/check_disk -w 5% -c 2% -p /; $plugins/check_procs -w 900 -c 999
$plugins/check_users -w 9 -c 20; $plugins/check_swap -w 0 -c 0 2>/dev/null; $plugins/check_ssh 127.0.0.1
$plugins/check_tcp -H 127.0.0.1 -p 22; $plugins/check_http -H mirror.example.net -u /npm/package.json
$plugins/check_ping -H 10.0.1.1 -w 100,20% -c 500,60% -p 1; $plugins/check_log -F /etc/services -O /tmp/check_log.old -q nothing
$plugins/check_file_age -f /etc/passwd -w 99999999 -c 999999999; sudo $plugins/check_procs -C sshd -c 1:
rm -f /tmp/check_log.old
SCRIPT
}

munin() {
  remote admin <<'SCRIPT'
for plugin in /usr/share/munin/plugins/{cpu,df,df_inode,load,memory,processes,uptime,users,open_files,netstat,vmstat,swap,threads}; do
  sudo munin-run "$(basename $plugin)" 2>/dev/null || sudo sh $plugin 2>/dev/null
done
SCRIPT
}

collectors() {
  cron_runs 6 <<'CRON'
root /usr/lib/sysstat/sa1 1 1
root for c in apt.sh deleted_libraries.py; do f=/usr/share/prometheus-node-exporter-collectors/$c; [ -x $f ] && $f > /tmp/$c.$$ 2>/dev/null; rm -f /tmp/$c.$$; done
deploy /usr/lib/nagios/plugins/check_load -w 20 -c 40 | logger -t nrpe
deploy curl -fsS -o /dev/null -m 5 http://api.example.com/heartbeat
root df -P | awk '$5 + 0 > 95 {print}' | logger -t disk
CRON
}

lynis_audit() { remote admin <<< 'sudo lynis audit system --quick --quiet --no-colors > /dev/null 2>&1; sudo grep -c warning /var/log/lynis.log'; }
rkhunter_check() { remote admin <<< 'sudo rkhunter --propupd --quiet < /dev/null; sudo timeout 200 rkhunter --check --skip-keypress --quiet --nocolors < /dev/null; sudo tail -3 /var/log/rkhunter.log'; }
chkrootkit_check() { remote admin <<< 'sudo timeout 120 chkrootkit -q 2>&1 < /dev/null | tail -3'; }

integrity() {
  remote admin <<'SCRIPT'
sudo debsums -s coreutils curl openssh-server sudo bash 2>&1 | head -3
printf '/etc p+u+g+sha256\n' > /tmp/aide.conf
sudo aide --config=/tmp/aide.conf --before 'database_out=file:/tmp/aide.db' --init | tail -2
sudo rm -f /tmp/aide.conf /tmp/aide.db
SCRIPT
}

compliance() {
  remote admin <<'SCRIPT'
sudo find / -xdev -type f -perm -0002 2>/dev/null | head; sudo find / -xdev -nouser 2>/dev/null | head
sudo awk -F: '($2 == "") {print $1}' /etc/shadow; sudo awk -F: '($3 == 0) {print $1}' /etc/passwd
sudo stat -c '%a %n' /etc/passwd /etc/shadow /etc/gshadow /etc/ssh/sshd_config
sudo sshd -T | grep -iE 'permitrootlogin|passwordauthentication|x11forwarding'
sudo grep -E '^(PASS_MAX_DAYS|UMASK)' /etc/login.defs; sudo sysctl -a 2>/dev/null | grep -c ipv4
lsmod | wc -l; sudo auditctl -s; sudo auditctl -l | wc -l; mount | grep -c noexec
dpkg-query -W -f '${Package} ${Version}\n' | sort | sha256sum; sudo ls -la /root /etc/cron.d /var/spool/cron/crontabs
SCRIPT
}

work() {
  job_each checks 288 6 checks
  job_each munin 288 3 munin
  job_each collectors 288 2 collectors
  job lynis_audit 0.14 lynis_audit
  job rkhunter_check 1 rkhunter_check
  job chkrootkit_check 1 chkrootkit_check
  job integrity 1 integrity
  job_each compliance 1 3 compliance
}
