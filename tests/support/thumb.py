"""A thumb that counts: every tap, choice and filled field is one interaction, every character typed is told apart."""

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page


@dataclass
class Thumb:
    """What somebody does on a page; a phone number and a code that was sent are typed, but not counted as typing."""

    page: Page
    interactions: int = 0
    typed: int = 0

    def press(self, name: str, *, exact: bool = False) -> None:
        """A button."""
        self.interactions += 1
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str) -> None:
        """A link."""
        self.interactions += 1
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, label: str, text: str, *, known: bool = False) -> None:
        """A field; what is `known` is the phone number or the code."""
        self.interactions += 1
        self.typed += 0 if known else len(text)
        self.page.get_by_label(label).fill(text)

    def tick(self, label: str) -> None:
        """A box or one of several choices."""
        self.interactions += 1
        self.page.get_by_label(label).check()

    def choose(self, label: str, option: str) -> None:
        """One of a list."""
        self.interactions += 1
        self.page.get_by_label(label).select_option(option)

    def hand_over(self, label: str, file: Path) -> None:
        """A photo or another file of the phone."""
        self.interactions += 1
        self.page.get_by_label(label).set_input_files(file)

    def tell(self, how_far: str) -> None:
        """Print the figures; pytest shows them with `-s` or `-rP`."""
        sys.stdout.write(f"\n{how_far}: {self.interactions} interactions, {self.typed} characters typed\n")
