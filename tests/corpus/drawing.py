"""Draws tickets: as vectors or pictures in a PDF (reportlab), or as a picture."""

from collections.abc import Sequence
from io import BytesIO
from random import Random
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.symbols import Symbol

TERMS = "The organiser may refuse entry. This ticket may be scanned once. No cameras. No refunds."


class Placed(NamedTuple):
    """A symbol on a page: its lower left corner and a module's edge in points, its rotation in degrees."""

    symbol: Symbol
    x: float = 180
    y: float = 400
    module: float = 3
    turn: float = 0
    dark: str = "#000000"
    light: str = "#ffffff"


def pdf(
    *pages: Sequence[Placed], size: tuple[float, float] = A4, text: bool = True, as_picture: float = 0
) -> bytes:
    """A page for each sequence. `as_picture`: the symbols as pictures with so many pixels a module."""
    content = BytesIO()
    canvas = Canvas(content, pagesize=size, invariant=1)
    for number, page in enumerate(pages, 1):
        if text:
            _print(canvas, number, size)
        for placed in page:
            canvas.saveState()
            canvas.translate(placed.x, placed.y)
            canvas.rotate(placed.turn)
            (_draw_picture if as_picture else _draw_modules)(canvas, placed, as_picture)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def _print(canvas: Canvas, number: int, size: tuple[float, float]) -> None:
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(40, size[1] - 50, f"Grand Concert - page {number}")
    canvas.setFont("Helvetica", 8)
    for line in range(8):
        canvas.drawString(40, size[1] - 70 - 10 * line, TERMS)


def _draw_modules(canvas: Canvas, placed: Placed, _: float) -> None:
    edge, rows = placed.module, placed.symbol
    quiet = 4 * edge
    canvas.setFillColor(placed.light)
    canvas.rect(
        -quiet, -quiet, len(rows[0]) * edge + 2 * quiet, len(rows) * edge + 2 * quiet, stroke=0, fill=1
    )
    canvas.setFillColor(placed.dark)
    path = canvas.beginPath()
    for row, modules in enumerate(reversed(rows)):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(column * edge, row * edge, edge, edge)
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_picture(canvas: Canvas, placed: Placed, pixels: float) -> None:
    image = bitmap(placed.symbol, int(pixels), placed.dark, placed.light)
    width, height = (edge / pixels * placed.module for edge in image.size)
    canvas.drawImage(ImageReader(image), 0, 0, width, height)


def bitmap(
    symbol: Symbol, pixels: int, dark: str = "#000000", light: str = "#ffffff", quiet: int = 4
) -> Image.Image:
    """A symbol with its quiet zone, `pixels` a module."""
    rows, columns = len(symbol), len(symbol[0])
    image = Image.new("RGB", (columns + 2 * quiet, rows + 2 * quiet), light)
    for y, row in enumerate(symbol):
        for x, is_dark in enumerate(row):
            if is_dark:
                image.putpixel((x + quiet, y + quiet), _rgb(dark))
    return image.resize((image.width * pixels, image.height * pixels), Image.Resampling.NEAREST)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def photo(
    symbol: Symbol,
    pixels: int = 6,
    *,
    turn: float = 0,
    noise: int = 0,
    blur: float = 0,
    brightness: float = 1,
    contrast: float = 1,
    size: tuple[int, int] = (1200, 1600),
    dark: str = "#000000",
    light: str = "#ffffff",
    seed: int = 1,
) -> Image.Image:
    """A picture of a printed ticket, as a phone takes it."""
    image = Image.new("RGB", size, "#f4f1ea")
    draw = ImageDraw.Draw(image)
    for line in range(6):
        draw.text((60, 60 + 26 * line), TERMS, fill="#222222")
    code = bitmap(symbol, pixels, dark, light)
    image.paste(code, ((size[0] - code.width) // 2, (size[1] - code.height) // 2))
    image = image.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor="#f4f1ea")
    image = image.filter(ImageFilter.GaussianBlur(blur)) if blur else image
    image = ImageEnhance.Contrast(image).enhance(contrast)
    image = ImageEnhance.Brightness(image).enhance(brightness)
    return _noisy(image, noise, seed) if noise else image


def _noisy(image: Image.Image, noise: int, seed: int) -> Image.Image:
    grain = Image.frombytes("L", image.size, Random(seed).randbytes(image.width * image.height))
    return Image.blend(image, Image.merge("RGB", [grain] * 3), noise / 255)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()
