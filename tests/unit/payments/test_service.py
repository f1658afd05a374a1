"""Imports, matching and the inbox on the real tables (moto), with deliveries and crashes as they come."""

import logging
from pathlib import Path

import pytest
from payments import chunks, service_imports, service_matching, store
from payments.bank_files.model import BankFileError

from shared.tables import UnitOfWork
from tests.cloud import aws_client
from tests.unit.payments.world import ACCOUNT, World, collect, counts, mt940

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "bank"
PAYER = "56114010810000267002001001"


def load(name):
    return (FILES / name).read_bytes()


@pytest.fixture
def world(cloud):
    made = World()
    for n in (1, 2, 3):
        made.start(f"L/2015/00{n}", contract_id=f"con_{n}", mass_payment_id=f"XX00000000000{n}")
    return made


def test_the_mbank_file_matches_three_of_three(world):
    result = world.run(load("mbank.sta"), "mbank.sta")
    assert (result["state"], result["errors"], result["name"]) == ("done", [], "mbank.sta")
    assert counts(result) == {"transactions": 3, "matched": 3, "unmatched": 0, "duplicates": 0, "ignored": 0}
    payments = world.settled()
    assert [(p["contract_id"], p["amount"], p["currency"]) for p in payments] == [
        ("con_1", 1, "PLN"),
        ("con_2", 1, "PLN"),
        ("con_3", 1, "PLN"),
    ]
    assert payments[0]["value_date"] == payments[0]["booking_date"] == "2017-01-19"
    assert (payments[0]["method"], payments[0]["reference"]) == ("bank", "MB170119012058")
    assert len({p["payment_id"] for p in payments}) == 3


def test_the_same_file_again_changes_nothing(world):
    first = world.run(load("mbank.sta"))
    before = world.settled()
    again = world.run(load("mbank.sta"), "other name.sta")
    assert counts(again) == {"transactions": 3, "matched": 0, "unmatched": 0, "duplicates": 3, "ignored": 0}
    assert (again["state"], again["first_import_id"]) == ("done", first["import_id"])
    assert world.settled() == before


def test_a_file_whose_first_import_stuck_goes_through_on_repeat(world):
    world.receive(load("mbank.sta"))
    (received,) = world.waiting()
    world.deliver(received)
    world.delivered.update(item.pk for item in world.waiting())  # its chunk's event is lost for good
    again = world.run(load("mbank.sta"))
    assert counts(again)["matched"] == 3
    assert len(world.settled()) == 3


def test_overlapping_files_take_each_transfer_once(world):
    rows = [(100 + n, f"B{n}", collect("XX000000000001", n)) for n in range(1, 6)]
    assert counts(world.run(mt940(*rows[:3])))["matched"] == 3
    assert counts(world.run(mt940(*rows[1:], opening=500))) == {
        "transactions": 4,
        "matched": 2,
        "unmatched": 0,
        "duplicates": 2,
        "ignored": 0,
    }
    assert sorted(p["amount"] for p in world.settled()) == [101, 102, 103, 104, 105]


def test_debits_and_announced_entries_are_kept_but_never_matched(cloud):
    world = World(accounts=[("NL91ABNA0417164300", "EUR")])
    result = world.run(load("camt053.v4.xml"))
    assert counts(result) == {"transactions": 4, "matched": 0, "unmatched": 2, "duplicates": 0, "ignored": 2}
    states = {(item.amount, item.state) for item in world.transfers()}
    assert states == {(400, "unmatched"), (600, "unmatched"), (300, "ignored"), (-200, "ignored")}
    assert counts(world.run(load("camt053.v4.xml").replace(b"DEMOXX", b"") + b"\n"))["duplicates"] == 4


