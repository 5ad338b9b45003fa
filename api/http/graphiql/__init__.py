"""GraphiQL, the GraphQL explorer in the browser, from files beside this module: nothing is loaded from elsewhere."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

_HERE = Path(__file__).parent

# Scripts, styles and requests of this service only. The style sheet has its icons in it as `data:`, and a dialog of
# GraphiQL writes a style element whose text depends on the width of the scroll bar, so that no hash could stand for it.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def graphiql_page() -> ASGIApp:
    """The page itself, to be shown at /graphql; it finds its files and the endpoint relative to its own address."""
    html = (_HERE / "index.html").read_bytes()
    return Response(html, media_type="text/html", headers={**_HEADERS, "vary": "accept", "cache-control": "no-cache"})


def graphiql_files() -> Mount:
    """The files of the page, at /graphiql."""
    return Mount("/graphiql", _Files(directory=_HERE / "static"))


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response
