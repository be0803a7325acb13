"""The corpus: each file with what must come of it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from delivery.model import Reason
from reportlab.lib.pagesizes import A3, A5, A6, landscape

from tests.corpus import hostile
from tests.corpus.drawing import Placed, encoded, pdf, photo
from tests.corpus.symbols import aztec, code39, code128, data_matrix, ean13, itf, pdf417, qr

Units = list[set[str]]


class Case(NamedTuple):
    """A file, and the codes of each unit in it, or why it is rejected."""

    name: str
    make: Callable[[], bytes]
    wanted: Units | Reason
    bomb: bool = False


def number(index: int) -> str:
    """A ticket's number, as issuers print it."""
    return f"TKZ{index:03}{index * 7919 % 1_000_000:06}"


def digits(index: int) -> str:
    return f"{index * 1_234_567 % 10**12:012}"


APP = "https://issuer.example/app"


def _vector() -> list[Case]:
    """Vector PDFs of one ticket, in every symbology."""
    a = number
    ticket39 = a(6)
    return [
        Case("qr", lambda: pdf([Placed(qr(a(1)))]), [{a(1)}]),
        Case("aztec", lambda: pdf([Placed(aztec(a(2)))]), [{a(2)}]),
        Case("data matrix", lambda: pdf([Placed(data_matrix(a(3)), module=4)]), [{a(3)}]),
        Case("pdf417", lambda: pdf([Placed(pdf417(a(4)), x=90, module=1.5)]), [{a(4)}]),
        Case("code 128", lambda: pdf([Placed(code128(a(5)), x=90, module=1.4)]), [{a(5)}]),
        Case("code 39", lambda: pdf([Placed(code39(ticket39), x=60, module=1.4)]), [{ticket39}]),
        Case("itf", lambda: pdf([Placed(itf(digits(7)), x=90, module=1.5)]), [{digits(7)}]),
        Case("ean 13", lambda: pdf([Placed(ean13("4006381333931"), x=90, module=1.5)]), [{"4006381333931"}]),
        Case("qr of 300 characters", lambda: pdf([Placed(qr("A1b2" * 75), module=2)]), [{"A1b2" * 75}]),
        Case("qr with the least correction", lambda: pdf([Placed(qr(a(8), "l"))]), [{a(8)}]),
        Case("small qr", lambda: pdf([Placed(qr(a(9)), module=0.9)]), [{a(9)}]),
        Case("small aztec", lambda: pdf([Placed(aztec(a(10)), module=1.1)]), [{a(10)}]),
        Case("small data matrix", lambda: pdf([Placed(data_matrix(a(11)), module=1.2)]), [{a(11)}]),
        Case("thin code 128", lambda: pdf([Placed(code128(a(12)), module=0.75)]), [{a(12)}]),
        Case("large qr", lambda: pdf([Placed(qr(a(13)), x=60, y=150, module=20)]), [{a(13)}]),
        Case("qr turned by 90", lambda: pdf([Placed(qr(a(14)), x=300, turn=90)]), [{a(14)}]),
        Case("qr turned by 33", lambda: pdf([Placed(qr(a(15)), x=250, turn=33)]), [{a(15)}]),
        Case(
            "code 128 turned by 90", lambda: pdf([Placed(code128(a(16)), x=300, y=200, turn=90)]), [{a(16)}]
        ),
        Case("aztec turned by 180", lambda: pdf([Placed(aztec(a(17)), x=300, turn=180)]), [{a(17)}]),
        Case("pdf417 turned by 90", lambda: pdf([Placed(pdf417(a(18)), 350, 300, 1.5, 90)]), [{a(18)}]),
        Case("blue on yellow", lambda: pdf([Placed(qr(a(19)), dark="#002b7f", light="#ffe680")]), [{a(19)}]),
        Case("light on dark", lambda: pdf([Placed(qr(a(20)), dark="#ffffff", light="#101010")]), [{a(20)}]),
        Case("grey on white", lambda: pdf([Placed(qr(a(21)), dark="#8a8a8a")]), [{a(21)}]),
        Case("a5", lambda: pdf([Placed(qr(a(22)), 100, 200)], size=A5), [{a(22)}]),
        Case("a6 landscape", lambda: pdf([Placed(aztec(a(23)), 150, 60)], size=landscape(A6)), [{a(23)}]),
        Case("a3", lambda: pdf([Placed(code128(a(24)), 200, 600)], size=A3), [{a(24)}]),
        Case("a receipt's width", lambda: pdf([Placed(qr(a(25)), 30, 200)], size=(140, 400)), [{a(25)}]),
    ]


