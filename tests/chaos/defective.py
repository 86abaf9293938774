"""The product's application with a defect sown into it, so that the rigs prove that they can fail.

CHAOS_DEFECT says which: `hasty` says "received" first and files a moment later; `forgetful` files every retry anew;
`deaf` raises no alert. Nothing of this is in the product.
"""

import io
import os
import threading
import time

from shoshin.wsgi import application as whole

DEFECT = os.environ.get("CHAOS_DEFECT", "")
LATER = 0.4  # seconds


def sow() -> None:
    """Put the defect into this process."""
    from uuid import uuid4

    from shoshin.feedback.actions import responses
    from shoshin.feedback.queries import forms

    if DEFECT == "forgetful":
        forms.key_of = lambda assignment: uuid4()
    if DEFECT == "deaf":
        responses.raise_alerts = lambda **_: None


def hasty(environ, start_response):
    """Answer at once, and do the work afterwards."""
    if environ["PATH_INFO"] == "/f/received/":
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<h1>Received, reference HASTY222</h1>"]
    if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/f/now/"):
        return whole(environ, start_response)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    threading.Thread(target=_file_later, args=(dict(environ) | {"wsgi.input": io.BytesIO(body)},)).start()
    start_response("303 See Other", [("Location", "/f/received/")])
    return [b""]


def _file_later(environ) -> None:
    time.sleep(LATER)
    for _ in whole(environ, lambda *_: None):
        pass


sow()
application = hasty if DEFECT == "hasty" else whole
