"""Barcodes as grids of dark modules, made by libraries that the reader doesn't use."""

from collections.abc import Iterable

import barcode
import pdf417gen
import segno
from aztec_code_generator import AztecCode
from ppf.datamatrix import DataMatrix

Symbol = list[list[bool]]
LINEAR_HEIGHT = 40  # modules


def qr(text: str, error: str = "m") -> Symbol:
    return _grid(segno.make(text, micro=False, error=error, boost_error=False).matrix)


def aztec(text: str) -> Symbol:
    return _grid(AztecCode(text).matrix)


def data_matrix(text: str) -> Symbol:
    return _grid(DataMatrix(text).matrix)


def pdf417(text: str) -> Symbol:
    image = pdf417gen.render_image(pdf417gen.encode(text, columns=6), scale=1, ratio=3, padding=0).convert(
        "L"
    )
    return [[image.getpixel((x, y)) < 128 for x in range(image.width)] for y in range(image.height)]


def code128(text: str) -> Symbol:
    return _bars(barcode.get("code128", text).build()[0])


def code39(text: str) -> Symbol:
    return _bars(barcode.Code39(text, add_checksum=False).build()[0])


def itf(text: str) -> Symbol:
    return _bars(barcode.get("itf", text).build()[0])


def ean13(text: str) -> Symbol:
    return _bars(barcode.get("ean13", text).build()[0])


def _grid(matrix: Iterable[Iterable[int]]) -> Symbol:
    return [[bool(each) for each in row] for row in matrix]


def _bars(modules: str) -> Symbol:
    return [[each == "1" for each in modules]] * LINEAR_HEIGHT
