"""Standards: content, editor, workbook, changes and who may read them."""