def test_norwegian_kids_and_french_references(cloud):
    norway = World("org_no", accounts=[("NO9386011117947", "NOK")])
    norway.start("H-1", currency="NOK", kid="602243")
    norway.start("H-2", currency="NOK", kid="100008-")
    result = norway.run(load("ocr_giro.txt"))
    assert counts(result) == {"transactions": 3, "matched": 2, "unmatched": 1, "duplicates": 0, "ignored": 0}
    france = World("org_fr", accounts=[("FR7630001007941234567890185", "EUR")])
    france.start("FR-2015-1", currency="EUR", rf="RF18 5390 0754 7034")
    france.start("FR-2015-7", currency="EUR")
    result = france.run(load("camt053.v2.xml"))
    assert counts(result) == {"transactions": 4, "matched": 2, "unmatched": 1, "duplicates": 0, "ignored": 1}
    assert {(p["contract_id"], p["amount"]) for p in france.settled()} >= {
        ("con_FR-2015-1", 75000),
        ("con_FR-2015-7", 70050),
    }


def test_ukrainian_contract_number_in_the_title(cloud):
    world = World(accounts=[("UA213223130000026007233566001", "UAH")])
    world.start("Д-2015/007", contract_id="con_ua", currency="UAH")
    result = world.run(load("camt053.v8.xml"))
    assert (counts(result)["matched"], counts(result)["unmatched"]) == (1, 1)
    assert [(p["contract_id"], p["amount"]) for p in world.settled()] == [("con_ua", 185000)]


@pytest.mark.parametrize(
    ("accounts", "data", "code", "line"),
    [
        ([], "mbank.sta", "unknown_bank_account", 2),
        ([("PL61109010140000071219812874", "PLN")], "mbank.sta", "unknown_bank_account", 2),
        ([(ACCOUNT, "EUR")], "mbank.sta", "currency_mismatch", 2),
        ([(ACCOUNT, "PLN")], b"not a bank file", "unknown_format", 1),
        ([(ACCOUNT, "PLN")], mt940((5, "B", "x")).replace(b"PLN0,05", b"PLN0,06"), "balance_mismatch", 7),
    ],
)
def test_a_refused_file_changes_nothing(cloud, accounts, data, code, line):
    world = World(accounts=accounts)
    result = world.run(load(data) if isinstance(data, str) else data)
    assert (result["state"], result["errors"]) == ("failed", [{"line": line, "code": code}])
    assert counts(result) == dict.fromkeys(counts(result), 0)
    assert world.transfers() == []
    assert world.settled() == []


def test_a_refused_file_can_be_sent_again_when_the_account_is_known(cloud):
    World(accounts=[]).run(load("mbank.sta"))
    result = World().run(load("mbank.sta"))
    assert (result["state"], counts(result)["unmatched"]) == ("done", 3)


def test_a_missing_upload_fails_the_import(world):
    status, body = world.call("POST", "/bank-statements", body={"upload": "org/org_test/bank_statement/upl_0/gone.sta"})
    assert status == 202
    world.pump()
    assert world.result(body["import_id"])["errors"] == [{"line": None, "code": "file_not_found"}]


@pytest.mark.parametrize(
    "key",
    ["org/org_other/bank_statement/u/f.sta", "org/org_test/portfolio/u/f.zip", "x", "org/org_test/bank_statement/../f"],
)
def test_only_own_uploads_of_this_purpose(world, key):
    status, body = world.call("POST", "/bank-statements", body={"upload": key})
    assert (status, body["code"]) == (422, "unknown_upload")


def test_a_statement_without_entries_is_done(world):
    result = world.run(mt940())
    assert (result["state"], counts(result)["transactions"]) == ("done", 0)


# --- matching in the service


def test_a_reference_of_two_contracts_is_not_sure(world):
    world.start("L/2015/009", contract_id="con_9", mass_payment_id="XX000000000001")
    result = world.run(mt940((500, "B1", collect("XX000000000001", 1))))
    assert counts(result)["unmatched"] == 1
    (item,) = world.inbox()
    assert [(c["contract_id"], c["score"]) for c in item["candidates"]] == [("con_1", 100), ("con_9", 100)]
    assert item["candidates"][0]["reasons"] == ["mass_payment_id", "reference_of_several"]


