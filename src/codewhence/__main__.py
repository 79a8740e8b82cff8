"""Run the command line as ``python -m codewhence``."""

from codewhence.app.cli.root import main

if __name__ == "__main__":
    main()
