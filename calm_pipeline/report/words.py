"""Everything the report says, in both languages side by side; no template holds a figure.

A name in braces is a figure, a label, or a reference that the code numbers.
"""

from calm_pipeline.survey import Words

# --- names of parts -------------------------------------------------------------------------------------------------
SECTION = Words(en="Section {number}", zh="第{number}节")
APPENDIX = Words(en="Appendix {number}", zh="附录{number}")
TABLE = Words(en="Table {number}", zh="表{number}")
FIGURE = Words(en="Figure {number}", zh="图{number}")
CONTENTS = Words(en="Contents", zh="目录")
OTHER = Words(en="Others", zh="其他")
AS_IT_IS = Words(en="{text}", zh="{text}")
STOP = Words(en="; ", zh="；")
SKIP = Words(en="Skip to the report", zh="跳到正文")
TO_SQL = Words(en="SQL", zh="SQL")
TO_SQL_LONG = Words(en="The query behind {name}", zh="{name}的查询语句")
PRINTED_AS = Words(
    en="Printed as Table {caption} in the published report; its text cites it as Table {cited}.",
    zh="即已发布报告的表{caption}，报告正文引作表{cited}。",
)
RAW = Words(en="raw files {digests}", zh="原始文件 {digests}")
NOT_PRINTED = Words(en="Not printed in the published report.", zh="已发布的报告未刊印此表。")

# --- reconstruction -------------------------------------------------------------------------------------------------
BANNER_HEAD = Words(
    en="Reconstructed answers: no evidence about libraries", zh="重建数据：不能作为图书馆实际情况的证据"
)
BANNER = Words(
    en="The answers behind this edition are not public. They were made up so that they agree with the figures of the "
    "published report. What is counted from them repeats that report; whatever goes beyond it is an accident of "
    "the reconstruction. Every table and figure that rests on them carries the mark “{mark}”.",
    zh="本年度原始答卷未公开。此处所用答卷系依据已发布报告的数字重建而成，凡报告已刊印的数字均与之一致，"
    "超出报告的内容则出于重建过程的偶然，不代表任何图书馆的实际情况。凡以重建数据为依据的图表，均标有“{mark}”。",
)
MARK = Words(en="reconstructed answers", zh="重建数据")
MARK_IN_CHART = Words(
    en="Reconstructed answers: no evidence about libraries", zh="重建数据，不能作为图书馆实际情况的证据"
)
PRINTED_MARK = Words(en="from printed figures alone", zh="仅据已刊印数字")
MARK_EACH = Words(en="what each rests on is said apart", zh="依据分别列出")

# --- the front ------------------------------------------------------------------------------------------------------
EDITION = Words(en="Edition", zh="年度")
BASE = Words(en="Base", zh="基数")
BASE_SAYS = Words(en="{accepted} accepted submissions", zh="{accepted} 份有效答卷")
FIELDING = Words(en="Questionnaire open", zh="问卷开放时间")
FIELDING_SAYS = Words(en="{opens} to {closes}", zh="{opens} 至 {closes}")
POPULATION = Words(en="Population", zh="调查总体")
POPULATION_SAYS = Words(en="libraries with a staff of at least {staff}", zh="职工人数不少于 {staff} 人的图书馆")
SUMMARY = Words(en="Key figures", zh="主要数字")
CARD_ACCEPTED = Words(en="submissions counted, of {received} received", zh="份答卷计入统计（共收到 {received} 份）")
CARD_RATE = Words(
    en="of the {population} eligible libraries answered", zh="的符合条件图书馆作答（登记 {population} 所）"
)
CARD_QUESTIONS = Words(en="questions with {options} options", zh="道题目，选项共 {options} 个")
CARD_REPRODUCED = Words(
    en="of {figures} published figures reproduced, {differs} differ",
    zh="个已公布数字得到重现（共 {figures} 个，不符 {differs} 个）",
)
CARD_CLAIMS = Words(en="of {claims} claims may be printed as they stand", zh="项论断可照原样刊印（共 {claims} 项）")
EVERYBODY_TICKS = Words(
    en="Ticked by every library that was asked: {options}.", zh="被询问的图书馆全部选择：{options}。"
)
INDICES_SUMMARY = Words(
    en="The indices correlate at {lowest} to {highest} ({table}).",
    zh="各指数之间的相关系数为 {lowest} 至 {highest}（{table}）。",
)
DISTINCT_SUMMARY = Words(
    en="Corrected for attenuation, the interval stays below one in {apart} of {pairs} pairs of indices ({section}).",
    zh="经衰减校正后，{pairs} 对指数中有 {apart} 对的区间低于一（{section}）。",
)
RECONCILED = Words(
    en="Of {figures} figures of the published report, {reproduced} are reproduced, {differs} differ and "
    "{not_derivable} cannot be derived from the tables ({section}).",
    zh="已发布报告的 {figures} 个数字中，{reproduced} 个得到重现，{differs} 个不符，{not_derivable} 个无法由数据表推"
    "得（{section}）。",
)
CLAIMS_SUMMARY = Words(
    en="Of {claims} claims that go beyond counts, {printable} may be printed as they stand ({section}).",
    zh="报告在计数之外的 {claims} 项论断中，{printable} 项可照原样刊印（{section}）。",
)

