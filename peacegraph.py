"""Peacegraph's command line, and the one file that puts the three rooms together: `api → graph ← seed`.

Exit codes: 0 done; 1 refused (the input has faults, or the schema has drifted); 2 wrong usage; 3 the store is not
there.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph.errors import PeacegraphError, Refused, Unavailable

HERE = Path(__file__).parent
SCHEMA = HERE / "schema.graphql"
REFUSED, UNAVAILABLE = 1, 3

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="A knowledge graph of actors in peace operations.")
out, err = Console(), Console(stderr=True)

Tick = Callable[[str, int, int | None], None]
"""Progress: what is done, how many steps are done, and of how many (None: not known)."""


@contextmanager
def told() -> Iterator[None]:
    """Turns errors of ours into a message and an exit code; anything else is a bug and shows its trace."""
    try:
        yield
    except Refused as refused:
        err.print(f"[bold]{len(refused.faults)} faults; nothing was loaded.[/bold]")
        for fault in refused.faults:
            err.print(str(fault), markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(REFUSED) from None
    except Unavailable as error:
        err.print(error.message, markup=False, highlight=False)
        raise typer.Exit(UNAVAILABLE) from None
    except PeacegraphError as error:
        err.print(f"{error.code}: {error.message}", markup=False, highlight=False)
        raise typer.Exit(REFUSED) from None


@contextmanager
def progress() -> Iterator[Tick]:
    """A bar on standard error, where somebody is looking; silence elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as bar:
        tasks: dict[str, int] = {}

        def tick(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]  # rich's TaskID is an int

        yield tick


@cli.command()
def serve() -> None:
    """Serve the API and GraphiQL; settings come from PEACEGRAPH_… . Example: PEACEGRAPH_PORT=8080 peacegraph serve"""
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    settings = Settings()
    err.print(f"Peacegraph at http://{settings.host}:{settings.port}/graphql", highlight=False)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        access_log=False,
        loop="uvloop",
        http="httptools",
    )


@cli.command()
def load(
    if_needed: Annotated[bool, typer.Option(help="Do nothing if the newest release is up to date.")] = False,
) -> None:
    """Build a release from the curated files; fill Neo4j, if that is the store. Example: peacegraph load --if-needed"""
    from api.settings import Settings
    from graph.stores.sqlite.builder import SqliteBuilder
    from graph.stores.sqlite.releases import find
    from seed.load import inputs, needed
    from seed.load import load as build

    settings = Settings()
    with told(), progress() as tick:
        folder, files = settings.folder(), inputs()
        if not if_needed or needed(folder, files):
            with SqliteBuilder(folder) as builder:
                release = build(builder, files, tick)
            total = sum(release.counts.values())
            err.print(f"Release {release.number} in {folder}: {total} entities and claims.", highlight=False)
        if not settings.is_sqlite():
            from graph.stores.neo4j.builder import fill

            url = settings.store.get_secret_value()
            asyncio.run(fill(find(folder), url, tick, only_if_needed=if_needed))


@cli.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Curated files; all of seed/papers if none.")] = None,
    number: Annotated[bool, typer.Option(help="Write the next free numbers into claims that lack one.")] = False,
    compare: Annotated[
        tuple[Path, Path] | None, typer.Option(help="Hold two codings of one source, A and B, against each other.")
    ] = None,
    texts: Annotated[
        Path | None, typer.Option(envvar="PEACEGRAPH_PAPERS", help="Folder of the sources' texts, as SLUG.txt.")
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="Print what of each source is coded, section by section.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a curated file, for editors.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print for scripts, as JSON.")] = False,
) -> None:
    """Check curated files and name every fault. Example: peacegraph check --number seed/papers/new-2026.yaml"""
    with told():
        if compare:
            _compare(*compare, json=json)
            return
        if report:
            _report(files or [], json=json)
            return
        if schema:
            from seed.schema import text

            sys.stdout.write(text())
            return
        _check(files or [], texts, number=number)


def _compare(a: Path, b: Path, *, json: bool) -> None:
    from seed import tables
    from seed.compare import as_json
    from seed.compare import compare as held

    found = held(a, b)
    if json:
        _print_json(as_json(found))
        return
    for each in tables.comparison(found):
        out.print(each, soft_wrap=True)


