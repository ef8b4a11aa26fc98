"""``python -m analyzer.cli`` is ``shiptrace``."""

from analyzer.cli import main

if __name__ == "__main__":
    main()
