#!/usr/bin/env python3
"""Set Stillwatch up in .venv and run a task in it; needs only Python and its venv module.

This file must parse on every Python, old ones too, so that an unsupported one gets a sentence
and no traceback: no f-strings and no annotations here.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
VENV_BIN = os.path.join(VENV, "bin")
VENV_PYTHON = os.path.join(VENV_BIN, "python")
STAMP = os.path.join(VENV, "set-up.json")

OLDEST, NEWEST = (3, 11), (3, 14)

# Which lock files each level of set-up installs; a level holds all that stands before it.
LEVELS = ("runtime", "dev", "bench")
LOCKS = {"runtime": ("runtime", "build"), "dev": ("dev",), "bench": ("bench",)}

DEMO = os.path.join(ROOT, "demo")

# Benchmarks that say how good worlds are, not how fast something is.
NOT_SPEED = ("leaks", "traces")


def say(text):
    """Tell the user what happens, on stderr; stdout is the task's own."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(sentence):
    """End with one sentence and no traceback."""
    say(sentence)
    raise SystemExit(2)


# --- what this machine offers ------------------------------------------------------------------


def unsupported(version, find=None):
    """Return one sentence if Stillwatch does not run on this Python version, else None."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    sentence = "Stillwatch needs Python %d.%d to %d.%d and this is Python %d.%d" % (
        OLDEST + NEWEST + tuple(version[:2])
    )
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        command = "python3.%d" % minor
        if (find or runs)(command):
            return "%s; run this with %s instead." % (sentence, command)
    return sentence + "; install one of those and run this with it."


def runs(command):
    """Tell whether a Python on the path starts; a version manager's stub of one may not."""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call([command, "-c", ""], stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def without_venv(version):
    """Return one sentence if this Python cannot make virtual environments, else None."""
    try:
        __import__("venv")
        __import__("ensurepip")
    except ImportError:
        return (
            "Python's venv module is not installed: on Debian or Ubuntu install the package "
            "python%d.%d-venv, then run this again." % tuple(version[:2])
        )
    return None


# --- set-up ------------------------------------------------------------------------------------


def digest(*names):
    """Return the SHA-256 of some files of the checkout."""
    together = hashlib.sha256()
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            together.update(file.read())
    return together.hexdigest()


def lock_files(level):
    """Return the lock files that one level adds."""
    return [os.path.join("requirements", name + ".txt") for name in LOCKS[level]]


def wanted(levels):
    """Return what the stamp must say once these levels are set up."""
    stamp = {
        "python": "%d.%d" % tuple(sys.version_info[:2]),
        "folder": ROOT,
        "project": digest("pyproject.toml"),
    }
    stamp.update((level, digest(*lock_files(level))) for level in levels)
    return stamp


def read_stamp():
    """Return what was set up, or {} where set-up never ended or its Python is gone."""
    if not os.path.exists(VENV_PYTHON):
        return {}
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp):
    """Write the stamp last and whole: an interrupted set-up leaves none, and starts anew."""
    with open(STAMP + ".part", "w") as file:
        json.dump(stamp, file, indent=2, sort_keys=True)
    os.replace(STAMP + ".part", STAMP)


def wait_for_others():
    """Wait while another set-up runs in this checkout; return what to close afterwards."""
    import fcntl  # here, as Windows has none and gets its sentence in main()

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("Waiting for another set-up of this checkout ...")
        fcntl.flock(folder, fcntl.LOCK_EX)
    return folder


