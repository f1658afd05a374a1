"""Sign-in, sessions, password rules, enrolment and grants. Owns the access table; every other context only reads it."""
