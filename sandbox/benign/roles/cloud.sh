packages="cloud-init cloud-guest-utils awscli jq unattended-upgrades python3-apt"
about="an EC2 instance; cloud-init with user data, instance metadata, the AWS command line, unattended upgrades, scheduled scripts"

first_boot() {
  remote admin <<'SCRIPT'
printf 'datasource_list: [Ec2]\ndatasource: {Ec2: {strict_id: false, metadata_urls: ["http://169.254.169.254"], max_wait: 5, timeout: 2}}\n' | sudo tee /etc/cloud/cloud.cfg.d/90-ec2.cfg > /dev/null
sudo cloud-init clean --logs
sudo cloud-init init --local; sudo cloud-init init; sudo cloud-init modules --mode=config; sudo cloud-init modules --mode=final
cloud-init status --long; sudo cloud-init query ds 2>/dev/null | head -2
SCRIPT
}

later_boot() { remote admin <<< 'sudo cloud-init init --local; sudo cloud-init init; sudo cloud-init modules --mode=final; sudo cloud-init status'; }

metadata() {
  remote deploy <<'SCRIPT'
token=$(curl -sS -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
for item in instance-id placement/availability-zone placement/region local-ipv4 ami-id; do
  curl -sS -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/$item; echo
done
curl -sS -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/dynamic/instance-identity/document | jq -r .region
ec2metadata --instance-id 2>/dev/null || true
SCRIPT
}

aws_commands() {
  remote deploy <<'SCRIPT'
export AWS_DEFAULT_REGION=ap-northeast-1 AWS_EC2_METADATA_SERVICE_ENDPOINT=http://169.254.169.254 AWS_MAX_ATTEMPTS=1
aws --version; aws configure list
aws --cli-connect-timeout 1 --endpoint-url http://api.example.com sts get-caller-identity || true
aws --cli-connect-timeout 1 --endpoint-url http://api.example.com s3 ls s3://backups/ || true
printf 'line\n' > /tmp/upload.txt; aws --cli-connect-timeout 1 --endpoint-url http://api.example.com s3 cp /tmp/upload.txt s3://backups/ || true; rm /tmp/upload.txt
SCRIPT
}

unattended() {
  cron_runs 40 <<'CRON'
root unattended-upgrade --dry-run > /dev/null 2>&1
root /usr/lib/apt/apt.systemd.daily lock_is_held update > /dev/null 2>&1
CRON
}

scheduled() {
  cron_runs 8 <<'CRON'
root /usr/local/bin/inventory > /dev/null 2>&1
root id=$(curl -s http://169.254.169.254/latest/meta-data/instance-id) && logger -t inventory "$id"
deploy /bin/sh -c 'uptime; df -P /' | gzip > /tmp/state.$$.gz && curl -s -T /tmp/state.$$.gz http://api.example.com/state; rm -f /tmp/state.$$.gz
root journalctl --version > /dev/null 2>&1; logger -t heartbeat alive
CRON
}

# An agent's program that is downloaded, checked and started, as installers of monitoring agents do.
agent_install() {
  remote admin <<'SCRIPT'
set -e
cd /tmp && curl -fsS -o agent.tgz http://mirror.example.net/npm/npm-10.8.2.tgz && sha256sum agent.tgz
sudo mkdir -p /opt/agent && sudo tar -xzf agent.tgz -C /opt/agent && rm agent.tgz
printf '#!/bin/sh\nexec sleep "${1:-1}"\n' | sudo tee /opt/agent/run > /dev/null && sudo chmod 755 /opt/agent/run
sudo useradd -r -s /usr/sbin/nologin agent 2>/dev/null || true
printf '[Unit]\nDescription=Agent\n[Service]\nUser=agent\nExecStart=/opt/agent/run 600\n' > /tmp/agent.service
sudo cp /tmp/agent.service /etc/systemd/system/agent.service && rm /tmp/agent.service
sudo start-stop-daemon --start --background --chuid agent --make-pidfile --pidfile /run/agent.pid --exec /opt/agent/run -- 2
SCRIPT
}

work() {
  job first_boot 0.03 first_boot
  job_each later_boot 0.1 2 later_boot
  job_each metadata 24 4 metadata
  job_each aws_commands 24 4 aws_commands
  job unattended 1 unattended
  job_each scheduled 96 2 scheduled
  job_each agent_install 0.03 2 agent_install
}