def pip(*arguments):
    """Install into .venv, from wherever this machine's pip is configured to look."""
    command = [VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    if not sys.stderr.isatty():
        command.append("--quiet")
    status = subprocess.call(command + list(arguments), cwd=ROOT, stdout=sys.stderr)
    if status:
        stop("Set-up stopped: pip could not install what is listed above.")


def set_up(level):
    """Make .venv hold everything up to a level; do nothing where it already does."""
    levels = LEVELS[: LEVELS.index(level) + 1]
    if is_set_up(levels):
        return
    folder = wait_for_others()
    try:
        if not is_set_up(levels):
            install(levels)
    finally:
        os.close(folder)


def is_set_up(levels):
    """Tell whether .venv already holds these levels as they are locked now."""
    have, want = read_stamp(), wanted(levels)
    return all(have.get(key) == want[key] for key in want)


def install(levels):
    """Bring .venv to these levels, anew unless what it holds is still what the locks say."""
    have, want = read_stamp(), wanted(levels)
    still_good = all(have.get(key) == want[key] for key in ("python", "folder")) and all(
        have[level] == digest(*lock_files(level)) for level in LEVELS if level in have
    )
    if still_good:
        os.remove(STAMP)
    else:
        # Another Python, a moved folder, a moved pin or no stamp: only a new .venv is sure to
        # hold the locked set and nothing else.
        have = {}
        say("Making .venv with Python %s ..." % want["python"])
        python = getattr(sys, "_base_executable", None) or sys.executable
        if subprocess.call([python, "-m", "venv", "--clear", VENV], stdout=sys.stderr):
            stop("Set-up stopped: Python could not make a virtual environment in .venv.")

    missing = [name for level in levels if level not in have for name in lock_files(level)]
    if missing:
        say("Installing pinned packages from %s ..." % ", ".join(missing))
        pip("--require-hashes", "--only-binary", ":all:", *["-r" + name for name in missing])
    say("Installing Stillwatch itself ...")
    pip("--no-index", "--no-deps", "--no-build-isolation", "--editable", ".")
    have.update(want)
    write_stamp(have)


# --- tasks -------------------------------------------------------------------------------------


def tool(*command):
    """Run a program of .venv in the checkout and return its exit status."""
    environment = dict(os.environ, PATH=VENV_BIN + os.pathsep + os.environ.get("PATH", ""))
    program = os.path.join(VENV_BIN, command[0])
    return subprocess.call([program] + list(command[1:]), cwd=ROOT, env=environment)


def in_order(*commands):
    """Run commands until one fails; return the last exit status."""
    for command in commands:
        say("$ " + " ".join(command))
        status = tool(*command)
        if status:
            return status
    return 0


def setup(_arguments):
    """set up .venv for development, and nothing else"""
    set_up("dev")
    return 0


def demo(_arguments):
    """make a small world, scan it, and print the campaign that it hides"""
    set_up("runtime")
    shutil.rmtree(DEMO, ignore_errors=True)
    world, scan = os.path.join("demo", "world"), os.path.join("demo", "scan")
    return in_order(
        ("stillwatch", "simulate", "demo", "--seed", "7", "--out", world),
        ("stillwatch", "scan", world, "--out", scan),
    )


def test(arguments):
    """run the tests; further arguments go to pytest"""
    set_up("dev")
    return tool("python", "-m", "pytest", *arguments)


def check(_arguments):
    """lint, format, types, floors and dependencies"""
    set_up("dev")
    failed = []
    for command in (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
        ("deptry", "."),
    ):
        if in_order(command):
            failed.append(command[0])
    if failed:
        say("Failed: " + ", ".join(failed))
    return 1 if failed else 0


def bench(arguments):
    """measure speed beside other libraries in one run; further arguments go to each benchmark"""
    set_up("bench")
    folder = os.path.join(ROOT, "benchmarks")
    names = sorted(
        name
        for name in os.listdir(folder)
        if os.path.exists(os.path.join(folder, name, "__main__.py")) and name not in NOT_SPEED
    )
    return in_order(*[["python", "-m", "benchmarks." + name] + arguments for name in names])


def evaluate(arguments):
    """scan and score worlds; further arguments are their folders (none: the demo world)"""
    say("How much single accounts of a world give away: python3 run.py leaks")
    if not arguments:
        status = demo([])
        return status or tool("stillwatch", "evaluate", "demo/world", "--result", "demo/scan")
    set_up("runtime")
    return max([tool("stillwatch", "evaluate", world) for world in arguments])


def leaks(arguments):
    """hold worlds against models that see one account at a time (none named: L4, L5, seeds 1-5)"""
    set_up("bench")
    chosen = arguments or ["--preset", "L4", "--preset", "L5", "--seeds", "1-5"]
    return tool("python", "-m", "benchmarks.leaks", *chosen)


def lock(arguments):
    """resolve the dependencies again into requirements/ (--upgrade: newest versions)"""
    set_up("dev")
    return tool("python", os.path.join("scripts", "lock.py"), *arguments)


def clean(_arguments):
    """remove what the other tasks made, .venv too"""
    for name in (".venv", "demo", "build", "dist", ".mypy_cache", ".pytest_cache", ".ruff_cache"):
        shutil.rmtree(os.path.join(ROOT, name), ignore_errors=True)
    return 0


TASKS = (setup, demo, test, check, bench, evaluate, leaks, lock, clean)


def main():
    """Say in one sentence why nothing can run here, or run the task."""
    if os.name == "nt":
        stop("Stillwatch runs on Linux and macOS; on Windows run this inside WSL.")
    problem = unsupported(sys.version_info) or without_venv(sys.version_info)
    if problem:
        stop(problem)
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="Set Stillwatch up in .venv and run a task in it.",
        epilog="tasks:\n"
        + "\n".join("  %-9s %s" % (task.__name__, task.__doc__) for task in TASKS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=[task.__name__ for task in TASKS], metavar="TASK")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to the task")
    chosen = parser.parse_args()
    raise SystemExit({task.__name__: task for task in TASKS}[chosen.task](chosen.arguments))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("Stopped.")