# --- the base -------------------------------------------------------------------------------------------------------
ABOUT_BASE = Words(en="What the figures rest on", zh="数据基础")
SUBMISSIONS = Words(en="Submissions", zh="答卷")
SUBMISSIONS_SAY = Words(
    en="{received} submissions were received and {accepted} count. What became of the others is in {table}; the "
    "rules are in {section}.",
    zh="共收到答卷 {received} 份，计入统计 {accepted} 份。其余答卷的处理见{table}，规则见{section}。",
)
STATUS_TABLE = Words(en="Submissions by status", zh="答卷状态")
STATUS = Words(en="Status", zh="状态")
COUNT = Words(en="Submissions", zh="答卷数")
MEANING = Words(en="Meaning", zh="含义")
STATUSES = {
    "accepted": Words(en="accepted", zh="接受"),
    "quarantined": Words(en="quarantined", zh="隔离"),
    "duplicate": Words(en="duplicate", zh="重复"),
    "dropped": Words(en="dropped", zh="剔除"),
}
STATUS_MEANINGS = {
    "accepted": Words(en="counts", zh="计入统计"),
    "quarantined": Words(en="breaks a rule; the library is asked", zh="违反校验规则，待图书馆核实"),
    "duplicate": Words(en="was sent again unchanged later; the latest counts", zh="此后原样重交，以最后一份为准"),
    "dropped": Words(en="a test or preview, or withdrawn by the desk", zh="测试、预览，或经核查撤回"),
}
COVERAGE = Words(en="Respondents against the register", zh="答卷图书馆与名录的对照")
COVERAGE_SAYS = Words(
    en="{respondents} of {population} eligible libraries of the register answered, {rate} ({level} interval "
    "{interval}). For figures about this population, standard errors shrink by the factor {correction} (finite "
    "population correction); the intervals in this report do not use it unless they say so.",
    zh="名录中符合条件的图书馆 {population} 所，作答 {respondents} 所，回收率 {rate}（{level} 区间 {interval}）。若以"
    "该总体为推断对象，标准误可乘以有限总体校正系数 {correction}；本报告的区间除另有说明外均未作此校正。",
)
COVERAGE_TEST = Words(
    en="Respondents and non-respondents compared by {grouping}: χ² = {chi} on {freedom} degrees of freedom, p {p}, "
    "smallest expected count {expected}.",
    zh="按{grouping}比较答卷与未答卷图书馆：χ² = {chi}，自由度 {freedom}，p {p}，最小期望频数 {expected}。",
)
COVERAGE_WARNING = Words(
    en="Since an expected count is below {least}, this p-value is not to be relied on.",
    zh="因有期望频数小于 {least}，该 p 值不宜采信。",
)
COVERAGE_HIDDEN = Words(
    en="A dash stands where fewer than {least} libraries of a group answered or fewer than {least} did not, and where "
    "such a number could be worked out otherwise. The test counts these groups as one.",
    zh="某组作答或未作答的图书馆不足 {least} 所的，以及可据以推算的组，以短横表示，不予公布；检验时合并为一组。",
)
COVERAGE_FIGURE = Words(
    en="Response rate by {grouping}, with {level} intervals", zh="按{grouping}的回收率及 {level} 区间"
)
COVERAGE_TABLE = Words(
    en="Respondents against the register, by {grouping}", zh="答卷图书馆与名录的对照（按{grouping}）"
)
GROUPINGS = {
    "total": Words(en="total", zh="总计"),
    "province": Words(en="province", zh="省份"),
    "type": Words(en="type of university", zh="学校类型"),
    "staff_band": Words(en="staff", zh="职工人数"),
}
GROUP = Words(en="Group", zh="组别")
ELIGIBLE = Words(en="Eligible", zh="合格馆数")
ANSWERED = Words(en="Answered", zh="作答馆数")
RATE = Words(en="Rate", zh="回收率")
IN_POPULATION = Words(en="Share of population", zh="占总体")
IN_RESPONDENTS = Words(en="Share of respondents", zh="占答卷")
DIFFERENCE_POINTS = Words(en="Difference (points)", zh="差值（百分点）")
INTERVAL = Words(en="{level} interval", zh="{level} 区间")
INTERVAL_OF = Words(en="{of}, {level} interval", zh="{of}，{level} 区间")

# --- the framework --------------------------------------------------------------------------------------------------
FRAMEWORK = Words(en="Theoretical framework", zh="理论框架")
FRAMEWORK_SAYS = Words(
    en="{figure} shows the dimensions and sub-dimensions of the framework, the questions that measure them, and how "
    "many of the options that count in an index the libraries tick on average.",
    zh="{figure}列出理论框架的维度、子维度及其对应题目，并标出各题计入指数的选项平均被勾选的个数。",
)
FRAMEWORK_FIGURE = Words(en="The framework with the measured figures on it", zh="理论框架及实测数字")
FRAMEWORK_ALT = Words(
    en="Dimensions, their sub-dimensions and questions, each with the mean number of ticked options; correlations "
    "between the indices: {correlations}.",
    zh="各维度、子维度与题目及其平均勾选数；指数间相关系数：{correlations}。",
)
MEAN_OF = Words(en="{mean} of {size} options", zh="平均 {mean} / {size} 项")
INDEX_MEAN = Words(en="{index}: {mean} of {size} on average", zh="{index}：平均 {mean} / {size}")
NO_QUESTION = Words(en="no question of its own", zh="无对应题目")

