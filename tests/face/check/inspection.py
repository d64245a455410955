"""The parts of the check and what each of them promises."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from flask import Flask

from tests.face.check import crew, lighthouse, report, survey, weights, words
from tests.face.check.addresses import Routes
from tests.face.check.client import Client
from tests.face.check.look import Fault, Findings
from tests.face.check.visitors import visitors

PARTS = ("strings", "routes", "pages", "travel", "lighthouse")
KINDS = ("axe", "sideways", "cut", "targets", "moving", "pictures", "weight", "words", "browser")


class Inspection:
    """One run over a served demo; `short` fills with what falls short, by part."""

    def __init__(
        self,
        app: Flask,
        url: str,
        say: Callable[[str], None],
        *,
        roles: Iterable[str] | None = None,
        routes: Iterable[str] | None = None,
    ) -> None:
        self.app, self.url, self.say = app, url, say
        self.routes = Routes(app)
        self.everybody = [one for one in visitors(app) if not roles or one.role in roles]
        self.prefixes = tuple(routes or ("/",))
        self.is_whole = not roles and not routes
        self.short: dict[str, list[str]] = {}

    def do(self, part: str) -> None:
        """Do one part and print its figures."""
        self.say(f"{part} …")
        self.short[part] = getattr(self, f"_{part}")()

    @cached_property
    def surveys(self) -> list[survey.Survey]:
        """What every visitor can open."""
        seen, found = survey.Seen(), []
        for visitor in self.everybody:
            one = survey.surveyed(self.url, visitor, self.routes)
            one.walk(seen, lambda rule: rule.startswith(self.prefixes))
            self.say(f"  {visitor.role}: {len(one.reached)} routes, {len(one.pages)} pages to look at")
            found.append(one)
        return found

    def _strings(self) -> list[str]:
        sums, wrong = words.catalogue()
        report.table([sums])
        return wrong

    def _routes(self) -> list[str]:
        reached: dict[str, str] = {}
        for one in self.surveys:
            reached |= one.reached
        report.table([{"routes for reading": len(self.routes.rules), **Counter(reached.values())}])
        return [f"nobody reaches {rule}" for rule in self.routes.rules if rule not in reached] if self.is_whole else []

    def _pages(self) -> list[str]:
        pile, found = list(crew.errands(self.url, self.surveys)), list[Findings]()
        for done in crew.work(pile):
            found.append(done)
            self.say(f"  {len(found)}/{len(pile)} {done.errand.role} {done.errand.language}: {len(done.faults)} faults")
        faults = [fault for one in found for fault in one.faults] + self._spoken(found)
        report.table(self._by_role(found, faults))
        return report.grouped(faults)

    def _spoken(self, found: Iterable[Findings]) -> list[Fault]:
        known, faults, foreign = words.data(self.app), list[Fault](), list[str]()
        for one in found:
            wrong = words.chinese_of_ours if one.errand.language == "en" else words.english_of_ours
            for key, said in one.words.items():
                path = key.split(" ")[0]
                how = f"{one.errand.role}, {one.errand.language}"
                faults += [Fault("words", self.routes.of(path), path, how, text) for text in wrong(said, known)]
                foreign += words.unmarked(said) if one.errand.language == "en" else []
        self.say(f"  data in Chinese on English pages without its language: {len(foreign)} texts, most often")
        self.say("    " + "\n    ".join(words.often(foreign)))
        return faults

    def _by_role(self, found: Iterable[Findings], faults: Iterable[Fault]) -> list[dict[str, object]]:
        pages, loads = Counter[str](), Counter[str]()
        heaviest: dict[str, int] = defaultdict(int)
        for one in found:
            role = one.errand.role
            loads[role] += len(one.words)
            heaviest[role] = max(heaviest[role], *one.weights.values(), 0)
        pages.update({one.visitor.role: len(one.pages) for one in self.surveys})
        count = Counter((fault.shown.split(",")[0], fault.kind) for fault in faults)
        return [
            {"role": role, "pages": pages[role], "shown": loads[role]}
            | {kind: count[role, kind] for kind in KINDS}
            | {"heaviest": f"{heaviest[role] / 1000:.0f} kB"}
            for role in pages
        ]

    def _travel(self) -> list[str]:
        wrong, everything = list[str](), []
        for one in self.surveys:
            answers = list(one.answers.values())
            wrong += weights.of_pages(one.client, answers)
            everything += answers
        sums, more = weights.of_assets(Client(self.url), everything)
        report.table([{"pages": sum(one.is_page for one in everything)} | sums])
        return [*wrong, *more]

    def _lighthouse(self) -> list[str]:
        short, rows = list[str](), []
        for one in lighthouse.marked(self.url, self._subjects()):
            rows.append({"page": one.subject.name, **one.marks})
            self.say(f"  {rows[-1]}")
            short += [f"{one.subject.path}: {name} {one.marks[name]}" for name in one.short]
        report.table(rows)
        return short

    def _subjects(self) -> list[lighthouse.Subject]:
        shop = next(one for one in self.surveys if not one.visitor.phone)
        goods = next(path for path in shop.answers if path.startswith("/goods/") and shop.answers[path].is_page)
        owner = next((one for one in self.surveys if one.visitor.role == "owner"), None)
        consoles = []
        if owner is not None:
            cookie = "; ".join(f"{name}={value}" for name, value in owner.client.cookies.items())
            consoles = [lighthouse.Subject("factory console", "/factory", cookie, but=("seo",))]
        return [
            lighthouse.Subject("home", "/"),
            lighthouse.Subject("search", "/factory-goods?q=围巾"),
            lighthouse.Subject("product", goods),
            lighthouse.Subject("join", "/join"),
            *consoles,
        ]
