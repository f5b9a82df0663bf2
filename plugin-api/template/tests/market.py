#!/usr/bin/env python3
"""A marketplace on 127.0.0.1, over HTTPS: it answers as cases/cases.json says, to try the plugin in a real host.

market.py [KEY]   until Ctrl-C; says what to write into marketplug.yaml and into the shop's file

Requests without `Authorization: Bearer KEY` are refused with 401. Needs the program openssl, for a certificate.
"""
import http.server
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading


CASES = pathlib.Path(__file__).resolve().parent / "cases/cases.json"


def holds(has, wanted):
    """Members that are wanted, with their values; anything else must be the same."""
    if isinstance(wanted, dict):
        return isinstance(has, dict) and all(key in has and holds(has[key], value) for key, value in wanted.items())
    return has == wanted


def certificate(folder):
    key, certificate = folder / "market-key.pem", folder / "market.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=Example Market", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


class Market:
    """with Market(folder, key) as market: it runs until the block ends. The certificate lies in the folder."""

    def __init__(self, folder, key):
        self.exchanges = json.loads(CASES.read_text(encoding="utf-8"))["exchanges"]
        self.key = key
        self.asked = []
        market = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10  # seconds, for who connects and says nothing

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer = market.answer(self.path, self.headers.get("Authorization"), json.loads(body or "{}"))
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.ca, key_file = certificate(pathlib.Path(folder))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, key_file)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                 do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.url = f"https://127.0.0.1:{self.port}"

    def host_line(self):
        """For marketplug.yaml: trust in the certificate, and leave to ask a private address."""
        return f'http: {{ ca_file: {self.ca}, allow_private: ["127.0.0.1:{self.port}"] }}\n'

    def shop_file(self):
        return f"""id: my-shop
name: My shop
plugin: example-market
enabled: true
currency: EUR
settings: {{ api: "{self.url}", api_key: "${{env:MARKET_KEY}}" }}
"""

    def answer(self, path, authorization, body):
        self.asked.append(path)
        if authorization != f"Bearer {self.key}":
            return 401, {"message": "who are you?"}
        for exchange in self.exchanges:
            request = exchange["request"]
            # What depends on a push is not there: nothing is pushed.
            if "if_effect" in exchange or request["path"] != path or not holds(body, request.get("json", {})):
                continue
            return exchange["answer"].get("status", 200), exchange["answer"].get("json", {})
        return 404, {"message": "no such operation"}

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def main(key):
    with tempfile.TemporaryDirectory() as folder, Market(folder, key) as market:
        print(f"""Example Market answers at {market.url}, to the key {key}, until Ctrl-C.

A line for marketplug.yaml:
{market.host_line()}
All of shops.d/my-shop.yaml:
{market.shop_file()}
Before the host is started:
export MARKET_KEY={key}""", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    main(sys.argv[1] if len(sys.argv) == 2 else "try-it")
