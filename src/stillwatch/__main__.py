"""Lets `python -m stillwatch` run the command line."""

from stillwatch.cli.main import main

if __name__ == "__main__":
    main()