def test_a_changed_contract_gives_its_old_reference_back(world):
    world.start("L/2015/001", contract_id="con_1", mass_payment_id="XX000000000077")
    result = world.run(mt940((5, "B1", collect("XX000000000001", 1)), (6, "B2", collect("XX000000000077", 2))))
    assert (counts(result)["matched"], counts(result)["unmatched"]) == (1, 1)
    assert [p["amount"] for p in world.settled()] == [6]


def test_an_older_word_of_a_contract_comes_too_late(world):
    from tests import support
    from tests.unit.payments.world import contract_started

    message = support.event_message(contract_started("OLD/1", contract_id="con_1", kid="602243"), "org_test", "evt_old")
    message["detail"]["metadata"]["occurred_at"] = "2001-01-01T00:00:00Z"
    from payments import app

    app.consumers.consume(message)
    assert store.find_contract("org_test", "con_1").number == "L/2015/001"


def test_another_currency_waits_for_a_person(world):
    world.start("L/2016/005", contract_id="con_eur", currency="EUR", mass_payment_id="XX000000000055")
    world.run(mt940((500, "B1", collect("XX000000000055", 1))))
    (item,) = world.inbox()
    assert item["candidates"][0]["reasons"] == ["mass_payment_id", "currency_differs"]
    status, body = world.assign(item["transfer_id"], "con_eur")
    assert (status, body["code"]) == (422, "currency_differs")


def test_a_payer_seen_before_is_a_candidate(world):
    world.run(mt940((45000, "B1", collect("XX000000000001", 1))))
    world.run(mt940((45000, "B2", collect("XX999999999999", 2, title="za mieszkanie")), opening=45000))
    (item,) = world.inbox()
    assert item["candidates"] == [
        {"contract_id": "con_1", "number": "L/2015/001", "score": 80, "reasons": ["payer_account_and_amount"]}
    ]
    assert (item["payer_name"], item["payer_account"], item["title"]) == ("JAN NOWAK", PAYER, "za mieszkanie")


def test_an_account_that_pays_for_many_says_nothing(world):
    for n in range(100, 125):
        world.start(f"L/2015/{n}", contract_id=f"con_{n}", mass_payment_id=f"XX{n:012d}")
    rows = [(1000, f"B{n}", collect(f"XX{n:012d}", n)) for n in range(100, 125)]
    assert counts(world.run(mt940(*rows)))["matched"] == 25
    world.run(mt940((1000, "B1", collect("XX999999999999", 1)), opening=7))
    assert world.inbox()[0]["candidates"] == []


# --- the inbox


def test_assignment_makes_one_payment_and_teaches_the_payer(world):
    world.run(mt940((700, "B1", collect("XX777777777777", 1)), (700, "B2", collect("XX777777777777", 2))))
    second, first = world.inbox()
    status, answer = world.assign(first["transfer_id"], "con_2")
    assert (status, answer["contract_id"]) == (201, "con_2")
    assert world.assign(first["transfer_id"], "con_2") == (201, answer)
    status, refused = world.assign(first["transfer_id"], "con_3")
    assert (status, refused["code"]) == (409, "already_assigned")
    assert [(p["payment_id"], p["contract_id"], p["amount"]) for p in world.settled()] == [
        (answer["payment_id"], "con_2", 700)
    ]
    assert [item["transfer_id"] for item in world.inbox()] == [second["transfer_id"]]
    world.run(mt940((700, "B3", collect("XX777777777777", 3)), opening=9))
    assert world.inbox()[0]["candidates"][0]["contract_id"] == "con_2"
    (decided,) = [item for item in world.transfers() if item.state == "assigned"]
    assert decided.decided_by == "per_staff"


def test_somebody_elses_contract_or_transfer_is_not_found(world):
    other = World("org_other")
    other.start("X/1", contract_id="con_other")
    world.run(mt940((700, "B1", collect("XX777777777777", 1))))
    (item,) = world.inbox()
    assert world.assign(item["transfer_id"], "con_other")[0] == 404
    assert other.assign(item["transfer_id"], "con_other")[0] == 404
    assert other.inbox() == []
    assert world.assign("trf_none", "con_1")[0] == 404


