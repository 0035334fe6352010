"""Treatments of personal data, for generated jobs: Glue (Spark), Lambda, or by hand.

The same values as `lakelift zones build` gives; its SQL (treatment-sql.ts, pseudonym.ts) is the other half of one definition, and tests hold the two
together. What a treatment cannot read becomes None, never what it was. No error and no repr holds a value or a key.
Python 3.9 or newer, standard library only; boto3 is imported when a key is read from Secrets Manager.
"""

import base64
import binascii
import datetime
import decimal
import hashlib
import hmac
import re
import unicodedata

FIELDS = ("text", "nir", "iban", "email", "phone")
_BLANKS = " \t\r\n"
_HEX_DIGITS = 32
_LEAST_KEY_BYTES = 32
_BLOCK_BYTES = 64


def treatment(form, pseudonyms=None):
    """The function of a treatment as mappings write it: `pseudonymise:nir`, `year-band:5`, `keep`.

    It takes a value of any column type, or None, and gives a text; a whole number for `year`; for `keep` what it was given.
    Raises ValueError for what is no treatment, for `drop`, which leaves no column, and where a pseudonym has no key.
    """
    kind, _, argument = form.partition(":")
    if kind == "pseudonymise":
        field = argument if ":" in form else "text"
        if field not in FIELDS:
            raise ValueError(f"no treatment: {form}")
        if pseudonyms is None:
            raise ValueError("a pseudonym needs a key")
        return _of_text(lambda text: pseudonyms.of(field, text))
    if kind in _PLAIN and ":" not in form:
        return _PLAIN[kind]
    if form == "mask:0" or (kind in _WITH_NUMBER and re.fullmatch("[1-9][0-9]{0,8}", argument)):
        return _of_text(lambda text: _WITH_NUMBER[kind](text, int(argument)))
    raise ValueError(f"no treatment: {form}")


def reader(reading):
    """The function that reads a value's text as one of a type (reading.ts): None for a blank text, and for what is no value of the type."""
    if "yes" in reading:
        known = {reading["yes"]: True, reading["no"]: False}
        return _of_text(lambda text: known.get(text.strip(_BLANKS).lower()))
    shape, cast = re.compile(reading["shape"]), _cast_to(reading["type"])

    def read(text):
        found = shape.fullmatch(text.strip(_BLANKS))
        return None if found is None else cast(found.expand(reading["value"]))

    return _of_text(read)


def is_unreadable(reading):
    """Whether a value's text says something, and nothing of the type."""
    read = reader(reading)

    def unreadable(value):
        text = text_of(value)
        return text is not None and text.strip(_BLANKS) != "" and read(text) is None

    return unreadable


def _cast_to(kind):
    if kind in _BITS:
        limit = 2 ** _BITS[kind]
        return lambda text: int(text) if -limit <= int(text) < limit else None
    if kind == "double":
        return float
    if kind in ("date", "timestamp"):
        return _day if kind == "date" else _instant
    scale = decimal.Decimal(1).scaleb(-int(re.fullmatch(r"decimal\([0-9]+,([0-9]+)\)", kind).group(1)))
    # Of both zeros the one that databases know.
    return lambda text: _EXACT.add(decimal.Decimal(text).quantize(scale, context=_EXACT), decimal.Decimal(0))


_BITS = {"int": 31, "bigint": 63}


