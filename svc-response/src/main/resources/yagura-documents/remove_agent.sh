# Brings back what was there before an installation: another package, another unit, or nothing. The state of the agent
# stays, so that what it has not sent is not lost.
removed=$home/removed/$action

give_back() {
    if [ "$(cat "$home/by" 2>/dev/null)" = "$action" ]; then
        if [ -f "$removed/by" ]; then cp "$removed/by" "$home/by"; else rm -f "$home/by"; fi
    fi
}

if [ -d "$removed" ]; then
    # An earlier run was interrupted before its report.
    give_back
    say removed "$(encode "$(cat "$removed/current")")"
    finish 0
fi
if [ ! -f "$before/package" ]; then
    say absent
    finish 0
fi
package=$(cat "$before/package")
previous=$(cat "$before/current")
now=$(current)
last=$(cat "$home/by" 2>/dev/null)
if [ "$last" != "$action" ] || { [ "$now" != "$package" ] && [ "$now" != "$previous" ]; }; then
    say changed "$(encode "$now")"
    finish 0
fi
if [ -d "${previous:-/none}" ]; then
    ln -sfn "$previous" "$home/current"
else
    previous=
    rm -f "$home/current"
fi
control disable yagura-agent.service
[ -f "$before/active" ] || control stop yagura-agent.service
if [ -f "$before/unit" ]; then cp -p "$before/unit" "$unit"; else rm -f "$unit"; fi
control daemon-reload
# Also where no unit was kept: the system may have one of its own, which that of the package hid.
[ ! -f "$before/enabled" ] || control enable yagura-agent.service
[ ! -f "$before/active" ] || control restart yagura-agent.service
mkdir -p "$home/removed"
mv "$before" "$removed"
give_back
# It may have run before already; or an earlier installation had the same package, or would bring it back.
[ "$previous" = "$package" ] ||
    grep -qsxF "$package" "$home"/before/*/package "$home"/before/*/current || rm -rf "$package"
say removed "$(encode "$previous")"
finish 0
