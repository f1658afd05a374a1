from shared.observe import traced


def handler(event, _context):
    return event


def test_a_handler_is_untouched_unless_tracing_is_asked_for(monkeypatch):
    monkeypatch.delenv("LOKUM_TRACE", raising=False)
    assert traced(handler) is handler


def test_a_traced_handler_answers_as_before(monkeypatch):
    monkeypatch.setenv("LOKUM_TRACE", "1")
    monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "1")
    wrapped = traced(handler)
    assert wrapped is not handler
    assert wrapped({"a": 1}, None) == {"a": 1}
