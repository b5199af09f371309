"""One wording, many spellings: the form in which labels are compared, in Python and as an ibis expression.

Width, spaces, invisible characters, dashes, case and the "please specify" blank never distinguish two labels.
Both forms are built from the same constants and a test holds them together.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SPACES = "\t\n\r\x0b\x0c \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNSEEN = (
    "\x01-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0001-\U000e007f"
)
CONTROL = f"[\x0b\x0c{_UNSEEN}]+"
INVISIBLE = f"[{_SPACES}{_UNSEEN}]+"
SPECIFY = r"[.,:;(\[]{0,4}(pleasespecify|请注明|请说明)[:]?_*[)\]]?"

_HALF = "".join(map(chr, range(0x21, 0x7F)))
_FULL = "".join(map(chr, range(0xFF01, 0xFF5F)))
# İ and Σ: in lower case Python and Spark look at what stands beside them, and DuckDB does not.
_FROM = _FULL + "‐‑‒–—―−﹣" + "“”„" + "‘’‚" + "、。【】〔〕" + "İΣ"
_TO = _HALF + "--------" + '"""' + "'''" + ",.[]()" + "iσ"
_FOLD = str.maketrans(_FROM, _TO)


def canonical(text: str) -> str:
    """The form in which `text` is compared with a label.

    >>> canonical("其他【请注明】"), canonical("Others. Please specify: _____"), canonical(" ＡＰＰ ")
    ('其他', 'others', 'app')
    """
    folded = re.sub(INVISIBLE, "", text).translate(_FOLD).lower()
    return re.sub(SPECIFY, "", folded)


def canonical_expr(text: "ir.StringValue") -> "ir.StringValue":
    """The same as `canonical`, on a column."""
    return text.re_replace(INVISIBLE, "").translate(_FROM, _TO).lower().re_replace(SPECIFY, "")
