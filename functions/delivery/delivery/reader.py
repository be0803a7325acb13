"""Reader of one uploaded file: a program that reads it from stdin and writes its pages to stdout.

It runs in a process of its own (`delivery.sandbox`), without credentials and within `restrict`'s limits,
because it parses strangers' bytes. A page is a line of JSON, `{"width", "height", "dpi", "grey", "size",
"codes"}` (pixels, bytes; codes as `[format, hexadecimal bytes]`), and its JPEG of `size` bytes. The last line
is `{"pages": n}`, or `{"rejected": reason, "page": number or null}`.
"""

import ctypes
import json
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageMode, ImageOps, MpoImagePlugin, TiffImagePlugin

MAX_PAGES = 20
MAX_PIXELS = 30_000_000  # of a page at the resolution that it is read at
POINTS_PER_INCH = 72
DELIVERED_DPI = 216
FINE_DPI = 300  # no single resolution reads every code
DELIVERED_EDGE = 2_526  # pixels: A4's long edge at DELIVERED_DPI
MAX_PROCESSOR_SECONDS = 20
MAX_ADDRESS_SPACE = 1_200_000_000  # bytes
JPEG_QUALITY = 85
LOADED = (ImageMode, MpoImagePlugin, TiffImagePlugin)  # Pillow imports them when it needs them, too late here

# Those that tickets carry. The linear codes without a check digit need several lines that agree.
FORMATS = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.PDF417,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.ITF,
    zxingcpp.BarcodeFormat.EAN13,
)

Code = tuple[str, bytes]


class Rejected(Exception):
    """The file can't be delivered; `reason` is one of `delivery.model.Reason`, `page` counts from 1."""

    def __init__(self, reason: str, page: int | None = None) -> None:
        super().__init__(reason, page)
        self.reason = reason
        self.page = page


class ReadPage(NamedTuple):
    """A page as its buyer will see it, and the codes that were read on it."""

    jpeg: bytes
    width: int
    height: int
    dpi: int
    grey: bool
    codes: list[Code]


def restrict() -> None:
    """From here on this process opens no file or socket, starts no other, and has bounded memory and time.

    Descriptors 0 to 2 stay open. RLIMIT_NPROC binds every user but root (getrlimit(2)).
    """
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS, prctl(2)
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 3,
        resource.RLIMIT_AS: MAX_ADDRESS_SPACE,
        resource.RLIMIT_CPU: MAX_PROCESSOR_SECONDS,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def pages(content: bytes) -> Iterator[ReadPage]:
    """The pages of a PDF, or the one of a PNG or JPEG, by content. Raises Rejected."""
    if content.lstrip(b"\xef\xbb\xbf\t\n\r\f ").startswith(b"%PDF-"):
        yield from _pages_of_pdf(content)
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        yield _page_of_image(content, "PNG")
    elif content.startswith(b"\xff\xd8\xff"):
        yield _page_of_image(content, "JPEG")
    else:
        raise Rejected("type")


def _pages_of_pdf(content: bytes) -> Iterator[ReadPage]:
    document = _open(content)
    count = len(document)
    if not 1 <= count <= MAX_PAGES:
        raise Rejected("pages" if count else "damaged")
    for index in range(count):
        try:
            page = document[index]
        except pypdfium2.PdfiumError as error:
            raise Rejected("damaged", index + 1) from error
        width, height = page.get_size()
        if width * height * (FINE_DPI / POINTS_PER_INCH) ** 2 > MAX_PIXELS or min(width, height) < 1:
            raise Rejected("page_size", index + 1)
        yield _read(partial(_draw, page), index + 1)
        page.close()


def _open(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Rejected("password" if "assword" in str(error) else "damaged") from error


def _draw(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    return page.render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True).to_pil().convert("RGB")


def _page_of_image(content: bytes, kind: str) -> ReadPage:
    try:
        image = Image.open(BytesIO(content), formats=[kind])
        if image.width * image.height > MAX_PIXELS:
            raise Rejected("page_size", 1)
        image = ImageOps.exif_transpose(image)
        full = _on_white(image)
    except Image.DecompressionBombError as error:
        raise Rejected("page_size", 1) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Rejected("damaged") from error

    def scale(dpi: int) -> Image.Image:
        """The photo is its own fine drawing."""
        if dpi == FINE_DPI:
            return full
        smaller = full.copy()
        smaller.thumbnail((DELIVERED_EDGE, DELIVERED_EDGE), Image.Resampling.LANCZOS)
        return smaller

    return _read(scale, 1)


def _on_white(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    if image.mode.startswith("I"):  # 16 bits of grey: convert("L") would cut instead of scale
        image = image.convert("I").point(lambda value: value / 256, "L")
    return image.convert("RGB")


def _read(draw: Callable[[int], Image.Image], number: int) -> ReadPage:
    """The page at DELIVERED_DPI, or at FINE_DPI where a code would be lost otherwise. Raises Rejected."""
    drawn, fine = draw(DELIVERED_DPI), draw(FINE_DPI)
    if all(low == high for low, high in fine.getextrema()):
        raise Rejected("blank", number)
    page = _compress(drawn, DELIVERED_DPI)
    fine_codes = _codes(fine)
    if set(fine_codes) <= set(page.codes):
        return page
    return _compress(fine, FINE_DPI, [*page.codes, *fine_codes])


def _compress(drawn: Image.Image, dpi: int, codes: Iterable[Code] = ()) -> ReadPage:
    """The page with `codes`, or else those that are read on its JPEG."""
    grey = _is_grey(drawn)
    buffer = BytesIO()
    (drawn.convert("L") if grey else drawn).save(buffer, "JPEG", quality=JPEG_QUALITY)
    read = list(dict.fromkeys(codes)) or _codes(Image.open(buffer, formats=["JPEG"]))
    return ReadPage(buffer.getvalue(), drawn.width, drawn.height, dpi, grey, read)


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return all(ImageChops.difference(red, other).getextrema()[1] < 8 for other in (green, blue))


def _codes(image: Image.Image) -> list[Code]:
    """What zxing reads on it, in its order, without duplicates."""
    results = zxingcpp.read_barcodes(image.convert("L"), formats=FORMATS)
    codes = ((each.format.name, each.bytes.strip()) for each in results)
    return [code for code in dict.fromkeys(codes) if code[1]]


def main() -> None:
    """Reads stdin, and writes what the module's docstring says."""
    Image.preinit()
    restrict()
    out = sys.stdout.buffer
    count = 0
    try:
        for page in pages(sys.stdin.buffer.read()):
            codes = [[kind, content.hex()] for kind, content in page.codes]
            head = {
                "width": page.width,
                "height": page.height,
                "dpi": page.dpi,
                "grey": page.grey,
                "codes": codes,
            }
            out.write(json.dumps({**head, "size": len(page.jpeg)}).encode() + b"\n" + page.jpeg)
            count += 1
        end: dict[str, Any] = {"pages": count}
    except Rejected as rejected:
        end = {"rejected": rejected.reason, "page": rejected.page}
    except MemoryError:
        end = {"rejected": "too_complex", "page": None}
    out.write(json.dumps(end).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
