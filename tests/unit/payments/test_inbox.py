"""Which contract a transfer is for, and the inbox of those that nobody knew."""

from payments import store

from tests.unit.payments.world import World, collect, counts, mt940

PAYER = "56114010810000267002001001"


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