# --- results --------------------------------------------------------------------------------------------------------
OVERALL = Words(en="Overall progress", zh="总体进展")
OPEN_QUESTIONS = Words(en="Open questions", zh="开放题")
OPEN_SAYS = Words(
    en="The texts themselves are not printed. {table} says how many libraries wrote something.",
    zh="开放题的文字内容不予刊印，{table}仅列出作答的图书馆数。",
)
NUMBER = Words(en="No.", zh="题号")
OPEN_TABLE = Words(en="Answers to open questions", zh="开放题作答情况")
QUESTION_HEAD = Words(en="Q{number}. {label}", zh="第\u00a0{number}\u00a0题　{label}")
QUESTION_HEAD_IN = Words(en="Q{number} in {edition}. {label}", zh="{edition} 年度第\u00a0{number}\u00a0题　{label}")
QUESTION = Words(en="Question", zh="题目")
ASKED_ONLY = Words(en="{gate}: {asked} of {accepted} submissions.", zh="{gate}：{accepted} 份答卷中有 {asked} 份。")
ORDER = Words(
    en="Most often ticked: {most}. Least often: {least} ({figure}, {table}).",
    zh="选择最多的是{most}；最少的是{least}（{figure}、{table}）。",
)
SHORT_ORDER = Words(en="The answers are in {figure} and {table}.", zh="结果见{figure}与{table}。")
OTHERS = Words(
    en="The option “Others”, which the table leaves out, was ticked by {count} of {asked}.",
    zh="表中未列的“其他”选项，{asked} 份中有 {count} 份选择。",
)
UNANSWERED = Words(
    en="Of {asked} that were asked, {answered} answered.", zh="被询问的 {asked} 份中有 {answered} 份作答。"
)
LABEL_SHARE = Words(en="“{label}” ({share})", zh="“{label}”（{share}）")
JOINT = Words(en=", ", zh="、")
BARS = Words(en="{caption}: shares with {level} intervals", zh="{caption}：比例及 {level} 区间")
BARS_ALT = Words(
    en="Bar chart of {options} options, from {first} to {last}; every figure is in {table}.",
    zh="条形图，共 {options} 个选项，自{first}至{last}；全部数字见{table}。",
)
ANSWERS = Words(en="Answers to Q{number}", zh="第 {number} 题的回答")
ANSWERS_ROW = Words(en="Answers to Q{number}, “{row}”", zh="第 {number} 题“{row}”的回答")
OPTION = Words(en="Option", zh="选项")
LIBRARIES = Words(en="Libraries", zh="图书馆数")
SHARE = Words(en="Share", zh="比例")
TIP_OPTION = Words(en="Option", zh="选项")
TIP_COUNT = Words(en="Libraries of those asked", zh="选择数 / 被询问数")
TIP_SHARE = Words(en="Share", zh="比例")
TIP_INTERVAL = Words(en="{level} interval", zh="{level} 区间")
TIP_CATEGORY = Words(en="Group", zh="组别")
TIP_RESPONDED = Words(en="Answered of eligible", zh="作答馆数 / 合格馆数")
TIP_RATE = Words(en="Response rate", zh="回收率")
NUMBER_TABLE = Words(en="{caption}: summary", zh="{caption}：概要")
NUMBER_FEW = Words(
    en="Median and mean are shown of {threshold} answers or more, all else and the distribution of {extremes} or more.",
    zh="中位数与均值在作答不少于 {threshold} 份时给出，其余各项及分布在不少于 {extremes} 份时给出。",
)
NUMBER_FIGURE = Words(en="{caption}: distribution", zh="{caption}：分布")
NUMBER_ALT = Words(
    en="Histogram of {answered} answers from {minimum} to {maximum}; half of them lie at or below {median}.",
    zh="直方图，共 {answered} 个答案，最小 {minimum}，最大 {maximum}，中位数 {median}。",
)
NUMBER_SAYS = Words(
    en="Half of the {answered} libraries that answered name {median} or fewer; the middle half lies between {low} "
    "and {high} ({figure}, {table}).",
    zh="作答的 {answered} 所图书馆中，半数填报 {median} 或更少，"
    "中间半数介于 {low} 与 {high} 之间（{figure}、{table}）。",
)
ASKED = Words(en="Asked", zh="被询问")
MINIMUM = Words(en="Smallest", zh="最小值")
QUARTILE_LOW = Words(en="Lower quartile", zh="下四分位")
MEDIAN = Words(en="Median", zh="中位数")
MEAN = Words(en="Mean", zh="均值")
QUARTILE_HIGH = Words(en="Upper quartile", zh="上四分位")
MAXIMUM = Words(en="Largest", zh="最大值")
SD = Words(en="SD", zh="标准差")
NUMBER_GIVEN = Words(en="number given", zh="所填数字")

