"""Contacts in whatever form people write them go; what only looks like one stays; and the quick look misses none."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calm_pipeline.exports.contacts import CONTACTS, NUMERALS, PERHAPS, WITHHELD
from calm_pipeline.exports.masking import mobile, mobiles, without_contacts

MAIL, ADDRESS, LINE, ACCOUNT = "〔邮箱已隐去〕", "〔IP已隐去〕", "〔电话已隐去〕", "〔账号已隐去〕"
WRITTEN = {
    WITHHELD: [
        "(138)0013-8000", "（138）00138000", "138(0013)8000", "【138】0013 8000", "（86）13800138000",
        "(+86)138 0013 8000",
        "+(86)138-0013-8000", "138,0013,8000", "138，0013，8000", "138、0013、8000", "138：0013：8000", "138*0013*8000",
        "138--0013--8000", "138 -- 0013 -- 8000", "138\n0013\n8000", "1*3*8*0*0*1*3*8*0*0*0",
        "1、3、8、0、0、1、3、8、0、0、0",
        "一三八〇〇一三八〇〇〇", "幺三八零零幺三八零零零", "壹叁捌零零壹叁捌零零零", "一三八○○一三八○○○",
        "138零零13捌000",
        "一三八 〇〇一三 八〇〇〇", "幺三捌洞洞幺三捌洞洞洞", "〡〣〨〇〇〡〣〨〇〇〇", "❶❸❽⓪⓪❶❸❽⓪⓪⓪",
        "⑴⑶⑻00138000", "⒈⒊⒏00138000",
        "١٣٨٠٠١٣٨٠٠٠", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "1" + "\u200b" * 20 + "3800138000",
        "138.12345.678", "138*12345*678", "138|12345|678", "138 - 12345 - 678", "1381(2345)678", "138 12 34 56 78",
    ],
    MAIL: [
        "lm（at）pku.edu.cn", "lm(at)pku.edu.cn", "lm[at]pku.edu.cn", "lm#pku.edu.cn", "lm@pku(dot)edu(dot)cn",
        "lm@pku[点]edu[点]cn", "lm @ pku.edu.cn", "lm艾特pku点edu点cn", "lm at pku dot edu dot cn", "l.m at pku.edu.cn",
        "l[dot]m(at)pku[dot]edu", "ｌｍ＠ｐｋｕ．ｅｄｕ．ｃｎ", "ｌｍ（ａｔ）pku.edu.cn",
        "zhang@lib。edu。cn", "lm@qq.com", "lm#163.com",
    ],
    ADDRESS: [
        "2001:db8:85a3:0:0:8a2e:370:7334", "2001:db8::1", "::ffff:203.0.113.7", "fe80::1", "２００１：db8：：1",
        "203.0.113.77", "203。0。113。77",
    ],
    LINE: [
        "(010)62750000", "（0755）86541234", "(010) 6275-0000", "010-62750000转123", "010-62750000-123",
        "（0755）86541234 分机 12", "+86-10-62750000", "86-10-62750000", "(+86)755-86541234", "〇一〇六二七五〇〇〇〇",
        "025/83591234", "025-83591234、83591235",
    ],
    ACCOUNT: [
        "QQ：12345678", "qq 12345678", "ＱＱ：１２３４５６７８", "QQ号12345", "QQ邮箱：12345678", "扣扣：12345678",
        "微信号 abc_123", "微信号：lmlmlm", "微信：lmlml1", "微信（abc_123）", "微信abc12345", "wechat: abc_123",
        "weixin abc_123",
        "钉钉号 abc_123", "钉钉号lmlmlm", "VX:lmlml1", "vx abc123", "V信abc123", "加V abc_123", "薇信：abc_123",
    ],
}  # fmt: skip
OTHERS = [
    "1500/2000/300", "1500000、2000", "15000，200000", "180，20000000", "150册、2000册、3000册", "12,000,000",
    "1,380,013,800", "13,800,138,000", "一、三、五、七、九、十一", "一千三百万", "二〇二三年", "二零一九至二零二三",
    "978-7-302-12345-6", "ISBN 0306406152", "ISBN：0306406152", "10.1007/978-3-319-12345-6", "2023-04-05 10:30:45",
    "10:30:45", "3:1", "1:2:3:4:5:6:7:8", "aa:bb:cc:dd:ee:ff", "std::vector", "a::b", "1.2.3", "¥1380.00", "2019-2023",
    "https://www.lib.edu.cn/a/1?x=2#top", "visit us at lib.edu", "weixin.qq.com/abc1234567", "C#和C++", "3点@馆2点开会",
    "微信公众号：北大图书馆", "微信公众号 pkulib2023", "微信小程序LibSpace2023", "微信、QQ、APP", "微信/QQ群",
    "微信：25000，QQ：12000", "微信1200000人次", "QQ 20000人次", "微信2019-2023年推送", "WeChat: Official account",
    "WeChat platform", "138****8000",
        "关注@清华大学图书馆.官方", "加强培训艾特馆员.志愿者", "微博@PKU.library", "Twitter @lib.pku", "VB # asp.net",
        "C# asp.net", "workshop2 at library.edu", "B2B at taobao.com", "Library 2.0 at www.lib.edu", "5@3.5",
        "meet @ 10:00.30", "汇文系统 V5.6.1.2", "MySQL 5.7.38.1", "Koha 21.05.03.000", "Windows 10.0.19045.3448",
        "版本 10.3.5.17", "版本号：10.3.5.17", "软件版本10.3.5.17", "第1.3.5.7节", "300.20.30.40",
        "WeChat: library", "微信：online_service", "微信: official account service", "微信为 platform",
        "手机 2020-2021", "传真 2000-2020", "咨询电话 2020 2021", "电话1000 2000次", "电话 12345678", "电话83591234次",
        "hotel: 83591234", "项目批准号 2019-0123-4567-8901", "批准号 2019-0371-4567-8901", "共计0755 8654 1234册",
        "编号0001-00010002", "0101 0202 0303", "010-2023 2024", "01234567890",
        "1 3 5 7 9 11 13 15 17", "1 3 5 7 9 11 13 15", "1 3 5 7 9 2 4 6 8 0 1 3 5",
        "1、3、5、7、9、2、4、6、8、0、1、3",
        "馆藏总量138 0000 0000字节", "访问量15000000000次", "13800000000人次", "13800000000多元", "13800000000.50元",
        "15 000 000 000 字节", "约13800000000 GB", "QQ1200000名", "320106900101123",
]  # fmt: skip


def marked(text: str) -> bool:
    """Whether the quick look would have the text looked at; it must not say otherwise in Python and in Arrow."""
    quick = bool(re.search(PERHAPS, text))
    assert pc.match_substring_regex(pa.array([text]), PERHAPS)[0].as_py() == quick
    return quick


@pytest.mark.parametrize(("mark", "typed"), [(mark, typed) for mark, forms in WRITTEN.items() for typed in forms])
def test_a_contact_goes_in_whatever_form_it_is_written(mark: str, typed: str) -> None:
    for before, after in (("", ""), ("联系 ", "，一直在线")):
        assert marked(before + typed + after)
        assert without_contacts(before + typed + after) == before + mark + after


@pytest.mark.parametrize("typed", OTHERS)
def test_what_is_no_contact_stays(typed: str) -> None:
    for text in (typed, f"共{typed}。", f"{typed}一直"):
        assert without_contacts(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("希望延长开放时间请联系lib@pku.edu.cn谢谢并请补充馆藏", f"希望延长开放时间请联系{MAIL}谢谢并请补充馆藏"),
        ("请写信给lib@pku.edu.cn。We are open", f"请写信给{MAIL}。We are open"),
        ("Tel: 83591234", f"Tel{LINE}"),
        ("联系方式：83591234", f"联系方式{LINE}"),
        ("电话:83591234、83591235", f"电话{LINE}"),
        ("身份证320106900101123", "身份证〔证件号已隐去〕"),
        ("服务器203.0.113.77.", f"服务器{ADDRESS}."),
        ("IP 203.0.113.77", f"IP {ADDRESS}"),
        ("13800138000人事处", f"{WITHHELD}人事处"),
        ("13800138000次日可用", f"{WITHHELD}次日可用"),
        ("138 00 13 80 00、139 00 13 80 00", f"{WITHHELD}、{WITHHELD}"),
    ],
)
def test_what_stands_around_a_contact_stays(typed: str, kept: str) -> None:
    assert marked(typed)
    assert without_contacts(typed) == kept


def test_no_form_is_tried_from_within_a_run_of_its_own_characters() -> None:
    """Or a text of such characters alone would cost the square of its length; a label is a fixed word."""
    assert all(form.pattern.startswith("(?<!") for form, mark in CONTACTS if mark != ACCOUNT)


def test_a_number_beside_a_mobile_one_is_not_taken_for_half_of_it() -> None:
    assert without_contacts("经费1500 138 0013 8000") == f"经费1500 {WITHHELD}"
    assert without_contacts("周一13800138000，13900138000一直在") == f"周一{WITHHELD}，{WITHHELD}一直在"
    assert without_contacts("1.13800138000 2.13900138000") == f"1.{WITHHELD} 2.{WITHHELD}"


DIGITS = [[str(value), chr(0xFF10 + value), *marks] for value, marks in enumerate(NUMERALS)]
DIGITS = [[*marks, "⓪①②③④⑤⑥⑦⑧⑨"[value], f"{value}\ufe0f\u20e3"] for value, marks in enumerate(DIGITS)]
GAPS = st.sampled_from(
    ["", " ", "-", " - ", ".", "/", "·", "_", "*", "，", "、", "：", ")", "】", "\u200b", "\n", "——"]
)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """A mobile number in eleven digits, and one of the many ways of writing it."""
    number = draw(st.from_regex("1[3-9][0-9]{9}", fullmatch=True))
    typed = [draw(st.sampled_from(DIGITS[int(mark)])) for mark in number]
    gap, places = draw(GAPS), draw(st.sampled_from([(3, 7), range(1, 11)]))
    body = "".join(gap * (place in places) + mark for place, mark in enumerate(typed))
    return number, draw(st.sampled_from(["", "86 ", "+86-", "（86）", "(+86) ", "0086"])) + body


@given(numbers(), st.text("请致电联系，。馆", max_size=6), st.text("请致电联系，。馆", max_size=6))
def test_no_way_of_reading_a_mobile_number_is_left(written: tuple[str, str], before: str, after: str) -> None:
    number, typed = written
    text = f"{before}{typed}{after}"
    left = without_contacts(text)
    assert marked(text)
    assert mobiles(text) == {number} == {mobile(typed)}
    assert not any(unicodedata.numeric(mark, None) is not None or mark == "洞" for mark in left)
    assert not set(left) & set("".join(NUMERALS))


PIECES = st.sampled_from(
    [*"13８〇一 -.,:：@#()（）[]aｂ_\n\u200b①", "138", "0013", "8000", "010", "at", "dot", "点", ".cn", "微信", "QQ",
     "钉钉", "tel", "。", "人", "册", "号", "转", "电话", "2001:", "::", "203.0", "abc_1"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=24).map("".join))
def test_the_quick_look_misses_nothing_and_nothing_is_found_twice(text: str) -> None:
    left = without_contacts(text)
    assert left == text or marked(text)
    assert without_contacts(left) == left
    assert not mobiles(left)
