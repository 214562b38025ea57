# Part of the documents that install the agent and take it away again. Each package is in a folder of its own, named by
# its hash; "current" leads to the one that runs, "by" names the action that made it so. What was there before an action
# is kept until it is undone.
root=${YAGURA_ROOT_DIR:-}
home=$root/opt/yagura-agent
unit=$root/etc/systemd/system/yagura-agent.service
action='{{ ActionId }}'
before=$home/before/$action

# systemd's, or that of another root.
control() {
    timeout 60 "$root/usr/bin/systemctl" "$@" >/dev/null 2>&1
}

# Where "current" leads, or nothing.
current() {
    readlink "$home/current" 2>/dev/null
}

# The rest of a problem, on one line.
problem() {
    head -n 3 "$work/problem" 2>/dev/null | tr '\n' ' ' | cut -c 1-300
}
