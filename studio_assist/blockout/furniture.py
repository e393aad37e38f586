"""Pieces of a room that stand on its floor and are sat on, worked at, or slept in."""

from __future__ import annotations

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Vec
from studio_assist.blockout.solids import Model


def _legs(m: Model, w: float, d: float, h: float, radius: float, tone: float, splay: float = 0.0) -> None:
    inset = radius + 0.03
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            x, y = sx * (w / 2 - inset), sy * (d / 2 - inset)
            m.rod((x + sx * splay, y + sy * splay, 0.0), (x, y, h), radius * 0.75, tone, thin=radius)


def table(w: float, d: float, h: float, state: str) -> Model:
    """A top on four legs, with an apron under it."""
    m = Model()
    thick = min(0.05, h * 0.1)
    _legs(m, w, d, h - thick, min(0.035, w * 0.05), PALE, 0.02)
    apron = min(0.1, h * 0.15)
    inset = min(0.07, w * 0.1, d * 0.1)
    m.box(
        (-w / 2 + inset, -d / 2 + inset, h - thick - apron), (w / 2 - inset, d / 2 - inset, h - thick), PALE
    )
    top = m.box((-w / 2, -d / 2, h - thick), (w / 2, d / 2, h), PAPER)
    for share in (0.35, 0.7):
        top.rule("top", [(0.04, share), (0.96, share)], ink=0.8, line=0.5)
    if state == "broken":
        top.rule("top", [(0.4, 0.0), (0.47, 0.35), (0.42, 0.6), (0.5, 1.0)], ink=1.8, soft=False)
    return m


def desk(w: float, d: float, h: float, state: str) -> Model:
    """A writing desk: a drawer pedestal at each side and a back panel."""
    m = Model()
    side = min(0.42, w * 0.3)
    thick = 0.045
    for x in (-w / 2, w / 2 - side):
        pedestal = m.box((x + 0.02, -d / 2 + 0.04, 0.0), (x + side - 0.02, d / 2 - 0.02, h - thick), LIGHT)
        for row in range(3):
            low = 0.06 + row * 0.31
            pedestal.on("front", 0.08, low, 0.92, low + 0.27, PALE)
            pedestal.rule("front", [(0.4, low + 0.14), (0.6, low + 0.14)], ink=2.0)
        pedestal.on("back", 0.08, 0.06, 0.92, 0.94, None)
    m.box((-w / 2 + side, d / 2 - 0.05, h * 0.35), (w / 2 - side, d / 2 - 0.03, h - thick), LIGHT)
    top = m.box((-w / 2, -d / 2, h - thick), (w / 2, d / 2, h), PAPER)
    top.rule("top", [(0.05, 0.5), (0.95, 0.5)], ink=0.8, line=0.5)
    return m


def chair(w: float, d: float, h: float, state: str) -> Model:
    """A plain wooden chair; its back is towards +y."""
    m = Model()
    seat = h * 0.5
    _legs(m, w, d, seat, 0.022, PALE)
    m.box((-w / 2, -d / 2, seat - 0.04), (w / 2, d / 2, seat), PAPER)
    for sx in (-1.0, 1.0):
        x = sx * (w / 2 - 0.03)
        m.rod((x, d / 2 - 0.03, seat), (x, d / 2 + 0.03, h), 0.022, PALE)
    m.box((-w / 2 + 0.03, d / 2 - 0.01, h - 0.13), (w / 2 - 0.03, d / 2 + 0.03, h), PALE)
    m.box((-w / 2 + 0.03, d / 2 - 0.03, seat + h * 0.2), (w / 2 - 0.03, d / 2, seat + h * 0.27), PALE)
    return m


def armchair(w: float, d: float, h: float, state: str) -> Model:
    """An upholstered chair."""
    return _couch(w, d, h, 1)


def sofa(w: float, d: float, h: float, state: str) -> Model:
    """A sofa with cushions for three."""
    return _couch(w, d, h, max(2, round(w / 0.62)))


