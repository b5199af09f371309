"""`calm fetch`, `calm push` and `calm pull`: exports from the object store, vintages to it and from it."""

from pathlib import Path

from rich.console import Console

from calm_pipeline.commands.query import say
from calm_pipeline.errors import CalmError
from calm_pipeline.exports.privacy import shown
from calm_pipeline.objects import inbox
from calm_pipeline.objects.erased import mirror
from calm_pipeline.objects.pull import pull as bring
from calm_pipeline.objects.store import Store
from calm_pipeline.root import Root
from calm_pipeline.survey import Words
from calm_pipeline.warehouse import WAREHOUSE

NEW = Words(en="fetched", zh="已取回")
SAME = Words(en="unchanged, so it was not fetched again", zh="未变动，无需再次取回")
HERE = Words(
    en="is here and not in the store; it stays and is read as well", zh="仅存于本机，存储中没有；予以保留并照常读取"
)
PASSED = Words(en="not fetched, since it is no export", zh="不是导出文件，未取回")
EMPTY = Words(en="the store holds no export of this edition", zh="存储中没有该年度的导出文件")


def fetch(edition: str, root: Root, store: Store, out: Console) -> None:
    """Bring the exports of an edition and the register, and say what came.

    Raises:
        CalmError: as `inbox.fetch`.
    """
    found = inbox.fetch(root, edition, store, f"calm fetch {edition}")
    for names, words in zip(found, (NEW, SAME, HERE, PASSED), strict=True):
        for name in names:
            say(out, shown(name), words)
    if not any((found.new, found.same)):
        say(out, store.place(f"{inbox.RAW}/{edition}"), EMPTY)


def push(root: Root, store: Store, out: Console, *, verify: bool) -> None:
    """Put into the store what is published, take out what is gone, and say what was done.

    Raises:
        CalmError: nothing is published, or as `mirror`.
    """
    done = mirror(root, store, "calm push", verify=verify)
    if done.vintages is None:
        raise CalmError.of(WAREHOUSE, "no_warehouse", file=root.database)
    for name in done.vintages.put:
        say(out, name, Words(en="put there and read back", zh="已上传，并已回读核对"))
    for name in done.vintages.removed:
        say(out, name, Words(en="removed there, since it is gone here", zh="本机已无此版本，已从存储中删除"))
    for name in done.exports:
        say(out, shown(name), Words(en="put back without the erased persons", zh="已放回，其中不再含已删除的个人信息"))
    words = Words(en=f"current is {done.vintages.current}", zh=f"当前版本为 {done.vintages.current}")
    say(out, store.address, words)


def pull(store: Store, folder: Path, out: Console) -> None:
    """Bring the current vintage, and print where its database is.

    Raises:
        CalmError: as `pull.pull`.
    """
    out.print(str(bring(store, folder) / "calm.duckdb"), markup=False, highlight=False, soft_wrap=True)
