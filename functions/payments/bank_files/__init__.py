"""Bank statement files: `model` is what a file says, `reading` finds the reader of a file and checks what it gave.

Whoever only answers requests imports the model alone: readers and their libraries come when a file is read.
"""
