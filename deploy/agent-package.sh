#!/bin/sh
# Makes the package that install_agent brings to hosts: the agent, its launcher, the gateway's authority and a unit.
set -eu

usage() {
    cat <<'TEXT'
usage: deploy/agent-package.sh --ca FILE --output FILE [--runtime DIR] [--unit FILE] [--agent DIR]

  --ca FILE       certificate authority of the gateway, PEM
  --output FILE   the package, such as yagura-agent.tar.gz
  --runtime DIR   a Java 25 runtime that comes with it, as jlink makes one; else each host needs java on its PATH
  --unit FILE     unit for systemd; else one that follows /var/log/audit/audit.log
  --agent DIR     folder with the agent's jar and libs; else agent/target, as the build leaves it
TEXT
}

here=$(cd "$(dirname "$0")/.." && pwd)
agent=$here/agent/target
ca='' output='' runtime='' unit=''
while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) usage && exit 0 ;;
    --ca | --output | --runtime | --unit | --agent)
        [ $# -ge 2 ] || { usage >&2 && exit 2; }
        eval "${1#--}=\$2"
        shift 2
        ;;
    *) usage >&2 && exit 2 ;;
    esac
done
[ -n "$ca" ] && [ -n "$output" ] || { usage >&2 && exit 2; }
fail() {
    printf 'agent-package: %s\n' "$1" >&2
    exit 1
}
grep -q 'BEGIN CERTIFICATE' "$ca" || fail "$ca has no certificate"
jar=$(find "$agent" -maxdepth 1 -name 'yagura-agent*.jar' | sort | tail -n 1)
[ -n "$jar" ] && [ -d "$agent/libs" ] || fail "$agent has no yagura-agent*.jar and libs: build the agent first"
[ -z "$runtime" ] || [ -x "$runtime/bin/java" ] || fail "$runtime has no bin/java"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/lib"
cp "$jar" "$work/lib/yagura-agent.jar"
cp -R "$agent/libs" "$work/lib/libs"
cp "$ca" "$work/ca.pem"
[ -z "$runtime" ] || cp -R "$runtime" "$work/runtime"
cat >"$work/bin/yagura-agent" <<'LAUNCHER'
#!/bin/sh
# The heap is what an agent needs; see docs/how-to/run-an-agent.md.
place=$(readlink -f "$0")
place=${place%/bin/yagura-agent}
java=$place/runtime/bin/java
[ -x "$java" ] || java=java
exec "$java" -Xmx64m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$place/lib/yagura-agent.jar:$place/lib/libs/*" dev.yagura.agent.AgentCommand "$@"
LAUNCHER
if [ -n "$unit" ]; then
    cp "$unit" "$work/yagura-agent.service"
else
    cat >"$work/yagura-agent.service" <<'UNIT'
[Unit]
Description=Yagura's agent
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=/opt/yagura-agent/current/bin/yagura-agent run --state /var/lib/yagura --source auditd:/var/log/audit/audit.log
KillMode=process
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
UNIT
fi
chmod 755 "$work/bin/yagura-agent"
# The same files make the same package, whoever makes it and when.
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work" -cf - . | gzip -n >"$output"
sha256sum "$output"
