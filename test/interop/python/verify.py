"""Reads a token a line, and tells for each whether the module's `verify` takes it."""

import importlib
import sys

module = importlib.import_module(sys.argv[1].removesuffix(".py"))
for line in sys.stdin:
    try:
        module.verify(line.strip())
        print("taken")
    except Exception as error:
        print("refused:", repr(error).replace("\n", " "))
