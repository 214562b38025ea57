packages="ansible-core puppet-agent python3-apt git acl nginx-light"
about="a host under configuration management; Ansible from the outside and locally, Puppet without a server"

playbook() {
  remote admin <<'SCRIPT'
mkdir -p ~/play/templates && cd ~/play
printf 'listen_port: {{ port }}\nhost: {{ ansible_hostname }}\n' > templates/app.yaml.j2
cat > site.yaml <<'YAML'
- hosts: all
  become: true
  vars: {port: 8080}
  tasks:
    - {name: packages, ansible.builtin.apt: {name: [acl, curl, rsync], state: present}}
    - {name: group, ansible.builtin.group: {name: app}}
    - {name: user, ansible.builtin.user: {name: app, group: app, shell: /usr/sbin/nologin, create_home: true}}
    - {name: operator, ansible.builtin.user: {name: operator, shell: /bin/bash}}
    - {name: ssh folder, ansible.builtin.file: {path: /home/operator/.ssh, state: directory, owner: operator, mode: "0700"}}
    - {name: key, ansible.builtin.copy: {dest: /home/operator/.ssh/authorized_keys, content: "ssh-ed25519 AAAA operator@office\n", owner: operator, mode: "0600"}}
    - {name: sudo, ansible.builtin.copy: {dest: /etc/sudoers.d/operator, content: "operator ALL=(root) /usr/sbin/service\n", mode: "0440", validate: "visudo -cf %s"}}
    - {name: settings, ansible.builtin.template: {src: app.yaml.j2, dest: /etc/app.yaml, mode: "0644"}}
    - {name: sshd, ansible.builtin.lineinfile: {path: /etc/ssh/sshd_config, regexp: "^#?PermitRootLogin", line: PermitRootLogin no, validate: "sshd -t -f %s"}, notify: reload}
    - {name: job, ansible.builtin.copy: {dest: /etc/cron.d/app, content: "5 * * * * app /usr/local/bin/app-report\n", mode: "0644"}}
    - {name: script, ansible.builtin.copy: {dest: /usr/local/bin/app-report, content: "#!/bin/sh\nexec uptime\n", mode: "0755"}}
    - {name: unit, ansible.builtin.copy: {dest: /etc/systemd/system/app.service, content: "[Service]\nExecStart=/usr/local/bin/app-report\n", mode: "0644"}}
    - {name: limits, ansible.builtin.blockinfile: {path: /etc/security/limits.conf, block: "app soft nofile 4096"}}
    - {name: check, ansible.builtin.shell: "pgrep -c sshd || true", changed_when: false}
    - {name: facts of a command, ansible.builtin.command: /usr/local/bin/app-report, changed_when: false}
  handlers:
    - {name: reload, ansible.builtin.command: sshd -t}
YAML
SCRIPT
}

ansible_run() { remote admin 'cd ~/play && ansible-playbook -i localhost, -c local site.yaml 2>&1 | tail -5'; }

ansible_check() { remote admin "cd ~/play && ansible-playbook -i localhost, -c local --check --diff -e port=$((8080 + $1)) site.yaml 2>&1 | tail -5"; }

ansible_commands() {
  remote admin <<'SCRIPT'
cd ~/play
ansible -i localhost, -c local all -m ansible.builtin.ping
ansible -i localhost, -c local all -b -m ansible.builtin.shell -a 'df -h / | tail -1; free -m; id'
ansible -i localhost, -c local all -b -m ansible.builtin.setup -a 'filter=ansible_distribution*'
ansible -i localhost, -c local all -b -m ansible.builtin.file -a 'path=/tmp/marker state=touch mode=0755'
ansible -i localhost, -c local all -b -m ansible.builtin.file -a 'path=/tmp/marker state=absent'
SCRIPT
}

manifest_of_puppet() {
  remote admin <<'SCRIPT'
mkdir -p ~/puppet && cat > ~/puppet/site.pp <<'PP'
package { ['rsync', 'nginx-light']: ensure => installed }
file { '/etc/motd': content => "managed\n", mode => '0644' }
file { '/etc/profile.d/app.sh': content => "export APP=1\n", mode => '0644' }
file { '/etc/cron.d/puppet-app': content => "7 * * * * root /bin/true\n", mode => '0644' }
file { '/etc/sudoers.d/puppet': content => "deploy ALL=(root) NOPASSWD: /usr/sbin/nginx\n", mode => '0440' }
user { 'batch': ensure => present, shell => '/usr/sbin/nologin', managehome => true }
ssh_authorized_key_file { 'none': } 
exec { 'warm': command => '/bin/sh -c "test -d /var/cache/app || mkdir /var/cache/app"', unless => '/usr/bin/test -d /var/cache/app' }
exec { 'version': command => '/usr/bin/dpkg-query -W puppet-agent' }
PP
sed -i '/ssh_authorized_key_file/d' ~/puppet/site.pp
SCRIPT
}

puppet_run() { remote admin 'sudo puppet apply ~/puppet/site.pp 2>&1 | tail -3; sudo facter os.name 2>/dev/null'; }

# The agents of configuration management are started by cron.
scheduled() {
  cron_runs 30 <<'CRON'
root puppet apply /home/admin/puppet/site.pp > /var/log/puppet-apply.log 2>&1
admin cd /home/admin/play && ansible-playbook -i localhost, -c local site.yaml > /tmp/ansible.$$.log 2>&1; rm -f /tmp/ansible.$$.log
CRON
}

# What an administrator changes by hand where no tool manages it.
by_hand() {
  remote admin <<'SCRIPT'
git config --global user.email admin@example.com; git config --global user.name admin
cd ~/play && git init -q 2>/dev/null; git add -A && git commit -qm "Change $RANDOM" && git log --oneline | head -2
sudo tee /etc/sysctl.d/60-app.conf <<< 'vm.swappiness = 10' > /dev/null
sudo cp /etc/ssh/sshd_config /etc/ssh/sshd_config.bak && sudo sed -i 's/^#*ClientAliveInterval.*/ClientAliveInterval 60/' /etc/ssh/sshd_config
sudo sshd -t && sudo rm /etc/ssh/sshd_config.bak
sudo visudo -c -q
SCRIPT
}

work() {
  job playbook 0.1 playbook
  job_each ansible_run 24 2 ansible_run
  job_each ansible_check 4 2 ansible_check
  job ansible_commands 4 ansible_commands
  job manifest_of_puppet 0.1 manifest_of_puppet
  job_each puppet_run 24 2 puppet_run
  job scheduled 24 scheduled
  job_each by_hand 0.5 2 by_hand
}