def test_what_is_matched_or_ignored_cannot_be_assigned(world):
    world.run(mt940((1, "B1", collect("XX000000000001", 1)), (-1, "B2", "oplata")))
    by_state = {item.state: item.transfer_id for item in world.transfers()}
    assert world.assign(by_state["matched"], "con_2")[1]["code"] == "already_assigned"
    assert world.assign(by_state["matched"], "con_1")[0] == 201
    assert world.assign(by_state["ignored"], "con_1")[1]["code"] == "not_assignable"
    assert len(world.settled()) == 1


def test_the_inbox_is_paged_newest_first(world, monkeypatch):
    monkeypatch.setattr(store, "PAGE", 3)
    world.run(mt940(*((n, f"B{n}", collect("XX888888888888", n)) for n in range(1, 5))))
    world.run(mt940((999, "B999", collect("XX888888888888", 999)), opening=1))
    status, page = world.call("GET", "/unmatched-transfers")
    assert (status, [i["amount"] for i in page["items"]]) == (200, [999, 4, 3])
    status, rest = world.call("GET", "/unmatched-transfers", query={"cursor": page["next_cursor"]})
    assert (status, [i["amount"] for i in rest["items"]], rest["next_cursor"]) == (200, [2, 1], None)


def test_imports_are_listed_newest_first(world):
    ids = [world.run(mt940((n, f"B{n}", "x")))["import_id"] for n in (1, 2)]
    status, body = world.call("GET", "/bank-statements")
    assert status == 200
    assert [item["import_id"] for item in body["items"]] == ids[::-1]
    other = World("org_other")
    assert other.call("GET", "/bank-statements/{import_id}", path={"import_id": ids[0]})[0] == 404
    assert other.call("GET", "/bank-statements")[1]["items"] == []


# --- delivered twice, killed anywhere


LARGE = 40
"""More than one step takes, and several chunks of the fixture's size; moto copies its tables in each transaction."""


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "MAX_TRANSFERS", 15)
    monkeypatch.setattr(service_matching, "MAX_OPERATIONS", 40)


def large_file():
    rows = [(n + 1, f"B{n}", collect(f"XX00000000000{n % 4}", n, payer=f"{n % 40:026d}1")) for n in range(LARGE)]
    return mt940(*rows, (-50, "D1", "oplata"))


EXPECTED = {
    "transactions": LARGE + 1,
    "matched": sum(n % 4 in (1, 2, 3) for n in range(LARGE)),
    "unmatched": sum(n % 4 == 0 for n in range(LARGE)),
    "duplicates": 0,
    "ignored": 1,
}


def check_large(world, result):
    assert (result["state"], counts(result)) == ("done", EXPECTED)
    check_books(world, result)


def check_books(world, result):
    assert result["state"] == "done"
    payments = world.settled()
    assert len({p["payment_id"] for p in payments}) == len(payments) == EXPECTED["matched"]
    assert sum(p["amount"] for p in payments) == sum(n + 1 for n in range(LARGE) if n % 4)
    assert len(world.transfers()) == LARGE + 1
    left = [item for item in store.ChunkItem.scan() if item.sk.startswith("CHUNK#")]
    assert not [item for item in left if result["import_id"] in item.pk]


@pytest.mark.parametrize("backwards", [False, True])
def test_everything_delivered_twice_counts_once(world, backwards, small_chunks):
    import_id = world.receive(large_file())
    world.pump(times=2, backwards=backwards)
    check_large(world, world.result(import_id))


