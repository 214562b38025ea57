# Cuts the host off at once, with every session that is open; the ways to Systems Manager and to the gateway stay.
through='{{ Through }}'
ways=$(printf '%s' '{{ Ways }}' | tr , ' ')
resolvers=$(printf '%s' '{{ Resolvers }}' | tr , ' ')
routers=$(printf '%s' '{{ Routers }}' | tr , ' ')

for tool in bash timeout setsid sha256sum; do
    command -v "$tool" >/dev/null || refuse "the host has no $tool, which proves that the way back stays: install it, or isolate the instance"
done

# "ip" or "ip6", as rules have it.
family() {
    case $1 in
    *:*) printf ip6 ;;
    *) printf ip ;;
    esac
}

# Where cgroup v2 has a group; nft knows those below /sys/fs/cgroup only, of kernels from 5.13 on.
root_of() {
    while read -r _ point type _; do
        case "$type $point/" in
        "cgroup2 /sys/fs/cgroup/"*) [ -d "$point$1" ] && printf '%s' "$point" && return ;;
        esac
    done </proc/mounts
}

# Rules for the sockets of these groups; one that is not there now has no sockets.
members() {
    for group in $1; do
        [ -d "$groups$group" ] || continue
        printf '        socket cgroupv2 level %s "%s" accept\n' \
            "$(printf '%s' "$group" | tr -cd / | wc -c)" "${groups#/sys/fs/cgroup}$group" | sed 's|"/|"|'
    done
}

# The group that this runs in is that of the agent which runs it: Amazon's or Yagura's.
own=$(sed -n 's/^0:://p' /proc/self/cgroup)
case $own in
'' | / | *[!A-Za-z0-9_./@:-]*) groups= ;;
*) groups=$(root_of "$own") ;;
esac
agents="$own"
for agent in yagura-agent amazon-ssm-agent snap.amazon-ssm-agent.amazon-ssm-agent; do
    [ "$own" = "/system.slice/$agent.service" ] || agents="$agents /system.slice/$agent.service"
done
stubs='/system.slice/systemd-resolved.service /system.slice/dnsmasq.service /system.slice/unbound.service'
clocks='/system.slice/chronyd.service /system.slice/chrony.service /system.slice/systemd-timesyncd.service'

# Names are looked up through a resolver on this host.
stub=
grep -Eq '^nameserver[[:space:]]+(127[.]|::1)' /etc/resolv.conf 2>/dev/null && stub=yes

# Who may ask the link-local services.
by_group() {
    printf '    chain agents {\n%s\n    }\n' "$(members "$agents")"
    printf '    chain resolvers {\n%s\n    }\n' "$(members "$agents${stub:+ $stubs}")"
    printf '    chain clocks {\n%s\n    }\n' "$(members "$clocks")"
}

by_user() {
    users=0
    for user in ${stub:+systemd-resolve dnsmasq unbound}; do
        users="$users$(id -u "$user" 2>/dev/null | sed 's/^/, /')"
    done
    printf '    chain agents {\n        meta skuid 0 accept\n    }\n'
    printf '    chain resolvers {\n        meta skuid { %s } accept\n    }\n' "$users"
    printf '    chain clocks {\n        accept\n    }\n'
}

# An exchange that only this host can begin.
exchange() {
    printf '%s daddr %s %s dport %s %s\n' "$(family "$1")" "$1" "$2" "$3" "$4" >>"$store/output"
    answer=
    [ "$2" = tcp ] && answer='tcp flags & (syn | ack) != syn '
    printf '%s saddr %s %s sport %s %saccept\n' "$(family "$1")" "$1" "$2" "$3" "$answer" >>"$store/input"
}

