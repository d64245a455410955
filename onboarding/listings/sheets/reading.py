"""What a price sheet says, as plain data. Prices are integer fen; rows count from 1."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kernel.errors import Param
from onboarding.listings.sheets.messages import Gravity, gravity, message


@dataclass(frozen=True)
class Tier:
    """One step of the supply ladder: from `min_qty` pieces on, `price_fen` each."""

    min_qty: int
    price_fen: int


@dataclass(frozen=True)
class SheetSku:
    """One variant. `price_fen` is its own unit price; None means that the listing's tiers apply.

    `retail_price_fen` is its own retail price where its row suggests another than that of the listing.
    """

    options: Mapping[str, str]
    stock: int | None = None
    made_to_order: bool = False
    price_fen: int | None = None
    retail_price_fen: int | None = None


@dataclass(frozen=True)
class SharedStock:
    """One number written for several SKUs (their indexes), and the cell where it stands."""

    quantity: int
    skus: tuple[int, ...]
    row: int
    column: str


@dataclass(frozen=True)
class SheetListing:
    """One goods of the sheet. `row` is where it begins; `shared_stock` waits for the owner's answer.

    `path` is a category of ours, with its leaf, that the sheet names to the letter.
    `pictures` name the parts of the workbook (lower case) where its pictures lie, from top to bottom.
    `measure` is what its quantities count by, where the sheet says another thing than pieces: 双.
    `private` names the attributes that buyers do not read.
    """

    code: str | None
    title: str
    category: str | None
    attributes: Mapping[str, str]
    tiers: tuple[Tier, ...]
    retail_price_fen: int | None
    drop_ship_price_fen: int | None
    moq: int | None
    skus: tuple[SheetSku, ...]
    row: int
    worksheet: str = ""
    shared_stock: tuple[SharedStock, ...] = ()
    pictures: tuple[str, ...] = ()
    path: str | None = None
    measure: str | None = None
    private: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something the owner should know about one cell (or, without a row, about the whole table)."""

    code: str
    row: int | None = None
    column: str | None = None
    params: Mapping[str, Param] = field(default_factory=dict)
    worksheet: str = ""

    @property
    def gravity(self) -> Gravity:
        """Whether the listing was left out, a field left empty, a question asked, or all is well."""
        return gravity(self.code)

    def text(self, language: str = "zh") -> str:
        """What happened, why, what to do next."""
        return message(self.code, self.params, language=language)


@dataclass(frozen=True)
class SeenColumn:
    """One column as the owner is shown it: `offered` meanings, the one `inferred`, and how it came to be `told`.

    `pictures` are so many as lie in it; what is `private` buyers do not read, as it was inferred.
    """

    letter: str
    key: str
    head: str
    meaning: str
    inferred: str
    told: str
    offered: tuple[str, ...]
    samples: tuple[str, ...]
    pictures: int = 0
    private: bool = False


@dataclass(frozen=True)
class Table:
    """One goods table: its worksheet, header rows (from 1), and column letter → meaning.

    `first_rows` are those to choose from where only the owner can say in which row the heads stand, `head_row`: None
    while she has not, 0 where there are none, below 0 where it is no table of goods.
    """

    worksheet: str
    header_rows: tuple[int, ...]
    columns: Mapping[str, str]
    seen: tuple[SeenColumn, ...] = ()
    first_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    head_row: int | None = None


@dataclass(frozen=True)
class SheetReading:
    """The whole answer; at least one table."""

    tables: tuple[Table, ...]
    listings: tuple[SheetListing, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def questions(self) -> tuple[Problem, ...]:
        """What only the owner can answer."""
        return tuple(problem for problem in self.problems if problem.gravity is Gravity.ASK)

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The public contract of `yuantou sheet read --json`; the worksheet is named when there are several."""
        several = len(self.tables) > 1
        first = self.tables[0]
        answer: dict[str, Any] = {
            "header_rows": list(first.header_rows),
            "columns": dict(first.columns),
            "listings": [listing_json(listing, several=several) for listing in self.listings],
            "problems": [problem_json(problem, language) for problem in self.problems],
            "notes": list(self.notes),
        }
        if several:
            answer["worksheets"] = [
                {
                    "name": table.worksheet,
                    "header_rows": list(table.header_rows),
                    "columns": dict(table.columns),
                }
                for table in self.tables
            ]
        return answer


def listing_json(listing: SheetListing, *, several: bool = False) -> dict[str, Any]:
    """The public shape of one listing; the worksheet is named when there are several."""
    answer: dict[str, Any] = {
        "code": listing.code,
        "title": listing.title,
        "category": listing.category,
        "attributes": dict(listing.attributes),
        "private": list(listing.private),
        "tiers": [{"min_qty": tier.min_qty, "price_fen": tier.price_fen} for tier in listing.tiers],
        "retail_price_fen": listing.retail_price_fen,
        "drop_ship_price_fen": listing.drop_ship_price_fen,
        "moq": listing.moq,
        "skus": [
            {
                "options": dict(sku.options),
                "stock": sku.stock,
                "made_to_order": sku.made_to_order,
                "price_fen": sku.price_fen,
            }
            for sku in listing.skus
        ],
        "row": listing.row,
        "pictures": len(listing.pictures),
    }
    return answer | {"worksheet": listing.worksheet} if several else answer


def problem_json(problem: Problem, language: str) -> dict[str, Any]:
    """The public shape of one problem, told in a language."""
    answer: dict[str, Any] = {
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "message": problem.text(language),
        "gravity": problem.gravity.value,
        "params": dict(problem.params),
    }
    return answer | {"worksheet": problem.worksheet} if problem.worksheet else answer


def answer_stock(reading: SheetReading, meaning: Literal["per_sku", "total"]) -> SheetReading:
    """The reading with the owner's answer to `stock_ambiguous` applied and the question gone.

    `per_sku`: every SKU has the number. `total`: the number is divided evenly, by largest remainder, the
    earlier SKUs taking the pieces left over, so that the parts sum to the number.
    """
    listings = tuple(_with_stock(listing, meaning) for listing in reading.listings)
    problems = tuple(problem for problem in reading.problems if problem.code != "stock_ambiguous")
    return replace(reading, listings=listings, problems=problems)


def _with_stock(listing: SheetListing, meaning: Literal["per_sku", "total"]) -> SheetListing:
    skus = list(listing.skus)
    for shared in listing.shared_stock:
        for index, quantity in zip(shared.skus, _shares(shared, meaning), strict=True):
            skus[index] = replace(skus[index], stock=quantity)
    return replace(listing, skus=tuple(skus), shared_stock=())


def _shares(shared: SharedStock, meaning: Literal["per_sku", "total"]) -> Iterator[int]:
    whole, left = divmod(shared.quantity, len(shared.skus))
    for position in range(len(shared.skus)):
        yield shared.quantity if meaning == "per_sku" else whole + (position < left)
