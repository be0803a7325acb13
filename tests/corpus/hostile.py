"""Files that attack their reader, or that only look like a ticket."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from tests.corpus import drawing
from tests.corpus.drawing import Placed


def encrypted(content: bytes, user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(content))
    writer.encrypt(user, owner, algorithm="RC4-128")  # the one that pypdf does without a further package
    return _written(writer)


def with_script(content: bytes) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(content))
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('hello'); while (true) {}")}
    action = DictionaryObject({NameObject(name): value for name, value in script.items()})
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)
    return _written(writer)


def with_xfa(content: bytes) -> bytes:
    """An XFA form beside the page."""
    writer = PdfWriter(clone_from=BytesIO(content))
    form = DecodedStreamObject()
    form.set_data(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template/></xdp:xdp>")
    xfa = DictionaryObject({NameObject("/XFA"): writer._add_object(form)})
    writer._root_object[NameObject("/AcroForm")] = writer._add_object(xfa)
    return _written(writer)


def blank_pages(count: int) -> bytes:
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    return _written(writer)


def repeated_pages(count: int) -> bytes:
    """One page object, listed `count` times."""
    kids = b" ".join([b"3 0 R"] * count)
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def recursive_form() -> bytes:
    """A form that draws itself."""
    content = b"/X Do"
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Length %d>>"
        b"stream\n%s\nendstream" % (len(content), content),
    )


def nested_forms(levels: int = 12, width: int = 10) -> bytes:
    """Forms that draw the next one `width` times each: width ** levels rectangles."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        b"<</Length 5>>stream\n/X Do\nendstream",
    ]
    for level in range(levels):
        last = level == levels - 1
        body = b"0 0 10 10 re f " if last else b"/X Do " * width
        resources = b"" if last else b"/Resources<</XObject<</X %d 0 R>>>>" % (6 + level)
        objects.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]%s/Length %d>>stream\n%s\nendstream"
            % (resources, len(body), body)
        )
    return _pdf(*objects)


def page_tree_loop() -> bytes:
    """A page tree that contains itself."""
    return _pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 5/Kids[2 0 R 2 0 R]>>")


def flate_bomb(megabytes: int) -> bytes:
    """A page whose contents unpack to so many megabytes, a thousand times as large as the file."""
    return _with_contents(_packed(b"0 0 1 1 re f\n", megabytes))


def flate_of_flate(megabytes: int) -> bytes:
    """Contents that are packed twice."""
    packed = zlib.compress(_packed(b" " * 13, megabytes), 9)
    return _with_contents(packed, b"[/FlateDecode/FlateDecode]")


def image_bomb(side: int) -> bytes:
    """A grey picture of side × side pixels, all of one colour, on a page."""
    packer = zlib.compressobj(9)
    row = b"\x80" * side
    pixels = b"".join([packer.compress(row) for _ in range(side)]) + packer.flush()
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 31>>stream\nq 500 0 0 500 40 40 cm /I Do Q  \nendstream",
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (side, side, len(pixels), pixels),
    )


def png_of(width: int, height: int) -> bytes:
    """A PNG that declares its size and has nearly no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def png_with_text_bomb(content: bytes, megabytes: int) -> bytes:
    """The PNG with a comment that unpacks to so many megabytes, before its pixels."""
    comment = b"Comment\0\0" + _packed(b" " * 13, megabytes)
    return content[:33] + _chunk(b"zTXt", comment) + content[33:]


def jpeg_of(width: int, height: int, small: bytes) -> bytes:
    """The JPEG, whose header declares another size."""
    start = next(small.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in small)
    return small[: start + 5] + struct.pack(">HH", height, width) + small[start + 9 :]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zip_of(content: bytes) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("ticket.pdf", content)
    return packed.getvalue()


def clutter() -> bytes:
    """A page full of stripes and squares, as posters have, without a code."""
    stripes = [[column % 3 != 1 for column in range(120)]] * 40
    squares = [[(row // 2 + column // 3) % 2 == 0 for column in range(60)] for row in range(60)]
    return drawing.pdf([Placed(stripes, x=100, y=150, module=2), Placed(squares, x=100, y=400, module=4)])


def overdrawn_page(times: int) -> bytes:
    """A page that is filled so many times, which takes time and no memory."""
    packer = zlib.compressobj(9)
    fill = b"0 0 0 rg 0 0 m 595 842 l 595 0 l 0 842 l h f*\n"
    return _with_contents(packer.compress(fill * times) + packer.flush())


def _packed(line: bytes, megabytes: int) -> bytes:
    """So many megabytes of a line, packed; 13 bytes a line."""
    packer = zlib.compressobj(9)
    block = line * 76_923
    return b"".join([packer.compress(block) for _ in range(megabytes)]) + packer.flush()


def _with_contents(packed: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Filter%s/Length %d>>stream\n%s\nendstream" % (filters, len(packed), packed),
    )


def _pdf(*objects: bytes) -> bytes:
    """The objects as a PDF, numbered from 1; readers find them without a table."""
    numbered = [b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, 1)]
    return (
        b"%PDF-1.7\n" + b"".join(numbered) + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF\n" % (len(objects) + 1)
    )


def _written(writer: PdfWriter) -> bytes:
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def truncated(content: bytes, part: float) -> bytes:
    return content[: int(len(content) * part)]
