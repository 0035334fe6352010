"""The last gate of generated jobs: values of people that are still there in clear, told by form and check digits.

The same findings as `lakelift zones build` has (personal-patterns.ts, check-digits.ts, personal-values.ts); tests hold the two together. Counts alone are
kept. Python 3.9 or newer, standard library only.
"""

import re

KINDS_OF_PEOPLE = ("nir", "iban", "email", "phone", "rpps")
KINDS_OF_BUSINESS = ("siren", "siret", "vat", "finess")

_FEWEST_VALUES = 5
_MOST = 0.8


class ColumnSearch:
    """Looks through the texts of one column, each different one once, and keeps counts alone.

    `kinds`: those that must not be there. A name that says what the column holds (`rpps`, `siret_client`) takes the place of many values; where the column
    `is_suspect`, by its class or name, so does any value of people.
    """

    def __init__(self, kinds, names, is_suspect=False):
        named = {_kind_of_name(name) for name in names} | set(KINDS_OF_PEOPLE if is_suspect else ())
        self._tallies = [
            _Tally(kind, shape, is_valid, "one" if kind in named else proof)
            for kind, shape, is_valid, proof in _PATTERNS
            if kind in kinds
        ]

    def look(self, text):
        if _WORTH_LOOKING.search(text):
            for tally in self._tallies:
                tally.look(text)

    def found(self):
        """What the column holds by more than chance: count by kind."""
        found = {}
        for tally in self._tallies:
            if tally.is_proven():
                found[tally.kind] = found.get(tally.kind, 0) + tally.valid
        return found


class _Tally:
    def __init__(self, kind, shape, is_valid, proof):
        self.kind = kind
        self._shape = shape
        self._is_valid = is_valid
        self._proof = proof
        self._shaped = 0
        self.valid = 0
        # Some of the valid ones: only whether there are enough of them counts.
        self._different = set()

    def look(self, text):
        for match in self._shape.finditer(text):
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

# Without these there is nothing in a text that any pattern finds.
_WORTH_LOOKING = re.compile("@|(?:[0-9][^0-9]{0,2}){9}")

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

_NAMES = (
    ("nir", r"(^|_)(nir|ntt|numss|num_?secu|no_secu|numero_securite_sociale)(_|$)"),
    ("iban", r"(^|_)iban(_|$)"),
    ("email", r"(^|_)(e_?mail|mail|courriel)(_|$)"),
    ("phone", r"(^|_)(tel|telephone|portable|mobile)(_|$)"),
    ("rpps", r"(^|_)rpps(_|$)"),
    ("siren", r"(^|_)siren(_|$)"),
    ("siret", r"(^|_)siret(_|$)"),
    ("vat", r"(^|_)(tva|num_?tva|vat)(_|$)"),
    ("finess", r"(^|_)finess(_|$)"),
)


def _kind_of_name(name):
    return next((kind for kind, pattern in _NAMES if re.search(pattern, name.lower())), None)
