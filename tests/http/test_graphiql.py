"""GraphiQL is served from files of the project and loads nothing from elsewhere."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from graphql import parse

import api.http.graphiql
from tests.http.toy import application

STATIC = Path(api.http.graphiql.__file__).parent / "static"


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application())
    headers = {"accept": "text/html"}
    async with httpx.AsyncClient(transport=transport, base_url="http://peacegraph.test", headers=headers) as browser:
        yield browser


async def test_every_file_of_the_page_is_served_with_its_type(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/graphql")).text
    names = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(names) == 7
    # Python and the machine it runs on may name the type of a script in either way.
    types = {".js": ("text/javascript", "application/javascript"), ".css": ("text/css",), ".svg": ("image/svg+xml",)}
    for name in names:
        answer = await browser.get(f"/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] in types[Path(name).suffix]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_may_load_nothing_from_elsewhere(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/graphql")
    policy = dict(line.split(" ", 1) for line in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    sources = {source for directive in policy.values() for source in directive.split()}
    assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert "//" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize("name", ["graphiql.min.css", "page.css", "page.js"])
def test_no_style_sheet_or_script_of_the_page_names_another_address(name: str) -> None:
    text = (STATIC / name).read_text()
    assert not re.search(r"@import|https?:|url\((?!data:image)", text)


async def test_the_first_query_of_a_visitor_is_a_document(browser: httpx.AsyncClient) -> None:
    assert parse((await browser.get("/graphiql/first.graphql")).text).definitions


async def test_a_file_that_has_not_changed_is_not_sent_again(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/graphiql/graphiql.min.js")
    again = await browser.get("/graphiql/graphiql.min.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["../index.html", "%2e%2e/__init__.py", "..%2f__init__.py", "renew.mjs", ""])
async def test_nothing_but_the_files_of_the_page_is_served(browser: httpx.AsyncClient, path: str) -> None:
    assert (await browser.get(f"/graphiql/{path}")).status_code == 404


async def test_the_licences_are_served_with_what_they_cover(browser: httpx.AsyncClient) -> None:
    licences = (await browser.get("/graphiql/LICENSES.txt")).text
    assert all(f"{name} (MIT)" in licences for name in ("graphiql", "react", "react-dom", "codemirror", "graphql"))