def _couch(w: float, d: float, h: float, places: int) -> Model:
    m = Model()
    arm, back, seat = min(0.17, w * 0.2), min(0.22, d * 0.28), h * 0.5
    m.box((-w / 2 + arm, -d / 2 + 0.02, 0.08), (w / 2 - arm, d / 2 - back, seat * 0.68), LIGHT)
    each = (w - 2 * arm) / places
    for place in range(places):
        x = -w / 2 + arm + place * each
        m.block(
            _pillow(x + 0.005, -d / 2, seat * 0.68, x + each - 0.005, d / 2 - back, seat, 0.02),
            PALE,
        )
        rest = m.block(
            _pillow(
                x + 0.01, d / 2 - back - 0.07, seat, x + each - 0.01, d / 2 - back + 0.02, h * 0.95, 0.03
            ),
            PALE,
        )
        if places == 1:
            rest.disc("front", 0.3, 0.65, 0.012, INKY, soft=True)
            rest.disc("front", 0.7, 0.65, 0.012, INKY, soft=True)
    m.box((-w / 2 + 0.02, d / 2 - back + 0.02, 0.08), (w / 2 - 0.02, d / 2, h), LIGHT)
    for left in (-w / 2, w / 2 - arm):
        made = m.prism(
            [
                (left, 0.06),
                (left + arm, 0.06),
                (left + arm, h * 0.64),
                (left + arm * 0.85, h * 0.71),
                (left + arm * 0.5, h * 0.735),
                (left + arm * 0.15, h * 0.71),
                (left, h * 0.64),
            ],
            -d / 2,
            d / 2 - 0.04,
            LIGHT,
            axis="y",
            ink=1.4,
        )
        made.on("front", 0.15, 0.1, 0.85, 0.8, None, soft=True)
    for x in (-w / 2 + 0.06, w / 2 - 0.06):
        for y in (-d / 2 + 0.07, d / 2 - 0.07):
            m.rod((x, y, 0.0), (x, y, 0.08), 0.025, DARK)
    return m


def _pillow(x: float, y: float, z: float, a: float, b: float, c: float, soft: float) -> list[Vec]:
    """A box whose upper edges are drawn in."""
    s = soft
    return [
        (x, y, z), (a, y, z), (a, b, z), (x, b, z),
        (x + s, y + s, c), (a - s, y + s, c), (a - s, b - s, c), (x + s, b - s, c),
    ]  # fmt: skip


def bench(w: float, d: float, h: float, state: str) -> Model:
    """A slatted bench with a low back."""
    m = Model()
    seat = h * 0.55
    for x in (-w / 2 + 0.12, w / 2 - 0.12):
        m.box((x - 0.03, -d / 2 + 0.03, 0.0), (x + 0.03, d / 2 - 0.03, seat - 0.04), DIM)
        m.rod((x, d / 2 - 0.05, seat - 0.1), (x, d / 2 + 0.05, h), 0.03, DIM)
    for slat in range(3):
        y = -d / 2 + d * slat / 3
        m.box((-w / 2, y + 0.01, seat - 0.04), (w / 2, y + d / 3 - 0.015, seat), PALE, ink=1.3)
    for slat in range(2):
        z = seat + (h - seat) * (0.3 + 0.38 * slat)
        m.box((-w / 2, d / 2 - 0.01, z), (w / 2, d / 2 + 0.025, z + (h - seat) * 0.26), PALE, ink=1.3)
    return m


