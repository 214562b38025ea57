#!/usr/bin/env python3
"""Writes the attack steps of a recording as YAML.  Usage: expected.py audit.log > expected.yaml

Each step is found by what it must look like, not by its serial, so a new recording gives a new file.
It fails when a step is missing.
"""
import re
import struct
import sys

TEXT_FIELDS = re.compile(r'(\w+(?:\[\d+\])?)=("[^"]*"|\S+)')


def text(value):
    if value.startswith('"'):
        return value[1:-1]
    return value if value in ("(null)", "(none)", "?") else bytes.fromhex(value).decode()


def events(path):
    found = {}
    for line in open(path):
        kind, stamp, serial, rest = re.match(r"type=(\S+) msg=audit\(([\d.]+):(\d+)\): ?(.*)", line).groups()
        event = found.setdefault(int(serial), {"serial": int(serial), "time": float(stamp), "arguments": {}, "paths": [], "address": ""})
        fields = dict(TEXT_FIELDS.findall(rest))
        if kind == "SYSCALL":
            event |= {name: int(fields[name]) for name in ("pid", "ppid", "uid", "auid", "syscall")}
            event |= {"exe": text(fields["exe"]), "key": text(fields["key"])}
        elif kind == "EXECVE":
            for name, value in fields.items():
                if match := re.fullmatch(r"a(\d+)(?:\[(\d+)\])?", name):
                    event["arguments"][int(match[1]), int(match[2] or 0)] = value
        elif kind == "PATH":
            event["paths"].append((text(fields["name"]), fields["nametype"]))
        elif kind == "SOCKADDR":
            raw = bytes.fromhex(fields["saddr"])
            if raw[:2] == b"\2\0":
                event["address"] = ".".join(map(str, raw[4:8])) + ":%d" % struct.unpack(">H", raw[2:4])
    for event in found.values():
        words = {}
        for (word, _), value in sorted(event["arguments"].items()):
            words[word] = words.get(word, "") + text(value)
        event["command"] = " ".join(words[n] for n in sorted(words))
    return sorted(found.values(), key=lambda event: event["serial"])


def runs(exe, pattern):
    return lambda event: event["arguments"] and re.search(exe, event["exe"]) and re.search(pattern, event["command"])


def connects(exe, address):
    return lambda event: event.get("syscall") == 42 and re.search(exe, event["exe"]) and event["address"] == address


def touches(exe, path, kind, key):
    return lambda event: event.get("key") == key and re.search(exe, event["exe"]) and (path, kind) in event["paths"]


IMDS, C2 = "169.254.169.254", "203.0.113.66"
STEPS = [
    ("web service starts", None, runs("/python3", "^/usr/bin/python3 /srv/shop/app.py$")),
    ("intruder connects to the web service", "T1190",
     lambda event: event.get("key") == "net_accept" and event["address"].startswith(C2)),
    ("web service runs a shell with the injected command", "T1059.004", runs("/dash", r"^/bin/sh -c printf .*; id; whoami$")),
    ("id", "T1033", runs("/id$", "^id$")),
    ("whoami", "T1033", runs("/whoami", "^whoami$")),
    ("uname", "T1082", runs("/uname", "^uname -a$")),
    ("list of accounts", "T1087.001", runs("/cat", "^cat /etc/passwd$")),
    ("list of sudo rights", "T1069.001", runs("/sudo", "^sudo -n -l$")),
    ("payload download", "T1105", runs("/curl", C2 + "/sysupd$")),
    ("connection of the download", "T1105", connects("/curl", C2 + ":80")),
    ("payload made executable", "T1222.002", runs("/chmod", r"^chmod \+x /tmp/.sysupd$")),
    ("payload runs", "T1059.004", runs("/bash", "^/bin/bash /tmp/.sysupd$")),
    ("first beacon", "T1571", connects("/bash", C2 + ":8443")),
    ("metadata token", "T1552.005", runs("/curl", IMDS + "/latest/api/token$")),
    ("connection to the metadata service", "T1552.005", connects("/curl", IMDS + ":80")),
    ("name of the instance role", "T1552.005", runs("/curl", "/iam/security-credentials/$")),
    ("credentials of the instance role", "T1552.005", runs("/curl", "/iam/security-credentials/web-instance-role$")),
    ("credentials sent out", "T1041", runs("/curl", "--data-binary @/dev/shm/.c")),
    ("sudo runs find as root", "T1548.003", runs("/sudo", "^sudo -n find ")),
    ("find runs a shell", "T1059.004", lambda event: runs("/dash", "^/bin/sh -c cp /tmp/.sysupd")(event) and event["uid"] == 0),
    ("cron file written", "T1053.003", touches("/dash", "/etc/cron.d/sysupd", "CREATE", "file_persistence")),
    ("payload deleted", "T1070.004", touches("/rm", "/tmp/.sysupd", "DELETE", "file_temporary")),
    ("cron runs the copy", "T1053.003", runs("/bash", "^/bin/bash /var/tmp/.sysupd$")),
    ("beacon from cron", "T1571", lambda event: connects("/bash", C2 + ":8443")(event) and event["uid"] == 0),
]


def quote(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    recorded = events(sys.argv[1])
    commands = {}
    after = 0
    print("# Written by expected.py. The time and the serial together name one audit event.\nhost: web-1\nsteps:")
    for name, technique, matches in STEPS:
        step = next((event for event in recorded if event["serial"] > after and matches(event)), None)
        if step is None:
            sys.exit(f"not in the recording: {name}")
        after = step["serial"]
        for event in recorded:
            if event["serial"] <= after and event["arguments"]:
                commands[event["pid"]] = event["command"]
        print(f"  - name: {name}\n    technique: {technique or 'none'}\n    serial: {after}\n    time: \"{step['time']:.3f}\"")
        print(f"    pid: {step['pid']}\n    ppid: {step['ppid']}\n    uid: {step['uid']}\n    key: {step['key']}\n    exe: {step['exe']}")
        print(f"    command_line: {quote(commands.get(step['pid'], ''))}")
        if step["address"]:
            print(f"    address: {step['address']}")
        if step["key"].startswith("file_"):
            print(f"    path: {next(path for path, kind in step['paths'] if kind != 'PARENT')}")


main()