def _report(files: list[Path], *, json: bool) -> None:
    from rich.markdown import Markdown

    from seed.load import inputs
    from seed.report import as_json, page, reports

    found = reports(list(dict.fromkeys([*inputs(), *(path.resolve() for path in files)])))
    if json:
        _print_json([as_json(each) for each in found])
    elif out.is_terminal:
        out.print(Markdown(page(found)))
    else:
        sys.stdout.write(page(found))


def _check(files: list[Path], texts: Path | None, *, number: bool) -> None:
    from seed import report
    from seed.load import beside, inputs, warnings
    from seed.load import check as faults_of
    from seed.number import number as write_numbers

    if number:
        for path in files:
            err.print(f"{path}: {len(write_numbers(path))} claims numbered", highlight=False)
    paths = list(dict.fromkeys([*inputs(), *(path.resolve() for path in files)]))
    copied, unchecked = beside(paths, texts)
    if unchecked:
        where = f"no text in {texts}" if texts else "give --texts FOLDER"
        names = ", ".join(unchecked)
        err.print(f"NOT CHECKED for copied words and dates, {where}: {names}", markup=False, soft_wrap=True)
    if faults := [*faults_of(paths), *copied]:
        raise Refused(faults)
    found = [*warnings(paths), *report.warnings(report.reports(paths))]
    for each in found:
        err.print(f"warning: {each}", markup=False, highlight=False, soft_wrap=True)
    err.print(f"{len(paths)} files, no fault, {len(found)} warnings.", highlight=False)


def _print_json(value: object) -> None:
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")


@cli.command()
def query(
    document: Annotated[str, typer.Argument(help="A GraphQL document, or @FILE, or - for standard input.")],
    variables: Annotated[str, typer.Option(help="Variables, as a JSON object.")] = "{}",
) -> None:
    """Answer one query from the store, as JSON. Example: peacegraph query '{ dataset { release } }'"""
    import orjson

    from api.app import Service
    from api.http.request import GraphQLRequest
    from api.settings import Settings

    if document == "-":
        document = sys.stdin.read()
    elif document.startswith("@"):
        document = Path(document[1:]).read_text(encoding="utf-8")

    async def answer() -> bytes:
        async with Service(Settings()) as service:
            given = await service(GraphQLRequest(document, orjson.loads(variables), None, False))
            return given.body

    with told():
        body = orjson.loads(asyncio.run(answer()))
        _print_json(body)
        if body.get("errors"):
            raise typer.Exit(REFUSED)


@cli.command()
def schema(check: Annotated[bool, typer.Option(help="Only say whether schema.graphql is the schema.")] = False) -> None:
    """Write schema.graphql. Example: peacegraph schema --check"""
    from api.schema import printed

    text = printed()
    if not check:
        SCHEMA.write_text(text, encoding="utf-8")
    elif not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != text:
        err.print("schema.graphql is not the schema that the code makes; run: make schema", highlight=False)
        raise typer.Exit(REFUSED)


@cli.command()
def docs() -> None:
    """Write the generated pages of docs/, and the JSON Schema of curated files. Example: peacegraph docs"""
    for path, text in generated().items():
        (HERE / path).write_text(text, encoding="utf-8")


def generated() -> dict[str, str]:
    """Every generated file but schema.graphql: path → text."""
    from api.reference import pages
    from seed import schema
    from seed.load import inputs
    from seed.report import page, reports

    return pages() | {
        "docs/coverage.md": page(reports(inputs())),
        "seed/papers/claims.schema.json": schema.text(),
    }


@cli.command()
def bench(
    claims: Annotated[list[int] | None, typer.Option(help="Sizes of the synthetic graph, in claims.")] = None,
    seconds: Annotated[float, typer.Option(help="How long each operation is asked of each server.")] = 5.0,
    neo4j: Annotated[bool, typer.Option(help="Measure on Neo4j as well.")] = True,
    write: Annotated[bool, typer.Option(help="Put the table into bench/README.md.")] = False,
) -> None:
    """Measure the service beside a bare one. Example: peacegraph bench --claims 10000 --seconds 2"""
    from bench.load import LoadFailed
    from bench.run import Void, run

    try:
        with told(), progress() as tick:
            run(sizes=claims or [10_000, 100_000], seconds=seconds, neo4j=neo4j, tick=tick, write=write)
    except (Void, LoadFailed) as error:
        err.print(str(error), markup=False, highlight=False)
        raise typer.Exit(REFUSED) from None


if __name__ == "__main__":
    cli()
