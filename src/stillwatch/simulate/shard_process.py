"""The program of the processes that `shards.ProcessSink` starts."""

from __future__ import annotations

from stillwatch.simulate.shards import work

if __name__ == "__main__":
    work()
