"""Papers as PDF. WeasyPrint sees no network and no file but our static ones; fonts are embedded as subsets."""

import io
import mimetypes
import threading
from collections.abc import Iterable, Sequence
from functools import cache

from pypdf import PdfReader, PdfWriter
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.spec import Data, Form

from . import html
from .fonts import STATIC, own_files
from .layout import papers

_ARCHIVAL = "pdf/a-2a"
_drawing = threading.Lock()


class AppFetcher(URLFetcher):
    """Serves `data:` (a form's own pictures) and `app:` (our static files); everything else is refused."""

    def __init__(self) -> None:
        super().__init__(timeout=1, allowed_protocols=["data"], allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("app:"):
            return super().fetch(url, headers)
        file = (STATIC / url.removeprefix("app:")).resolve()
        if not file.is_relative_to(STATIC) or not file.is_file():
            raise ValueError(f"{url} is not a static file")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})


def render_pdf(items: Sequence[tuple[Form, Data]], title: str = "") -> bytes:
    """One PDF of all the filled forms in order, each on new pages that are numbered from 1.

    Some 50 forms a document are a good batch (they share their fonts); join batches with `merge_pdfs`.
    """
    if not items:
        raise ValueError("a PDF needs at least one form")
    text = html.page(papers(items), title or items[0][0].title)
    source = HTML(string=text, base_url="app:", url_fetcher=AppFetcher())
    # Drawing holds the interpreter's lock anyway; the shared fonts are not ours to touch from two threads.
    with _drawing:
        return source.write_pdf(
            stylesheets=[_style()], font_config=_fonts(), presentational_hints=True, pdf_variant=_ARCHIVAL
        )


def merge_pdfs(parts: Iterable[bytes], title: str = "") -> bytes:
    """The parts one after the other in one PDF (an ordinary one: what makes each part PDF/A does not add up)."""
    writer = PdfWriter()
    for part in parts:
        writer.append(PdfReader(io.BytesIO(part)))
    if title:
        writer.add_metadata({"/Title": title})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style() -> CSS:
    """css/paper.css and the fonts that set-up fetched, parsed once a process (with the same configuration!)."""
    own = "".join(
        f'@font-face {{ font-family: "{family}"; src: url("app:{path}"); }}' for family, path in own_files().items()
    )
    text = own + (STATIC / "css" / "paper.css").read_text(encoding="utf-8")
    return CSS(string=text, base_url="app:", url_fetcher=AppFetcher(), font_config=_fonts())
