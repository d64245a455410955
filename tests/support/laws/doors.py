"""A context is entered by its front door: what can be done, asked, is true, and may enter or leave."""

from collections.abc import Iterable

FRONT = {"operations", "queries", "rules", "schemas"}
# Rules, verbs, news, a glance.
BY_THEIR_OWN_NAME = {"pricing", "proposals", "credit_code", "diagnosis", "stock", "facts", "desk", "findings", "unsent"}
BY_THEIR_OWN_NAME |= {"unfinished", "disposal", "certified", "lapses"}
BY_THEIR_OWN_NAME |= {"decisions", "deeds", "measures"}  # of operators
BY_THEIR_OWN_NAME |= {"grants", "consents"}  # of helpers
BY_THEIR_OWN_NAME |= {"tables", "statements"}  # what is called how, lists described once
BY_THEIR_OWN_NAME |= {"changes"}  # of goods on sale, as people compare them
# Of goods before an operator.
BY_THEIR_OWN_NAME |= {"takedowns", "mendings", "relisting", "sharing", "corrections"}
BY_THEIR_OWN_NAME |= {"doubts", "asked", "steps", "bulk"}
# Which picture stands for goods; those that lie in a sheet, or come with a sentence.
BY_THEIR_OWN_NAME |= {"covers", "enclosed", "dictation", "figures"}
BY_THEIR_OWN_NAME |= {"catalogue", "loading", "loaded", "vouching", "founding"}  # of whole catalogues
BY_THEIR_OWN_NAME |= {"intake"}  # a file on its way in
BY_THEIR_OWN_NAME |= {"claims"}  # what the law says of a listing
BY_THEIR_OWN_NAME |= {"discretion"}  # what of a sheet is between traders
# Of the world outside: pure, on packaged data.
KNOWLEDGE = {"divisions", "placenames", "names", "trades", "lint", "categories", "text", "english"}
PORTS = {"index", "rail", "ocr"}  # what a deployment plugs in is asked for by its type
DOORS = FRONT | BY_THEIR_OWN_NAME | KNOWLEDGE | PORTS
READ_ONLY_JOINS = "models"  # these of a context above may join the tables below
READERS = {
    "queries",
    "pick_ups",
    "market",
    "desk",
    "evidence",
    "factories",
    "matters",
    "goods",
    "asked",
    "doubts",
    "sharing",
    "timing",
}
READERS |= {"vouching", "loaded"}
READERS |= {"unfinished", "enclosed", "subjects", "seen", "glances"}
READERS |= {"documents", "slices"}  # what the index keeps
READERS |= {"shelves", "shops"}  # goods beside goods, and who else sells them
READERS |= {"papers", "wares", "dealings", "interventions"}  # parts of a copy of one's own data
COMPOSERS = {
    "storefront.app",
    "storefront.jobs",
    "storefront.cli",
    "storefront.finding",
    "storefront.readings",
    "storefront.demo",
}

# A module name at depth three, `onboarding.listings.operations`, is the first with a context in it.
CONTEXT_DEPTH = 2


def by_the_window(imports: Iterable[tuple[str, str]]) -> list[str]:
    """Complain about imports `(importer, imported)` that enter another context other than by its doors."""
    return [
        f"{importer} -> {imported}: enter by {', '.join(sorted(FRONT))}"
        for importer, imported in sorted(imports)
        if _is_foreign_context(importer, imported) and not _may_enter(importer, imported)
    ]


def _is_foreign_context(importer: str, imported: str) -> bool:
    parts = imported.split(".")
    inside_a_context = len(parts) > CONTEXT_DEPTH and parts[0] != "kernel"
    return inside_a_context and importer.split(".")[:CONTEXT_DEPTH] != parts[:CONTEXT_DEPTH]


def _may_enter(importer: str, imported: str) -> bool:
    door = imported.split(".")[CONTEXT_DEPTH]
    joins = importer.rsplit(".", maxsplit=1)[-1] in READERS and door == READ_ONLY_JOINS
    composes = ".".join(importer.split(".")[:CONTEXT_DEPTH]) in COMPOSERS
    return door in DOORS or joins or composes
