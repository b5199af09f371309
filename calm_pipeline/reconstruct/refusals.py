"""Why an edition cannot be reconstructed: cause and remedy of each refusal in both languages, under its code."""

from calm_pipeline.errors import CalmError, Entry, Message

_ASSUMED = Message("schemas/reconstruction/{edition}.yaml", "schemas/reconstruction/{edition}.yaml")

RECONSTRUCTION: dict[str, Entry] = {
    "nothing_published": Entry(
        Message("schemas/published/{edition}.yaml", "schemas/published/{edition}.yaml"),
        Message("the file does not exist, so there is nothing to reconstruct", "文件不存在，没有可供重建的公布数据"),
        Message("Write the published figures of this edition there", "请在该文件中填写本年度的公布数据"),
    ),
    "not_ours": Entry(
        Message("{file}", "{file}"),
        Message("this file is not an earlier reconstruction", "该文件并非先前重建所得"),
        Message("Move it away, or use another root folder", "请移走该文件，或另选根目录"),
    ),
    "uncounted_options": Entry(
        _ASSUMED,
        Message(
            "options without a count: {missing}; counts without an option: {unknown}",
            "没有计数的选项：{missing}；没有对应选项的计数：{unknown}",
        ),
        Message("Bring the counts of this file in line with the questionnaire", "请使该文件中的计数与问卷一致"),
    ),
    "too_many_ticks": Entry(
        _ASSUMED,
        Message(
            "{place} is to be ticked by {count} libraries, but only {able} may tick it",
            "{place} 应由 {count} 个图书馆勾选，但只有 {able} 个可以勾选",
        ),
        Message("Lower its count, or raise that of the option before it", "请减小其计数，或增大其前置选项的计数"),
    ),
    "out_of_reach": Entry(
        _ASSUMED,
        Message(
            "the correlations did not come within {tolerance} of the printed ones",
            "相关系数与公布值的差距未能缩小到 {tolerance} 以内",
        ),
        Message("Change the traits, or allow a larger tolerance", "请调整 traits，或放宽 tolerance"),
    ),
    "stage_behind": Entry(
        _ASSUMED,
        Message("{stage} cannot be put ahead of the other stages", "无法使 {stage} 领先于其他阶段"),
        Message("Lower stage_noise, or change the order of the stages", "请减小 stage_noise，或调整 stage_order"),
    ),
    "few_libraries": Entry(
        _ASSUMED,
        Message("the register has no library left for {kind}", "名录中已没有可用于 {kind} 的图书馆"),
        Message("Let the register be larger, or ask for fewer of them", "请扩大 register，或减少该类答卷"),
    ),
    "no_respondent": Entry(
        _ASSUMED,
        Message("no respondent lends itself to {kind} {field}", "没有适合 {kind} {field} 的答卷"),
        Message("Choose another field or kind", "请改用其他字段或类型"),
    ),
}


class ReconstructionError(CalmError):
    """The assumptions of an edition cannot be met, or something else lies where it would be written."""
