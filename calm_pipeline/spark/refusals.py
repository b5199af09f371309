"""Why Spark cannot be had, as the catalogue explains it."""

from calm_pipeline.errors import Entry, Message

_ENGINE = Message("engine spark", "引擎 spark")

SPARK: dict[str, Entry] = {
    "spark_missing": Entry(
        _ENGINE,
        Message("pyspark is not installed", "尚未安装 pyspark"),
        Message(
            "Install it with `make spark`, or leave `--engine spark` out: DuckDB gives the same tables",
            "请用 `make spark` 安装，或去掉 `--engine spark`：DuckDB 会给出相同的数据表",
        ),
    ),
    "java_missing": Entry(
        _ENGINE,
        Message("Spark runs on Java 17 or newer, and no Java is found", "Spark 需要 Java 17 或更高版本，但未找到 Java"),
        Message(
            "Install one (Debian: openjdk-17-jre-headless) or set JAVA_HOME to where it is",
            "请安装 Java（Debian 软件包 openjdk-17-jre-headless），或将 JAVA_HOME 设为其所在目录",
        ),
    ),
    "spark_unreachable": Entry(
        Message("{master}", "{master}"),
        Message("no Spark answers at this address", "该地址上没有 Spark 应答"),
        Message(
            "Start the cluster, or set CALM_SPARK_MASTER to where it is; without it Spark runs on this machine",
            "请启动集群，或将 CALM_SPARK_MASTER 设为其地址；不设置时 Spark 在本机运行",
        ),
    ),
    "spark_not_started": Entry(
        Message("{master}", "{master}"),
        Message("Spark did not start ({kind})", "Spark 未能启动（{kind}）"),
        Message(
            "Check that Java is 17 or newer, that the cluster runs the same Spark, and that there is memory enough",
            "请确认 Java 为 17 或更高版本、集群的 Spark 版本一致、内存充足",
        ),
    ),
}
