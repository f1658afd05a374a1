"""ISO 20022 camt.053 in versions 2 and 8. They differ in the namespace, in how a status is wrapped, and in where a party's name stands."""

from xml.sax.saxutils import escape

from infra.demo.bank.statement import Statement, decimal
from infra.demo.model import Payer, Transfer


def write(statements: list[Statement], *, version: int) -> bytes:
    """The statements as one document."""
    first, last = statements[0], statements[-1]
    body = "\n".join(_Writer(statement, version).text() for statement in statements)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02d}">
 <BkToCstmrStmt>
  <GrpHdr><MsgId>CAMT053-{first.account[-10:]}-{last.number:04d}</MsgId><CreDtTm>{last.last_day}T20:15:00Z</CreDtTm></GrpHdr>
{body}
 </BkToCstmrStmt>
</Document>
""".encode()


class _Writer:
    """Writes one statement."""

    def __init__(self, statement: Statement, version: int) -> None:
        self.statement, self.version = statement, version

    def text(self) -> str:
        statement = self.statement
        entries = "\n".join(self._entry(transfer) for transfer in statement.transfers)
        return f"""  <Stmt>
   <Id>{statement.account[-10:]}-{statement.number:04d}</Id>
   <ElctrncSeqNb>{statement.number}</ElctrncSeqNb>
   <CreDtTm>{statement.last_day}T20:15:00Z</CreDtTm>
   <FrToDt><FrDtTm>{statement.first_day}T00:00:00Z</FrDtTm><ToDtTm>{statement.last_day}T23:59:59Z</ToDtTm></FrToDt>
   <Acct><Id><IBAN>{statement.account}</IBAN></Id><Ccy>{statement.currency}</Ccy><Ownr><Nm>{escape(statement.owner)}</Nm></Ownr></Acct>
{self._balance("OPBD", statement.opening, statement.first_day.isoformat())}
{self._balance("CLBD", statement.closing, statement.last_day.isoformat())}
{entries}
  </Stmt>"""

    def _money(self, amount: int) -> str:
        side = "CRDT" if amount >= 0 else "DBIT"
        money = decimal(amount, ".")
        return f'<Amt Ccy="{self.statement.currency}">{money}</Amt><CdtDbtInd>{side}</CdtDbtInd>'

    def _balance(self, code: str, amount: int, on: str) -> str:
        kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        return f"   <Bal>{kind}{self._money(amount)}<Dt><Dt>{on}</Dt></Dt></Bal>"

    def _entry(self, transfer: Transfer) -> str:
        status = "BOOK" if self.version == 2 else "<Cd>BOOK</Cd>"  # noqa: PLR2004 - the version that does not wrap it
        day, family = transfer.value_date, "RCDT" if transfer.amount > 0 else "ICDT"
        reference = f"{self.statement.account[:2]}{day:%y%m%d}{transfer.number:07d}"
        domain = f"<Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
        details = "" if self.version == 2 else self._money(transfer.amount)  # noqa: PLR2004 - it has no amount here
        return f"""   <Ntry>
    {self._money(transfer.amount)}<Sts>{status}</Sts>
    <BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>
    <AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd>{domain}</BkTxCd>
    <NtryDtls><TxDtls>
     <Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{details}
     <RltdPties>{self._party(transfer)}</RltdPties>
     <RmtInf>{_remittance(transfer)}</RmtInf>
    </TxDtls></NtryDtls>
   </Ntry>"""

    def _party(self, transfer: Transfer) -> str:
        """The other side: the debtor of what came in, the creditor of what left."""
        side = "Dbtr" if transfer.amount > 0 else "Cdtr"
        party = _named(transfer.payer)
        wrapped = party if self.version == 2 else f"<Pty>{party}</Pty>"  # noqa: PLR2004 - the version that does not wrap it
        account = f"<Id><IBAN>{transfer.payer.account}</IBAN></Id>"
        return f"<{side}>{wrapped}</{side}><{side}Acct>{account}</{side}Acct>"


def _named(payer: Payer) -> str:
    lines = (payer.address.street, f"{payer.address.postal_code} {payer.address.city}")
    address = "".join(f"<AdrLine>{escape(line)}</AdrLine>" for line in lines)
    return f"<Nm>{escape(payer.name)}</Nm><PstlAdr><Ctry>{payer.address.country}</Ctry>{address}</PstlAdr>"


def _remittance(transfer: Transfer) -> str:
    text = f"<Ustrd>{escape(transfer.title[:140])}</Ustrd>"
    if not transfer.references.rf:
        return text
    kind = "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp>"
    return f"{text}<Strd><CdtrRefInf>{kind}<Ref>{transfer.references.rf}</Ref></CdtrRefInf></Strd>"
