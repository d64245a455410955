"""`yuantou lint-text`: one answer a line, whatever the bytes."""

import json

from click.testing import CliRunner

from storefront.cli import main


def test_every_line_is_answered_with_rule_term_place_and_reason() -> None:
    done = CliRunner().invoke(main, ["lint-text"], input="最近到货\n\n袜子全网第①\r\n有机大米")
    told = [json.loads(line) for line in done.output.splitlines()]
    assert [one["verdict"] for one in told] == ["pass", "pass", "block", "evidence"]
    assert [one["text"] for one in told] == ["最近到货", "", "袜子全网第①", "有机大米"]
    found = told[2]["findings"][0]
    assert (found["rule"], found["term"], found["start"]) == ("absolute", "全网第①", 2)
    assert "广告法第九条" in found["why"]
    assert found["fix"]


def test_no_bytes_end_the_command() -> None:
    given = b"\x00\xff\xfe\xe6\x9c\n\xed\xa0\x80\xe6\x9c\x80\xe4\xbd\xb3\n" + b"\x00" * 50 + b"\n\r\n\xef\xbb\xbf"
    done = CliRunner().invoke(main, ["lint-text", "--json"], input=given)
    assert (done.exit_code, done.exception) == (0, None)
    told = [json.loads(line) for line in done.output.splitlines()]
    assert [one["verdict"] for one in told] == ["pass", "block", "pass", "pass", "pass"]
    assert told[1]["text"][told[1]["findings"][0]["start"] :] == "最佳"
