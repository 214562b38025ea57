# Takes the cut back, and says what others had made of it.
if [ -e "$store/action" ] && [ "$(cat "$store/action")" != "$action" ]; then
    refuse "the action $(cat "$store/action") has cut the host off, not this one: undo that one"
fi
known=
[ -e "$store/action" ] && known=yes
stop_keeper
found=$(digest)
[ -n "$(listing)" ] || found=gone
if [ "$found" != gone ] && ! nft delete table inet yagura_isolation; then
    refuse "nft cannot delete the table inet yagura_isolation: delete it by hand, or start the host again"
fi
while read -r what time; do
    say restored "$what" "$time"
done 2>/dev/null <"$store/drift"
rm -rf "$store"
say released "$found" "${known:-forgotten}"
finish 0
