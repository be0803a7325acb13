"""Checks that names and prose use the field's standard terms.

    python -m tools.naming [FILE …]

Identifiers of Python files are read by their AST and split into words (`TicketSeen` is `ticket`, `seen`).
Prose is docstrings, comments, Markdown and the Makefile's help lines. String literals are not read: wire
names, stack resources and sentences for users live there. CHANGELOG.md is apart. docs/glossary.md holds the
terms that are Tiketz's own.
"""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from operate.command import Parser

ROOT = Path(__file__).parents[1]
LONGEST_TEST_NAME = 72  # characters
APART = {"CHANGELOG.md", "tools/naming.py", "tests/unit/test_naming.py"}

NAMES = {
    "asked": "request, params",
    "dice": "seeded random",
    "door": "handler, consumer, relay, scheduled job",
    "doors": "handlers",
    "found": "result, row, match",
    "gist": "summary",
    "heard": "event, payload",
    "said": "response, message",
    "sent": "body, payload",
    "told": "event, payload",
}
"""Whole identifiers that say nothing of what they hold → what the field says."""

WORDS = {
    "furnish": "seed",
    "hasty": "short_hold",
    "hear": "on_…_changed, consume",
    "hears": "consumes",
    "heir": "successor",
    "hurry": "apply",
    "mend": "apply_patches",
    "mended": "patched",
    "misfortune": "fault",
    "misfortunes": "faults",
    "patiently": "with_retry",
    "saboteur": "mutant_importer",
    "staff": "start_workers",
    "trouble": "error",
    "troubled": "failed",
    "wish": "search",
    "world": "local_environment, application",
    "worlds": "environments",
}
"""Words that no identifier holds, in any place → what the field says."""

PHRASES = {
    r"again is as good as once": "idempotent",
    r"as unknown as": "404, so that existence is not leaked",
    r"asked for": "requested",
    r"did not do it": "AWS call failed, stripe_request_failed",
    r"doors?": "HTTP handler, SQS consumer, stream relay, scheduled job",
    r"hears?|heard": "consumes, receives",
    r"hurr(y|ies|ied)": "applies",
    r"mend(s|ed|ing)?": "patches",
    r"misfortunes?": "faults",
    r"outranks?": "is returned before any error",
    r"people": "users, buyers, sellers, operators",
    r"said again|says? again": "repeated, republished, replayed",
    r"tells?|told|telling": "publishes, reports, says",
    r"troubles?|troubled": "error, failure",
    r"wish(es|ed)?": "search, request",
    r"worlds?": "local environment, simulated application",
}
"""Prose, as patterns of whole words → what the field says."""

_PHRASE = re.compile("|".join(rf"(?P<p{i}>\b(?:{each})\b)" for i, each in enumerate(PHRASES)), re.IGNORECASE)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Finding(NamedTuple):
    """One word to replace, where it stands and what the field says."""

    path: str
    line: int
    word: str
    instead: str


def check(path: str, text: str) -> list[Finding]:
    """Every word of a file that has a standard term, by line."""
    if path.endswith(".py"):
        findings = [*_identifiers(path, text), *_prose(path, _python_prose(text))]
    elif path.endswith(".md"):
        findings = list(_prose(path, _markdown_prose(text)))
    else:
        findings = list(_prose(path, _help_lines(text)))
    return sorted(set(findings), key=lambda each: each.line)


def tracked() -> list[str]:
    """The files to check: Python, Markdown and the Makefile, as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.md", "Makefile"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [each for each in listed.stdout.splitlines() if each not in APART and (ROOT / each).exists()]


def main() -> int:
    """Exit code 0 where nothing is found, 1 with a line for each finding, 2 for a file that is not there."""
    parser = Parser(prog="python -m tools.naming", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="files to check; all tracked ones by default"
    )
    files = parser.parse_args().files or tracked()
    if missing := [each for each in files if not (ROOT / each).is_file()]:
        parser.error(f"there is no file {missing[0]}")
    findings = [finding for each in files for finding in check(each, (ROOT / each).read_text())]
    for each in findings:
        print(f"{each.path}:{each.line}: {each.word!r}: the field says: {each.instead}")
    print(f"{len(files)} files, {len(findings)} words to replace (tools/naming.py)")
    return 1 if findings else 0


def _identifiers(path: str, text: str) -> Iterator[Finding]:
    for name, line in _bound_names(ast.parse(text)):
        if name.startswith("test_") and len(name) > LONGEST_TEST_NAME:
            yield Finding(path, line, name, f"at most {LONGEST_TEST_NAME} characters")
        plain = name.strip("_")
        if plain in NAMES:
            yield Finding(path, line, name, NAMES[plain])
        for word in (each.lower() for each in _CAMEL.findall(name)):
            if word in WORDS:
                yield Finding(path, line, name, WORDS[word])


def _bound_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a module defines: functions, classes, parameters, variables, attributes it assigns."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case ast.alias(asname=str(name)):
                yield name, node.lineno
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node.lineno


def _prose(path: str, lines: Iterator[tuple[int, str]]) -> Iterator[Finding]:
    instead = list(PHRASES.values())
    for number, line in lines:
        for match in _PHRASE.finditer(line):
            yield Finding(path, number, match[0], instead[int((match.lastgroup or "p0")[1:])])


def _python_prose(text: str) -> Iterator[tuple[int, str]]:
    """Docstrings (of attributes too) and comments, line by line; `code` in backquotes is left out."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(docstring))):
                for offset, line in enumerate(docstring.splitlines()):
                    yield node.lineno + offset, _without_code(line)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], _without_code(token.string)


def _markdown_prose(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs, without fenced blocks, `code` and addresses."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, _without_code(line)


def _help_lines(makefile: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(makefile.splitlines(), 1):
        if "##" in line or line.startswith("#"):
            yield number, line.partition("#")[2]


def _without_code(line: str) -> str:
    return re.sub(r"`[^`]*`|https?://\S+|\([\w./-]+\.(md|py|html)(#[\w-]+)?\)", "", line)


if __name__ == "__main__":
    sys.exit(main())
