"""The ledger import: all or nothing at the door, chunk by chunk inside, numbers without gaps whatever happens."""

import io
import zipfile

import pytest
from statements import store
from statements.app import app
from statements.rules.charge_file import COLUMNS, parse_charges
from statements.rules.numbers import Series

from shared.errors import DomainError
from shared.events.catalog import LedgerImportChunkReady, LedgerImportReceived
from tests.cloud import aws_client
from tests.support import call, outbox

HEADER = ",".join(COLUMNS)


def row(ref, contract="U/ctr_1", day="2026-01-01", amount="12.30", purpose="rent", **more):
    values = {
        "charge_ref": ref,
        "contract_number": contract,
        "date": day,
        "due_date": day,
        "type": "bank",
        "purpose": purpose,
        "amount": amount,
        "description": "",
        **more,
    }
    return ",".join(values[column] for column in COLUMNS)


def csv(*rows):
    return "\n".join([HEADER, *rows]).encode()


def upload(content, name="charges.csv"):
    key = f"org/org_test/ledger/upl_1/{name}"
    aws_client("s3").put_object(Bucket="lokum-test-uploads", Key=key, Body=content)
    return key


def request(world, key):
    return call(app, "POST", "/ledger-imports", token=world.staff, body={"upload": key})


def progress(world, import_id):
    status, body = call(app, "GET", "/ledger-imports/{import_id}", path={"import_id": import_id}, token=world.staff)
    assert status == 200, body
    return body


class Relay:
    """Carries the ledger's own events from the outbox back to its queue, each `times` times."""

    def __init__(self, world, times=1):
        self.world, self.times, self.done = world, times, 0

    def run(self, most=1000):
        kinds = {"LedgerImportReceived": LedgerImportReceived, "LedgerImportChunkReady": LedgerImportChunkReady}
        while most:
            waiting = [(kind, data) for kind, data in outbox("STATEMENTS_TABLE") if kind in kinds]
            if len(waiting) == self.done:
                return
            kind, data = waiting[self.done]
            self.done, most = self.done + 1, most - 1
            for _ in range(self.times):
                self.world.hear(kinds[kind].model_validate(data), event_id=f"evt_relay_{self.done}")


def start(world, content, times=1, name="charges.csv"):
    status, body = request(world, upload(content, name))
    assert status == 202, body
    Relay(world, times).run()
    return progress(world, body["import_id"])


def charges(contract="ctr_1"):
    items = store.EntryItem.query(store.account_pk("org_test", contract), store.EntryItem.sk.startswith("ENTRY#"))
    return list(items)


def numbers():
    return sorted(item.number for contract in ("ctr_1", "ctr_2", "ctr_3") for item in charges(contract))


def test_should_post_a_file_once_however_often_its_messages_come(world):
    # Given two contracts and a file with more charges of one than a transaction takes
    world.start_contract("ctr_1")
    world.start_contract("ctr_2")
    rows = [row(f"a{n:02}", day=f"2026-01-{1 + n % 28:02}") for n in range(32)]
    rows += [row(f"b{n}", "U/ctr_2", day="2025-12-01") for n in range(3)]
    # When it is imported and every message is delivered twice
    done = start(world, csv(*rows), times=2)
    # Then every charge is posted once, and the numbers of each year run from 1 without a gap
    assert (done["state"], done["rows"], done["done"], done["created"], done["unchanged"]) == ("done", 35, 35, 35, 0)
    assert store.find_account("org_test", "ctr_1").snapshot().state.balance == 32 * 1230
    expected = [f"N/2025/{n:06}" for n in range(1, 4)] + [f"N/2026/{n:06}" for n in range(1, 33)]
    assert numbers() == expected
    # And the file once more changes nothing and takes no number
    again = start(world, csv(*rows, row("c0")))
    assert (again["state"], again["created"], again["unchanged"], again["done"]) == ("done", 1, 35, 36)
    assert numbers() == [*expected, "N/2026/000033"]


