"""MT940 as mBank writes it for mass payments: `ID IPH` is the payer's number, lines of 65 characters, Windows-1250."""

from infra.demo.bank.statement import Statement, decimal
from infra.demo.model import Transfer

_WIDTH = 65
_ENCODING = "cp1250"
_TRANSACTION_BASE = 26_000_000_000_000


def write(statements: list[Statement]) -> bytes:
    """The statements as one file."""
    return ("\n" + "\n".join(_statement(statement) for statement in statements)).encode(_ENCODING)


def _statement(statement: Statement) -> str:
    lines = [
        f":20:ST{statement.last_day:%y%m%d}CYC/1",
        f":25:{statement.account}",
        f":28C:{statement.number}/1",
        f":60F:{_balance(statement.opening, statement, first=True)}",
    ]
    for transfer in statement.transfers:
        lines += _transfer(transfer)
    closing = _balance(statement.closing, statement, first=False)
    return "\n".join([*lines, f":62F:{closing}", f":64:{closing}", "-"])


def _balance(amount: int, statement: Statement, *, first: bool) -> str:
    on = statement.first_day if first else statement.last_day
    return f"{'C' if amount >= 0 else 'D'}{on:%y%m%d}{statement.currency}{decimal(amount, ',')}"


def _transfer(transfer: Transfer) -> list[str]:
    # The N is the last letter of PLN, as the standard allows.
    mark = "CN" if transfer.amount > 0 else "DN"
    day = transfer.value_date
    reference = f"MB{day:%y%m%d}{transfer.number:06d}"
    head = f":61:{day:%y%m%d}{day:%m%d}{mark}{decimal(transfer.amount, ',')}NTRFNONREF//{reference}"
    kind = "911-TRANSAKCJA IPH" if transfer.amount > 0 else "944-PRZELEW KRAJOWY"
    return [head, kind, *_wrapped(f":86:{_details(transfer)}")]


def _details(transfer: Transfer) -> str:
    payer = transfer.payer
    place = f"{payer.name}  {payer.address.street} {payer.address.postal_code} {payer.address.city}".upper()
    number = f"TNR: {_TRANSACTION_BASE + transfer.number}.010001"
    if transfer.amount < 0:
        return f"944 PRZELEW KRAJOWY; NA RACH.: {payer.account}; DLA: {place}; TYT.: {transfer.title}; {number}"
    known = transfer.references
    to = f"ID IPH: {known.mass_payment_id}; " if known.mass_payment_id else ""
    to += f"NA RACH.: {known.virtual_account}; " if known.virtual_account else ""
    return f"911 TRANSAKCJA COLLECT; {to}Z RACH.: {payer.account}; OD: {place}; TYT.: {transfer.title}; {number}"


def _wrapped(text: str) -> list[str]:
    return [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
