"""How the emulator hands the records of a table's stream to a function."""

# ruff: noqa: SLF001 - a patch is about private parts
import json
import time
from dataclasses import dataclass, field
from typing import Any, Final

from infra.local.patches.parts import require

Record = dict[str, Any]
SLOWEST_RETRY_SECONDS: Final = 2.0


def deliver_like_aws(**_context: Any) -> None:
    """Honour ReportBatchItemFailures, MaximumRetryAttempts, MaximumRecordAgeInSeconds and BisectBatchOnFunctionError.

    The emulator takes a batch as done whatever the function reports, so that a record which failed is lost. Mappings are
    also served beside one another: a slow function holds up its own stream only, as with one shard each on AWS.
    """
    from ministack.services import lambda_svc

    require(
        lambda_svc,
        "_poll_dynamodb_streams",
        "_iter_all_esms",
        "_request_account_id",
        "_request_region",
        "_dynamodb_stream_positions",
        "_dynamodb_stream_positions_lock",
        "_esm_inflight",
        "_esm_backoff_until",
        "_dispatch_esm_batch",
        "_apply_filter_criteria",
        "_execute_function",
        "_get_func_record_for_qualifier",
        "_send_ddb_stream_failure_record",
    )
    lambda_svc._poll_dynamodb_streams = StreamPoller(lambda_svc).poll


@dataclass
class Shard:
    """What is remembered between two deliveries of one mapping."""

    limit: int | None = None
    attempts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Records read from a stream at a position, and those of them that pass the mapping's filter."""

    mapping: dict[str, Any]
    function: Any
    position: int
    read: list[Record]
    wanted: list[Record]