def test_should_use_the_same_numbers_when_a_chunk_is_tried_again(world, monkeypatch):
    # Given an import whose first try of a chunk fails just before the commit
    world.start_contract("ctr_1")
    _, body = request(world, upload(csv(*[row(f"a{n}") for n in range(5)])))
    relay = Relay(world)
    relay.run(most=1)
    from shared.tables import UnitOfWork

    commit = UnitOfWork.commit

    def die(self):
        raise ConnectionError

    monkeypatch.setattr(UnitOfWork, "commit", die)
    relay_again = Relay(world)
    relay_again.done = relay.done
    with pytest.raises(ConnectionError):
        relay_again.run()
    monkeypatch.setattr(UnitOfWork, "commit", commit)
    assert charges() == []
    # When the message comes again
    relay.run()
    # Then nothing is lost and nothing is there twice
    assert progress(world, body["import_id"])["created"] == 5
    assert numbers() == [f"N/2026/{n:06}" for n in range(1, 6)]


def test_should_give_numbers_back_that_another_import_made_needless(world):
    # Given two imports of the same charges, both planned before either is posted
    world.start_contract("ctr_1")
    content = csv(*[row(f"a{n}") for n in range(4)])
    first, second = (request(world, upload(content))[1]["import_id"] for _ in range(2))
    for number, import_id in enumerate((first, second)):
        world.hear(LedgerImportReceived(import_id=import_id), event_id=f"evt_plan_{number}")
    assert store.get_series("org_test", "2026").series() == Series(8)
    # When both are posted
    for number, import_id in enumerate((second, first)):
        world.hear(LedgerImportChunkReady(import_id=import_id, chunk=0), event_id=f"evt_chunk_{number}")
    # Then the later one has given its numbers back, and they go out next
    assert (progress(world, second)["created"], progress(world, first)["unchanged"]) == (4, 4)
    assert store.get_series("org_test", "2026").series() == Series(8, ((1, 4),))
    start(world, csv(row("b1")))
    assert "N/2026/000001" in numbers()


def test_should_refuse_the_charges_that_an_account_cannot_hold_and_post_the_others(world, monkeypatch):
    monkeypatch.setattr("statements.booking.MAX_OPEN_ITEMS", 3)
    world.start_contract("ctr_1")
    world.start_contract("ctr_2")
    done = start(world, csv(*[row(f"a{n}") for n in range(4)], row("b1", "U/ctr_2")))
    assert (done["state"], done["created"], done["done"]) == ("done", 1, 5)
    assert [(e["line"], e["code"]) for e in done["errors"]] == [(n, "too_many_open_items") for n in (2, 3, 4, 5)]
    assert charges("ctr_1") == []
    series = store.get_series("org_test", "2026").series()
    assert sum(last - first + 1 for first, last in series.returned) == 4


def test_should_change_nothing_when_one_row_is_wrong(world):
    world.start_contract("ctr_1")
    world.start_contract("ctr_2", number="U/7")
    world.start_contract("ctr_3", number="U/7")
    done = start(
        world,
        csv(
            row("ok"),
            row("a", contract="U/unknown"),
            row("b", amount='"12,305"'),
            row("c", amount="-1"),
            row("d", contract="U/7"),
        ),
    )
    assert done["state"] == "failed"
    assert [(e["file"], e["line"], e["field"], e["code"]) for e in done["errors"]] == [
        ("charges.csv", 3, "contract_number", "unknown_contract"),
        ("charges.csv", 4, "amount", "invalid_amount"),
        ("charges.csv", 5, "amount", "invalid_amount"),
        ("charges.csv", 6, "contract_number", "ambiguous_contract"),
    ]
    assert charges() == []
    assert store.get_series("org_test", "2026").series() == Series()


def test_should_name_every_wrong_row_at_once_whatever_is_wrong_with_it(world):
    world.start_contract("ctr_1")
    done = start(world, csv(row("a", contract="U/unknown"), row("b", date="2026-02-30"), row("c", amount="-1")))
    assert [(e["line"], e["field"]) for e in done["errors"]] == [(2, "contract_number"), (3, "date"), (4, "amount")]


def test_should_refuse_a_charge_that_was_posted_with_other_values(world):
    world.start_contract("ctr_1")
    start(world, csv(row("a")))
    done = start(world, csv(row("a", amount="99.00")))
    assert [(e["line"], e["code"]) for e in done["errors"]] == [(2, "charge_changed")]
    assert len(charges()) == 1


