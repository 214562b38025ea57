# Brings back what was there before an installation: another package, another unit, or nothing. The state of the agent
# stays, so that what it has not sent is not lost.
if [ -d "$before.removed" ]; then
    say removed "$(encode "$(cat "$before.removed/current")")"
    finish 0
fi
if [ ! -f "$before/package" ]; then
    say absent
    finish 0
fi
package=$(cat "$before/package")
previous=$(cat "$before/current")
now=$(current)
if [ "$now" != "$package" ] && [ "$now" != "$previous" ]; then
    say changed "$(encode "$now")"
    finish 0
fi
if [ -d "${previous:-/none}" ]; then
    ln -sfn "$previous" "$home/current"
else
    previous=
    rm -f "$home/current"
fi
if [ -f "$before/unit" ]; then
    cp -p "$before/unit" "$unit"
    control daemon-reload
    if [ -f "$before/active" ]; then control restart yagura-agent.service; else control stop yagura-agent.service; fi
else
    control disable yagura-agent.service
    control stop yagura-agent.service
    rm -f "$unit"
    control daemon-reload
fi
[ "$previous" = "$package" ] || rm -rf "$package"
mv "$before" "$before.removed"
say removed "$(encode "$previous")"
finish 0
