"""Which encoding a text file has, and where it breaks when read in a wrong one."""

import codecs

from .errors import ReadError

CHUNK = 1 << 20

#: Encodings offered, in the order in which they are tried.
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "gb18030", "cp1252")

#: Python's codec for each: UTF-8 with or without the byte order mark.
CODECS = {"utf-8": "utf-8-sig"}


def codec(encoding):
    return CODECS.get(encoding, encoding)


def guess_encoding(open_binary):
    """Guess the encoding of a stream by reading all of it once, in pieces.

    Parameters
    ----------
    open_binary : callable
        Opens the stream anew for each try.

    Returns
    -------
    str
        One of `ENCODINGS`.

    Raises
    ------
    ReadError
        ``encoding`` when none of them reads every byte.
    """
    with open_binary() as stream:
        head = stream.read(CHUNK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _looks_utf16(head):
        return "utf-16-le"
    first_error = _decode_error(open_binary, "utf-8")
    if first_error is None:
        return "utf-8"
    candidates = ["gb18030", "cp1252"] if _looks_chinese(open_binary) else ["cp1252", "gb18030"]
    for candidate in candidates:
        if _decode_error(open_binary, candidate) is None:
            return candidate
    raise first_error


def check_text(open_binary, encoding):
    """Read a whole stream once and check that it is text in `encoding`.

    Returns
    -------
    int
        Number of line ends, a close upper estimate of the rows.

    Raises
    ------
    ReadError
        ``encoding`` (position, line, byte, encodings that would do), ``nul`` or ``long_line``.
    """
    decoder = codecs.getincrementaldecoder(codec(encoding))("strict")
    done = lines = 0
    had_line_end = True
    with open_binary() as stream:
        while chunk := stream.read(CHUNK):
            _decode(decoder, chunk, done, lines, encoding)
            if not encoding.startswith("utf-16") and b"\0" in chunk:
                raise ReadError("nul", position=done + chunk.index(b"\0") + 1)
            has_line_end = b"\n" in chunk or b"\r" in chunk
            if not has_line_end and not had_line_end:
                raise ReadError("long_line", line=lines + 1)
            had_line_end = has_line_end
            done += len(chunk)
            lines += chunk.count(b"\n") or chunk.count(b"\r")
    _decode(decoder, b"", done, lines, encoding, final=True)
    return lines


def explain(error, open_binary):
    """Add to an ``encoding`` error the encodings that do read the file."""
    others = [name for name in ENCODINGS if name != error.params["encoding"]]
    fits = [name for name in others if "utf-16" not in name and _reads(open_binary, name)]
    return ReadError("encoding", **dict(error.params, offers=fits))


def _decode(decoder, chunk, done, lines, encoding, final=False):
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        # the decoder keeps the unfinished bytes of the chunk before this one in front of it
        start = done - (len(error.object) - len(chunk)) + error.start
        raise ReadError(
            "encoding",
            encoding=encoding,
            position=start + 1,
            line=lines + error.object[: error.start].count(b"\n") + 1,
            byte=f"0x{error.object[error.start]:02X}" if error.start < len(error.object) else "",
        ) from error
    except UnicodeError as error:  # UTF-16 without a byte order mark
        raise ReadError("encoding", encoding=encoding, position=1, line=1, byte="") from error


def _reads(open_binary, encoding):
    try:
        return _decode_error(open_binary, encoding) is None
    except ReadError:
        return False


def _decode_error(open_binary, encoding):
    try:
        check_text(open_binary, encoding)
    except ReadError as error:
        if error.code != "encoding":
            raise
        return error
    return None


def _looks_utf16(head):
    """Tell UTF-16 without a mark: every other byte of Western text is zero."""
    sample = head[:2000]
    even, odd = sample[::2], sample[1::2]
    return len(sample) > 20 and odd.count(0) > 0.4 * len(odd) > even.count(0)


def _looks_chinese(open_binary):
    """Tell GB 18030 from Windows-1252 by the pairs of bytes above 0x7F.

    Chinese text is made of pairs, nearly all of them punctuation or one of the 3,755 frequent
    characters, which GB 2312 has in its first level. Accented letters of Western languages mostly
    stand alone; where two meet, as in “Größe”, they fall on rare characters.
    """
    frequent = others = 0
    with open_binary() as stream:
        while (chunk := stream.read(CHUNK)) and frequent + others < 1000:
            frequent, others = _count_pairs(chunk, frequent, others)
    return frequent > others


def _count_pairs(chunk, frequent, others):
    index, end = 0, len(chunk) - 1
    while index < end and frequent + others < 1000:
        lead, trail = chunk[index], chunk[index + 1]
        if lead < 0x80:
            index += 1
            continue
        index += 2
        if trail >= 0xA1 and (0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7):
            frequent += 1
        else:
            others += 1
    return frequent, others
