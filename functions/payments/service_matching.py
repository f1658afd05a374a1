"""Chunks of transfers to payments: as many as one transaction takes, then the chunk's event again for the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from payments import chunks, service_index, service_payouts, store
from payments import rules_matching as rules
from payments.bank_files.model import Transfer
from shared import clock
from shared.events.catalog import BankStatementChunkParsed, PaymentSettled, PaymentUnmatched
from shared.ids import derived_id
from shared.tables import MAX_OPERATIONS, UnitOfWork

_ROWS_A_STEP: Final = 90
_RESERVED: Final = 5
"""Operations beside the transfers: the once item, progress, import, chunk, and the event for the rest."""
_KEEP_SECONDS: Final = 30 * 86_400
_CERTAIN: Final = 95
"""From here on a reference needs no word of the title."""


def match_chunk(uow: UnitOfWork, import_id: str, chunk: int) -> None:
    """Take the next transfers of a chunk: each becomes a payment, waits for a person, or is a duplicate or ignored.

    All that is staged commits together with the chunk's progress, so its result counts once however often it is delivered.
    """
    found = store.find_chunk(uow.organisation_id, import_id, chunk)
    if found is None:
        return
    progress = store.progress_of(uow.organisation_id, import_id, chunk, clock.timestamp() + _KEEP_SECONDS)
    rows = chunks.unpack(found.payload)
    position = int(progress.position)
    step = _Step(uow, import_id, progress, service_payouts.Recogniser(uow.organisation_id))
    taken = step.take(rows[position : position + _ROWS_A_STEP])
    progress.position = position + taken
    uow.put(progress)
    if progress.position < len(rows):
        uow.emit(BankStatementChunkParsed(import_id=import_id, chunk=chunk))
        return
    uow.delete(found)
    _finish_chunk(uow, import_id, progress)


def _finish_chunk(uow: UnitOfWork, import_id: str, progress: store.ProgressItem) -> None:
    """Add a finished chunk to its import; the last one ends the import."""
    item = store.find_import(uow.organisation_id, import_id)
    if item is None:
        return
    item.matched += progress.matched
    item.unmatched += progress.unmatched
    item.duplicates += progress.duplicates
    item.ignored += progress.ignored
    item.chunks_done += 1
    if item.chunks_done == item.chunks:
        item.state = store.DONE
    uow.put(item)


def settled(item: store.TransferItem, contract_id: str) -> PaymentSettled:
    """The payment that a transfer makes; its id comes from the transfer, so that it can be made only once."""
    return PaymentSettled(
        payment_id=payment_id(item.transfer_id),
        contract_id=contract_id,
        amount=int(item.amount),
        currency=item.currency,
        value_date=date.fromisoformat(item.value_date),
        booking_date=date.fromisoformat(item.booking_date),
        method="bank",
        reference=item.bank_reference or item.transfer_id,
    )


def payment_id(transfer_id: str) -> str:
    return derived_id("pay", transfer_id)


@dataclass
class _Step:
    """One transaction's worth of transfers."""

    uow: UnitOfWork
    import_id: str
    progress: store.ProgressItem
    recogniser: service_payouts.Recogniser
    payers: dict[str, store.PayerItem] = field(default_factory=dict)
    learned: dict[str, store.PayerItem] = field(default_factory=dict)

    def take(self, rows: list[chunks.Row]) -> int:
        """Stage as many of these rows as the transaction takes; how many were taken."""
        known = store.known_transfers(self.uow.organisation_id, (row.transfer_id for row in rows))
        fresh = [row for row in rows if row.transfer_id not in known]
        # Two operations a transfer at least, so more than this are not taken anyway.
        decisions = self._decide([row for row in fresh if _is_credit(row)][: MAX_OPERATIONS // 2])
        taken = 0
        for row in rows:
            if row.transfer_id in known:
                self.progress.duplicates += 1
            elif not self._stage(row, decisions.get(row.transfer_id)):
                break
            known.add(row.transfer_id)
            taken += 1
        for payer in self.learned.values():
            self.uow.put(payer)
        return taken

    def _stage(self, row: chunks.Row, decision: rules.Decision | None) -> bool:
        """Stage one transfer, if there is room for it with its event and what it teaches of the payer."""
        if self.uow.size + len(self.learned) + 3 > MAX_OPERATIONS - _RESERVED:
            return False
        item = _transfer_item(self.uow.organisation_id, self.import_id, row)
        if not _is_credit(row):
            item.state = store.IGNORED
            self.progress.ignored += 1
        elif decision is None:
            return False
        elif self.recogniser.take(self.uow, item, row.transfer):
            self.progress.matched += 1
        elif decision.sure:
            self._settle(item, row, decision.sure)
        else:
            self._leave(item, row, decision)
        self.uow.create(item)
        return True

    def _settle(self, item: store.TransferItem, row: chunks.Row, sure: rules.Candidate) -> None:
        item.state = store.MATCHED
        item.candidates = [_candidate(sure)]
        item.contract_id = sure.contract.contract_id
        item.payment_id = payment_id(item.transfer_id)
        self.uow.emit(settled(item, sure.contract.contract_id))
        self.progress.matched += 1
        account = rules.account_key(row.transfer.payer_account)
        payer = self.payers.get(account)
        if payer and service_index.learn_payer(payer, sure.contract, row.transfer.amount):
            self.learned[account] = payer

    def _leave(self, item: store.TransferItem, row: chunks.Row, decision: rules.Decision) -> None:
        item.state = store.UNMATCHED
        item.candidates = [_candidate(candidate) for candidate in decision.candidates]
        store.wait(item, self.uow.organisation_id, row.transfer.line)
        self.uow.emit(
            PaymentUnmatched(
                transfer_id=item.transfer_id,
                import_id=self.import_id,
                amount=row.transfer.amount,
                currency=row.transfer.currency,
            )
        )
        self.progress.unmatched += 1

    def _decide(self, rows: list[chunks.Row]) -> dict[str, rules.Decision]:
        """What the index says of each row: all references in one look-up, then the titles of those that no reference settles."""
        organisation_id = self.uow.organisation_id
        clues = {row.transfer_id: _clues(row) for row in rows}
        entries = {store.index_entry(clue.kind, clue.value) for found in clues.values() for clue in found}
        index = store.index_items(organisation_id, entries)
        accounts = {rules.account_key(row.transfer.payer_account) for row in rows} - {""}
        self.payers = store.payers(organisation_id, accounts)
        evidence = {one: list(_reference_evidence(found, index)) for one, found in clues.items()}
        open_rows = [row for row in rows if all(item.score < _CERTAIN for item in evidence[row.transfer_id])]
        for row, found in _number_evidence(organisation_id, open_rows):
            evidence[row.transfer_id].extend(found)
        return {row.transfer_id: self._decision(row, evidence[row.transfer_id]) for row in rows}

    def _decision(self, row: chunks.Row, evidence: list[rules.Evidence]) -> rules.Decision:
        transfer = row.transfer
        payer = self.payers.get(rules.account_key(transfer.payer_account))
        history = service_index.history_of(payer)
        return rules.decide(
            amount=transfer.amount,
            currency=transfer.currency,
            reversal=transfer.reversal,
            evidence=[*evidence, *rules.payer_evidence(history, transfer.amount)],
        )


def _is_credit(row: chunks.Row) -> bool:
    return row.transfer.booked and row.transfer.amount > 0


def _clues(row: chunks.Row) -> tuple[rules.Clue, ...]:
    transfer = row.transfer
    return rules.clues(
        mass_payment_id=transfer.mass_payment_id,
        virtual_account=transfer.virtual_account,
        creditor_reference=transfer.creditor_reference,
        title=transfer.title,
        not_accounts=(row.account, transfer.payer_account),
    )


def _reference_evidence(
    clues: tuple[rules.Clue, ...], index: Mapping[str, store.IndexItem]
) -> Iterable[rules.Evidence]:
    for clue in clues:
        item = index.get(store.index_entry(clue.kind, clue.value))
        contracts = service_index.contracts_of(item) if item else []
        for contract in contracts:
            yield rules.Evidence(contract, clue.score, clue.reason)
            if len(contracts) > 1:
                yield rules.Evidence(contract, 0, "reference_of_several")


def _number_evidence(organisation_id: str, rows: list[chunks.Row]) -> Iterable[tuple[chunks.Row, list[rules.Evidence]]]:
    if not rows:
        return
    shapes = frozenset(store.shapes(organisation_id).shapes)
    found = [(row, _number_clues(row.transfer, shapes)) for row in rows]
    keys = {clue.key for _, clues in found for clue in clues}
    items = store.index_items(organisation_id, (store.index_entry("number", key) for key in keys))
    index = {
        key: service_index.contracts_of(items[entry])
        for key in keys
        if (entry := store.index_entry("number", key)) in items
    }
    for row, clues in found:
        yield row, list(rules.number_evidence(clues, index))


def _number_clues(transfer: Transfer, shapes: frozenset[str]) -> tuple[rules.NumberClue, ...]:
    """From the title, and from the reference field, where some payers write the number."""
    title = transfer.title
    return rules.number_clues(title, shapes) + rules.number_clues(
        transfer.creditor_reference, shapes, after=len(title) + 1
    )


def _candidate(candidate: rules.Candidate) -> dict[str, object]:
    return {
        "contract_id": candidate.contract.contract_id,
        "number": candidate.contract.number,
        "score": candidate.score,
        "reasons": list(candidate.reasons),
    }


def _transfer_item(organisation_id: str, import_id: str, row: chunks.Row) -> store.TransferItem:
    transfer = row.transfer
    return store.new_transfer(
        organisation_id,
        row.transfer_id,
        import_id=import_id,
        account=row.account,
        amount=transfer.amount,
        currency=transfer.currency,
        booking_date=transfer.booking_date.isoformat(),
        value_date=transfer.value_date.isoformat(),
        bank_reference=transfer.bank_reference,
        payer_name=transfer.payer_name,
        payer_account=transfer.payer_account,
        title=transfer.title,
    )