class StreamPoller:
    """One pass over all stream mappings; each has at most one batch under way."""

    def __init__(self, lambda_svc: Any) -> None:
        self.ls = lambda_svc
        self.shards: dict[str, Shard] = {}

    def poll(self) -> bool:
        """Hand out what is due. True when some mapping moved on, so that the caller polls again at once."""
        moved = False
        for account, region, mapping in self.ls._iter_all_esms():
            tokens = self.ls._request_account_id.set(account), self.ls._request_region.set(region)
            try:
                moved = self._serve(mapping) or moved
            finally:
                self.ls._request_region.reset(tokens[1])
                self.ls._request_account_id.reset(tokens[0])
        return moved

    def _serve(self, mapping: dict[str, Any]) -> bool:
        batch = self._read(mapping)
        if batch is None:
            return False
        if batch.wanted:
            self.ls._dispatch_esm_batch(mapping["UUID"], self._deliver, batch)
        else:
            self._advance(batch, len(batch.read))
        return True

    def _read(self, mapping: dict[str, Any]) -> Batch | None:
        from ministack.services import dynamodb

        arn, uuid = mapping.get("EventSourceArn", ""), mapping["UUID"]
        if not mapping.get("Enabled", True) or ":dynamodb:" not in arn or self.ls._esm_inflight.get(uuid):
            return None
        if self.ls._esm_backoff_until.get(uuid, 0) > time.time():
            return None
        table = arn.split("/")[1]
        function, _config = self.ls._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
        if function is None or (dynamodb._tables.get(table) or {}).get("LatestStreamArn") != arn:
            return None
        position = self._position(mapping, dynamodb.stream_start_position(table), dynamodb.stream_end_position(table))
        limit = self.shards.setdefault(uuid, Shard()).limit or int(mapping.get("BatchSize", 100))
        read = dynamodb.stream_records_since(table, position, limit)
        return Batch(mapping, function, position, read, self.ls._apply_filter_criteria(read, mapping)) if read else None

    def _position(self, mapping: dict[str, Any], oldest: int, end: int) -> int:
        """Where to read on. A position past the end belongs to a stream that was not saved with it: begin again."""
        positions, uuid = self.ls._dynamodb_stream_positions, mapping["UUID"]
        with self.ls._dynamodb_stream_positions_lock:
            known = positions.get(uuid)
            if known is None:
                known = oldest if mapping.get("StartingPosition") == "TRIM_HORIZON" else end
            positions[uuid] = oldest if known > end else max(known, oldest)
            return int(positions[uuid])

    def _advance(self, batch: Batch, count: int) -> None:
        with self.ls._dynamodb_stream_positions_lock:
            self.ls._dynamodb_stream_positions[batch.mapping["UUID"]] = batch.position + count

    def _deliver(self, batch: Batch) -> None:
        """Run the function on a batch, then move to behind it or to the first record that failed."""
        result = self.ls._execute_function(batch.function, {"Records": batch.wanted})
        first = first_failure(batch, result)
        shard = self.shards[batch.mapping["UUID"]]
        if first is None:
            shard.limit = None
            shard.attempts.clear()
            self.ls._esm_backoff_until.pop(batch.mapping["UUID"], None)
            self._advance(batch, len(batch.read))
            batch.mapping["LastProcessingResult"] = f"OK - {len(batch.wanted)} records"
            return
        self._retry(batch, shard, first, result)

    def _retry(self, batch: Batch, shard: Shard, first: Record, result: dict[str, Any]) -> None:
        mapping, done = batch.mapping, next(i for i, record in enumerate(batch.read) if record is first)
        rest, bisect = batch.read[done:], bool(mapping.get("BisectBatchOnFunctionError"))
        mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
        self._advance(batch, done)
        if result.get("error") and bisect and len(rest) > 1:
            shard.limit = max(1, len(rest) // 2)
            return
        key = sequence_number(first)
        attempts = shard.attempts[key] = shard.attempts.get(key, 0) + 1
        reason = give_up_reason(mapping, first, attempts)
        if reason is None:
            wait = min(SLOWEST_RETRY_SECONDS, 0.2 * 2**attempts)
            self.ls._esm_backoff_until[mapping["UUID"]] = time.time() + wait
            return
        dropped = rest[: 1 if bisect else len(rest)]
        self.ls._send_ddb_stream_failure_record(
            mapping, batch.function, dropped, mapping["EventSourceArn"], result, reason
        )
        self._advance(batch, done + len(dropped))
        shard.limit = None
        shard.attempts.pop(key, None)


def sequence_number(record: Record) -> str:
    """The name of a stream record in a function's report."""
    return str(record["dynamodb"]["SequenceNumber"])


def first_failure(batch: Batch, result: dict[str, Any]) -> Record | None:
    """The first record that the function did not take, or None. An unknown name in the report means all, as on AWS."""
    if result.get("error"):
        return batch.wanted[0]
    if "ReportBatchItemFailures" not in (batch.mapping.get("FunctionResponseTypes") or []):
        return None
    names = reported_failures(result.get("body"))
    if not names:
        return None
    return next((record for record in batch.wanted if sequence_number(record) in names), batch.wanted[0])


def reported_failures(body: Any) -> set[str]:
    """Names under ``batchItemFailures`` of a function's answer."""
    if isinstance(body, str | bytes):
        try:
            body = json.loads(body)
        except ValueError:
            return set()
    failures = body.get("batchItemFailures") if isinstance(body, dict) else None
    return {str(failure.get("itemIdentifier", "")) for failure in failures or []}


def give_up_reason(mapping: dict[str, Any], record: Record, attempts: int) -> str | None:
    """Why a record that failed is given up now, in the words of AWS, or None to try again. Limits of -1 or None: never."""
    age, tries = mapping.get("MaximumRecordAgeInSeconds"), mapping.get("MaximumRetryAttempts")
    born = float(record["dynamodb"].get("ApproximateCreationDateTime", time.time()))
    if age is not None and 0 < int(age) < time.time() - born:
        return "MaxRecordAgeExceeded"
    if tries is not None and 0 <= int(tries) < attempts:
        return "RetryAttemptsExhausted"
    return None


def keep_unread_records(**_context: Any) -> None:
    """Save each stream's unread tail with its table.

    The emulator saves every mapping's position but not the stream: after a restart the position lies past the end, and
    new records are skipped silently until the table has written as many as before.
    """
    from ministack.services import dynamodb, lambda_svc

    require(dynamodb, "get_state", "load_persisted_state", "_stream_records", "_stream_trimmed")
    require(lambda_svc, "_dynamodb_stream_positions", "_esms")
    state_without, load_without = dynamodb.get_state, dynamodb.load_persisted_state

    def state_with() -> dict[str, Any]:
        return {**state_without(), **unread(dynamodb, lambda_svc)}

    def load_with(data: dict[str, Any]) -> None:
        load_without(data)
        dynamodb._stream_records.update(data.get("stream_records") or {})
        dynamodb._stream_trimmed.update(data.get("stream_trimmed") or {})

    dynamodb.get_state, dynamodb.load_persisted_state = state_with, load_with


def unread(dynamodb: Any, lambda_svc: Any) -> dict[str, Any]:
    """The records of every stream that some mapping has still to read, and how many lie before them."""
    positions: dict[tuple[str, str, str], int] = {}
    for (account, region, uuid), position in list(lambda_svc._dynamodb_stream_positions._data.items()):
        arn = (lambda_svc._esms._data.get((account, region, uuid)) or {}).get("EventSourceArn", "")
        if ":dynamodb:" in arn:
            key = (account, region, arn.split("/")[1])
            positions[key] = min(position, positions.get(key, position))
    tail, trimmed = type(dynamodb._stream_records)(), type(dynamodb._stream_trimmed)()
    for (account, region, table), records in list(dynamodb._stream_records.all_items()):
        base = dynamodb._stream_trimmed.get_scoped(account, region, table, 0)
        read = max(0, positions.get((account, region, table), base + len(records)) - base)
        tail.set_scoped(account, region, table, list(records)[read:])
        trimmed.set_scoped(account, region, table, base + min(read, len(records)))
    return {"stream_records": tail, "stream_trimmed": trimmed}
