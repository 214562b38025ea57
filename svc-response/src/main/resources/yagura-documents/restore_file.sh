# Moves a file from the quarantine back to where it was.
if [ -f "$store/manifest.restored" ]; then
    # An earlier run was interrupted before its report.
    mv "$store/manifest.restored" "$store/manifest"
fi
if [ ! -f "$store/manifest" ]; then
    say absent
    finish 0
fi
restore || refuse "$reason"
say restored "$found" "$(stat -c %a -- "$path")" "$(stat -c %u:%g -- "$path")" "$(encode "$(stat -c %y -- "$path")")"
[ "$found" = "$(manifest sha256)" ] || finish 5
mv "$store/manifest" "$store/manifest.restored"
finish 0
