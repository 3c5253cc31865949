"""A drawn hall, where a town would show a photo of its meeting: nobody who does not exist is made to look real."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw

SIZE = (960, 540)
WALL, FLOOR, WOOD, SCREEN, INK = "#f4eee4", "#d9cdb9", "#85796a", "#ffffff", "#3d3730"
COATS = ("#5b544a", "#8a6d3b", "#4f6d5b", "#7a5a5a", "#56687a")


def hall(brand: str) -> bytes:
    """A PNG: a table with four officials under a screen, and rows of residents seen from behind."""
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 300, 960, 540), fill=FLOOR)
    draw.rectangle((330, 40, 630, 190), fill=SCREEN, outline=WOOD, width=4)
    for number, width in enumerate((200, 240, 150)):
        draw.rectangle((360, 70 + 36 * number, 360 + width, 84 + 36 * number), fill=brand)
    for number in range(4):
        _person(draw, 330 + 100 * number, 240, 24, (brand, INK)[number % 2])
    draw.rectangle((270, 278, 690, 400), fill=WOOD)
    draw.rectangle((262, 272, 698, 284), fill=INK)
    for row, (top, head, apart) in enumerate(((372, 20, 72), (430, 25, 90), (500, 31, 112))):
        for place in range(math.ceil(SIZE[0] / apart) + 1):
            if (place * 7 + row * 3) % 9:  # an empty chair here and there
                _person(draw, place * apart + 30 * row, top, head, COATS[(place * 2 + row) % len(COATS)])
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _person(draw: ImageDraw.ImageDraw, x: int, y: int, head: int, coat: str) -> None:
    draw.ellipse((x - 2 * head, y, x + 2 * head, y + 5 * head), fill=coat)
    draw.ellipse((x - head, y - 1.7 * head, x + head, y + 0.5 * head), fill=INK)