def bed(w: float, d: float, h: float, state: str) -> Model:
    """A bed with its head towards +y: frame, mattress, pillows and a turned-down blanket."""
    m = Model()
    lie = h * 0.55
    m.box((-w / 2, d / 2 - 0.06, 0.0), (w / 2, d / 2, h), LIGHT).on("front", 0.06, 0.5, 0.94, 0.93, None)
    m.box((-w / 2, -d / 2, 0.0), (w / 2, -d / 2 + 0.05, lie * 1.15), LIGHT)
    m.box((-w / 2 + 0.02, -d / 2 + 0.05, lie * 0.35), (w / 2 - 0.02, d / 2 - 0.06, lie * 0.62), LIGHT)
    mattress = m.box((-w / 2 + 0.03, -d / 2 + 0.06, lie * 0.62), (w / 2 - 0.03, d / 2 - 0.06, lie), PAPER)
    mattress.rule("left", [(0.0, 0.5), (1.0, 0.5)], ink=0.8, line=0.45)
    mattress.rule("right", [(0.0, 0.5), (1.0, 0.5)], ink=0.8, line=0.45)
    blanket = m.block(_pillow(-w / 2, -d / 2 + 0.05, lie * 0.55, w / 2, d * 0.14, lie + 0.05, 0.03), MID)
    blanket.on("top", 0.02, 0.86, 0.98, 1.0, PAPER)
    blanket.rule("top", [(0.3, 0.0), (0.36, 0.3), (0.33, 0.7)], line=0.3)
    blanket.rule("top", [(0.68, 0.1), (0.62, 0.45), (0.66, 0.75)], line=0.3)
    blanket.rule("right", [(0.2, 0.0), (0.23, 0.8)], line=0.3)
    blanket.rule("right", [(0.6, 0.0), (0.57, 0.7)], line=0.3)
    blanket.rule("left", [(0.3, 0.0), (0.33, 0.8)], line=0.3)
    count = 2 if w > 1.3 else 1
    each = (w - 0.2) / count
    for place in range(count):
        x = -w / 2 + 0.1 + place * each
        m.block(_pillow(x + 0.03, d / 2 - 0.5, lie, x + each - 0.03, d / 2 - 0.09, lie + 0.12, 0.05), PAPER)
    for x in (-w / 2 + 0.05, w / 2 - 0.05):
        for y in (-d / 2 + 0.06, d / 2 - 0.1):
            m.rod((x, y, 0.0), (x, y, lie * 0.35), 0.03, DIM)
    return m


def shelf(w: float, d: float, h: float, state: str) -> Model:
    """Open shelves with books."""
    m = Model()
    wall = 0.035
    m.box((-w / 2, d / 2 - 0.02, 0.0), (w / 2, d / 2, h), DIM)
    count = max(2, round(h / 0.38))
    gap = (h - wall) / count
    for row in range(count + 1):
        z = row * gap
        m.box((-w / 2 + wall, -d / 2, z), (w / 2 - wall, d / 2 - 0.02, z + wall), PALE, ink=1.4)
        if row == count:
            break
        x, turn = -w / 2 + wall + 0.02, row * 7 + 3
        while x < w / 2 - 0.16:
            turn = (turn * 29 + 17) % 97
            run = 0.12 + turn % 5 * 0.06
            tall = gap * (0.5 + turn % 4 * 0.1)
            if turn % 4:
                run = min(run, w / 2 - wall - 0.02 - x)
                books = m.box(
                    (x, -d / 2 + 0.03, z + wall),
                    (x + run, d / 2 - 0.05, z + wall + tall),
                    (PAPER, MID, LIGHT, DARK)[turn % 4],
                    ink=1.2,
                )
                for step in range(1, max(2, round(run / 0.05))):
                    share = step / max(2, round(run / 0.05))
                    books.rule("front", [(share, 0.0), (share, 1.0)], ink=0.9, line=0.3)
            x += run + 0.02
    for left in (-w / 2, w / 2 - wall):
        m.box((left, -d / 2, 0.0), (left + wall, d / 2 - 0.02, h), PALE, ink=1.6)
    return m