# --- indices --------------------------------------------------------------------------------------------------------
INDICES = Words(en="Composite indices", zh="综合指数")
INDEX = Words(en="Index", zh="指数")
DISTRIBUTIONS = Words(en="Distributions", zh="分布")
INDEX_SAYS = Words(
    en="An index is the number of substantive options that a library ticks over all questions of the index; “No … "
    "yet” and “Others” do not count. {figure} shows how the scores are distributed, {table} sums them up.",
    zh="指数为图书馆在其所含各题中勾选的实质选项总数，“尚未”类与“其他”不计。得分分布见{figure}，概要见{table}。",
)
INDEX_FIGURE = Words(en="Distribution of the indices", zh="各指数的分布")
INDEX_ALT = Words(en="Histograms of the indices: {indices}.", zh="各指数的直方图：{indices}。")
INDEX_ALT_ONE = Words(
    en="{index} from {minimum} to {maximum}, mean {mean}", zh="{index}最小 {minimum}、最大 {maximum}、均值 {mean}"
)
INDEX_TABLE = Words(en="The indices in figures", zh="各指数概要")
TICKED = Words(en="options ticked", zh="勾选选项数")
SUBMISSIONS_AXIS = Words(en="libraries", zh="图书馆数")
QUESTIONS = Words(en="Questions", zh="题目数")
ITEMS = Words(en="Options", zh="选项数")
RELIABILITY = Words(en="Reliability", zh="信度")
RELIABILITY_SAYS = Words(
    en="{table} says how consistently the options of an index measure. Options on which all libraries agree say "
    "nothing about differences between libraries.",
    zh="{table}列出各指数选项的内部一致性。各馆回答完全一致的选项不能反映馆际差异。",
)
CONSTANT_SAYS = Words(
    en="{index}: every library answers alike on {items}.", zh="{index}：各馆在下列选项上回答完全一致：{items}。"
)
RELIABILITY_TABLE = Words(en="Reliability of the indices", zh="各指数的信度")
CONSTANT_NOTE = Words(
    en="KR\u201120 counts the options without variation among the options; omega leaves them out.",
    zh="KR\u201120 的选项数包括无变异选项，omega 不包括。",
)
NEGATIVE_NOTE = Words(
    en="A reliability below nought is no measure of consistency and cannot be interpreted: the options vary against "
    "each other, or too few libraries answered for an estimate, as wide intervals show.",
    zh="信度为负值时不能反映内部一致性，不宜解释：或因各选项此消彼长，或因答卷过少而无法估计（区间过宽即属此类）。",
)
KR20 = Words(en="KR\u201120", zh="KR\u201120")
OMEGA = Words(en="Omega", zh="Omega")
ALPHA_QUESTIONS = Words(en="Alpha of questions", zh="题目 alpha")
CONSTANT = Words(en="Without variation", zh="无变异选项")
CORRELATIONS = Words(en="Correlations", zh="相关")
MATRIX_SAYS = Words(en="The matrix stands as the report prints it.", zh="相关矩阵按报告版式给出。")
CORRELATIONS_SAY = Words(
    en="{table} gives intervals under every definition of the indices, {others} ranks and what is left of each "
    "correlation given the other indices.",
    zh="{table}给出各种指数定义下的区间，{others}给出等级相关以及控制其余指数后的偏相关。",
)
HEAT_FIGURE = Words(en="Correlations of the indices as a heat map", zh="指数间相关热图")
HEAT_ALT = Words(en="Heat map of Pearson's r: {pairs}.", zh="Pearson 相关系数热图：{pairs}。")
PAIR = Words(en="{a} and {b}", zh="{a}与{b}")
PAIR_R = Words(en="{pair}: {r}", zh="{pair}：{r}")
PEARSON = Words(en="Pearson's r", zh="Pearson 相关系数")
PEARSON_TABLE = Words(en="Pearson correlations under every definition", zh="各种定义下的 Pearson 相关")
OTHERS_TABLE = Words(en="Rank and partial correlations under every definition", zh="各种定义下的等级相关与偏相关")
DEFINITION = Words(en="Definition", zh="指数定义")
DEFINITIONS = {
    "sum": Words(en="sum of ticks", zh="勾选数之和"),
    "mean_share": Words(en="mean share", zh="勾选比例均值"),
    "mean_z": Words(en="mean z-score", zh="标准分均值"),
}
PAIR_HEAD = Words(en="Pair", zh="指数对")
FISHER = Words(en="Fisher interval", zh="Fisher 区间")
BOOTSTRAP = Words(en="Bootstrap interval", zh="Bootstrap 区间")
SPEARMAN = Words(en="Spearman", zh="Spearman")
PARTIAL = Words(en="Partial", zh="偏相关")
P_HOLM = Words(en="p (Holm)", zh="p（Holm）")
P_HOLM_OF = Words(en="{of}, p (Holm)", zh="{of}，p（Holm）")
PEARSON_SHORT = Words(en="Pearson", zh="Pearson")
DISATTENUATED = Words(en="Disattenuated", zh="衰减校正")
DISTINCT = Words(en="Interval below one", zh="区间是否低于一")
DISTINCTS = {True: Words(en="yes", zh="是"), False: Words(en="no", zh="否")}
ATTENUATION = Words(en="Are the indices distinct?", zh="各指数能否区分")
DISATTENUATION_TABLE = Words(en="Correlations corrected for attenuation", zh="经衰减校正的相关")
DISATTENUATION_SAYS = Words(
    en="Measurement error hides part of a correlation. Corrected for it ({table}), the interval "
    "stays below one in {apart} of {pairs} pairs. Where it reaches one, the data do not show that they differ.",
    zh="测量误差会掩盖一部分相关。校正后（{table}），{pairs} 对指数中有 {apart} 对的区间低于一；区间达到一的，数据未能"
    "显示二者测量的是不同的东西。",
)
NOT_DISATTENUATED = Words(
    en="Measurement error hides part of a correlation; to correct for it takes a positive reliability of both indices. "
    "For no pair do these answers give a corrected correlation with an interval.",
    zh="测量误差会掩盖一部分相关，校正须以双方指数的信度均为正值为前提。依本年度的答卷，没有任何指数对可得出带区间的校正"
    "相关。",
)
NOT_DISTINCT = Words(
    en="{a} and {b} are not distinct: the data do not show that they measure different things.",
    zh="{a}与{b}无法区分：数据未能显示二者测量的是不同的东西。",
)
DISTINCT_BY_SUM = Words(
    en="This is for one way of building an index, the sum of ticks. Whether the indices are separate dimensions however"
    " they are built is judged in {section}.",
    zh="以上仅就勾选数之和这一种构造方式而言。换用其他构造方式后各指数是否仍为不同维度，见{section}的判断。",
)
CORRELATION_DOTS = Words(en="Correlations of the indices with {level} intervals", zh="指数间相关及 {level} 区间")
CORRELATION_DOTS_ALT = Words(
    en="Dots with intervals for each pair of indices: Pearson, Spearman, partial and disattenuated; figures are in "
    "{table}.",
    zh="各对指数的 Pearson、Spearman、偏相关与衰减校正相关及其区间；数字见{table}。",
)
STAGES = Words(en="Stages and indices", zh="推进阶段与指数")
STAGES_SAY = Words(
    en="{figure} and {table} show the indices by the answer to Q{number}; the lines of the figure are spreads, not "
    "intervals. Whether stages differ is in {effects}, with intervals: groups are small, so do not read the order of "
    "the dots.",
    zh="{figure}和{table}按第 {number} 题的回答列出各指数，图中线段表示离散程度，不是置信区间。各阶段是否有差异，见"
    "{effects}所列区间；部分组别馆数较少，不宜只比较均值的高低。",
)
STAGES_HIDDEN = Words(
    en="No score is given by the answer to Q{number}: each stage has fewer than {least} libraries, or its scores would "
    "tell of a stage that has.",
    zh="不按第 {number} 题的回答给出得分：各阶段或馆数不足 {least}，或可据其得分推算不足 {least} 馆的得分。",
)
STAGE = Words(en="Stage", zh="阶段")
STAGE_FIGURE = Words(en="Indices by stage", zh="各阶段的指数")
STAGE_NOTE = Words(
    en="Dot: mean. Tick: median. Thick line: one standard deviation to each side. Thin line: smallest to largest.",
    zh="圆点为均值，短竖线为中位数，粗线为均值上下各一个标准差，细线为最小值至最大值。",
)
STAGE_HIDDEN = Words(
    en="No score is given of stages with fewer than {least} libraries, nor of the next larger one if it would tell of "
    "them; the smallest and largest score only of {extremes} libraries or more.",
    zh="馆数不足 {least} 的阶段不给出得分；若可由此推知，则馆数次少的阶段亦不给出。最小值与最大值仅在馆数不少于 "
    "{extremes} 时给出。",
)
STAGE_ALT = Words(
    en="For each index, the scores of {stages} stages; figures are in {table}.",
    zh="各指数在 {stages} 个阶段的得分；数字见{table}。",
)
STAGE_TABLE = Words(en="Indices by stage (sum of ticks)", zh="各阶段的指数（勾选数之和）")
STAGE_N = Words(en="Libraries", zh="馆数")
REST_MEAN = Words(en="Mean of the rest", zh="其余均值")
DIFFERENCE = Words(en="Difference", zh="差值")
LABEL_N = Words(en="{label} (n\u00a0=\u00a0{n})", zh="{label}（n\u00a0=\u00a0{n}）")
REST_N = Words(en="The rest", zh="其余馆数")
SPAN = Words(en="smallest to largest", zh="最小至最大")
EFFECT_TABLE = Words(en="How far each stage stands from the rest", zh="各阶段与其余图书馆的差距")
EFFECT_SAYS = Words(
    en="{table} and {figure} give the differences as effect sizes. Hedges' g counts in standard deviations; Cliff's "
    "delta is the chance of scoring above a library of the rest less the chance of scoring below.",
    zh="{table}与{figure}以效应量表示差距。Hedges' g 以标准差为单位；Cliff's delta 为得分高于其余图书馆的概率减去低"
    "于的概率。",
)
EFFECT_FIGURE = Words(
    en="Hedges' g of each stage against the rest, with {level} intervals",
    zh="各阶段相对其余图书馆的 Hedges' g 及 {level} 区间",
)
EFFECT_ALT = Words(
    en="Dots with intervals for each stage and index; figures are in {table}.",
    zh="各阶段与指数的效应量及区间；数字见{table}。",
)
HEDGES = Words(en="Hedges' g", zh="Hedges' g")
CLIFF = Words(en="Cliff's delta", zh="Cliff's delta")

