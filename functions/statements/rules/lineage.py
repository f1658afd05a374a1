"""Which checkpoints an account may trust.

A checkpoint is the state after the entry at its position. It stays true until an entry comes in (or is reversed) at or before that
position; the run that follows opens a new generation there, and what older generations hold from there on is out of the lineage.
"""

from typing import Final, NamedTuple

EVERY: Final = 50
"""Entries between two checkpoints."""
_MARKS: Final = 3
_MAX_DELETES: Final = 2
_MAX_SEGMENTS: Final = 32


class Segment(NamedTuple):
    """From this position on (the next segment ends it) the checkpoints of this generation hold."""

    start: str
    generation: str


class Lineage(NamedTuple):
    """`marks` are the positions of the newest checkpoints; `older` says that there are more. `since` counts entries after the last."""

    segments: tuple[Segment, ...] = (Segment("", "0"),)
    marks: tuple[str, ...] = ()
    older: bool = False
    since: int = 0

    def generation_at(self, position: str) -> str:
        """The generation whose checkpoints hold at a position."""
        return next(segment.generation for segment in reversed(self.segments) if segment.start <= position)

    def base(self, position: str, back: int = 1) -> str | None:
        """The `back`-th newest known checkpoint before a position; "" = the account's beginning; None = one must be searched."""
        before = [mark for mark in self.marks if mark < position]
        if len(before) >= back:
            return before[-back]
        return None if self.older else ""

    def ranges(self, position: str) -> list[tuple[str, str, str]]:
        """Where to search for the newest checkpoint before a position: (generation, from, before), the newest first."""
        found, end = [], position
        for segment in reversed(self.segments):
            if segment.start < position:
                found.append((segment.generation, segment.start, end))
                end = segment.start
        return found

    def marked(self, position: str) -> "Lineage":
        """With one more checkpoint, the newest."""
        marks = (*self.marks, position)
        return self._replace(marks=marks[-_MARKS:], older=self.older or len(marks) > _MARKS)

    def rewound(self, position: str, generation: str) -> tuple["Lineage", tuple[str, ...]]:
        """What is left when everything from a position on is run again, and which checkpoints have to be deleted.

        Few checkpoints are deleted with the change itself and the generation goes on; for a deep re-run the `generation` given,
        which must be unused, opens at the position and nothing has to be deleted.
        """
        stale = tuple(mark for mark in self.marks if mark >= position)
        kept = self._replace(marks=tuple(mark for mark in self.marks if mark < position))
        if len(stale) <= _MAX_DELETES and (kept.marks or not self.older):
            return kept, stale
        segments = (*(segment for segment in self.segments if segment.start < position), Segment(position, generation))
        if len(segments) > _MAX_SEGMENTS:
            # The two oldest become one; the checkpoints of the first are forgotten, which costs time, not truth.
            segments = (Segment(segments[0].start, segments[1].generation), *segments[2:])
        return kept._replace(segments=segments), ()


NEW: Final = Lineage()
