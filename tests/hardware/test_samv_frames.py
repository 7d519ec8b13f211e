"""The card module's frames: golden bytes, and a parser that finds a reply wherever it lies."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.id_readers import samv
from hardware.id_readers.samv import PREAMBLE, Command, Reply, ReplyParser, could_answer, request, text_block
from hardware.simulated.people import CARDS, PHOTO, check_digit, find_card
from hardware.simulated.samv_module import framed


def frame(text: str) -> bytes:
    return PREAMBLE + bytes.fromhex(text)


@pytest.mark.parametrize(
    ("command", "bytes_after_preamble"),
    [
        (Command.RESET, "00 03 10 FF EC"),
        (Command.STATUS, "00 03 11 FF ED"),
        (Command.FIND, "00 03 20 01 22"),
        (Command.SELECT, "00 03 20 02 21"),
        (Command.READ, "00 03 30 01 32"),
        (Command.READ_NEW_ADDRESS, "00 03 30 03 30"),
    ],
)
def test_a_question_is_these_bytes(command: Command, bytes_after_preamble: str) -> None:
    assert request(command) == frame(bytes_after_preamble)


STATUS_CHECKS = {
    0x90: 0x94,
    0x91: 0x95,
    0x9F: 0x9B,
    0x10: 0x14,
    0x11: 0x15,
    0x21: 0x25,
    0x23: 0x27,
    0x24: 0x20,
    0x31: 0x35,
    0x32: 0x36,
    0x33: 0x37,
    0x37: 0x33,
    0x3F: 0x3B,
    0x40: 0x44,
    0x41: 0x45,
    0x47: 0x43,
    0x60: 0x64,
    0x66: 0x62,
    0x80: 0x84,
    0x81: 0x85,
}


@pytest.mark.parametrize(("status", "check"), STATUS_CHECKS.items())
def test_a_status_frame_is_read_and_simulated_alike(status: int, check: int) -> None:
    golden = frame("00 04 00 00") + bytes([status, check])
    assert framed(status) == golden
    assert ReplyParser().feed(golden) == [Reply(card_words=b"\0\0", status=status, payload=b"")]


GOLDEN_REPLIES = [
    ("00 08 00 00 9F 00 00 00 00 97", 0x9F, 4),
    ("00 0C 00 00 90 00 00 00 00 00 00 00 00 9C", 0x90, 8),
    ("00 14 00 00 90 05 00 01 00 5B 03 33 01 5A B3 1E 00 D2 02 96 49 12", 0x90, 16),
]


@pytest.mark.parametrize(("text", "status", "size"), GOLDEN_REPLIES)
def test_a_reply_with_content_is_read(text: str, status: int, size: int) -> None:
    (reply,) = ReplyParser().feed(frame(text))
    assert (reply.status, len(reply.payload)) == (status, size)


VECTORS = [
    ("vector-a", "aa5457b2d13d5908", 0x7D, "5742424ed4b29f85"),
    ("vector-j", "18022f28ab40704c", 0x48, "89792b05d6027831"),
    ("vector-i", "30a52c2b54950662", 0xC7, "d0e891a149fc5249"),
    ("vector-y", "d83a964b4a33e89b", 0x59, "6f3c0a0cb45bd152"),
]


@pytest.mark.parametrize(("name", "block_digest", "check", "frame_digest"), VECTORS)
def test_a_card_of_each_kind_has_its_known_bytes(name: str, block_digest: str, check: int, frame_digest: str) -> None:
    card = CARDS[name]
    reply = framed(0x90, b"\x01\x00\x04\x00" + card.block + PHOTO)
    assert hashlib.sha256(card.block).hexdigest()[:16] == block_digest
    assert (len(reply), reply[-1]) == (1295, check)
    assert hashlib.sha256(reply).hexdigest()[:16] == frame_digest
    (parsed,) = ReplyParser().feed(reply)
    assert text_block(parsed.payload) == card.block


def test_a_later_address_has_its_known_bytes() -> None:
    new_address = CARDS["moved-house"].new_address
    assert new_address is not None
    reply = framed(0x90, new_address)
    assert (len(reply), reply[-1]) == (81, 0x17)
    assert hashlib.sha256(reply).hexdigest().startswith("7baf03fbdccbd0e6")


FINGERPRINT_FRAMES = {
    "vector-a": {
        0: (0x7F, "23a2002acfefb0ca"),
        512: (0x7F, "5eed03236765e998"),
        1024: (0x77, "427f888b8bda26cd"),
    },
    "vector-j": {
        0: (0x4A, "c90c7585823fe4bc"),
        512: (0x4A, "736dfc4d2a1b7bf8"),
        1024: (0x42, "32c7d4b36f38ac88"),
    },
    "vector-i": {
        0: (0xC5, "3ce6cd8755d63f4d"),
        512: (0xC5, "62c856716c548126"),
        1024: (0xCD, "948aa19c954e54d4"),
    },
    "vector-y": {
        0: (0x5B, "dedb3e3fb26c18f7"),
        512: (0x5B, "df8293839eb97f13"),
        1024: (0x53, "1211016f6733fc50"),
    },
}


@pytest.mark.parametrize("fingerprint_bytes", [0, 512, 1024])
@pytest.mark.parametrize("name", FINGERPRINT_FRAMES)
def test_a_frame_with_a_fingerprint_is_whole_but_never_taken_for_one_without(name: str, fingerprint_bytes: int) -> None:
    head = b"\x01\x00\x04\x00" + fingerprint_bytes.to_bytes(2, "big")
    reply = framed(0x90, head + CARDS[name].block + PHOTO + bytes(fingerprint_bytes))
    check, digest = FINGERPRINT_FRAMES[name][fingerprint_bytes]
    assert (len(reply), reply[-1]) == (1297 + fingerprint_bytes, check)
    assert hashlib.sha256(reply).hexdigest()[:16] == digest
    (parsed,) = ReplyParser().feed(reply)
    assert text_block(parsed.payload) is None


CORRUPT = [
    "AA 00 AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 9C",
    "AA AA AA 96 69 00 03 20 01 21",
    "AA AA AA 96 69 00 05 05 05 05",
    "AA AA AA 96 69 00 00",
    "AA AA AA 96 69 FF FF 00 00 90",
    "AA AA AA 96 69 00 03 11 FF ED",
]


@pytest.mark.parametrize("text", CORRUPT)
def test_a_frame_met_corrupt_in_real_code_is_no_reply_and_hides_none(text: str) -> None:
    parser = ReplyParser()
    assert parser.feed(bytes.fromhex(text)) == []
    replies = parser.feed(framed(0x9F, bytes(4)))
    assert [reply.status for reply in replies + parser.give_up()] == [0x9F]


@pytest.mark.parametrize("length", ["00 00", "00 03", "10 01", "FF FF"])
def test_an_impossible_length_is_not_waited_for(length: str) -> None:
    (reply,) = ReplyParser().feed(frame(length) + framed(0x80))
    assert reply.status == 0x80


PIECES = [
    b"\xaa",
    b"\xaa\xaa",
    b"\xaa\xaa\xaa\x96",
    b"AAAA",
    PREAMBLE,
    PREAMBLE + b"\x00",
    PREAMBLE + b"\x00\x05\x05\x05\x05",
    PREAMBLE + b"\x00\x00",
    PREAMBLE + b"\x0f\xff",
    PREAMBLE + b"\xff\xff",
    bytes.fromhex("AA AA AA 96 69 00 03 11 FF ED"),
]
junk = st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=4).map(b"".join)
statuses = st.sampled_from(sorted(STATUS_CHECKS))
payloads = st.binary(max_size=40) | st.just(b"\x01\x00\x04\x00" + CARDS["adult-a"].block + PHOTO)


def holds_no_reply(noise: bytes) -> bool:
    parser = ReplyParser()
    return parser.feed(noise) + parser.give_up() == []


def in_pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    ends = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[start:end] for start, end in pairwise(ends)]


@settings(max_examples=120, deadline=None)
@given(junk.filter(holds_no_reply), junk.filter(holds_no_reply), statuses, payloads, st.lists(st.integers(0, 2000)))
def test_a_reply_is_found_in_any_noise_and_any_pieces(
    before: bytes, after: bytes, status: int, payload: bytes, cuts: list[int]
) -> None:
    parser = ReplyParser()
    replies: list[Reply] = []
    for piece in in_pieces(before + framed(status, payload) + after, cuts):
        replies += parser.feed(piece)
    replies += parser.give_up()
    assert Reply(card_words=b"\0\0", status=status, payload=payload) in replies


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(statuses, payloads), min_size=1, max_size=4), st.lists(st.integers(0, 6000)))
def test_replies_in_a_row_come_out_in_order_whatever_the_pieces(
    contents: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    parser = ReplyParser()
    replies: list[Reply] = []
    for piece in in_pieces(b"".join(framed(*content) for content in contents), cuts):
        replies += parser.feed(piece)
    assert [(reply.status, reply.payload) for reply in replies] == contents


@settings(max_examples=80, deadline=None)
@given(statuses, payloads, st.data())
def test_no_single_flipped_bit_is_taken_for_the_reply(status: int, payload: bytes, data: st.DataObject) -> None:
    whole = bytearray(framed(status, payload))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    parser = ReplyParser()
    replies = parser.feed(bytes(whole)) + parser.give_up()
    assert Reply(card_words=b"\0\0", status=status, payload=payload) not in replies


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=3000), max_size=8))
def test_noise_never_fills_the_memory(chunks: list[bytes]) -> None:
    parser = ReplyParser()
    for chunk in chunks:
        parser.feed(chunk)
    assert len(parser._buffer) <= 4096 + 7


def test_a_late_find_is_no_answer_to_a_select() -> None:
    found = Reply(card_words=b"\0\0", status=samv.FOUND, payload=bytes(4))
    nothing = Reply(card_words=b"\0\0", status=samv.FIND_FAILED, payload=b"")
    assert could_answer(Command.FIND, found)
    assert not could_answer(Command.SELECT, found)
    assert not could_answer(Command.READ, nothing)


def test_a_status_answer_is_no_selected_card() -> None:
    assert not could_answer(Command.SELECT, Reply(card_words=b"\0\0", status=samv.OK, payload=b""))


def test_no_repr_shows_what_is_on_a_card() -> None:
    reply = Reply(card_words=b"\0\0", status=samv.OK, payload=CARDS["adult-a"].block)
    assert "payload" not in repr(reply)
    assert "block" not in repr(CARDS["adult-a"])


@pytest.mark.parametrize(
    "number",
    ["931586198001010028", "932682198501010017", "830000199706020042", "11010519491231002X", "360426199101010071"],
)
def test_the_check_digit_is_the_one_of_published_examples(number: str) -> None:
    assert check_digit(number[:17]) == number[17]


def test_the_simulator_knows_enough_adults_and_all_differ() -> None:
    blocks = {card.block for card in CARDS.values()}
    assert len(blocks) == len(CARDS)
    assert sum(name.startswith("adult-") for name in CARDS) >= 40


def test_a_card_can_be_made_for_a_birthday() -> None:
    card = find_card("born-20081123")
    assert card is not None
    assert "20081123" in card.block.decode("utf-16-le")
    assert find_card("born-20081323") is None