# --- claims ---------------------------------------------------------------------------------------------------------
CLAIMS = Words(en="Claims and whether the figures bear them", zh="论断及其依据")
CLAIMS_SAY = Words(
    en="A claim about indices is tested under every variant of them: each definition, with and without “Others”, each "
    "question left out; one about counts is tested once. It may be printed as it stands only if it holds in at least "
    "{threshold} of the variants and what is known determines it. {table} lists all of them.",
    zh="涉及指数的论断在指数的各种口径下检验：不同定义、是否计入“其他”、逐一剔除题目；涉及频数的只检验一次。只有在至"
    "少 {threshold} 的口径下成立，且可由已知数字确定，方可照原样刊印。全部论断见{table}。",
)
MAY_BE_PRINTED = Words(en="Findings that may be printed", zh="可以刊印的结论")
MAY_NOT = Words(en="Claims that may not be printed as they stand", zh="不宜照原样刊印的论断")
NONE_PRINTABLE = Words(en="None of the claims may be printed as it stands.", zh="没有可照原样刊印的论断。")
CLAIM_TABLE = Words(en="Claims of the report with their verdicts", zh="报告论断与结论")
CLAIM = Words(en="Claim", zh="论断")
VERDICT = Words(en="Verdict", zh="结论")
HOLD_ON = Words(en="Hold on {basis}", zh="依{basis}成立")
OF = Words(en="{part} of {whole}", zh="{part} / {whole}")
LINE = Words(en="Line", zh="行")
VERDICTS = {
    "holds": Words(en="holds", zh="成立"),
    "sign only": Words(en="sign only", zh="仅方向成立"),
    "not identified": Words(en="not identified", zh="无法判断"),
    "contradicted": Words(en="contradicted", zh="与数字相反"),
}
BASES = {
    "answers": Words(en="answers", zh="图书馆答卷"),
    "printed figures": Words(en="printed figures", zh="已刊印数字"),
    "reconstruction": Words(en="reconstructed answers", zh="重建数据"),
}
VERDICT_OF = Words(en="{verdict} · {parts}", zh="{verdict}（{parts}）")
HOLDING = Words(
    en="{basis}: {holding} of {variants} variants bear it", zh="{basis}：{variants} 种口径中 {holding} 种成立"
)
HELD = {
    True: Words(en="{basis} bear it", zh="{basis}支持"),
    False: Words(en="{basis} do not bear it", zh="{basis}不支持"),
}
NO_VARIANT = Words(en="no variant of the indices can decide it", zh="指数的任何口径均无法判断")
PRINTED = Words(en="From the printed figures alone", zh="仅由已刊印数字推得的结果")
PRINTED_SAYS = Words(
    en="This section uses only what the report prints, its correlations and counts and the number of libraries. It "
    "rests on no reconstructed answer and is kept apart for that reason ({table}, {shares}).",
    zh="本节仅使用报告刊印的相关系数、频数与图书馆数，不涉及任何重建答卷，故单列（{table}、{shares}）。",
)
PRINTED_CORRELATIONS = Words(en="What the printed correlations imply", zh="由已刊印相关系数推得的结果")
PRINTED_SHARES = Words(en="Intervals of the printed shares", zh="已刊印比例的区间")
PRINTED_FIGURE = Words(en="Printed correlations with {level} intervals", zh="已刊印相关系数及 {level} 区间")
PRINTED_ALT = Words(
    en="Dots with intervals, correlations and partial correlations; figures are in {table}.",
    zh="相关与偏相关及其区间；数字见{table}。",
)
STATISTIC = Words(en="Statistic", zh="统计量")
STATISTICS = {
    "correlation": Words(en="correlation", zh="相关"),
    "partial correlation": Words(en="partial correlation", zh="偏相关"),
    "first component": Words(en="variance of the first component", zh="第一主成分方差占比"),
    "share": Words(en="share", zh="比例"),
}
ALL_INDICES = Words(en="all indices", zh="全部指数")
SUBJECT = Words(en="About", zh="对象")
VALUE = Words(en="Value", zh="数值")
N = Words(en="n", zh="n")

