"""Bank statements that the tests hand in."""

from datetime import date
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
MADE_UP: Final = ROOT / "tests" / "fixtures" / "bank" / "mbank.sta"
REAL: Final = ROOT.parent / "shared" / "samples" / "bank-statements" / "mbank.mt940.sta"
ACCOUNT_PL: Final = "PL29114010810000267002001002"


def three_cents() -> bytes:
    """mBank's own example: a cent for each of three mass-payment ids, on 19 January 2017. A made-up one of the same shape without it."""
    return (REAL if REAL.is_file() else MADE_UP).read_bytes()


def transfer(*, name: str, amount: str, payer: str, payer_account: str, title: str, on: date) -> bytes:
    """A camt.053 (v8) statement of the Polish organisation's account with one transfer; ``name`` makes it one of its kind."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>{name}</MsgId><CreDtTm>{on}T06:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>{name}</Id><CreDtTm>{on}T06:00:00Z</CreDtTm><Acct><Id><IBAN>{ACCOUNT_PL}</IBAN></Id><Ccy>PLN</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="PLN">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="PLN">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>
<Ntry><Amt Ccy="PLN">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{name}</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>{name}</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>{payer_account}</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>{title}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>
""".encode()
