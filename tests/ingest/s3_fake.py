"""As much of S3 as reading a log needs, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

BUCKET = "logs"
_LISTING = (
    '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<Name>logs</Name><Prefix>{prefix}</Prefix><KeyCount>{count}</KeyCount><MaxKeys>1000</MaxKeys>"
    "<IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
)
_ENTRY = (
    "<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
    '<ETag>"x"</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>'
)


@contextmanager
def s3(objects: dict[str, bytes]) -> Iterator[str]:
    """Serve objects by key; yield the query that makes an s3:// address lead here."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(head=True)

        def do_GET(self) -> None:
            self._answer(head=False)

        def _answer(self, head: bool) -> None:
            url = urlsplit(self.path)
            key = unquote(url.path).removeprefix(f"/{BUCKET}").lstrip("/")
            if not key:
                prefix = parse_qs(url.query).get("prefix", [""])[0]
                found = {name: data for name, data in objects.items() if name.startswith(prefix)}
                listed = "".join(_ENTRY.format(key=n, size=len(d)) for n, d in found.items())
                text = _LISTING.format(prefix=prefix, count=len(found), contents=listed)
                self._send(200, b"" if head else text.encode(), "application/xml")
            elif key not in objects:
                self._send(404, b"", "application/xml")
            else:
                data, status = objects[key], 200
                wanted = self.headers.get("Range", "")
                if wanted.startswith("bytes=") and not head:
                    low, _, high = wanted[6:].partition("-")
                    data, status = data[int(low) : int(high or len(data)) + 1], 206
                self._send(status, data, "application/octet-stream", head)

        def _send(self, status: int, data: bytes, kind: str, head: bool = False) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("ETag", '"x"')
            self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
            self.end_headers()
            if not head:
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"?scheme=http&endpoint_override=127.0.0.1:{server.server_port}&region=us-east-1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
