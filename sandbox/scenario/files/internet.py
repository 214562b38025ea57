"""Everything outside the recorded host: the C2 server, a package mirror and the instance metadata service.

Usage: internet.py PAYLOAD LOG
"""
import http.server
import socketserver
import sys
import threading

PAYLOAD, LOG = sys.argv[1:3]
ROLE = "/latest/meta-data/iam/security-credentials/"
# The example keys of the AWS documentation; they open nothing.
CREDENTIALS = b"""{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Token": "EXAMPLETOKEN"}\n"""


def note(text):
    with open(LOG, "a") as log:
        log.write(text + "\n")


class Http(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        note("http " + self.path)
        if self.path == "/sysupd":
            with open(PAYLOAD, "rb") as payload:
                body = payload.read()
        elif self.path == ROLE:
            body = b"web-instance-role"
        elif self.path.startswith(ROLE):
            body = CREDENTIALS
        elif self.path == "/latest/meta-data/instance-id":
            body = b"i-0123456789abcdef0"
        else:
            body = b"ok\n"
        self.answer(body)

    def do_PUT(self):
        self.answer(b"AQAEAEXAMPLETOKEN==")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(b"ok\n")

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Beacon(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            note("beacon " + line.decode().strip())


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


threading.Thread(target=Tcp(("203.0.113.66", 8443), Beacon).serve_forever, daemon=True).start()
note("ready")
http.server.ThreadingHTTPServer(("0.0.0.0", 80), Http).serve_forever()
