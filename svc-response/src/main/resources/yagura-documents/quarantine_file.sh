# Moves a file into the quarantine, where nobody can read or run it.
path=$(decode '{{ Path }}'; printf x)
quarantine "${path%x}" '{{ Sha256 }}' || refuse "$reason"
say quarantined "$(manifest sha256)" "$(manifest mode)" "$(manifest owner)" "$(manifest modified)" "$(manifest links)"
finish 0
