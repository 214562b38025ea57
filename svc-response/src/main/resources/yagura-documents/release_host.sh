# Takes the cut back, and says what others had made of it.
if [ -e "$store/action" ] && [ "$(cat "$store/action")" != "$action" ]; then
    refuse "the action $(cat "$store/action") has cut the host off, not this one: undo that one"
fi
known=
[ -e "$store/action" ] && known=yes
stop_keeper
found=$(digest)
[ -n "$(listing)" ] || found=gone
# What the keeper had seen and put right when it was stopped, before it could add it.
if [ -e "$store/seen" ] && [ "$found" = "$(cat "$store/digest")" ]; then
    cat "$store/seen" >>"$store/drift"
fi
if [ "$found" != gone ] && ! nft delete table inet yagura_isolation; then
    refuse "nft cannot delete the table inet yagura_isolation: delete it by hand, or start the host again"
fi
while read -r what time; do
    [ -z "$what" ] || say restored "$what" "$time"
done <<EOF
$(sort -u -k 2n "$store/drift" 2>/dev/null)
EOF
rm -rf "$store"
say released "$found" "${known:-forgotten}"
finish 0