exchanges() {
    rm -f "$store/output" "$store/input"
    for way in $ways; do
        block=${way#*@}
        exchange "${block%@*}" tcp "${block##*@}" accept
    done
    for address in 169.254.169.254 fd00:ec2::254; do exchange "$address" tcp 80 'goto agents'; done
    for address in 169.254.169.253 fd00:ec2::253 $resolvers; do
        exchange "$address" udp 53 'goto resolvers'
        exchange "$address" tcp 53 'goto resolvers'
    done
    for address in 169.254.169.123 fd00:ec2::123; do exchange "$address" udp 123 'goto clocks'; done
    # A lease that ends takes the address, and with it the way back.
    printf 'ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept\n' >>"$store/output"
    for address in $routers; do
        printf 'ip daddr %s udp sport 68 udp dport 67 accept\n' "$address" >>"$store/output"
        printf 'ip saddr %s udp sport 67 udp dport 68 accept\n' "$address" >>"$store/input"
    done
    printf 'ip6 daddr ff02::1:2 udp sport 546 udp dport 547 accept\n' >>"$store/output"
    printf 'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept\n' >>"$store/input"
    neighbours='icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept'
    printf '%s\n' "$neighbours" >>"$store/output"
    printf '%s\n' "$neighbours" >>"$store/input"
}

# The whole table, which takes the place of an earlier one in one step. Nothing is matched by connection state:
# what was open before has no rule.
rules() {
    printf 'add table inet yagura_isolation\ndelete table inet yagura_isolation\ntable inet yagura_isolation {\n'
    "$1"
    printf '    chain input {\n        type filter hook input priority -300; policy drop;\n'
    printf '        iifname "lo" accept\n'
    sed 's/^/        /' "$store/input"
    printf '    }\n    chain output {\n        type filter hook output priority -300; policy drop;\n'
    if [ -n "$stub" ]; then
        printf '        oifname "lo" udp dport 53 goto agents\n        oifname "lo" tcp dport 53 goto agents\n'
    fi
    printf '        oifname "lo" accept\n'
    sed 's/^/        /' "$store/output"
    printf '    }\n    chain forward {\n        type filter hook forward priority -300; policy drop;\n    }\n}\n'
}

# Groups first; by user where nft or the kernel cannot tell groups, or where this runs in none of its own.
write_rules() {
    exchanges
    if [ -n "$groups" ]; then
        rules by_group | keep rules
        for group in $agents $stubs $clocks; do printf '%s\n' "$groups$group"; done | keep groups
        if nft -c -f "$store/rules" 2>/dev/null; then
            printf 'group %s\n' "$(encode "$own")" | keep narrowed
            return
        fi
    fi
    rules by_user | keep rules
    : | keep groups
    printf 'user root\n' | keep narrowed
    if ! nft -c -f "$store/rules" 2>"$store/error"; then
        give_up "nft refuses the rules: $(head -c 300 "$store/error")"
    fi
}

# Begins the cut, proves the way back, and keeps what was cut. It is the only one that changes the rules, and
# lives on when this script is killed. In its agent's group it also keeps that group, and so its number,
# when the agent is started again.
keeping='
identities() {
    while read -r group; do stat -c %i "$group" 2>/dev/null || printf "none\n"; done <"$store/groups"
}

cd /
known=$(identities)
if ! nft -f "$store/rules" 2>"$store/error"; then
    printf "failed\n" | keep outcome
    exit
fi
digest | keep digest
tries=0
until [ "$(services "$(answering "$ways")")" = "$needed" ]; do
    tries=$((tries + 1))
    if [ "$tries" -ge 3 ]; then
        nft delete table inet yagura_isolation
        printf "lost\n" | keep outcome
        exit
    fi
    sleep 1
done
printf "held\n" | keep outcome

while sleep 3 && [ -d "$store" ]; do
    found=$(digest)
    [ "$found" = "$(cat "$store/digest")" ] && continue
    now=$(identities)
    what=altered
    [ -n "$(listing)" ] || what=gone
    rm -f "$store/seen"
    # A group that was made anew has another number: that is nobody else at work.
    if [ "$what" = gone ] || [ "$now" = "$known" ]; then
        printf "%s %s\n" "$what" "$(date +%s)" | keep seen
    fi
    nft -f "$store/rules" 2>/dev/null || continue
    [ ! -e "$store/seen" ] || cat "$store/seen" >>"$store/drift"
    rm -f "$store/seen"
    known=$now
done
'

# What the keeper came to, or nothing if it died before.
outcome() {
    tries=0
    while [ ! -e "$store/outcome" ] && keeper && [ "$tries" -lt 60 ]; do
        tries=$((tries + 1))
        sleep 0.5 2>/dev/null || sleep 1
    done
    cat "$store/outcome" 2>/dev/null
}

# As it was before.
give_up() {
    stop_keeper
    nft delete table inet yagura_isolation 2>/dev/null
    rm -rf "$store"
    refuse "$1"
}

if [ -e "$store/action" ]; then
    holder=$(cat "$store/action")
    [ "$holder" = "$action" ] || refuse "the action $holder has cut the host off already: undo that one first"
elif [ -n "$(listing)" ]; then
    refuse "a table inet yagura_isolation is there that no action has made: see what it is, then nft delete table inet yagura_isolation"
fi

if [ "$(outcome)" != held ]; then
    mkdir -p "$store" && chmod 700 "$store" || refuse "cannot write to $store"
    printf '%s\n' "$action" | keep action
    before=$(answering "$ways")
    needed=$(services "$before")
    own_way=$through
    [ "$through" != ssm ] || own_way='ssm ssmmessages'
    for service in $own_way; do
        case " $needed" in
        *" $service "*) ;;
        *) give_up "no address of $service answers now: the report and the release could not come back; see to its address, or isolate the instance" ;;
        esac
    done
    printf '%s\n' "$before" | keep before
    write_rules
    rm -f "$store/error"
    store="$store" ways="$before" needed="$needed" setsid sh -c "$functions$keeping" </dev/null >/dev/null 2>&1 &
    printf '%s %s\n' "$!" "$(start_ticks $!)" | keep keeper
    case $(outcome) in
    held) ;;
    lost) give_up "the control path did not answer any more after the cut, so the host took the cut back at once" ;;
    *) give_up "the cut was not made, or taken back: $(head -c 300 "$store/error" 2>/dev/null)" ;;
    esac
fi

say isolated "$(cat "$store/digest")"
# shellcheck disable=SC2046
say narrowed $(cat "$store/narrowed")
[ -z "$stub" ] || say stub
for way in $ways; do
    if grep -qxF "$way" "$store/before"; then say answered "$way"; else say silent "$way"; fi
done
finish 0
