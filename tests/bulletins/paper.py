"""Sheets for the tests of paper: typeset as images, and the signs of a QR code read back from one."""

import io
import json

from PIL import Image, ImageChops

from bulletins.paper.sheets import qr
from bulletins.paper.typesetter import typeset

ADDRESS = "https://teamhub.example.com/verify/202610J0001-1/"


def column(label, unit="元", side="right", width=10):
    return {"label": label, "unit": unit, "side": side, "width": width}


def sheet(count=6, amount="1,234.56", **changes):
    """A bonus table with everything that can stand on a sheet."""
    names = ["䶮㛃", "骉龑", "张三", "欧阳建国", "李四", "王五"]
    return {
        "title": "运行一值2026年10月绩效奖金表",
        "subtitle": "运行部　第 1 版　2026-11-03 张榜　公示期 2026-11-03 至 2026-11-06",
        "facts": [["奖金总额", "23,456.00 元"], ["参加分配", "14 人"]],
        "columns": [column("姓名", "", "left"), column("岗位系数", ""), column("应得"), column("核对签字", "", "left")],
        "rows": [[names[n % 6], "1.10", amount, "" if n % 2 else "11-04 08:12"] for n in range(count)],
        "total": ["合计", "", "7,407.36", ""],
        "wide": False,
        "notes": ["办法：班组奖金分配办法。"],
        "maker": "班组长",
        "prose": False,
        "remarks": ["更正说明（2026-11-05）：张三的得分应为 91.00。"],
        "serial": "202610J0001-1",
        "hash": "ab12cd34ef567890",
        "head": "榜链之首 2026-11-03 0123abcd",
        "address": ADDRESS,
        "qr": qr(ADDRESS),
        "chart": "金额分布",
        "bars": [
            {"label": "1000–1500", "text": "4 人", "share": 100},
            {"label": "1500–2000", "text": "2 人", "share": 50},
        ],
    } | changes


def grid_of_days(count=5):
    """An attendance table, which lies across."""
    days = [column(str(day), "一", "center", 3) for day in range(1, 32)]
    return sheet(
        columns=[column("姓名", "", "left"), *days],
        rows=[["张三", *("√√√√√休休" * 4), "√", "病", ""] for _ in range(count)],
        total=[],
        wide=True,
        bars=[],
    )


def data_of(*sheets, size="a4", watermark=""):
    return json.dumps({"title": "运行一值2026年10月公告", "size": size, "watermark": watermark, "sheets": sheets})


def images(*sheets, ppi=50, **options):
    """Every page as a grey image."""
    pages = typeset(data_of(*sheets, **options), format="png", ppi=ppi)
    pages = [pages] if isinstance(pages, bytes) else pages
    return [Image.open(io.BytesIO(page)).convert("L") for page in pages]


def difference(one, other, block=4):
    """How far two images are apart where they are furthest: the mean of a block of pixels, 0 to 255."""
    if one.size != other.size:
        return 255
    apart = ImageChops.difference(one, other)
    return apart.reduce(block).getextrema()[1]


def modules(image, left, top, size, count):
    """The dark and light squares of a code of `count` by `count` that stands at a place of the image, as booleans."""
    step = size / count
    middle = [step * (n + 0.5) for n in range(count)]
    return [[image.getpixel((int(left + x), int(top + y))) < 128 for x in middle] for y in middle]
