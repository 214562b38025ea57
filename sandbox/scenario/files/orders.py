"""A small order service; it prints labels without a shell."""
import http.server
import subprocess
import urllib.parse


class Orders(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        if url.path == "/health":
            return self.answer(b"ok\n")
        if url.path == "/label":
            sku = query.get("sku", ["none"])[0]
            done = subprocess.run(["printf", "label %s\\n", sku], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
            return self.answer(done.stdout)
        return self.answer(b"not found\n", 404)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(b"stored\n")

    def answer(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, text, *args):
        with open("/var/log/orders/access.log", "a") as log:
            log.write(self.client_address[0] + " " + text % args + "\n")


http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Orders).serve_forever()