def _several() -> list[Case]:
    """Files of several tickets, with terms, and with codes that are no ticket's."""
    a = number
    both = [Placed(qr(a(33))), Placed(code128(a(133)), x=90, y=150)]
    app = Placed(qr(APP), x=400, y=120, module=2)
    return [
        Case("two tickets", lambda: pdf([Placed(qr(a(31)))], [Placed(qr(a(131)))]), [{a(31)}, {a(131)}]),
        Case(
            "five tickets",
            lambda: pdf(*([Placed(aztec(a(400 + each)))] for each in range(5))),
            [{a(400 + each)} for each in range(5)],
        ),
        Case(
            "twenty tickets",
            lambda: pdf(*([Placed(code128(a(500 + each)), x=90)] for each in range(20))),
            [{a(500 + each)} for each in range(20)],
        ),
        Case("a ticket and two pages of terms", lambda: pdf([Placed(qr(a(32)))], [], []), [{a(32)}]),
        Case(
            "tickets with terms between",
            lambda: pdf([Placed(qr(a(34)))], [], [Placed(qr(a(134)))], []),
            [{a(34)}, {a(134)}],
        ),
        Case("a letter before the ticket", lambda: pdf([], [Placed(qr(a(35)))]), [{a(35)}]),
        Case("two codes on a ticket", lambda: pdf(both), [{a(33), a(133)}]),
        Case(
            "the same number as qr and aztec",
            lambda: pdf([Placed(qr(a(36))), Placed(aztec(a(36)), y=150)]),
            [{a(36)}],
        ),
        Case("get our app", lambda: pdf([Placed(qr(a(37))), app]), [{a(37)}]),
        Case("get our app, on every page", lambda: pdf([Placed(qr(a(38))), app], [app]), [{a(38)}]),
        Case("get our app, on the terms only", lambda: pdf([Placed(qr(a(39)))], [app]), [{a(39)}]),
        Case(
            "a web address is the ticket", lambda: pdf([Placed(qr(f"{APP}/t/8f3a9"))]), [{f"{APP}/t/8f3a9"}]
        ),
        Case(
            "web addresses are the tickets, with an app",
            lambda: pdf([Placed(qr(f"{APP}/t/1")), app], [Placed(qr(f"{APP}/t/2")), app]),
            [{f"{APP}/t/1"}, {f"{APP}/t/2"}],
        ),
        Case(
            "an order's number beside the code",
            lambda: pdf([Placed(qr(a(40))), Placed(code128("ORDER-55120"), 90, 120)]),
            [{a(40), "ORDER-55120"}],
        ),
        Case(
            "an order's number on two tickets",
            lambda: pdf(
                [Placed(qr(a(41))), Placed(code128("ORDER-55121"), 90, 120)],
                [Placed(qr(a(42))), Placed(code128("ORDER-55121"), 90, 120)],
            ),
            Reason.SAME_CODE,
        ),
        Case(
            "the same ticket twice", lambda: pdf([Placed(qr(a(43)))], [Placed(qr(a(43)))]), Reason.SAME_CODE
        ),
        Case("41 codes", lambda: pdf(*_many_codes(41)), Reason.CODES),
        Case("40 codes", lambda: pdf(*_many_codes(40)), _many_units(40)),
    ]


