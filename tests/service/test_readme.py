"""What the README and the guide ask, asked of a service that holds the curated papers; the README's answers are real.

`ask` (a fixture) answers a document and its variables with the whole response. To write the answers into the README
anew after the papers or the question changed:

    RENEW_README=1 python -m pytest tests/service/test_readme.py
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import build_schema, parse, validate

ROOT: Final = Path(__file__).parents[2]
README: Final = ROOT / "README.md"
GUIDE: Final = ROOT / "docs" / "querying.md"
SCREEN: Final = 30
WIDTH: Final = 100
"""Lines of a screen, and characters of an answer's line before it is broken."""

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]

_BLOCK: Final = re.compile(r"```graphql\n(?P<question>.*?)```(?:\n+```json\n(?P<answer>.*?)```)?", re.DOTALL)
_BY_URL: Final = re.compile(r"--data-urlencode 'query=(.+)'")
_BY_BODY: Final = re.compile(r"-d '(\{.+\})'")


def examples(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every question of a page with its variables: its GraphQL blocks, and what its commands send."""
    yield from ((block["question"], {}) for block in _BLOCK.finditer(text))
    yield from ((query, {}) for query in _BY_URL.findall(text))
    for body in map(json.loads, _BY_BODY.findall(text)):
        yield body["query"], body.get("variables", {})


def answered(text: str, ask: Ask) -> str:
    """The page with the answer to each question that shows one."""

    def renewed(block: re.Match[str]) -> str:
        if block["answer"] is None:
            return block[0]
        answer = {"data": data(ask, block["question"], {})}
        return block[0].replace(block["answer"], shown(answer) + "\n")

    return _BLOCK.sub(renewed, text)


def shown(value: Any, indent: str = "") -> str:
    """JSON in which whatever fits into a line stands in one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    deeper = f"{indent}  "
    if isinstance(value, list):
        inner = [shown(each, deeper) for each in value]
        return "[\n" + ",\n".join(f"{deeper}{each}" for each in inner) + f"\n{indent}]"
    pairs = [f"{json.dumps(key)}: {shown(each, deeper)}" for key, each in value.items()]
    return "{\n" + ",\n".join(f"{deeper}{pair}" for pair in pairs) + f"\n{indent}}}"


def data(ask: Ask, question: str, variables: dict[str, Any]) -> dict[str, Any]:
    """What a question is answered with; it must be answered without an error."""
    response = ask(question, variables)
    assert "errors" not in response, f"{question}\n{response['errors']}"
    found: dict[str, Any] = response["data"]
    return found


def rows(answer: Any) -> Iterator[Any]:
    """What the root fields of an answer hold: the rows of a connection, the nodes of a network, else themselves."""
    for value in answer.values():
        lists = (
            [value[key] for key in ("nodes", "edges", "entities") if key in value] if isinstance(value, dict) else []
        )
        yield from lists or [value]


def of(page: Path) -> list[Any]:
    found = examples(page.read_text(encoding="utf-8"))
    return [pytest.param(*each, id=f"{page.stem}-{i}") for i, each in enumerate(found, 1)]


def test_the_readme_shows_the_real_answers(ask: Ask) -> None:
    text = README.read_text(encoding="utf-8")
    real = answered(text, ask)
    if os.environ.get("RENEW_README"):
        README.write_text(real, encoding="utf-8")
    assert real == text or os.environ.get("RENEW_README"), "answers differ; see the head of this file"
    assert any(block["answer"] for block in _BLOCK.finditer(text))


@pytest.mark.parametrize(("question", "variables"), [*of(README), *of(GUIDE)])
def test_every_question_of_the_readme_and_the_guide_is_answered(
    question: str, variables: dict[str, Any], ask: Ask
) -> None:
    found = list(rows(data(ask, question, variables)))
    assert all(found) != ("absence" in question), (
        f"an example of an absence finds nothing, any other finds something: {found}"
    )


@pytest.mark.parametrize(("question", "variables"), [*of(README), *of(GUIDE)])
def test_every_question_is_one_to_the_committed_schema(question: str, variables: dict[str, Any]) -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    assert validate(schema, parse(question)) == []
    assert set(variables) <= set(re.findall(r"\$(\w+)", question))


def test_the_first_answer_stands_on_the_first_screen() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    served = next(number for number, line in enumerate(lines, 1) if line == "make serve")
    asked = next(number for number, line in enumerate(lines, 1) if line.startswith("curl"))
    assert served < asked <= SCREEN


def test_the_readme_shows_a_question_with_its_answer_and_a_command_that_asks() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(list(examples(text))) >= 2
    assert _BY_URL.search(text)
    assert [json.loads(block["answer"]) for block in _BLOCK.finditer(text) if block["answer"]]


def test_an_answer_is_written_where_the_page_shows_one_and_nowhere_else() -> None:
    page = "A\n```graphql\n{ a }\n```\n\n```json\n{}\n```\nB\n```graphql\n{ b }\n```\nC\n"
    written = answered(page, lambda question, _: {"data": {"asked": question.strip()}})
    assert written == page.replace("{}", '{"data": {"asked": "{ a }"}}')


def test_a_long_answer_is_broken_where_a_line_would_be_too_long_and_means_the_same() -> None:
    answer = {"data": {"nodes": [{"name": "x" * 60, "list": []}, {"name": "y" * 60}], "none": None}}
    assert json.loads(shown(answer)) == answer
    assert max(map(len, shown(answer).splitlines())) <= WIDTH
    assert len(shown(answer).splitlines()) == 9


def test_questions_are_found_in_blocks_and_in_commands() -> None:
    by_body = json.dumps({"query": "c", "variables": {"d": 1}})
    page = f"```graphql\n{{ a }}\n```\ncurl --data-urlencode 'query={{ b }}'\ncurl -d '{by_body}'\n"
    assert list(examples(page)) == [("{ a }\n", {}), ("{ b }", {}), ("c", {"d": 1})]
