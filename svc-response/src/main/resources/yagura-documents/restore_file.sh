# Moves a file from the quarantine back to where it was, with the mode, owner, time and attributes that it had.
if [ -f "$store/manifest.restored" ]; then
    # An earlier run was interrupted before its report.
    mv "$store/manifest.restored" "$store/manifest"
fi
if [ ! -f "$store/manifest" ]; then
    say absent
    finish 0
fi
path=$(decode "$(manifest path)"; printf x)
path=${path%x}

if [ -f "$store/file" ]; then
    if [ -e "$path" ] || [ -L "$path" ]; then
        refuse "something is at the file's place now: move it away, then undo again"
    fi
    [ -d "${path%/*}/" ] || refuse "its folder does not exist any more: make it, then undo again"
    chmod "$(manifest mode)" "$store/file"
    move "$store/file" "$path" || refuse "it cannot be moved back"
fi
[ -f "$path" ] || refuse "the quarantine has lost the file"
chown "$(manifest owner)" -- "$path" 2>/dev/null
chmod "$(manifest mode)" -- "$path"
touch -d "$(decode "$(manifest modified)")" -- "$path"
protect_again "$path"
sync "$path" 2>/dev/null

found=$(hash_of "$path")
say restored "$found" "$(stat -c %a -- "$path")" "$(stat -c %u:%g -- "$path")" "$(encode "$(stat -c %y -- "$path")")"
[ "$found" = "$(manifest sha256)" ] || finish 5
mv "$store/manifest" "$store/manifest.restored"
finish 0
