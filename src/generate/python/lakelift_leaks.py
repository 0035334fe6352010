"""The last gate of generated jobs: numbers and addresses of people and companies that are still there in clear, told by form and check digits.

The same findings as `lakelift zones build` has (personal-patterns.ts, check-digits.ts, personal-values.ts); tests hold the two together. Counts alone are
kept. Python 3.9 or newer, standard library only.
"""

import re

_KINDS_OF_PEOPLE = ("nir", "iban", "email", "phone", "rpps")

_FEWEST_VALUES = 5
_MOST = 0.8


class ColumnSearch:
    """Looks through the texts of one column, each different one once, and keeps counts alone.

    `scrutiny`: `any`, one valid value of any kind is enough; `people`, one of a person is, and numbers of companies are not looked for; `likely-people`, likewise,
    but those that chance makes as well are told by how many there are.
    """

    def __init__(self, scrutiny):
        self._tallies = [
            _Tally(kind, shape, is_valid, proof, is_enough=scrutiny != "likely-people")
            for kind, shape, is_valid, proof in _PATTERNS
            if scrutiny == "any" or kind in _KINDS_OF_PEOPLE
        ]

    def look(self, text):
        if _WORTH_LOOKING.search(text):
            for tally in self._tallies:
                tally.look(text)

    def found(self):
        """What the column holds: count by kind."""
        found = {}
        for tally in self._tallies:
            if tally.is_proven():
                found[tally.kind] = found.get(tally.kind, 0) + tally.valid
        return found


def leaks_text(found):
    """What was found, count by kind for each column, and what to do about it; an empty text where nothing was. No value."""
    counted = [(column, ", ".join(f"{count} {kind}" for kind, count in kinds.items())) for column, kinds in found.items() if kinds]
    if not counted:
        return ""
    said = "; ".join(f"{column} ({counts})" for column, counts in counted)
    return f"still holds identifiers in clear: {said}. Treat these columns, or declare them clear, by because, class public or validByChance, and generate again"


class _Tally:
    def __init__(self, kind, shape, is_valid, proof, is_enough):
        self.kind = kind
        self._shape = shape
        self._is_valid = is_valid
        self._proof = "one" if is_enough else proof
        self._may_be_amount = proof != "one"
        self._shaped = 0
        self.valid = 0
        # Some of the valid ones: only whether there are enough of them counts.
        self._different = set()

    def look(self, text):
        for match in self._shape.finditer(text):
            if self._may_be_amount and _is_amount(match):
                continue
            value = compact(match.group())
            self._shaped += 1
            if self._is_valid(value):
                self.valid += 1
                if len(self._different) < _FEWEST_VALUES:
                    self._different.add(value)

    def is_proven(self):
        if self.valid == 0 or self._proof == "one":
            return self.valid > 0
        if self._proof == "form":
            return self.valid / self._shaped >= 0.5
        return len(self._different) >= _FEWEST_VALUES and self.valid / self._shaped >= _MOST


_DECIMALS = re.compile(r"[0-9]+\.(?:[0-9]{2,}|[1-9])(?![ .\u00a0\u202f-]?[0-9])")
_DECIMALS_AFTER = re.compile(r"\.(?:[0-9]{2}|[1-9])")


def _is_amount(match):
    """Part of a number with decimals. One of them that is zero is none: so floating numbers that are whole are written."""
    text, start = match.string, match.start()
    is_behind_point = re.search(r"[0-9]\.\Z", text[max(0, start - 2) : start])
    return bool(is_behind_point or _DECIMALS.match(text, start) or _DECIMALS_AFTER.match(text, match.end()))


def compact(text):
    """The text without what separates its groups, in capitals."""
    return re.sub(r"[\s.-]", "", text).upper()


_NIR = re.compile(
    "[12][0-9]{2}(?:0[1-9]|1[0-2]|20|3[0-9]|4[0-2]|[5-9][0-9])(?:0[1-9]|[1-8][0-9]|9[0-57-9]|2[AB])[0-9]{6}(?:[0-9]{2})?"
)


def _is_nir(value):
    """By its form and its key; without key by its form alone, and then only with a month of the calendar (INSEE)."""
    if not _NIR.fullmatch(value):
        return False
    if len(value) == 13:
        return 1 <= int(value[3:5]) <= 12
    # Corsica counts as 19 and 18.
    number = int(value[:13].replace("2A", "19", 1).replace("2B", "18", 1))
    return 97 - number % 97 == int(value[13:])


# Country and length of every IBAN (registry of ISO 13616).
_IBAN_LENGTHS = {
    entry[:2]: int(entry[2:])
    for entry in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 "
        "FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 "
        "ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 "
        "ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
    ).split()
}