def _day(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _instant(text):
    seconds, _, fraction = text.partition(".")
    try:
        return datetime.datetime.fromisoformat(seconds).replace(microsecond=int(fraction.ljust(6, "0")))
    except ValueError:
        return None


class Pseudonyms:
    """Keyed pseudonyms of one domain and version: HMAC-SHA-256 over the domain, the kind of value and the value in one form, cut to 128 bits.

    A version that goes on from earlier ones is HMAC over the pseudonym of the one before, so that it joins what `lakelift zones rotate` has turned.
    """

    def __init__(self, domain, version, key, earlier=()):
        """`key`: bytes, as `parse_key` gives them; `earlier`: version and key of those that it goes on from, the latest first."""
        keys = [(version, key), *earlier]
        if any(len(one) < _LEAST_KEY_BYTES for _, one in keys):
            raise ValueError(f"the key has fewer than {_LEAST_KEY_BYTES} bytes")
        _refuse_same_keys(keys)
        self._domain = domain
        self._version = version
        self._keys = [(number, bytes(one)) for number, one in reversed(keys)]

    def of(self, field, text):
        pseudonym = self.first(field, text)
        for version, key in self._keys[1:]:
            pseudonym = _keyed(version, key, f"pseudonym\0{pseudonym}")
        return pseudonym

    def first(self, field, text):
        """Under the first key of all: no later one changes it."""
        version, key = self._keys[0]
        return _keyed(version, key, f"{self._domain}\0{field}\0{canonical(field, text)}")

    def __repr__(self):
        return f"Pseudonyms(version={self._version})"


def _refuse_same_keys(keys):
    """A new key that is an old one protects nobody. Compared as HMAC has them (compose-keys.ts): zeros at the end of a short key are none of it."""
    known = {}
    for version, key in keys:
        block = hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else bytes(key)
        other = known.setdefault(block.ljust(_BLOCK_BYTES, b"\0"), version)
        if other != version:
            raise ValueError(
                f"PSEUDONYM_KEY_SHARED: versions {other} and {version} have the same key of pseudonyms: "
                'give each version a key of its own, made by "openssl rand -hex 32"'
            )


def _keyed(version, key, message):
    return f"v{version}.{hmac.new(key, message.encode('utf-8'), hashlib.sha256).hexdigest()[:_HEX_DIGITS]}"


def pseudonyms_of(declared, places, client=None):
    """Pseudonyms as datasets declare them: `domain`, `version`, and `from`, those that it goes on from. Each of `places` says where the key of a version stands.

    `{"version": 1, "secret": name or ARN, "secretVersion": id}`, or `{"version": 1, "file": path}`. Raises ValueError for a version without a place, and for two
    versions of one key.
    """
    known = {place["version"]: place for place in places}
    versions = [declared["version"], *(declared.get("from") or ())]
    missing = [str(version) for version in versions if version not in known]
    if missing:
        raise ValueError(f"nobody has said where the key of version {', '.join(missing)} stands")
    (version, key), *earlier = [(one, _key_of(known[one], client)) for one in versions]
    return Pseudonyms(declared["domain"], version, key, earlier)


def _key_of(place, client):
    if place.get("file"):
        return key_of_file(place["file"])
    return key_of_secret(place["secret"], client, place.get("secretVersion"))


def parse_key(text):
    """Bytes of a key as `openssl rand -hex 32` or `-base64 32` writes it. Raises ValueError, without repeating it, for one that is neither."""
    text = text.strip()
    # Hexadecimal that lost a digit is Base64 as well, of another key.
    is_hex = re.fullmatch("[0-9A-Fa-f]+", text) is not None
    try:
        key = bytes.fromhex(text) if is_hex else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("the key is neither hexadecimal nor Base64") from None
    if len(key) < _LEAST_KEY_BYTES:
        raise ValueError(f"the key has fewer than {_LEAST_KEY_BYTES} bytes")
    return key


def key_of_file(path):
    with open(path, encoding="ascii") as file:
        return parse_key(file.read())


def key_of_secret(secret_id, client=None, version_id=None):
    """The key that stands as the text of a secret of AWS Secrets Manager; the newest unless a version is named."""
    if client is None:
        import boto3

        client = boto3.client("secretsmanager")
    version = {"VersionId": version_id} if version_id else {}
    return parse_key(client.get_secret_value(SecretId=secret_id, **version)["SecretString"])


def text_of(value):
    """A value as the text that treatments read; like DuckDB's cast of it. None stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        seconds = value.strftime("%Y-%m-%d %H:%M:%S").zfill(19)
        return seconds + f".{value.microsecond:06d}".rstrip("0") if value.microsecond else seconds
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return "".join(chr(one) if 32 <= one < 127 and one not in _ESCAPED else f"\\x{one:02X}" for one in value)
    return format(value, "f") if isinstance(value, decimal.Decimal) else str(value)


_ESCAPED = b"'\"\\"


def canonical(field, text):
    """One form for the ways in which the same value is written."""
    text = unicodedata.normalize("NFC", text).strip(_BLANKS)
    if field == "nir":
        bare = re.sub("[ .-]", "", text.translate(_TO_UPPER))
        return bare[:13] if _has_key(bare) else bare
    if field == "iban":
        return text.translate(_TO_UPPER).replace(" ", "")
    if field == "email":
        return text.translate(_TO_LOWER)
    if field == "phone":
        return re.sub(r"\A(\+|00)330?", "0", re.sub("[ .()/\u00a0\u202f-]", "", text))
    return text


def _has_key(bare):
    """Whether the last two digits are the key of those before: others of fifteen, such as numbers of employers for their own (NTT), are whole. Corsica counts as 19 and 18."""
    if not re.fullmatch("[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}", bare):
        return False
    number = int(bare[:13].replace("2A", "19").replace("2B", "18"))
    return 97 - number % 97 == int(bare[13:])


# Letters whose cases every engine pairs alike; of those beyond ASCII only in mail addresses.
_ASCII = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = _ASCII + "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"
_TO_UPPER = str.maketrans(_ASCII, _ASCII.upper())
_TO_LOWER = str.maketrans(_LETTERS.upper(), _LETTERS)

# Codes whose first digits name another département than their communes lie in (INSEE).
_ELSEWHERE = {"94390": "91", "97133": "977", "97150": "978", "98799": "989"}


def _department(text):
    code = _trimmed(text)
    if not re.fullmatch("[0-9]{5}", code):
        return None
    if code in _ELSEWHERE:
        return _ELSEWHERE[code]
    if code.startswith("20"):
        return "2A" if code < "20200" else "2B"
    return code[:3] if code[:2] in ("97", "98") else code[:2]


def _trimmed(text):
    """Without the blanks that DuckDB's trim takes: those of Unicode, and no line end or tab."""
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start]) == "Zs":
        start += 1
    while end > start and unicodedata.category(text[end - 1]) == "Zs":
        end -= 1
    return text[start:end]


