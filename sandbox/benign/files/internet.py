"""Everything outside the recorded host: a mirror of packages, an application's partner, the instance metadata service.

Usage: internet.py MIRROR LOG
"""
import http.server
import os
import sys
import urllib.parse

MIRROR, LOG = sys.argv[1:3]
# The example keys of the AWS documentation; they open nothing.
CREDENTIALS = b"""{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Token": "EXAMPLETOKEN",
"Expiration": "2038-01-01T00:00:00Z", "LastUpdated": "2026-01-01T00:00:00Z"}\n"""
ROLE = "iam/security-credentials/"
USER_DATA = b"""#cloud-config
users:
  - default
  - {name: ops, groups: sudo, shell: /bin/bash, sudo: "ALL=(ALL) NOPASSWD:ALL", ssh_authorized_keys: [ssh-ed25519 AAAA ops@office]}
write_files:
  - {path: /etc/cron.d/inventory, content: "17 * * * * root /usr/local/bin/inventory\\n"}
  - {path: /usr/local/bin/inventory, permissions: "0755", content: "#!/bin/sh\\nhostname\\n"}
  - {path: /etc/sysctl.d/60-app.conf, content: "vm.swappiness = 10\\n"}
packages: [jq]
runcmd:
  - [sh, -c, "curl -s http://169.254.169.254/latest/meta-data/instance-id > /var/lib/instance-id"]
  - systemctl daemon-reload
"""
METADATA = {
    "": b"ami-id\nhostname\ninstance-id\nlocal-ipv4\nplacement/\npublic-keys/\n",
    "ami-id": b"ami-0123456789abcdef0",
    "hostname": b"ip-10-0-1-10.internal",
    "local-hostname": b"ip-10-0-1-10.internal",
    "instance-id": b"i-0123456789abcdef0",
    "local-ipv4": b"10.0.1.10",
    "placement/": b"availability-zone\nregion",
    "placement/availability-zone": b"ap-northeast-1a",
    "placement/region": b"ap-northeast-1",
    "public-keys/": b"0=admin",
    "public-keys/0/": b"openssh-key",
    "public-keys/0/openssh-key": b"ssh-ed25519 AAAA admin@office",
    ROLE: b"cloud-instance-role",
    ROLE + "cloud-instance-role": CREDENTIALS,
}


class Http(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        if self.server.server_address[0] == "169.254.169.254":
            return self.metadata(path)
        if self.server.server_address[0] == "203.0.113.80":
            return self.answer(b'{"status": "ok", "orders": [1, 2, 3]}\n')
        if path.startswith("/simple/"):
            return self.index(path.split("/")[2])
        self.file(path)

    do_HEAD = do_GET

    def metadata(self, path):
        parts = path.lstrip("/").split("/", 2)
        if len(parts) > 1 and parts[1] == "meta-data":
            body = METADATA.get(parts[2] if len(parts) > 2 else "")
        elif len(parts) > 1 and parts[1] == "user-data":
            body = USER_DATA
        elif path.endswith("instance-identity/document"):
            body = b'{"region": "ap-northeast-1", "instanceId": "i-0123456789abcdef0", "accountId": "111122223333"}'
        else:
            body = None
        self.answer(body or b"not found\n", 200 if body is not None else 404)

    def index(self, name):
        wanted = name.lower().replace("_", "-")
        files = [f for f in os.listdir(MIRROR + "/pypi") if f.split("-")[0].lower().replace("_", "-") == wanted]
        links = "".join(f'<a href="/pypi/{f}">{f}</a>\n' for f in files)
        self.answer(f"<html><body>{links}</body></html>".encode(), 200 if files else 404, "text/html")

    def file(self, path):
        name = os.path.normpath(MIRROR + path)
        if not name.startswith(MIRROR + "/") or not os.path.isfile(name):
            return self.answer(b"not found\n", 404)
        with open(name, "rb") as body:
            self.answer(body.read(), 200, "application/octet-stream")

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(b"AQAEAEXAMPLETOKEN==")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(b"ok\n")

    def answer(self, body, status=200, kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, text, *args):
        with open(LOG, "a") as log:
            log.write(self.server.server_address[0] + " " + text % args + "\n")


if __name__ == "__main__":
    import threading

    for address in ("198.51.100.10", "203.0.113.80", "169.254.169.254"):
        server = http.server.ThreadingHTTPServer((address, 80), Http)
        threading.Thread(target=server.serve_forever).start()
    with open(LOG, "a") as ready:
        ready.write("ready\n")
