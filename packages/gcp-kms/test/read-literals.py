"""Reads a JSON array of texts; answers with a JSON array of what ast.literal_eval makes of each, in hex, or null."""
import ast
import json
import sys
import warnings

# What Python only warns of is to count as refused.
warnings.simplefilter("error")


def read(text):
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError, Warning):
        return None
    return value.hex() if isinstance(value, bytes) else None


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
