"""Made-up visitors: names that no two of them share, and numbers that are kept for fiction."""

SYLLABLES = ("ba", "co", "di", "fe", "ga", "ho", "ja", "ka", "lo", "mi", "no", "pe", "ra", "so", "ti", "vo")
# Of these areas 555-01xx is nobody's (North American plan).
AREAS: tuple[int, ...] = (
    312,
    773,
    872,
    630,
    708,
    847,
    815,
    217,
    618,
    309,
    414,
    608,
    715,
    920,
    262,
    317,
    219,
    260,
    574,
    765,
)
AREAS += (313, 248, 616, 517, 734, 989, 231, 906, 269, 810, 612, 651, 763, 952, 507, 218, 320, 314, 816, 573)
NUMBERS_OF_AREA = 100


def name_of(number: int) -> str:
    """A first and a last name; the last name is the visitor's alone."""
    places = [SYLLABLES[number // len(SYLLABLES) ** place % len(SYLLABLES)] for place in range(4)]
    return f"Greta Ol{''.join(places)}sen"


def phone_of(number: int) -> str:
    """Ten digits; the same again after 4,000 visitors."""
    area, line = divmod(number % (NUMBERS_OF_AREA * len(AREAS)), NUMBERS_OF_AREA)
    return f"{AREAS[area]}55501{line:02d}"
