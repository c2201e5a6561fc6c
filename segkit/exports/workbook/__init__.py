"""A workbook for Excel: findings with native charts, every number as a number, rules, customers, definitions.

One module a sheet or two; `sheets` knows how cells are written, `pictures` what charts show and `charts` how
Excel draws them. Two workbooks of the same content are the same bytes.
"""

from segkit.exports.workbook.writing import SHEETS as SHEETS
from segkit.exports.workbook.writing import workbook as workbook
