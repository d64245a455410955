import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query

AWKWARD = "羊绒灯手机aZ09 *?:()[]{}\"'\\/+-~^&|!<>=._,　\x00\n\u202e\u200d👓ü×ﷺ\ud800²٣"
SIGNS = st.text(st.sampled_from(AWKWARD), max_size=80)


@pytest.mark.parametrize(
    "query",
    [
        "AND OR NOT ( ) : * ~ ^ \" ' [ TO ]",
        "title:羊绒 AND price_fen:[1 TO *]",
        "*:*",
        "'; DROP TABLE listings; --",
        "\x00\x01\x1f\x7f",
        "羊绒" * 5_000,
        "a" * 10_000,
        "-" * 10_000,
        "👨‍👩‍👧‍👦🧣🇨🇳",
        "\ud83d",
        "=yr",
        "{{7*7}} <script>",
        "1.2.3.4.5....6",
        "x-x-x-x' '' -",
    ],
)
def test_no_query_raises(judged_index: TantivyIndex, query: str) -> None:
    assert judged_index.search(Query(q=query)).total >= 0


@given(query=st.text(max_size=300) | SIGNS, belt=st.text(max_size=20))
def test_no_text_at_all_raises(judged_index: TantivyIndex, query: str, belt: str) -> None:
    judged_index.search(Query(q=query, belts=(belt,), categories=(belt,)))


def test_signs_mean_nothing(judged_index: TantivyIndex) -> None:
    plain = judged_index.search(Query(q="羊绒围巾"))
    assert judged_index.search(Query(q='+"羊绒" -(围巾)^ ~')).hits == plain.hits