def test_progress_is_shown_while_it_runs(world, small_chunks):
    import_id = world.receive(large_file())
    world.deliver(world.waiting()[0])
    world.delivered.add(world.waiting()[0].pk)
    seen = []
    while waiting := world.waiting():
        world.deliver(waiting[0])
        world.delivered.add(waiting[0].pk)
        result = world.result(import_id)
        seen.append(sum(value for name, value in counts(result).items() if name != "transactions"))
        assert counts(result)["transactions"] == LARGE + 1
    assert seen == sorted(seen)
    assert seen[0] < seen[-1] == LARGE + 1


class Killed(BaseException):
    """A worker's end: nothing catches it."""


def test_a_kill_at_any_commit_leaves_nothing_half_done(world, monkeypatch, small_chunks):
    """Each step is killed once before its commit and once after it, before anybody heard of it; then it is delivered again."""
    real = UnitOfWork.commit
    plan = {"steps": 0}

    def commit(uow):
        plan["steps"] += 1
        if plan["steps"] % 3 == 1:
            raise Killed
        real(uow)
        if plan["steps"] % 3 == 2:
            raise Killed

    import_id = world.receive(large_file())
    monkeypatch.setattr(UnitOfWork, "commit", commit)
    kills = 0
    while waiting := world.waiting():
        for item in waiting:
            try:
                world.deliver(item)
                world.delivered.add(item.pk)
            except Killed:
                kills += 1
    monkeypatch.setattr(UnitOfWork, "commit", real)
    assert kills >= 6
    check_large(world, world.result(import_id))


def test_two_imports_of_the_same_file_at_once_book_it_once(world, small_chunks):
    first, second = world.receive(large_file()), world.receive(large_file())
    world.pump()
    a, b = counts(world.result(first)), counts(world.result(second))
    assert world.result(first)["state"] == world.result(second)["state"] == "done"
    assert a["transactions"] == b["transactions"] == LARGE + 1
    for result in (a, b):
        assert sum(result.values()) == 2 * (LARGE + 1)
    assert a["matched"] + b["matched"] == EXPECTED["matched"]
    assert a["duplicates"] + b["duplicates"] == LARGE + 1
    assert len({p["payment_id"] for p in world.settled()}) == EXPECTED["matched"]


def test_a_file_larger_than_one_transaction_is_written_in_steps(world, monkeypatch, small_chunks):
    monkeypatch.setattr(service_imports, "_CHUNKS_A_STEP", 2)
    import_id = world.receive(large_file())
    world.deliver(world.waiting()[0])
    item = store.find_import("org_test", import_id)
    assert (item.chunks_written, item.chunks, item.state) == (2, 3, "running")
    world.pump(times=2)
    check_large(world, world.result(import_id))


def test_a_file_on_its_way_does_not_fail_when_its_upload_expires(world, monkeypatch, small_chunks):
    monkeypatch.setattr(service_imports, "_CHUNKS_A_STEP", 2)
    import_id = world.receive(large_file())
    world.deliver(world.waiting()[0])
    world.delivered.add(world.waiting()[0].pk)
    key = store.find_import("org_test", import_id).upload
    aws_client("s3").delete_object(Bucket="lokum-test-uploads", Key=key)
    (rest,) = [item for item in world.waiting() if item.detail_type == "BankStatementReceived"]
    with pytest.raises(BankFileError):
        world.deliver(rest)
    assert world.result(import_id)["state"] == "running"
    world.delivered.update(item.pk for item in world.waiting())
    again = world.receive(large_file())
    world.pump()
    check_books(world, world.result(again))


# --- personal data


def test_names_accounts_and_titles_stay_in_the_table(world, caplog, capfd):
    caplog.set_level(logging.DEBUG, logger="lokum")
    world.run(load("mbank.sta"))
    world.run(mt940((5, "B1", collect("XX888888888888", 1, title="sekretny tytul"))))
    world.run(mt940((5, "B1", "sekretny")).replace(b"C0,05", b"Csekretny"))
    said = str(world.events()) + caplog.text + "".join(capfd.readouterr())
    for personal in ("NOWAK", "PRZYK", "56114010810000267002001001", "sekretny"):
        assert personal not in said
