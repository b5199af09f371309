"""What the platform itself writes around answers: the titles of its own columns, its separators and its marks."""

JOINT = "┋"
METADATA = {
    "sequence": "序号",
    "submitted_at": "提交答卷时间",
    "duration": "所用时间",
    "source": "来源",
    "source_detail": "来源详情",
    "ip": "来自IP",
    "score": "总分",
}
BLANK, SKIPPED = "(空)", "(跳过)"
BLANK_NUMBER, SKIPPED_NUMBER = -2, -3
UNRANKED = BLANK_NUMBER
RECONSTRUCTED = "calm-reconstructed"  # the link parameter in 来源详情 that marks answers no library has given
SILENCE_TEXT = (BLANK, SKIPPED, "（空）", "（跳过）")
SILENCE_NUMBER = (str(BLANK_NUMBER), str(SKIPPED_NUMBER))
