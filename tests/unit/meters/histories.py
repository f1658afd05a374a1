"""Any history that a meter may have, made by hypothesis, with what was really used beside it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import strategies as st
from meters.rules.stream import Event
from meters.rules.vocabulary import Device

BEGIN = date(2021, 3, 17)


@dataclass
class History:
    """A stream, and the true total of each register (billionths) after each actual reading."""

    events: list[Event] = field(default_factory=list)
    true: list[tuple[date, int]] = field(default_factory=list)

    @property
    def end(self):
        return self.events[-1].day


_ACTIONS = st.sampled_from(["read"] * 6 + ["estimated", "replaced", "verified", "sealed"])


@st.composite
def devices(draw, registers=None):
    return Device(
        digits=draw(st.integers(3, 6)),
        decimals=draw(st.integers(0, 3)),
        registers=registers or draw(st.integers(1, 4)),
        multiplier_milli=draw(st.sampled_from([1000, 20_000, 1254])),
    )


@st.composite
def histories(draw, most=30, same_registers=False):
    device = draw(devices())
    counter = [draw(st.integers(0, device.range - 1)) for _ in range(device.registers)]
    made = History([Event("evt_000", "installed", BEGIN, "000", tuple(counter), device=device)], [(BEGIN, 0)])
    pending = [0] * device.registers  # counts since the last actual reading
    day, total = BEGIN, 0
    for number in range(1, draw(st.integers(2, most))):
        day += timedelta(days=draw(st.integers(0 if made.events[-1].kind != "estimated" else 1, 75)))
        name, place = f"evt_{number:03d}", f"{number:03d}"
        step = [draw(st.integers(0, device.range // 200)) for _ in counter]
        pending = [old + new for old, new in zip(pending, step, strict=True)]
        now = tuple((start + more) % device.range for start, more in zip(counter, pending, strict=True))
        rolled = tuple(at for at, start in enumerate(counter) if now[at] < start)
        action = draw(_ACTIONS)
        if action == "estimated":
            guess = tuple((start + draw(st.integers(0, device.range // 50))) % device.range for start in counter)
            made.events.append(Event(name, "estimated", day, place, guess))
        elif action in ("verified", "sealed"):
            made.events.append(Event(name, action, day, place, verified_until=day if action == "verified" else None))
        else:
            total += sum(device.use(more) for more in pending)
            made.true.append((day, total))
            if action == "read":
                made.events.append(Event(name, "rolled_over" if rolled else "read", day, place, now, rolled=rolled))
                counter = list(now)
            else:
                device = draw(devices(device.registers if same_registers else None))
                counter = [draw(st.integers(0, device.range - 1)) for _ in range(device.registers)]
                made.events.append(
                    Event(name, "replaced", day, place, tuple(counter), now, rolled=rolled, device=device)
                )
            pending = [0] * device.registers
    return made
