"""Where words go: labels that keep apart, lines that break, months on an axis."""

import textwrap

LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


def spread_out(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels just far enough that they do not touch.

    Each cluster of labels that would touch sits as near as it can to where its members want to be
    (pool-adjacent-violators, as in isotonic regression).

    Args:
        wanted: positions in pixels, in any order.
        gap: smallest distance between two.
        low: smallest position allowed.
        high: largest position allowed; given up if there are too many labels.

    Returns:
        Positions in the order of `wanted`.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[tuple[float, int]] = []  # mean of the offsets wanted, members
    for rank, index in enumerate(order):
        mean, size = wanted[index] - rank * gap, 1
        while blocks and blocks[-1][0] > mean:
            above, members = blocks.pop()
            mean = (mean * size + above * members) / (size + members)
            size += members
        blocks.append((mean, size))
    offsets = [mean for mean, size in blocks for _ in range(size)]
    room = max(low, high - gap * (len(wanted) - 1))
    result = [0.0] * len(wanted)
    for rank, (index, offset) in enumerate(zip(order, offsets, strict=True)):
        result[index] = min(max(offset, low), room) + rank * gap
    return result


def wrapped(text: str, width: int, lines: int = 2) -> list[str]:
    """Text in at most so many lines of about so many characters, the last one cut if need be."""
    parts = textwrap.wrap(text, width) or [""]
    if len(parts) <= lines:
        return parts
    return [
        *parts[: lines - 1],
        textwrap.shorten(" ".join(parts[lines - 1 :]), width, placeholder="…")
        or parts[lines - 1][: width - 1] + "…",
    ]


def month_words(month: str, *, full: bool = True) -> str:
    """A month such as "2024-03-01" in words: "March 2024", or "Mar 2024"."""
    year, number = month[:4], int(month[5:7])
    word = LONG_MONTHS[number - 1]
    return f"{word if full else word[:3]} {year}"


def month_ticks(months: tuple[str, ...], most: int) -> tuple[list[str], list[str]]:
    """Ticks for an axis of months, at most about so many, at least two if there are two months.

    Returns:
        Positions as dates, and their words: the month, with the year under the first tick and
        under each January, or the year alone where ticks are years apart.
    """
    numbers = [int(month[:4]) * 12 + int(month[5:7]) - 1 for month in months]
    chosen = [0, len(months) - 1] if len(months) > 1 else [0]
    years = False
    for step in STEPS:
        found = [i for i, number in enumerate(numbers) if number % step == 0]
        if 2 <= len(found) <= most:
            chosen, years = found, step >= 12
            break
    words = []
    for rank, index in enumerate(chosen):
        year, number = divmod(numbers[index], 12)
        if years:
            words.append(str(year))
        elif rank == 0 or number == 0 or len(chosen) == 2:
            words.append(f"{LONG_MONTHS[number][:3]}<br>{year}")
        else:
            words.append(LONG_MONTHS[number][:3])
    return [months[i] for i in chosen], words
