"""A reading told in lines for the command line."""

from collections.abc import Iterator

from onboarding.listings.sheets.reading import Problem, SheetListing, SheetReading


def as_text(reading: SheetReading, language: str = "zh") -> str:
    """Listings, then problems by row, then notes; one per line."""
    return "\n".join(_lines(reading, language)) + "\n"


def _lines(reading: SheetReading, language: str) -> Iterator[str]:
    for table in reading.tables:
        place = f"{table.worksheet} · " if table.worksheet else ""
        rows = "、".join(map(str, table.header_rows))
        heads = " ".join(f"{letter}={meaning}" for letter, meaning in table.columns.items())
        yield f"{place}表头 {rows} 行：{heads}"
    yield f"商品 {len(reading.listings)} 款，规格 {sum(len(listing.skus) for listing in reading.listings)} 个"
    for listing in reading.listings:
        yield _listing(listing)
    for problem in reading.problems:
        yield f"! {_place(problem)}{problem.text(language)} [{problem.code}]"
    for note in reading.notes:
        yield f"# {note}"


def _listing(listing: SheetListing) -> str:
    tiers = " ".join(f"≥{tier.min_qty} ¥{_yuan(tier.price_fen)}" for tier in listing.tiers)
    retail = f" 零售 ¥{_yuan(listing.retail_price_fen)}" if listing.retail_price_fen is not None else ""
    moq = f" 起订 {listing.moq}" if listing.moq is not None else ""
    pictures = f"  图 {len(listing.pictures)}" if listing.pictures else ""
    name = " ".join(part for part in (listing.code, listing.title) if part)
    return (
        f"{listing.row:>5}  {name}  {tiers}{retail}{moq}  规格 {len(listing.skus)}  {listing.category or '?'}{pictures}"
    )


def _place(problem: Problem) -> str:
    sheet = f"{problem.worksheet} " if problem.worksheet else ""
    if problem.row is None:
        return sheet
    return f"{sheet}{problem.column or ''}{problem.row}："


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
