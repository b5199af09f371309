"""The session of Spark: on this machine, on a cluster, or behind Spark Connect, set so that results are the same."""

import logging
import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from socket import create_connection
from subprocess import DEVNULL
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from calm_pipeline.errors import CalmError
from calm_pipeline.spark.refusals import SPARK

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER, HERE = "CALM_SPARK_MASTER", "local[2]"
CONNECT, PORTS = "sc", {"sc": 15002, "spark": 7077}
SECONDS = 5
"""How long a cluster may take to answer at all."""

ALIKE = {
    "spark.sql.ansi.enabled": "true",  # what cannot be computed is an error and not null
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # A submission is a hundred bytes on disk and milliseconds of work: by size alone a few tasks would have it all.
    "spark.sql.files.maxPartitionBytes": "1m",
    "spark.sql.files.openCostInBytes": "0",
    # Expressions over hundreds of columns take longer to compile than a hundred submissions to read.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
STARTING = {
    "spark.ui.enabled": "false",
    "spark.log.level": "OFF",  # what Spark logs of an error can quote cells
    # Java's regular expressions go a call deeper for every repetition of a group.
    "spark.driver.extraJavaOptions": "-Xss16m",
    "spark.executor.extraJavaOptions": "-Xss16m",
}
ON_THIS_MACHINE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
LOCAL = {**ON_THIS_MACHINE, "spark.sql.shuffle.partitions": "4"}


def session() -> "SparkSession":
    """The session of this process, started if there is none: under CALM_SPARK_MASTER, else with two cores from here.

    Raises:
        CalmError: pyspark or Java is missing, nobody answers, or Spark does not start.
    """
    master = os.environ.get(MASTER) or HERE
    if find_spec("pyspark") is None:
        raise CalmError.of(SPARK, "spark_missing")
    if urlsplit(master).scheme in PORTS and not _answers(master):
        raise CalmError.of(SPARK, "spark_unreachable", master=master)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    try:
        started = _behind_connect(master) if urlsplit(master).scheme == CONNECT else _classic(master)
        for name, value in ALIKE.items():
            started.conf.set(name, value)
    except (PySparkException, Py4JError) as error:
        raise CalmError.of(SPARK, "spark_not_started", master=master, kind=type(error).__name__) from None
    return started


def _answers(master: str) -> bool:
    """Whether any of the addresses takes a connection; of a standby cluster there are several."""
    address = urlsplit(master)
    hosts = (urlsplit(f"//{one.partition(';')[0]}") for one in address.netloc.split(","))
    return any(_takes(one.hostname or "", one.port or PORTS[address.scheme]) for one in hosts)


def _takes(host: str, port: int) -> bool:
    try:
        create_connection((host, port), SECONDS).close()
    except OSError:
        return False
    return True


def _behind_connect(master: str) -> "SparkSession":
    from pyspark.sql import SparkSession

    return SparkSession.builder.remote(master).getOrCreate()


def _classic(master: str) -> "SparkSession":
    """Java is started by hand, for Spark would let it write to our own output."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    if not _running():
        if not _java():
            raise CalmError.of(SPARK, "java_missing")
        conf = SparkConf().setMaster(master).setAppName("calm").setAll(list(_settings(master).items()))
        quiet = {"stdout": DEVNULL, "stderr": DEVNULL}
        SparkContext(conf=conf, gateway=launch_gateway(conf, quiet))
    return SparkSession.builder.getOrCreate()


def _running() -> bool:
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession() is not None


def _settings(master: str) -> dict[str, str]:
    here = urlsplit(master).hostname in ("127.0.0.1", "localhost", "::1")
    return STARTING | (LOCAL if master.startswith("local") else ON_THIS_MACHINE if here else {})


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home, "bin")) if home else None)