def cupboard(w: float, d: float, h: float, state: str) -> Model:
    """Two doors with panels; "open": one stands wide."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), LIGHT)
    if state == "open":
        body.on("front", 0.04, 0.06, 0.5, 0.96, INKY)
        for up in (0.36, 0.66):
            body.on("front", 0.04, up, 0.5, up + 0.02, MID)
        leaf = w * 0.46
        m.box((-w / 2, -d / 2 - leaf, h * 0.06), (-w / 2 + 0.03, -d / 2, h * 0.96), PALE).on(
            "right", 0.12, 0.08, 0.88, 0.92, None
        )
        doors = ((0.5, 0.96),)
    else:
        doors = ((0.04, 0.5), (0.5, 0.96))
    for left, right in doors:
        body.on("front", left, 0.06, right, 0.96, PALE)
        body.on("front", left + 0.07, 0.12, right - 0.07, 0.48, None, soft=True)
        body.on("front", left + 0.07, 0.54, right - 0.07, 0.9, None, soft=True)
        handle = right - 0.045 if right < 0.9 else left + 0.045
        body.on("front", handle - 0.01, 0.48, handle + 0.01, 0.55, DARK)
    body.rule("front", [(0.0, 0.05), (1.0, 0.05)])
    return m


def counter(w: float, d: float, h: float, state: str) -> Model:
    """A shop or kitchen counter with panels and a kick board."""
    m = Model()
    front = m.box((-w / 2 + 0.03, -d / 2 + 0.05, 0.0), (w / 2 - 0.03, d / 2, h - 0.05), LIGHT)
    count = max(2, round(w / 0.6))
    for place in range(count):
        left, right = place / count + 0.012, (place + 1) / count - 0.012
        front.on("front", left, 0.16, right, 0.94, PALE, soft=True)
        front.rule("front", [(right - 0.03, 0.78), (right - 0.03, 0.66)], ink=2.0)
    front.on("front", 0.0, 0.0, 1.0, 0.1, DIM)
    m.box((-w / 2, -d / 2, h - 0.05), (w / 2, d / 2, h), PAPER)
    return m


def bar(w: float, d: float, h: float, state: str) -> Model:
    """A bar with a foot rail and beer taps."""
    m = Model()
    front = m.box((-w / 2 + 0.04, -d / 2 + 0.1, 0.0), (w / 2 - 0.04, d / 2, h - 0.06), DIM)
    count = max(2, round(w / 0.7))
    for place in range(count):
        front.on("front", place / count + 0.015, 0.14, (place + 1) / count - 0.015, 0.92, MID, soft=True)
    m.rod((-w / 2 + 0.05, -d / 2 + 0.02, 0.18), (w / 2 - 0.05, -d / 2 + 0.02, 0.18), 0.025, PAPER)
    m.box((-w / 2, -d / 2, h - 0.06), (w / 2, d / 2, h), PALE)
    for x in (-0.1, 0.1):
        m.rod((x, 0.0, h), (x, 0.0, h + 0.26), 0.025, PAPER)
        m.rod((x, 0.0, h + 0.24), (x, -0.09, h + 0.2), 0.016, PAPER)
    return m


def piano(w: float, d: float, h: float, state: str) -> Model:
    """An upright piano; its keys are towards -y."""
    m = Model()
    body = m.box((-w / 2, 0.0, 0.0), (w / 2, d / 2, h), DARK)
    body.on("front", 0.06, 0.08, 0.94, 0.48, None, line=0.05)
    body.on("front", 0.06, 0.66, 0.94, 0.95, None, line=0.05)
    for x in (-w / 2, w / 2 - 0.07):
        m.box((x, -d / 2, 0.0), (x + 0.07, 0.0, h * 0.62), DARK)
    keys = m.box((-w / 2 + 0.07, -d / 2 + 0.03, h * 0.5), (w / 2 - 0.07, 0.0, h * 0.57), PAPER, ink=1.2)
    for step in range(1, 26):
        share = step / 26
        keys.rule("top", [(share, 0.0), (share, 1.0)], ink=0.7, line=0.35)
        if step % 7 not in (0, 3):
            keys.on("top", share - 0.009, 0.4, share + 0.009, 1.0, INKY, ink=0.5, soft=True)
    m.box((-w * 0.28, -0.03, h * 0.68), (w * 0.28, -0.01, h * 0.88), PAPER, ink=1.2)
    return m


def stove(w: float, d: float, h: float, state: str) -> Model:
    """An iron stove with an oven door, a pot and a pipe."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.1), (w / 2, d / 2, h), DIM)
    fire = state in ("lit", "on-fire")
    body.on("front", 0.12, 0.14, 0.88, 0.62, PAPER if fire else DARK, glow=fire)
    body.rule("front", [(0.2, 0.68), (0.8, 0.68)], ink=2.4, soft=False)
    for place in (0.2, 0.4, 0.6, 0.8):
        body.disc("front", place, 0.84, 0.025, PAPER, soft=True)
    for x in (-w / 2 + 0.05, w / 2 - 0.05):
        for y in (-d / 2 + 0.05, d / 2 - 0.05):
            m.rod((x, y, 0.0), (x, y, 0.1), 0.03, DARK)
    m.turned([(0.12, h), (0.13, h + 0.14)], (w * 0.22, -d * 0.1, 0.0), LIGHT, count=12)
    m.turned([(0.07, h), (0.07, h + 1.0)], (-w * 0.25, d * 0.3, 0.0), DIM, count=10)
    return m