def _many_codes(count: int) -> list[list[Placed]]:
    """`count` codes, ten on a page."""
    symbols = [data_matrix(number(600 + each)) for each in range(count)]
    placed = [
        Placed(each, 60 + 250 * (index % 2), 60 + 130 * (index % 10 // 2))
        for index, each in enumerate(symbols)
    ]
    return [placed[start : start + 10] for start in range(0, count, 10)]


def _many_units(count: int) -> Units:
    return [{number(600 + each) for each in range(start, start + 10)} for start in range(0, count, 10)]


def _pictures() -> list[Case]:
    """Pictures, alone and in PDFs."""
    a = number
    qr50, aztec51, matrix52, bars53, stack54 = (
        qr(a(50)), aztec(a(51)), data_matrix(a(52)), code128(a(53)), pdf417(a(54)),
    )  # fmt: skip
    jpeg = partial(encoded, kind="JPEG")
    png = partial(encoded, kind="PNG")
    return [
        Case("pdf of a picture", lambda: pdf([Placed(qr50)], as_picture=4), [{a(50)}]),
        Case("pdf of a coarse picture", lambda: pdf([Placed(aztec51)], as_picture=1), [{a(51)}]),
        Case("png", lambda: png(photo(qr50)), [{a(50)}]),
        Case("jpeg", lambda: jpeg(photo(aztec51)), [{a(51)}]),
        Case("jpeg of poor quality", lambda: jpeg(photo(qr50), quality=12), [{a(50)}]),
        Case("jpeg that its camera turned", lambda: jpeg(photo(bars53, 4), exif=_turned()), [{a(53)}]),
        Case("grey png", lambda: png(photo(matrix52).convert("L")), [{a(52)}]),
        Case("png with a palette", lambda: png(photo(qr50).convert("P")), [{a(50)}]),
        Case("png in black and white", lambda: png(photo(qr50).convert("1")), [{a(50)}]),
        Case("transparent png", lambda: png(_transparent(photo(qr50))), [{a(50)}]),
        Case("cmyk jpeg", lambda: jpeg(photo(qr50).convert("CMYK")), [{a(50)}]),
        Case("photo, turned by 12", lambda: jpeg(photo(qr50, turn=12)), [{a(50)}]),
        Case("photo of bars, turned by 5", lambda: jpeg(photo(bars53, 4, turn=5)), [{a(53)}]),
        Case("photo with noise", lambda: jpeg(photo(qr50, noise=60)), [{a(50)}]),
        Case("photo of pdf417 with noise", lambda: jpeg(photo(stack54, 4, noise=40)), [{a(54)}]),
        Case("dark photo", lambda: jpeg(photo(qr50, brightness=0.25)), [{a(50)}]),
        Case("dark photo with noise", lambda: jpeg(photo(aztec51, brightness=0.4, noise=30)), [{a(51)}]),
        Case("pale photo", lambda: jpeg(photo(qr50, contrast=0.3)), [{a(50)}]),
        Case("blurred photo", lambda: jpeg(photo(qr50, 8, blur=2.5)), [{a(50)}]),
        Case("colour photo", lambda: jpeg(photo(qr50, dark="#7a1030", light="#cfe8ff")), [{a(50)}]),
        Case("screenshot of a phone", lambda: png(photo(qr50, 12, size=(1170, 2532))), [{a(50)}]),
        Case("photo of 12 megapixels", lambda: jpeg(photo(qr50, 20, turn=3, size=(3000, 4000))), [{a(50)}]),
        Case("small picture", lambda: png(photo(qr50, 3, size=(320, 480))), [{a(50)}]),
    ]


def _turned() -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90
    return exif.tobytes()


def _transparent(image):
    image = image.convert("RGBA")
    image.putalpha(image.convert("L").point(lambda value: 0 if value > 128 else 255))
    return image


def _refused() -> list[Case]:
    """Files that have no ticket that can be read."""
    one = lambda: pdf([Placed(qr(number(70)))])  # noqa: E731
    kept = [{number(70)}]
    return [
        Case("owner password only", lambda: hostile.encrypted(one(), "", "owner"), kept),
        Case("user password", lambda: hostile.encrypted(one(), "user", "owner"), Reason.PASSWORD),
        Case("with a script", lambda: hostile.with_script(one()), kept),
        Case("with an xfa form", lambda: hostile.with_xfa(one()), kept),
        Case("pdf with a zip behind", lambda: one() + hostile.zip_of(one()), kept),
        Case("pdf cut at half", lambda: hostile.truncated(one(), 0.5), Reason.DAMAGED),
        Case(
            "jpeg cut at half",
            lambda: hostile.truncated(encoded(photo(qr("x")), "JPEG"), 0.5),
            Reason.DAMAGED,
        ),
        Case(
            "png cut at half", lambda: hostile.truncated(encoded(photo(qr("x")), "PNG"), 0.5), Reason.DAMAGED
        ),
        Case("html", lambda: b"<!doctype html><script>alert(1)</script>%PDF-1.4", Reason.TYPE),
        Case("html with a pdf inside", lambda: b"<html>" + one(), Reason.TYPE),
        Case("svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>", Reason.TYPE),
        Case("gif", lambda: encoded(photo(qr("x")), "GIF"), Reason.TYPE),
        Case("webp", lambda: encoded(photo(qr("x")), "WEBP"), Reason.TYPE),
        Case("tiff", lambda: encoded(photo(qr("x")), "TIFF"), Reason.TYPE),
        Case("zip", lambda: hostile.zip_of(one()), Reason.TYPE),
        Case("gif with a pdf behind", lambda: encoded(photo(qr("x")), "GIF") + one(), Reason.TYPE),
        Case("empty", lambda: b"", Reason.TYPE),
        Case("only a header", lambda: b"%PDF-1.7\n", Reason.DAMAGED),
        Case("text only", lambda: pdf([], []), Reason.NO_CODE),
        Case("stripes and squares", hostile.clutter, Reason.NO_CODE),
        Case("photo without a code", lambda: encoded(photo([[False]], noise=80), "JPEG"), Reason.NO_CODE),
        Case("blank pages", lambda: hostile.blank_pages(2), Reason.BLANK),
        Case(
            "21 pages", lambda: pdf(*([Placed(qr(number(700 + each)))] for each in range(21))), Reason.PAGES
        ),
        Case("page of 1.1 m", lambda: pdf([Placed(qr(number(71)))], size=(3200, 3200)), Reason.PAGE_SIZE),
    ]


def _bombs() -> list[Case]:
    """Files that cost their reader memory or time, as far as it lets them."""
    small = lambda: encoded(photo(qr("x")), "JPEG")  # noqa: E731
    return [
        Case("10 000 pages", lambda: hostile.blank_pages(10_000), Reason.PAGES, bomb=True),
        Case("a million pages", lambda: hostile.repeated_pages(1_000_000), Reason.PAGES, bomb=True),
        Case("page of 14 400 points", lambda: pdf([], size=(14_400, 14_400)), Reason.PAGE_SIZE, bomb=True),
        Case("png of 50 000 square", lambda: hostile.png_of(50_000, 50_000), Reason.PAGE_SIZE, bomb=True),
        Case(
            "jpeg of 65 500 square",
            lambda: hostile.jpeg_of(65_500, 65_500, small()),
            Reason.PAGE_SIZE,
            bomb=True,
        ),
        Case(
            "png with a comment of 900 MB",
            lambda: hostile.png_with_text_bomb(encoded(photo(qr("x")), "PNG"), 900),
            Reason.DAMAGED,
            bomb=True,
        ),
        Case("flate bomb of 2 GB", lambda: hostile.flate_bomb(2_000), Reason.TOO_COMPLEX, bomb=True),
        Case("flate in flate, 4 GB", lambda: hostile.flate_of_flate(4_000), Reason.TOO_COMPLEX, bomb=True),
        Case("picture of 30 000 square", lambda: hostile.image_bomb(30_000), Reason.NO_CODE, bomb=True),
        Case("a form that draws itself", hostile.recursive_form, Reason.BLANK, bomb=True),
        Case("ten to the twelfth rectangles", hostile.nested_forms, Reason.TOO_COMPLEX, bomb=True),
        Case(
            "a page filled 300 000 times",
            lambda: hostile.overdrawn_page(300_000),
            Reason.TOO_COMPLEX,
            bomb=True,
        ),
        Case("a page tree that contains itself", hostile.page_tree_loop, Reason.DAMAGED, bomb=True),
    ]


CASES = [*_vector(), *_several(), *_pictures(), *_refused(), *_bombs()]
