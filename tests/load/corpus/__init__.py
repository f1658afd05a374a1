"""A labelled corpus of meter readings, and what the checks make of it.

    python -m tests.load.corpus generate --out corpus.csv --seed 1 --readings 20000
    python -m tests.load.corpus score corpus.csv

The scorer takes any CSV of real readings too; its columns are those of `rows`. Without labels it tells how many readings would have been
questioned, and with which codes.
"""