def fireplace(w: float, d: float, h: float, state: str) -> Model:
    """A mantelpiece over an arched opening with logs."""
    m = Model()
    leg = w * 0.17
    burning = state in ("", "lit", "on-fire")
    m.box((-w / 2 + leg, 0.0, 0.0), (w / 2 - leg, d / 2, h * 0.72), INKY)
    for x in (-w / 2, w / 2 - leg):
        side = m.box((x, -d / 2 + 0.06, 0.0), (x + leg, d / 2, h * 0.72), LIGHT)
        side.on("front", 0.18, 0.08, 0.82, 0.92, PALE, soft=True)
    lintel = m.box((-w / 2, -d / 2 + 0.06, h * 0.72), (w / 2, d / 2, h - 0.07), LIGHT)
    lintel.on("front", 0.1, 0.2, 0.9, 0.8, PALE, soft=True)
    m.box((-w / 2 - 0.05, -d / 2 - 0.04, h - 0.07), (w / 2 + 0.05, d / 2, h), PAPER)
    m.box((-w / 2, -d / 2 - 0.25, 0.0), (w / 2, -d / 2 + 0.06, 0.04), MID)
    for x, y, z in ((0.0, -0.02, 0.09), (0.05, -0.1, 0.06), (-0.04, -0.06, 0.17)):
        m.rod((x - w * 0.2, y, z), (x + w * 0.2, y - 0.02, z + 0.02), 0.05, DIM)
    if burning:
        flames(m, (0.0, -0.05, 0.1), w * 0.4, h * 0.45, glow=PAPER)
    return m


def flames(m: Model, at: Vec, width: float, height: float, glow: float) -> None:
    """A fire's loose tongues, one inside another."""
    whole = m.part((at[0] - width / 2, at[1] - 0.1, at[2]), (at[0] + width / 2, at[1] + 0.1, at[2] + height))
    tongues = [
        (-0.5, 0.0), (-0.46, 0.28), (-0.36, 0.42), (-0.4, 0.62), (-0.24, 0.46), (-0.16, 0.68), (-0.2, 0.86),
        (0.0, 0.7), (0.07, 0.86), (0.03, 1.0), (0.2, 0.72), (0.22, 0.52), (0.34, 0.66), (0.36, 0.42),
        (0.47, 0.26),
        (0.5, 0.0), (0.2, -0.04), (-0.2, -0.04),
    ]  # fmt: skip
    for scale, tone in ((1.0, glow * 0.84), (0.66, glow), (0.34, 1.0)):
        outline = [(x * width * scale, z * height * scale) for x, z in tongues]
        m.card(outline, at, tone, glow=True, ink=2.0 if scale == 1.0 else 1.0, into=whole, soft=scale < 0.5)
