"""The board as one HTML file: no script, nothing loaded from elsewhere, light and dark, made to be printed on A4."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from pos.board.board import Board, Points, Section, Table
from pos.board.mark import matrix
from pos.languages import Language

_QUIET: Final = 4

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1b1f; --soft: #62626c; --paper: #fffdf8; --line: #dcd6c8; --price: #a3160c;
  --band: #f5efe2; --accent: #8a6a2f; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece8df; --soft: #a9a49a; --paper: #17171a; --line: #3a3833;
  --price: #ff9a86; --band: #222126; --accent: #d9b46c; } }
* { box-sizing: border-box; }
html { background: var(--paper); }
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.5rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  "WenQuanYi Micro Hei", system-ui, sans-serif; }
header { text-align: center; padding-bottom: 1.2rem; border-bottom: 3px double var(--accent); }
header .venue { font-size: 1.25rem; letter-spacing: .12em; margin: 0; }
h1 { font-size: 2.6rem; letter-spacing: .3em; margin: .1em 0 .1em .3em; line-height: 1.25; }
header p { margin: .15rem 0; color: var(--soft); }
.warning { display: inline-block; margin: .8rem 0 0; padding: .3rem 1.2rem; border: 2px solid var(--price);
  color: var(--price); font-weight: 700; font-size: 1.25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; align-content: start; }
dt { color: var(--accent); }
dd { margin: 0; }
h2 { margin: 2.2rem 0 .4rem; font-size: 1.35rem; letter-spacing: .08em; color: var(--accent);
  border-bottom: 1px solid var(--accent); padding-bottom: .15rem; break-after: avoid; }
h3 { margin: 1.1rem 0 .2rem; font-size: 1.1rem; break-after: avoid; }
h3 span { font-weight: 400; margin-left: .8em; font-size: 1rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .42rem .6rem; white-space: pre-line; font-size: 1rem; }
thead th { background: var(--band); font-weight: 600; }
tbody tr { border-top: 1px solid var(--line); break-inside: avoid; }
thead { display: table-header-group; }
.price { text-align: right; }
td.price { color: var(--price); font-weight: 700; }
ol { margin: .4rem 0 0; padding-left: 1.6rem; }
li { margin: .25rem 0; break-inside: avoid; }
.remark { margin: .2rem 0 .4rem; }
footer { margin-top: 2.4rem; padding-top: .6rem; border-top: 3px double var(--accent); overflow-wrap: anywhere;
  font-family: ui-monospace, monospace; font-size: .8rem; color: var(--soft); }
.facts { display: flex; gap: 1.5rem; align-items: flex-start; margin-top: 1.1rem; }
.facts dl { flex: 1; margin: 0; }
svg { width: 8rem; height: 8rem; flex: none; }
@media (max-width: 40rem) { .facts { flex-direction: column; } h1 { font-size: 2rem; } }
@page { size: A4; margin: 12mm; }
@media print { :root { --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; --price: #8c0f07; --band: #f2f2f2;
  --accent: #5c4719; color-scheme: light; } body { max-width: none; padding: 0; font-size: 10.5pt; }
  thead th { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

_TAGS: Final = {Language.ZH_CN: "zh-CN", Language.EN: "en"}


def html(board: Board) -> str:
    """Write the board as an HTML document."""
    return "\n".join(_document(board)) + "\n"


def _document(board: Board) -> Iterator[str]:
    title = " ".join(part for part in (board.venue, board.title, board.list_title) if part)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{_TAGS[board.language]}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield from _head(board)
    yield "<main>"
    for section in board.sections:
        yield from _section(section)
    yield "</main>"
    if board.mark:
        yield f"<footer>{escape(board.mark)}</footer>"
    yield "</body>"
    yield "</html>"


def _head(board: Board) -> Iterator[str]:
    yield "<header>"
    if board.venue:
        yield f'<p class="venue">{escape(board.venue)}</p>'
    yield f"<h1>{escape(board.title)}</h1>"
    yield f"<p>{escape(board.list_title)}</p>"
    if board.identity:
        yield f"<p>{escape(board.identity)}</p>"
    if board.warning:
        yield f'<p class="warning">{escape(board.warning)}</p>'
    yield "</header>"
    facts = "".join(f"<dt>{escape(fact.label)}</dt><dd>{escape(fact.text)}</dd>" for fact in board.facts)
    code = _code(board.mark) if board.mark else ""
    yield f'<div class="facts"><dl>{facts}</dl>{code}</div>'


def _section(section: Section) -> Iterator[str]:
    yield "<section>"
    yield f"<h2>{escape(section.title)}</h2>"
    if section.remark:
        yield f'<p class="remark">{escape(section.remark)}</p>'
    for block in section.blocks:
        if isinstance(block, Points):
            yield "<ol>"
            yield from (f"<li>{escape(sentence)}</li>" for sentence in block.sentences)
            yield "</ol>"
        else:
            yield from _table(block)
    yield "</section>"


def _table(table: Table) -> Iterator[str]:
    if table.heading:
        remark = f"<span>{escape(table.remark)}</span>" if table.remark else ""
        yield f"<h3>{escape(table.heading)}{remark}</h3>"
    total = sum(column.weight for column in table.columns)
    widths = "".join(f'<col style="width:{column.weight / total:.1%}">' for column in table.columns)
    titles = "".join(
        f'<th scope="col"{_price_class(is_price=column.is_price)}>{escape(column.title)}</th>'
        for column in table.columns
    )
    yield f"<table><colgroup>{widths}</colgroup>"
    yield f"<thead><tr>{titles}</tr></thead>"
    yield "<tbody>"
    spans = [table.spans(place) for place in range(len(table.columns))]
    for number, row in enumerate(table.rows):
        cells = "".join(
            _cell(cell, span=spans[place][number], is_price=table.columns[place].is_price)
            for place, cell in enumerate(row.cells)
        )
        yield f'<tr data-item="{escape(row.item)}">{cells}</tr>'
    yield "</tbody></table>"


def _cell(text: str, *, span: int, is_price: bool) -> str:
    if span == 0:
        return ""
    rows = f' rowspan="{span}"' if span > 1 else ""
    return f"<td{rows}{_price_class(is_price=is_price)}>{escape(text)}</td>"


def _price_class(*, is_price: bool) -> str:
    return ' class="price"' if is_price else ""


def _code(text: str) -> str:
    rows = matrix(text)
    side = len(rows) + 2 * _QUIET
    runs = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return (
        f'<svg viewBox="0 0 {side} {side}" role="img" aria-label="{escape(text)}" shape-rendering="crispEdges">'
        f'<path d="M0 0h{side}v{side}H0z" fill="#fff"/><path d="{runs}" fill="#000"/></svg>'
    )