# --- reconciliation -------------------------------------------------------------------------------------------------
RECONCILIATION = Words(en="Reconciliation with the published report", zh="与已发布报告的对照")
RECONCILIATION_SAYS = Words(
    en="Every figure of the published report was looked up in the warehouse. {table} counts the verdicts.",
    zh="已发布报告的每个数字均与数据仓库逐一对照，结论见{table}。",
)
RECONCILIATION_TABLE = Words(en="Published figures by kind and verdict", zh="按类别与结论统计的已公布数字")
FIGURES = Words(en="Figures", zh="数字个数")
KIND = Words(en="Kind", zh="类别")
RECONCILED_AS = {
    "reproduced": Words(en="Reproduced", zh="重现"),
    "differs": Words(en="Differs", zh="不符"),
    "not derivable": Words(en="Not derivable", zh="无法推得"),
}
KINDS = {
    "table row": Words(en="rows of tables", zh="表格数据行"),
    "correlation": Words(en="correlations", zh="相关系数"),
    "respondents": Words(en="number of respondents", zh="答卷数"),
    "staff": Words(en="smallest staff", zh="最低职工人数"),
    "share": Words(en="shares in the text", zh="正文中的比例"),
    "complement": Words(en="libraries that did not tick an option", zh="未选某选项的馆数"),
    "more_than": Words(en="statements that a share is exceeded", zh="称超过某比例的表述"),
    "top": Words(en="most frequent options", zh="选择最多的选项"),
    "bottom": Words(en="least frequent options", zh="选择最少的选项"),
    "rows_above": Words(en="number of options above a share", zh="比例超过某值的选项数"),
    "libraries_above": Words(
        en="share of libraries that tick more than a number of options", zh="勾选数超过某值的图书馆比例"
    ),
    "rest": Words(en="several options added up", zh="多个选项合计"),
    "ahead": Words(en="statements that a stage is ahead on the indices", zh="称某阶段指数领先的表述"),
    "words": Words(en="sentences without a figure", zh="无数字的表述"),
}
NOT_REPRODUCED = Words(en="Figures that differ or cannot be derived", zh="不符或无法推得的数字")
NOT_REPRODUCED_SAYS = Words(en="{table} lists those that were not reproduced.", zh="未能重现者列于{table}。")
ALL_REPRODUCED = Words(en="Every published figure was reproduced.", zh="全部已公布数字均得到重现。")
SAYS = Words(en="The report says", zh="报告的表述")
PUBLISHED = Words(en="Published", zh="公布值")
COMPUTED = Words(en="Computed", zh="计算值")

# --- trends ---------------------------------------------------------------------------------------------------------
TRENDS = Words(en="Change since the edition before", zh="与上一年度相比的变化")
TRENDS_SAY = Words(
    en="Questions and options of the same name are the same series. Compared with {previous}, {continued} options "
    "continue, {new} are new and {gone} are gone; {comparable} may be compared without reserve, {care} with care.",
    zh="名称相同的题目与选项视为同一序列。与 {previous} 年度相比，{continued} 个选项延续，{new} 个新增，{gone} 个取"
    "消；其中 {comparable} 个可以直接比较，{care} 个须谨慎比较。",
)
TREND_OPTIONS = Words(en="Shares in {previous} and {edition}", zh="{previous} 与 {edition} 年度的比例")
TREND_FIGURE = Words(
    en="Largest changes of shares from {previous} to {edition}, with {level} intervals",
    zh="{previous} 至 {edition} 年度比例变化最大的选项及 {level} 区间",
)
TREND_ALT = Words(
    en="Dots with intervals for {options} options; figures are in {table}.",
    zh="{options} 个选项的变化及区间；数字见{table}。",
)
TREND_PICKED = Words(
    en="These are {shown} of {known} changes, picked by their size. Among so many, some come out large by chance "
    "alone; the intervals make no allowance for that.",
    zh="图中为 {known} 项变化中幅度最大的 {shown} 项。同时比较的项目众多，难免有因偶然而幅度较大者，图中区间未就此作校"
    "正。",
)
TREND_ORDERED = Words(
    en="The {known} changes stand in the order of their size. Among several, some come out large by chance alone; the "
    "intervals make no allowance for that.",
    zh="{known} 项变化按幅度排列。同时比较多个项目，难免有因偶然而幅度较大者，图中区间未就此作校正。",
)
TREND_TESTS = Words(
    en="Of {tests} tests among the libraries that answered in both editions, {below} keep a p-value below {alpha} when "
    "adjusted for their number by Holm's method ({table}).",
    zh="对前后年度均作答的图书馆共作 {tests} 项检验，经 Holm 校正后 p 值仍小于 {alpha} 的有 {below} 项（{table}）。",
)
TREND_EVERYWHERE = Words(en="For every row of {table}: {reason}", zh="{table}各行均须注意：{reason}")
TREND_INDICES = Words(en="Indices in {previous} and {edition}", zh="{previous} 与 {edition} 年度的指数")
SHARE_IN = Words(en="{edition}, share", zh="{edition} 比例")
MEAN_IN = Words(en="{edition}, mean", zh="{edition} 均值")
CHANGE_IN_POINTS = Words(en="Change in points, {level} interval", zh="变化（百分点）及 {level} 区间")
CHANGE_IN = Words(en="Change, {level} interval", zh="变化及 {level} 区间")
PANEL_IN_POINTS = Words(en="Libraries in both, points, {level} interval", zh="前后均作答的馆（百分点）及 {level} 区间")
PANEL_IN = Words(en="Libraries in both, {level} interval", zh="前后均作答的馆及 {level} 区间")
PANEL_HOLM = Words(en="Their p (Holm)", zh="其 p（Holm）")
ALL_LIBRARIES = Words(en="All libraries of each edition", zh="各年度全部图书馆")
SAME_LIBRARIES = Words(en="Libraries that answered in both editions", zh="前后年度均作答的图书馆")
CHANGE_POINTS = Words(en="Change (points)", zh="变化（百分点）")
COMPARABLE = Words(en="Comparable", zh="能否比较")
COMPARABLES = {
    "yes": Words(en="yes", zh="可以"),
    "with care": Words(en="with care", zh="须谨慎"),
    "no": Words(en="no", zh="不可"),
}
SCOPE = Words(en="Counted over", zh="计算范围")
SCOPES = {
    "all": Words(en="all options of each edition", zh="各年度全部选项"),
    "shared": Words(en="options of both editions", zh="前后年度共有选项"),
}
NOT_IN_BOTH = Words(en="{answer} ({series})", zh="{answer}（{series}）")
IN_ONE_ONLY = {"new": Words(en="new", zh="新增"), "gone": Words(en="gone", zh="取消")}

