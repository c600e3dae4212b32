"""Typesets one PDF in a process of its own, so that no board can take the web server down with it.

    python -m bulletins.paper.typesetter sheet.typ < 内容.json > 榜.pdf

Imports nothing of Django: it must start fast, and its memory and its time are limited.
"""

import sys
from contextlib import suppress
from pathlib import Path
from resource import RLIMIT_AS, RLIMIT_CORE, RLIMIT_CPU, RLIMIT_FSIZE, setrlimit

import typst

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space, of which a thousand rows really take 230 MB."""
CPU_SECONDS = 20
HERE = Path(__file__).parent


def limit_this_process():
    """From here on this process ends rather than take more memory or time; it writes no files and no core."""
    limits = {RLIMIT_AS: MEMORY, RLIMIT_CPU: CPU_SECONDS, RLIMIT_FSIZE: 0, RLIMIT_CORE: 0}
    for limit, value in limits.items():
        with suppress(ValueError, OSError):
            setrlimit(limit, (value, value))


def typeset(data, template=HERE / "sheet.typ", **options):
    """The sheets in `data` (JSON text as printing.py makes it) as typst answers: bytes of a PDF unless `format` is another."""
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        timestamp=0,
        **options,
    )


def main():
    limit_this_process()
    pdf = typeset(sys.stdin.buffer.read().decode(), Path(sys.argv[1]), pdf_standards=["ua-1"])
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
