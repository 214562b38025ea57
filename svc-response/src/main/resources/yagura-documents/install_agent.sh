# Fetches the package, enrols the agent and starts it. Until the agent is enrolled, nothing that runs is touched.
sha256='{{ Sha256 }}'
gateway='{{ Gateway }}'
urls=$(decode '{{ Fetch }}')
package=$home/$sha256
work=$state/runs/$run

# Fetches what a presigned URL leads to, into a file, or - for the output. The URL is a secret: it is given to nobody
# as an argument.
fetch() {
    if command -v curl >/dev/null 2>&1; then
        printf 'url = "%s"\n' "$(printf '%s\n' "$urls" | sed -n "$1p")" |
            curl --config - -sS -f --retry 1 --connect-timeout 15 --max-time 90 -o "$2" 2>"$work/problem"
    else
        printf '%s\n' "$urls" | sed -n "$1p" |
            wget -q --tries=2 --timeout=60 -O "$2" -i - 2>"$work/problem"
    fi
}

[ -x "$root/usr/bin/systemctl" ] || refuse "the host has no systemd: install the agent by hand"
if [ ! -x "$package/bin/yagura-agent" ]; then
    mkdir -p "$home" 2>/dev/null || refuse "cannot write to $home: run as root"
    fetch 1 "$work/package" || refuse "the package cannot be fetched: $(problem)"
    found=$(sha256sum <"$work/package" | cut -c 1-64)
    [ "$found" = "$sha256" ] || { rm -f "$work/package"; refuse "the package has SHA-256 $found, not $sha256"; }
    rm -rf "$home/part" "$package"
    mkdir "$home/part" && tar -xzf "$work/package" -C "$home/part" --no-same-owner 2>"$work/problem" ||
        refuse "the package cannot be unpacked: $(problem)"
    rm -f "$work/package"
    for each in bin/yagura-agent ca.pem yagura-agent.service; do
        [ -f "$home/part/$each" ] || refuse "the package has no $each: make it with deploy/agent-package.sh"
    done
    chmod -R u+rw,go-w "$home/part"
    chmod 755 "$home" "$home/part" "$home/part/bin" "$home/part/bin/yagura-agent"
    mv "$home/part" "$package"
fi
version=$(timeout 60 "$package/bin/yagura-agent" --version 2>"$work/problem") ||
    refuse "the agent of the package does not start: $(problem)"

# No file has the token: one would stay where this script is killed or the host loses power.
token=$(fetch 2 -) || refuse "the enrolment token cannot be fetched: $(problem)"
printf '%s\n' "$token" |
    timeout 90 "$package/bin/yagura-agent" enroll --gateway "$gateway" --ca "$package/ca.pem" \
        --token-file /dev/stdin --state "$state" >"$work/answer" 2>"$work/problem" ||
    refuse "the agent cannot enrol: $(problem)"
token=

if [ ! -f "$before/package" ]; then
    mkdir -p "$before"
    current >"$before/current"
    [ ! -f "$home/by" ] || cp "$home/by" "$before/by"
    [ ! -f "$unit" ] || cp -p "$unit" "$before/unit"
    control is-enabled yagura-agent.service && : >"$before/enabled"
    control is-active yagura-agent.service && : >"$before/active"
    printf '%s\n' "$package" >"$before/part"
    mv "$before/part" "$before/package"
fi
ln -sfn "$package" "$home/current"
printf '%s\n' "$action" >"$home/by"
mkdir -p "${unit%/*}"
cp "$package/yagura-agent.service" "$unit"
chmod 644 "$unit"
control daemon-reload
control enable yagura-agent.service
say installed "$(encode "$version")" "$(encode "$(head -n 1 "$work/answer")")"
if ! control restart yagura-agent.service; then
    say stopped
    finish 5
fi
finish 0
