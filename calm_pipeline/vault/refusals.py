"""What the vault, a key or a request about a person can fail at: place, cause and remedy."""

from calm_pipeline.errors import Entry, Message

_KEY, _FILE = Message("CALM_KEY", "CALM_KEY"), Message("CALM_KEY_FILE", "CALM_KEY_FILE")
_VAULT = Message("data/vault/{edition}", "data/vault/{edition}")
_MADE = Message(
    "`calm vault key` makes one; keep it where the project's folder and its copies are not",
    "可用 `calm vault key` 生成，并保存在项目文件夹及其备份之外",
)

VAULT: dict[str, Entry] = {
    "no_key": Entry(
        _KEY,
        Message("no key is set, and this needs one", "未设置密钥，无法执行该操作"),
        Message(
            "Set CALM_KEY, or name the file that holds it in CALM_KEY_FILE; `calm vault key` makes a new one",
            "请设置 CALM_KEY，或在 CALM_KEY_FILE 中写明密钥文件；可用 `calm vault key` 生成新密钥",
        ),
    ),
    "two_keys": Entry(
        _KEY,
        Message("both CALM_KEY and CALM_KEY_FILE are set", "CALM_KEY 与 CALM_KEY_FILE 同时设置"),
        Message(
            "Unset one; several keys stand in one place, the one in use first",
            "请取消其中之一；多个密钥应写在同一处，在用的排在最前",
        ),
    ),
    "bad_key": Entry(
        Message("{place}, key {number}", "{place}，第 {number} 个密钥"),
        Message("it is not 32 random bytes in base64", "不是 32 字节随机数的 base64 编码"),
        _MADE,
    ),
    "key_file_missing": Entry(
        _FILE, Message("the file it names is not there or cannot be read", "所指的文件不存在或无法读取"), _MADE
    ),
    "key_file_inside": Entry(
        _FILE,
        Message(
            "the file lies in the project's folder, so that whoever copies the data copies the key",
            "密钥文件位于项目文件夹内，复制数据时会连同密钥一并复制",
        ),
        Message("Move it out of the folder", "请将其移出项目文件夹"),
    ),
    "key_file_open": Entry(
        _FILE,
        Message("others than its owner may read the file ({mode})", "所有者以外的用户也可读取该文件（{mode}）"),
        Message("Close it with `chmod 600`", "请用 `chmod 600` 收回权限"),
    ),
    "wrong_key": Entry(
        _VAULT,
        Message(
            "none of the keys opens the vault, or it was changed; nothing was overwritten",
            "现有密钥均无法打开保险库，或保险库已被改动；未覆盖任何内容",
        ),
        Message(
            "Set the key with which it was written, after the new one if there is one",
            "请设置写入时所用的密钥；如已启用新密钥，将旧密钥列在其后",
        ),
    ),
}
