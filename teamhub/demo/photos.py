"""Photos for the demo: drawn, not taken; a walkway, a pipe and a valve, each a little different."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from teams.photos import store_photo

SIZE = (960, 720)
WALLS = ["#8d9aa5", "#a3a08f", "#7f8c7d", "#98918b"]
PIPES = ["#c0392b", "#2e7d32", "#1565c0", "#616161", "#f9a825"]


def photo(month, actor):
    """A stored Attachment for a finding of the month's team."""
    buffer = io.BytesIO()
    _draw(month.rng).reduce(2).save(buffer, "JPEG", quality=80)
    upload = SimpleUploadedFile("现场.jpg", buffer.getvalue(), "image/jpeg")
    return store_photo(upload, team=month.demo.team, actor=actor)


def _draw(rng):
    image = Image.new("RGB", SIZE, rng.choice(WALLS))
    draw = ImageDraw.Draw(image)
    _floor(draw)
    for _ in range(rng.randint(2, 4)):
        _pipe(draw, rng)
    _valve(draw, rng)
    return image


def _floor(draw):
    draw.rectangle((0, 520, 960, 720), fill="#5d6468")
    for x in range(-960, 960, 48):
        draw.line((x, 720, x + 640, 520), fill="#6d757a", width=3)
    for x in range(0, 960, 80):
        draw.polygon([(x, 520), (x + 40, 520), (x + 20, 500), (x - 20, 500)], fill="#f9c80e")


def _pipe(draw, rng):
    y, thick, colour = rng.randrange(60, 420), rng.randrange(24, 60), rng.choice(PIPES)
    draw.rectangle((0, y, 960, y + thick), fill=colour)
    draw.rectangle((0, y + thick // 5, 960, y + thick // 3), fill="#ffffff")
    for x in range(rng.randrange(20, 160), 960, 260):
        draw.rectangle((x, y - 10, x + 26, y + thick + 10), fill="#424242")


def _valve(draw, rng):
    x, y, r = rng.randrange(200, 760), rng.randrange(260, 460), rng.randrange(50, 90)
    draw.rectangle((x - 10, y, x + 10, y + r + 60), fill="#37474f")
    draw.ellipse((x - r, y - r, x + r, y + r), outline="#b71c1c", width=14)
    draw.line((x - r, y, x + r, y), fill="#b71c1c", width=10)
    draw.line((x, y - r, x, y + r), fill="#b71c1c", width=10)
