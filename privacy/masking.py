"""What may be shown of a personal value: its first and last character, one `*` for each hidden one.

Longer fragments give too much away: of an ID number with its first and last four digits shown, some
28 000 candidates are left; with the first and last character alone, some 600 million.
"""

MASK = "*"


def mask(text: str) -> str:
    """Hide all but the first and last character; of one or two characters only the first stays.

    A name of two characters would otherwise be shown whole: 张三 becomes 张*.
    """
    if len(text) <= 2:
        return text[:1] + MASK * (len(text) - 1)
    return text[0] + MASK * (len(text) - 2) + text[-1]
