"""Writes the PDF that a buyer opens: one JPEG a page, and nothing of what the seller uploaded."""

from collections.abc import Sequence

from delivery.model import Page

POINTS_PER_INCH = 72


def of_pages(pages: Sequence[Page]) -> bytes:
    """A PDF 1.4 file (ISO 32000-1, 7.5) whose pages are as large as the drawn ones."""
    kids = " ".join(f"{3 + 3 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    for index, page in enumerate(pages):
        objects += _page(page, 3 + 3 * index)
    return _file(objects)


def _page(page: Page, number: int) -> list[bytes]:
    """A page, its contents and its image: the objects `number` to `number + 2`."""
    width, height = (pixels * POINTS_PER_INCH / page.dpi for pixels in (page.width, page.height))
    contents = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /I Do Q".encode()
    image = (
        f"/Type/XObject/Subtype/Image/Width {page.width}/Height {page.height}/BitsPerComponent 8"
        f"/ColorSpace/Device{'Gray' if page.grey else 'RGB'}/Filter/DCTDecode"
    )
    return [
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.3f} {height:.3f}]/Contents {number + 1} 0 R"
        f"/Resources<</XObject<</I {number + 2} 0 R>>>>>>".encode(),
        _stream("", contents),
        _stream(image, page.jpeg),
    ]


def _stream(entries: str, content: bytes) -> bytes:
    return f"<<{entries}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    """The objects, numbered from 1, with the table of where each begins; each of its lines has 20 bytes."""
    content = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF\n"
    content += f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()
    return bytes(content)
