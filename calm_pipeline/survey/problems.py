"""What can be wrong with a declaration: cause and remedy of each problem in both languages, under its code."""

from calm_pipeline.errors import Entry, Message

_LINE = Message("{file}, line {line}, {path}", "{file}，第 {line} 行，{path}")
_FILE = Message("{file}", "{file}")


def _entry(en: str, zh: str, remedy: str, remedy_zh: str) -> Entry:
    return Entry(_LINE, Message(en, zh), Message(remedy, remedy_zh))


DECLARATIONS: dict[str, Entry] = {
    "survey_file": Entry(
        _FILE,
        Message("the file has {count} problem(s)", "该文件有 {count} 处问题"),
        Message("Mend each line named here", "请逐行更正下列各处"),
    ),
    "declaration": Entry(
        _FILE,
        Message("the file has {count} problem(s)", "该文件有 {count} 处问题"),
        Message("Mend each line named here", "请逐行更正下列各处"),
    ),
    "no_declaration": Entry(
        _FILE,
        Message("the file is missing", "文件不存在"),
        Message("Restore it; it belongs into {folder}", "请恢复该文件，并放回 {folder}"),
    ),
}

PROBLEMS: dict[str, Entry] = {
    "not_utf8": _entry("the text is not UTF-8", "文件不是 UTF-8 编码", "save the file as UTF-8", "请另存为 UTF-8 编码"),
    "control_character": _entry(
        "a control character stands in the text", "文件中含有控制字符", "delete it", "请删除该字符"
    ),
    "label_colon": _entry(
        "a label that contains a colon and a space must stand in quotation marks",
        "文字中有冒号加空格，却没有加引号",
        "put the whole label between two of them",
        "请用引号把整段文字括起来",
    ),
    "label_mark": _entry(
        "a label that begins with * or & must stand in quotation marks",
        "文字以 * 或 & 开头，却没有加引号",
        "put the whole label between two of them",
        "请用引号把整段文字括起来",
    ),
    "not_yaml": _entry(
        "this is not YAML",
        "不符合 YAML 语法",
        "look for a missing quotation mark, bracket or indentation",
        "请检查引号、括号是否成对，缩进是否正确",
    ),
    "too_long": _entry(
        "the file is larger than 1 MiB",
        "文件超过 1 MiB",
        "check that it is the file you meant",
        "请确认文件是否正确",
    ),
    "too_deep": _entry(
        "more than 30 levels stand inside each other",
        "嵌套超过 30 层",
        "look for brackets that are not closed",
        "请检查括号是否成对",
    ),
    "yaml_tag": _entry(
        "tags have no meaning here",
        "此处不能使用标签（!）",
        "write it out",
        "请直接写出内容",
    ),
    "key_twice": _entry(
        "stands twice, on lines {first} and {second}",
        "在第 {first} 行和第 {second} 行重复出现",
        "give one of them another name",
        "请将其中一个改名",
    ),
    "no_such_value": _entry(
        "looks like a day that does not exist, or like a number that is none or too long",
        "看似日期或数字，但该日期不存在，或数字无效、过长",
        "write a day or number that exists, or put the words in quotation marks",
        "请填写有效的日期或数字；若为文字，请加引号",
    ),
    "no_mapping": _entry(
        "is empty or not a mapping of keys",
        "文件为空，或不是“字段: 值”的形式",
        "start from last year's file",
        "请以上一年度的文件为模板",
    ),
    "edition_name": _entry(
        "is {edition}, but the file is named {file}",
        "此处为 {edition}，文件名却是 {file}",
        "let both say the same",
        "请使两者一致",
    ),
    "missing_key": _entry("is missing", "缺少该字段", "add it", "请补充"),
    "unknown_key": _entry(
        "is not a word of the survey file",
        "不是可以使用的字段",
        "see schemas/survey.schema.json for what may stand here",
        "可用字段见 schemas/survey.schema.json",
    ),
    "bad_name": _entry(
        "must be a name of small letters, digits and single underscores, a letter first",
        "名称须以小写字母开头，且只含小写字母、数字和单个下划线",
        "rename it, as in paid_assistants",
        "请改名，例如 paid_assistants",
    ),
    "empty_value": _entry(
        "is empty", "内容为空", "fill it in, or delete it if it may be left out", "请填写；若为选填项，也可删除"
    ),
    "not_text": _entry(
        "was read as {value}", "被读作 {value}", "put the words in quotation marks", "若为文字，请加引号"
    ),
    "not_listed": _entry("is {value}", "此处为 {value}", "it must be one of {expected}", "只能是下列之一：{expected}"),
    "wrong_type": _entry("is not what belongs here", "内容类型不符", "write {expected}", "请填写{expected}"),
    "unknown_question": _entry(
        "no question is called {name}",
        "没有名为 {name} 的题目",
        "{nearest}take a name that stands under questions",
        "{nearest}请使用 questions 下已有的名称",
    ),
    "unknown_option": _entry(
        "{question} has no option {name}",
        "题目 {question} 没有选项 {name}",
        "{nearest}take a name that stands under its options",
        "{nearest}请使用该题 options 下已有的名称",
    ),
    "unknown_index": _entry(
        "no index is called {name}",
        "没有名为 {name} 的指数",
        "{nearest}take a name that stands under indices",
        "{nearest}请使用 indices 下已有的名称",
    ),
    "unknown_dimension": _entry(
        "no dimension is called {name}",
        "没有名为 {name} 的维度",
        "{nearest}take a name that stands under dimensions",
        "{nearest}请使用 dimensions 下已有的名称",
    ),
    "unknown_subdimension": _entry(
        "its dimension has no {name}",
        "所属维度下没有 {name}",
        "take a name that stands under its subdimensions",
        "请使用该维度 subdimensions 下已有的名称",
    ),
    "unknown_group": _entry(
        "no group is called {name}",
        "没有名为 {name} 的分组",
        "take a name that stands under the groups of this question",
        "请使用本题 groups 下已有的名称",
    ),
    "gate_forward": _entry(
        "looks forward",
        "指向了后面的题目",
        "a gate can only depend on a question asked earlier",
        "跳题条件只能依据前面的题目",
    ),
    "gate_no_choice": _entry(
        "is not a choice question, so it cannot open or close a gate",
        "不是选择题，不能作为跳题条件",
        "name a single or multiple question without rows",
        "请使用不带 rows 的单选题或多选题",
    ),
    "index_no_multiple": _entry(
        "{name} is a {kind} question",
        "{name} 的题型是 {kind}",
        "an index counts the ticks of multiple questions",
        "指数只统计多选题（multiple）的勾选数",
    ),
    "table_of_nothing": _entry(
        "needs either a question or the indices it correlates",
        "须指定题目，或指定计算相关性的指数",
        "give question or correlates, and not both",
        "请填写 question 或 correlates，两者只选其一",
    ),
    "table_no_choice": _entry(
        "{name} is not a choice question without rows",
        "{name} 不是不带 rows 的选择题",
        "name a question that has options and no rows",
        "请使用有 options 且没有 rows 的题目",
    ),
    "stage_no_single": _entry(
        "{name} is not a single-choice question without rows",
        "{name} 不是不带 rows 的单选题",
        "name one that is, or delete stage",
        "请改用符合要求的题目，或删除 stage",
    ),
    "no_stage": _entry(
        "the survey file names no stage question",
        "调查文件未指定阶段题（stage）",
        "give it one under stage, or delete the claim",
        "请在调查文件中填写 stage，或删除该论断",
    ),
    "claims_edition": _entry(
        "is {edition}, but the survey is {expected}",
        "此处为 {edition}，而调查年度为 {expected}",
        "let both say the same",
        "请使两者一致",
    ),
    "name_taken": _entry(
        "is a name that the pipeline uses itself", "该名称已被系统占用", "take another", "请改用其他名称"
    ),
    "number_order": _entry(
        "is {number}, which does not follow {last}",
        "题号为 {number}，未排在 {last} 之后",
        "number the questions in the order of the questionnaire",
        "请按问卷顺序编号",
    ),
    "one_library": _entry(
        "exactly one question must say `identifies: library`; {count} do",
        "应当有且只有一道题标明 `identifies: library`，现有 {count} 道",
        "mark the question that asks for the library's name, and no other",
        "请只在询问馆名的题目上标明",
    ),
    "library_question": _entry(
        "the library must be named in a required text question that everybody is asked",
        "馆名题必须是人人都要回答的必填文本题",
        "give it type text and required true, and neither a gate nor personal",
        "请设为 type: text、required: true，并去掉跳题条件和 personal",
    ),
    "few_options": _entry(
        "a {kind} question needs at least two options",
        "{kind} 题至少要有两个选项",
        "add the others, or change the type",
        "请补充选项，或更改题型",
    ),
    "stray_options": _entry(
        "a {kind} question has no options",
        "{kind} 题不应有选项",
        "delete them, or change the type",
        "请删除选项，或更改题型",
    ),
    "stray_rows": _entry(
        "only single and integer questions may have rows",
        "只有 single 和 integer 题可以有 rows",
        "delete them, or change the type",
        "请删除 rows，或更改题型",
    ),
    "stray_bounds": _entry(
        "minimum and maximum belong to integer questions",
        "minimum 和 maximum 只用于 integer 题",
        "delete them, or change the type",
        "请删除，或更改题型",
    ),
    "stray_personal": _entry(
        "only a text question can hold personal data",
        "只有文本题可以标为个人信息",
        "delete personal, or change the type",
        "请删除 personal，或更改题型",
    ),
    "stray_exclusive": _entry(
        "means something in multiple questions only", "只在多选题中有意义", "delete it", "请删除"
    ),
    "bounds_order": _entry(
        "is {low}, more than the maximum of {high}",
        "最小值 {low} 大于最大值 {high}",
        "correct one of the two",
        "请更正其中之一",
    ),
    "unknown_row": _entry(
        "the question has no other row called {name}",
        "该题没有名为 {name} 的其他行",
        "name another row of the same question",
        "请填写同一题中另一行的名称",
    ),
    "idle_rule": _entry(
        "the rule {rules} can never be broken",
        "规则 {rules} 永远不会被触发",
        "see whether the question can be asked at all, and mend its gate or bounds",
        "请检查该题是否有可能被询问，并更正其跳转条件或取值范围",
    ),
    "contradiction": _entry(
        "no valid submission can give this answer, since these rules contradict each other: {rules}",
        "任何有效答卷都无法作此回答，因为下列规则相互矛盾：{rules}",
        "change the gate, bounds or options that one of them comes from",
        "请更正其中某条规则所依据的跳转条件、取值范围或选项",
    ),
    "separator": _entry(
        "holds one of ┋ → 〖 〗, by which the platform separates options",
        "含有 ┋ → 〖 〗 之一，而平台用这些符号分隔选项",
        "use another mark",
        "请改用其他符号",
    ),
    "nothing_to_recognise": _entry(
        "{label} has nothing by which an export could be recognised",
        "{label} 中没有可供识别导出列的内容",
        "use letters, Chinese characters or digits",
        "请使用汉字、字母或数字",
    ),
    "same_label": _entry(
        "cannot be told from {other} in an export: both are labelled {label}",
        "在导出数据中无法与 {other} 区分：两者的文字都是 {label}",
        "change one of the labels",
        "请修改其中一个的文字",
    ),
    "fielding_order": _entry(
        "lies before the opening day", "早于开始日期", "correct one of the two days", "请更正其中一个日期"
    ),
    "no_time_zone": _entry(
        "is no time zone", "不是有效的时区", "write it as in Asia/Shanghai", "请按 Asia/Shanghai 的形式填写"
    ),
}