# --- methods --------------------------------------------------------------------------------------------------------
METHODS = Words(en="Methods", zh="方法")
BASE_TERM = Words(en="Base of a share", zh="比例的基数")
BASE_MEANS = Words(
    en="The submissions that were asked the question, whether they answered or not. A question that was not asked "
    "is no answer, and not a zero.",
    zh="被询问该题的答卷数，不论是否作答。未被询问不等于未选。",
)
GATES_TERM = Words(en="Who is asked", zh="询问对象")
GATES_MEANS = Words(en="{gates}. All other questions are asked of everybody.", zh="{gates}。其余题目询问全部图书馆。")
GATE = Words(en="Q{number}: {gate}", zh="第 {number} 题{gate}")
NO_GATES = Words(en="Every question is asked of everybody.", zh="全部题目均询问所有图书馆。")
INDEX_MEANS = Words(
    en="Substantive options ticked over {questions}; {items} options in all.",
    zh="{questions}中勾选的实质选项数之和，共 {items} 个选项。",
)
Q = Words(en="Q{number}", zh="第 {number} 题")
VARIANTS_TERM = Words(en="Other definitions", zh="其他定义")
VARIANTS_MEANS = Words(
    en="The mean share averages over the questions asked the share of their substantive options that is ticked. The "
    "mean z-score averages the z-scores of the number of ticks. Both stand beside the sum to show whether a "
    "result depends on it.",
    zh="勾选比例均值为被询问各题实质选项勾选比例的平均；标准分均值为各题勾选数标准分的平均。二者与总和并列，用以检查"
    "结果是否取决于定义。",
)
INTERVALS_TERM = Words(en="Intervals", zh="区间")
INTERVALS_MEANS = Words(
    en="Intervals are at the {level} level: Wilson for shares, Fisher and bootstrap for Pearson's r, Bonett and Wright "
    "for Spearman's rho, Newcombe for differences of shares, Welch or the paired t test for differences of means. They "
    "describe chance in drawing libraries, not errors in answering; a response rate's takes answering for chance.",
    zh="区间水平为 {level}：比例用 Wilson 法，Pearson 相关用 Fisher 法与 bootstrap，Spearman 相关用 Bonett-Wright 法，"
    "比例之差用 Newcombe 法，均值之差用 Welch 法或配对 t 检验。区间只反映抽样的偶然性，不反映填答误差；回收率的区间把是"
    "否作答视为随机。",
)
FAMILIES_TERM = Words(en="Several tests at once", zh="多重检验")
FAMILIES_MEANS = Words(
    en="p-values marked “Holm” are adjusted by Holm's step-down method within a family: for correlations, all pairs of "
    "indices, separately for each definition and each kind of coefficient; for stages, all stages and indices of a "
    "definition, shown or not; for printed correlations, all pairs of the same statistic; for changes since the "
    "edition before, all options of both editions, or all indices of a definition; for claims, the comparisons that "
    "the claim itself makes.",
    zh="标“Holm”的 p 值按 Holm 逐步法在同一检验族内校正：相关分析按定义与系数种类，以全部指数对为一族；阶段比较按定"
    "义，以全部阶段与指数（含未给出者）为一族；已刊印相关按统计量，以全部指数对为一族；与上一年度的"
    "比较以前后年度的全部选项为一族，指数则以同一定义的全部指数为一族；论断检验以该论断自身的各项比较为一族。",
)
RESAMPLING_TERM = Words(en="Bootstrap", zh="自助法（bootstrap）")
RESAMPLING_MEANS = Words(
    en="{times} resamples of libraries with the fixed seed {seed}, so that every run gives the same intervals; more "
    "than {groups} libraries are put into as many groups by lot, and groups are drawn. Pearson's r: bias-corrected and "
    "accelerated (BCa); correlations corrected for attenuation: percentiles.",
    zh="以图书馆为单位重抽样 {times} 次，随机种子固定为 {seed}，每次运行所得区间相同；超过 {groups} 馆时，先随机分为 "
    "{groups} 组，再以组为单位抽样。Pearson 相关系数用偏差校正加速法（BCa），衰减校正相关用百分位法。",
)
RELIABILITY_TERM = Words(en="Reliability", zh="信度")
RELIABILITY_MEANS = Words(
    en="KR\u201120 is Cronbach's alpha of options ticked or not, with Feldt's interval; options that everybody "
    "or nobody "
    "ticks still count among them. Omega is omega total of a one-factor solution and leaves such options out. "
    "Alpha of questions takes the number of "
    "ticks in each question as an item.",
    zh="KR\u201120 即以各选项是否勾选为题项的 Cronbach alpha，区间用 Feldt 法；全选或全不选的选项仍计入选项数。"
    "Omega 为单因"
    "子模型的总 omega，不含此类选项。题目 alpha 以每题勾选数为题项。",
)
EFFECTS_TERM = Words(en="Stages against the rest", zh="阶段比较")
EFFECTS_MEANS = Words(
    en="Each stage is compared with all other libraries: Welch's test for the means, Hedges' g (difference in pooled "
    "standard deviations with the correction for small samples) and Cliff's delta for the order.",
    zh="每一阶段与其余全部图书馆比较：均值用 Welch 检验，效应量用 Hedges' g（以合并标准差为单位并作小样本校正），"
    "次序用 "
    "Cliff's delta。",
)
EXPECTED_TERM = Words(en="χ² against the register", zh="与名录对照的 χ²")
EXPECTED_MEANS = Words(
    en="Pearson's χ² of respondents and non-respondents by group. Groups whose numbers are not shown count as one. A "
    "warning stands beside the p-value where an expected count is below {least}.",
    zh="按组比较答卷与未答卷图书馆的 Pearson χ²，不予公布的各组合并为一组。期望频数小于 {least} 时附提示。",
)
SMALL_TERM = Words(en="Small groups", zh="小频数保护")
SMALL_MEANS = Words(
    en="Which libraries exist is public, who answered is not. No number is shown by group where fewer than {least} "
    "libraries did something or fewer than {least} did not, nor a number from which that could be worked out; no score "
    "of fewer than {least} libraries; no smallest or largest score of fewer than {extremes}. Tables and views marked "
    "public, and exports written with --public, follow the same rule; all others are for people who may see the "
    "answers of each library.",
    zh="图书馆名单公开，是否作答不公开。分组数字中，符合或不符合某情况的图书馆不足 {least} 所的不予公布，可据以推算的"
    "数字亦不公布；不足 {least} 所图书馆的得分不予公布；不足 {extremes} 所的不给出最小值与最大值。标为可公开的表与"
    "视图以及公开版导出文件遵循同一规则；其余仅供有权查看各馆答卷的人员使用。",
)
ROUNDING_TERM = Words(en="Rounding", zh="修约")
ROUNDING_MEANS = Words(
    en="Shares that the report prints are rounded half to even as decimal fractions, and a share of the whole base "
    "prints without decimals. Everything is computed unrounded.",
    zh="报告刊印的比例按十进制“四舍六入五成双”修约，占全部基数者不带小数。计算过程不作修约。",
)
RECONSTRUCTED_TERM = Words(en="What is reconstructed", zh="重建的内容")
RECONSTRUCTED_MEANS = Words(
    en="All answers of this edition. The exports carry a mark in every row, so the reconstruction is known whatever "
    "happens to the files ({section}).",
    zh="本年度全部答卷。导出文件每行均带有重建标记，文件改名或另存后仍可识别（{section}）。",
)
NOTHING_RECONSTRUCTED = Words(en="Nothing. The answers are those of libraries.", zh="无。答卷均由图书馆填写。")
FIELDING_TERM = Words(en="Fielding period", zh="调查时间")
SOFTWARE_TERM = Words(en="Software", zh="软件")
SOFTWARE_MEANS = Words(en="calm_pipeline {version}, code {code}", zh="calm_pipeline {version}，代码 {code}")
RULES_TERM = Words(en="Rule set", zh="规则集")
RULES_MEANS = Words(en="{rules} rules, SHA-256 {rule_set}", zh="{rules} 条规则，SHA-256 {rule_set}")
SURVEY_TERM = Words(en="Survey file", zh="调查文件")
SURVEY_MEANS = Words(en="SHA-256 {sha256}", zh="SHA-256 {sha256}")