def _begins_with_iban(text):
    """Words that follow an IBAN may look like groups of it."""
    value = text[: _IBAN_LENGTHS.get(text[:2], 0)]
    if not re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]+", value) or _IBAN_LENGTHS[value[:2]] != len(value):
        return False
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1


def _is_siret(value):
    if not re.fullmatch("[0-9]{14}", value):
        return False
    # Those of La Poste may sum up, undoubled, to a multiple of five.
    return _is_luhn(value) or (value.startswith("356000000") and sum(map(int, value)) % 5 == 0)


def _is_finess(value):
    """The letter of Corsica counts as 1 or 2."""
    is_one = re.fullmatch("(?:0[1-9]|[1-9][0-9]|2[AB])[0-9]{7}", value)
    return bool(is_one) and _is_luhn(value.replace("A", "1").replace("B", "2"))


def _is_vat(value):
    """A key with letters is told by its SIREN alone."""
    found = re.fullmatch("FR([0-9A-HJ-NP-Z]{2})([0-9]{9})", value)
    if not found or not _is_luhn(found.group(2)):
        return False
    key, siren = found.groups()
    return not key.isdigit() or int(siren + "12") % 97 == int(key)


def _is_luhn(value):
    """Digits only. The digits, every second one doubled from the right, sum up to a multiple of ten."""
    if not value.strip("0"):
        return False
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(value))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


_LETTER_OR_DIGIT = r"[^\W_]"
_GAP = "[ .\u00a0\u202f-]?"


def _alone(*groups):
    """No part of a longer word or number."""
    shape = f"(?<!{_LETTER_OR_DIGIT})(?:{_GAP.join(groups)})(?!{_LETTER_OR_DIGIT})"
    return re.compile(shape, re.IGNORECASE)


def _digits(*lengths):
    return [f"[0-9]{{{length}}}" for length in lengths]


def _phones():
    """`+33 (0)6 …` as well. With slashes only where no more of them are beside it: folders are called by month, day, hour, minute and second."""
    gap = "[ ./\u00a0\u202f-]"
    abroad = rf"(?:\+33|0033){gap}?(?:(?:\(0\)|0){gap}?)?[1-9](?:{gap}?[0-9]{{2}}){{4}}"
    slashed = "(?<!/)0[1-9](?:/[0-9]{2}){4}(?!/)"
    inside = f"0[1-9](?:{gap.replace('/', '')}[0-9]{{2}}){{4}}"
    return re.compile(rf"(?<!{_LETTER_OR_DIGIT})(?:{abroad}|{inside}|{slashed})(?!{_LETTER_OR_DIGIT})")


_NIR_GROUPS = [*_digits(1, 2, 2), "(?:[0-9]{2}|2[AB])", *_digits(3, 3)]

# Without these there is nothing in a text that any pattern finds: a FINESS of Corsica has eight digits and a letter.
_WORTH_LOOKING = re.compile("@|(?:[0-9][^0-9]{0,2}){8}")

# kind, shape, check, and how much must be valid: `one` value where chance makes next to none; half of what has the `form` where there are no check
# digits; `many`, five values and four fifths, where one number in ten has a right check digit.
_PATTERNS = (
    ("nir", _alone(*_NIR_GROUPS, "[0-9]{2}"), _is_nir, "one"),
    ("iban", _alone(f"[A-Z]{{2}}[0-9]{{2}}(?:{_GAP}[A-Z0-9]{{4}}){{2,7}}", "[A-Z0-9]{0,3}"), _begins_with_iban, "one"),
    ("nir", _alone(*_NIR_GROUPS), _is_nir, "form"),
    ("email", re.compile(r"(?:[^\W_]|[._%+-])+@(?:[^\W_]|-)+(?:\.(?:[^\W_]|-)+)+"), lambda _: True, "one"),
    (
        "phone",
        _phones(),
        lambda _: True,
        "one",
    ),
    ("phone", _alone("[0-9]{10}"), lambda value: re.match("0[1-9]", value) is not None, "form"),
    ("rpps", _alone("[0-9]{11}"), _is_luhn, "many"),
    ("siren", _alone(*_digits(3, 3, 3)), _is_luhn, "many"),
    ("siret", _alone(*_digits(3, 3, 3, 5)), _is_siret, "many"),
    ("vat", _alone("FR", "[0-9A-Z]{2}", *_digits(3, 3, 3)), _is_vat, "one"),
    ("finess", _alone("(?:[0-9]{2}|2[AB])[0-9]{7}"), _is_finess, "many"),
)
