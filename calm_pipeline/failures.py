"""What nobody foresaw, told all the same: any exception as an error of the catalogue, never with its own text.

Exceptions of libraries quote the values they met, and those may be anybody's answers.
"""

import errno
import os
from traceback import walk_tb

import duckdb

from calm_pipeline.errors import CalmError, Entry, Message
from calm_pipeline.exports.privacy import shown

_PLACE = Message("{place}", "{place}")
_OURS = ("calm_pipeline", "assets")

FAILURES: dict[str, Entry] = {
    "unexpected": Entry(
        _PLACE,
        Message(
            "something happened that the pipeline was not made for ({kind})", "发生了程序没有预料到的情况（{kind}）"
        ),
        Message(
            "Give this line to whoever maintains the pipeline; it holds nothing of what anybody answered",
            "请将本行内容转告程序维护人员，其中不含任何答卷内容",
        ),
    ),
    "not_permitted": Entry(
        _PLACE,
        Message("the system does not permit reading or writing here", "系统不允许读写此处"),
        Message("Ask for the right to read and write it, or use another root folder", "请申请读写权限，或另选根目录"),
    ),
    "not_found": Entry(
        _PLACE,
        Message("there is no such file or folder", "文件或文件夹不存在"),
        Message(
            "Check the name, and whether the drive is connected",
            "请检查名称，以及磁盘是否已连接",
        ),
    ),
    "wrong_sort": Entry(
        _PLACE,
        Message(
            "a folder stands in place of a file, or the reverse",
            "此处应为文件却是文件夹，或者相反",
        ),
        Message("Move it away or rename it", "请移走或改名"),
    ),
    "disk_full": Entry(
        _PLACE,
        Message("the disk is full, or your share of it is used up", "磁盘空间已满，或已用完配额"),
        Message(
            "Make room and run the command again",
            "请清理空间后重新运行",
        ),
    ),
    "busy": Entry(
        _PLACE,
        Message("another program holds the file", "文件正被其他程序占用"),
        Message("Close it there and run the command again", "请在该程序中关闭后重新运行"),
    ),
    "system": Entry(
        _PLACE,
        Message("the system could not read or write here ({kind})", "系统无法读写此处（{kind}）"),
        Message("Show this line to whoever looks after the machine", "请将本行内容转告计算机管理人员"),
    ),
    "database": Entry(
        _PLACE,
        Message("DuckDB could not finish its work ({kind})", "DuckDB 未能完成处理（{kind}）"),
        Message(
            "Check memory and disk space and run it again; if it stays so, tell whoever maintains the pipeline",
            "请检查内存和磁盘空间后重新运行；若仍失败，请转告程序维护人员",
        ),
    ),
    "spark": Entry(
        _PLACE,
        Message("Spark could not finish its work ({kind})", "Spark 未能完成处理（{kind}）"),
        Message(
            "Check that the cluster runs, sees the project's folder under the same path and has memory and disk space, "
            "and run it again; if it stays so, tell whoever maintains the pipeline",
            "请检查集群是否运行、能否以相同路径访问项目目录、内存和磁盘空间是否充足，然后重新运行；"
            "若仍失败，请转告程序维护人员",
        ),
    ),
    "memory": Entry(
        _PLACE,
        Message("the machine's memory does not suffice", "内存不足"),
        Message("Close other programs and run the command again", "请关闭其他程序后重新运行"),
    ),
    "interrupted": Entry(
        _PLACE,
        Message("you stopped the command", "命令已被中止"),
        Message("Run it again; what it had not finished is made anew", "可重新运行；未完成的部分会重新生成"),
    ),
    "failed_check": Entry(
        _PLACE,
        Message("{check} failed", "检查 {check} 未通过"),
        Message("See to what is named below, then run the edition again", "请处理下列事项后重新运行该年度"),
    ),
}
_SYSTEM_CODES = {
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
    errno.EROFS: "not_permitted",
    errno.ENOENT: "not_found",
    errno.EISDIR: "wrong_sort",
    errno.ENOTDIR: "wrong_sort",
    errno.EEXIST: "wrong_sort",
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EBUSY: "busy",
    errno.ETXTBSY: "busy",
    errno.EAGAIN: "busy",
}


def as_calm(error: BaseException) -> CalmError:
    """`error` itself if it speaks for itself, else what the catalogue says of it: its class and place, not its text."""
    place, kind = _raised_at(error), type(error).__name__
    if isinstance(error, CalmError):
        return error
    if isinstance(error, OSError):
        return _system(error, place)
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return CalmError.of(FAILURES, "memory", place=place)
    if isinstance(error, duckdb.Error) and os.strerror(errno.ENOSPC) in str(error):
        return CalmError.of(FAILURES, "disk_full", place=place)  # DuckDB gives no number, only the system's words
    if isinstance(error, duckdb.Error):
        return CalmError.of(FAILURES, "database", place=place, kind=kind)
    if type(error).__module__.partition(".")[0] in ("py4j", "pyspark"):  # which are imported only where Spark runs
        return CalmError.of(FAILURES, "spark", place=place, kind=kind)
    if isinstance(error, KeyboardInterrupt):
        return CalmError.of(FAILURES, "interrupted", place=place)
    return CalmError.of(FAILURES, "unexpected", place=place, kind=kind)


def _system(error: OSError, place: str) -> CalmError:
    number = error.errno or 0
    kind = errno.errorcode.get(number, type(error).__name__)
    named = place if error.filename is None else shown(str(error.filename))
    return CalmError.of(FAILURES, _SYSTEM_CODES.get(number, "system"), place=named, kind=kind)


def _raised_at(error: BaseException) -> str:
    """The innermost line of ours that the error came through, or the innermost of all."""
    lines = [(str(frame.f_globals.get("__name__")), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in lines if module.partition(".")[0] in _OURS]
    found = ours or lines
    return f"{found[-1][0]}:{found[-1][1]}" if found else "calm"
