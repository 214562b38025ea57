# Part of the documents that look at processes.
ticks_per_second=$(getconf CLK_TCK 2>/dev/null || echo 100)
boot=$(while read -r key value; do [ "$key" = btime ] && echo "$value" && break; done </proc/stat)

# Start of a process in nanoseconds since 1970, or nothing. The boot time has whole seconds: hence the tolerance.
start_ns() {
    ticks=$(start_ticks "$1")
    [ -n "$ticks" ] && printf '%s' $((boot * 1000000000 + ticks * (1000000000 / ticks_per_second)))
}

# A field of /proc/PID/status, where the kernel escapes the name.
status() {
    while read -r key value rest; do
        [ "$key" = "$2:" ] && printf '%s' "$value" && return
    done 2>/dev/null <"/proc/$1/status"
}
