"""How tables stand in a Word or OpenDocument report, where pandoc leaves it open.

A short table stays on one page with its caption; a narrow one stands at the left margin; what follows
keeps its distance; in Word a column of row heads is marked as such.
"""

import re

LONGEST_KEPT = 14  # rows: about a third of a page

WORD_TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
WORD_ROW = re.compile(r"<w:tr>.*?</w:tr>", re.DOTALL)
WORD_CELL_STYLE = '<w:pStyle w:val="Compact" />'
# A row head is the first of its row, and the filter makes it bold.
WORD_ROW_HEAD = re.compile(r"<w:tr><w:tc>(?:(?!</w:tc>).)*<w:b />", re.DOTALL)
WORD_LOOKS = (('w:firstColumn="0"', 'w:firstColumn="1"'), ('w:val="0020"', 'w:val="00A0"'))
WORD_AFTER = re.compile(r'(</w:tbl>\s*<w:p>\s*<w:pPr>\s*<w:pStyle w:val="(?:FirstParagraph|BodyText)" ?/>)')

OPEN_TABLE = re.compile(r'<table:table table:name="(?P<name>[^"]*)"[^>]*>.*?</table:table>', re.DOTALL)
OPEN_STYLE = '<style:style style:name="{}" style:family="table">'
OPEN_PROPERTIES = '<style:table-properties table:align="center"'


def in_word(part: str) -> str:
    """`word/document.xml` with its tables settled."""
    part = WORD_TABLE.sub(lambda found: _word_table(found[0]), part)
    return WORD_AFTER.sub(r'\1<w:spacing w:before="200" />', part)


def in_open_document(part: str) -> str:
    """`content.xml` with its tables settled."""
    for table in OPEN_TABLE.finditer(part):
        whole = table[0].count("<table:table-row") <= LONGEST_KEPT
        breaking = ' style:may-break-between-rows="false"' if whole else ""
        begins = OPEN_STYLE.format(table["name"])
        settled = f'<style:table-properties table:align="left" fo:margin-bottom="0.4cm"{breaking}'
        head, found, rest = part.partition(begins)
        part = head + found + rest.replace(OPEN_PROPERTIES, settled, 1)
    return part


def _word_table(table: str) -> str:
    rows = WORD_ROW.findall(table)
    if WORD_ROW_HEAD.search(table):
        for plain, headed in WORD_LOOKS:
            table = table.replace(plain, headed, 1)
    if len(rows) > LONGEST_KEPT:
        return table
    head, last, tail = table.rpartition(rows[-1])
    return head.replace(WORD_CELL_STYLE, WORD_CELL_STYLE + "<w:keepNext />") + last + tail