# --- appendices -----------------------------------------------------------------------------------------------------
ITEMS_APPENDIX = Words(en="Options as items of the indices", zh="作为指数题项的选项")
ITEMS_SAY = Words(
    en="{table} lists every option that counts in an index: its share, its correlation with the rest of the index, "
    "and the reliability of the index without it.",
    zh="{table}列出计入指数的每个选项：选择比例、与指数其余部分的相关，以及去掉该项后的指数信度。",
)
ITEMS_TABLE = Words(en="Items of the indices", zh="指数题项")
ITEM_REST = Words(en="Item and rest", zh="校正题总相关")
KR20_WITHOUT = Words(en="KR\u201120 without it", zh="剔除后 KR\u201120")
VARIES = Words(en="Varies", zh="有无变异")
VARYING = {True: Words(en="yes", zh="有"), False: Words(en="no", zh="无")}
SOURCES = Words(en="Sources", zh="数据来源")
SOURCES_SAY = Words(
    en="All figures come from the exports in {table}. A file with another SHA-256 is another file.",
    zh="全部数字均来自{table}所列导出文件。SHA-256 不同即为不同文件。",
)
SOURCES_TABLE = Words(en="Exports received", zh="收到的导出文件")
FILE = Words(en="File", zh="文件")
BYTES = Words(en="Bytes", zh="字节")
ROWS = Words(en="Rows", zh="行数")
SHA256 = Words(en="SHA-256", zh="SHA-256")
READ = Words(en="Verdict", zh="结果")
FILE_VERDICTS = {"read": Words(en="read", zh="已读取"), "refused": Words(en="refused", zh="拒收")}
QUERIES = Words(en="From tables to queries", zh="图表与查询语句")
QUERIES_SAY = Words(
    en="Each statement, run on {database}, gives exactly the figures that are printed: {command}.",
    zh="在 {database} 上运行下列语句，即得所刊印的数字：{command}。",
)
DATABASE, COMMAND = "data/warehouse/current/calm.duckdb", 'calm sql "…"'
