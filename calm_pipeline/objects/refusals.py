"""What the object store, and what lies in it, is refused for."""

from calm_pipeline.errors import Entry, Message

_PLACE = Message("{place}", "{place}")
_SET = Message("CALM_STORE", "CALM_STORE")

OBJECTS: dict[str, Entry] = {
    "store_not_set": Entry(
        _SET,
        Message("no object store is set", "未设置对象存储"),
        Message(
            "Set it to the store's address, such as s3://bucket/calm (docs/object-storage.md)",
            "请将其设为对象存储的地址，例如 s3://bucket/calm（见 docs/object-storage.md）",
        ),
    ),
    "store_malformed": Entry(
        _SET,
        Message(
            "it is no address of an object store, or holds more than bucket and folder",
            "其值不是对象存储的地址，或含有存储桶和文件夹以外的内容",
        ),
        Message(
            "Give scheme, bucket and folder, such as s3://bucket/calm; credentials go into the store's own variables",
            "请只写协议、存储桶和文件夹，例如 s3://bucket/calm；凭据应放在该存储服务自己的环境变量中",
        ),
    ),
    "store_no_driver": Entry(
        _PLACE,
        Message("the library for this kind of store is not installed", "尚未安装访问此类存储的程序库"),
        Message("For S3: pip install s3fs", "若为 S3，请运行 pip install s3fs"),
    ),
    "store_unreachable": Entry(
        _PLACE,
        Message("the object store does not answer ({kind})", "对象存储没有响应（{kind}）"),
        Message(
            "Check the network and AWS_ENDPOINT_URL, then run the command again; here nothing is lost",
            "请检查网络和 AWS_ENDPOINT_URL，然后重新运行该命令；本机数据没有丢失",
        ),
    ),
    "store_forbidden": Entry(
        _PLACE,
        Message("the object store does not let this account in ({kind})", "对象存储拒绝该账户访问（{kind}）"),
        Message(
            "Check the credentials and what they may do: list, read, write and delete (docs/object-storage.md)",
            "请检查凭据及其权限：列出、读取、写入、删除（见 docs/object-storage.md）",
        ),
    ),
    "store_missing": Entry(
        _PLACE,
        Message("there is no such bucket or object", "没有这个存储桶或对象"),
        Message("Check CALM_STORE; make the bucket if it is new", "请检查 CALM_STORE；如为新存储桶，请先创建"),
    ),
    "store_failed": Entry(
        _PLACE,
        Message("the object store could not do it ({kind})", "对象存储未能完成操作（{kind}）"),
        Message(
            "Run the command again; if it stays so, show this line to whoever looks after the store",
            "请重新运行该命令；若仍失败，请将本行内容转告存储管理人员",
        ),
    ),
    "store_empty": Entry(
        _PLACE,
        Message("nothing was put there yet", "其中尚无任何已发布的版本"),
        Message("Run `calm push` where it was published", "请在发布数据的计算机上运行 `calm push`"),
    ),
    "store_pointer_lost": Entry(
        _PLACE,
        Message(
            "the pointer to the current vintage is gone or names none, though vintages lie there",
            "其中存有版本，但指向当前版本的指针已丢失或内容无效",
        ),
        Message(
            "Run `calm push` where it was published: it puts the pointer back",
            "请在发布数据的计算机上运行 `calm push`，即可恢复指针",
        ),
    ),
    "changed_object": Entry(
        _PLACE,
        Message(
            "it is not what was published: its bytes are changed, cut off or gone",
            "该对象与发布时不符：内容有变动、被截断或已缺失",
        ),
        Message(
            "Find out who may write there, remove manifest.json of this vintage from the store, and run `calm push`: "
            "the vintage is put there anew",
            "请查明谁有写入权限，从存储中删除该版本的 manifest.json，再运行 `calm push`，该版本即会重新上传",
        ),
    ),
    "other_warehouse": Entry(
        _PLACE,
        Message(
            "another warehouse puts its vintages there, and putting ours would remove them",
            "另一个数据仓库正使用该位置，继续上传会删除其版本",
        ),
        Message(
            "Set CALM_STORE to another folder; if this warehouse takes its place for good, remove this object from the "
            "store first",
            "请将 CALM_STORE 改为其他文件夹；如确需由本仓库取代，请先从存储中删除该对象",
        ),
    ),
    "fetch_conflict": Entry(
        Message("{file}", "{file}"),
        Message(
            "it is not what was fetched, and the store holds another one of this name, so nothing was fetched",
            "该文件不是此前取回的内容，而存储中有另一份同名文件，因此未取回任何文件",
        ),
        Message(
            "Decide which is right: move this one away, or take the other out of the store, then run the command again",
            "请确定以哪一份为准：移走此文件，或从存储中取出另一份，然后重新运行该命令",
        ),
    ),
    "erasure_not_stored": Entry(
        _PLACE,
        Message(
            "persons were erased here, but not in these exports of the store, which are not those that were fetched: "
            "{names}",
            "本机已删除有关个人的信息，但存储中的下列导出文件并非此前取回的文件，尚未处理：{names}",
        ),
        Message(
            "Run `calm fetch` for these editions and `calm person erase` again with the submission, or `calm push` if "
            "nobody is left in them; or remove them from the store",
            "请对这些年度运行 `calm fetch`，再用答卷编号重新运行 `calm person erase`；如其中已无该人信息，"
            "运行 `calm push` 即可；也可直接从存储中删除这些文件",
        ),
    ),
}
