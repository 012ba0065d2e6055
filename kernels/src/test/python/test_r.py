"""The pair of texts that save and restore a session in R, with a real IRkernel."""

import json
import pathlib
import shutil
import subprocess

import pytest
from kernel import Kernel

TEXTS = pathlib.Path(__file__).resolve().parents[2] / "main" / "r"


def has_irkernel():
    return shutil.which("Rscript") and subprocess.run(["Rscript", "-e", "library(IRkernel)"], capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not has_irkernel(), reason="no R with IRkernel here")

SESSION = """
library(splines)
x <- 1:10; frame <- data.frame(a = 1:3, b = c("x", "y", NA), stringsAsFactors = TRUE)
shared <- new.env(); shared$n <- 1; first <- list(e = shared); second <- list(e = shared); shared$me <- shared
counter <- local({ n <- 0; function() { n <<- n + 1; n } }); counter()
scaled <- function(v) v * factor; factor <- 3
.hidden <- "h"; `two words` <- 5
setClass("Point", representation(x = "numeric")); setGeneric("moved", function(p, by) standardGeneric("moved"))
setMethod("moved", "Point", function(p, by) new("Point", x = p@x + by)); p <- new("Point", x = 1)
Account <- setRefClass("Account", fields = list(total = "numeric"), methods = list(add = function(v) { total <<- total + v }))
account <- Account$new(total = 5); same <- account
model <- lm(dist ~ speed, cars); when <- as.POSIXct("2026-01-02", tz = "UTC")
makeActiveBinding("live", function() factor * 10, globalenv())
set.seed(7); runif(1); wanted <- { kept_seed <- .Random.seed; v <- runif(1); .Random.seed <- kept_seed; v }
options(digits = 4); connection <- file("some.txt", "w"); holder <- list(ok = 1, con = connection)
delayedAssign("broken", stop("never")); big <- as.numeric(1:500000)
"""
CHECKS = """
stopifnot(identical(x, 1:10), is.na(frame$b[3]), levels(frame$b)[1] == "x", .hidden == "h", `two words` == 5)
first$e$n <- 9; stopifnot(second$e$n == 9, shared$n == 9, identical(shared$me, shared))
stopifnot(counter() == 2, scaled(2) == 6); factor <- 5; stopifnot(scaled(2) == 10, live == 50)
stopifnot(moved(p, 2)@x == 3, isVirtualClass("Point") == FALSE)
account$add(2); stopifnot(same$total == 7, Account$new(total = 1)$total == 1)
stopifnot(abs(coef(model)[["speed"]] - 3.932) < 0.01, format(when, tz = "UTC") == "2026-01-02", runif(1) == wanted)
stopifnot(getOption("digits") == 4, "package:splines" %in% search(), sum(big) == 125000250000)
stopifnot(!exists("connection"), !exists("broken"), holder$ok == 1)
"""


class RKernel(Kernel):
    def __init__(self, folder):
        Kernel.__init__(self, folder)

    def _start(self, folder, _command, variables):
        Kernel._start(self, folder, ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"], variables)

    def text(self, name, path):
        """A request without history; the answer is the line that it prints."""
        code = (TEXTS / name).read_text().replace("@PATH@", str(path)).replace("@URL@", "")
        message = self.client.execute(code, silent=False, store_history=False, allow_stdin=False)
        reply, printed = self._finish(message, 120)
        assert reply["status"] == "ok", reply
        return json.loads(printed.strip().splitlines()[-1])


def test_a_session_in_r_outlives_its_process(tmp_path):
    kernel = RKernel(tmp_path)
    kernel.must(SESSION, timeout=120)
    before = kernel.run("1")[0]["execution_count"]
    answer = kernel.text("save.R", tmp_path / "session")
    assert kernel.run("1")[0]["execution_count"] == before + 1
    assert answer["status"] == "saved"
    assert {each["name"] for each in answer["report"]["lost"]} == {"connection", "broken"}
    assert [each["name"] for each in answer["report"]["partial"]] == ["holder"]
    assert {"x", "first", "second", "live", "counter", ".hidden"} <= set(answer["report"]["kept"])
    assert (tmp_path / "session").stat().st_mode & 0o077 == 0
    kernel.kill()

    kernel = RKernel(tmp_path)
    answer = kernel.text("restore.R", tmp_path / "session")
    assert answer["status"] == "restored"
    assert {each["name"] for each in answer["report"]["lost"]} == {"connection", "broken"}
    kernel.must(CHECKS, timeout=120)
    again = kernel.text("save.R", tmp_path / "session")
    assert again["status"] == "saved"
    kernel.kill()


def test_a_file_that_is_no_snapshot_is_refused(tmp_path):
    (tmp_path / "session").write_bytes(b"nothing")
    kernel = RKernel(tmp_path)
    with pytest.raises(AssertionError):
        kernel.text("restore.R", tmp_path / "session")
    kernel.kill()
