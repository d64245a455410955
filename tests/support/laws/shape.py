"""What a context is made of, what nothing may be called, and who commits."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.laws.places import WRITTEN_BY_HAND, contexts, files, trees

ATTICS = {"utils", "util", "helpers", "common", "misc", "manager", "constants"}
COMMITTER = "kernel/db.py"
# The search index and the pretended bank keep files of their own, which are no part of the database.
OTHER_STORES = {
    "storefront/search/index.py",
    "storefront/search/lexicon.py",
    "storefront/search/shelf.py",
    "storefront/search/tasks.py",
    "storefront/photos/index.py",
    "commission/payments/sandbox.py",
}
CONTRACT = "importlinter:contract:context"
CONTRACT_OF_DEMO = "importlinter:contract:demo"  # composed of everything, shaped like no context
TEXTS = ".py .md .html .css .js .cfg .toml .sh .po .service .txt"

# Written so that this file does not match itself.
UNWANTED = {
    "a path of one machine": r"(?<![\w.])/(wor[k]|roo[t]|home/\w+)/",
    "a registry's host": r"pypi[.]or[g]|files[.]pythonhoste[d]|registry[.]npmj[s]|deb[.]debia[n]",
    "work left undone": r"\b(TOD[O]|FIXM[E]|XX[X])\b",
    "filler": r"(?i)lorem ipsu[m]",
    "an issue's number": r"(?i)\bissue #?\d",
}


def attics(root: Path) -> list[str]:
    """Complain about modules named after nothing."""
    return [f"{path.relative_to(root)}: say what it holds" for path in files(root, ".py") if path.stem in ATTICS]


def loud_layouts(root: Path) -> list[str]:
    """Complain about a name that a layout sets for itself without `_`: it would replace that of a page, unseen."""
    layouts = (root / "kernel/templates/layouts").glob("*.html")
    return [
        f"{path.relative_to(root)}: `{name}` may be a page's own, call it `_{name}`"
        for path in sorted(layouts)
        for name in re.findall(r"(?m)^{%-? set ([a-z]\w*)", path.read_text(encoding="utf-8"))
    ]


def second_commits(root: Path) -> list[str]:
    """Complain about every `….commit(…)` outside the one transaction of kernel.db."""
    places = [
        f"{name}:{node.lineno}"
        for name, tree in trees(root)
        if name not in OTHER_STORES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    first, rest = [p for p in places if p.startswith(COMMITTER)], [p for p in places if not p.startswith(COMMITTER)]
    return [f"{place}: only {COMMITTER} commits" for place in [*first[1:], *rest]]


def busy_inits(root: Path) -> list[str]:
    """Complain about a context whose `__init__` is not a docstring of a few lines and nothing else."""
    return [
        f"{context.relative_to(root)}/__init__.py: a docstring of two or three sentences, nothing executed"
        for context in contexts(root)
        if not _only_announces(ast.parse((context / "__init__.py").read_text(encoding="utf-8")))
    ]


def unplaced(root: Path) -> list[str]:
    """Complain about contexts missing from the contract on the inside of every context."""
    config = configparser.ConfigParser()
    config.read(root / "setup.cfg", encoding="utf-8")
    contracts = [name for name in (CONTRACT, CONTRACT_OF_DEMO) if name in config]
    placed = {container for name in contracts for container in config[name]["containers"].split()}
    names = [".".join(context.relative_to(root).parts) for context in contexts(root)]
    return [f"{name}: list it under [{CONTRACT}] in setup.cfg" for name in names if name not in placed]


def unwanted_words(root: Path) -> list[str]:
    """Complain about text that ties the project to a machine, a registry, a tracker or an unfinished day."""
    return list(_unwanted(root))


def _only_announces(tree: ast.Module) -> bool:
    return ast.get_docstring(tree) is not None and len(tree.body) == 1 and (tree.body[0].end_lineno or 0) <= 15


def _unwanted(root: Path) -> Iterator[str]:
    at_root = [path for path in sorted(root.iterdir()) if path.suffix in TEXTS.split() or path.name == "Makefile"]
    for path in (*at_root, *files(root, TEXTS, WRITTEN_BY_HAND)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for what, pattern in UNWANTED.items():
                if re.search(pattern, line):
                    yield f"{path.relative_to(root)}:{number}: {what}: {line.strip()[:80]}"
