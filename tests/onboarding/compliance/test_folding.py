"""Where folded text came from: a finding names the words as they stand."""

from onboarding.compliance.lint.folding import fold


def test_where_folded_text_came_from_is_known_for_every_character() -> None:
    given_text = "国★家級 ⑴最\u200b好"
    folded = fold(given_text)
    assert folded.text == "国家级 1最好"
    assert folded.given(0, 3) == (0, 4)


def test_where_a_spelt_word_came_from_is_known() -> None:
    folded = fold("加(v)(x)或 w e i x i n 群")
    assert folded.text == "加微信或 微信 群"
    assert folded.given(1, 3) == (2, 6)
    assert folded.given(5, 7) == (9, 20)