def _year(text):
    """Of `1985-07-13`, with a time or not, or of `13071985` as declarations write it, where day and month may be 99."""
    found = re.match("([0-9]{4})-[0-9]{2}-[0-9]{2}", text) or re.fullmatch("[0-9]{4}([0-9]{4})", text)
    return int(found.group(1)) if found else None


def _month(text):
    iso = re.match("([0-9]{4}-(?:0[1-9]|1[0-2]))-[0-9]{2}", text)
    if iso:
        return iso.group(1)
    declared = re.fullmatch("[0-9]{2}(0[1-9]|1[0-2])([0-9]{4})", text)
    return f"{declared.group(2)}-{declared.group(1)}" if declared else None


def _year_band(text, width):
    year = _year(text)
    return None if year is None else _band_of(year, width)


_NUMBER = r"[ \t\r\n]*[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE](?:[+]?[0-9]{1,2}|-0?[0-9]))?[ \t\r\n]*"
_NANO = decimal.Decimal("1e-9")
_EXACT = decimal.Context(prec=200, rounding=decimal.ROUND_HALF_UP)
_LIMIT = 10**18


def _band(text, width):
    if not re.fullmatch(_NUMBER, text):
        return None
    number = decimal.Decimal(text.strip(_BLANKS)).quantize(_NANO, context=_EXACT)
    return None if abs(number) >= _LIMIT else _band_of(int(number.to_integral_value(decimal.ROUND_FLOOR)), width)


def _band_of(number, width):
    """The last number that belongs to a band is named, so that bands are read without thinking: `0-9`, `10-19`."""
    start = number // width * width
    return f"{start}-{start + width - 1}"


def _mask(text, shown):
    """Half of it at most."""
    return text[: min(shown, len(text) // 2)] + "***"


def _of_text(function):
    def treated(value):
        text = text_of(value)
        return None if text is None else function(text)

    return treated


_PLAIN = {
    "keep": lambda value: value,
    "department": _of_text(_department),
    "year": _of_text(_year),
    "month": _of_text(_month),
}
_WITH_NUMBER = {"year-band": _year_band, "band": _band, "mask": _mask}