def test_should_read_a_zip_and_say_what_is_wrong_with_an_upload(world):
    world.start_contract("ctr_1")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/charges.csv", csv(row("a")))
    assert start(world, packed.getvalue(), name="ledger.zip")["created"] == 1
    with zipfile.ZipFile(other := io.BytesIO(), "w") as archive:
        archive.writestr("payments.csv", "x")
    assert start(world, other.getvalue(), name="ledger.zip")["errors"][0]["code"] == "file_missing"
    assert start(world, b"PK\x03\x04 broken", name="ledger.zip")["errors"][0]["code"] == "unreadable_file"
    with zipfile.ZipFile(damaged := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("charges.csv", csv(*(row(f"a{number}") for number in range(50))))
    broken = bytearray(damaged.getvalue())
    broken[60:120] = bytes(byte ^ 0xFF for byte in broken[60:120])
    assert start(world, bytes(broken), name="ledger.zip")["errors"][0]["code"] == "unreadable_file"
    _, body = request(world, "org/org_test/ledger/upl_9/gone.csv")
    Relay(world).run()
    assert progress(world, body["import_id"])["errors"][0]["code"] == "unknown_upload"
    for foreign in ("org/org_other/ledger/upl_1/charges.csv", "org/org_test/portfolio/upl_1/charges.csv"):
        assert request(world, foreign)[1]["code"] == "unknown_upload"


def test_should_not_show_an_import_to_another_organisation(world):
    from tests.support import profile, put_organisation, sign_in

    world.start_contract("ctr_1")
    done = start(world, csv(row("a")))
    put_organisation(profile("org_other"))
    foreign = sign_in("org_other", "prs_foreign", ("staff", "organisation", "org_other"))
    path = {"import_id": done["import_id"]}
    assert call(app, "GET", "/ledger-imports/{import_id}", path=path, token=foreign)[0] == 404


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe", [(1, "invalid_encoding", "")]),
        (HEADER.encode() + b"\n\xb3", [(2, "invalid_encoding", "")]),
        (b"", [(1, "missing_column", column) for column in COLUMNS]),
        (HEADER.replace("purpose,", "").encode(), [(1, "missing_column", "purpose")]),
        (csv(row("")), [(2, "missing_value", "charge_ref")]),
        (csv(row("a"), row("a")), [(3, "duplicate_row", "charge_ref")]),
        (csv(row("a", day="01.02.2026")), [(2, "invalid_date", "date"), (2, "invalid_date", "due_date")]),
        (csv(row("a", day="20260201")), [(2, "invalid_date", "date"), (2, "invalid_date", "due_date")]),
        (csv(row("a", day="2024-W01-1")), [(2, "invalid_date", "date"), (2, "invalid_date", "due_date")]),
        (csv(row("a", due_date="2101-01-01")), [(2, "invalid_date", "due_date")]),
        (csv(row("a", type="gift")), [(2, "invalid_type", "type")]),
        (csv(row("a", purpose="fun")), [(2, "invalid_purpose", "purpose")]),
        (csv(row("a", description="x" * 201)), [(2, "value_too_long", "description")]),
        (csv(row("a", amount="12,30")), [(2, "surplus_value", "")]),
        (csv(row("a"), '"open'), [(3, "unreadable_file", "")]),
    ],
)
def test_should_name_the_line_and_the_field(content, expected):
    _, problems = parse_charges(content)
    assert [(p.line, p.code, p.field) for p in problems] == expected


def test_should_read_a_file_with_a_byte_order_mark():
    rows, problems = parse_charges(b"\xef\xbb\xbf" + csv(row("a")))
    assert (len(rows), problems) == (1, [])


def test_should_refuse_to_read_more_than_its_limit(monkeypatch):
    monkeypatch.setattr("statements.rules.charge_file.MAX_ROWS", 2)
    _, problems = parse_charges(csv(row("a"), row("b"), row("c")))
    assert [p.code for p in problems] == ["too_many_rows"]


def test_should_refuse_a_zip_that_unpacks_to_too_much(world, monkeypatch):
    from statements import uploads

    monkeypatch.setattr(uploads, "_MAX_BYTES", 1000)
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("charges.csv", b"0" * 5000)
    key = upload(packed.getvalue(), "bomb.zip")
    with pytest.raises(DomainError) as refused:
        uploads.read_charge_file(key)
    assert refused.value.code == "body_too_large"
