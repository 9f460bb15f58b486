"""manual_test.py PROGRAM MANUAL: the manual of a program has its options, and no other."""

import re
import subprocess
import sys

program, manual = sys.argv[1:]
help_text = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
has = set(re.findall(r"^  (?:-\w,)?(--[a-z-]+)", help_text, re.MULTILINE))
with open(manual, encoding="utf-8") as file:
    # An option is described in the line behind .TP.
    tagged = re.findall(r"^\.TP\n(.*)$", file.read().replace(r"\-", "-"), re.MULTILINE)
says = {option for line in tagged for option in re.findall(r"--[a-z-]+", line)}
if not has or has != says:
    sys.exit(f"{manual} lacks {sorted(has - says)}, and has {sorted(says - has)} that {program} does not have.")
