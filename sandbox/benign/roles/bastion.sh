packages="nftables iptables acl htop tmux strace tcpdump bind9-dnsutils sysstat expect quota apt-file debian-goodies borgbackup git"
about="a host that administrators work on; users, keys, sudo rights, firewall, services, backups, packages, logs"

users() {
  remote admin <<'SCRIPT'
for name in akira yuki; do
  sudo useradd -m -s /bin/bash -c "$name" $name && echo "$name:Example-1-$name" | sudo chpasswd
  sudo install -d -o $name -g $name -m 700 /home/$name/.ssh
  echo "ssh-ed25519 AAAA $name@office" | sudo tee /home/$name/.ssh/authorized_keys > /dev/null
  sudo chown $name: /home/$name/.ssh/authorized_keys && sudo chmod 600 /home/$name/.ssh/authorized_keys
  sudo usermod -aG adm $name; sudo chage -M 90 $name; sudo chage -l $name; id $name; groups $name
done
echo 'akira ALL=(root) /usr/bin/systemctl, /usr/sbin/nft' | sudo EDITOR='tee -a' visudo -f /etc/sudoers.d/akira > /dev/null
sudo passwd -S yuki; sudo passwd -l yuki; sudo gpasswd -d yuki adm
sudo groupadd -f ops; sudo usermod -aG ops akira; getent group ops
sudo userdel -r yuki; sudo userdel -r akira; sudo rm -f /etc/sudoers.d/akira; sudo groupdel ops
SCRIPT
}

firewall() {
  remote admin <<'SCRIPT'
cat > /tmp/rules.nft <<'NFT'
flush ruleset
table inet filter {
  chain input { type filter hook input priority 0; policy accept; tcp dport 22 accept; ct state established accept; }
}
NFT
sudo nft -c -f /tmp/rules.nft && sudo nft -f /tmp/rules.nft && sudo nft list ruleset
sudo cp /tmp/rules.nft /etc/nftables.conf && rm /tmp/rules.nft
sudo iptables -L -n; sudo iptables -I INPUT -s 198.51.100.0/24 -j ACCEPT; sudo iptables-save | head -5; sudo iptables -D INPUT 1
sudo nft flush ruleset
SCRIPT
}

services() {
  remote admin <<'SCRIPT'
service --status-all 2>/dev/null | head -20
sudo service rsyslog status; sudo service ssh status; sudo service cron status
sudo tee /etc/systemd/system/report.service > /dev/null <<'UNIT'
[Unit]
Description=Report
[Service]
ExecStart=/usr/local/bin/report
UNIT
printf '#!/bin/sh\nuptime | logger -t report\n' | sudo tee /usr/local/bin/report > /dev/null; sudo chmod 755 /usr/local/bin/report
sudo /usr/local/bin/report; sudo rm /etc/systemd/system/report.service
echo '15 4 * * * root /usr/local/bin/report' | sudo tee /etc/cron.d/report > /dev/null
(crontab -l 2>/dev/null; echo '*/10 * * * * uptime > /dev/null') | crontab - ; crontab -l; crontab -r
sudo sysctl net.ipv4.ip_forward
SCRIPT
}

backup() {
  remote admin <<'SCRIPT'
set -e
stamp=$(date +%Y%m%d%H%M%S)
sudo mkdir -p /var/backups/host
sudo tar -czf /var/backups/host/etc-$stamp.tar.gz --exclude=/etc/ssl/private /etc 2>/dev/null
sudo tar -tzf /var/backups/host/etc-$stamp.tar.gz | wc -l
sudo rsync -a --delete --exclude .cache /home/ /var/backups/host/home/
sudo find /var/backups/host -name 'etc-*' -mtime +30 -exec rm {} \;
export BORG_PASSPHRASE=example BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
[ -d ~/borg ] || borg init -e none ~/borg
borg create ~/borg::home-$stamp ~/.bashrc ~/.profile /etc/hostname; borg list ~/borg; borg prune --keep-last 2 ~/borg
sudo dpkg --get-selections | gzip > ~/selections-$stamp.gz
SCRIPT
}

