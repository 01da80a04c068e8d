"""`python -m orderdesk`: the command line."""

from orderdesk.cli import main

if __name__ == "__main__":
    main()
