# Part of the documents that cut a host off, and take the cut back.
store="$state/isolation"
action='{{ ActionId }}'

[ "$(id -u)" = 0 ] || refuse "only root may change the host's packet filter: let the SSM agent run as root"
command -v nft >/dev/null || refuse "the host has no nft: install its package nftables, or isolate the instance"
nft list tables >/dev/null 2>&1 || refuse "the kernel takes no rules of nft (no nf_tables): isolate the instance"

# What the keeper needs too, which is a process of its own: hence as text. The digest is that of the table as
# the kernel has it, of nothing when there is none.
functions='
listing() {
    nft -s -nn list table inet yagura_isolation 2>/dev/null
}

digest() {
    listing | sha256sum | cut -d " " -f 1
}

# Writes a file of the store as a whole.
keep() {
    cat >"$store/$1.part" && mv -f "$store/$1.part" "$store/$1"
}

# Which of the ways take a connection now. One of a block of addresses cannot be tried.
answering() {
    for way in $1; do
        block=${way#*@}
        case $block in
            (*.*/32@* | *:*/128@*) ;;
            (*) continue ;;
        esac
        {
            timeout 4 bash -c "exec 3<>/dev/tcp/\$1/\$2" bash "${block%%/*}" "${block##*@}" 2>/dev/null &&
                printf "%s\n" "$way"
        } &
    done | sort
}

# Their services, each once.
services() {
    printf "%s\n" "$1" | cut -d @ -f 1 | sort -u | tr "\n" " "
}
'
eval "$functions"

# The keeper, if it lives: what begins and keeps the cut.
keeper() {
    read -r keeper keeper_ticks 2>/dev/null <"$store/keeper" || return 1
    [ -n "$keeper_ticks" ] && [ "$(start_ticks "$keeper")" = "$keeper_ticks" ]
}

# With all that it started: a half-done change must not come after.
stop_keeper() {
    keeper || return 0
    kill -KILL "-$keeper" "$keeper" 2>/dev/null
    tries=0
    while keeper && [ "$(cut -d ' ' -f 3 "/proc/$keeper/stat" 2>/dev/null)" != Z ] && [ "$tries" -lt 50 ]; do
        tries=$((tries + 1))
        sleep 0.1 2>/dev/null || sleep 1
    done
}
