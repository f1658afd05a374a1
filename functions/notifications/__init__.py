"""Tickets: faults, questions and wishes, from the report to the result, and the incidents that many of them come from."""