# A longer interactive session, with an editor, a multiplexer and switched users.
session() {
  types admin 0.25 <<'TYPED'
sudo -i
cd /etc && ls | wc -l && grep -rl PermitRootLogin /etc/ssh
cp /etc/motd /etc/motd.bak; echo "Maintenance on Sunday" > /etc/motd; diff /etc/motd /etc/motd.bak; mv /etc/motd.bak /etc/motd
vim.tiny -es -c '%s/#LogLevel INFO/LogLevel VERBOSE/e' -c wq /etc/ssh/sshd_config; sshd -t
cat /etc/shadow | cut -d: -f1,5 | head -3
tail -n 3 /var/log/dpkg.log; zgrep -h upgrade /var/log/dpkg.log* | tail -2
find / -xdev -perm -4000 -type f 2>/dev/null | head
find /var/log -name '*.gz' -exec sh -c 'gzip -l "$1" | tail -1' _ {} \;
for f in /proc/sys/kernel/ostype /proc/sys/kernel/osrelease; do cat $f; done
exit
su -s /bin/bash - nobody -c id 2>/dev/null; sudo su - deploy -c 'whoami; ls -la'
tmux new-session -d -s work 'sleep 1; date > /tmp/tmux-date'; tmux list-sessions; sleep 1; rm -f /tmp/tmux-date
python3 -c 'import os; print(os.getloadavg())'; perl -e 'print scalar localtime, "\n"'
echo aGVsbG8K | base64 -d; seq 5 | awk '{s += $1} END {print s}'; date | md5sum
sudo lsof -nP -iTCP -sTCP:LISTEN | head -4; sudo strace -c -o /tmp/strace.out ls > /dev/null; sudo rm -f /tmp/strace.out
openssl version; ssh-keygen -lf ~/.ssh/authorized_keys; ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_$$; ls ~/.ssh
sudo less -FX /etc/services | head -2; man -P cat ls | head -3
history -w; wc -l ~/.bash_history
TYPED
}

network_questions() {
  remote deploy <<'SCRIPT'
ping -c 1 198.51.100.10 > /dev/null; ping -c 1 10.0.1.1 > /dev/null
curl -sI http://mirror.example.net/npm/package.json | head -1
wget -q -O /tmp/page http://mirror.example.net/npm/package.json; file /tmp/page; rm /tmp/page
timeout 2 bash -c '</dev/tcp/127.0.0.1/22' && echo open
for host in 198.51.100.10 203.0.113.80; do timeout 2 bash -c "echo > /dev/tcp/$host/80" && echo "$host answers"; done
getent hosts mirror.example.net; timeout 1 dig +time=1 +tries=1 mirror.example.net @127.0.0.1 > /dev/null
ss -tan | wc -l; ip -s link | wc -l; sudo timeout 1 tcpdump -c 1 -i lo 2>/dev/null
SCRIPT
}

copies() {
  local n
  for n in 1 2 3; do
    outside scp -q -o BindAddress=198.51.100.20 "${ssh_options[@]:2}" /etc/services "deploy@10.0.1.10:/tmp/services.$n"
    remote deploy <<< "cmp /etc/services /tmp/services.$n; gzip -9 /tmp/services.$n; rm /tmp/services.$n.gz"
  done
}

packages_work() {
  remote admin <<'SCRIPT'
dpkg -l 'lib*' | wc -l; apt-cache search '^nginx$'; apt-cache depends curl | head -5; apt-mark showmanual | head -3
sudo apt-get -qq install jq shellcheck < /dev/null; jq --version; sudo apt-get -qq purge jq shellcheck < /dev/null; sudo apt-get -qq autoremove < /dev/null
dpkg --verify openssh-server; dpkg -L cron | head -3; checkrestart 2>/dev/null | head -2
sudo update-alternatives --list editor; sudo apt-get clean
SCRIPT
}

work() {
  job_each users 0.5 3 users
  job_each firewall 0.3 2 firewall
  job_each services 0.3 2 services
  job_each backup 1 3 backup
  job_each session 4 4 session
  job_each network_questions 4 3 network_questions
  job_each copies 4 2 copies
  job_each packages_work 0.3 2 packages_work
}
