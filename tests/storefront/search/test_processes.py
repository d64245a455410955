import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from tests.storefront.search.listings import Make

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
from pathlib import Path
from storefront.search.index import TantivyIndex
from tests.storefront.search.listings import make_listing

index = TantivyIndex(Path(sys.argv[1]))
for line in sys.stdin:
    number = int(line)
    if number < 0:
        index.remove([f"lst_{-number}"])
    else:
        index.put([make_listing(number)])
    index.commit()
    print("done", flush=True)
"""


def start_writer(place: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, str(place)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def tell(writer: "subprocess.Popen[str]", number: int) -> None:
    assert writer.stdin
    assert writer.stdout
    writer.stdin.write(f"{number}\n")
    writer.stdin.flush()
    assert writer.stdout.readline() == "done\n"


def test_a_commit_of_another_process_is_seen_by_the_next_search(tmp_path: Path) -> None:
    reader = TantivyIndex(tmp_path)
    with start_writer(tmp_path) as writer:
        seen = []
        for number in (1, 2, 3, -2, -3, 2):
            tell(writer, number)
            seen.append(reader.search(Query(q="羊绒")).total)
        assert writer.stdin
        writer.stdin.close()
    assert seen == [1, 2, 3, 2, 1, 2]


def test_a_killed_writer_leaves_its_commits_and_no_lock(tmp_path: Path, make: Make) -> None:
    with start_writer(tmp_path) as writer:
        tell(writer, 1)
        writer.kill()
    heir = TantivyIndex(tmp_path)
    heir.put([make(2)])
    heir.commit()
    assert heir.count() == 2
    heir.close()


def test_threads_search_while_the_index_grows(index: TantivyIndex, make: Make) -> None:
    index.rebuild(make(i) for i in range(50))
    end = time.monotonic() + 1

    def look() -> list[int]:
        return [index.search(Query(q="羊绒围巾")).total for _ in iter(lambda: time.monotonic() < end, False)]

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look) for _ in range(4)]
        for i in range(50, 60):
            index.put([make(i)])
            index.commit()
        totals = [look.result() for look in looks]
    assert all(each == sorted(each) and set(each) <= set(range(50, 61)) for each in totals)
    assert index.count() == 60


def test_what_fails_within_a_turn_is_not_shown_with_the_next(index: TantivyIndex, make: Make) -> None:
    with suppress(ZeroDivisionError), index.turn():
        index.put([make(1)])
        raise ZeroDivisionError
    with index.turn():
        index.put([make(2)])
        index.commit()
    assert index.search(Query()).hits == ("lst_2",)


def test_who_reads_in_her_turn_never_writes_what_is_older(index: TantivyIndex, make: Make) -> None:
    now_in_the_shop = [1]

    def refresh(_number: int) -> None:
        for _ in range(20):
            with index.turn():
                price = now_in_the_shop[0]
                time.sleep(0.001)
                now_in_the_shop[0] = price + 1
                index.put([make(7, price_fen=price)])
                index.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(refresh, range(4)))
    assert [document.price_fen for document in index.search(Query()).documents()] == [80]
