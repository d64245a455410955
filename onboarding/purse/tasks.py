"""What the worker does for payout accounts: tell every owner, and who was one of late, the last four digits at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from commission.payees.queries import account, replaced_by
from kernel.audit import operation
from kernel.errors import NotFoundError
from kernel.finding import absolute
from kernel.permissions import SYSTEM
from kernel.text import lazy
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.purse.queries import owners, past_owners

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from commission.payees.queries import AccountLine
    from kernel.errors import Param
    from kernel.permissions import Actor
    from kernel.ports import Ports
    from kernel.text import Message

_SAID: Final[Mapping[str, Message]] = {
    "given": lazy("收款账户已设为%(bank)s尾号 %(last)s，货款会打到这里。不是您设的，请马上登录查看并联系平台。"),
    "changed": lazy(
        "有人要把收款账户从%(old_bank)s尾号 %(old_last)s 换成%(bank)s尾号 %(last)s，72 小时后生效，"
        "另一位老板确认则马上生效。不是您改的，请马上登录，在“收款账户”里撤回。"
    ),
    "confirmed": lazy(
        "收款账户已从%(old_bank)s尾号 %(old_last)s 换成%(bank)s尾号 %(last)s，经另一位老板确认。"
        "不是您改的，请马上联系平台。"
    ),
    "withdrawn": lazy("换成%(bank)s尾号 %(last)s 的申请已撤回，货款还是打到%(old_bank)s尾号 %(old_last)s。"),
}
_SAID_TO_PAST: Final = lazy(
    "有人要把您刚离开的店铺的收款账户从%(old_bank)s尾号 %(old_last)s 换成%(bank)s尾号 %(last)s，72 小时后生效。"
    "您不同意，请马上登录，在这里撤回：%(link)s"
)


def tell_owners(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text all owners of a party, past ones too, what happened to its account; runs after `payee.changed`."""
    one, old = account(payload["account"]), replaced_by(payload["account"])
    if one is None:
        raise NotFoundError
    params: dict[str, Param] = {"bank": one.bank, "last": one.last_four}
    if old is not None:
        params |= {"old_bank": old.bank, "old_last": old.last_four}
    said = _SAID[payload["deed"]]
    words = Words(said, params)
    link = absolute(f"/payout-accounts/{one.account}")
    to_past = Words(_SAID_TO_PAST, {**params, "link": link}) if payload["deed"] == "changed" else words
    _tell(change=one, words=words, to_past=to_past, actor=SYSTEM, now=now)


@operation("payee.tell_owners")
def _tell(*, change: AccountLine, words: Words, to_past: Words, actor: Actor, now: datetime) -> None:
    tell(owners(change.party), words, actor=actor, now=now)
    tell(past_owners(change), to_past, actor=actor, now=now)
